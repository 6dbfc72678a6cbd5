import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { CreditVisitId, LenderId, LineId, LoanId, PersonId, RepaymentWay } from './terms.ts'

export const VISIT_STATUSES = ['open', 'closing', 'paying', 'settled', 'repaid', 'empty'] as const

export type VisitStatus = (typeof VISIT_STATUSES)[number]

export const END_CAUSES = ['left', 'end_of_day', 'discharged', 'paid_early'] as const

export type EndCause = (typeof END_CAUSES)[number]

export type VisitEvent =
  | 'ended' // by leaving, by the end of the day, by discharge
  | 'early_payment_begun'
  | 'early_payment_failed'
  | 'early_payment_made'
  | 'settled' // into one loan
  | 'emptied' // nothing was drawn, or all of it went back

/**
 * Every move a credit visit can make. The early payment and the settlement want the same draws: whoever moves the
 * visit on first has them, as a visit that is being paid cannot be settled and a settled one not be paid early.
 *
 *   open ──ended──▶ closing ──settled──▶ settled       or ──emptied──▶ empty
 *     └──early_payment_begun──▶ paying ◀──┘
 *            ──made──▶ repaid      ──failed──▶ back to open, or to closing if it has ended meanwhile
 */
const NEXT: Record<VisitStatus, Partial<Record<VisitEvent, VisitStatus>>> = {
  open: { ended: 'closing', early_payment_begun: 'paying' },
  closing: { early_payment_begun: 'paying', settled: 'settled', emptied: 'empty' },
  paying: { early_payment_failed: 'open', early_payment_made: 'repaid' },
  settled: {},
  repaid: {},
  empty: {},
}

export const allowsEvent = (visit: Pick<CreditVisit, 'status'>, event: VisitEvent): boolean =>
  NEXT[visit.status][event] !== undefined

/** The visit after the event, with what changed. Asserts that the event is possible: callers ask first. */
export function moveVisit(
  visit: CreditVisit,
  event: VisitEvent,
  changes: Partial<CreditVisit> = {},
): CreditVisit {
  const next = NEXT[visit.status][event]
  assert(next !== undefined, `a visit that is ${visit.status} is not ${event}`)
  const status = next === 'open' && visit.endCause !== null ? 'closing' : next
  return { ...visit, ...changes, status }
}

/** A visit whose charges are paid by credit without a tap: agreed at registration, settled once. */
export type CreditVisit = {
  lenderId: LenderId
  id: CreditVisitId
  lineId: LineId
  personId: PersonId
  careHospitalId: HospitalId
  /** The hospital's number of it; null for all visits there of the day. */
  visitNo: string | null
  day: BusinessDate
  way: RepaymentWay
  status: VisitStatus
  reservedFen: Fen
  /** What is promised to the visit and not held by a draw of it. */
  unusedFen: Fen
  /** Ends by discharge, and by its last day at the latest. */
  isStay: boolean
  endsAt: Date
  endCause: EndCause | null
  repayment: { repaymentNo: string; amountFen: Fen; at: Date } | null
  loanId: LoanId | null
  settledFen: Fen | null
  settledAt: Date | null
  createdAt: Date
}

/** What makes two agreements the same visit. */
export const visitKeyOf = ({ visitNo, day }: Pick<CreditVisit, 'visitNo' | 'day'>): string =>
  visitNo ?? day
