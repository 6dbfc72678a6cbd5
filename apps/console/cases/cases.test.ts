import { expect, it } from 'vitest'

import { timeLeft } from './time-left.ts'
import { readSubject } from './words.ts'

it('counts down to the deadline and on past it', () => {
  const due = new Date('2026-11-21T04:00:00Z')
  expect(timeLeft(due, new Date('2026-11-21T02:48:00Z'))).toEqual({
    isOver: false,
    days: 0,
    hours: 1,
    minutes: 12,
  })
  expect(timeLeft(due, new Date('2026-11-23T05:01:30Z'))).toEqual({
    isOver: true,
    days: 2,
    hours: 1,
    minutes: 1,
  })
  expect(timeLeft(due, due)).toMatchObject({ isOver: false, minutes: 0 })
})

it('knows what a case is about', () => {
  expect(readSubject({ subject: 'payment:0190b3a0' })).toEqual({ kind: 'payment', id: '0190b3a0' })
  expect(readSubject({ subject: 'statement:2026-11-20:wechat' })).toEqual({
    kind: 'statement',
    date: '2026-11-20',
    source: 'wechat',
  })
  expect(readSubject({ subject: 'line:his:charge:A1/B:2' })).toEqual({
    kind: 'line',
    source: 'his',
    no: 'A1/B:2',
  })
  expect(readSubject({ subject: 'moon' })).toEqual({ kind: 'other' })
})
