import { describe, expect, it } from 'vitest'

import { addMs, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { askPayerAgainAt, retryAfter } from './retry.ts'

const NOW = new Date('2026-11-21T02:00:00Z')
const ABOUT = '0190b3a0-0000-7000-8000-000000000001'
const seconds = (at: Date) => (at.getTime() - NOW.getTime()) / SECOND_MS

/** The waits that are neither the wanted ones nor shorter by a fifth at the most. */
const wrongAmong = (waits: readonly number[], wanted: readonly number[]) =>
  waits.filter((wait, i) => wait > (wanted[i] ?? 0) || wait < (wanted[i] ?? 0) * 0.8)

it('asks soon at first, then ever less often, and never stops', () => {
  const after = (attempts: number) => seconds(retryAfter(NOW, attempts, ABOUT))
  const waits = Array.from({ length: 12 }, (_, attempts) => after(attempts))
  const wanted = [5, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 1_800, 1_800]
  expect(wrongAmong(waits, wanted)).toEqual([])
  expect(wrongAmong([after(1_000_000)], [1_800])).toEqual([])
})

it('asks at least once a minute while the payer stands there', () => {
  const after = (attempts: number) => seconds(askPayerAgainAt(NOW, attempts, ABOUT))
  const waits = Array.from({ length: 8 }, (_, attempts) => after(attempts))
  expect(wrongAmong(waits, [5, 5, 10, 20, 30, 60, 60, 60])).toEqual([])
  expect(askPayerAgainAt(NOW, 100, ABOUT) <= addMs(NOW, MINUTE_MS)).toBe(true)
})

describe('F-36: what was turned away together', () => {
  const payments = Array.from({ length: 200 }, (_, i) => `0190b3a0-0000-7000-8000-${i}`)

  it('does not come back together', () => {
    const moments = payments.map((id) => retryAfter(NOW, 7, id).getTime())
    expect(new Set(moments).size).toBeGreaterThan(15)
    const most = Math.max(
      ...[...new Set(moments)].map((at) => moments.filter((m) => m === at).length),
    )
    expect(most).toBeLessThan(40)
  })

  it('comes back at the same moment whichever process works it out', () => {
    for (const id of payments) expect(retryAfter(NOW, 3, id)).toEqual(retryAfter(NOW, 3, id))
  })
})
