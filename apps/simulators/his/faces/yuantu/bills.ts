import { findBill, isPaid, listBills } from '../../bill-rows.ts'
import type { His } from '../../context.ts'
import { coverageOf } from '../../coverage.ts'
import { payOnce, refundOnce } from '../../pay-once.ts'
import { type Answer, type Bill, done, MAX_ITEMS, MAX_OPEN_BILLS, refusal } from '../../protocol.ts'
import { receiptOfPayment } from '../../receipts.ts'
import { approveRefund, billNoOfRefund, cancelRefund } from '../../refunds.ts'
import { getRegistration } from '../../registrations.ts'
import { personOf } from '../../registry.ts'
import { stayReceiptOf } from '../../stay-money.ts'
import { voidWriteBack } from '../../write-back.ts'
import {
  fenAmount,
  list,
  moment,
  oneOf,
  optional,
  text,
  wallClock,
  wholeNumber,
} from '../fields.ts'
import { service, type Service, translated } from '../service.ts'
import { ORDER } from './codes.ts'
import { PAYMENT_FIELDS, type PaymentBlock, paymentIn } from './payment-block.ts'
import { stateOfPlace } from './registration.ts'

/** What is to be paid, its payment, and what goes back. */
export const billServices: Record<string, Service> = {
  'query.wait.balance.bill.list': service({
    shape: { patientId: text(30) },
    operation: 'bills.list',
    key: ({ patientId }) => patientId,
    run(his, { patientId }) {
      const person = personOf(his.registry, patientId)
      if (!person) return refusal('PATIENT_NOT_FOUND', 'no such patientId')
      const filter = { personNo: person.no, status: 'open', limit: MAX_OPEN_BILLS } as const
      const bills = listBills(his, filter).filter(({ billNo }) => !getRegistration(his, billNo))
      return done(bills.map(billView))
    },
  }),
  'query.wait.balance.bill.item.list': service({
    shape: { patientId: text(30), billNo: text(30) },
    operation: 'bills.get',
    key: ({ billNo }) => billNo,
    run(his, { patientId, billNo }) {
      const bill = billOf(his, billNo, patientId)
      if (!bill) return refusal('BILL_NOT_FOUND', 'the patient has no such bill')
      return done({ ...billView(bill), billItem: bill.items.map(itemView) })
    },
  }),
  'pre.balance.bill': service({
    shape: { patientId: text(30), billNo: text(30), patientType: optional(oneOf('0', '1')) },
    operation: 'bills.preSettle',
    key: ({ billNo }) => billNo,
    run: preBalance,
  }),
  'balance.and.pay.bill': service({
    shape: {
      patientId: text(30),
      billNo: text(30),
      billVersion: wholeNumber(9_999),
      ...PAYMENT_FIELDS,
    },
    operation: 'bills.writeBack',
    key: ({ billNo }) => billNo,
    run: balanceAndPay,
  }),
  'op.pay.confirm': service({
    shape: { outTradeNo: text(32) },
    operation: 'bills.get',
    key: tradeKey,
    run: answerOrder,
  }),
  'sao.ma.query.order': service({
    shape: { outTradeNo: text(32) },
    operation: 'bills.get',
    key: tradeKey,
    run: answerOrder,
  }),
  'consume.flushes.vs.cash': service({
    shape: { outTradeNo: text(32), billNo: text(30), reason: text(200) },
    operation: 'bills.voidWriteBack',
    key: ({ billNo }) => billNo,
    run(his, { outTradeNo, billNo, reason }) {
      const answer = voidWriteBack(his, { paymentNo: outTradeNo, billNo, reason })
      return translated(answer, ({ voidedAt }: { voidedAt: string }) => ({
        outTradeNo,
        orderStatus: ORDER.over,
        flushTime: wallClock(voidedAt),
      }))
    },
  }),
  'back.fee.user.cash': service({
    shape: {
      outTradeNo: text(32),
      refundTradeNo: text(32),
      refundStatus: oneOf(ORDER.processing, ORDER.refunded, ORDER.notRefunded),
      cash: fenAmount,
      refundTime: optional(moment),
      reason: text(200),
      billItem: optional(list({ itemNo: wholeNumber(MAX_ITEMS) }, MAX_ITEMS)),
    },
    operation: 'refunds.approve',
    key: tradeKey,
    run: backFee,
  }),
}

function preBalance(
  his: His,
  {
    patientId,
    billNo,
    patientType,
  }: { patientId: string; billNo: string; patientType: string | null },
): Answer {
  const bill = billOf(his, billNo, patientId)
  const person = personOf(his.registry, patientId)
  if (!bill || !person) return refusal('BILL_NOT_FOUND', 'the patient has no such bill')
  if (bill.status !== 'open') return refusal('BILL_VOID', `the bill is ${bill.status}`)
  const insured = patientType === '1' ? person : { ...person, insurance: null }
  const coverage = coverageOf(his.registry, insured, bill.items)
  return done({
    billNo,
    billVersion: bill.version,
    billAmount: coverage.totalFen,
    fundAmt: coverage.pooledFen,
    accountAmt: coverage.accountFen,
    selfAmt: coverage.selfFen,
  })
}

type Pay = PaymentBlock & { patientId: string; billNo: string; billVersion: number }

