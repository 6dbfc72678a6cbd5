import { inHospital } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import type { CollectRepayment } from '../built-in-lender.ts'
import { findLender } from '../lender-store.ts'
import type { Collector } from '../loan/collector.ts'
import type { CollectionRow, ReceivedRow } from '../tables.ts'
import type { LenderId } from '../terms.ts'
import { createAnnouncingCollector, createAnnouncingForVisits } from './announce.ts'
import { createBankCollector } from './by-bank.ts'
import type { CollectionDependencies } from './dependencies.ts'
import { type Received, refuseCollection, reportReceived } from './report.ts'
import { askingCollections } from './store.ts'

export type Collections = ReturnType<typeof createCollections>

/** How payers' money reaches the lenders: by a bank's own interface, or announced to the bank and reported by it. */
export const createCollections = (deps: CollectionDependencies) => ({
  /** For the loans of all lenders. */
  collector: createCollector(deps),
  /** For early payments with a lender that only wants the ledger. */
  forVisits: createAnnouncingForVisits(deps) satisfies CollectRepayment,
  reportReceived: (report: Received, actor: Actor): Promise<ReceivedRow> =>
    reportReceived(deps, report, actor),
  refuse: (refusal: Parameters<typeof refuseCollection>[1], actor: Actor) =>
    refuseCollection(deps, refusal, actor),
  /** What waits for the lender, in order of numbers, after one of them. */
  asking: (lenderId: LenderId, after = ''): Promise<CollectionRow[]> =>
    inHospital(deps.db, lenderId, (tx) => askingCollections(tx, lenderId, after, MOST_LISTED)),
})

const MOST_LISTED = 200

/** By the form of the lender that an order names. */
function createCollector(deps: CollectionDependencies): Collector {
  const byBank = createBankCollector(deps)
  const announcing = createAnnouncingCollector(deps)
  const of = async (lenderId: LenderId): Promise<Collector> =>
    (await findLender(deps.db, lenderId))?.form === 'bank_api' ? byBank : announcing
  return {
    take: async (order) => (await of(order.lenderId)).take(order),
    query: async (order) => (await of(order.lenderId)).query(order),
  }
}
