import fc from 'fast-check'
import { expect, it } from 'vitest'

import { readBills, writeBills } from './navigation.tsx'

it('bills come out of an address as they went in', () => {
  const bill = fc.record({
    billNo: fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }),
    version: fc.integer({ min: 1, max: 1_000_000 }),
  })
  fc.assert(
    fc.property(fc.array(bill, { minLength: 1, maxLength: 20 }), (bills) => {
      expect(readBills(writeBills(bills))).toEqual(bills)
    }),
  )
})

it.each(['', 'B1', 'B1:', ':1', 'B1:x', 'B1:1,', 'B1:1:2', 'B1:12345678'])(
  'nothing is read from "%s"',
  (text) => {
    expect(readBills(text)).toBeNull()
  },
)
