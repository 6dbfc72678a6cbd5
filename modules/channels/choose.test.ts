import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addFen, fen } from '../../kernel/money.ts'
import { pick, randomBelow, seededRandom } from '../../kernel/random.ts'
import { type Candidate, chooseChannels, type Choices, type Wish } from './choose.ts'
import { DEFAULT_RULES, type Rule, type Rules } from './rules.ts'
import {
  candidate,
  candidates,
  healths,
  healthy,
  NOBODY,
  registered,
  wishes,
  wishFor,
} from './testing/arbitraries.ts'
import { NOTHING_TAKEN } from './volumes.ts'

const NOW = new Date('2026-11-21T10:00:00+08:00') // a Saturday
const NO_HEALTH = new Map()

const rulesOf = (...rules: Partial<Rule>[]): Rules => ({
  ...DEFAULT_RULES,
  rules: rules.map((rule, i) => ({
    name: `rule ${i + 1}`,
    words: { zh: '规则', en: 'rule' },
    enabled: true,
    when: {},
    effect: { do: 'prefer', channels: ['wechat'], points: 1 },
    ...rule,
  })),
})

const choose = (
  list: readonly Candidate[],
  wish: Partial<Wish> = {},
  rules: Rules = DEFAULT_RULES,
  health: Parameters<typeof chooseChannels>[2] = NO_HEALTH,
) => chooseChannels(list, wishFor(wish), health, rules, NOW)

const order = ({ ranked }: Choices) => ranked.map(({ channel }) => channel)
const codes = (choices: Choices, channel: string) =>
  choices.ranked.find((choice) => choice.channel === channel)?.reasons.map(({ code }) => code)

const wechat = candidate()
const alipay = candidate({ name: 'alipay', order: 1 })
const icbc = candidate({ name: 'icbc', order: 2, methods: ['card'], feePpm: 3_000 })
const ecny = candidate({ name: 'ecny', order: 3, tier: 'backup', feePpm: 0 })

