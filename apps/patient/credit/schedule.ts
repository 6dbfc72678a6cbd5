import type { Loan } from '../../../contract/client.ts'

// What is due on one day of a loan, as the pages show it.

export type Instalment = Loan['instalments'][number]

export type InstalmentState = 'paid' | 'overdue' | 'today' | 'coming' | 'written_off'

/** Pure. `today` is the hub's, null until it is known: then nothing is called overdue. */
export function stateOf({ status, dueOn }: Instalment, today: string | null): InstalmentState {
  if (status !== 'open') return status
  if (today === null || dueOn > today) return 'coming'
  return dueOn === today ? 'today' : 'overdue'
}

/** Null when nothing is left to be repaid. */
export const nextDueOf = ({ instalments }: Pick<Loan, 'instalments'>): Instalment | null =>
  instalments.find(({ status }) => status === 'open') ?? null

/** The penalty of one instalment, paid or not. */
export const penaltyFenOf = ({ open, paid }: Instalment): number =>
  open.penaltyFen + paid.penaltyFen

/** All that was repaid of one instalment. */
export const paidFenOf = ({ paid }: Instalment): number =>
  paid.principalFen + paid.interestFen + paid.feeFen + paid.penaltyFen

/** What one instalment comes to by its due day, with its penalty. */
export const totalFenOf = (instalment: Instalment): number =>
  instalment.principalFen + instalment.interestFen + instalment.feeFen + penaltyFenOf(instalment)

/** What of it is still to be paid by its due day. */
export const scheduledFenOf = (instalment: Instalment): number =>
  Math.max(totalFenOf(instalment) - paidFenOf(instalment), 0)
