import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import type { SettlingSource } from '../payments/index.ts'
import { claimDueAt } from './claim-store.ts'
import { workOffClaims } from './claim-work.ts'
import { createCover } from './cover.ts'
import type { Dependencies } from './dependencies.ts'
import { forgetBills } from './forgetting.ts'
import { putProduct } from './person-store.ts'
import type { Product } from './product.ts'
import { createQuote } from './quote.ts'
import { createRefunding } from './refund.ts'
import { createSettling } from './settle.ts'
import { createStatement } from './statement.ts'

export type Coverage = ReturnType<typeof createCoverage>

/**
 * Commercial insurance as a source of a payment's money: what the person's own policies pay of what the medical insurance
 * leaves. Besides the verbs of a source it binds policies, keeps consents and follows the claims.
 */
export function createCoverage(deps: Dependencies) {
  const source: SettlingSource = {
    name: 'commercial',
    phase: 'settle',
    place: 'commercial_insurance',
    quote: createQuote(deps),
    ...createSettling(deps),
    ...createRefunding(deps),
    statement: createStatement(deps),
  }
  return {
    source,
    ...createCover(deps),
    /** Sends papers and asks states that are due: to be called every minute for each hospital. */
    workOffClaims: (hospitalId: HospitalId) => workOffClaims(deps, hospitalId),
    /** When the next claim of a hospital is due; null for none. */
    nextDueAt: (hospitalId: HospitalId) =>
      inHospital(deps.db, hospitalId, (tx) => claimDueAt(tx, hospitalId)),
    /** To be called now and then for each hospital, until it returns 0. */
    forgetBills: (hospitalId: HospitalId) => forgetBills(deps, hospitalId),
    putProduct: (product: Product) => putProduct(deps.db, product, deps.clock.now()),
  }
}
