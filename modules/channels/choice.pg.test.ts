import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { addDays, businessDateOf, HOUR_MS } from '../../kernel/time.ts'
import type { PaymentId, PersonId } from '../payments/index.ts'
import { DEFAULT_RULES, type Volume } from './index.ts'
import {
  type Bed,
  bankTerms,
  elder,
  HOSPITAL,
  openBed,
  payersWish,
  rule,
  terms,
  wish,
  wishOf,
} from './testing/bed.ts'

let bed: Bed

beforeAll(async () => {
  bed = await openBed()
  await bed.ask('PUT', '/wechat', terms())
  await bed.ask('PUT', '/icbc', bankTerms())
  await bed.tier('wechat', 'core')
})
afterAll(() => bed.close())

describe('the choice', () => {
  it('[P5] is of what the hospital has admitted, each with why', async () => {
    await bed.tier('icbc', 'auxiliary')
    const { ranked, rejected } = await bed.tryOut()
    expect(rejected).toEqual([])
    expect(ranked).toEqual([
      {
        channel: 'icbc',
        method: 'card',
        tier: 'auxiliary',
        costFen: 30,
        reasons: [
          { code: 'contract_share', params: { targetPpm: 400_000, actualPpm: 0 } },
          { code: 'cheapest', params: { costFen: 30 } },
        ],
      },
      {
        channel: 'wechat',
        method: 'account',
        tier: 'core',
        costFen: 38,
        reasons: [{ code: 'in_order', params: { position: 2 } }],
      },
    ])
  })

  it('[P5] follows rules that are put in place, from within one process at once', async () => {
    const rules = {
      ...DEFAULT_RULES,
      rules: [
        {
          name: 'elders',
          words: { zh: '长者优先银行卡', en: 'Cards for elders' },
          enabled: true,
          when: { payer: { ageYears: { from: 65 } } },
          effect: { do: 'require', channels: ['icbc'] },
        },
      ],
    }
    expect((await bed.tryOut({ ...elder, rules })).ranked).toMatchObject([{ channel: 'icbc' }])
    expect((await bed.tryOut(elder)).ranked).toHaveLength(2)

    expect(await bed.ask('GET', '/rules')).toMatchObject({ body: { version: 0, updatedBy: null } })
    const saved = await bed.ask('PUT', '/rules', { version: 0, rules }, 'finance')
    expect(saved).toMatchObject({ status: 200, body: { version: 1, rules } })
    expect(saved.body.updatedBy).toMatch(/^staff:/)
    expect((await bed.tryOut(elder)).rejected).toMatchObject([
      { channel: 'wechat', reason: { code: 'not_required', params: { zh: '长者优先银行卡' } } },
    ])
    expect((await bed.tryOut()).ranked).toHaveLength(2)

    expect(await bed.ask('PUT', '/rules', { version: 0, rules })).toMatchObject({
      status: 409,
      body: { code: 'channels.rules_changed' },
    })
    const emptied = await bed.ask('PUT', '/rules', { version: 1, rules: DEFAULT_RULES })
    expect(emptied).toMatchObject({ status: 200, body: { version: 2 } })
    expect(await bed.ask('PUT', '/rules', { version: 1, rules })).toMatchObject({ status: 409 })
  })

  it.each<[string, object, object]>([
    ['a rule of no shape', { rules: [{ name: 'r' }] }, { code: 'http.invalid_request' }],
    ['a negative share', { shareTolerancePpm: -1 }, { code: 'http.invalid_request' }],
    [
      'a condition that nobody reads',
      { rules: [rule({ when: { weather: 'rain' } })] },
      { code: 'http.invalid_request' },
    ],
    [
      'a channel that is not there',
      { rules: [rule({ effect: { do: 'exclude', channels: ['alipay'] } })] },
      { code: 'channels.rules_invalid', params: { rule: 'r', problem: 'channel_unknown' } },
    ],
    [
      'a day that is none',
      { rules: [rule({ when: { dates: { from: '2026-02-30', to: '2026-03-01' } } })] },
      { code: 'http.invalid_request' },
    ],
  ])('refuses %s', async (_what, changes, body) => {
    const rules = { ...DEFAULT_RULES, ...changes }
    expect(await bed.ask('PUT', '/rules', { version: 2, rules })).toMatchObject({
      status: 400,
      body,
    })
    expect(await bed.ask('POST', '/dry-run', wish({ rules }))).toMatchObject({ status: 400, body })
  })

  it('can be tried as if it were another time', async () => {
    const rules = {
      ...DEFAULT_RULES,
      rules: [
        rule({
          when: { time: { from: '00:00', below: '06:00' } },
          effect: { do: 'exclude', channels: ['icbc'] },
        }),
      ],
    }
    const night = await bed.tryOut({ rules, at: '2026-11-22T03:00:00+08:00' })
    expect(night.ranked).toMatchObject([{ channel: 'wechat' }])
    expect((await bed.tryOut({ rules })).ranked).toHaveLength(2)
  })

  it('[P5] is offered to a payer by what is known of them and where they are', async () => {
    await bed.ask('PUT', '/icbc', bankTerms({ sharePpm: null, feePpm: 3_800 }))
    await bed.tier('icbc', 'core')
    const offers = async (devices: string[] | null) =>
      (await bed.ask('POST', '/offers', { ...payersWish(), devices }, 'person')).body.items
    expect(await offers(null)).toEqual([
      {
        channel: 'icbc',
        title: bankTerms().title,
        method: 'card',
        reasons: [
          { code: 'used_last_time', params: {} },
          { code: 'cheapest', params: { costFen: 38 } },
        ],
      },
      {
        channel: 'wechat',
        title: terms().title,
        method: 'account',
        reasons: [{ code: 'cheapest', params: { costFen: 38 } }],
      },
    ])
    expect(await offers(['app:wechat'])).toMatchObject([{ channel: 'wechat', method: 'account' }])
    expect(await offers(['screen'])).toMatchObject([
      { channel: 'icbc', method: 'qr_code' },
      { channel: 'wechat', method: 'qr_code' },
    ])
    const refused = await bed.ask(
      'POST',
      '/offers',
      { ...payersWish(), devices: ['moon'] },
      'person',
    )
    expect(refused.status).toBe(400)
    await bed.ask('PUT', '/icbc', bankTerms())
  })

  it('[P5] keeps day limits and shares by what the books say, and by what was just sent there', async () => {
    const today = businessDateOf(bed.clock.now())
    const took = (channel: string, amountFen: number, businessDate = today): Volume => ({
      channel,
      businessDate,
      count: 1,
      amountFen: fen(amountFen),
    })
    bed.clock.advance(HOUR_MS)
    bed.facts.volumes = [took('wechat', 50_000, addDays(today, -1)), took('icbc', 45_000)]
    expect((await bed.tryOut()).ranked.map(({ channel }: { channel: string }) => channel)).toEqual([
      'wechat', // the bank has 47 % and is promised 40 %
      'icbc',
    ])
    await bed.ask('PUT', '/icbc', bankTerms({ dayLimitFen: 54_999 }))
    expect((await bed.tryOut()).rejected).toEqual([
      {
        channel: 'icbc',
        reason: { code: 'over_day_limit', params: { limitFen: 54_999, takenFen: 45_000 } },
      },
    ])
    await bed.ask('PUT', '/icbc', bankTerms())

    const taken: string[] = []
    for (let i = 0; i < 10; i++) {
      const found = await bed.channels.take(HOSPITAL, wishOf(), null)
      taken.push(found?.choice.channel ?? 'none')
    }
    expect(taken.filter((channel) => channel === 'icbc')).toHaveLength(3)
    bed.clock.advance(HOUR_MS)
    bed.facts.volumes = []
    expect((await bed.tryOut()).ranked[0].reasons[0].params.actualPpm).toBe(0)
  })

  it('takes the one that the payer named, or says why it cannot be had', async () => {
    expect(await bed.channels.take(HOSPITAL, wishOf(), 'wechat')).toMatchObject({
      choice: { channel: 'wechat' },
    })
    await expect(bed.channels.take(HOSPITAL, wishOf(), 'alipay')).rejects.toMatchObject({
      code: 'channels.channel_not_offered',
      params: { channel: 'alipay', reason: 'not_registered' },
    })
    const abroad = wishOf({ scene: 'discharge' })
    await expect(bed.channels.take(HOSPITAL, abroad, 'wechat')).rejects.toMatchObject({
      params: { reason: 'scene_off' },
    })
    await expect(bed.channels.take(HOSPITAL, abroad, null)).rejects.toMatchObject({
      code: 'channels.none_offered',
    })
    expect(await bed.channels.take(2 as HospitalId, wishOf(), 'wechat')).toBeNull()
  })

  it('[P5] tells a payment its channel with why, and nothing of what the hospital pays for it', async () => {
    const wish = {
      paymentId: 'payment' as PaymentId,
      personId: 'person' as PersonId,
      amountFen: fen(10_000),
      department: '0300',
      scene: 'outpatient' as const,
      channel: null,
      method: null,
      devices: ['card_reader'],
    }
    const choice = await bed.channels.chooseForPayer(HOSPITAL, wish)
    expect(choice).toMatchObject({
      channel: 'icbc',
      method: 'card',
      offered: [{ channel: 'icbc', title: bankTerms().title }],
      notOffered: [{ channel: 'wechat', reason: { code: 'device_missing' } }],
    })
    const told = choice?.offered.flatMap(({ reasons }) => reasons) ?? []
    expect(told.map(({ code }) => code)).toContain('used_last_time')
    const contractual = told.filter(({ code }) => /^(cheapest|contract_share)$/.test(code))
    expect(contractual.map(({ params }) => params)).toEqual(contractual.map(() => ({})))
    expect(await bed.channels.chooseForPayer(2 as HospitalId, wish)).toBeNull()
    await expect(
      bed.channels.chooseForPayer(HOSPITAL, { ...wish, channel: 'wechat' }),
    ).rejects.toMatchObject({ code: 'channels.channel_not_offered' })
  })
})
