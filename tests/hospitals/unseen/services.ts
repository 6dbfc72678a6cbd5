import { findBill, listBills } from '../../../apps/simulators/his/bill-rows.ts'
import type { His } from '../../../apps/simulators/his/context.ts'
import {
  idCardNo,
  oneOf,
  optional,
  phoneNo,
  text,
  yuan,
  yuanAmount,
} from '../../../apps/simulators/his/faces/fields.ts'
import { service, type Service, translated } from '../../../apps/simulators/his/faces/service.ts'
import { hasAnswer, remember, repeatedAnswer } from '../../../apps/simulators/his/memory.ts'
import {
  createPatient,
  findPatient,
  type PatientView,
} from '../../../apps/simulators/his/patients.ts'
import {
  type Answer,
  type Bill,
  done,
  MAX_OPEN_BILLS,
  refusal,
} from '../../../apps/simulators/his/protocol.ts'
import { dayTotals, listReceipts, receiptOfPayment } from '../../../apps/simulators/his/receipts.ts'
import {
  approveRefund,
  billNoOfRefund,
  cancelRefund,
  completeRefund,
} from '../../../apps/simulators/his/refunds.ts'
import { personOf } from '../../../apps/simulators/his/registry.ts'
import { voidWriteBack, writeBack, writeBackKey } from '../../../apps/simulators/his/write-back.ts'
import { addDays, type BusinessDate, instantAt, toShanghaiIso } from '../../../kernel/time.ts'
import { pageOf, tableOf } from './wire.ts'
import { clockText, count, day, moment, number, numbers, page, tenders, WAYS } from './words.ts'

// The trades of vendor-document.md, chapter 3, by their numbers. They were written from that page alone.

const BILLS_A_PAGE = 20
const LINES_A_PAGE = 100
const ROWS_A_PAGE = 80

const people: Record<string, Service> = {
  '1001': service({
    shape: {},
    operation: 'heartbeat',
    key: (_, { registry }) => String(registry.hospital.id),
    run: ({ clock }) => done({ XTSJ: clockText(clock.now()) }),
  }),
  '1101': service({
    shape: {},
    operation: 'departments.list',
    key: (_, { registry }) => String(registry.hospital.id),
    run: ({ registry }) =>
      done({
        KSMX: tableOf(
          registry.hospital.departments.map((each) => [
            each.code,
            each.name,
            each.subjectCode,
            `${each.name}诊区`,
          ]),
        ),
      }),
  }),
  '1201': service({
    shape: { SFZH: idCardNo, XM: text(50) },
    operation: 'patients.resolve',
    key: ({ SFZH }, his) => findPatient(his, { idCardNo: SFZH })?.patientNo ?? 'unknown',
    run(his, { SFZH, XM }) {
      const patient = findPatient(his, { idCardNo: SFZH })
      return patient?.name === XM
        ? done(personView(patient))
        : refusal('PATIENT_NOT_FOUND', '查无此人')
    },
  }),
  '1202': service({
    shape: {
      QQDH: text(32),
      XM: text(50),
      SFZH: idCardNo,
      XB: optional(oneOf('M', 'F')),
      CSRQ: day,
      LXDH: optional(phoneNo),
    },
    operation: 'patients.create',
    key: ({ SFZH }, his) => findPatient(his, { idCardNo: SFZH })?.patientNo ?? 'unknown',
    run(his, asked) {
      const repeated = repeatedAnswer(his.store, 'patients.create', asked.QQDH, asked)
      if (repeated) return repeated
      const { XM: name, SFZH, LXDH } = asked
      const made = createPatient(his, { name, idCardNo: SFZH, phone: LXDH ?? '' })
      if (made.code !== 'OK') return made
      const { patient } = made.data as { patient: PatientView }
      return remember(his.store, 'patients.create', asked.QQDH, asked, done(personView(patient)))
    },
  }),
}

