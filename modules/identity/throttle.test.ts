import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addMs, DAY_MS, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { type Attempts, nextAttempt } from './throttle.ts'

const start = new Date('2026-11-21T10:00:00+08:00')

/** Tries as soon as allowed, `count` times; the seconds waited before each. */
function waitsOf(count: number): number[] {
  let known: Attempts | null = null
  let now = start
  return Array.from({ length: count }, () => {
    let waitedMs = 0
    let next = nextAttempt(known, now)
    if (!next.allowed) {
      waitedMs = next.until.getTime() - now.getTime()
      now = next.until
      next = nextAttempt(known, now)
    }
    if (!next.allowed) throw new Error('the wait is over')
    known = next.attempts
    return waitedMs / SECOND_MS
  })
}

describe('nextAttempt', () => {
  it('lets five tries go, and then waits twice as long each time, up to 15 minutes', () => {
    expect(waitsOf(13)).toEqual([0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900])
  })

  it('refuses until the very moment the wait is over', () => {
    const known = { failures: 5, lastAt: start, blockedUntil: addMs(start, 30_000) }
    expect(nextAttempt(known, addMs(start, 29_999))).toEqual({
      allowed: false,
      until: known.blockedUntil,
    })
    expect(nextAttempt(known, known.blockedUntil).allowed).toBe(true)
  })

  it('forgets after a day without a try', () => {
    const known = { failures: 9, lastAt: start, blockedUntil: null }
    const later = nextAttempt(known, addMs(start, DAY_MS))
    expect(later).toMatchObject({ allowed: true, attempts: { failures: 1, blockedUntil: null } })
  })

  it('never makes anybody wait longer than 15 minutes', () => {
    const failures = fc.integer({ min: 0, max: 1_000_000 })
    fc.assert(
      fc.property(failures, (count) => {
        const known = { failures: count, lastAt: start, blockedUntil: null }
        const next = nextAttempt(known, start)
        const until = next.allowed ? (next.attempts.blockedUntil ?? start) : next.until
        expect(until.getTime() - start.getTime()).toBeLessThanOrEqual(15 * MINUTE_MS)
      }),
    )
  })
})
