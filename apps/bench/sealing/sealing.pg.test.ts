import { expect, it } from 'vitest'

import { benchSealing } from './sealing.ts'

it('seals, verifies and proves a few entries, and says how fast beside what is aimed at', async () => {
  const { bench, figures } = await benchSealing({ rounds: 1, rows: 1_500 })
  expect(bench).toBe('sealing')
  const rates = figures.filter(({ unit }) => unit !== 'µs')
  expect(rates.map(({ unit }) => unit)).toEqual(['/s', '/s', '/s', 'ms', 'ms', 'ms', 'ms'])
  for (const { value } of rates) expect(value).toBeGreaterThan(0)
  const ofProcessors = figures.filter(({ unit }) => unit === 'µs').map(({ name }) => name)
  expect(ofProcessors).toContain('an entry sealed, our processor')
  expect(ofProcessors).toContain('a row verified, our processor')
}, 120_000)
