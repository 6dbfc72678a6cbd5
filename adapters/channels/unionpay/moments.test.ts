import { expect, it } from 'vitest'

import { momentNear, settlementDateOf, toDigits } from './moments.ts'

const at = (text: string) => new Date(`${text}+08:00`)

it('writes the wall clock in China as digits', () => {
  expect(toDigits(new Date('2026-12-31T16:30:05.900Z'))).toBe('20270101003005')
})

it.each([
  ['1121100005', '2026-11-21T10:00:00', '2026-11-21T10:00:05'],
  ['0101000001', '2026-12-31T23:59:59', '2027-01-01T00:00:01'],
  ['1231235959', '2027-01-01T00:10:00', '2026-12-31T23:59:59'],
  ['0229120000', '2028-03-01T00:00:00', '2028-02-29T12:00:00'],
])('takes %s for the moment nearest to %s', (digits, near, expected) => {
  expect(momentNear(digits, at(near))).toEqual(at(expected))
})

it.each(['', '1121', '1301000000', '1121240000', '1121106000', '11211000050', '0230000000'])(
  'takes %j for no moment',
  (digits) => {
    expect(momentNear(digits, at('2026-11-21T10:00:00'))).toBeNull()
  },
)

it.each([
  ['2026-11-21T22:59:59', '2026-11-21'],
  ['2026-11-21T23:00:00', '2026-11-22'],
  ['2026-12-31T23:30:00', '2027-01-01'],
  ['2026-11-22T00:00:00', '2026-11-22'],
])('settles %s on %s', (moment, date) => {
  expect(settlementDateOf(at(moment), '23:00:00')).toBe(date)
})
