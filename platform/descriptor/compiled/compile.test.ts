import { describe, expect, it } from 'vitest'

import { createExpressions } from '../expressions.ts'
import { evaluatedBoth, evaluatorOf } from './testing/both.ts'

const expressions = createExpressions(500)
const evaluate = (expression: string, input: unknown = {}) =>
  expressions.evaluate(expression, input)

const bill = {
  items: [
    { no: '1', kind: '01', price: '12.50', qty: 2, tags: ['a', 'b'] },
    { no: '2', kind: '02', price: '3', qty: 1, tags: [] },
    { no: '3', kind: '09', price: '0.01', qty: 10 },
  ],
  kinds: { '01': 'drug', '02': 'laboratory' },
  one: [{ no: 'only' }],
  none: [],
  nested: [[1, 2], [3]],
  nothing: null,
}

describe('is compiled, and gives what the interpreter gives', () => {
  it.each([
    [
      'items.{ "no": $number(no), "kind": $lookup($$.kinds, kind), "fen": $fen(price) }',
      [
        { no: 1, kind: 'drug', fen: 1250 },
        { no: 2, kind: 'laboratory', fen: 300 },
        { no: 3, fen: 1 },
      ],
    ],
    ['items.tags', ['a', 'b']],
    ['one.no', 'only'],
    ['one[].no', ['only']],
    ['none', []],
    ['none.no', undefined],
    ['items[-1].no', '3'],
    ['items[0].tags[1]', 'b'],
    ['items[qty > 1 and kind != "01"].no', '3'],
    ['items[kind in ["01", "02"]].no', ['1', '2']],
    ['[items.qty, [1..3], missing]', [2, 1, 10, [1, 2, 3]]],
    ['nested.$', [1, 2, 3]],
    ['{ "a": missing, "b": nothing }', { b: null }],
    ['$sum(items.(qty * $number(price)))', 28.1],
    ['($rate := 2; items.(qty * $rate))', [4, 2, 20]],
    ['$map(items, function($item, $i) { $i & ":" & $item.no })', ['0:1', '1:2', '2:3']],
    ['$filter(items, function($item) { $item.qty > 1 }).no', ['1', '3']],
    ['$join($distinct(items.kind), "/")', '01/02/09'],
    ['$string(0.1 + 0.2) & true & nothing', '0.3truenull'],
    ['$merge([{ "a": 1 }, { "a": 2, "b": 3 }])', { a: 2, b: 3 }],
    ['$split("a-b-c", "-")[-1]', 'c'],
    ['$exists(missing) ? 1', undefined],
    ['$substring("门诊🏥缴费", 2, 1)', '🏥'],
    ['{ "b": 1, "2": 1, "1": 1 }', { 1: 1, 2: 1, b: 1 }],
    ['1 / 0', null],
  ])('%s', (expression, expected) => {
    const json = JSON.stringify(expected) ?? 'nothing'
    expect(evaluatedBoth(expression, bill)).toMatchObject({ compiled: json, interpreted: json })
  })

  it.each([
    '1 + "1"',
    '1 < "2"',
    'items < 1',
    '{ (1): 2 }',
    '{ "a": 1, "a": 2 }',
    '$sum(["1"])',
    '$number("one")',
    '$fen("1.005")',
    '$substring(1, 2)',
    '$string(1 / 0)',
    '(1 / 0) + 1',
    '$uppercase()',
    '["a".."b"]',
    '$sort([1, "a"])',
    '-"a"',
  ])('%s is an error', (expression) => {
    expect(evaluatedBoth(expression, bill)).toMatchObject({
      outcome: 'both',
      compiled: 'failed',
      interpreted: 'failed',
    })
    const result = evaluate(expression, bill)
    expect(result.ok ? '' : result.reason).toMatch(/^[$a-z]/)
  })
})

