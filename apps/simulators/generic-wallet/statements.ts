import { type Fen, fen, negateFen } from '../../../kernel/money.ts'
import { addDays, instantAt, isBusinessDate } from '../../../kernel/time.ts'
import { type Context, type Merchant, Refusal } from './context.ts'
import { paidPayments } from './payments.ts'
import { refundsOfDay } from './refunds.ts'

export type StatementRow = {
  type: 'payment' | 'refund'
  paymentReference: string
  refundReference: string | null
  walletNo: string
  /** Above zero, of a refund as well. */
  amountFen: Fen
  feeFen: Fen
  at: Date
}

const READY_AT = '08:00:00' // of the next day

/** All that moved on a day of Shanghai. Throws a Refusal before it is made, and for a day without movement. */
export function statementOf(context: Context, merchant: Merchant, date: string): StatementRow[] {
  if (!isBusinessDate(date)) throw new Refusal('invalid', 'date is no day like 2026-11-21')
  if (context.clock.now() < instantAt(addDays(date, 1), READY_AT)) {
    throw new Refusal('statement_not_ready', 'made from 08:00 of the next day')
  }
  const [from, until] = [instantAt(date), instantAt(addDays(date, 1))]
  const payments = paidPayments(context, merchant, from, until).map((payment): StatementRow => ({
    type: 'payment',
    paymentReference: payment.reference,
    refundReference: null,
    walletNo: payment.walletNo ?? '',
    amountFen: payment.amountFen,
    feeFen: payment.feeFen,
    at: payment.paidAt ?? from,
  }))
  const refunds = refundsOfDay(context, merchant, from, until).map((refund): StatementRow => ({
    type: 'refund',
    paymentReference: refund.paymentReference,
    refundReference: refund.reference,
    walletNo: refund.walletNo,
    amountFen: refund.amountFen,
    feeFen: fen(0),
    at: refund.createdAt,
  }))
  if (payments.length + refunds.length === 0) {
    throw new Refusal('statement_empty', 'nothing moved on that day')
  }
  return [...payments, ...refunds].sort((a, b) => a.at.getTime() - b.at.getTime())
}

export const sumOf = (rows: readonly StatementRow[], type: StatementRow['type']): Fen =>
  fen(rows.filter((row) => row.type === type).reduce((sum, row) => sum + row.amountFen, 0))

export const countOf = (rows: readonly StatementRow[], type: StatementRow['type']): number =>
  rows.filter((row) => row.type === type).length

export const signedAmount = ({ type, amountFen }: StatementRow): Fen =>
  type === 'payment' ? amountFen : negateFen(amountFen)
