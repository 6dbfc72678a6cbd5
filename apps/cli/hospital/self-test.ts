import { standardAsk } from '../../../adapters/hospitals/standard/index.ts'
import {
  type ConformanceReport,
  type ConformanceStep,
  runConformance,
} from '../../../modules/hospitals/index.ts'
import { systemRandom } from '../../../platform/system.ts'
import { openHttpHands } from '../../hub/http-hands.ts'
import { type Planted, PLANTED } from '../../simulators/his/planted/index.ts'
import { standingClock } from './clock.ts'
import { createDoor } from './door.ts'
import { newTrialKeys, openTrialHospital, type TrialKeys } from './trial-hospital.ts'

export type SelfTested = {
  name: string
  title: { zh: string; en: string }
  expected: readonly string[]
  failed: readonly string[]
  /** The reference passes everything; a planted one fails exactly where it is wrong. */
  isRight: boolean
  report: ConformanceReport
}

type SelfTestOptions = {
  bigDay: number
  onStep?: (step: ConformanceStep) => void
  onDone?: (tested: SelfTested) => void
}

/** Tries the reference simulator, and every planted hospital that is wrong in one point. */
export async function runSelfTest(options: SelfTestOptions): Promise<SelfTested[]> {
  const keys = newTrialKeys()
  const results: SelfTested[] = []
  for (const planted of [null, ...PLANTED]) {
    const bigDay = planted === null || planted.needsBigDay ? options.bigDay : 0
    const report = await tryOne(keys, planted, { bigDay, onStep: options.onStep })
    const tested = judged(planted, report)
    results.push(tested)
    options.onDone?.(tested)
  }
  return results
}

/** The reference, or one that is wrong, tried on a Monday morning at which clinics sit. */
async function tryOne(
  keys: TrialKeys,
  planted: Planted | null,
  { bigDay, onStep }: { bigDay: number; onStep: SelfTestOptions['onStep'] },
): Promise<ConformanceReport> {
  const clock = standingClock('2026-11-23T09:00:00+08:00')
  const hospital = await openTrialHospital({ keys, planted, clock })
  try {
    const { params, fixtures, listener } = hospital
    const deps = { clock, random: systemRandom, timeoutMs: 20_000 }
    return await runConformance(
      { ask: standardAsk(params, deps), door: createDoor(params, deps) },
      { ...fixtures, bigDay },
      {
        clock,
        followTime: (now) => clock.follow(now),
        random: systemRandom,
        hands: await openHttpHands(fixtures),
        listener,
        ...(onStep && { onStep }),
      },
    )
  } finally {
    await hospital.close()
  }
}

function judged(planted: Planted | null, report: ConformanceReport): SelfTested {
  const failed = report.checks.flatMap(({ id, outcome }) => (outcome === 'failed' ? [id] : []))
  const expected = planted?.failsIn ?? []
  const isSame = failed.toSorted().join() === expected.toSorted().join()
  return {
    name: planted?.name ?? 'reference',
    title: planted?.title ?? { zh: '参考实现', en: 'the reference implementation' },
    expected,
    failed,
    isRight: isSame && (planted !== null || report.isConformant),
    report,
  }
}
