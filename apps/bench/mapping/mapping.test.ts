import { expect, it } from 'vitest'

import { benchMapping } from './mapping.ts'

it('maps a bill both ways, which give the same, and says how long each takes', async () => {
  const { figures, conditions } = await benchMapping({ rounds: 1, items: 10 })
  expect(conditions['items of the bill']).toBe(10)
  expect(figures).toHaveLength(5)
  for (const { value, beside } of figures) {
    expect(value).toBeGreaterThan(0)
    expect(beside.value).toBeGreaterThan(0)
  }
}, 60_000)
