import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { checkDigitOf, inLongForm, readIdNumber } from './id-number.ts'

// Invented: 110101 with dates and orders that are nobody's. Check characters are worked out by hand from the standard.

describe('a number of an identity card', () => {
  it('[I1] is read with its birth date and gender', () => {
    expect(readIdNumber('110101199003071098')).toEqual({ fault: 'check_digit' })
    const number = `11010119900307109${checkDigitOf('11010119900307109')}`
    expect(readIdNumber(number)).toEqual({ number, birthDate: '1990-03-07', gender: 'male' })
  })

  it('[I1] of 15 digits is the same as its 18', () => {
    const long = `11010119491231002${checkDigitOf('11010119491231002')}`
    expect(checkDigitOf('11010519491231002')).toBe('X')
    expect(inLongForm('110101491231002')).toBe(long)
    expect(readIdNumber('110101491231002')).toEqual(readIdNumber(long))
  })

  it('[I1] ends with an x of either size and width', () => {
    for (const typed of ['11010519491231002x', '11010519491231002X', ' 11010519491231002ｘ ']) {
      expect(readIdNumber(typed)).toMatchObject({ number: '11010519491231002X' })
    }
  })

  it('[I1] born on 29 February is right in a leap year alone', () => {
    const of = (body: string) => readIdNumber(body + checkDigitOf(body))
    expect(of('11010120000229001')).toMatchObject({ birthDate: '2000-02-29' })
    expect(of('11010119000229001')).toEqual({ fault: 'birth_date' })
    expect(of('11010120230229001')).toEqual({ fault: 'birth_date' })
    // A number of 15 digits was given out from 1900 on, and 1900 was no leap year.
    expect(inLongForm('110101000229001')).toBe('110101000229001')
  })

  it.each([
    ['', 'length'],
    ['1101051949123100', 'length'],
    ['11010519491231X02', 'length'],
    ['110105194912310X2X', 'letters'],
    ['1101054912310x2', 'letters'],
    ['110105194913310021', 'birth_date'],
    ['110105194912310021', 'check_digit'],
  ])('%j is refused for its %s', (typed, fault) => {
    expect(readIdNumber(typed)).toEqual({ fault })
  })

  it('[I1] with one digit typed wrong, or two neighbours changed over, is never right', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 17, maxLength: 17 })
    fc.assert(
      fc.property(digits, fc.nat(16), fc.integer({ min: 1, max: 9 }), (body, at, add) => {
        const text = body.join('')
        const wrong = body.with(at, ((body[at] ?? 0) + add) % 10).join('')
        expect(checkDigitOf(wrong)).not.toBe(checkDigitOf(text))
        const [a = 0, b = 0] = [body[at], body[at + 1]]
        if (at === 16 || a === b) return
        const swapped = body
          .with(at, b)
          .with(at + 1, a)
          .join('')
        expect(checkDigitOf(swapped)).not.toBe(checkDigitOf(text))
      }),
    )
  })
})
