import { expect, it } from 'vitest'

import { refundOf } from '../testing/payments.ts'
import { isLate, promisedAt } from './promise.ts'
import { refundStepsOf } from './refund-steps.ts'

const codes = (changes: Parameters<typeof refundOf>[0]) =>
  refundStepsOf(refundOf(changes)).map(({ code, state }) => `${code} ${state}`)

it('shows how far a refund is', () => {
  expect(codes({ status: 'approving' })).toEqual([
    'asked done',
    'approving now',
    'returning open',
    'arrived open',
  ])
  expect(codes({ status: 'returning' })).toEqual([
    'asked done',
    'approved done',
    'returning now',
    'arrived open',
  ])
  for (const status of ['completing', 'succeeded'] as const) {
    expect(codes({ status })).toEqual([
      'asked done',
      'approved done',
      'returning done',
      'arrived done',
    ])
  }
  expect(codes({ status: 'refused' })).toEqual(['asked done', 'refused refused'])
})

it('asks nobody for consent to give back what came to nothing', () => {
  expect(codes({ cause: 'compensation', status: 'returning' })).toEqual([
    'begun done',
    'returning now',
    'arrived open',
  ])
})

it('F-58: promises a day, and is late only after it', () => {
  const refund = refundOf({ status: 'returning', createdAt: '2026-11-20T08:00:00.000Z' })
  const promise = promisedAt(refund)
  expect(promise.toISOString()).toBe('2026-11-25T08:00:00.000Z')
  expect(isLate(refund, promise.getTime())).toBe(false)
  expect(isLate(refund, promise.getTime() + 1)).toBe(true)
  expect(isLate(refund, null)).toBe(false)
  expect(isLate({ ...refund, returnedAt: '2026-11-26T00:00:00Z' }, Infinity)).toBe(false)
})