function balanceAndPay(his: His, asked: Pay, lie: boolean): Answer {
  const bill = billOf(his, asked.billNo, asked.patientId)
  if (!bill) return refusal('BILL_NOT_FOUND', 'the patient has no such bill')
  if (bill.status === 'open' && asked.billVersion !== bill.version) {
    return refusal('BILL_CHANGED', `billVersion is ${bill.version}`)
  }
  const payment = paymentIn(asked)
  if ('code' in payment) return payment
  const answer = payOnce(his, { ...payment, billNo: asked.billNo }, lie)
  return translated(
    answer,
    ({ receiptNo, guidance }: { receiptNo: string; guidance: string[] }) => ({
      outTradeNo: asked.outTradeNo,
      billNo: asked.billNo,
      orderStatus: ORDER.done,
      receiptNo,
      guideInfo: guidance.map((text, i) => ({ sortNo: i + 1, text })),
    }),
  )
}

/** How a payment stands, by its number; one nobody told of is refused. */
function answerOrder(his: His, { outTradeNo }: { outTradeNo: string }): Answer {
  const receipt = receiptOfPayment(his.store, outTradeNo)
  const bill = receipt && findBill(his, receipt.billNo)
  const place = getRegistration(his, outTradeNo)
  if (bill) {
    const state = bill.status === 'refunded' ? ORDER.refunded : ORDER.done
    return done({
      outTradeNo,
      orderStatus: state,
      cash: receipt.amountFen,
      billNo: bill.billNo,
      receiptNo: receipt.receiptNo,
      payTime: wallClock(receipt.at),
    })
  }
  const stay = stayReceiptOf(his, outTradeNo)
  if (stay) {
    const { receiptNo, amountFen, at } = stay
    const state = { orderStatus: ORDER.done, cash: amountFen, billNo: stay.stayNo, receiptNo }
    return done({ outTradeNo, ...state, payTime: wallClock(at) })
  }
  if (!place) return refusal('REGISTRATION_NOT_FOUND', 'nothing is known of this outTradeNo')
  const orderStatus = stateOfPlace(his, place)
  const none = { receiptNo: null, payTime: null }
  return done({ outTradeNo, orderStatus, cash: place.feeFen, billNo: place.billNo, ...none })
}

type BackFee = {
  outTradeNo: string
  refundTradeNo: string
  refundStatus: '101' | '500' | '501'
  cash: number
  refundTime: Date | null
  reason: string
  billItem: { itemNo: number }[] | null
}

/** 101 asks whether money may go back and holds the items, 500 says that it is back, 501 that it will not be. */
function backFee(his: His, asked: BackFee): Answer {
  const { outTradeNo, refundTradeNo, refundStatus, cash, reason } = asked
  const receipt = receiptOfPayment(his.store, outTradeNo)
  if (!receipt) return refusal('BILL_NOT_FOUND', 'nothing was paid by this outTradeNo')
  const { billNo } = receipt
  const told = (status: string) => (data: { receiptNo?: string }) => ({
    refundTradeNo,
    orderStatus: status,
    receiptNo: data.receiptNo ?? null,
  })
  if (refundStatus === '101') {
    const lines = (asked.billItem ?? []).map(({ itemNo }) => ({ lineNo: itemNo }))
    const wish = { refundNo: refundTradeNo, paymentNo: outTradeNo, billNo, lines, reason }
    return translated(approveRefund(his, { ...wish, amountFen: cash }), told(ORDER.processing))
  }
  if (billNoOfRefund(his, refundTradeNo) !== billNo) {
    return refusal('REFUND_NOT_ALLOWED', 'refundStatus 101 comes first')
  }
  if (refundStatus === '501') {
    const given = cancelRefund(his, { refundNo: refundTradeNo, reason })
    return translated(given, told(ORDER.notRefunded))
  }
  if (!asked.refundTime) return refusal('INVALID_REQUEST', 'refundTime is missing')
  const back = { refundNo: refundTradeNo, amountFen: cash, at: asked.refundTime }
  return translated(refundOnce(his, back), told(ORDER.refunded))
}

function billOf(his: His, billNo: string, patientNo: string): Bill | null {
  const bill = findBill(his, billNo)
  return bill?.patientNo === patientNo ? bill : null
}

const billView = (bill: Bill) => ({
  billNo: bill.billNo,
  billVersion: bill.version,
  visitNo: bill.visitNo,
  billDate: wallClock(bill.createdAt),
  billAmount: bill.totalFen,
  billType: bill.kind === 'registration' ? '1' : '2',
  billStatus: bill.status === 'open' ? '0' : isPaid(bill) ? '1' : '2',
  deptCode: bill.department.code,
  deptName: bill.department.name,
  doctCode: bill.doctor.code,
  doctName: bill.doctor.name,
  diagCode: bill.diagnosis.code,
  diagName: bill.diagnosis.name,
})

const itemView = (item: Bill['items'][number]) => ({
  itemNo: item.lineNo,
  itemCode: item.code,
  nationalCode: item.nationalCode,
  itemName: item.name,
  itemSpec: item.spec,
  itemUnit: item.unit,
  itemType: item.chargeCategory,
  insurClass: item.insuranceClass,
  itemPrice: item.unitPriceFen,
  itemQty: item.quantity,
  itemAmount: item.amountFen,
  itemStatus: item.status === 'charged' ? '0' : item.status === 'dispensed' ? '1' : '2',
})

function tradeKey({ outTradeNo }: { outTradeNo: string }, his: His): string {
  return (
    receiptOfPayment(his.store, outTradeNo)?.billNo ??
    getRegistration(his, outTradeNo)?.billNo ??
    'unknown'
  )
}
