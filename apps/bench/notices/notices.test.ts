import { expect, it } from 'vitest'

import { resultOf } from './notices.ts'

const HOW = { seconds: 1, rounds: 1, perSecond: 40, most: 100.4, load: 0.5 }
const upTo = (most: number) => Array.from({ length: 100 }, (_, i) => ((i + 1) * most) / 100)

it('puts ours beside the bare route, and the slowest beside the limit', () => {
  const { figures, conditions } = resultOf({ ours: upTo(100), theirs: upTo(50) }, HOW)
  expect(figures.map(({ value, beside, ratio }) => [value, beside.value, ratio])).toEqual([
    [50, 25, 0.5],
    [99, 49.5, 0.5],
    [99, 300, 3.03],
  ])
  expect(conditions).toMatchObject({
    'notices a second': 40,
    'most a second, 8 at once': 100,
    'notices acknowledged and kept': 100,
  })
})
