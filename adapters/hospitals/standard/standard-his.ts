import Type from 'typebox'

import { fen } from '../../../kernel/money.ts'
import type { Random } from '../../../kernel/random.ts'
import { type Clock, toShanghaiIso } from '../../../kernel/time.ts'
import type {
  HisBill,
  HisDepartment,
  HisReceipt,
  HisRefund,
  HisWriteBack,
  HospitalSystem,
} from '../../../modules/hospitals/index.ts'
import { billSchema, toBill } from './bill.ts'
import { readDayList } from './day-list.ts'
import type { StandardHisParams } from './params.ts'
import { createTransport } from './transport.ts'
import {
  agree,
  agreeUnique,
  amountFen,
  form,
  instant,
  number,
  type Reader,
  shortText,
  text,
  toInstant,
} from './wire.ts'

/** A HIS that speaks the standard interface. Protocol: docs/interface/hospital-standard.md. */
export function createStandardHis(
  params: StandardHisParams,
  options: { clock: Clock; random: Random; timeoutMs: number },
): HospitalSystem {
  const ask = createTransport(params, options)
  return {
    heartbeat: (call) => ask(call, { name: 'heartbeat', body: {}, read: readHeartbeat }),
    departments: (call) => ask(call, { name: 'departments.list', body: {}, read: readDepartments }),
    resolvePatient: (call, { idCardNo, name }) =>
      ask(call, {
        name: 'patients.resolve',
        body: { idCardNo, name },
        read: patientNamed(name),
        secrets: [idCardNo, name],
      }),
    openBills: (call, patientNo) =>
      ask(call, { name: 'bills.list', body: { patientNo }, read: openBillsOf(patientNo) }),
    bill: (call, billNo) =>
      ask(call, { name: 'bills.get', body: { billNo }, read: billNumbered(billNo) }),
    writeBack: (call, payment) =>
      ask(call, { name: 'bills.writeBack', body: writeBackBody(payment), read: readReceipt }),
    voidWriteBack: (call, { paymentNo, billNo, reason }) =>
      ask(call, {
        name: 'bills.voidWriteBack',
        body: { paymentNo, billNo, reason },
        read: readVoided,
      }),
    approveRefund: (call, refund) =>
      ask(call, { name: 'refunds.approve', body: approvalBody(refund), read: readApproval }),
    completeRefund: (call, { refundNo, completedAt, tenders }) =>
      ask(call, {
        name: 'refunds.complete',
        body: {
          refundNo,
          completedAt: toShanghaiIso(completedAt),
          tenders: tenders.map(({ kind, amountFen }) => ({ kind, amountFen })),
        },
        read: readRefundReceipt,
      }),
    cancelRefund: (call, { refundNo, reason }) =>
      ask(call, { name: 'refunds.cancel', body: { refundNo, reason }, read: readNothing }),
    dayList: (call, businessDate) => readDayList(ask, call, businessDate),
  }
}

// Bodies are written field by field, as a HIS refuses what it does not know.

const writeBackBody = (payment: HisWriteBack) => ({
  paymentNo: payment.paymentNo,
  billNo: payment.billNo,
  version: payment.version,
  totalFen: payment.totalFen,
  paidAt: toShanghaiIso(payment.paidAt),
  tenders: payment.tenders.map(({ kind, amountFen, tradeNo }) => ({ kind, amountFen, tradeNo })),
  insuranceSettlementNo: payment.insuranceSettlementNo,
})

const approvalBody = ({ refundNo, paymentNo, billNo, lineNos, amountFen, reason }: HisRefund) => ({
  refundNo,
  paymentNo,
  billNo,
  lines: lineNos.map((lineNo) => ({ lineNo })),
  amountFen,
  reason,
})

const readHeartbeat = form(Type.Object({ at: instant }))(({ at }) => ({ at: toInstant(at) }))

const doctorSchema = Type.Object({
  code: number(30),
  name: text(100),
  title: text(100),
  registrationFeeFen: amountFen,
})

const departmentList = form(
  Type.Object({
    departments: Type.Array(
      Type.Object({
        code: number(30),
        name: text(100),
        subjectCode: text(30),
        location: text(200),
        doctors: Type.Array(doctorSchema, { maxItems: 2_000 }),
      }),
      { maxItems: 2_000 },
    ),
  }),
)

const readDepartments = departmentList(({ departments }): HisDepartment[] => {
  agreeUnique(
    departments.map((d) => d.code),
    'a department',
  )
  return departments.map(({ code, name, subjectCode, location, doctors }) => {
    agreeUnique(
      doctors.map((d) => d.code),
      `a doctor of department ${code}`,
    )
    return { code, name, subjectCode, location, doctors: doctors.map(toDoctor) }
  })
})

const toDoctor = ({ code, name, title, registrationFeeFen }: Type.Static<typeof doctorSchema>) => ({
  code,
  name,
  title,
  registrationFeeFen: fen(registrationFeeFen),
})

const patient = form(Type.Object({ patientNo: number(30), name: text(100), cardNo: text(64) }))

/** Somebody else's number would show their bills, so the name that comes back must be the one asked for. */
const patientNamed = (asked: string): Reader<{ patientNo: string; cardNo: string }> =>
  patient(({ patientNo, name, cardNo }) => {
    agree(plain(name) === plain(asked), 'the patient that came back has another name')
    return { patientNo, cardNo }
  })

const plain = (name: string) => name.normalize('NFKC').replaceAll(/\s/g, '')

const billList = form(Type.Object({ bills: Type.Array(billSchema, { maxItems: 50 }) }))
const oneBill = form(Type.Object({ bill: billSchema }))

const openBillsOf = (patientNo: string): Reader<HisBill[]> =>
  billList(({ bills }) => {
    agreeUnique(
      bills.map((bill) => bill.billNo),
      'a bill',
    )
    for (const bill of bills) {
      agree(bill.patientNo === patientNo, `bill ${bill.billNo} is another patient's`)
      agree(bill.status === 'open', `bill ${bill.billNo} is ${bill.status} and listed as open`)
    }
    return bills.map(toBill)
  })

const billNumbered = (billNo: string): Reader<HisBill> =>
  oneBill(({ bill }) => {
    agree(bill.billNo === billNo, `bill ${bill.billNo} came for bill ${billNo}`)
    return toBill(bill)
  })

const receipt = form(
  Type.Object({
    receiptNo: shortText,
    confirmedAt: instant,
    guidance: Type.Array(text(500), { maxItems: 50 }),
  }),
)

const readReceipt = receipt(({ receiptNo, confirmedAt, guidance }): HisReceipt => ({
  receiptNo,
  confirmedAt: toInstant(confirmedAt),
  guidance,
}))

const readVoided = form(Type.Object({ voidedAt: instant }))(({ voidedAt }) => ({
  voidedAt: toInstant(voidedAt),
}))

const readApproval = form(Type.Object({ approvalNo: shortText }))(({ approvalNo }) => ({
  approvalNo,
}))

const readRefundReceipt = form(Type.Object({ receiptNo: shortText }))(({ receiptNo }) => ({
  receiptNo,
}))

const readNothing = form(Type.Object({}))(() => ({}))
