import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { HospitalId, Id } from './id.ts'
import { readTradeNo, tradeNoOf } from './trade-no.ts'

const hospital = fc.integer({ min: 1, max: 36 ** 4 - 1 }).map((n) => n as HospitalId)
const id = fc.uuid({ version: 7 }).map((text) => text as Id<'Tender'>)

describe('a trade number', () => {
  it('is thirty capitals and digits, and says which hospital and which thing', () => {
    fc.assert(
      fc.property(hospital, id, (hospitalId, thing) => {
        const tradeNo = tradeNoOf(hospitalId, thing)
        expect(tradeNo).toMatch(/^[0-9A-Z]{30}$/)
        expect(readTradeNo(tradeNo)).toEqual({ hospitalId, id: thing })
      }),
    )
  })

  it('is another for another hospital or another thing', () => {
    fc.assert(
      fc.property(hospital, hospital, id, id, (h1, h2, a, b) => {
        const same = h1 === h2 && a === b
        expect(tradeNoOf(h1, a) === tradeNoOf(h2, b)).toBe(same)
      }),
    )
  })

  it('refuses a hospital that four digits cannot say', () => {
    const thing = '0190b3a0-0000-7000-8000-000000000001' as Id<'Tender'>
    expect(tradeNoOf((36 ** 4 - 1) as HospitalId, thing)).toMatch(/^ZZZZ/)
    expect(() => tradeNoOf((36 ** 4) as HospitalId, thing)).toThrow('fits a trade number')
  })
})

describe('a number that is not ours', () => {
  const ours = tradeNoOf(7 as HospitalId, '0190b3a0-1234-7abc-8def-0123456789ab' as Id<'Tender'>)

  it.each([
    ['empty', ''],
    ['too short', ours.slice(1)],
    ['too long', `${ours}0`],
    ['in small letters', ours.toLowerCase()],
    ['with a letter that Crockford leaves out', `${ours.slice(0, -1)}I`],
    ['past 128 bits', `${ours.slice(0, 4)}8${ours.slice(5)}`],
    ['of no hospital', `0000${ours.slice(4)}`],
    ['of an id that is no UUID of version 7', `0007${'0'.repeat(26)}`],
    ['with a space', ` ${ours.slice(1)}`],
    ['with a line after it', `${ours}\n`],
    ['of WeChat', '4200001234202611211234567890'],
  ])('is not read: %s', (_what, tradeNo) => {
    expect(readTradeNo(tradeNo)).toBeNull()
  })

  it('is hardly ever read when it is made of chance', () => {
    const digits = fc.stringMatching(/^[0-9A-Z]{30}$/)
    const read = fc.sample(digits, 2_000).filter((text) => readTradeNo(text) !== null)
    expect(read.length).toBeLessThan(20)
  })
})
