import { expect, it } from 'vitest'

import { resultOf } from './isolation.ts'

const OPTIONS = { seconds: 1, concurrency: 2, rounds: 1, load: 0.5 }
const upTo = (most: number) => Array.from({ length: 100 }, (_, i) => ((i + 1) * most) / 100)

it('says how much longer the others took, as a ratio and in hundredths', () => {
  const taken = { without: upTo(100), with: upTo(125), sidePayments: 8 }
  const { figures, conditions } = resultOf({ channel: taken, system: taken }, OPTIONS)
  expect(figures.map(({ value, beside, ratio }) => [value, beside.value, ratio])).toEqual([
    [62.5, 50, 0.8],
    [124, 99, 0.8],
    [62.5, 50, 0.8],
    [124, 99, 0.8],
  ])
  expect(conditions).toMatchObject({
    'change of the 99 % by the channel, %': 25,
    'payments measured beside the system': '100 without, 100 with',
    'payments by the slow channel': 8,
  })
})

it('is negative for those who took less', () => {
  const taken = { without: upTo(100), with: upTo(90), sidePayments: 8 }
  const { conditions } = resultOf({ channel: taken, system: taken }, OPTIONS)
  expect(conditions).toMatchObject({ 'change of the 99 % by the system, %': -10 })
})
