import { assert } from '../../../kernel/assert.ts'
import { type Fen, fen, toYuanText } from '../../../kernel/money.ts'
import { addMs, toShanghaiText } from '../../../kernel/time.ts'
import { type App, type Context, nowMs } from './context.ts'
import { findWallet, payerFields } from './wallets.ts'

/**
 *   PREPARED ──the payer scans the code──▶ WAIT_BUYER_PAY ──pay──▶ TRADE_SUCCESS ──in time──▶ TRADE_FINISHED
 *       └──────────────────────────────────────┴──close, cancel, time──▶ TRADE_CLOSED ◀──all refunded──┘
 *
 * PREPARED is no state of the protocol: there is only a code, and a query finds no trade.
 */
export type TradeState =
  | 'PREPARED'
  | 'WAIT_BUYER_PAY'
  | 'TRADE_SUCCESS'
  | 'TRADE_FINISHED'
  | 'TRADE_CLOSED'

export type Trade = {
  appId: string
  outTradeNo: string
  tradeNo: string | null
  method: string
  subject: string
  totalFen: Fen
  notifyUrl: string
  returnUrl: string
  qrCode: string | null
  authNo: string | null
  state: TradeState
  cancelled: boolean
  requestDigest: string
  /** Who may pay it, once that is known. */
  buyerId: string | null
  createdAt: Date
  expiresAt: Date
  paidAt: Date | null
  closedAt: Date | null
  feeFen: Fen | null
}

/** Every answer about a trade names it so. */
export const namesOf = (trade: Trade) => ({
  trade_no: trade.tradeNo,
  out_trade_no: trade.outTradeNo,
})

/** The answer of alipay.trade.query. */
export function tradeView(context: Context, app: App, trade: Trade): object {
  const wallet = trade.buyerId === null ? null : findWallet(context, trade.buyerId)
  const total = toYuanText(trade.totalFen)
  return {
    ...namesOf(trade),
    ...payerFields(app, wallet, 'buyer'),
    trade_status: trade.state,
    total_amount: total,
    ...(trade.paidAt === null
      ? { buyer_pay_amount: '0.00', receipt_amount: '0.00' }
      : { ...paidFields(trade), send_pay_date: toShanghaiText(trade.paidAt) }),
    point_amount: '0.00',
    invoice_amount: trade.paidAt === null ? '0.00' : total,
  }
}

/** How a paid trade was paid. */
export function paidFields(trade: Trade) {
  const amount = toYuanText(trade.totalFen)
  return {
    buyer_pay_amount: amount,
    receipt_amount: amount,
    fund_bill_list: [{ amount, fund_channel: 'ALIPAYACCOUNT' }],
  }
}

export function findTrade(context: Context, appId: string, outTradeNo: string): Trade | null {
  const row = context.store.get<TradeRow>(
    'select * from trade where app_id = ? and out_trade_no = ?',
    [appId, outTradeNo],
  )
  return row && toTrade(context, row)
}

/** The trade after a change to it. */
export function reload(context: Context, { appId, outTradeNo }: Trade): Trade {
  const trade = findTrade(context, appId, outTradeNo)
  assert(trade, `trade ${outTradeNo} is on file`)
  return trade
}

export function findTradeBy(
  context: Context,
  column: 'trade_no' | 'qr_code' | 'out_trade_no',
  value: string,
): Trade | null {
  const rows = context.store.all<TradeRow>(`select * from trade where ${column} = ?`, [value])
  const [row] = rows
  return row && rows.length === 1 ? toTrade(context, row) : null
}

export const listTrades = (context: Context): Trade[] =>
  context.store
    .all<TradeRow>('select * from trade order by rowid')
    .map((row) => toTrade(context, row))

/** Payments of one application from one instant until before another, in order of time. */
export const listPaidTrades = (context: Context, appId: string, from: Date, until: Date): Trade[] =>
  context.store
    .all<TradeRow>(
      `select * from trade where app_id = ? and paid_ms >= ? and paid_ms < ?
       order by paid_ms, trade_no`,
      [appId, from.getTime(), until.getTime()],
    )
    .map((row) => toTrade(context, row))

export function changeTrade(
  { store }: Context,
  { appId, outTradeNo }: Trade,
  changes: Partial<Omit<TradeRow, 'app_id' | 'out_trade_no'>>,
): void {
  const names = Object.keys(changes)
  const sets = names.map((name) => `${name} = ?`).join(', ')
  store.run(`update trade set ${sets} where app_id = ? and out_trade_no = ?`, [
    ...Object.values(changes),
    appId,
    outTradeNo,
  ])
}

function toTrade(context: Context, row: TradeRow): Trade {
  const instant = (ms: number | null) => (ms === null ? null : new Date(ms))
  const paidAt = instant(row.paid_ms)
  return {
    appId: row.app_id,
    outTradeNo: row.out_trade_no,
    tradeNo: row.trade_no,
    method: row.method,
    subject: row.subject,
    totalFen: fen(row.total_fen),
    notifyUrl: row.notify_url,
    returnUrl: row.return_url,
    qrCode: row.qr_code,
    authNo: row.auth_no,
    state: stateNow(context, row, paidAt),
    cancelled: row.cancelled === 1,
    requestDigest: row.request_digest,
    buyerId: row.buyer_id,
    createdAt: new Date(row.created_ms),
    expiresAt: new Date(row.expires_ms),
    paidAt,
    closedAt: instant(row.closed_ms),
    feeFen: row.fee_fen === null ? null : fen(row.fee_fen),
  }
}

/** Time alone closes what nobody paid, and finishes what was paid long ago. */
function stateNow(context: Context, row: TradeRow, paidAt: Date | null): TradeState {
  const now = nowMs(context)
  if (row.state === 'WAIT_BUYER_PAY' && now >= row.expires_ms) return 'TRADE_CLOSED'
  if (row.state === 'TRADE_SUCCESS' && paidAt) {
    const finished = addMs(paidAt, context.rules.refundableMs)
    return now >= finished.getTime() ? 'TRADE_FINISHED' : 'TRADE_SUCCESS'
  }
  return row.state
}

export type TradeRow = {
  app_id: string
  out_trade_no: string
  trade_no: string | null
  method: string
  subject: string
  total_fen: number
  notify_url: string
  return_url: string
  qr_code: string | null
  auth_no: string | null
  agreement_no: string | null
  state: Exclude<TradeState, 'TRADE_FINISHED'>
  cancelled: number
  request_digest: string
  buyer_id: string | null
  created_ms: number
  expires_ms: number
  paid_ms: number | null
  closed_ms: number | null
  fee_fen: number | null
}
