import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Catalogue } from './catalogue.ts'
import type { Insured } from './estimating.ts'
import type { BillLine } from './explain.ts'

/** What the routes of the catalogue share. */
export type RouteContext = {
  catalogue: Catalogue
  db: Db
  clock: Clock
  /**
   * The lines of a bill of the person, and whose insurance an estimate goes by; null for a bill that is not theirs. Without an
   * insured person the lines are explained and nothing is estimated.
   */
  billOf: (
    hospitalId: HospitalId,
    personId: Id<'Person'>,
    billNo: string,
  ) => Promise<{ lines: readonly BillLine[]; insured: Insured | null } | null>
}