it.each([
  '$replace(a, /[0-9]+/, "")',
  '$now()',
  '$random()',
  '$eval("1")',
  '$pad("a", 5)',
  '*.a',
  '**.a',
  'a.b.%',
  'a@$x.b',
  'a#$i.b',
  'a^(b)',
  'a{ b: c }',
  'a ~> $string()',
  '$ ~> | a | { "b": 1 } |',
  '$string(?)',
  '$f := function($x) { $x }',
  '($f := function($x) { $f($x) }; $f(1))',
  '$map(a, $string)',
  '$sort(a, function($l, $r) { $l > $r })',
  '$map(a, function($x)<n:n> { $x })',
  '{ "a": $x := 1, "b": $x }',
  '$sum',
  '{ "tupleStream": 1 }.a',
  '-0',
])('%s is left to the interpreter', (expression) => {
  const { outcome } = evaluatedBoth(expression, { a: [1] })
  expect(['not compiled', 'left']).toContain(outcome)
})

describe('limits', () => {
  it.each([
    ['a range', '$count([1..9000000])'],
    [
      'ranges in each other',
      '$map([1..9000], function($a) { $map([1..9000], function($b) { $a * $b }) })',
    ],
    ['paths over and over', '[1..9000].([1..9000].($ * 2))'],
    ['a list that doubles', `($a := [1..9]; ${'$a := $append($a, $a); '.repeat(40)} $count($a))`],
    ['a text that doubles', `($a := "ab"; ${'$a := $a & $a; '.repeat(28)} $length($a))`],
    ['trees that share', `($a := [1]; ${'$a := { "l": $a, "r": $a }; '.repeat(40)} $string($a))`],
    [
      'trees compared',
      `($a := [1]; $b := [1]; ${'$a := { "l": $a, "r": $a }; $b := { "l": $b, "r": $b }; '.repeat(40)} $a = $b)`,
    ],
    ['all with all', '$count($distinct([1..20000]))'],
    ['a text in pieces', '$count([1..900].$split($$.long, ""))'],
  ])('%s comes to an end', (_what, expression) => {
    expect(typeof evaluatorOf(expression)).toBe('function')
    const result = evaluate(expression, { long: 'x'.repeat(100_000) })
    expect(result).toEqual({ ok: false, reason: 'it was stopped after 500 ms' })
  })

  it('measures results as the sandbox does', () => {
    for (const [make, least] of [
      [(n: number) => `[1..${n}]`, 16_140],
      [(n: number) => `$map([1..${n}], function($v) { $v })`, 16_140],
      [(n: number) => `[1..${n}].{ "name": "四字词语" }`, 9_040],
    ] as const) {
      const outcomes = new Set<string>()
      for (let n = least; n < least + 200; n += 19) {
        const result = evaluatedBoth(make(n), {})
        if (result.outcome !== 'both') throw new Error(result.outcome)
        expect(result.compiled === result.interpreted, `${make(n)}: ${result.reasons}`).toBe(true)
        outcomes.add(result.compiled === 'failed' ? 'failed' : 'value')
      }
      expect([...outcomes]).toEqual(['value', 'failed'])
    }
  }, 60_000)

  it('knows how deep is too deep', () => {
    for (const inner of [
      '1',
      '[]',
      'items.no',
      '[1]',
      '{}',
      '$filter([1, 2], function($v) { true })',
    ]) {
      for (let depth = 13; depth < 19; depth++) {
        const expression = `${'{ "a": '.repeat(depth)}${inner}${'}'.repeat(depth)}`
        const result = evaluatedBoth(expression, bill)
        if (result.outcome !== 'both') throw new Error(result.outcome)
        expect(result.compiled, expression).toBe(result.interpreted)
      }
    }
  })
})

