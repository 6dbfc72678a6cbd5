import { expect, it } from 'vitest'

import { benchLoans } from './loans.ts'

it('closes two nights of two books, which agree afterwards, and says how long beside the limit', async () => {
  const { bench, figures, conditions } = await benchLoans({ rows: 2_000 })
  expect(bench).toBe('loans')
  expect(figures.map(({ unit }) => unit)).toEqual(['s', 's'])
  for (const { value, beside } of figures) {
    expect(value).toBeGreaterThan(0)
    expect(beside.value).toBeCloseTo(0.12, 2)
  }
  expect(conditions).toMatchObject({ 'every row moving, one a loan: open instalments': 2_000 })
}, 120_000)
