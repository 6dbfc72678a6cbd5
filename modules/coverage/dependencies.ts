import type { HospitalId, Id, NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Db } from '../../platform/db.ts'
import type { Publish } from '../../platform/events.ts'
import type { Payable } from '../payments/index.ts'
import type { HolidayCalendar } from './business-days.ts'
import { HOLIDAYS_2026 } from './holidays-2026.ts'
import type { ClaimDocument, DocumentKind, Holder, Insurer } from './insurer.ts'

/** What the module stands on. */
export type Dependencies = {
  db: Db
  clock: Clock
  newId: NewId
  audit: Audit
  publish: Publish
  /** The insurers that pay at a hospital, by their code. */
  insurersOf: (hospitalId: HospitalId) => Promise<ReadonlyMap<string, Insurer>>
  /** Who the person is to an insurer; null for one who is not verified. */
  holderOf: (personId: Id<'Person'>) => Promise<Holder | null>
  /**
   * Papers of a payment that others keep: receipt and visit summary, as far as they are there. Null while the payment
   * has not succeeded: no paper goes out before.
   */
  papersOf: (request: PapersRequest) => Promise<readonly ClaimDocument[] | null>
  /** Hears of work that failed and is tried again later. */
  onError?: (error: unknown, about: { hospitalId: HospitalId; subject: string }) => void
  options?: Partial<CoverageOptions>
}

export type PapersRequest = {
  hospitalId: HospitalId
  paymentId: Id<'Payment'>
  personId: Id<'Person'>
  kinds: readonly DocumentKind[]
}

export type CoverageOptions = {
  /** How long a quote's calls may take together, in real time: the payer waits. */
  quoteDeadlineMs: number
  /**
   * How long a message may still be on its way after nobody waits for its answer any more. Until then "not confirmed"
   * does not say that it will not be.
   */
  inFlightMs: number
  calendar: HolidayCalendar
  /** Whether a bill is of a visit online, as bills do not say it themselves. */
  isOnline: (hospitalId: HospitalId, payable: Payable) => boolean
}

const DEFAULT_OPTIONS: CoverageOptions = {
  quoteDeadlineMs: 6_000,
  inFlightMs: 15_000,
  calendar: HOLIDAYS_2026,
  isOnline: () => false,
}

export const optionsOf = ({ options }: Dependencies): CoverageOptions => ({
  ...DEFAULT_OPTIONS,
  ...options,
})
