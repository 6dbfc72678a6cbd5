import { expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { addMs, DAY_MS } from '../../../kernel/time.ts'
import { type RefundRule, reviewReasonsOf, type WishFacts } from './approval-rule.ts'

const NOW = new Date('2026-11-22T10:00:00+08:00')
const RULE: RefundRule = { aboveFen: fen(10_000), lateAfterDays: 30, mostADay: 3 }
const USUAL: WishFacts = {
  amountFen: fen(10_000),
  aloneFen: fen(0),
  succeededAt: addMs(NOW, -30 * DAY_MS),
  begunToday: 2,
}

it.each<[string, Partial<WishFacts>, string[]]>([
  ['just within every limit', {}, []],
  ['a fen more', { amountFen: fen(10_001) }, ['amount']],
  ['the last slice of too much', { amountFen: fen(1), aloneFen: fen(10_000) }, ['amount']],
  ['a millisecond too late', { succeededAt: addMs(NOW, -30 * DAY_MS - 1) }, ['late']],
  ['one too many of a day', { begunToday: 3 }, ['often']],
  [
    'all at once',
    { amountFen: fen(20_000), succeededAt: addMs(NOW, -31 * DAY_MS), begunToday: 9 },
    ['amount', 'late', 'often'],
  ],
])('%s', (_name, facts, reasons) => {
  expect(reviewReasonsOf(RULE, { ...USUAL, ...facts }, NOW)).toEqual(reasons)
})

it('a hospital may mind nothing, or everything', () => {
  const nothing = { aboveFen: null, lateAfterDays: null, mostADay: null }
  const wish = { ...USUAL, amountFen: fen(10 ** 9), begunToday: 999 }
  expect(reviewReasonsOf(nothing, wish, NOW)).toEqual([])
  const everything = { ...nothing, aboveFen: fen(0) }
  expect(reviewReasonsOf(everything, { ...USUAL, amountFen: fen(1) }, NOW)).toEqual(['amount'])
})
