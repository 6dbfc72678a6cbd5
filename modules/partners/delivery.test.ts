import { expect, it } from 'vitest'

import { HOUR_MS } from '../../kernel/time.ts'
import { MOST_ATTEMPTS, nextTryAt } from './delivery.ts'

it('tries twelve times in exactly a day, each wait no shorter than the one before', () => {
  const start = new Date('2026-11-21T10:00:00+08:00')
  const waits: number[] = []
  let now = start
  for (let next = nextTryAt(1, now); next !== null; next = nextTryAt(waits.length + 1, now)) {
    waits.push(next.getTime() - now.getTime())
    now = next
  }
  expect(waits).toHaveLength(MOST_ATTEMPTS - 1)
  expect(now.getTime() - start.getTime()).toBe(24 * HOUR_MS)
  expect(waits).toEqual(waits.toSorted((a, b) => a - b))
  expect(MOST_ATTEMPTS).toBe(12)
})
