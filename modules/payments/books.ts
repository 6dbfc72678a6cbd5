import type { Fen } from '../../kernel/money.ts'
import { businessDateOf } from '../../kernel/time.ts'
import type { Account, NewEntry, Transfer } from '../ledger/index.ts'
import type { PartKind } from './money.ts'
import type { Payment } from './payment.ts'
import type { Move } from './provider.ts'
import type { Refund } from './refund/refund.ts'

// What the facts of a payment mean in the books. Three kinds of accounts: what each provider owes the hospital,
// what was taken from payers and is not yet the hospital's (or not yet theirs again), and what is.

export const receivable = (provider: string, part: PartKind): Account => ({
  code: `receivable/${provider}/${part}`,
  kind: 'asset',
})

/** Taken and not yet delivered, or to be returned and not yet gone. Zero once everything is over. */
export const IN_TRANSIT: Account = { code: 'in-transit', kind: 'liability' }

/** Paid for good: the hospital has given its receipt. */
const INCOME: Account = { code: 'income', kind: 'income' }

export const paymentSubject = (id: Payment['id']) => `payment:${id}`

/** Money taken or given back by a provider. */
export function entryOfMove(payment: Payment, provider: string, move: Move): NewEntry {
  return {
    hospitalId: payment.hospitalId,
    businessDate: businessDateOf(move.at),
    cause: `move:${provider}:${move.kind}:${move.ourNo}`,
    subject: paymentSubject(payment.id),
    memo: `${provider} ${move.kind} ${move.providerNo}`,
    transfers: move.parts.map((part) => transferOf(provider, move.kind, part.kind, part.amountFen)),
  }
}

const transferOf = (
  provider: string,
  kind: Move['kind'],
  part: PartKind,
  amountFen: Fen,
): Transfer =>
  kind === 'charge'
    ? { debit: receivable(provider, part), credit: IN_TRANSIT, amountFen }
    : { debit: IN_TRANSIT, credit: receivable(provider, part), amountFen }

/** The hospital has written its receipt: what was in transit has arrived. */
export const entryOfSuccess = (payment: Payment, paidAt: Date): NewEntry => ({
  hospitalId: payment.hospitalId,
  businessDate: businessDateOf(paidAt),
  cause: `payment:${payment.id}:succeeded`,
  subject: paymentSubject(payment.id),
  memo: 'paid',
  transfers: [{ debit: IN_TRANSIT, credit: INCOME, amountFen: payment.totalFen }],
})

/** The hospital agreed to give back: it is the payer's from now on. */
export const entryOfRefundBegun = (refund: Refund, at: Date): NewEntry => ({
  hospitalId: refund.hospitalId,
  businessDate: businessDateOf(at),
  cause: `refund:${refund.id}:begun`,
  subject: paymentSubject(refund.paymentId),
  memo: 'refund agreed',
  transfers: [{ debit: INCOME, credit: IN_TRANSIT, amountFen: refund.amountFen }],
})
