import { toYuanText, fen } from '../../../../../kernel/money.ts'
import { findBill, listBills } from '../../bill-rows.ts'
import type { His } from '../../context.ts'
import { coverageOf } from '../../coverage.ts'
import { payOnce } from '../../pay-once.ts'
import { MAX_OPEN_BILLS, type Answer, type Bill, done, MAX_ITEMS, refusal } from '../../protocol.ts'
import { receiptOfPayment } from '../../receipts.ts'
import { getRegistration, type RegistrationStatus } from '../../registrations.ts'
import { personOf } from '../../registry.ts'
import {
  fenAmount,
  idCardNo,
  list,
  moment,
  oneOf,
  optional,
  text,
  wallClock,
  wholeNumber,
} from '../fields.ts'
import { service, type Service, translated } from '../service.ts'
import { MED_CODES, MED_INS_CLASSES, PAY_MODES, SELF_PAID } from './codes.ts'
import { NOBODY, PATIENT_FIELDS, patientBy, patientKey } from './patients.ts'

/** What is to be paid, and its payment. An infoSeq is one bill. */
export const paymentServices: Record<string, Service> = {
  getPayInfo: service({
    shape: { hospitalId: text(20), ...PATIENT_FIELDS },
    operation: 'bills.list',
    key: patientKey,
    run(his, asked) {
      const patient = patientBy(his, asked)
      const person = patient && personOf(his.registry, patient.patientNo)
      if (!person) return NOBODY
      const filter = { personNo: person.no, status: 'open', limit: MAX_OPEN_BILLS } as const
      // What is owed for a place at a clinic is paid by payOrder.
      const bills = listBills(his, filter).filter(({ billNo }) => !getRegistration(his, billNo))
      return done({ payInfo: bills.map(payInfoOf) })
    },
  }),
  getPayDetailInfo: service({
    shape: { hospitalId: text(20), infoSeq: text(30) },
    operation: 'bills.get',
    key: ({ infoSeq }) => infoSeq,
    run(his, { infoSeq }) {
      const bill = findBill(his, infoSeq)
      if (!bill) return refusal('BILL_NOT_FOUND', 'no bill has this infoSeq')
      return done({ ...payInfoOf(bill), orderDetailInfo: bill.items.map(detailOf) })
    },
  }),
  medicalInsAppBalance: service({
    shape: {
      hospitalId: text(20),
      infoSeq: text(30),
      medInsFaceType: oneOf('0', '1'),
      medCode: oneOf(...MED_CODES),
      userIdCard: idCardNo,
    },
    operation: 'bills.preSettle',
    key: ({ infoSeq }) => infoSeq,
    run(his, { infoSeq, medCode, userIdCard }) {
      const bill = billOf(his, infoSeq, userIdCard)
      const person = bill && personOf(his.registry, bill.patientNo)
      if (!bill || !person) return refusal('BILL_NOT_FOUND', 'the patient has no such bill')
      if (bill.status !== 'open') return refusal('BILL_VOID', `the bill is ${bill.status}`)
      const insured = medCode === SELF_PAID ? { ...person, insurance: null } : person
      const coverage = coverageOf(his.registry, insured, bill.items)
      return done({
        totalAmt: coverage.totalFen,
        overAllAmt: coverage.pooledFen,
        payedAmt: coverage.accountFen,
        retAmt: 0,
        payAmt: coverage.selfFen,
        extOrderNo: `YB${infoSeq}V${bill.version}`,
      })
    },
  }),
  payBigOrder: service({
    shape: {
      hospitalId: text(20),
      userIdCard: idCardNo,
      payType: oneOf('0', '1'),
      infoSeq: text(30),
      orderId: text(32),
      payCardNum: text(64),
      payAmout: fenAmount,
      payMode: oneOf(...PAY_MODES),
      payTime: moment,
      insurancFee: fenAmount,
      insuranceSelfFee: fenAmount,
      insuranceFundFee: fenAmount,
      extOrderNo: optional(text(64)),
      orderDetailInfo: list({ detailID: wholeNumber(MAX_ITEMS) }, MAX_ITEMS),
    },
    operation: 'bills.writeBack',
    key: ({ infoSeq }) => infoSeq,
    run: payBigOrder,
  }),
  getPayOrderStatus: service({
    shape: { hospitalId: text(20), orderId: text(32) },
    operation: 'bills.get',
    key: ({ orderId }, his) => subjectOf(his, orderId)?.billNo ?? 'unknown',
    run: payOrderStatus,
  }),
}

type BigOrder = {
  userIdCard: string
  payType: '0' | '1'
  infoSeq: string
  orderId: string
  payCardNum: string
  payAmout: number
  payTime: Date
  insurancFee: number
  insuranceSelfFee: number
  insuranceFundFee: number
  extOrderNo: string | null
  orderDetailInfo: { detailID: number }[]
}

