import type { HospitalId, NewId } from '../../kernel/id.ts'
import { type Fen, fen } from '../../kernel/money.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Db } from '../../platform/db.ts'
import type { Ledger } from '../ledger/index.ts'
import type { PersonId } from './programme.ts'
import type { Facts } from './rule.ts'

export type BenefitsDependencies = {
  db: Db
  clock: Clock
  newId: NewId
  audit: Audit
  ledger: Ledger
  /** What is known of a person; what nobody knows is null and fulfils no rule. */
  factsOf: (hospitalId: HospitalId, personId: PersonId) => Promise<Omit<Facts, 'diagnoses'>>
  rules: BenefitRules
}

export type BenefitRules = {
  /**
   * What one person grants alone to somebody by one programme in a year. An entitlement above it, or to an amount that only
   * the rule bounds, needs a second person.
   */
  aloneMostFen: Fen
  /** What one person grants alone in a day, to all together: above it a second person is needed as well. */
  aloneDayMostFen: Fen
  /** What one person puts into budgets alone in a year; above it a second person agrees first. */
  allotAloneMostFen: Fen
  /** Points of a year can be spent until the end of the year this many later. */
  pointsKeptYears: number
  /** What goes back to a voucher can be used for this many days at least. */
  returnedVoucherDays: number
}

export const USUAL_BENEFIT_RULES: BenefitRules = {
  aloneMostFen: fen(200_000),
  aloneDayMostFen: fen(1_000_000),
  allotAloneMostFen: fen(1_000_000),
  pointsKeptYears: 1,
  returnedVoucherDays: 30,
}
