import { describe, expect, it } from 'vitest'

import { isAddressAllowed, isAddressRange } from './address-list.ts'

it.each([
  ['203.0.113.7', true],
  ['203.0.113.0/24', true],
  ['2001:db8::/32', true],
  ['::1', true],
  ['203.0.113.0/33', false],
  ['2001:db8::/129', false],
  ['0.0.0.0/0', false],
  ['::/0', false],
  ['203.0.113', false],
  ['bank.example', false],
  ['203.0.113.7/', false],
  ['', false],
])('%s is a range: %s', (text, expected) => expect(isAddressRange(text)).toBe(expected))

describe('a list of ranges', () => {
  const list = ['203.0.113.0/24', '198.51.100.7', '2001:db8::/32']

  it.each([
    ['203.0.113.200', true],
    ['::ffff:203.0.113.200', true],
    ['198.51.100.7', true],
    ['198.51.100.8', false],
    ['2001:db8:1::1', true],
    ['2001:db9::1', false],
    ['203.0.114.1', false],
    ['', false],
    ['unknown', false],
  ])('lets in %s: %s', (address, expected) => {
    expect(isAddressAllowed(list, address)).toBe(expected)
  })

  it('of none lets in everybody', () => expect(isAddressAllowed([], '203.0.113.1')).toBe(true))
})
