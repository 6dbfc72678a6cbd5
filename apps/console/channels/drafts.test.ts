import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { readAlertsSearch } from './alert-search.ts'
import { valuesIn, valueText } from './fact-draft.ts'
import { METHODS, type Rule, SCENES } from './model.ts'
import { parsePercent, percentInput, percentText, shortPercentText } from './ratio.ts'
import { draftOfRule, NEW_RULE, readRule } from './rule-draft.ts'
import { draftOf, newDraft, readDraft } from './terms-draft.ts'
import { NEW_WISH, readWish } from './wish-draft.ts'

describe('shares', () => {
  it.each([
    [0, '0%'],
    [3_800, '0.38%'],
    [1, '0.0001%'],
    [1_000_000, '100%'],
    [999_999, '99.9999%'],
  ])('%i ppm is %s', (ppm, text) => {
    expect(percentText(ppm)).toBe(text)
  })

  it('what is short of all of it is never written as that', () => {
    expect(shortPercentText(999_999)).toBe('99.99%')
    expect(shortPercentText(1_000_000)).toBe('100%')
  })

  it('are read back exactly as they are written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (ppm) => {
        expect(parsePercent(percentInput(ppm))).toBe(ppm)
        expect(parsePercent(percentText(ppm))).toBe(ppm)
      }),
    )
  })

  it.each(['', '-1', '100.0001', '0.00001', '1e2', '三', '0,38', '.5'])('"%s" is none', (text) => {
    expect(parsePercent(text)).toBeNull()
  })
})

const terms = {
  title: { zh: '工商银行', en: 'ICBC' },
  methods: ['card' as const, 'qr_code' as const],
  scenes: ['outpatient' as const],
  departments: ['0203'],
  paymentLimitFen: 50_001,
  dayLimitFen: null,
  feePpm: 3_000,
  feeFixedFen: 7,
  settlementDays: 1,
  sharePpm: 400_000,
  enabled: true,
  order: 3,
}

describe('terms', () => {
  it('come back from the form as they went in, to the fen', () => {
    expect(readDraft(draftOf(terms), true)).toEqual({ terms, problems: [] })
  })

  it('name every field that cannot be read, and send nothing', () => {
    const draft = {
      ...draftOf(terms),
      titleEn: ' ',
      methods: [],
      departments: [],
      paymentLimit: '0',
      dayLimit: '5.001',
      fee: '',
      feeFixed: '-1',
      settlementDays: '61',
      share: '101',
      order: '1.5',
    }
    expect(readDraft(draft, true)).toEqual({
      terms: null,
      problems: [
        'title',
        'methods',
        'departments',
        'paymentLimit',
        'dayLimit',
        'fee',
        'feeFixed',
        'settlementDays',
        'share',
        'order',
      ],
    })
  })

  it('of a new channel wait for a fee, and are switched off', () => {
    const draft = newDraft('建设银行', ['qr_code'])
    expect(readDraft(draft, false)).toEqual({ terms: null, problems: ['fee'] })
    expect(readDraft({ ...draft, fee: '0.3' }, false).terms).toMatchObject({
      enabled: false,
      feePpm: 3_000,
      methods: ['qr_code'],
    })
  })
})

