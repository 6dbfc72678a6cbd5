import { expect, it } from 'vitest'

import { benchCatalogue } from './catalogue.ts'

it('[N4] matches and splits a thousand lines, and says how fast beside the limit', async () => {
  const { bench, figures, conditions } = await benchCatalogue({ seconds: 0.1, rounds: 1 })
  expect(bench).toBe('catalogue')
  expect(figures).toHaveLength(4)
  for (const { value, unit, beside } of figures) {
    expect(unit).toBe('ms')
    expect(value).toBeGreaterThan(0)
    expect(beside.value).toBe(20)
  }
  expect(conditions).toMatchObject({ lines: 1_000, 'entries of the catalogue': 100_000 })
}, 60_000)
