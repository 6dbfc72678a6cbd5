import type { His } from '../../context.ts'
import { type Answer, done, refusal } from '../../protocol.ts'
import {
  payDeposit,
  preSettleStay,
  refundDeposit,
  settleStay,
  stayReceipts,
  stayReceiptOf,
} from '../../stay-money.ts'
import { answerDailyList, answerStays, findStay, type Stay, type StayItem } from '../../stays.ts'
import { day, fenAmount, moment, text, wallClock } from '../fields.ts'
import { service, type Service, translated } from '../service.ts'
import { ORDER } from './codes.ts'
import { paidAt, PAYMENT_FIELDS, type PaymentBlock, paymentIn } from './payment-block.ts'

/** The 住院 block: what a stay costs, what is paid in for it, and its end. */
export const inpatientServices: Record<string, Service> = {
  'query.inhos.patient.info': service({
    shape: { patientId: text(30) },
    operation: 'stays.list',
    key: ({ patientId }) => patientId,
    run: (his, { patientId }) =>
      translated(answerStays(his, { patientNo: patientId }), ({ stays }: { stays: Stay[] }) =>
        stays.map(stayView),
      ),
  }),
  'query.inhos.bill.item.list': service({
    shape: { patientHosId: text(30), billDate: day },
    operation: 'stays.dailyList',
    key: ({ patientHosId }) => patientHosId,
    run: (his, { patientHosId, billDate }) =>
      translated(answerDailyList(his, { stayNo: patientHosId, date: billDate }), dayView),
  }),
  'recharge.inhos.virtual.settlement': service({
    shape: { patientHosId: text(30), ...PAYMENT_FIELDS },
    operation: 'stays.deposit',
    key: ({ patientHosId }) => patientHosId,
    run(his, asked, lie) {
      const { outTradeNo, patientHosId, cash, transNo } = asked
      const deposit = { paymentNo: outTradeNo, stayNo: patientHosId, amountFen: cash }
      const answer = payDeposit(his, { ...deposit, paidAt: paidAt(asked), tradeNo: transNo }, lie)
      return translated(answer, ({ receiptNo, balanceFen }: Deposited) => ({
        outTradeNo,
        orderStatus: ORDER.done,
        receiptNo,
        balance: balanceFen,
      }))
    },
  }),
  'query.inhos.vs.record': service({
    shape: { patientHosId: text(30) },
    operation: 'stays.receipts',
    key: ({ patientHosId }) => patientHosId,
    run: listRecords,
  }),
  'inhos.back.fee.ack': service({
    shape: {
      patientHosId: text(30),
      outTradeNo: text(32),
      refundTradeNo: text(32),
      cash: fenAmount,
      refundTime: moment,
    },
    operation: 'stays.refundDeposit',
    key: ({ patientHosId }) => patientHosId,
    run(his, { patientHosId, outTradeNo, refundTradeNo, cash, refundTime }) {
      if (stayReceiptOf(his, outTradeNo)?.stayNo !== patientHosId) {
        return refusal('STAY_NOT_FOUND', 'the stay has no such outTradeNo')
      }
      const refund = { refundNo: refundTradeNo, paymentNo: outTradeNo, amountFen: cash }
      const answer = refundDeposit(his, { ...refund, at: refundTime })
      return translated(answer, ({ receiptNo, balanceFen }: Deposited) => ({
        refundTradeNo,
        orderStatus: ORDER.refunded,
        receiptNo,
        balance: balanceFen,
      }))
    },
  }),
  'query.check.inhos.status': service({
    shape: { patientHosId: text(30) },
    operation: 'stays.get',
    key: ({ patientHosId }) => patientHosId,
    run(his, { patientHosId }) {
      const stay = findStay(his, patientHosId)
      if (!stay) return refusal('STAY_NOT_FOUND', 'no such patientHosId')
      return done({ patientHosId, status: STATUSES[stay.status] })
    },
  }),
  'query.zy.pre.out.hos.self': service({
    shape: { patientHosId: text(30) },
    operation: 'stays.preSettle',
    key: ({ patientHosId }) => patientHosId,
    run: (his, { patientHosId }) =>
      translated(preSettleStay(his, { stayNo: patientHosId }), settlementView),
  }),
  'query.zy.out.hos.self': service({
    shape: { patientHosId: text(30), fundAmt: fenAmount, accountAmt: fenAmount, ...PAYMENT_FIELDS },
    operation: 'stays.settle',
    key: ({ patientHosId }) => patientHosId,
    run: leave,
  }),
}

