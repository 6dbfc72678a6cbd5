import { expect, it } from 'vitest'

import { benchDraws } from './draws.ts'

it('draws at once on one line and on many, passes no limit, and says how long beside each other', async () => {
  const { bench, figures, conditions } = await benchDraws({ rounds: 1, draws: 40 })
  expect(bench).toBe('draws')
  expect(figures.map(({ unit }) => unit)).toEqual(['ms', 'ms'])
  for (const { value, beside } of figures) {
    expect(value).toBeGreaterThan(0)
    expect(beside.value).toBeGreaterThan(0)
  }
  expect(conditions['in a visit: drawn of a line with half of it, fen']).toBe(20_000)
}, 120_000)
