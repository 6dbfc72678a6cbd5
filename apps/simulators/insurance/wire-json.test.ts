import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { amount, dateTime, decimal, oneOf, optional, readFields, readList, text } from './fields.ts'
import {
  canonicalWire,
  JsonNumber,
  parseWire,
  ratio,
  scaled,
  type Wire,
  writeWire,
  yuan,
} from './wire-json.ts'

describe('parseWire', () => {
  it('keeps a number by its digits, and leaves those in strings alone', () => {
    const value = parseWire('{"a":250.60,"b":[-0.10,1e3],"c":"1.10 \\"2.20\\"","3":null}')
    expect(value).toEqual({
      a: new JsonNumber('250.60'),
      b: [new JsonNumber('-0.10'), new JsonNumber('1e3')],
      c: '1.10 "2.20"',
      '3': null,
    })
  })

  it.each(['', '{', '{"a":01}', '{"a":.5}', 'abc', '{"a":1,}'])('refuses %j', (text) => {
    expect(() => parseWire(text)).toThrow(SyntaxError)
  })

  it('writes again what it read, for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const wire = parseWire(JSON.stringify(value))
        expect(JSON.parse(writeWire(wire))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('reads a string of eight million characters', () => {
    const long = 'A'.repeat(8_000_000)
    expect(parseWire(`{"in":"${long}"}`)).toEqual({ in: long })
  })
})

describe('writing', () => {
  it('writes amounts with two decimals, whatever a float would make of them', () => {
    expect(writeWire({ a: yuan(fen(10)), b: yuan(fen(-250_60)), c: yuan(fen(0)) })).toBe(
      '{"a":0.10,"b":-250.60,"c":0.00}',
    )
    expect(writeWire([scaled(1_500_000n, 6), scaled(5n, 4), ratio(1_000_000)])).toBe(
      '[1.500000,0.0005,1.0000]',
    )
  })

  it('is canonical in the order of fields, at every depth', () => {
    const one = parseWire('{"a":1,"b":{"d":[{"x":1,"y":2}],"c":2}}')
    const same = parseWire('{ "b": {"c":2,"d":[{"y":2,"x":1}]}, "a":1 }')
    expect(canonicalWire(one)).toBe(canonicalWire(same))
    expect(canonicalWire(one)).not.toBe(canonicalWire(parseWire('{"a":1,"b":{"d":[],"c":2}}')))
  })
})

describe('fields', () => {
  it.each<[string, unknown, number]>([
    ['a number', new JsonNumber('12.30'), 1230],
    ['a text', '12.3', 1230],
    ['a whole number', '12', 1200],
    ['what a float cannot hold', new JsonNumber('90071992547409.91'), 9007199254740991],
    ['below zero', '-0.01', -1],
  ])('reads %s as fen', (_what, raw, expected) => {
    expect(amount(raw as Wire, 'x')).toBe(expected)
  })

  it.each<[string, Wire]>([
    ['a third decimal', new JsonNumber('1.005')],
    ['an exponent', new JsonNumber('1e2')],
    ['a separator', '1,000.00'],
    ['no digits', '-'],
    ['true', true],
    ['fifteen digits', '123456789012345'],
    ['nothing', null],
  ])('refuses %s as an amount, by name', (_what, raw) => {
    expect(() => amount(raw, 'data.acct_pay')).toThrow(/^data\.acct_pay：/)
  })

  it('reads decimals exactly, and no more of them than the field has', () => {
    expect(decimal(16, 6)(new JsonNumber('1.5'), 'pric')).toBe(1_500_000n)
    expect(decimal(16, 4)('2.00000', 'cnt')).toBe(20_000n)
    expect(() => decimal(16, 4)('0.00001', 'cnt')).toThrow(/^cnt：/)
    expect(() => decimal(2, 0)('123', 'no')).toThrow(/^no：/)
    expect(() => decimal(16, 4)('-1', 'cnt')).toThrow(/^cnt：/)
  })

  it('counts characters, not bytes or code units', () => {
    expect(text(4)('医院𠮷号', 'x')).toBe('医院𠮷号')
    expect(() => text(3)('医院𠮷号', 'x')).toThrow('x：长度超过3')
    expect(() => text(3)(new JsonNumber('12'), 'x')).toThrow('x：应为字符串')
  })

  it.each(['2026-02-30 00:00:00', '2026-11-21', '2026-11-21 24:00:00', '2026-11-21T09:00:00'])(
    'refuses %s as a time',
    (raw) => {
      expect(() => dateTime(raw, 'inf_time')).toThrow(/^inf_time：/)
    },
  )

  it('takes an empty text for absent, and names the place of what is wrong', () => {
    const fields = { a: optional(text(3)), b: oneOf('0', '1') }
    expect(readFields({ a: '', b: '1', c: 'more' }, fields)).toEqual({ a: null, b: '1' })
    expect(() => readFields({ b: '' }, fields, 'data')).toThrow('data.b：必填')
    expect(() => readList([{ b: '1' }, { b: '2' }], fields, 'rows', 5)).toThrow('rows[1].b：')
    expect(() => readList([], fields, 'rows', 5)).toThrow('rows：应为1至5条')
    expect(() => readFields('12', fields)).toThrow('input：')
    expect(() => readFields({ __proto__: { b: '1' } }, fields)).toThrow('b：必填')
  })
})
