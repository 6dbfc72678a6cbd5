import { fen } from '../../../kernel/money.ts'
import { chance, pick, type Random, randomBelow } from '../../../kernel/random.ts'
import { addMs, MINUTE_MS } from '../../../kernel/time.ts'
import {
  type Candidate,
  type ChannelHealth,
  DEFAULT_RULES,
  type Rule,
  type Rules,
  type Wish,
} from '../../../modules/channels/index.ts'

export const CHANNELS = 20
export const RULES = 30

/** One payment that looks for a channel, with all that the choice depends on. */
export type Question = {
  candidates: readonly Candidate[]
  wish: Wish
  health: ReadonlyMap<string, ChannelHealth>
  rules: Rules
  now: Date
}

const START = new Date('2026-11-21T08:00:00+08:00')
const DEPARTMENTS = ['0101', '0203', '0301', '0305', '0402', '0501']
const METHODS = ['account', 'qr_code', 'page', 'barcode', 'card'] as const
const SCENES = ['outpatient', 'registration', 'inpatient_deposit', 'pharmacy'] as const
const NAMES = Array.from({ length: CHANNELS }, (_, i) => `channel${i}`)

/** Payments of a busy day at a hospital with many channels: a tenth of them banks with a contract share. */
export function questions(random: Random, count: number): Question[] {
  const candidates = NAMES.map((name, i) => candidateOf(random, name, i))
  const rules = {
    ...DEFAULT_RULES,
    rules: Array.from({ length: RULES }, (_, i) => ruleOf(random, i)),
  }
  const health = new Map(NAMES.map((name) => [name, healthOf(random)]))
  return Array.from({ length: count }, () => ({
    candidates,
    wish: wishOf(random),
    health,
    rules,
    now: addMs(START, randomBelow(random, 600) * MINUTE_MS),
  }))
}

function candidateOf(random: Random, name: string, i: number): Candidate {
  const tier = i < 12 ? 'core' : i < 17 ? 'auxiliary' : 'backup'
  return {
    name,
    title: { zh: `渠道${i}`, en: `Channel ${i}` },
    tier,
    methods: METHODS,
    scenes: SCENES,
    departments: chance(random, 200_000) ? DEPARTMENTS.slice(0, 3) : null,
    paymentLimitFen: chance(random, 300_000) ? fen(200_000) : null,
    dayLimitFen: fen(500_000_000),
    feePpm: 2_000 + randomBelow(random, 4_000),
    feeFixedFen: fen(0),
    settlementDays: 1,
    sharePpm: i % 10 === 5 ? 100_000 : null,
    enabled: i !== 19,
    order: i,
    connectedMethods: METHODS,
    taken: {
      todayFen: fen(randomBelow(random, 400_000_000)),
      windowFen: fen(400_000_000 + randomBelow(random, 2_000_000_000)),
      windowCount: 20_000,
    },
  }
}

function ruleOf(random: Random, i: number): Rule {
  const channels = [pick(random, NAMES), pick(random, NAMES)]
  const from = fen(randomBelow(random, 100_000))
  return {
    name: `rule ${i}`,
    words: { zh: `规则${i}`, en: `Rule ${i}` },
    enabled: true,
    when: {
      amountFen: { from, below: fen(from + 100_000) },
      scenes: [pick(random, SCENES), pick(random, SCENES)],
      ...(i % 3 === 0 ? { payer: { ageYears: { from: 60 } } } : {}),
      ...(i % 4 === 0 ? { time: { from: '08:00', below: '12:00' } } : {}),
      ...(i % 5 === 0 ? { departments: DEPARTMENTS.slice(2) } : {}),
    },
    effect:
      i % 6 === 0 ? { do: 'exclude', channels } : { do: 'prefer', channels, points: 1 + (i % 7) },
  }
}

function healthOf(random: Random): ChannelHealth {
  const calls = 100 + randomBelow(random, 2_000)
  const unknown = randomBelow(random, 10)
  const isDown = chance(random, 100_000)
  return {
    state: isDown ? 'open' : 'closed',
    openedAt: isDown ? START : null,
    retryAt: isDown ? addMs(START, MINUTE_MS) : null,
    calls,
    answered: calls - unknown,
    declined: 0,
    unknown,
    failed: 0,
    availabilityPpm: Math.floor(((calls - unknown) * 1_000_000) / calls),
    charges: calls,
    chargesAnswered: calls - unknown,
    chargesDeclined: 0,
    p50Ms: 100,
    p99Ms: pick(random, [200, 300, 750]),
  }
}

const wishOf = (random: Random): Wish => ({
  paymentId: `payment-${randomBelow(random, 1_000_000)}`,
  amountFen: fen(500 + randomBelow(random, 300_000)),
  department: pick(random, DEPARTMENTS),
  scene: pick(random, SCENES),
  method: chance(random, 300_000) ? pick(random, METHODS) : null,
  payer: {
    preferred: chance(random, 200_000) ? pick(random, NAMES) : null,
    lastUsed: chance(random, 700_000) ? pick(random, NAMES) : null,
    devices: null,
    attributes: { ageYears: randomBelow(random, 100) },
  },
})
