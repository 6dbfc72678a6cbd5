import { assert } from '../../../kernel/assert.ts'
import { type Fen, fen, negateFen, shareFen, subtractFen } from '../../../kernel/money.ts'
import { randomHex } from '../../../kernel/random.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import type { ScannedCode } from '../kit/simulator.ts'
import { FEES, merchantAccount, PAYER, post } from './books.ts'
import { type Context, type Merchant, nowMs, Refusal } from './context.ts'
import { createNotice } from './notices.ts'

export type Payment = {
  merchant: string
  reference: string
  amountFen: Fen
  subject: string
  /** What the code or the page of it ends with. */
  token: string
  state: 'open' | 'paid' | 'cancelled' | 'expired'
  walletNo: string | null
  paidAt: Date | null
  feeFen: Fen
  notifyUrl: string
}

export type NewPayment = {
  reference: string
  amountFen: Fen
  subject: string
  expiresAt: Date
  notifyUrl: string
  /** Of all that was sent: the same number with another content is refused. */
  digest: string
}

export function placePayment(context: Context, merchant: Merchant, request: NewPayment): Payment {
  const { store } = context
  const { reference, digest } = request
  if (isBarred(context, merchant, reference)) throw new Refusal('cancelled', 'the number is barred')
  const row = findRow(context, merchant.merchantNo, reference)
  if (row !== null) {
    if (row.digest !== digest) throw new Refusal('different', 'used with another content')
    const known = viewOf(context, row)
    if (known.state === 'paid') throw new Refusal('captured', 'it is paid')
    if (known.state !== 'open') throw new Refusal('cancelled', `it is ${known.state}`)
    return known
  }
  const { amountFen, subject, notifyUrl, expiresAt } = request
  if (expiresAt <= context.clock.now()) throw new Refusal('invalid', 'it has expired already')
  store.run(
    `insert into payment (merchant, reference, digest, amount_fen, subject, notify_url, token, state,
       created_ms, expires_ms) values (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)`,
    [
      merchant.merchantNo,
      reference,
      digest,
      amountFen,
      subject,
      notifyUrl,
      randomHex(context.random, 16),
      nowMs(context),
      expiresAt.getTime(),
    ],
  )
  return existingPayment(context, merchant, reference)
}

export function existingPayment(context: Context, merchant: Merchant, reference: string): Payment {
  const row = findRow(context, merchant.merchantNo, reference)
  if (row === null) throw new Refusal('payment_not_found', `there is no payment ${reference}`)
  return viewOf(context, row)
}

/** A number never used is barred; a paid one is refused; any other is over. Null for a number never used. */
export function cancelPayment(
  context: Context,
  merchant: Merchant,
  reference: string,
): Payment | null {
  const row = findRow(context, merchant.merchantNo, reference)
  if (row === null) {
    context.store.run(
      'insert into barred (merchant, reference) values (?, ?) on conflict do nothing',
      [merchant.merchantNo, reference],
    )
    return null
  }
  if (row.state === 'paid') throw new Refusal('captured', 'it is paid')
  context.store.run(`update payment set state = 'cancelled' where merchant = ? and reference = ?`, [
    merchant.merchantNo,
    reference,
  ])
  return existingPayment(context, merchant, reference)
}

export const isBarred = (context: Context, { merchantNo }: Merchant, reference: string): boolean =>
  context.store.get('select 1 from barred where merchant = ? and reference = ?', [
    merchantNo,
    reference,
  ]) !== null

export type PayOutcome = 'paid' | 'unknown_payment' | 'not_open'

/** The payer pays, in one transaction; the merchant hears of it. */
export function pay(context: Context, merchantNo: string, reference: string): PayOutcome {
  const { store } = context
  return store.transaction(() => {
    const row = findRow(context, merchantNo, reference)
    const merchant = context.merchants.get(merchantNo)
    if (row === null || merchant === undefined) return 'unknown_payment'
    if (viewOf(context, row).state !== 'open') return 'not_open'
    const amountFen = fen(row.amount_fen)
    const feeFen = shareFen(amountFen, merchant.feePpm)
    const walletNo = businessNo(context, 'W')
    const atMs = nowMs(context)
    post(store, {
      businessNo: walletNo,
      atMs,
      lines: [
        { account: PAYER, amountFen: negateFen(amountFen) },
        { account: merchantAccount(merchantNo), amountFen: subtractFen(amountFen, feeFen) },
        { account: FEES, amountFen: feeFen },
      ],
    })
    store.run(
      `update payment set state = 'paid', wallet_no = ?, paid_ms = ?, fee_fen = ?
       where merchant = ? and reference = ?`,
      [walletNo, atMs, feeFen, merchantNo, reference],
    )
    createNotice(context, {
      merchantNo,
      event: 'paid',
      reference,
      refundReference: null,
      url: row.notify_url,
    })
    return 'paid'
  })
}

/** What the payer is shown before they pay. */
export function scanned({ merchants }: Context, payment: Payment): ScannedCode {
  const { merchant, subject: description, amountFen, state } = payment
  return {
    merchantName: merchants.get(merchant)?.name ?? merchant,
    description,
    amountFen,
    state: state === 'cancelled' ? 'closed' : state,
  }
}

/** A number of the wallet's own: a letter, the day, and a serial that never comes again. */
export function businessNo({ clock, store }: Context, letter: string): string {
  const day = businessDateOf(clock.now()).replaceAll('-', '')
  return `${letter}${day}${String(store.nextSerial('business')).padStart(12, '0')}`
}

export function paidPayments(context: Context, merchant: Merchant, from: Date, until: Date) {
  const rows = context.store.all<PaymentRow>(
    'select * from payment where merchant = ? and paid_ms >= ? and paid_ms < ? order by paid_ms, wallet_no',
    [merchant.merchantNo, from.getTime(), until.getTime()],
  )
  return rows.map((row) => viewOf(context, row))
}

/** By the merchant's number, whoever the merchant is: for the payer's hands. */
export function findAnywhere(context: Context, reference: string): Payment | null {
  const row = context.store.get<PaymentRow>('select * from payment where reference = ?', [
    reference,
  ])
  return row && viewOf(context, row)
}

const findRow = ({ store }: Context, merchantNo: string, reference: string): PaymentRow | null =>
  store.get<PaymentRow>('select * from payment where merchant = ? and reference = ?', [
    merchantNo,
    reference,
  ])

function viewOf(context: Context, row: PaymentRow): Payment {
  const hasExpired = row.state === 'open' && row.expires_ms <= nowMs(context)
  assert(row.state !== 'paid' || row.wallet_no !== null, `${row.reference} is paid by a number`)
  return {
    merchant: row.merchant,
    reference: row.reference,
    amountFen: fen(row.amount_fen),
    subject: row.subject,
    token: row.token,
    state: hasExpired ? 'expired' : row.state,
    walletNo: row.wallet_no,
    paidAt: row.paid_ms === null ? null : new Date(row.paid_ms),
    feeFen: fen(row.fee_fen),
    notifyUrl: row.notify_url,
  }
}

type PaymentRow = {
  merchant: string
  reference: string
  digest: string
  amount_fen: number
  subject: string
  notify_url: string
  token: string
  state: 'open' | 'paid' | 'cancelled'
  expires_ms: number
  wallet_no: string | null
  paid_ms: number | null
  fee_fen: number
}
