import { expect, it } from 'vitest'

import { paramsText, shareText, yuanText } from './params-text.ts'

it('says shares without zeros that say nothing', () => {
  expect([800_000, 72_500, 5, 0, 1_000_000].map(shareText)).toEqual([
    '80%',
    '7.25%',
    '0.0005%',
    '0%',
    '100%',
  ])
})

it('says price limits to the fen at least', () => {
  expect([12_500_000, 15_000, 0, 3_000_000].map(yuanText)).toEqual([
    '¥12.50',
    '¥0.015',
    '¥0.00',
    '¥3.00',
  ])
})

it('reads the unit off the name', () => {
  expect(
    paramsText({ amountFen: 1_250, sharePpm: 100_000, limitMicroYuan: 70_000_000, count: 2 }),
  ).toEqual({ amount: '¥12.50', share: '10%', limit: '¥70.00', count: 2 })
})
