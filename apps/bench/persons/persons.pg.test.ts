import { expect, it } from 'vitest'

import { benchPersons } from './persons.ts'

it('[I1] resolves media and matches newcomers of a small region, beside the limits', async () => {
  const { bench, figures, conditions } = await benchPersons({ rounds: 1, rows: 4_000 })
  expect(bench).toBe('persons')
  expect(figures.map(({ unit, beside }) => [unit, beside.value])).toEqual([
    ['ms', 10],
    ['ms', 10],
    ['ms', 50],
    ['ms', 50],
    ['/s', 3_330],
  ])
  expect(conditions).toMatchObject({ people: 4_000, media: 20_000, 'records in each file': 2_000 })
}, 240_000)