const bills: Record<string, Service> = {
  '2001': service({
    shape: { BRID: number, YM: page },
    operation: 'bills.list',
    key: ({ BRID }) => BRID,
    run(his, { BRID, YM }) {
      const person = personOf(his.registry, BRID)
      if (!person) return refusal('PATIENT_NOT_FOUND', '查无此人')
      const filter = { personNo: person.no, status: 'open', limit: MAX_OPEN_BILLS } as const
      const { pages, items, isThere } = pageOf(listBills(his, filter), YM, BILLS_A_PAGE)
      if (!isThere) return refusal('INVALID_REQUEST', `YM 至多为 ${pages}`)
      const rows = items.map((bill) => [bill.billNo, kindOf(bill), yuan(bill.totalFen)])
      return done({ ZYS: String(pages), DJMX: tableOf(rows) })
    },
  }),
  '2002': service({
    shape: { DJH: number, YM: page },
    operation: 'bills.get',
    key: ({ DJH }) => DJH,
    run(his, { DJH, YM }) {
      const bill = findBill(his, DJH)
      if (!bill) return refusal('BILL_NOT_FOUND', '查无此单')
      const { pages, items, isThere } = pageOf(bill.items, YM, LINES_A_PAGE)
      if (!isThere) return refusal('INVALID_REQUEST', `YM 至多为 ${pages}`)
      return done({ ZYS: String(pages), ...billView(bill), FYMX: tableOf(items.map(lineOf)) })
    },
  }),
  '2101': service({
    shape: {
      DJH: number,
      ZFLSH: text(32),
      XGCS: count,
      ZJE: yuanAmount,
      ZFSJ: moment,
      YBJSH: optional(text(64)),
      ZFMX: tenders,
    },
    operation: 'bills.writeBack',
    key: ({ DJH }) => DJH,
    run(his, asked, lie) {
      const body = {
        paymentNo: asked.ZFLSH,
        billNo: asked.DJH,
        version: asked.XGCS + 1,
        totalFen: asked.ZJE,
        paidAt: toShanghaiIso(asked.ZFSJ),
        tenders: asked.ZFMX,
        insuranceSettlementNo: asked.YBJSH,
      }
      return translated(writeBack(his, body, lie), (paid: Paid) => ({
        SJH: paid.receiptNo,
        QRSJ: clockText(paid.confirmedAt),
        ZYTS: paid.guidance.join('；'),
      }))
    },
  }),
  '2102': service({
    shape: { ZFLSH: text(32), DJH: number, YY: text(200) },
    operation: 'bills.voidWriteBack',
    key: ({ DJH }) => DJH,
    run: (his, { ZFLSH, DJH, YY }) =>
      translated(
        voidWriteBack(his, { paymentNo: ZFLSH, billNo: DJH, reason: YY }),
        ({ voidedAt }: { voidedAt: string }) => ({ CZSJ: clockText(voidedAt) }),
      ),
  }),
  '2103': service({
    shape: { ZFLSH: text(32), DJH: number },
    operation: 'payments.get',
    key: ({ DJH }) => DJH,
    run(his, { ZFLSH, DJH }) {
      const key = writeBackKey({ paymentNo: ZFLSH, billNo: DJH })
      if (hasAnswer(his.store, 'bills.voidWriteBack', key)) return done({ JFZT: 'C', SJH: '' })
      const receipt = receiptOfPayment(his.store, ZFLSH, DJH)
      if (!receipt) return done({ JFZT: 'W', SJH: '' })
      const isBack = findBill(his, DJH)?.status === 'refunded'
      return done({ JFZT: isBack ? 'T' : 'Y', SJH: receipt.receiptNo })
    },
  }),
}

const refunds: Record<string, Service> = {
  '2201': service({
    shape: {
      TFDH: text(32),
      ZFLSH: text(32),
      DJH: number,
      TFJE: yuanAmount,
      YY: text(200),
      XHMX: optional(numbers),
    },
    operation: 'refunds.approve',
    key: ({ DJH }) => DJH,
    run(his, { TFDH, ZFLSH, DJH, TFJE, YY, XHMX }) {
      const lines = (XHMX ?? []).map((lineNo) => ({ lineNo }))
      const wish = { refundNo: TFDH, paymentNo: ZFLSH, billNo: DJH, amountFen: TFJE, reason: YY }
      return translated(
        approveRefund(his, { ...wish, lines }),
        ({ approvalNo }: { approvalNo: string }) => ({ SPH: approvalNo }),
      )
    },
  }),
  '2202': service({
    shape: { TFDH: text(32), TFSJ: moment, ZFMX: tenders },
    operation: 'refunds.complete',
    key: refundKey,
    run(his, { TFDH, TFSJ, ZFMX }) {
      const back = ZFMX.map(({ kind, amountFen }) => ({ kind, amountFen }))
      const body = { refundNo: TFDH, completedAt: toShanghaiIso(TFSJ), tenders: back }
      if (billNoOfRefund(his, TFDH) === null) return UNKNOWN_REFUND
      return translated(completeRefund(his, body), ({ receiptNo }: { receiptNo: string }) => ({
        SJH: receiptNo,
      }))
    },
  }),
  '2203': service({
    shape: { TFDH: text(32), YY: text(200) },
    operation: 'refunds.cancel',
    key: refundKey,
    run: (his, { TFDH, YY }) => cancelRefund(his, { refundNo: TFDH, reason: YY }),
  }),
  '3001': service({
    shape: { DZRQ: day, YM: page },
    operation: 'reconciliation.dayList',
    key: ({ DZRQ }) => DZRQ,
    run: dayPage,
  }),
}

