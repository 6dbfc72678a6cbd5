import { expect, it } from 'vitest'

import { benchReconciliation } from './reconciliation.ts'

it('compares seeded files two ways and four, finds what was seeded, and says how long beside the bare join', async () => {
  const { bench, figures, conditions } = await benchReconciliation({ rounds: 1, rows: 20_000 })
  expect(bench).toBe('reconciliation')
  expect(figures.map(({ name }) => name)).toEqual([
    'two_way_20k',
    'two_way_20k, processor',
    'two_way_20k',
    'two_way_20k, memory',
    'two_way, 2k to 20k, over linear',
    'four_way_20k',
    'four_way_20k, memory',
  ])
  for (const { value, beside } of figures) {
    expect(value).toBeGreaterThan(0)
    expect(beside.value).toBeGreaterThan(0)
  }
  expect(conditions['differences seeded']).toBe(20)
}, 300_000)