describe('hostile documents and expressions', () => {
  it('takes names of prototypes for data, and gives them as data', () => {
    const document = JSON.parse(
      '{ "__proto__": { "polluted": 1 }, "constructor": "c", "a": { "toString": 2 } }',
    ) as unknown
    for (const expression of [
      '__proto__.polluted',
      '`__proto__`',
      'constructor',
      'a.constructor',
      'a.__proto__',
      'a.hasOwnProperty',
      '$keys($)',
      '$merge([$, { "b": 1 }])',
      '{ "__proto__": a }',
      '{ constructor: a, "constructor": 1 }',
      '$lookup(a, "valueOf")',
      '$lookup($, "__proto__")',
      '"text".length',
      'a[__proto__]',
      '$parseJson("{\\"__proto__\\": {\\"polluted\\": 1}}")',
    ]) {
      const result = evaluatedBoth(expression, document)
      if (result.outcome !== 'both') throw new Error(`${expression}: ${result.outcome}`)
      expect(result.compiled, expression).toBe(result.interpreted)
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    const made = evaluate('{ "__proto__": { "polluted": 1 } }')
    const value = made.ok ? made.value : null
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.keys(value as object)).toEqual(['__proto__'])
  })

  it('is not misled by what the interpreter takes for its own marks', () => {
    for (const document of [
      { a: { tupleStream: true, '@': 1 } },
      { a: { outerWrapper: true, '0': 'x' } },
      { a: [{ _jsonata_lambda: true, body: 1 }] },
    ]) {
      expect(evaluatedBoth('a.{ "b": $ }', document).outcome).toBe('left')
    }
    expect(evaluatedBoth('{ "tuple" & "Stream": 1 }', {}).outcome).toBe('left')
    expect(evaluatedBoth('$parseJson(a)', { a: '{"outer\\u0057rapper":1}' }).outcome).toBe('left')
    // A list may have such members, and is no sequence for that.
    expect(evaluatedBoth('a.sequence', { a: { sequence: true, cons: 1 } })).toMatchObject({
      compiled: 'true',
      interpreted: 'true',
    })
  })

  it('stands deep nesting, of documents and of expressions', () => {
    let deep: unknown = { a: 1 }
    for (let depth = 0; depth < 3_000; depth++) deep = [deep]
    expect(evaluate('$exists(d.a) and $boolean(d)', { d: deep }).ok).toBe(true)
    expect(evaluate('d = d', { d: deep })).toEqual({ ok: true, value: true })
    expect(evaluate('d', { d: deep })).toMatchObject({ reason: 'its result is nested too deep' })
    const expression = `${'('.repeat(800)}1${')'.repeat(800)}`
    expect(evaluate(expression)).toEqual({ ok: true, value: 1 })
    expect(evaluate(`${'['.repeat(20_000)}1${']'.repeat(20_000)}`).ok).toBe(false)
    expect(evaluate(`1${' ?? 1'.repeat(60)}`)).toEqual({ ok: true, value: 1 })
  })
})

describe('what goes in and what comes out', () => {
  it('changes nothing in what it is given, and shares nothing with it', () => {
    const given = { list: [], items: [{ no: 1 }], deep: { a: [1] } }
    const before = structuredClone(given)
    const result = evaluate('{ "one": deep, "two": deep, "all": $, "n": list.{ "a": 1 } }', given)
    const value = (result.ok ? result.value : null) as Record<string, { a: number[] }>
    expect(value).toEqual({ one: { a: [1] }, two: { a: [1] }, all: before })
    value['one']?.a.push(2)
    expect(value['two']).toEqual({ a: [1] })
    expect(value['all']).toEqual(before)
    expect(given).toEqual(before)
    evaluate('$map([list], function($v) { { "a": { "b": 1 } } })', given)
    evaluate('list[].{ "a": 1 }', given)
    expect(given).toEqual(before)
  })

  it('reads what it is given as JSON would', () => {
    const given = {
      at: new Date(0),
      missing: undefined,
      list: [undefined, NaN, -0],
      toJSON: undefined,
    }
    expect(evaluate('$', given)).toEqual({
      ok: true,
      value: { at: '1970-01-01T00:00:00.000Z', list: [null, null, 0] },
    })
    expect(evaluate('$exists(missing)', given)).toEqual({ ok: true, value: false })
    expect(evaluate('$substring(at, 0, 10)', given)).toEqual({ ok: true, value: '1970-01-01' })
  })

  it('gives plain JSON, without what is no number', () => {
    expect(evaluate('[0 / 0, 1 / 0, 0 * -1]')).toEqual({ ok: true, value: [null, null, 0] })
    expect(evaluate('$json([0 / 0, missing])')).toEqual({ ok: true, value: '[null]' })
  })
})