export const SERVICES: Readonly<Record<string, Service>> = { ...people, ...bills, ...refunds }

const UNKNOWN_REFUND: Answer = { code: 'REFUND_UNKNOWN', message: '查无此退费单' }

type Paid = { receiptNo: string; confirmedAt: string; guidance: string[] }

function dayPage(his: His, { DZRQ, YM }: { DZRQ: BusinessDate; YM: number }): Answer {
  if (his.clock.now() < instantAt(addDays(DZRQ, 1), '00:05:00')) {
    return refusal('SYSTEM_BUSY', '当日账尚未轧清')
  }
  const all = listReceipts(his.store, DZRQ, { limit: -1, offset: 0 })
  const { pages, items, isThere } = pageOf(all, YM, ROWS_A_PAGE)
  if (!isThere) return refusal('INVALID_REQUEST', `YM 至多为 ${pages}`)
  const totals = dayTotals(his.store, DZRQ)
  const rows = items.map((row) => [
    row.kind === 'payment' ? 'J' : 'T',
    row.paymentNo,
    row.refundNo,
    row.billNo,
    row.receiptNo,
    yuan(row.amountFen),
    clockText(row.at),
    row.tenders.map(({ kind, amountFen }) => `${WAYS[kind]}:${yuan(amountFen)}`).join(';'),
  ])
  return done({
    ZYS: String(pages),
    JFBS: String(totals.payments),
    JFJE: yuan(totals.paymentsFen),
    TFBS: String(totals.refunds),
    TFJE: yuan(totals.refundsFen),
    DZMX: tableOf(rows),
  })
}

const STATES = { open: '0', paid: '1', void: '2', part_refunded: '3', refunded: '4' } as const
const LINE_STATES = { charged: '0', dispensed: '1', refunded: '2' } as const
const CLASSES = { A: '甲', B: '乙', C: '丙' } as const

const kindOf = ({ kind }: Bill): string => (kind === 'registration' ? 'G' : 'M')

const billView = (bill: Bill) => ({
  DJH: bill.billNo,
  BRID: bill.patientNo,
  JZH: bill.visitNo,
  DJLB: kindOf(bill),
  XGCS: String(bill.version - 1),
  KSDM: bill.department.code,
  KSMC: bill.department.name,
  YSDM: bill.doctor.code,
  YSXM: bill.doctor.name,
  ZDDM: bill.diagnosis.code,
  ZDMC: bill.diagnosis.name,
  KDSJ: clockText(bill.createdAt),
  ZJE: yuan(bill.totalFen),
  DJZT: STATES[bill.status],
  ZFLSH: bill.paymentNo ?? '',
  SJH: bill.receiptNo ?? '',
})

const lineOf = (item: Bill['items'][number]) => [
  item.lineNo,
  item.code,
  item.nationalCode,
  item.name,
  item.spec,
  item.unit,
  item.chargeCategory,
  CLASSES[item.insuranceClass],
  yuan(item.unitPriceFen),
  item.quantity,
  yuan(item.amountFen),
  LINE_STATES[item.status],
]

const personView = ({ patientNo, name, cardNo }: PatientView) => ({
  BRID: patientNo,
  XM: name,
  KH: cardNo,
})

function refundKey({ TFDH }: { TFDH: string }, his: His): string {
  return billNoOfRefund(his, TFDH) ?? 'unknown'
}
