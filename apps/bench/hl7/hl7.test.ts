import { expect, it } from 'vitest'

import { benchHl7 } from './hl7.ts'

it('sends messages both ways, and says how many beside the limit and a bare socket', async () => {
  const { figures, conditions } = await benchHl7({ seconds: 0.2, concurrency: 8, rounds: 1 })
  expect(conditions['message']).toMatch(/^\d{3,4} bytes, 15 segments/)
  expect(figures.map(({ unit }) => unit)).toEqual(['/s', '/s', '/CPU-s', '/s', '/s', '/CPU-s'])
  for (const { value, beside } of figures) {
    expect(value).toBeGreaterThan(0)
    expect(beside.value).toBeGreaterThan(0)
  }
})
