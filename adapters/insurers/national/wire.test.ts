import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { amountOf, parseAmount, ratioBpOf, stampOf, toJson, yuan } from './wire.ts'

const amount = fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }).map(fen)

describe('amounts', () => {
  it('come back from the wire to the fen, as numbers and as texts', () => {
    fc.assert(
      fc.property(amount, (amountFen) => {
        const asNumber = JSON.parse(toJson({ a: yuan(amountFen) }, 'number')) as { a: number }
        const asText = JSON.parse(toJson({ a: yuan(amountFen) }, 'text')) as { a: string }
        expect(typeof asNumber.a).toBe('number')
        expect(parseAmount(asNumber.a)).toBe(amountFen)
        expect(parseAmount(asText.a)).toBe(amountFen)
      }),
    )
  })

  it('always have two decimals on the wire', () => {
    expect(toJson({ a: yuan(fen(63_800)), b: [yuan(fen(-5))], c: 'x"y', d: 2 }, 'number')).toBe(
      '{"a":638.00,"b":[-0.05],"c":"x\\"y","d":2}',
    )
  })

  it('under another spelling are found, and under none are missing', () => {
    expect(amountOf({ pdn_cash_pay: '1.5' }, 'psn_cash_pay', 'pdn_cash_pay')).toBe(150)
    expect(() => amountOf({}, 'psn_cash_pay')).toThrow('psn_cash_pay is missing')
  })

  it('past 13 digits are not read, as a JSON number is not exact there', () => {
    expect(parseAmount('12345678901234.00')).toBeNull()
  })
})

it('a ratio is basis points, exactly', () => {
  const ratio = (value: unknown) => ratioBpOf({ r: value }, 'r')
  expect([ratio(0.7), ratio('0.8550'), ratio(1), ratio(null), ratio(0.0001)]).toEqual([
    7_000, 8_550, 10_000, 0, 1,
  ])
  expect(() => ratio('70%')).toThrow('not a ratio')
})

it('a stamp is a moment in Shanghai', () => {
  const at = stampOf({ respond_time: '20261121235959999' }, 'respond_time')
  expect(at.toISOString()).toBe('2026-11-21T15:59:59.999Z')
  expect(() => stampOf({ respond_time: '2026-11-21' }, 'respond_time')).toThrow('not a time')
})
