import fc from 'fast-check'

import { type Fen, fen } from '../../../kernel/money.ts'
import type { PayMethod } from '../../payments/index.ts'
import type { ChannelHealth } from '../channel-health.ts'
import { type Device, METHODS, type RegisteredChannel, SCENES, TIERS } from '../channel.ts'
import type { Candidate, Wish } from '../choose.ts'
import { NOTHING_TAKEN } from '../volumes.ts'

// Channels, wishes and health of every kind, for tests of the choice.

export const registered = (changes: Partial<RegisteredChannel> = {}): RegisteredChannel => ({
  name: 'wechat',
  title: { zh: '微信支付', en: 'WeChat Pay' },
  tier: 'core',
  methods: ['qr_code', 'account'],
  scenes: ['outpatient', 'registration'],
  departments: null,
  paymentLimitFen: null,
  dayLimitFen: null,
  feePpm: 6_000,
  feeFixedFen: fen(0),
  settlementDays: 1,
  sharePpm: null,
  enabled: true,
  order: 0,
  ...changes,
})

export const candidate = (changes: Partial<Candidate> = {}): Candidate => ({
  ...registered(changes),
  connectedMethods: METHODS,
  taken: NOTHING_TAKEN,
  ...changes,
})

export const wishFor = (changes: Partial<Wish> = {}): Wish => ({
  paymentId: null,
  amountFen: fen(10_000),
  department: '0203',
  scene: 'outpatient',
  method: null,
  payer: NOBODY,
  ...changes,
})

export const NOBODY: Wish['payer'] = {
  preferred: null,
  lastUsed: null,
  devices: null,
  attributes: {},
}

export const healthy = (changes: Partial<ChannelHealth> = {}): ChannelHealth => ({
  state: 'closed',
  openedAt: null,
  retryAt: null,
  calls: 0,
  answered: 0,
  declined: 0,
  unknown: 0,
  failed: 0,
  availabilityPpm: null,
  charges: 0,
  chargesAnswered: 0,
  chargesDeclined: 0,
  p50Ms: null,
  p99Ms: null,
  ...changes,
})

const NAMES = ['alipay', 'ccb', 'icbc', 'ecny', 'unionpay', 'wechat'] as const
const DEPARTMENTS = ['0203', '0301', '0401']
const amount = fc.integer({ min: 1, max: 500_000 }).map(fen)
const ppm = fc.integer({ min: 0, max: 1_000_000 })

/** Mostly the first, so that not every channel is shut out by something. */
const mostly = <T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other })

const candidateOf = (name: string): fc.Arbitrary<Candidate> =>
  fc.record({
    name: fc.constant(name),
    title: fc.constant({ zh: '渠道', en: 'Channel' }),
    tier: fc.constantFrom('core' as const, ...TIERS, 'backup' as const, null),
    methods: mostly([...METHODS], fc.subarray([...METHODS], { minLength: 1 })),
    scenes: mostly(SCENES.slice(0, 3), fc.subarray(SCENES.slice(0, 3))),
    departments: mostly<string[] | null>(null, fc.subarray(DEPARTMENTS)),
    paymentLimitFen: mostly<Fen | null>(null, amount),
    dayLimitFen: mostly<Fen | null>(null, amount),
    feePpm: fc.integer({ min: 0, max: 10_000 }),
    feeFixedFen: fc.integer({ min: 0, max: 100 }).map(fen),
    settlementDays: fc.integer({ min: 0, max: 3 }),
    sharePpm: fc.option(ppm, { nil: null }),
    enabled: mostly(true, fc.boolean()),
    order: fc.integer({ min: 0, max: 3 }),
    connectedMethods: mostly<PayMethod[] | null>(
      [...METHODS],
      fc.option(fc.subarray([...METHODS]), { nil: null }),
    ),
    taken: fc.record({ todayFen: amount, windowFen: amount, windowCount: fc.nat(1_000) }),
  })

export const candidates = fc
  .subarray([...NAMES])
  .chain((names) => fc.tuple(...names.map(candidateOf)))

const channelHealth = fc
  .record({
    state: fc.constantFrom('closed' as const, 'open' as const, 'half_open' as const),
    calls: fc.nat(500),
    missed: fc.nat(100),
    p99Ms: fc.constantFrom(null, 200, 500, 1_000),
  })
  .map(({ state, calls, missed, p99Ms }) =>
    healthy({
      state,
      calls,
      charges: calls,
      chargesAnswered: Math.max(0, calls - missed),
      p99Ms,
      openedAt: state === 'closed' ? null : new Date('2026-11-21T09:00:00+08:00'),
      retryAt: state === 'closed' ? null : new Date('2026-11-21T11:00:00+08:00'),
    }),
  )

export const healths = fc
  .tuple(...NAMES.map((name) => channelHealth.map((health) => [name, health] as const)))
  .map((entries) => new Map<string, ChannelHealth>(entries))

export const wishes: fc.Arbitrary<Wish> = fc.record({
  paymentId: fc.option(fc.uuid({ version: 7 }), { nil: null }),
  amountFen: amount,
  department: fc.option(fc.constantFrom(...DEPARTMENTS), { nil: null }),
  scene: fc.constantFrom(...SCENES.slice(0, 3)),
  method: mostly<PayMethod | null>(null, fc.constantFrom(...METHODS)),
  payer: fc.record({
    preferred: fc.option(fc.constantFrom(...NAMES), { nil: null }),
    lastUsed: fc.option(fc.constantFrom(...NAMES), { nil: null }),
    devices: mostly<Device[] | null>(
      null,
      fc.subarray<Device>(['screen', 'browser', 'sdk', 'scanner', 'window', 'app:wechat']),
    ),
    attributes: fc.record({ ageYears: fc.integer({ min: 0, max: 100 }) }),
  }),
})
