import { findBill, listBills } from '../../bill-rows.ts'
import type { His } from '../../context.ts'
import { coverageOf } from '../../coverage.ts'
import { payOnce, refundOnce } from '../../pay-once.ts'
import { type Answer, type Bill, done, MAX_ITEMS, MAX_OPEN_BILLS, refusal } from '../../protocol.ts'
import { receiptOfPayment } from '../../receipts.ts'
import { approveRefund, billNoOfRefund, cancelRefund } from '../../refunds.ts'
import { getRegistration } from '../../registrations.ts'
import { personOf } from '../../registry.ts'
import { refundDeposit, stayReceiptOf } from '../../stay-money.ts'
import { voidWriteBack } from '../../write-back.ts'
import {
  list,
  moment,
  oneOf,
  optional,
  text,
  type Values,
  wallClock,
  wholeNumber,
  yuan,
  yuanAmount,
} from '../fields.ts'
import { service, type Service, translated } from '../service.ts'
import { PAY_TYPES, POTYPE } from './codes.ts'

const PAY_FIELDS = {
  patientId: text(30),
  recipeNo: text(30),
  payNo: text(32),
  potype: oneOf(POTYPE.bill),
  payType: oneOf(...PAY_TYPES),
  totalMoney: yuanAmount,
  payMoney: yuanAmount,
  medicareMoney: yuanAmount,
  overMoney: yuanAmount,
  tradeNo: text(64),
  payTime: moment,
  'extend.recipeVersion': wholeNumber(9_999),
  'extend.medicareNo': optional(text(64)),
}

const FALLBACK_FIELDS = {
  fallbackType: oneOf('0', '1', '2', '3'),
  payNo: text(32),
  refundNo: text(32),
  money: yuanAmount,
  reason: text(200),
  refundTime: optional(moment),
  itemList: optional(list({ itemNo: wholeNumber(MAX_ITEMS) }, MAX_ITEMS)),
}

/** /Client/Pay: what is to be paid, its payment, and what goes back. */
export const payServices: Record<string, Service> = {
  queryToPayRecipeInfoList: service({
    shape: { patientId: text(30) },
    operation: 'bills.list',
    key: ({ patientId }) => patientId,
    run(his, { patientId }) {
      const person = personOf(his.registry, patientId)
      if (!person) return refusal('PATIENT_NOT_FOUND', '没有这个患者')
      const filter = { personNo: person.no, status: 'open', limit: MAX_OPEN_BILLS } as const
      const bills = listBills(his, filter).filter(({ billNo }) => !getRegistration(his, billNo))
      return done({ recipeList: bills.map(recipeView) })
    },
  }),
  preDoPay: service({
    shape: { patientId: text(30), recipeNo: text(30), isMedicare: oneOf('0', '1') },
    operation: 'bills.preSettle',
    key: ({ recipeNo }) => recipeNo,
    run: preDoPay,
  }),
  doPay: service({
    shape: PAY_FIELDS,
    operation: 'bills.writeBack',
    key: ({ recipeNo }) => recipeNo,
    run: doPay,
  }),
  queryPaymentRecordStatus: service({
    shape: { payNo: text(32) },
    operation: 'bills.get',
    key: ({ payNo }, his) => receiptOfPayment(his.store, payNo)?.billNo ?? 'unknown',
    run: paymentStatus,
  }),
  tradeFallback: service({
    shape: FALLBACK_FIELDS,
    operation: 'refunds.approve',
    key: ({ payNo }, his) => receiptOfPayment(his.store, payNo)?.billNo ?? 'unknown',
    run: fallback,
  }),
}

function preDoPay(
  his: His,
  asked: { patientId: string; recipeNo: string; isMedicare: '0' | '1' },
): Answer {
  const bill = billOf(his, asked.recipeNo, asked.patientId)
  const person = personOf(his.registry, asked.patientId)
  if (!bill || !person) return refusal('BILL_NOT_FOUND', '该患者没有这张处方')
  if (bill.status !== 'open') return refusal('BILL_VOID', `the recipe is ${bill.status}`)
  const insured = asked.isMedicare === '1' ? person : { ...person, insurance: null }
  const coverage = coverageOf(his.registry, insured, bill.items)
  return done({
    recipeNo: bill.billNo,
    recipeVersion: String(bill.version),
    totalMoney: yuan(coverage.totalFen),
    payMoney: yuan(coverage.selfFen),
    medicareMoney: yuan(coverage.accountFen),
    overMoney: yuan(coverage.pooledFen),
  })
}

