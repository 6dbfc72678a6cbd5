import { expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { addMs, DAY_MS } from '../../../kernel/time.ts'
import {
  isLooser,
  isTooMuchForHis,
  type RefundRule,
  reviewReasonsOf,
  type WishFacts,
} from './approval-rule.ts'

const NOW = new Date('2026-11-22T10:00:00+08:00')
const RULE: RefundRule = {
  aboveFen: fen(10_000),
  lateAfterDays: 30,
  mostADay: 3,
  hisAboveFen: fen(30_000),
}
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
  const nothing = { aboveFen: null, lateAfterDays: null, mostADay: null, hisAboveFen: null }
  const wish = { ...USUAL, amountFen: fen(10 ** 9), begunToday: 999 }
  expect(reviewReasonsOf(nothing, wish, NOW)).toEqual([])
  const everything = { ...nothing, aboveFen: fen(0) }
  expect(reviewReasonsOf(everything, { ...USUAL, amountFen: fen(1) }, NOW)).toEqual(['amount'])
})

it('the hospital’s system may give back no more without a person than the rule says, in slices neither', () => {
  const facts = { amountFen: fen(20_000), aloneFen: fen(10_000) }
  expect(isTooMuchForHis(RULE, facts)).toBe(false)
  expect(isTooMuchForHis(RULE, { ...facts, aloneFen: fen(10_001) })).toBe(true)
  expect(isTooMuchForHis({ ...RULE, hisAboveFen: null }, facts)).toBe(false)
})

it.each<[string, Partial<RefundRule>, boolean]>([
  ['the same', {}, false],
  ['stricter', { aboveFen: fen(9_999), mostADay: 0 }, false],
  ['a fen more', { aboveFen: fen(10_001) }, true],
  ['no limit', { mostADay: null }, true],
  ['stricter in one and looser in another', { aboveFen: fen(0), lateAfterDays: 31 }, true],
  ['more for the hospital’s system', { hisAboveFen: fen(30_001) }, true],
])('a rule that is %s', (_name, changes, looser) => {
  expect(isLooser({ ...RULE, ...changes }, RULE)).toBe(looser)
  const none = { aboveFen: null, lateAfterDays: null, mostADay: null, hisAboveFen: null }
  expect(isLooser({ ...RULE, ...changes }, none)).toBe(false)
})
