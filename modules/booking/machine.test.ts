import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { addMs, businessDate, DAY_MS, instantAt } from '../../kernel/time.ts'
import { readSlotId, slotIdOf } from './booking.ts'
import { isLive, mayBecome, STATUSES } from './machine.ts'
import { zeroBits } from './proof.ts'
import { cancelUntilOf, obstacleOf, releaseOf, USUAL_BOOKING_RULES } from './rules.ts'
import { impactOf } from './stop.ts'

const anyStatus = fc.constantFrom(...STATUSES)

describe('[J1] the states of an appointment', () => {
  it('come to an end, and nothing that has given its slot back ever has it again', () => {
    fc.assert(
      fc.property(fc.array(anyStatus, { maxLength: 30 }), (wishes) => {
        let status: (typeof STATUSES)[number] = 'held'
        let steps = 0
        for (const wish of wishes) {
          if (!mayBecome(status, wish)) continue
          expect(isLive(status) || !isLive(wish)).toBe(true)
          status = wish
          steps += 1
        }
        // held, booked, checked in, finished: the longest way.
        expect(steps).toBeLessThanOrEqual(3)
      }),
    )
  })

  it('go back from none to an earlier one', () => {
    fc.assert(
      fc.property(anyStatus, anyStatus, (from, to) => {
        expect(mayBecome(from, to) && mayBecome(to, from)).toBe(false)
      }),
    )
  })

  it('keep the slot of who came and of who did not, and of nobody else', () => {
    expect(STATUSES.filter(isLive)).toEqual(['held', 'booked', 'checked_in', 'finished', 'no_show'])
  })
})

describe('[J1] the rules', () => {
  const date = businessDate('2026-03-01')
  const none = { onDay: 0, inWeek: 0, inQuarter: 0, missed: 0, lastMissedAt: null }

  it('count days as the calendar of Shanghai has them, over the end of a month', () => {
    expect(releaseOf(USUAL_BOOKING_RULES, date)).toEqual(new Date('2026-02-21T07:00:00+08:00'))
    expect(cancelUntilOf(USUAL_BOOKING_RULES, date)).toEqual(new Date('2026-02-28T15:00:00+08:00'))
  })

  it('[S-65] block for thirty, sixty and ninety days, and for ninety after more', () => {
    const now = instantAt(date)
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 0, max: 120 }),
        (missed, ago) => {
          const lastMissedAt = addMs(now, -ago * DAY_MS)
          const obstacle = obstacleOf(USUAL_BOOKING_RULES, { ...none, missed, lastMissedAt }, now)
          const days = missed >= 3 ? 90 : missed * 30
          expect(obstacle?.code).toBe(ago < days ? 'blocked' : undefined)
        },
      ),
    )
  })

  it('[S-65] name the limit that is reached', () => {
    const now = instantAt(date)
    const codeFor = (standing: object) =>
      obstacleOf(USUAL_BOOKING_RULES, { ...none, ...standing }, now)?.code
    expect(codeFor({ onDay: 2 })).toBe('too_many_a_day')
    expect(codeFor({ inWeek: 3 })).toBe('too_many_a_week')
    expect(codeFor({ inQuarter: 5 })).toBe('too_many_a_quarter')
    expect(codeFor({ onDay: 1, inWeek: 2, inQuarter: 4 })).toBeUndefined()
  })
})

it('a slot’s id says which slot it is, and no other text does', () => {
  const session = '0190b3a0-0000-7000-8000-000000000001' as never
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999 }), (number) => {
      expect(readSlotId(slotIdOf(session, number))).toEqual({ sessionId: session, number })
    }),
  )
  for (const text of [
    '',
    '1',
    `${String(session)}-0`,
    `${String(session)}-x`,
    `${String(session)}`,
  ]) {
    expect(readSlotId(text)).toBeNull()
  }
})

it('the impact of a stop counts people by state, and the money that is paid', () => {
  const row = (status: 'booked' | 'held' | 'checked_in', fee: 'paid' | 'due' | 'none') => ({
    status,
    fee,
    fee_fen: fen(300),
  })
  const rows = [row('booked', 'paid'), row('booked', 'none'), row('held', 'due')]
  expect(impactOf([...rows, row('checked_in', 'paid')], [{ left: 2 }, { left: 3 }])).toEqual({
    booked: 2,
    held: 1,
    checkedIn: 1,
    paid: 2,
    refundFen: 600,
    equalSessions: 2,
    equalSlots: 5,
  })
})

it('[S-67] work is counted by the bits that are zero in the digest', () => {
  // SHA-256 of 'a.' and a nonce, as any other program makes it.
  expect(zeroBits('abc')).toBe(0) // ba78…
  const nonce = Array.from({ length: 5_000 }, (_, i) => i).find((i) => zeroBits(`x.${i}`) >= 8)
  expect(nonce).toBeDefined()
})
