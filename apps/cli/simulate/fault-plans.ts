import { type Random, randomBelow, seededRandom } from '../../../kernel/random.ts'
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
    if (!rule) return null
    const { simulator, operation, key, attempt } = point
    const draw = (faults: Chances, part: string) =>
      drawn(faults, seededRandom(`${seed}/${simulator}/${operation}/${key}/${part}`), scale)
    const always = draw(rule.always ?? [], 'always')
    if (always || attempt > (rule.mostAttempts ?? 0)) return always
    return draw(rule.faults ?? [], String(attempt))
  }
}

function drawn(faults: Chances, random: Random, scale: number): Fault | null {
  let roll = randomBelow(random, 1_000) * scale
  for (const [perMille, fault] of faults) {
    if (roll < perMille) return fault
    roll -= perMille
  }
  return null
}

/** In thousandths at the level "heavy", a fifth of it at "light". */
type Chances = readonly [number, Fault][]

/** `faults` strike one attempt, and not after so many of them; `always` is the fate of all that is about one key. */
type Rule = { faults?: Chances; mostAttempts?: number; always?: Chances }

const ruleFor = ({ simulator, operation }: FaultPoint): Rule | undefined =>
  RULES[simulator].find(({ matches }) => matches.test(operation))?.rule

const CALL_FAULTS: Chances = [
  [30, { kind: 'refuse' }],
  [30, { kind: 'drop' }],
  [40, { kind: 'lose_answer' }],
  [20, { kind: 'garble' }],
]

const CALL: Rule = { mostAttempts: 2, faults: CALL_FAULTS }

/**
 * A quote takes seven calls and is not tried again: the payer pays without the insurer. So that a crash in between
 * does not change what a day comes to, a visit's quote fails always or never.
 */
const QUOTE_CALL: Rule = {
  always: [
    [5, { kind: 'refuse' }],
    [5, { kind: 'drop' }],
    [5, { kind: 'garble' }],
  ],
}

/** A notice may never come at all, so its fate is one for all its deliveries. */
const NOTICE: Rule = {
  always: [
    [200, { kind: 'lose_notice' }],
    [100, { kind: 'delay_notice', ms: 3 * MINUTE_MS }],
    [100, { kind: 'duplicate_notice', times: 3 }],
  ],
}

const WRITE_BACK: Rule = {
  mostAttempts: 2,
  faults: [...CALL_FAULTS, [15, { kind: 'lie' }]],
}

const SETTLEMENT: Rule = {
  mostAttempts: 1,
  faults: [
    [30, { kind: 'refuse' }],
    [40, { kind: 'drop' }],
    [50, { kind: 'lose_answer' }],
    [15, { kind: 'garble' }],
  ],
  always: [
    [15, { kind: 'decline', code: '超过医保限额' }],
    [10, { kind: 'lie' }],
  ],
}

const LIST_FAULTS: Chances = [
  [150, { kind: 'drop' }],
  [150, { kind: 'garble' }],
]

const LIST: Rule = { mostAttempts: 1, faults: LIST_FAULTS }
const HOSPITAL_LIST: Rule = { mostAttempts: 1, faults: [...LIST_FAULTS, [150, { kind: 'lie' }]] }

const COMMERCIAL = [
  { matches: /statement|PaymentReconciliation/, rule: LIST },
  { matches: /policy\/query|feeInfo|order\/advance|Coverage/, rule: QUOTE_CALL },
  { matches: /./, rule: CALL },
]

const RULES: Record<FaultPoint['simulator'], { matches: RegExp; rule: Rule }[]> = {
  wechat: [
    { matches: /^notify /, rule: NOTICE },
    { matches: /bill/, rule: LIST },
    { matches: /./, rule: CALL },
  ],
  alipay: [
    { matches: /^notify/, rule: NOTICE },
    { matches: /bill/, rule: LIST },
    { matches: /./, rule: CALL },
  ],
  unionpay: [
    { matches: /^notify/, rule: NOTICE },
    { matches: /^file/, rule: LIST },
    { matches: /./, rule: CALL },
  ],
  generic_wallet: [
    { matches: /^notify|notice/, rule: NOTICE },
    { matches: /statement/i, rule: LIST },
    { matches: /./, rule: CALL },
  ],
  // Sign-ins and signs of life go well: a line without keys asks nothing, and nothing could be seen.
  bank: [{ matches: /^0[2-6]/, rule: CALL }],
  insurance: [
    { matches: /^2207$/, rule: SETTLEMENT },
    { matches: /^(3201|3202|9101|9102)$/, rule: LIST },
    { matches: /^(2205|2208|2601|5203)$/, rule: CALL },
    { matches: /^(1101|2201|2203|2204|2206)$/, rule: QUOTE_CALL },
  ],
  commercial_direct: COMMERCIAL,
  commercial_fhir: COMMERCIAL,
  lender: [
    { matches: /statement/, rule: LIST },
    { matches: /authority/, rule: QUOTE_CALL },
    { matches: /./, rule: CALL },
  ],
  his: [
    { matches: /^bills\.writeBack$/, rule: WRITE_BACK },
    { matches: /^reconciliation\.dayList$/, rule: HOSPITAL_LIST },
    { matches: /./, rule: CALL },
  ],
}
