import { expect, it } from 'vitest'

import { benchBalances } from './balances.ts'

it('writes entries with their sums, and says how long a balance of them takes beside the limit', async () => {
  const { bench, figures, conditions } = await benchBalances({ rounds: 1, rows: 3_000 })
  expect(bench).toBe('balances')
  expect(conditions['entries']).toBe(3_000)
  expect(figures.map(({ name }) => name)).toHaveLength(6)
  for (const { value, beside } of figures) {
    expect(value).toBeGreaterThan(0)
    expect(beside.value).toBe(10)
  }
}, 120_000)
