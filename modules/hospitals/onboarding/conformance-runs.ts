import type { HospitalId } from '../../../kernel/id.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { Actor } from '../../../platform/principal.ts'
import type { Fixtures } from '../conformance/fixtures.ts'
import { runConformance } from '../conformance/run.ts'
import { hospitalErrors } from '../errors.ts'
import type { OnboardingBook, OnboardingDependencies } from './book.ts'
import type { Draft, StepDetail } from './draft.ts'

/** How far a run has come that is under way in this process. */
export type Progress = { version: number; done: number; count: number; check: string }

/** Runs of the conformance kit in the background, one at a time for each hospital. */
export function createConformanceRuns(
  { clock, random, products }: OnboardingDependencies,
  { draft, keep, askOf }: OnboardingBook,
) {
  const underWay = new Map<HospitalId, { progress: Progress; end: Promise<void> }>()
  return {
    startConformance,
    /** Null when none is under way in this process. */
    conformanceProgress: (hospitalId: HospitalId): Progress | null =>
      underWay.get(hospitalId)?.progress ?? null,
    conformanceSettled: async (hospitalId: HospitalId): Promise<void> =>
      underWay.get(hospitalId)?.end,
  }

  /** Begins a run; its report becomes a step. Errors: as draft; hospitals.onboarding_running. */
  async function startConformance(
    hospitalId: HospitalId,
    version: number,
    fixtures: Fixtures,
    actor: Actor,
  ): Promise<Progress> {
    const of = await draft(hospitalId, version)
    if (underWay.has(hospitalId)) throw hospitalErrors.onboarding_running({ hospitalId })
    const progress: Progress = { version, done: 0, count: 0, check: '' }
    const end = run(of, fixtures, progress)
      .then((step) => keep(hospitalId, of, { kind: 'conformance', ...step }, actor))
      // A version that was overtaken meanwhile keeps no report: the newer one needs its own.
      .then(noop, noop)
      .finally(() => underWay.delete(hospitalId))
    underWay.set(hospitalId, { progress, end })
    return progress
  }

  async function run(
    of: Draft,
    fixtures: Fixtures,
    progress: Progress,
  ): Promise<{ isGood: boolean; detail: StepDetail }> {
    const time = movable(clock)
    try {
      const subject = { ask: askOf(of, time.clock), door: null }
      const report = await runConformance(subject, fixtures, {
        clock: time.clock,
        followTime: time.follow,
        random,
        hands: await products.openHands(fixtures),
        listener: null,
        onStep: ({ number, count, id }) =>
          void Object.assign(progress, { done: number - 1, count, check: id }),
      })
      return { isGood: report.isConformant, detail: { report } }
    } catch (error) {
      const problem = error instanceof Error ? error.message.slice(0, 200) : 'it could not be run'
      return { isGood: false, detail: { problem } }
    }
  }
}

const noop = (): void => undefined

/** The sandbox's time, which its hands move, for the kit and for what it tries. */
function movable(clock: Clock) {
  let aheadMs = 0
  return {
    clock: { now: () => new Date(clock.now().getTime() + aheadMs) },
    follow: (now: Date): void => void (aheadMs = now.getTime() - clock.now().getTime()),
  }
}
