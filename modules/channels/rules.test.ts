import { describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { problemsOfRules, withDefaults } from './check-rules.ts'
import {
  type Condition,
  DEFAULT_RULES,
  type Effect,
  type RuleFacts,
  rulesThatApply,
} from './rules.ts'

const FACTS: RuleFacts = {
  amountFen: fen(10_000),
  scene: 'outpatient',
  department: '0203',
  method: null,
  attributes: { ageYears: 70, insuranceKind: 'resident', isStaff: false },
}

const SATURDAY = '2026-11-21T10:00:00+08:00'

function applies(when: Condition, facts: Partial<RuleFacts> = {}, at = SATURDAY): boolean {
  const rule = { name: 'r', words: { zh: '规', en: 'r' }, enabled: true, when }
  const effect = { do: 'exclude' as const, channels: ['wechat'] }
  const rules = { ...DEFAULT_RULES, rules: [{ ...rule, effect }] }
  return rulesThatApply(rules, { ...FACTS, ...facts }, new Date(at)).length === 1
}

describe('a rule applies', () => {
  it.each<[string, Condition, boolean]>([
    ['always, where nothing is said', {}, true],
    ['from an amount on', { amountFen: { from: fen(10_000) } }, true],
    ['below an amount, and not at it', { amountFen: { below: fen(10_000) } }, false],
    ['in a scene', { scenes: ['registration', 'outpatient'] }, true],
    ['in no other scene', { scenes: ['registration'] }, false],
    ['in a department', { departments: ['0203'] }, true],
    ['in no other department', { departments: ['0301'] }, false],
    ['for a method, when that is wished', { methods: ['card'] }, false],
    ['for a payer in a range', { payer: { ageYears: { from: 65 } } }, true],
    ['for no payer out of it', { payer: { ageYears: { from: 71 } } }, false],
    [
      'for a payer among some',
      { payer: { insuranceKind: { in: ['employee', 'resident'] } } },
      true,
    ],
    ['for a payer by a yes or no', { payer: { isStaff: { in: [true] } } }, false],
    ['for a fact that is not known, never', { payer: { income: { from: 0 } } }, false],
    ['for a fact that every object has, never', { payer: { constructor: { from: 0 } } }, false],
    ['for a word in a range, never', { payer: { insuranceKind: { from: 0 } } }, false],
    ['when all holds', { scenes: ['outpatient'], payer: { ageYears: { below: 71 } } }, true],
    [
      'when all but one holds',
      { scenes: ['outpatient'], payer: { ageYears: { below: 70 } } },
      false,
    ],
  ])('%s', (_what, when, expected) => {
    expect(applies(when)).toBe(expected)
  })

  it('nowhere for a department that is not known', () => {
    expect(applies({ departments: ['0203'] }, { department: null })).toBe(false)
    expect(applies({ methods: ['card'] }, { method: 'card' })).toBe(true)
  })

  it.each([
    ['08:00', '12:00', '2026-11-21T08:00:00+08:00', true],
    ['08:00', '12:00', '2026-11-21T11:59:59+08:00', true],
    ['08:00', '12:00', '2026-11-21T12:00:00+08:00', false],
    ['22:00', '06:00', '2026-11-21T23:30:00+08:00', true],
    ['22:00', '06:00', '2026-11-21T05:59:00+08:00', true],
    ['22:00', '06:00', '2026-11-21T06:00:00+08:00', false],
  ])('from %s to %s by the clock in Shanghai: %s', (from, below, at, expected) => {
    expect(applies({ time: { from, below } }, {}, at)).toBe(expected)
  })

  it('on its days, both with them, as Shanghai counts them', () => {
    const dates = { from: '2026-11-21', to: '2026-11-22' }
    expect(applies({ dates }, {}, '2026-11-20T15:59:59Z')).toBe(false)
    expect(applies({ dates }, {}, '2026-11-20T16:00:00Z')).toBe(true)
    expect(applies({ dates }, {}, '2026-11-22T15:59:59Z')).toBe(true)
    expect(applies({ dates }, {}, '2026-11-22T16:00:00Z')).toBe(false)
  })

  it('on its days of the week, Monday first', () => {
    const week = ['16', '17', '18', '19', '20', '21', '22']
    for (const [i, day] of week.entries()) {
      const at = `2026-11-${day}T00:00:00+08:00`
      const on = [1, 2, 3, 4, 5, 6, 7].filter((weekday) => applies({ weekdays: [weekday] }, {}, at))
      expect(on).toEqual([i + 1])
    }
    expect(applies({ weekdays: [3] }, {}, '1969-12-31T12:00:00+08:00')).toBe(true)
  })
})

describe('what is wrong with rules', () => {
  const channels = new Set(['wechat', 'icbc'])
  const prefer: Effect = { do: 'prefer', channels: ['wechat'], points: 1 }
  const problem = (when: Condition, effect: Effect) => {
    const words = { zh: '规', en: 'r' }
    const rules = [{ name: 'r', words, enabled: true, when, effect }]
    return problemsOfRules({ ...DEFAULT_RULES, rules }, channels)[0]?.problem
  }

  it.each<[string | undefined, Condition, Effect]>([
    [undefined, { amountFen: { from: fen(1), below: fen(2) } }, prefer],
    ['range_empty', { amountFen: { from: fen(2), below: fen(2) } }, prefer],
    ['range_empty', { payer: { ageYears: { from: 9, below: 3 } } }, prefer],
    ['time_empty', { time: { from: '08:00', below: '08:00' } }, prefer],
    ['dates_not_days', { dates: { from: '2026-02-29', to: '2026-03-01' } }, prefer],
    ['dates_reversed', { dates: { from: '2026-03-02', to: '2026-03-01' } }, prefer],
    ['channel_unknown', {}, { do: 'exclude', channels: ['wechat', 'alipay'] }],
    ['channels_missing', {}, { do: 'require', channels: [] }],
    ['shares_missing', {}, { do: 'share', shares: {} }],
    ['channel_unknown', {}, { do: 'share', shares: { ccb: 1 } }],
    ['shares_over_whole', {}, { do: 'share', shares: { wechat: 600_000, icbc: 400_001 } }],
    [undefined, {}, { do: 'share', shares: { wechat: 600_000, icbc: 400_000 } }],
  ])('%s', (expected, when, effect) => {
    expect(problem(when, effect)).toBe(expected)
  })

  it('two of one name', () => {
    const rule = {
      name: 'r',
      words: { zh: '规', en: 'r' },
      enabled: true,
      when: {},
      effect: prefer,
    }
    const rules = { ...DEFAULT_RULES, rules: [rule, { ...rule, enabled: false }] }
    expect(problemsOfRules(rules, channels)).toEqual([{ rule: 'r', problem: 'name_twice' }])
  })

  it('rules that were kept before a setting was there have its default', () => {
    expect(withDefaults({ shareWindowDays: 7 })).toEqual({ ...DEFAULT_RULES, shareWindowDays: 7 })
  })
})
