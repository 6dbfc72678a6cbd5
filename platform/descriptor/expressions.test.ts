import { describe, expect, it } from 'vitest'

import { createExpressions } from './expressions.ts'

// Wall-clock limits are generous here, as the machine may be busy: what counts is that there is an end.
const expressions = createExpressions(300)
const evaluate = (expression: string, input: unknown = {}) =>
  expressions.evaluate(expression, input)
const reasonOf = (expression: string, input: unknown = {}) => {
  const result = evaluate(expression, input)
  return result.ok ? `gave ${JSON.stringify(result.value)?.slice(0, 100)}` : result.reason
}

it('evaluates JSONata over plain data', () => {
  expect(
    evaluate('{ "a": order.no & "-1", "n": $sum(items.fen) }', {
      order: { no: 'X' },
      items: [{ fen: 1 }, { fen: 2 }],
    }),
  ).toEqual({ ok: true, value: { a: 'X-1', n: 3 } })
  expect(evaluate('missing')).toEqual({ ok: true, value: undefined })
  expect(evaluate('{ "a": missing }')).toEqual({ ok: true, value: {} })
})

describe('stops', () => {
  it.each([
    ['a recursion without end', '($f := function($x) { $f($x + 1) }; $f(1))'],
    ['a recursion that calls itself twice', '($f := function($x) { $f($x) + $f($x) }; $f(1))'],
    ['a long map', '$sum($map([1..9999999], function($v) { $v * 2 }))'],
    [
      'a regular expression that backtracks',
      '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /(a+)+$/)',
    ],
  ])('%s', (_what, expression) => {
    expect(reasonOf(expression)).toMatch(/^it was stopped after 300 ms$|Stack overflow/)
    // And the next one, in a room of its own, is not the worse for it.
    expect(evaluate('1 + 1')).toEqual({ ok: true, value: 2 })
  })
})

it('takes no result that is too large, too deep, or no data', () => {
  const doubling =
    '($f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $f("xxxxxxxx", 24))'
  expect(reasonOf(doubling)).toBe('its result is too large')
  expect(reasonOf('[1..100000]')).toBe('its result is too large')
  const deep = '($f := function($n) { $n = 0 ? 1 : { "a": $f($n - 1) } }; $f(40))'
  expect(reasonOf(deep)).toBe('its result is nested too deep')
  expect(reasonOf('$yuan')).toBe('its result is a function')
  expect(reasonOf('{ "f": function($x) { $x } }')).toBe('its result is a function')
})

it('knows no clock and no chance, and evaluates no text', () => {
  for (const call of [
    '$now()',
    '$millis()',
    '$random()',
    '$shuffle([1,2])',
    '$eval("1")',
    '$pad("x", 9)',
  ]) {
    expect(reasonOf(call)).toMatch(/^\$\w+ may not be used here$/)
  }
})

it('has no way out of its room', () => {
  for (const way of [
    '{}.constructor',
    '$lookup({}, "constructor")',
    '"".constructor.constructor("return process")()',
    '({}).__proto__',
    '$yuan.constructor',
    '$map([1], function($v) { $v.constructor })',
  ]) {
    const result = evaluate(way)
    expect(result.ok ? JSON.stringify(result.value ?? null) : 'refused').toMatch(
      /^(null|\[\]|refused)$/,
    )
  }
  evaluate('$merge([{}, $parseJson("{\\"__proto__\\": {\\"polluted\\": 1}}")])')
  expect(evaluate('$exists({}.polluted)')).toEqual({ ok: true, value: false })
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

it('says where an expression cannot be read', () => {
  expect(expressions.problemOf('a.b')).toBeNull()
  expect(expressions.problemOf('{ "a": ')).toMatchObject({ position: 7 })
})

it('tries a pattern within the same time', () => {
  expect(expressions.fits('^[0-9]{4}$', '1234')).toBe(true)
  expect(expressions.fits('^[0-9]{4}$', '12345')).toBe(false)
  expect(expressions.fits('^(a+)+$', `${'a'.repeat(60)}!`)).toBe(false)
  expect(expressions.fits('(', 'a')).toBe(false)
})

describe('amounts and moments', () => {
  it.each([
    ['$yuan(1)', '0.01'],
    ['$yuan(123456)', '1234.56'],
    ['$yuan(99999999999999)', '999999999999.99'],
    ['$fen("0.29")', 29],
    ['$fen("1234.5")', 123_450],
    ['$fen("-0.01")', -1],
    ['$fen("35.10000")', 3_510],
    ['$fen(19.99)', 1_999],
    ['$integer("0042")', 42],
    ['$shanghai("2026-11-21T16:30:05Z", "yyyyMMddHHmmss")', '20261122003005'],
    ['$shanghai("2026-11-21T10:00:00+08:00", "yyyy-MM-ddTHH:mm:ss")', '2026-11-21T10:00:00'],
    ['$shanghai("2026-11-21T10:00:00+08:00", "seconds")', '1795226400'],
    ['$instant("20261122003005", "yyyyMMddHHmmss")', '2026-11-21T16:30:05.000Z'],
    ['$instant("1795226400123", "millis")', '2026-11-21T02:00:00.123Z'],
    ['$instant("2026-11-21T10:00:00.5+08:00")', '2026-11-21T02:00:00.500Z'],
    ['$cut("门诊🏥缴费", 10)', '门诊🏥'],
    ['$json({ "n": 1234567890123456 })', '{"n":1234567890123456}'],
  ])('%s', (expression, expected) => {
    expect(evaluate(expression)).toEqual({ ok: true, value: expected })
  })

  it.each([
    '$yuan(1.5)',
    '$yuan("100")',
    '$yuan(9007199254740993)',
    '$fen("1.005")',
    '$fen("1e3")',
    '$fen("1,000.00")',
    '$fen("")',
    '$integer("12a")',
    '$instant("20260230000000", "yyyyMMddHHmmss")',
    '$instant("2026-11-21 25:00:00", "yyyy-MM-dd HH:mm:ss")',
    '$instant("2026-11-21")',
    '$shanghai("yesterday", "yyyy")',
  ])('%s is refused and never guessed', (expression) => {
    expect(evaluate(expression).ok).toBe(false)
  })
})