function payBigOrder(his: His, order: BigOrder, lie: boolean): Answer {
  const { infoSeq, orderId, payAmout, payCardNum, insurancFee } = order
  const bill = billOf(his, infoSeq, order.userIdCard)
  if (!bill) return refusal('BILL_NOT_FOUND', 'the patient has no such bill')
  if (insurancFee !== order.insuranceSelfFee + order.insuranceFundFee || insurancFee > payAmout) {
    return refusal('AMOUNT_MISMATCH', 'insurancFee is insuranceSelfFee and insuranceFundFee')
  }
  if ((order.payType === '1') !== insurancFee > 0) {
    return refusal('INVALID_REQUEST', 'payType is 1 where the insurance pays, and 0 where not')
  }
  const details = new Set(order.orderDetailInfo.map(({ detailID }) => detailID))
  const isWhole = bill.items.every(({ lineNo }) => details.has(lineNo))
  if (!isWhole || details.size !== bill.items.length) {
    return refusal('BILL_CHANGED', 'orderDetailInfo is not all of the bill')
  }
  const cashFen = payAmout - insurancFee
  const payment = {
    paymentNo: orderId,
    billNo: infoSeq,
    totalFen: payAmout,
    paidAt: order.payTime,
    tenders: [
      {
        kind: 'pooled' as const,
        amountFen: order.insuranceFundFee,
        tradeNo: order.extOrderNo ?? payCardNum,
      },
      {
        kind: 'account' as const,
        amountFen: order.insuranceSelfFee,
        tradeNo: order.extOrderNo ?? payCardNum,
      },
      { kind: 'self_pay' as const, amountFen: cashFen, tradeNo: payCardNum },
    ],
    insuranceSettlementNo: order.extOrderNo,
  }
  return translated(payOnce(his, payment, lie), ({ receiptNo, guidance }: Paid) => ({
    orderIdHIS: infoSeq,
    orderDesc: `${bill.department.name} ${toYuanText(fen(payAmout))} 元`,
    printMsg: guidance.join('；'),
    receiptID: receiptNo,
  }))
}

type Paid = { receiptNo: string; guidance: string[] }

function payOrderStatus(his: His, { orderId }: { orderId: string }): Answer {
  const subject = subjectOf(his, orderId)
  const bill = subject?.billNo ? findBill(his, subject.billNo) : null
  if (!subject || !bill) return refusal('REGISTRATION_NOT_FOUND', 'no order has this orderId')
  const receipt =
    bill.paymentNo === null ? null : receiptOfPayment(his.store, bill.paymentNo, bill.billNo)
  const { status } = bill
  const refunded = status === 'refunded' || status === 'part_refunded'
  return done({
    orderId,
    payStatus: refunded ? '3' : receipt ? '2' : '1',
    orderStutes: ORDER_STATUSES[subject.status],
    payAmout: bill.totalFen,
    receiptID: receipt?.receiptNo ?? null,
    payTime: receipt ? wallClock(receipt.at) : null,
  })
}

/** What an orderId is about: a place at a clinic, or a payment. */
function subjectOf(
  his: His,
  orderId: string,
): { billNo: string | null; status: RegistrationStatus } | null {
  const registration = getRegistration(his, orderId)
  if (registration) return registration
  const receipt = receiptOfPayment(his.store, orderId)
  return receipt && { billNo: receipt.billNo, status: 'seen' }
}

// 0 未取号, 1 已取号, 2 已退费或取消.
const ORDER_STATUSES: Record<RegistrationStatus, string> = {
  booked: '0',
  confirmed: '0',
  missed: '0',
  checked_in: '1',
  seen: '1',
  cancelled: '2',
  lapsed: '2',
}

function billOf(his: His, infoSeq: string, userIdCard: string): Bill | null {
  const bill = findBill(his, infoSeq)
  const owner = bill && personOf(his.registry, bill.patientNo)
  return owner?.idCardNo === userIdCard ? bill : null
}

const payInfoOf = (bill: Bill) => ({
  infoSeq: bill.billNo,
  visitId: bill.visitNo,
  infoTime: wallClock(bill.createdAt),
  deptId: bill.department.code,
  deptName: bill.department.name,
  doctorId: bill.doctor.code,
  doctorName: bill.doctor.name,
  diagCode: bill.diagnosis.code,
  diagName: bill.diagnosis.name,
  payStatus: bill.status === 'open' ? '1' : bill.status === 'paid' ? '2' : '3',
  totalAmout: bill.totalFen,
  ordserSum: bill.items.length,
})

const detailOf = (item: Bill['items'][number]) => ({
  detailID: item.lineNo,
  detailCode: item.code,
  nationalCode: item.nationalCode,
  detailName: item.name,
  detailSpec: item.spec,
  detailUnit: item.unit,
  detailPrice: item.unitPriceFen,
  detailCount: item.quantity,
  detailAmout: item.amountFen,
  detailType: item.chargeCategory,
  medInsClass: MED_INS_CLASSES[item.insuranceClass],
  isRefound: item.status === 'refunded' ? '1' : '0',
})
