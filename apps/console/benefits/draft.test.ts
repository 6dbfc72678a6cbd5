import { expect, it } from 'vitest'

import { type Draft, EMPTY_DRAFT, readDraft } from './draft.ts'
import type { Condition } from './model.ts'
import { conditionText, readConditions } from './rule-text.ts'

const draft = (changes: Partial<Draft>): Draft => ({
  ...EMPTY_DRAFT,
  nameZh: '补助',
  nameEn: 'Aid',
  funderCode: 'H',
  funderName: '医院',
  startsOn: '2026-01-01',
  endsOn: '2026-12-31',
  share: '20',
  perVisit: '50',
  ...changes,
})

it.each<[string, Partial<Draft>, readonly string[]]>([
  ['nothing', {}, []],
  ['a day before the first', { endsOn: '2025-12-31' }, ['endsOn']],
  ['a share of nothing', { share: '0' }, ['share']],
  ['a share with a comma', { share: '1,5' }, ['share']],
  ['an amount below zero', { perVisit: '-1' }, ['perVisit']],
  ['everybody without an end', { perVisit: '' }, ['perYear']],
  ['a rule with a word too many', { rule: '年龄≥80 富裕' }, ['rule']],
  ['an item without times', { kind: 'package', price: '1', items: 'F1 心电图' }, ['items']],
  ['one code twice', { kind: 'voucher', offers: 'a 1 1\na 2 2' }, ['offers']],
  ['a voucher above the most', { kind: 'voucher', offers: 'a 1 10000.01' }, ['offers']],
  ['points without a most', { kind: 'points' }, ['earn']],
  ['days of no number', { kind: 'voucher', validDays: '0' }, ['validDays']],
])('%s is wrong in its field', (_, changes, problems) => {
  expect(readDraft(draft(changes)).problems).toEqual(problems)
})

it('whom somebody grants it need not be bounded', () => {
  const read = readDraft(draft({ byGrant: true, perVisit: '' }))
  expect(read.programme?.terms).toMatchObject({ perVisitMostFen: null, rule: { anyOf: [[]] } })
})

it('lines are read as what they list', () => {
  const offers = readDraft(draft({ kind: 'voucher', offers: ' ten  100 10.50 \n\n two,5,0.05' }))
  expect(offers.programme?.terms).toMatchObject({
    offers: [
      { code: 'ten', points: 100, amountFen: 1_050 },
      { code: 'two', points: 5, amountFen: 5 },
    ],
  })
  const items = readDraft(
    draft({ kind: 'package', price: '365', items: 'F0011 十二导联 心电图 2' }),
  )
  expect(items.programme?.terms).toMatchObject({
    items: [{ code: 'F0011', name: '十二导联 心电图', most: 2 }],
  })
})

it.each<Condition[]>([
  [{ fact: 'ageYears', atLeast: 60, atMost: 80 }],
  [
    { fact: 'inNeed', is: false },
    { fact: 'insured', is: true },
  ],
  [
    { fact: 'diagnosis', startsWith: ['I10', 'E11'] },
    { fact: 'residence', startsWith: ['3301'] },
  ],
])('a rule is read as it is written: %o', (...conditions) => {
  expect(readConditions(conditions.map(conditionText).join(' '))).toEqual(conditions)
})

it.each([
  ['age>=80 insured not-need', true],
  ['年龄≥200', false],
  ['诊断=', false],
  ['诊断=I10||E11', false],
])('"%s" is a rule: %s', (line, isRule) => {
  expect(readConditions(line) !== null).toBe(isRule)
})