describe('whatever is asked, of whatever channels', () => {
  it('[P4] nothing is offered that is off, not admitted, not connected, out of its scene or over a limit', () => {
    fc.assert(
      fc.property(candidates, wishes, healths, (list, wish, health) => {
        const { ranked } = chooseChannels(list, wish, health, DEFAULT_RULES, NOW)
        for (const { channel, method } of ranked) {
          const own = list.find(({ name }) => name === channel)
          if (!own) throw new Error(`${channel} is no candidate`)
          expect(own.enabled).toBe(true)
          expect(own.tier).not.toBeNull()
          expect(own.scenes).toContain(wish.scene)
          expect(own.departments ?? [wish.department]).toContain(wish.department)
          expect(own.methods).toContain(method)
          expect(own.connectedMethods).toContain(method)
          expect(wish.method ?? method).toBe(method)
          expect(wish.amountFen).toBeLessThanOrEqual(own.paymentLimitFen ?? Infinity)
          const today = addFen(own.taken.todayFen, wish.amountFen)
          expect(today).toBeLessThanOrEqual(own.dayLimitFen ?? Infinity)
          expect(health.get(channel)?.state).not.toBe('open')
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('[P4] no backup is offered while a core channel that can take the payment is healthy', () => {
    let offered = 0
    fc.assert(
      fc.property(candidates, wishes, healths, (list, wish, health) => {
        const { ranked } = chooseChannels(list, wish, health, DEFAULT_RULES, NOW)
        // A core channel that would be offered if it were the only one.
        const healthyCore = list.filter(
          (own) =>
            own.tier === 'core' &&
            health.get(own.name)?.state === 'closed' &&
            chooseChannels([own], wish, health, DEFAULT_RULES, NOW).ranked.length > 0,
        )
        const hasBackup = ranked.some(({ tier }) => tier === 'backup')
        expect(healthyCore.length > 0 && hasBackup).toBe(false)
        if (hasBackup) offered += 1
      }),
      { numRuns: 2_000 },
    )
    expect(offered).toBeGreaterThan(50)
  })

  it('every channel is either ranked or rejected, once, with a reason, and the same the second time', () => {
    fc.assert(
      fc.property(candidates, wishes, healths, (list, wish, health) => {
        const choices = chooseChannels(list, wish, health, DEFAULT_RULES, NOW)
        const named = [...order(choices), ...choices.rejected.map(({ channel }) => channel)]
        expect(named.toSorted()).toEqual(list.map(({ name }) => name).toSorted())
        for (const { reasons } of choices.ranked) expect(reasons.length).toBeGreaterThan(0)
        const reversed = chooseChannels(list.toReversed(), wish, health, DEFAULT_RULES, NOW)
        expect(order(reversed)).toEqual(order(choices))
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('why a channel is not offered', () => {
  it.each<[string, Partial<Candidate>, Partial<Wish>]>([
    ['disabled', { enabled: false }, {}],
    ['not_admitted', { tier: null }, {}],
    ['not_connected', { connectedMethods: null }, {}],
    ['scene_off', {}, { scene: 'discharge' }],
    ['department_off', { departments: ['0301'] }, {}],
    ['department_off', { departments: ['0301'] }, { department: null }],
    ['method_off', {}, { method: 'card' }],
    ['method_off', { connectedMethods: ['card'] }, {}],
    ['device_missing', {}, { payer: { ...NOBODY, devices: ['scanner', 'app:alipay'] } }],
    ['over_payment_limit', { paymentLimitFen: fen(9_999) }, {}],
    [
      'over_day_limit',
      { dayLimitFen: fen(100_000), taken: { ...NOTHING_TAKEN, todayFen: fen(90_001) } },
      {},
    ],
  ])('%s', (code, changes, wish) => {
    const { ranked, rejected } = choose([candidate(changes)], wish)
    expect(ranked).toEqual([])
    expect(rejected).toMatchObject([{ channel: 'wechat', reason: { code } }])
  })

  it('[P5] down, with when it is tried again; and a backup that sleeps, with who is awake', () => {
    const retryAt = new Date('2026-11-21T10:01:00+08:00')
    const down = new Map([['alipay', healthy({ state: 'open', openedAt: NOW, retryAt })]])
    const { ranked, rejected } = choose([wechat, alipay, ecny], {}, DEFAULT_RULES, down)
    expect(ranked.map(({ channel }) => channel)).toEqual(['wechat'])
    expect(rejected).toEqual([
      { channel: 'alipay', reason: { code: 'down', params: { retryAt: retryAt.toISOString() } } },
      { channel: 'ecny', reason: { code: 'backup_asleep', params: { channels: 'wechat' } } },
    ])
  })
})

describe('the order', () => {
  it('is the hospital’s own between equals, and then the name', () => {
    const same = { feePpm: 6_000, methods: ['qr_code'] as const }
    const list = [
      candidate({ name: 'b', order: 1, ...same }),
      candidate({ name: 'a', order: 1, ...same }),
      candidate({ name: 'c', order: 0, ...same }),
    ]
    expect(order(choose(list))).toEqual(['c', 'a', 'b'])
  })

  it('[P5] follows the fee, a fixed one more the smaller the payment is', () => {
    const fixed = candidate({ name: 'fixed', order: 1, feePpm: 0, feeFixedFen: fen(100) })
    expect(order(choose([wechat, fixed], { amountFen: fen(5_000) }))).toEqual(['wechat', 'fixed'])
    const large = choose([wechat, fixed], { amountFen: fen(50_000) })
    expect(order(large)).toEqual(['fixed', 'wechat'])
    expect(large.ranked[0]).toMatchObject({ costFen: 100, reasons: [{ code: 'cheapest' }] })
  })

  it('[P5] follows success before a smaller difference of fees', () => {
    const fares = (charges: number, chargesAnswered: number) =>
      healthy({ calls: charges, charges, chargesAnswered })
    const health = new Map([
      ['wechat', fares(400, 360)],
      ['alipay', fares(400, 399)],
    ])
    const dearer = candidate({ name: 'alipay', order: 1, feePpm: 10_000 })
    const choices = choose([wechat, dearer], {}, DEFAULT_RULES, health)
    expect(order(choices)).toEqual(['alipay', 'wechat'])
    expect(choices.ranked[0]?.reasons).toEqual([
      { code: 'most_reliable', params: { successPpm: 997_500, calls: 400 } },
    ])
    // One failure of two says nothing yet.
    const few = new Map([['wechat', fares(2, 1)]])
    expect(
      order(choose([wechat, dearer], {}, { ...DEFAULT_RULES, failureCostPpm: 50_000 }, few)),
    ).toEqual(['wechat', 'alipay'])
  })

  it('puts a slow channel behind an equal one that answers in time', () => {
    const slow = new Map([['wechat', healthy({ calls: 50, p99Ms: 1_000 })]])
    expect(order(choose([wechat, alipay], {}, DEFAULT_RULES, slow))).toEqual(['alipay', 'wechat'])
  })

  it('[P5] is each payer’s own: what they prefer, what they used, what is where they are', () => {
    const list = [wechat, alipay, icbc]
    expect(order(choose(list, { payer: { ...NOBODY, preferred: 'alipay' } }))[0]).toBe('alipay')
    const habit = choose([wechat, alipay], { payer: { ...NOBODY, lastUsed: 'alipay' } })
    expect(order(habit)).toEqual(['alipay', 'wechat'])
    expect(codes(habit, 'alipay')).toContain('used_last_time')
    const kiosk = choose(list, { payer: { ...NOBODY, devices: ['card_reader'] } })
    expect(kiosk.ranked.map(({ channel, method }) => [channel, method])).toEqual([['icbc', 'card']])
    const inWechat = choose(list, { payer: { ...NOBODY, devices: ['app:wechat'] } })
    expect(inWechat.ranked.map(({ channel, method }) => [channel, method])).toEqual([
      ['wechat', 'account'],
    ])
  })

  it('puts core before auxiliary where nothing weightier is said', () => {
    const auxiliary = candidate({ name: 'icbc', tier: 'auxiliary', feePpm: 0 })
    expect(order(choose([auxiliary, wechat]))).toEqual(['wechat', 'icbc'])
  })
})

describe('a backup', () => {
  const down = healthy({ state: 'open', openedAt: NOW, retryAt: NOW })

  it('[P4] wakes when every core channel is down or shut out, and says for whom', () => {
    const health = new Map([['wechat', down]])
    const limited = candidate({ name: 'alipay', paymentLimitFen: fen(1) })
    const choices = choose([wechat, limited, ecny], {}, DEFAULT_RULES, health)
    expect(order(choices)).toEqual(['ecny'])
    expect(choices.ranked[0]?.reasons[0]).toEqual({
      code: 'backup_awake',
      params: { channels: 'wechat, alipay' },
    })
    expect(order(choose([wechat, alipay, ecny], {}, DEFAULT_RULES, health))).toEqual(['alipay'])
  })

  it('[P4] wakes for one method alone, where the payer wants that', () => {
    const health = new Map([['icbc', down]])
    const spare = candidate({ name: 'ccb', tier: 'backup', methods: ['card'] })
    expect(order(choose([wechat, icbc, spare], { method: 'card' }, DEFAULT_RULES, health))).toEqual(
      ['ccb'],
    )
    expect(order(choose([wechat, icbc, spare], {}, DEFAULT_RULES, health))).toEqual(['wechat'])
  })

  it('comes before a core channel that is only being tried, but for the few payments that try it', () => {
    const health = new Map([
      ['wechat', healthy({ state: 'half_open', openedAt: NOW, retryAt: NOW })],
    ])
    const random = seededRandom('trials')
    const firsts = Array.from({ length: 2_000 }, () => {
      const paymentId = String(randomBelow(random, 2 ** 32))
      return order(choose([wechat, ecny], { paymentId }, DEFAULT_RULES, health))[0]
    })
    const tried = firsts.filter((first) => first === 'wechat').length
    expect(tried).toBeGreaterThan(40)
    expect(tried).toBeLessThan(180)
    expect(order(choose([wechat, ecny], {}, DEFAULT_RULES, health))).toEqual(['ecny', 'wechat'])
    expect(codes(choose([wechat], {}, DEFAULT_RULES, health), 'wechat')).toEqual(['recovering'])
  })
})

describe('rules', () => {
  it('[P5] prefer, by points that add up', () => {
    const rules = rulesOf(
      { effect: { do: 'prefer', channels: ['alipay'], points: 2 } },
      { effect: { do: 'prefer', channels: ['icbc'], points: 1 } },
      { effect: { do: 'prefer', channels: ['icbc'], points: 2 } },
    )
    const choices = choose([wechat, alipay, icbc], {}, rules)
    expect(order(choices)).toEqual(['icbc', 'alipay', 'wechat'])
    expect(codes(choices, 'icbc')).toEqual(['rule_prefers', 'rule_prefers', 'cheapest'])
    expect(choices.ranked[1]?.reasons[0]?.params).toEqual({
      rule: 'rule 1',
      zh: '规则',
      en: 'rule',
    })
  })

  it('require all together, and exclude', () => {
    const rules = rulesOf(
      { effect: { do: 'require', channels: ['wechat', 'alipay'] } },
      { effect: { do: 'require', channels: ['alipay', 'icbc'] } },
    )
    const choices = choose([wechat, alipay, icbc], {}, rules)
    expect(order(choices)).toEqual(['alipay'])
    expect(choices.rejected).toMatchObject([
      { channel: 'wechat', reason: { code: 'not_required', params: { rule: 'rule 2' } } },
      { channel: 'icbc', reason: { code: 'not_required', params: { rule: 'rule 1' } } },
    ])
    const without = rulesOf({ effect: { do: 'exclude', channels: ['alipay'] } })
    expect(order(choose([wechat, alipay], {}, without))).toEqual(['wechat'])
  })

  it('set shares in place of the contracts’', () => {
    const banks = [
      candidate({ name: 'ccb', sharePpm: 1_000_000 }),
      candidate({ name: 'icbc', sharePpm: 0 }),
    ]
    expect(order(choose(banks))).toEqual(['ccb', 'icbc'])
    const rules = rulesOf({ effect: { do: 'share', shares: { icbc: 700_000, ccb: 300_000 } } })
    const choices = choose(banks, {}, rules)
    expect(order(choices)).toEqual(['icbc', 'ccb'])
    expect(choices.ranked[0]?.reasons[0]).toEqual({
      code: 'contract_share',
      params: { targetPpm: 700_000, actualPpm: 0 },
    })
  })

  it('do nothing when they are switched off', () => {
    const rules = rulesOf({ enabled: false, effect: { do: 'exclude', channels: ['wechat'] } })
    expect(order(choose([wechat], {}, rules))).toEqual(['wechat'])
  })
})

describe('contract shares', () => {
  const PAYMENTS = 10_000
  const bank = (name: string, sharePpm: number | null, feePpm = 3_000) =>
    registered({ name, sharePpm, feePpm, methods: ['card'] })

  /** Sends payments where they are told to go, and says what share of the money each channel got. */
  function simulate(
    channels: ReturnType<typeof registered>[],
    seed: string,
    payerOf: (random: ReturnType<typeof seededRandom>) => Wish['payer'] = () => NOBODY,
  ) {
    const random = seededRandom(seed)
    const taken = new Map(channels.map(({ name }) => [name, { fen: 0, count: 0 }]))
    for (let i = 0; i < PAYMENTS; i++) {
      const list = channels.map((channel) => {
        const own = taken.get(channel.name) ?? { fen: 0, count: 0 }
        const took = { todayFen: fen(0), windowFen: fen(own.fen), windowCount: own.count }
        return candidate({ ...channel, taken: took })
      })
      // From a registration fee to an operation.
      const amountFen = fen(1_000 + randomBelow(random, 300_000))
      const wish = { amountFen, payer: payerOf(random) }
      const [first] = order(choose(list, wish))
      const own = taken.get(first ?? '')
      if (!own) throw new Error('nothing was offered')
      own.fen += amountFen
      own.count += 1
    }
    const total = [...taken.values()].reduce((sum, own) => sum + own.fen, 0)
    return Object.fromEntries([...taken].map(([name, own]) => [name, own.fen / total]))
  }

  it('[P5] are met within 1 % after ten thousand payments, however many banks there are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 2, maxLength: 6 }),
        fc.string(),
        (weights, seed) => {
          const sum = weights.reduce((a, b) => a + b, 0)
          const banks = weights.map((weight, i) =>
            bank(`bank${i}`, Math.floor((weight * 1_000_000) / sum)),
          )
          const shares = simulate(banks, seed)
          for (const { name, sharePpm } of banks) {
            const target = (sharePpm ?? 0) / 1_000_000
            expect(Math.abs((shares[name] ?? 0) - target)).toBeLessThan(0.01)
          }
        },
      ),
      { numRuns: 5 },
    )
  })

  it('[P5] are met although three payers in ten choose for themselves', () => {
    const banks = [bank('ccb', 500_000), bank('icbc', 300_000), bank('boc', 200_000)]
    const names = banks.map(({ name }) => name)
    const shares = simulate(banks, 'payers', (random) => ({
      ...NOBODY,
      preferred: randomBelow(random, 10) < 3 ? pick(random, names) : null,
    }))
    expect(Math.abs((shares['ccb'] ?? 0) - 0.5)).toBeLessThan(0.01)
    expect(Math.abs((shares['icbc'] ?? 0) - 0.3)).toBeLessThan(0.01)
    expect(Math.abs((shares['boc'] ?? 0) - 0.2)).toBeLessThan(0.01)
  })

  it('leave the rest to whoever has no contract', () => {
    const shares = simulate([bank('ccb', 250_000), bank('wechat', null, 0)], 'rest')
    expect(Math.abs((shares['ccb'] ?? 0) - 0.25)).toBeLessThan(0.01)
  })
})
