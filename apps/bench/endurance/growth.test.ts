import { expect, it } from 'vitest'

import { growthOf } from './growth.ts'

const samples = (memoryAt: (share: number) => number) =>
  Array.from({ length: 101 }, (_, i) => ({ atMs: i * 1_000, residentMiB: memoryAt(i / 100) }))

it('tells memory that grows from memory that warms up and from memory that swings', () => {
  expect(growthOf(samples((share) => 100 + 100 * share))).toEqual({ warmMiB: 150, lastMiB: 195 })
  const warmsUp = growthOf(samples((share) => (share < 0.2 ? 100 : 160)))
  expect(warmsUp).toEqual({ warmMiB: 160, lastMiB: 160 })
  const swings = growthOf(samples((share) => 150 + (Math.round(share * 100) % 2 === 0 ? 10 : 0)))
  expect(Math.abs(swings.lastMiB - swings.warmMiB)).toBeLessThanOrEqual(10)
})