type Deposited = { receiptNo: string; balanceFen: number }

// 1 在院, 2 待结算, 3 已出院.
const STATUSES = { in_hospital: '1', leaving: '2', discharged: '3' } as const

function listRecords(his: His, { patientHosId }: { patientHosId: string }): Answer {
  if (!findStay(his, patientHosId)) return refusal('STAY_NOT_FOUND', 'no such patientHosId')
  const kinds = { deposit: '1', deposit_refund: '2', settlement: '3' } as const
  return done(
    stayReceipts(his, patientHosId).map((receipt) => ({
      receiptNo: receipt.receiptNo,
      recordType: kinds[receipt.kind],
      outTradeNo: receipt.paymentNo,
      refundTradeNo: receipt.refundNo,
      cash: receipt.amountFen,
      transNo: receipt.tradeNo,
      recordTime: wallClock(receipt.at),
    })),
  )
}

/** `cash` is what the patient pays besides the deposits; insurance stands beside it and not in it. */
function leave(
  his: His,
  asked: PaymentBlock & { patientHosId: string; fundAmt: number; accountAmt: number },
  lie: boolean,
): Answer {
  const payment = paymentIn(asked)
  if ('code' in payment) return payment
  const settlement = {
    paymentNo: asked.outTradeNo,
    stayNo: asked.patientHosId,
    pooledFen: asked.fundAmt,
    accountFen: asked.accountAmt,
    payFen: asked.cash,
    paidAt: paidAt(asked),
    tradeNo: asked.transNo,
  }
  return translated(settleStay(his, settlement, lie), (settled: Settled) => ({
    outTradeNo: asked.outTradeNo,
    orderStatus: ORDER.done,
    receiptNo: settled.receiptNo,
    cost: settled.totalFen,
    accUsed: settled.depositUsedFen,
    refundAmt: settled.refundableFen,
  }))
}

type Settled = {
  receiptNo: string
  totalFen: number
  depositUsedFen: number
  refundableFen: number
}

type PreSettled = {
  totalFen: number
  pooledFen: number
  accountFen: number
  depositFen: number
  depositUsedFen: number
  payableFen: number
  refundableFen: number
}

const settlementView = (settled: PreSettled) => ({
  cost: settled.totalFen,
  fundAmt: settled.pooledFen,
  accountAmt: settled.accountFen,
  accBalance: settled.depositFen,
  accUsed: settled.depositUsedFen,
  selfAmt: settled.payableFen,
  refundAmt: settled.refundableFen,
})

const stayView = (stay: Stay) => ({
  patientHosId: stay.stayNo,
  name: stay.name,
  deptCode: stay.department.code,
  deptName: stay.department.name,
  doctName: stay.doctor.name,
  bedNo: stay.bed,
  diagName: stay.diagnosis.name,
  inDate: wallClock(stay.admittedAt),
  outDate: stay.leftAt === null ? null : wallClock(stay.leftAt),
  status: STATUSES[stay.status],
  accBalance: stay.depositFen,
  cost: stay.costFen,
  balance: stay.balanceFen,
  securityBalance: 0,
  IsArrearage: stay.balanceFen < 0 ? '1' : '0',
})

const dayView = ({ items, totalFen }: { items: StayItem[]; totalFen: number }) => ({
  billAmount: totalFen,
  billItem: items.map((item) => ({
    itemCode: item.code,
    itemName: item.name,
    itemSpec: item.spec,
    itemUnit: item.unit,
    itemType: item.chargeCategory,
    itemPrice: item.unitPriceFen,
    itemQty: item.quantity,
    itemAmount: item.amountFen,
  })),
})
