import { assert } from '../../../kernel/assert.ts'
import { addFen, type Fen, fen, negateFen, toYuanText, ZERO } from '../../../kernel/money.ts'
import { toShanghaiText } from '../../../kernel/time.ts'
import { type BillDay, billText } from './bill-text.ts'
import type { Context, Merchant } from './context.ts'
import { findOrder, listPaidOrders, type Order } from './order.ts'
import { listAcceptedRefunds, type Refund } from './refund.ts'

export type BillType = 'ALL' | 'SUCCESS' | 'REFUND'

/**
 * The trade bill of a day: payments by the instant of success, refunds by that of acceptance.
 *
 * Shape: the whole file as text; null when there is nothing to write.
 * Units: yuan with two decimals, fees with five.
 * Source: the reference, section 5.
 */
export function tradeBill(
  context: Context,
  merchant: Merchant,
  day: BillDay,
  { type, isLie }: { type: BillType; isLie: boolean },
): string | null {
  const facts = factsOf(context, merchant, day, type)
  if (facts.length === 0) return null
  const told = isLie ? withOneAltered(facts) : facts
  const columns = COLUMNS_OF[type]
  return billText({
    columns,
    rows: told.map((fact) => {
      const cells = cellsOf(fact, merchant, day)
      return columns.map((column) => cells[column])
    }),
    summaryColumns: SUMMARY_COLUMNS,
    summary: summaryOf(told),
  })
}

type Fact = {
  at: Date
  order: Order
  refund: Refund | null
  orderFen: Fen
  refundFen: Fen
  /** Below zero for a fee given back. */
  feeFen: Fen
}

function factsOf(context: Context, { mchid }: Merchant, day: BillDay, type: BillType): Fact[] {
  const payments =
    type === 'REFUND' ? [] : listPaidOrders(context, mchid, day.from, day.until).map(paymentFact)
  const refunds =
    type === 'SUCCESS'
      ? []
      : listAcceptedRefunds(context, mchid, day.from, day.until).map((refund) => {
          const order = findOrder(context, mchid, refund.outTradeNo)
          assert(order, `the order of refund ${refund.refundId} is on file`)
          return refundFact(order, refund)
        })
  // The sort is stable, so of the same instant the payments come first.
  return [...payments, ...refunds].sort((a, b) => a.at.getTime() - b.at.getTime())
}

function paymentFact(order: Order): Fact {
  assert(order.paidAt && order.feeFen !== null, 'a payment has its time and fee')
  const { paidAt: at, totalFen: orderFen } = order
  // The fee of a payment that was reversed came back with it.
  const feeFen = order.state === 'REVOKED' ? ZERO : order.feeFen
  return { at, order, refund: null, orderFen, refundFen: ZERO, feeFen }
}

const refundFact = (order: Order, refund: Refund): Fact => ({
  at: refund.createdAt,
  order,
  refund,
  orderFen: ZERO,
  refundFen: refund.amountFen,
  feeFen: negateFen(refund.feeFen),
})

/** One yuan more on the first payment: small enough to be overlooked, and in every sum. */
function withOneAltered(facts: Fact[]): Fact[] {
  const first = facts.findIndex((fact) => fact.refund === null)
  return facts.map((fact, i) =>
    i === first ? { ...fact, orderFen: addFen(fact.orderFen, fen(100)) } : fact,
  )
}

const PAYMENT_COLUMNS = [
  '交易时间',
  '公众账号ID',
  '商户号',
  '特约商户号',
  '设备号',
  '微信订单号',
  '商户订单号',
  '用户标识',
  '交易类型',
  '交易状态',
  '付款银行',
  '货币种类',
  '应结订单金额',
  '代金券金额',
] as const
const REFUND_TIME_COLUMNS = ['退款申请时间', '退款成功时间'] as const
const REFUND_COLUMNS = [
  '微信退款单号',
  '商户退款单号',
  '退款金额',
  '充值券退款金额',
  '退款类型',
  '退款状态',
] as const
const PRODUCT_COLUMNS = ['商品名称', '商户数据包', '手续费', '费率', '订单金额'] as const

