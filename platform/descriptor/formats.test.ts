import { expect, it } from 'vitest'

import { parse, rawMember, serialize } from './formats.ts'
import { replacedAt, valueAt } from './pointers.ts'

it('finds the raw text of a member, escapes and all', () => {
  const raw = '{"code":"10000","url":"https:\\/\\/a.example\\/b","s":"}\\",{"}'
  const body = `{ "x": [1, {"y_response": 2}], "alipay_trade_query_response" : ${raw} , "sign":"S"}`
  expect(rawMember(body, '_response')).toEqual({ name: 'alipay_trade_query_response', raw })
  expect(rawMember('{"error_response":{"code":"40002"},"sign":""}', '_response')?.raw).toBe(
    '{"code":"40002"}',
  )
})

it('finds no member where there is none, or more than one', () => {
  for (const body of [
    '',
    'null',
    '[]',
    '{"a":1}',
    '{"a_response":1,"b_response":2}',
    '{"a_response":1',
  ]) {
    expect(rawMember(body, '_response')).toBeNull()
  }
})

it('writes and reads a form, and refuses a name that stands twice', () => {
  const form = serialize('form', { b: '门诊 & 1+1', a: 5, none: null }, 'xml')
  expect(form).toBe('b=%E9%97%A8%E8%AF%8A%20%26%201%2B1&a=5')
  expect(parse('form', form ?? '')).toEqual({ b: '门诊 & 1+1', a: '5' })
  expect(parse('form', 'a=1+1')).toEqual({ a: '1 1' })
  expect(parse('form', 'a=1&a=2')).toBeUndefined()
  expect(parse('form', 'a=%E9')).toBeUndefined()
  expect(serialize('form', { a: { b: 1 } }, 'xml')).toBeNull()
})

it('writes and reads flat XML, and opens no entity', () => {
  const xml = serialize('xml', { a: '1 < 2 & 3', b: '007' }, 'xml')
  expect(parse('xml', xml ?? '')).toEqual({ a: '1 < 2 & 3', b: '007' })
  expect(parse('xml', '<!DOCTYPE x [<!ENTITY e "boom">]><x><a>&e;</a></x>')).toBeUndefined()
  expect(parse('xml', '<xml><a>1')).toBeUndefined()
})

it('follows pointers through own members only', () => {
  const document = { a: [{ 'b/c': 1 }], '~': 2 }
  expect(valueAt(document, '/a/0/b~1c')).toBe(1)
  expect(valueAt(document, '/~0')).toBe(2)
  expect(valueAt(document, '')).toBe(document)
  expect(valueAt(document, '/constructor')).toBeUndefined()
  expect(valueAt(document, '/a/length/x')).toBeUndefined()
  expect(replacedAt(document, '/a/0/b~1c', 9)).toEqual({ a: [{ 'b/c': 9 }], '~': 2 })
  expect(replacedAt(document, '/x/y', 9)).toEqual(document)
})
