import { expect, it } from 'vitest'

import { addMs, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { askPayerAgainAt, retryAfter } from './retry.ts'

const NOW = new Date('2026-11-21T02:00:00Z')
const seconds = (at: Date) => (at.getTime() - NOW.getTime()) / SECOND_MS

it('asks soon at first, then ever less often, and never stops', () => {
  const waits = Array.from({ length: 12 }, (_, attempts) => seconds(retryAfter(NOW, attempts)))
  expect(waits).toEqual([5, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 1_800, 1_800])
  expect(seconds(retryAfter(NOW, 1_000_000))).toBe(1_800)
})

it('asks at least once a minute while the payer stands there', () => {
  const waits = Array.from({ length: 8 }, (_, attempts) => seconds(askPayerAgainAt(NOW, attempts)))
  expect(waits).toEqual([5, 5, 10, 20, 30, 60, 60, 60])
  expect(askPayerAgainAt(NOW, 100)).toEqual(addMs(NOW, MINUTE_MS))
})
