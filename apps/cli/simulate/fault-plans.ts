import { randomBelow, seededRandom } from '../../../kernel/random.ts'
import { MINUTE_MS } from '../../../kernel/time.ts'
import {
  type Fault,
  type FaultPlan,
  type FaultPoint,
  noFaults,
} from '../../simulators/kit/simulator.ts'

export const FAULT_LEVELS = ['none', 'light', 'heavy'] as const

export type FaultLevel = (typeof FAULT_LEVELS)[number]

/**
 * What goes wrong in a simulated day. Each decision is drawn from the seed and the point itself, not from a
 * stream, so that it is the same whatever was asked before, and after a crash.
 */
export function faultPlanOf(level: FaultLevel, seed: string): FaultPlan {
  if (level === 'none') return noFaults
  const scale = level === 'heavy' ? 1 : 5
  return (point) => {
    const rule = ruleFor(point)
    // What keeps failing must come right in the end, or nothing could be said of the end.
    if (!rule || point.attempt > rule.mostAttempts) return null
    const { simulator, operation, key, attempt } = point
    const part = rule.forEver ? 'ever' : String(attempt)
    const random = seededRandom(`${seed}/${simulator}/${operation}/${key}/${part}`)
    let roll = randomBelow(random, 1_000) * scale
    for (const [perMille, fault] of rule.faults) {
      if (roll < perMille) return fault
      roll -= perMille
    }
    return null
  }
}

/** Chances in thousandths at the level "heavy", a fifth of it at "light". */
type Rule = { faults: [number, Fault][]; mostAttempts: number; forEver?: boolean }

const ruleFor = ({ simulator, operation }: FaultPoint): Rule | undefined =>
  RULES[simulator]?.find(({ matches }) => matches.test(operation))?.rule

const CALL: Rule = {
  mostAttempts: 2,
  faults: [
    [30, { kind: 'refuse' }],
    [30, { kind: 'drop' }],
    [40, { kind: 'lose_answer' }],
    [20, { kind: 'garble' }],
  ],
}

/** A quote takes seven calls, so that even this much makes one plan in ten go without the insurer. */
const INSURER_CALL: Rule = {
  mostAttempts: 2,
  faults: [
    [5, { kind: 'refuse' }],
    [5, { kind: 'drop' }],
    [10, { kind: 'lose_answer' }],
    [5, { kind: 'garble' }],
  ],
}

/** A notice may never come at all, so its fate is one for all its deliveries. */
const NOTICE: Rule = {
  mostAttempts: 100,
  forEver: true,
  faults: [
    [200, { kind: 'lose_notice' }],
    [100, { kind: 'delay_notice', ms: 3 * MINUTE_MS }],
    [100, { kind: 'duplicate_notice', times: 3 }],
  ],
}

const WRITE_BACK: Rule = {
  mostAttempts: 2,
  faults: [...CALL.faults, [15, { kind: 'lie' }]],
}

const SETTLEMENT: Rule = {
  mostAttempts: 1,
  faults: [
    [30, { kind: 'refuse' }],
    [40, { kind: 'drop' }],
    [50, { kind: 'lose_answer' }],
    [15, { kind: 'garble' }],
    [15, { kind: 'decline', code: '超过医保限额' }],
    [10, { kind: 'lie' }],
  ],
}

const LIST: Rule = {
  mostAttempts: 1,
  faults: [
    [150, { kind: 'drop' }],
    [150, { kind: 'garble' }],
  ],
}

const HOSPITAL_LIST: Rule = { ...LIST, faults: [...LIST.faults, [150, { kind: 'lie' }]] }

const RULES: Record<FaultPoint['simulator'], { matches: RegExp; rule: Rule }[]> = {
  wechat: [
    { matches: /^notify /, rule: NOTICE },
    { matches: /bill/, rule: LIST },
    { matches: /./, rule: CALL },
  ],
  insurance: [
    { matches: /^2207$/, rule: SETTLEMENT },
    { matches: /^(3201|3202|9101|9102)$/, rule: LIST },
    { matches: /^(2208|2601|5203)$/, rule: CALL },
    { matches: /./, rule: INSURER_CALL },
  ],
  his: [
    { matches: /^bills\.writeBack$/, rule: WRITE_BACK },
    { matches: /^reconciliation\.dayList$/, rule: HOSPITAL_LIST },
    { matches: /./, rule: CALL },
  ],
}
