import { type Fen, fen } from '../../../kernel/money.ts'
import { toShanghaiIso } from '../../../kernel/time.ts'
import type { Context } from './context.ts'
import type { Order } from './order.ts'

export type Refund = {
  refundId: string
  mchid: string
  outRefundNo: string
  outTradeNo: string
  notifyUrl: string | null
  fundsAccount: string
  requestDigest: string
  amountFen: Fen
  /** The part of the payment's fee the merchant gets back. */
  feeFen: Fen
  status: RefundStatus
  createdAt: Date
  finishedAt: Date | null
  /** Where the merchant sent it when it was ABNORMAL. */
  redirectedTo: 'USER_BANK_CARD' | 'MERCHANT_BANK_CARD' | null
}

export type RefundStatus = 'PROCESSING' | 'SUCCESS' | 'ABNORMAL'

/** The refund object of section 2.3, for answers and queries. */
export function refundView(order: Order, refund: Refund): object {
  return {
    ...refundFacts(order, refund),
    channel: refund.redirectedTo === null ? 'ORIGINAL' : 'OTHER_BANKCARD',
    create_time: toShanghaiIso(refund.createdAt),
    status: refund.status,
    funds_account: refund.fundsAccount,
    amount: {
      ...refundAmount(order, refund),
      from: [],
      settlement_refund: refund.amountFen,
      settlement_total: order.totalFen,
      discount_refund: 0,
      currency: 'CNY',
      refund_fee: refund.feeFen,
    },
    promotion_detail: [],
  }
}

/** What a refund's notice carries: refund_status in the place of status. */
export const refundNotice = (order: Order, refund: Refund) => ({
  mchid: refund.mchid,
  ...refundFacts(order, refund),
  refund_status: refund.status,
  amount: refundAmount(order, refund),
})

const refundFacts = (order: Order, refund: Refund) => ({
  refund_id: refund.refundId,
  out_refund_no: refund.outRefundNo,
  transaction_id: order.transactionId,
  out_trade_no: refund.outTradeNo,
  user_received_account: RECEIVED_BY[refund.redirectedTo ?? 'WALLET'],
  ...(refund.status === 'SUCCESS' &&
    refund.finishedAt && { success_time: toShanghaiIso(refund.finishedAt) }),
})

const RECEIVED_BY = {
  WALLET: '支付用户零钱',
  USER_BANK_CARD: '用户银行卡',
  MERCHANT_BANK_CARD: '商户结算银行账户',
}

const refundAmount = (order: Order, refund: Refund) => ({
  total: order.totalFen,
  refund: refund.amountFen,
  payer_total: order.totalFen,
  payer_refund: refund.amountFen,
})

export function findRefund(context: Context, mchid: string, outRefundNo: string): Refund | null {
  const row = context.store.get<RefundRow>(
    'select * from refund where mchid = ? and out_refund_no = ?',
    [mchid, outRefundNo],
  )
  return row && toRefund(row)
}

/** The refund to be finished next, and when. */
export function nextRefund({ store }: Context): { refund: Refund; dueMs: number } | null {
  const row = store.get<RefundRow>(
    'select * from refund where due_ms is not null order by due_ms, rowid limit 1',
  )
  return row && { refund: toRefund(row), dueMs: row.due_ms ?? 0 }
}

/** In the order they were accepted. */
export const listRefundsOf = (context: Context, order: Order): Refund[] =>
  context.store
    .all<RefundRow>('select * from refund where mchid = ? and out_trade_no = ? order by rowid', [
      order.mchid,
      order.outTradeNo,
    ])
    .map(toRefund)

export const listRefunds = ({ store }: Context): Refund[] =>
  store.all<RefundRow>('select * from refund order by rowid').map(toRefund)

/** Refunds of one merchant accepted from one instant until before another. */
export const listAcceptedRefunds = (
  { store }: Context,
  mchid: string,
  from: Date,
  until: Date,
): Refund[] =>
  store
    .all<RefundRow>(
      `select * from refund where mchid = ? and created_ms >= ? and created_ms < ?
       order by created_ms, rowid`,
      [mchid, from.getTime(), until.getTime()],
    )
    .map(toRefund)

const toRefund = (row: RefundRow): Refund => ({
  refundId: row.refund_id,
  mchid: row.mchid,
  outRefundNo: row.out_refund_no,
  outTradeNo: row.out_trade_no,
  notifyUrl: row.notify_url,
  fundsAccount: row.funds_account,
  requestDigest: row.request_digest,
  amountFen: fen(row.amount_fen),
  feeFen: fen(row.fee_fen),
  status: row.status,
  createdAt: new Date(row.created_ms),
  finishedAt: row.finished_ms === null ? null : new Date(row.finished_ms),
  redirectedTo: row.redirected_to,
})

type RefundRow = {
  refund_id: string
  mchid: string
  out_refund_no: string
  out_trade_no: string
  notify_url: string | null
  funds_account: string
  request_digest: string
  amount_fen: number
  fee_fen: number
  status: RefundStatus
  created_ms: number
  due_ms: number | null
  finished_ms: number | null
  redirected_to: Refund['redirectedTo']
}
