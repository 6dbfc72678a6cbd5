import fc from 'fast-check'

// Where the language is odd, aimed at: lists in lists, sequences of one, functions that end in a call, contexts that
// stand for arguments, groups over lists. The paths are short and mostly find something, so that it comes to values.

type Text = fc.Arbitrary<string>

const scalar = fc.constantFrom<unknown>(
  '',
  'a',
  'b',
  '12',
  0,
  1,
  2,
  -1,
  0.1 + 0.2,
  true,
  false,
  null,
)
const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 })
const lists = few(fc.oneof(scalar, few(scalar), few(few(scalar))))
const item = fc.record(
  { a: fc.oneof(scalar, few(scalar)), b: scalar, x: lists, items: few(fc.record({ a: scalar })) },
  { requiredKeys: [] },
)
const whole = fc.record({
  a: fc.oneof(scalar, lists, item),
  b: fc.oneof(scalar, item),
  x: lists,
  items: few(item),
})

export const oddDocuments: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: whole, weight: 5 },
  { arbitrary: few(fc.oneof(whole, lists)), weight: 2 },
  { arbitrary: lists, weight: 1 },
)

const of = (...parts: (string | Text)[]): Text =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((texts) => texts.join(''))

const PATHS = [
  'a b x items $ $$ $.a $.x $$.x $$.items items.a items.x a.b items[0] x[] items.a[] x.$',
  'items.items items.items.a $.items.x[0] x[0] x[-1] items[-1].x items[b].a a[$] x[1][0] x[[0,-1]]',
  'x[$=$$.b] [1,2,3] ["a"] [] [[1],[2,3]] {} {"a":[1]} "ab" 2 -1 [1..3]',
]
const path = fc.constantFrom(...PATHS.flatMap((line) => line.split(' ')))
const index = fc.constantFrom('0', '-1', '1', '[-1]', '[0, -2]', '$', 'a', 'b', '$ > 0', 'x', '-b')
const CALLS = [
  '$string() $boolean() $not() $keys() $number() $length() $trim() $lookup("a") $split("")',
  '$substring(1) $contains("a") $replace("a","b")',
]
const contextual = fc.constantFrom(...CALLS.flatMap((line) => line.split(' ')))
const limits = fc.constantFrom('', ', 0', ', 1', ', -1', ', 0.5', ', missing')
const part = fc.constantFrom('"a"', '""', '"b"', 'missing', '"ab"', 'a')

const ending: Text = fc.oneof(
  contextual,
  of('$filter($v, function($w) { ', path, ' })'),
  of('$map($v, function($w) { ', contextual, ' })'),
  of('$map($v, function($w, $i) { $i = 0 ? $w : ', contextual, ' })'),
  of('$filter(', path, ', function($w) { $exists(', path, ') })'),
  of('$append($v, ', path, ')'),
  of('$lookup($v, "a")'),
  of('$v ? $append($v, 1) : $distinct(', path, ')'),
  of('($w := $v; $merge($w))'),
  of('($filter($v, function($w) { true }); $v)'),
  of('[$v, ', contextual, ']'),
)

const simple: Text = fc.oneof(
  path,
  of('$map(', path, ', function($v) { ', ending, ' })'),
  of('$map(', path, ', function($v) { $map($v, function($v) { ', ending, ' }) })'),
  of('$filter(', path, ', function($v, $i) { ', fc.oneof(ending, path), ' })'),
  of(path, '.[', path, ']'),
  of(path, '.[', path, ', ', path, '].', path),
  of('[', path, ', ', path, '].[', path, ']'),
  of(path, '.{"a": ', path, ', "b": ', path, '}'),
  of(path, '.{$string(', path, '): ', path, '}'),
  of('{$string(', path, '): ', path, ', "a": ', path, '}'),
  of('(', path, ')[', index, ']'),
  of(path, '.(', path, ')[', index, ']'),
  of(path, '.', contextual),
  of('$split("aba", ', part, limits, ')'),
  of('$replace("aba", ', part, ', ', part, limits, ')'),
  of('$substringAfter("undefined ab", ', part, ')'),
  of('$substringBefore("an undefined", ', part, ')'),
  of('($v := ', path, '; $v.', path, ')'),
)

export const oddExpressions: Text = fc.oneof(
  { arbitrary: simple, weight: 3 },
  { arbitrary: of('(', simple, ')[', index, ']'), weight: 1 },
  { arbitrary: of('(', simple, ')[]'), weight: 1 },
  { arbitrary: of('(', simple, ') ? "yes" : "no"'), weight: 1 },
  { arbitrary: of('(', simple, ').', path), weight: 1 },
  { arbitrary: of('[', simple, ', ', simple, ']'), weight: 1 },
  { arbitrary: of('{"a": ', simple, '}'), weight: 1 },
  {
    arbitrary: of('$', fc.constantFrom('string', 'count', 'distinct'), '(', simple, ')'),
    weight: 1,
  },
  { arbitrary: of('$append(', simple, ', ', simple, ')'), weight: 1 },
  { arbitrary: of('(', simple, ') = (', simple, ')'), weight: 1 },
  { arbitrary: of('(', simple, ') & (', simple, ')'), weight: 1 },
)
