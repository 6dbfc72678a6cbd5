import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { parseYuan } from '../../../kernel/money.ts'
import { EMPTY, fenOf, type NumberForm, numberReader } from './amount.ts'

const YUAN: NumberForm = { unit: 'yuan' }

function read(text: string, form: NumberForm = YUAN): number {
  const bytes = Buffer.from(text)
  return numberReader(form).read(bytes, 0, bytes.length)
}

describe('F-105 an amount', () => {
  it.each<[string, NumberForm, number]>([
    ['0.01', YUAN, 1],
    ['12', YUAN, 1_200],
    ['12.5', YUAN, 1_250],
    ['-0.01', YUAN, -1],
    ['1234.500000', YUAN, 123_450],
    ['1,234.50', { unit: 'yuan', thousands: true }, 123_450],
    ['1,234,567', { unit: 'yuan', thousands: true }, 123_456_700],
    ['+1.00', { unit: 'yuan', plus: true }, 100],
    ['１２．５０', { unit: 'yuan', fullWidth: true }, 1_250],
    ['000000000012', { unit: 'fen' }, 12],
    ['C00000000012', { unit: 'fen', sides: { in: 'C', out: 'D' } }, 12],
    ['D00000000012', { unit: 'fen', sides: { in: 'C', out: 'D' } }, -12],
    ['0.12345', { unit: 'yuan', decimals: 5 }, 12_345],
  ])('%s is read exactly', (text, form, units) => {
    expect(read(text, form)).toBe(units)
  })

  it.each<[string, NumberForm]>([
    ['1e2', YUAN],
    ['1E+2', YUAN],
    ['NaN', YUAN],
    ['Infinity', YUAN],
    ['0x10', YUAN],
    ['.5', YUAN],
    ['5.', YUAN],
    ['1.005', YUAN],
    ['--1', YUAN],
    ['1-', YUAN],
    ['+1', YUAN],
    ['1 000', YUAN],
    ['1,000.00', YUAN],
    ['1000,00', { unit: 'yuan', thousands: true }],
    ['1,00.00', { unit: 'yuan', thousands: true }],
    [',100', { unit: 'yuan', thousands: true }],
    ['1,000,', { unit: 'yuan', thousands: true }],
    ['１２', YUAN],
    ['１２元', { unit: 'yuan', fullWidth: true }],
    ['12.50', { unit: 'fen' }],
    ['12', { unit: 'fen', sides: { in: 'C', out: 'D' } }],
    ['99999999999999999', YUAN],
    ['90071992547410.00', YUAN],
    ['￥12', YUAN],
    ['=1+1', YUAN],
  ])('%s is none', (text, form) => {
    expect(read(text, form)).toBeNaN()
  })

  it('is none, and not zero, where nothing stands', () => {
    expect(read('')).toBe(EMPTY)
  })

  it('of zero is never below zero', () => {
    for (const text of ['-0', '-0.00', '0', '-0.000']) expect(Object.is(read(text), 0)).toBe(true)
  })

  it('is what the kernel reads, for any text', () => {
    const anyText = fc.oneof(
      fc.stringMatching(/^-?\d{1,16}(\.\d{0,9})?$/),
      fc.stringMatching(/^[-+.,eE\d]{0,12}$/),
      fc.double().map(String),
    )
    fc.assert(
      fc.property(anyText, (text) => {
        const kernel = parseYuan(text)
        const own = read(text)
        expect(Number.isFinite(own) ? own : null).toBe(kernel)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    [499, 0],
    [500, 1],
    [-499, 0],
    [-500, -1],
    [1_499, 1],
    [60_000, 60],
  ])('of %i hundred-thousandths is %i fen', (units, fen) => {
    expect(fenOf(units, 5, 'yuan')).toBe(fen)
  })
})
