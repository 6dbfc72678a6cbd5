import { inHospital } from '../../platform/db.ts'
import type { CreditDependencies } from './dependencies.ts'
import type { LenderId } from './terms.ts'
import { openVisitsFrom } from './visit-store.ts'
import type { CreditVisit } from './visit.ts'

const PAGE = 500

/** All visits of a lender that are open, a page at a time. */
export async function* openVisits(
  { db }: CreditDependencies,
  lenderId: LenderId,
): AsyncGenerator<CreditVisit[]> {
  let after: CreditVisit['id'] | null = null
  for (;;) {
    const from = after
    const visits: CreditVisit[] = await inHospital(db, lenderId, (tx) =>
      openVisitsFrom(tx, lenderId, { after: from, most: PAGE }),
    )
    if (visits.length > 0) yield visits
    const last = visits.at(-1)
    if (!last || visits.length < PAGE) return
    after = last.id
  }
}
