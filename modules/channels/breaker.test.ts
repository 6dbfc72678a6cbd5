import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addMs, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { afterCall, type Breaker, BREAKER_SETTINGS, CLOSED, stateAt } from './breaker.ts'

const START = new Date('2026-11-21T10:00:00+08:00')
const at = (seconds: number) => addMs(START, seconds * SECOND_MS)
const NO_RATE = { calls: 1, silent: 0 }

function run(breaker: Breaker, calls: readonly [seconds: number, isSilent: boolean][]): Breaker {
  return calls.reduce(
    (own, [seconds, isSilent]) => afterCall(own, { isSilent, at: at(seconds) }, NO_RATE),
    breaker,
  )
}

const silences = (from: number, count: number) =>
  Array.from({ length: count }, (_, i): [number, boolean] => [from + i, true])
const answers = (from: number, count: number) =>
  Array.from({ length: count }, (_, i): [number, boolean] => [from + i, false])

describe('a breaker', () => {
  it('opens at the fifth silence in a row, and an answer in between begins anew', () => {
    expect(stateAt(run(CLOSED, silences(0, 4)), at(4))).toBe('closed')
    expect(stateAt(run(CLOSED, [...silences(0, 4), [4, false], ...silences(5, 4)]), at(9))).toBe(
      'closed',
    )
    const open = run(CLOSED, silences(0, 5))
    expect(open).toMatchObject({ openings: 1, cause: 'silent_in_a_row', openedAt: at(4) })
    expect(stateAt(open, at(4))).toBe('open')
  })

  it('opens when half of enough calls were silent, and not before there are enough', () => {
    const silent = (calls: number, count: number) =>
      afterCall(CLOSED, { isSilent: true, at: START }, { calls, silent: count })
    expect(silent(19, 19).openedAt).toBeNull()
    expect(silent(20, 9).openedAt).toBeNull()
    expect(silent(20, 10)).toMatchObject({ openedAt: START, cause: 'silent_too_often' })
  })

  it('is half open by time alone, so whoever reads its row knows', () => {
    const open = run(CLOSED, silences(0, 5))
    const { backOffMs } = BREAKER_SETTINGS
    expect(stateAt(open, addMs(at(4), backOffMs - 1))).toBe('open')
    expect(stateAt(open, addMs(at(4), backOffMs))).toBe('half_open')
    const read = JSON.parse(JSON.stringify(open), (key, value: unknown) =>
      key.endsWith('At') && typeof value === 'string' ? new Date(value) : value,
    ) as Breaker
    expect(stateAt(read, addMs(at(4), backOffMs))).toBe('half_open')
  })

  it('closes after three answers, and what came before counts no more', () => {
    const open = run(CLOSED, silences(0, 5))
    expect(stateAt(run(open, answers(60, 2)), at(62))).toBe('half_open')
    const closed = run(open, answers(60, 3))
    expect(stateAt(closed, at(62))).toBe('closed')
    expect(closed.countedFrom).toEqual(at(62))
  })

  it('opens again at one silence while it is tried, twice as long each time, up to five minutes', () => {
    let breaker = run(CLOSED, silences(0, 5))
    const waits = [15, 30, 60, 120, 240, 300, 300]
    for (const [i, seconds] of waits.entries()) {
      const { retryAt, openings } = breaker
      if (!retryAt) throw new Error('it is open')
      expect(openings).toBe(i + 1)
      const opened = addMs(retryAt, -seconds * SECOND_MS)
      expect(stateAt(breaker, addMs(opened, seconds * SECOND_MS - 1))).toBe('open')
      breaker = afterCall(breaker, { isSilent: true, at: retryAt }, NO_RATE)
      expect(breaker.cause).toBe('still_silent')
    }
    expect(breaker.openedAt).toEqual(at(4)) // of the whole time that it is down
  })

  it('remembers that it was down lately, and forgets it after a calm time', () => {
    const closed = run(run(CLOSED, silences(0, 5)), answers(60, 3))
    expect(run(closed, silences(70, 5)).openings).toBe(2)
    const calm = BREAKER_SETTINGS.calmMs / SECOND_MS
    expect(run(closed, silences(62 + calm, 5)).openings).toBe(1)
  })

  it('takes no notice of what is asked about money in doubt while it is open', () => {
    const open = run(CLOSED, silences(0, 5))
    expect(run(open, [...answers(5, 3), ...silences(8, 3)])).toBe(open)
  })

  it('whatever happens, is open only after silence, for five minutes at most, and closed by answers', () => {
    const call = fc.record({ waitMs: fc.nat(2 * MINUTE_MS), isSilent: fc.boolean() })
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
        let breaker = CLOSED
        let now = START
        for (const { waitMs, isSilent } of calls) {
          now = addMs(now, waitMs)
          const before = stateAt(breaker, now)
          breaker = afterCall(breaker, { isSilent, at: now }, NO_RATE)
          const after = stateAt(breaker, now)
          const opens = before !== 'open' && after === 'open'
          const closes = before !== 'closed' && after === 'closed'
          expect([opens && !isSilent, closes && isSilent]).toEqual([false, false])
          expect(breaker.openedAt === null).toBe(breaker.retryAt === null)
          const longest = addMs(now, BREAKER_SETTINGS.longestBackOffMs)
          expect((breaker.retryAt ?? now) <= longest).toBe(true)
        }
      }),
    )
  })
})
