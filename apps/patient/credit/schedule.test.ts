import { expect, it } from 'vitest'

import { percentText } from '../parts/percent.ts'
import { instalmentOf, loanOf } from '../testing/credit.ts'
import { choicesOf, wishOf } from './repay-choices.ts'
import { reserveChoices } from './reserve-choices.ts'
import { nextDueOf, scheduledFenOf, stateOf } from './schedule.ts'

it.each([
  ['2027-01-21', 'open', 'coming'],
  ['2027-01-22', 'open', 'today'],
  ['2027-01-23', 'open', 'overdue'],
  ['2027-01-23', 'paid', 'paid'],
  ['2027-01-23', 'written_off', 'written_off'],
  [null, 'open', 'coming'],
] as const)('on %s an instalment that is %s is %s', (today, status, state) => {
  expect(stateOf(instalmentOf({ status }), today)).toBe(state)
})

it('counts of the next instalment what is not paid yet, with its penalty', () => {
  const paid = { principalFen: 4_000, interestFen: 100, feeFen: 0, penaltyFen: 0 }
  const open = { principalFen: 6_000, interestFen: 0, feeFen: 0, penaltyFen: 30 }
  const part = instalmentOf({ paid, open })
  expect(nextDueOf(loanOf({ instalments: [instalmentOf({ status: 'paid' }), part] }))).toBe(part)
  expect(scheduledFenOf(part)).toBe(6_030)
})

it('offers what is due only where something is, and the next instalment only where nothing is', () => {
  const kinds = (loan: ReturnType<typeof loanOf>) => choicesOf(loan).map(({ kind }) => kind)
  expect(kinds(loanOf())).toEqual(['due', 'full', 'other'])
  const instalments = [instalmentOf(), instalmentOf({ no: 2 })]
  const early = loanOf({ owedNowFen: 0, owedInFullFen: 20_000, instalments })
  expect(kinds(early)).toEqual(['next', 'full', 'other'])
  expect(kinds(loanOf({ owedNowFen: 9, owedInFullFen: 9 }))).toEqual(['full', 'other'])
  expect(kinds(loanOf({ owedNowFen: 0, owedInFullFen: 0 }))).toEqual([])
})

it('sends an amount of one’s own only where it can be repaid', () => {
  const own = { kind: 'other', amountFen: null } as const
  for (const fen of [null, 0, 101]) expect(wishOf(own, fen, 100)).toBeNull()
  expect(wishOf(own, 100, 100)).toEqual({ scope: 'partial', amountFen: 100 })
  expect(wishOf({ kind: 'next', amountFen: 50 }, null, 100)).toEqual({
    scope: 'partial',
    amountFen: 50,
  })
})

it('never offers to keep more for a visit than is free', () => {
  expect(reserveChoices(20_000)).toEqual([20_000])
  expect(reserveChoices(50_000)).toEqual([30_000, 50_000])
})

it.each([
  [0, '0.00%'],
  [48_000, '4.80%'],
  [130_290, '13.03%'],
  [130_250, '13.03%'],
  [49, '0.00%'],
  [1_000_000, '100.00%'],
])('%d parts per million are %s', (ppm, text) => {
  expect(percentText(ppm)).toBe(text)
})
