import { expect, it } from 'vitest'

import { benchBooking } from './booking.ts'

it('[J1] sells a hundred numbers once, at the database and over HTTP, and says how long beside the limits', async () => {
  const { bench, figures } = await benchBooking({ rounds: 1, seconds: 1, rows: 1_000 })
  expect(bench).toBe('booking')
  expect(figures.map(({ name }) => name)).toEqual([
    'tries',
    'slots_sold',
    'seconds_database',
    'seconds_http',
    'sold_out_per_second',
  ])
  for (const { value, beside } of figures) {
    expect(value).toBeGreaterThan(0)
    expect(beside.value).toBeGreaterThan(0)
  }
}, 120_000)
