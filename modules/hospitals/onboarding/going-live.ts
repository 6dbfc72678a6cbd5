import type { HospitalId } from '../../../kernel/id.ts'
import { inHospital } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import { hospitalErrors } from '../errors.ts'
import { createHospitalSystem } from '../interface/system.ts'
import type { RolloutTerms } from '../rollout/terms.ts'
import { replaceDepartments } from '../store.ts'
import { asAgreed } from './agreed-departments.ts'
import type { OnboardingBook, OnboardingDependencies } from './book.ts'
import type { Draft, OnboardingStep } from './draft.ts'
import { lackingOf } from './readiness.ts'
import { reviewFile } from './review-file.ts'

const MOST_NAMED = 20

/** A draft goes live by two persons: one puts it forward with what is to be switched on, another agrees. */
export function createGoingLive(
  { db, clock, products, hospitals, rollouts }: OnboardingDependencies,
  { draft, steps, keep, askOf }: OnboardingBook,
) {
  return { lacking, putForward, goLive }

  /** What is missing before these departments can go live; null is all. */
  async function lacking(hospitalId: HospitalId, departments: readonly string[] | null) {
    const of = await draft(hospitalId)
    return lackingOf(of, await steps(hospitalId, of.version), departments)
  }

  /** Errors: hospitals.onboarding_not_found, onboarding_overtaken, onboarding_not_ready with the reasons. */
  async function putForward(
    hospitalId: HospitalId,
    version: number,
    terms: RolloutTerms & { after: number },
    actor: Actor,
  ): Promise<OnboardingStep> {
    const of = await draft(hospitalId, version)
    mustBeReady(of, await steps(hospitalId, version), terms.departments)
    const { sha256 } = reviewFile(of, products.read(of.product).parameters)
    const detail = { terms, sha256 }
    return keep(hospitalId, of, { kind: 'put_forward', isGood: true, detail }, actor)
  }

  /**
   * Connects the hospital and switches on what was put forward. `sha256` is that of the file which was reviewed.
   * Errors: as putForward; hospitals.onboarding_not_put_forward, onboarding_same_person, onboarding_file_differs,
   * his_unavailable; hospitals.rollout_overtaken, department_not_listed.
   */
  async function goLive(
    hospitalId: HospitalId,
    { version, sha256 }: { version: number; sha256: string },
    actor: Actor,
  ): Promise<OnboardingStep> {
    const of = await draft(hospitalId, version)
    const all = await steps(hospitalId, version)
    const last = all.findLast(({ kind }) => kind === 'put_forward' || kind === 'live')
    const terms = last?.kind === 'put_forward' ? last.detail.terms : undefined
    if (!last || !terms) throw hospitalErrors.onboarding_not_put_forward({ version })
    if (last.actor === actor.name) throw hospitalErrors.onboarding_same_person()
    if (last.detail.sha256 !== sha256) throw hospitalErrors.onboarding_file_differs({ version })
    mustBeReady(of, all, terms.departments)
    await switchOn(hospitalId, of, terms, actor)
    const detail = { terms, sha256 }
    return keep(hospitalId, of, { kind: 'live', isGood: true, detail }, actor)
  }

  /** The connection comes last: without a rollout before it, everything would be on for a moment. */
  async function switchOn(
    hospitalId: HospitalId,
    of: Draft,
    { after, ...terms }: RolloutTerms & { after: number },
    actor: Actor,
  ): Promise<void> {
    const answer = await createHospitalSystem(askOf(of)).departments({ trace: () => undefined })
    if (answer.outcome !== 'ok') throw hospitalErrors.his_unavailable({ hospitalId })
    await inHospital(db, hospitalId, (tx) =>
      replaceDepartments(tx, hospitalId, asAgreed(answer.data, of.departments), clock.now()),
    )
    await rollouts.change(hospitalId, terms, after, actor)
    const { product, params, codes } = of
    const stored = { product, params, codes }
    await hospitals.saveConnection(hospitalId, 'his', 'described', stored, { actor })
  }
}

function mustBeReady(
  of: Draft,
  steps: readonly OnboardingStep[],
  departments: readonly string[] | null,
): void {
  const lacking = lackingOf(of, steps, departments)
  if (lacking.length === 0) return
  const reasons = lacking
    .slice(0, MOST_NAMED)
    .map(({ code, about }) => (about === '' ? code : `${code}:${about}`))
    .join(' ')
  throw hospitalErrors.onboarding_not_ready({ reasons, count: lacking.length })
}
