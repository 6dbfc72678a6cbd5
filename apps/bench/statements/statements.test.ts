import { expect, it } from 'vitest'

import { benchStatements } from './statements.ts'

it('measures each way over the same rows', async () => {
  const { figures, conditions } = await benchStatements({ rounds: 1, rows: 2_000 })
  expect(conditions['rows of 27 columns']).toBe(2_000)
  expect(figures).toHaveLength(5)
  for (const { value, beside } of figures) {
    expect(value).toBeGreaterThan(0)
    expect(beside.value).toBeGreaterThan(0)
  }
})
