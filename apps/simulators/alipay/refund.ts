import { type Fen, fen } from '../../../kernel/money.ts'
import type { Context } from './context.ts'
import type { Trade } from './trade.ts'

export type Refund = {
  appId: string
  outTradeNo: string
  outRequestNo: string
  amountFen: Fen
  /** The part of the payment's fee the merchant gets back. */
  feeFen: Fen
  reason: string
  at: Date
}

/** In the order they happened. */
export const listRefundsOf = ({ store }: Context, { appId, outTradeNo }: Trade): Refund[] =>
  store
    .all<RefundRow>('select * from refund where app_id = ? and out_trade_no = ? order by rowid', [
      appId,
      outTradeNo,
    ])
    .map(toRefund)

export const listRefunds = ({ store }: Context): Refund[] =>
  store.all<RefundRow>('select * from refund order by rowid').map(toRefund)

/** Refunds of one application from one instant until before another. */
export const listRefundsBetween = (
  { store }: Context,
  appId: string,
  from: Date,
  until: Date,
): Refund[] =>
  store
    .all<RefundRow>(
      'select * from refund where app_id = ? and at_ms >= ? and at_ms < ? order by at_ms, rowid',
      [appId, from.getTime(), until.getTime()],
    )
    .map(toRefund)

const toRefund = (row: RefundRow): Refund => ({
  appId: row.app_id,
  outTradeNo: row.out_trade_no,
  outRequestNo: row.out_request_no,
  amountFen: fen(row.amount_fen),
  feeFen: fen(row.fee_fen),
  reason: row.reason,
  at: new Date(row.at_ms),
})

type RefundRow = {
  app_id: string
  out_trade_no: string
  out_request_no: string
  amount_fen: number
  fee_fen: number
  reason: string
  at_ms: number
}
