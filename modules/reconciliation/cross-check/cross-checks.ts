import type { HospitalId } from '../../../kernel/id.ts'
import { addMs, type BusinessDate, HOUR_MS } from '../../../kernel/time.ts'
import { inHospital } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import type { NewTerms } from '../../../platform/terms/two-person-terms.ts'
import type { ReconciliationDependencies } from '../dependencies.ts'
import { reconciliationErrors } from '../errors.ts'
import { createMatching } from '../matching/matching.ts'
import type { TermsId, TermsKind } from '../tables.ts'
import { check } from './check.ts'
import {
  claimCrossCheck,
  crossChecksBetween,
  nextCrossCheckAt,
  wakeCrossCheck,
} from './cross-check-store.ts'
import type { ListDate } from './inputs.ts'
import { inputsOf, readPlan } from './plan.ts'
import { plansOn } from './plans.ts'
import { crossCheckTerms } from './terms-store.ts'

export type CrossChecks = ReturnType<typeof createCrossChecks>

type NamedDate = { name: string; date: BusinessDate }

/** Longer than any comparison may take; who is dead by then loses it to another. */
const LEASE_MS = HOUR_MS

/**
 * Holds the lists of any number of sources against each other, as the hospital has agreed with itself to, once all of a
 * date are there and again whenever one of them changes. What differs and is not worked on already becomes a case; the
 * case ends when a later comparison does not show it any more.
 */
export function createCrossChecks(dependencies: ReconciliationDependencies, folder: string) {
  const { db, clock } = dependencies
  const matching = createMatching({ db, clock, folder })
  return {
    wake,
    again,
    sweep,
    nextDueAt: (hospitalId: HospitalId) =>
      inHospital(db, hospitalId, (tx) => nextCrossCheckAt(tx, hospitalId)),
    between: (hospitalId: HospitalId, range: { from: BusinessDate; to: BusinessDate }) =>
      inHospital(db, hospitalId, (tx) => crossChecksBetween(tx, hospitalId, range)),
    run: matching.found,
    differences: matching.differences,
    ...createPlans(dependencies),
  }

  /** To be told when a list of a source has come, or another one, or has been compared. */
  async function wake(hospitalId: HospitalId, { source, date }: ListDate): Promise<void> {
    await inHospital(db, hospitalId, async (tx) => {
      for (const { name, plan } of await plansOn(tx, hospitalId, date)) {
        if (!inputsOf(plan).some(([, input]) => input.source === source)) continue
        await wakeCrossCheck(tx, { hospitalId, name, businessDate: date }, clock.now())
      }
    })
  }

  /** Has a date compared anew. Errors: throws terms_not_found when the hospital has no such cross-check. */
  async function again(hospitalId: HospitalId, { name, date }: NamedDate): Promise<void> {
    await inHospital(db, hospitalId, async (tx) => {
      const plans = await plansOn(tx, hospitalId, date)
      if (!plans.some((one) => one.name === name)) {
        throw reconciliationErrors.terms_not_found({ id: name })
      }
      await wakeCrossCheck(tx, { hospitalId, name, businessDate: date }, clock.now())
    })
  }

  /** Does what is due at a hospital, one after the other; returns how many those were. */
  async function sweep(hospitalId: HospitalId): Promise<number> {
    for (let done = 0; ; done++) {
      const now = clock.now()
      const lease = { now, until: addMs(now, LEASE_MS) }
      const key = await inHospital(db, hospitalId, (tx) => claimCrossCheck(tx, hospitalId, lease))
      if (!key) return done
      await check({ dependencies, matching, folder }, key, now)
    }
  }
}

/** Cross-checks as they are agreed on: one person proposes, another agrees. */
const createPlans = (dependencies: ReconciliationDependencies) => ({
  /** Errors: throws cross_check_wrong. */
  propose: async (
    hospitalId: HospitalId,
    wish: Omit<NewTerms<TermsKind>, 'kind'>,
    actor: Actor,
  ): Promise<TermsId> => {
    const content = readPlan(wish.content)
    const terms = { ...wish, kind: 'cross_check' as const, content }
    return crossCheckTerms.propose(dependencies, hospitalId, terms, actor)
  },
  /** Errors: throws terms_not_found, terms_decided, decided_by_same_person. */
  decide: (
    key: { hospitalId: HospitalId; id: TermsId },
    decision: { agrees: boolean; reason: string },
    actor: Actor,
  ) => crossCheckTerms.decide(dependencies, key, { ...decision, actor }),
  plans: (hospitalId: HospitalId) => crossCheckTerms.list(dependencies, hospitalId, 'cross_check'),
})
