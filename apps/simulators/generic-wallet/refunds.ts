import { addFen, type Fen, fen, negateFen } from '../../../kernel/money.ts'
import { IN_TRANSIT, merchantAccount, OUTSIDE, PAYER, post } from './books.ts'
import { type Context, type Merchant, nowMs, Refusal } from './context.ts'
import { createNotice } from './notices.ts'
import { businessNo, existingPayment } from './payments.ts'

export type Refund = {
  reference: string
  paymentReference: string
  amountFen: Fen
  walletNo: string
  state: 'pending' | 'done' | 'failed'
  createdAt: Date
}

export type NewRefund = {
  reference: string
  paymentReference: string
  amountFen: Fen
  notifyUrl: string
  digest: string
}

/**
 * Takes the money from the merchant at once; the payer has it after the delay. A merchant whose balance is short is
 * lent what is missing, as a settlement would.
 */
export function placeRefund(context: Context, merchant: Merchant, request: NewRefund): Refund {
  const { store } = context
  const { reference, paymentReference, amountFen, digest, notifyUrl } = request
  const known = findRow(context, merchant, reference)
  if (known !== null) {
    if (known.digest !== digest) throw new Refusal('refund_different', 'used with another content')
    return viewOf(known)
  }
  const payment = existingPayment(context, merchant, paymentReference)
  const returned = addFen(
    ...refundsOf(context, merchant.merchantNo, paymentReference)
      .filter(({ state }) => state !== 'failed')
      .map((refund) => refund.amountFen),
  )
  if (payment.state !== 'paid' || returned + amountFen > payment.amountFen) {
    throw new Refusal('not_available', 'more than is left of the payment')
  }
  const walletNo = businessNo(context, 'R')
  const atMs = nowMs(context)
  post(store, {
    businessNo: walletNo,
    atMs,
    lines: [
      ...lent(context, merchant, amountFen),
      { account: merchantAccount(merchant.merchantNo), amountFen: negateFen(amountFen) },
      { account: IN_TRANSIT, amountFen },
    ],
  })
  store.run(
    `insert into refund (merchant, reference, payment_reference, digest, amount_fen, notify_url, wallet_no,
       state, created_ms, due_ms) values (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)`,
    [
      merchant.merchantNo,
      reference,
      paymentReference,
      digest,
      amountFen,
      notifyUrl,
      walletNo,
      atMs,
      atMs + context.refundDelayMs,
    ],
  )
  if (context.refundDelayMs === 0) finishRefund(context, merchant.merchantNo, reference)
  return existingRefund(context, merchant, reference)
}

/** The payer has the money. */
export function finishRefund(context: Context, merchantNo: string, reference: string): void {
  const row = context.store.get<RefundRow>(
    `select * from refund where merchant = ? and reference = ? and state = 'pending'`,
    [merchantNo, reference],
  )
  if (row === null) return
  post(context.store, {
    businessNo: `${row.wallet_no}/D`,
    atMs: nowMs(context),
    lines: [
      { account: IN_TRANSIT, amountFen: fen(0 - row.amount_fen) },
      { account: PAYER, amountFen: fen(row.amount_fen) },
    ],
  })
  context.store.run(
    `update refund set state = 'done', due_ms = null where merchant = ? and reference = ?`,
    [merchantNo, reference],
  )
  createNotice(context, {
    merchantNo,
    event: 'refunded',
    reference: row.payment_reference,
    refundReference: reference,
    url: row.notify_url,
  })
}

export function existingRefund(context: Context, merchant: Merchant, reference: string): Refund {
  const row = findRow(context, merchant, reference)
  if (row === null) throw new Refusal('refund_not_found', `there is no refund ${reference}`)
  return viewOf(row)
}

/** The refund that is due next. */
export function nextRefund({ store }: Context) {
  const row = store.get<RefundRow & { due_ms: number }>(
    'select * from refund where due_ms is not null order by due_ms, wallet_no limit 1',
  )
  return row && { merchantNo: row.merchant, reference: row.reference, dueMs: row.due_ms }
}

export const refundsOf = (
  { store }: Context,
  merchantNo: string,
  paymentReference: string,
): Refund[] =>
  store
    .all<RefundRow>('select * from refund where merchant = ? and payment_reference = ?', [
      merchantNo,
      paymentReference,
    ])
    .map(viewOf)

export const refundsOfDay = (
  { store }: Context,
  { merchantNo }: Merchant,
  from: Date,
  until: Date,
): Refund[] =>
  store
    .all<RefundRow>(
      `select * from refund where merchant = ? and created_ms >= ? and created_ms < ?
       and state <> 'failed' order by created_ms, wallet_no`,
      [merchantNo, from.getTime(), until.getTime()],
    )
    .map(viewOf)

function lent({ store }: Context, { merchantNo }: Merchant, amountFen: Fen) {
  const account = merchantAccount(merchantNo)
  const row = store.get<{ balance_fen: number }>('select balance_fen from account where name = ?', [
    account,
  ])
  const missing = fen(Math.max(0, amountFen - (row?.balance_fen ?? 0)))
  return [
    { account: OUTSIDE, amountFen: negateFen(missing) },
    { account, amountFen: missing },
  ]
}

const findRow = ({ store }: Context, { merchantNo }: Merchant, reference: string) =>
  store.get<RefundRow>('select * from refund where merchant = ? and reference = ?', [
    merchantNo,
    reference,
  ])

const viewOf = (row: RefundRow): Refund => ({
  reference: row.reference,
  paymentReference: row.payment_reference,
  amountFen: fen(row.amount_fen),
  walletNo: row.wallet_no,
  state: row.state,
  createdAt: new Date(row.created_ms),
})

type RefundRow = {
  merchant: string
  reference: string
  payment_reference: string
  digest: string
  amount_fen: number
  notify_url: string
  wallet_no: string
  state: 'pending' | 'done' | 'failed'
  created_ms: number
}
