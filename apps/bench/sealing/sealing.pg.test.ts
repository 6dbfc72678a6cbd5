import { expect, it } from 'vitest'

import { benchSealing } from './sealing.ts'

it('seals, verifies and proves a few entries, and says how fast beside what is aimed at', async () => {
  const { bench, figures } = await benchSealing({ rounds: 1, rows: 1_500 })
  expect(bench).toBe('sealing')
  expect(figures.map(({ unit }) => unit)).toEqual(['/s', '/s', '/s', 'ms', 'ms', 'ms', 'ms'])
  for (const { value } of figures) expect(value).toBeGreaterThan(0)
}, 120_000)
