import type { HospitalId } from '../../kernel/id.ts'
import { addMs, DAY_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { createAllotments } from './allotments.ts'
import type { BenefitsDependencies } from './dependencies.ts'
import { createEntitlements } from './entitlements.ts'
import { createNeeds } from './needs.ts'
import { createOffered } from './offered.ts'
import { createPoints } from './points.ts'
import { createProgrammes } from './programmes.ts'
import { createSource } from './source.ts'
import { purgeQuotes } from './tender-store.ts'

export type Benefits = ReturnType<typeof createBenefits>

/** No payment waits so long between its quote and its last charge or release. */
const QUOTES_KEPT_MS = 30 * DAY_MS

/** Programmes and their budgets, what persons are granted, points, and the source of a payment's money they make. */
export function createBenefits(deps: BenefitsDependencies) {
  const { db, clock } = deps
  const entitlements = createEntitlements(deps)
  return {
    /** What payments asks. */
    source: createSource(deps),
    programmes: { ...createProgrammes(deps), ...createAllotments(deps) },
    entitlements,
    needs: createNeeds(deps),
    /** What runs today, and whether the person meets each rule. */
    offeredTo: createOffered(deps),
    ...createPoints(deps),
    /** Daily: ends what is over and forgets old quotes; returns how many there were. Zero: nothing is left to do. */
    async keepHouse(hospitalId: HospitalId): Promise<number> {
      const before = addMs(clock.now(), -QUOTES_KEPT_MS)
      const purged = await inHospital(db, hospitalId, (tx) => purgeQuotes(tx, hospitalId, before))
      return purged + (await entitlements.expire(hospitalId))
    },
  }
}