function doPay(his: His, asked: Values<typeof PAY_FIELDS>, lie: boolean): Answer {
  const { recipeNo, payNo, totalMoney, payMoney, medicareMoney, overMoney, tradeNo } = asked
  const bill = billOf(his, recipeNo, asked.patientId)
  if (!bill) return refusal('BILL_NOT_FOUND', '该患者没有这张处方')
  if (bill.status === 'open' && bill.version !== asked['extend.recipeVersion']) {
    return refusal('BILL_CHANGED', '处方已变更')
  }
  if (payMoney + medicareMoney + overMoney !== totalMoney) {
    return refusal('AMOUNT_MISMATCH', 'payMoney + medicareMoney + overMoney is not totalMoney')
  }
  const settlementNo = asked['extend.medicareNo']
  const payment = {
    paymentNo: payNo,
    billNo: recipeNo,
    totalFen: totalMoney,
    paidAt: asked.payTime,
    tenders: [
      { kind: 'pooled' as const, amountFen: overMoney, tradeNo: settlementNo ?? tradeNo },
      { kind: 'account' as const, amountFen: medicareMoney, tradeNo: settlementNo ?? tradeNo },
      { kind: 'self_pay' as const, amountFen: payMoney, tradeNo },
    ],
    insuranceSettlementNo: settlementNo,
  }
  return translated(payOnce(his, payment, lie), ({ receiptNo, guidance }: Paid) => ({
    recipeNo,
    payNo,
    receiptNo,
    guide: guidance.join('\n'),
  }))
}

type Paid = { receiptNo: string; guidance: string[] }

/** Of bills, places and stays alike; a number never heard of is refused. */
function paymentStatus(his: His, { payNo }: { payNo: string }): Answer {
  const receipt = receiptOfPayment(his.store, payNo)
  if (receipt) {
    const status = findBill(his, receipt.billNo)?.status
    const refunded = status === 'refunded' ? '3' : status === 'part_refunded' ? '2' : '1'
    return done({
      payNo,
      payStatus: refunded,
      businessNo: receipt.billNo,
      money: yuan(receipt.amountFen),
      receiptNo: receipt.receiptNo,
      payTime: wallClock(receipt.at),
    })
  }
  const stay = stayReceiptOf(his, payNo)
  if (!stay) return refusal('BILL_NOT_FOUND', '没有这笔支付')
  const { stayNo, amountFen, receiptNo, at } = stay
  const what = { businessNo: stayNo, money: yuan(amountFen), receiptNo }
  return done({ payNo, payStatus: '1', ...what, payTime: wallClock(at) })
}

type Fallback = Values<typeof FALLBACK_FIELDS>

/** 0 takes a payment back at once, 1 asks for a refund, 2 tells that it was made, 3 that it will not be. */
function fallback(his: His, asked: Fallback): Answer {
  const { fallbackType, payNo, refundNo, reason } = asked
  const deposit = fallbackType === '2' ? stayReceiptOf(his, payNo) : null
  if (deposit) return giveDepositBack(his, asked)
  const receipt = receiptOfPayment(his.store, payNo)
  if (!receipt) return refusal('BILL_NOT_FOUND', '没有这笔支付')
  const { billNo } = receipt
  const told = ({ receiptNo }: { receiptNo?: string }) => ({
    payNo,
    refundNo,
    money: yuan(asked.money),
    receiptNo: receiptNo ?? '',
  })
  if (fallbackType === '0') {
    return translated(voidWriteBack(his, { paymentNo: payNo, billNo, reason }), told)
  }
  if (fallbackType === '1') {
    const lines = (asked.itemList ?? []).map(({ itemNo }) => ({ lineNo: itemNo }))
    const wish = { refundNo, paymentNo: payNo, billNo, lines, amountFen: asked.money, reason }
    return translated(approveRefund(his, wish), told)
  }
  if (billNoOfRefund(his, refundNo) !== billNo) {
    return refusal('REFUND_NOT_ALLOWED', '请先申请退费')
  }
  if (fallbackType === '3') return translated(cancelRefund(his, { refundNo, reason }), told)
  if (!asked.refundTime) return refusal('INVALID_REQUEST', 'refundTime is missing')
  const back = { refundNo, amountFen: asked.money, at: asked.refundTime }
  return translated(refundOnce(his, back), told)
}

function giveDepositBack(his: His, { payNo, refundNo, money, refundTime }: Fallback): Answer {
  if (!refundTime) return refusal('INVALID_REQUEST', 'refundTime is missing')
  const refund = { refundNo, paymentNo: payNo, amountFen: money, at: refundTime }
  return translated(refundDeposit(his, refund), ({ receiptNo }: { receiptNo: string }) => ({
    payNo,
    refundNo,
    money: yuan(money),
    receiptNo,
  }))
}

function billOf(his: His, recipeNo: string, patientNo: string): Bill | null {
  const bill = findBill(his, recipeNo)
  return bill?.patientNo === patientNo ? bill : null
}

const recipeView = (bill: Bill) => ({
  recipeNo: bill.billNo,
  recipeVersion: String(bill.version),
  visitNo: bill.visitNo,
  recipeTime: wallClock(bill.createdAt),
  deptCode: bill.department.code,
  deptName: bill.department.name,
  doctorCode: bill.doctor.code,
  doctorName: bill.doctor.name,
  diagCode: bill.diagnosis.code,
  diagName: bill.diagnosis.name,
  totalMoney: yuan(bill.totalFen),
  itemList: bill.items.map((item) => ({
    itemNo: String(item.lineNo),
    itemCode: item.code,
    nationalCode: item.nationalCode,
    itemName: item.name,
    itemSpec: item.spec,
    itemUnit: item.unit,
    itemType: item.chargeCategory,
    medicareClass: { A: '甲', B: '乙', C: '丙' }[item.insuranceClass],
    price: yuan(item.unitPriceFen),
    num: String(item.quantity),
    money: yuan(item.amountFen),
  })),
})