const amount = fc.integer({ min: 0, max: 1_000_000_000 })
const some = <T>(values: readonly T[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 })
const channels = some(['wechat', 'icbc', 'ccb'])
const value = fc.oneof(
  fc.constantFrom('resident', '310', 'true', '-1', '0.5', 'a, b', '"', 'x"y"', '居民、职工'),
  fc.integer({ min: -9, max: 999 }),
  fc.boolean(),
)
const rules: fc.Arbitrary<Rule> = fc.record({
  name: fc.constantFrom('老人优先', 'r1'),
  words: fc.constant({ zh: '说明', en: 'words' }),
  enabled: fc.boolean(),
  when: fc.record(
    {
      amountFen: fc.oneof(
        fc.record({ from: amount }),
        fc.record({ below: amount }),
        fc.record({ from: amount, below: amount }),
      ),
      scenes: some(SCENES),
      departments: some(['0203', '0301']),
      methods: some(METHODS),
      time: fc.constant({ from: '22:00', below: '06:00' }),
      dates: fc.constant({ from: '2026-11-01', to: '2026-11-30' }),
      weekdays: some([1, 2, 3, 4, 5, 6, 7]).map((days) => days.toSorted((a, b) => a - b)),
      payer: fc.constantFrom(
        { ageYears: { from: 65 } },
        { ageYears: { from: 0, below: 7 }, isStaff: { in: [true] } },
      ),
    },
    { requiredKeys: [] },
  ),
  effect: fc.oneof(
    fc.record({
      do: fc.constant('prefer' as const),
      channels,
      points: fc.integer({ min: 1, max: 1_000 }),
    }),
    fc.record({ do: fc.constantFrom('require' as const, 'exclude' as const), channels }),
    fc.record({
      do: fc.constant('share' as const),
      shares: fc.constantFrom({ icbc: 400_000 }, { icbc: 1, ccb: 999_999 }),
    }),
  ),
})

describe('rules', () => {
  it('come back from the form as they went in', () => {
    fc.assert(
      fc.property(rules, (rule) => {
        expect(readRule(draftOfRule(rule))).toEqual({ rule, problems: [] })
      }),
    )
  })

  it('an empty form names what is missing', () => {
    expect(readRule(NEW_RULE)).toEqual({ rule: null, problems: ['name', 'words', 'channels'] })
    const half = {
      ...NEW_RULE,
      name: 'r',
      zh: '说',
      en: 'w',
      amountFrom: 'x',
      timeFrom: '08:00',
      dateTo: '2026-11-01',
      facts: [{ name: '年龄', kind: 'range' as const, from: '1', below: '', values: '' }],
      effect: 'share' as const,
      shares: { icbc: '101' },
    }
    expect(readRule(half).problems).toEqual(['amount', 'time', 'dates', 'payer', 'shares'])
    expect(
      readRule({ ...NEW_RULE, name: 'r', zh: '说', en: 'w', channels: ['icbc'], points: '0' })
        .problems,
    ).toEqual(['points'])
  })

  it('a text that looks like a number stays a text', () => {
    fc.assert(
      fc.property(fc.array(value), (facts) => {
        expect(valuesIn(facts.map(valueText).join(', '))).toEqual(facts)
      }),
    )
    expect(valuesIn('"310"，390、true, resident')).toEqual(['310', 390, true, 'resident'])
  })
})

describe('a payment to try', () => {
  it('is sent in fen, with what is not known as null', () => {
    expect(readWish(NEW_WISH, null)).toEqual({
      problems: [],
      wish: {
        amountFen: 10_000,
        scene: 'outpatient',
        department: null,
        method: null,
        payer: { preferred: null, lastUsed: null, devices: null, attributes: {} },
      },
    })
  })

  it('takes the time as it is in Shanghai, and facts by their kind', () => {
    const { wish } = readWish(
      {
        ...NEW_WISH,
        amount: '0.01',
        devices: ['browser'],
        facts: [{ name: 'ageYears', value: '70' }],
        at: '2026-11-22T06:30',
      },
      null,
    )
    expect(wish).toMatchObject({
      amountFen: 1,
      at: '2026-11-21T22:30:00.000Z',
      payer: { devices: ['browser'], attributes: { ageYears: 70 } },
    })
  })

  it('says what it cannot read', () => {
    const draft = { ...NEW_WISH, amount: '0', facts: [{ name: '', value: '' }], at: '2026' }
    expect(readWish(draft, null)).toEqual({ wish: null, problems: ['amount', 'facts', 'at'] })
  })
})

it('the page of alerts takes from its URL only what it understands', () => {
  expect(readAlertsSearch({})).toEqual({})
  expect(readAlertsSearch({ state: 'x', channel: 'A B', before: '1' })).toEqual({})
  expect(readAlertsSearch({ state: 'any', channel: 'wechat' })).toEqual({
    state: 'any',
    channel: 'wechat',
  })
})
