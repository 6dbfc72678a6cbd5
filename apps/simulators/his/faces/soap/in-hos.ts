import type { His } from '../../context.ts'
import { type Answer, done, refusal } from '../../protocol.ts'
import { payDeposit, preSettleStay, settleStay, stayReceipts } from '../../stay-money.ts'
import { answerDailyList, answerStays, findStay, type Stay, type StayItem } from '../../stays.ts'
import {
  midnight,
  moment,
  oneOf,
  text,
  type Values,
  wallClock,
  yuan,
  yuanAmount,
} from '../fields.ts'
import { service, type Service, translated } from '../service.ts'
import { PAY_TYPES, POTYPE } from './codes.ts'

const DEPOSIT_FIELDS = {
  inHosNo: text(30),
  payNo: text(32),
  potype: oneOf(POTYPE.stay),
  payType: oneOf(...PAY_TYPES),
  payMoney: yuanAmount,
  tradeNo: text(64),
  payTime: moment,
}

const LEAVE_FIELDS = { ...DEPOSIT_FIELDS, medicareMoney: yuanAmount, overMoney: yuanAmount }

/** /Client/InHos: what a stay costs, what is paid in for it, and its end. */
export const inHosServices: Record<string, Service> = {
  queryPatientInHosInfo: service({
    shape: { patientId: text(30) },
    operation: 'stays.list',
    key: ({ patientId }) => patientId,
    run: (his, { patientId }) =>
      translated(answerStays(his, { patientNo: patientId }), ({ stays }: { stays: Stay[] }) => ({
        inHosList: stays.map(stayView),
      })),
  }),
  inHosDetail: service({
    shape: { inHosNo: text(30), detailDate: midnight },
    operation: 'stays.dailyList',
    key: ({ inHosNo }) => inHosNo,
    run: (his, { inHosNo, detailDate }) =>
      translated(answerDailyList(his, { stayNo: inHosNo, date: detailDate }), dayView),
  }),
  queryArrears: service({
    shape: { inHosNo: text(30) },
    operation: 'stays.get',
    key: ({ inHosNo }) => inHosNo,
    run(his, { inHosNo }) {
      const stay = findStay(his, inHosNo)
      if (!stay) return refusal('STAY_NOT_FOUND', '没有这次住院')
      return done({ inHosNo, arrearsMoney: yuan(Math.max(0, 0 - stay.balanceFen)) })
    },
  }),
  inpatientPayment: service({
    shape: DEPOSIT_FIELDS,
    operation: 'stays.deposit',
    key: ({ inHosNo }) => inHosNo,
    run(his, asked, lie) {
      const { payNo, inHosNo, payMoney, payTime, tradeNo } = asked
      const deposit = { paymentNo: payNo, stayNo: inHosNo, amountFen: payMoney }
      const answer = payDeposit(his, { ...deposit, paidAt: payTime, tradeNo }, lie)
      return translated(answer, (data: { receiptNo: string; balanceFen: number }) => ({
        payNo,
        receiptNo: data.receiptNo,
        balance: yuan(data.balanceFen),
      }))
    },
  }),
  payDetail: service({
    shape: { inHosNo: text(30) },
    operation: 'stays.receipts',
    key: ({ inHosNo }) => inHosNo,
    run: listPayments,
  }),
  applyLeaveHos: service({
    shape: { inHosNo: text(30) },
    operation: 'stays.preSettle',
    key: ({ inHosNo }) => inHosNo,
    run: (his, { inHosNo }) => translated(preSettleStay(his, { stayNo: inHosNo }), leaveView),
  }),
  leaveHosPay: service({
    shape: LEAVE_FIELDS,
    operation: 'stays.settle',
    key: ({ inHosNo }) => inHosNo,
    run: leave,
  }),
  queryLeaveHosDetail: service({
    shape: { inHosNo: text(30) },
    operation: 'stays.get',
    key: ({ inHosNo }) => inHosNo,
    run(his, { inHosNo }) {
      const stay = findStay(his, inHosNo)
      return stay ? done(stayView(stay)) : refusal('STAY_NOT_FOUND', '没有这次住院')
    },
  }),
}

function listPayments(his: His, { inHosNo }: { inHosNo: string }): Answer {
  if (!findStay(his, inHosNo)) return refusal('STAY_NOT_FOUND', '没有这次住院')
  const kinds = { deposit: '押金', deposit_refund: '退押金', settlement: '结算' } as const
  return done({
    payList: stayReceipts(his, inHosNo).map((receipt) => ({
      receiptNo: receipt.receiptNo,
      payKind: kinds[receipt.kind],
      payNo: receipt.paymentNo,
      refundNo: receipt.refundNo ?? '',
      money: yuan(receipt.amountFen),
      payTime: wallClock(receipt.at),
    })),
  })
}

function leave(his: His, asked: Values<typeof LEAVE_FIELDS>, lie: boolean): Answer {
  const settlement = {
    paymentNo: asked.payNo,
    stayNo: asked.inHosNo,
    pooledFen: asked.overMoney,
    accountFen: asked.medicareMoney,
    payFen: asked.payMoney,
    paidAt: asked.payTime,
    tradeNo: asked.tradeNo,
  }
  return translated(settleStay(his, settlement, lie), (settled: Settled) => ({
    payNo: asked.payNo,
    receiptNo: settled.receiptNo,
    totalMoney: yuan(settled.totalFen),
    depositUsed: yuan(settled.depositUsedFen),
    refundMoney: yuan(settled.refundableFen),
  }))
}

type Settled = {
  receiptNo: string
  totalFen: number
  depositUsedFen: number
  refundableFen: number
}

const leaveView = (data: {
  totalFen: number
  pooledFen: number
  accountFen: number
  depositFen: number
  payableFen: number
  refundableFen: number
}) => ({
  totalMoney: yuan(data.totalFen),
  overMoney: yuan(data.pooledFen),
  medicareMoney: yuan(data.accountFen),
  deposit: yuan(data.depositFen),
  payMoney: yuan(data.payableFen),
  refundMoney: yuan(data.refundableFen),
})

// 1 在院 2 待结算 3 已出院.
const STATUSES = { in_hospital: '1', leaving: '2', discharged: '3' } as const

const stayView = (stay: Stay) => ({
  inHosNo: stay.stayNo,
  name: stay.name,
  deptName: stay.department.name,
  doctorName: stay.doctor.name,
  bedNo: stay.bed,
  diagName: stay.diagnosis.name,
  inTime: wallClock(stay.admittedAt),
  outTime: stay.leftAt === null ? '' : wallClock(stay.leftAt),
  inHosStatus: STATUSES[stay.status],
  deposit: yuan(stay.depositFen),
  totalMoney: yuan(stay.costFen),
  balance: yuan(stay.balanceFen),
})

const dayView = ({ items, totalFen }: { items: StayItem[]; totalFen: number }) => ({
  totalMoney: yuan(totalFen),
  itemList: items.map((item) => ({
    itemCode: item.code,
    itemName: item.name,
    itemSpec: item.spec,
    itemUnit: item.unit,
    itemType: item.chargeCategory,
    price: yuan(item.unitPriceFen),
    num: String(item.quantity),
    money: yuan(item.amountFen),
  })),
})