const COLUMNS_OF = {
  ALL: [...PAYMENT_COLUMNS, ...REFUND_COLUMNS, ...PRODUCT_COLUMNS, '申请退款金额', '费率备注'],
  SUCCESS: [...PAYMENT_COLUMNS, ...PRODUCT_COLUMNS, '费率备注'],
  REFUND: [
    ...PAYMENT_COLUMNS,
    ...REFUND_TIME_COLUMNS,
    ...REFUND_COLUMNS,
    ...PRODUCT_COLUMNS,
    '申请退款金额',
    '费率备注',
  ],
} as const

type Column = (typeof COLUMNS_OF)[BillType][number]

function cellsOf(fact: Fact, merchant: Merchant, day: BillDay): Record<Column, string> {
  const { order, refund } = fact
  const finishedAt = refund?.finishedAt ?? null
  return {
    交易时间: toShanghaiText(fact.at),
    公众账号ID: order.appid,
    商户号: merchant.mchid,
    特约商户号: '0',
    设备号: order.deviceId ?? '',
    微信订单号: order.transactionId ?? '',
    商户订单号: order.outTradeNo,
    用户标识: order.payerOpenid ?? '',
    交易类型: order.tradeType,
    交易状态: refund ? 'REFUND' : order.state === 'REVOKED' ? 'REVOKED' : 'SUCCESS',
    付款银行: 'OTHERS',
    货币种类: 'CNY',
    应结订单金额: toYuanText(fact.orderFen),
    代金券金额: '0.00',
    退款申请时间: refund ? toShanghaiText(refund.createdAt) : '',
    退款成功时间:
      refund?.status === 'SUCCESS' && finishedAt && finishedAt <= day.madeAt
        ? toShanghaiText(finishedAt)
        : '',
    微信退款单号: refund?.refundId ?? '0',
    商户退款单号: refund?.outRefundNo ?? '0',
    退款金额: toYuanText(fact.refundFen),
    充值券退款金额: '0.00',
    退款类型: refund ? 'ORIGINAL' : '',
    退款状态: refund ? refundStatus(refund, day) : '',
    商品名称: order.description,
    商户数据包: order.attach,
    手续费: feeText(fact.feeFen),
    费率: rateText(order.feePpm ?? 0),
    订单金额: toYuanText(fact.orderFen),
    申请退款金额: toYuanText(fact.refundFen),
    费率备注: '',
  }
}

/** As it stood when the bill was made, and never brought up to date. */
function refundStatus(refund: Refund, day: BillDay): string {
  if (refund.finishedAt === null || refund.finishedAt > day.madeAt) return 'PROCESSING'
  return refund.status === 'ABNORMAL' ? 'CHANGE' : 'SUCCESS'
}

const SUMMARY_COLUMNS = [
  '总交易单数',
  '应结订单总金额',
  '退款总金额',
  '充值券退款总金额',
  '手续费总金额',
  '订单总金额',
  '申请退款总金额',
]

function summaryOf(facts: Fact[]): string[] {
  const orderText = toYuanText(addFen(...facts.map((fact) => fact.orderFen)))
  const refundText = toYuanText(addFen(...facts.map((fact) => fact.refundFen)))
  const fees = addFen(...facts.map((fact) => fact.feeFen))
  const count = String(facts.length)
  return [count, orderText, refundText, '0.00', feeText(fees), orderText, refundText]
}

/** Five decimals, of which whole fen fill two. */
const feeText = (amount: Fen) => `${toYuanText(amount)}000`

/** 6000 ppm is '0.60%': two decimals, or as many as it takes. */
export function rateText(ppm: number): string {
  const digits = String(ppm).padStart(5, '0')
  const decimals = digits.slice(-4).replace(/0{1,2}$/, '')
  return `${digits.slice(0, -4)}.${decimals}%`
}
