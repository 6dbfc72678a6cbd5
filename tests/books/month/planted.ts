import type { BusinessDate } from '../../../kernel/time.ts'
import type { Kind } from './deck.ts'

/** What went wrong once, and all that must come out because of it. */
export type Planted = {
  kind: Kind
  date: BusinessDate
  differences: ExpectedDifference[]
  cases: ExpectedCase[]
  /** What stays on the receivable of a provider, as no entry can put it right: above zero, it was to have more. */
  leftFen: { provider: string; amountFen: number }[]
  /** Lines that were billed with another fee than the contract has. */
  fees: ExpectedFee[]
  batches: { provider: string; date: BusinessDate; status: 'short' | 'late'; missingFen: number }[]
  /** Payouts of which another amount is expected until their list is given out again: above zero, more. */
  corrected: { provider: string; date: BusinessDate; at: Date; openFen: number }[]
  /** Receipts that nothing explains, by the bank's number. */
  unexplained: { ref: string; amountFen: number; bookedOn: BusinessDate }[]
  /** Days that are closed a second time. */
  closedAgain: BusinessDate[]
  /** Days that cannot be closed. */
  neverClosed: BusinessDate[]
}

export type ExpectedDifference = {
  date: BusinessDate
  source: string
  class: string
  kind: 'charge' | 'return'
  ourNo: string
  oursFen: number
  theirsFen: number
  status: 'repaired' | 'explained'
}

export type ExpectedFee = {
  provider: string
  date: BusinessDate
  ourNo: string
  billedFen: number
  contractFen: number
}

export type ExpectedCase = {
  date: BusinessDate
  source: string
  class: string
  subject: string
  amountFen: number
  /** Null while it stays open. */
  resolution: string | null
}

export const planted = (
  kind: Kind,
  date: BusinessDate,
  what: Partial<Omit<Planted, 'kind' | 'date'>>,
): Planted => ({
  kind,
  date,
  differences: [],
  cases: [],
  leftFen: [],
  fees: [],
  batches: [],
  corrected: [],
  unexplained: [],
  closedAgain: [],
  neverClosed: [],
  ...what,
})

export const differenceText = (d: Omit<ExpectedDifference, 'status'> & { status: string }) =>
  [d.date, d.source, d.class, d.kind, d.ourNo, d.oursFen, d.theirsFen, d.status].join(' ')

export const feeText = (f: ExpectedFee) =>
  [f.provider, f.date, f.ourNo, f.billedFen, f.contractFen].join(' ')

export const caseText = (c: ExpectedCase) =>
  [c.date, c.source, c.class, c.subject, c.amountFen, c.resolution ?? 'open'].join(' ')
