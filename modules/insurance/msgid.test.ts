import { expect, it } from 'vitest'

import { firstCountAt, msgidOf } from './msgid.ts'

const now = new Date('2026-11-21T23:59:59.400+08:00')

it('is the institution, the second in Shanghai and a place in it: 30 characters', () => {
  const first = firstCountAt(now)
  expect(msgidOf('H99010000001', first)).toBe('H99010000001202611212359590000')
  expect(msgidOf('H99010000001', first + 42)).toBe('H99010000001202611212359590042')
})

it('runs on into the next second when one is used up', () => {
  const last = firstCountAt(now) + 9_999
  expect(msgidOf('H99010000001', last)).toBe('H99010000001202611212359599999')
  expect(msgidOf('H99010000001', last + 1)).toBe('H99010000001202611220000000000')
})

it('is not made for a code out of shape', () => {
  expect(() => msgidOf('H1', firstCountAt(now))).toThrow('12 characters')
})
