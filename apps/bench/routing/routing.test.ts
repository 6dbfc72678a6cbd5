import { expect, it } from 'vitest'

import { benchRouting } from './routing.ts'

it('[P5] decides among twenty channels by thirty rules, and says how fast beside an empty loop', async () => {
  const { bench, figures, conditions } = await benchRouting({ seconds: 0.2, rounds: 1 })
  expect(bench).toBe('routing')
  expect(figures.map(({ name, unit }) => [name, unit])).toEqual([
    ['decisions', '/s'],
    ['decision, half within', 'ms'],
    ['decision, 99 % within', 'ms'],
  ])
  for (const { value, beside } of figures) {
    expect(value).toBeGreaterThan(0)
    expect(beside.value).toBeGreaterThan(0)
  }
  expect(conditions).toMatchObject({ channels: 20, rules: 30 })
  expect(conditions['channels chosen']).toBeGreaterThan(5)
})
