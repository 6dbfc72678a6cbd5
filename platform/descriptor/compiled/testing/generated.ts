import fc from 'fast-check'

// Documents and expressions at random, of few names and values, so that they meet: most steps of a path find something.

const NAMES = ['a', 'b', 'items', 'x', 'constructor', '__proto__', '0', '12'] as const
const TEXTS = ['', 'a', 'b', 'x y', ' x ', '12', '3.50', '-1', '0x1f', 'true', '门诊🏥', 'a,b,,c']
const NUMBERS = [0, 1, 2, -1, 3, 0.1, 1.005, 12, 1e21, Number('9007199254740993'), 0.1 + 0.2]

const scalar = fc.oneof(
  { arbitrary: fc.constantFrom(...NUMBERS), weight: 4 },
  { arbitrary: fc.constantFrom(...TEXTS), weight: 4 },
  { arbitrary: fc.boolean(), weight: 1 },
  { arbitrary: fc.constant(null), weight: 1 },
)

const { record, value } = fc.letrec<{ value: unknown; record: unknown }>((tie) => ({
  record: fc
    .array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 5 })
    .map((members) => Object.fromEntries(members)),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { arbitrary: scalar, weight: 4 },
    { arbitrary: tie('record'), weight: 4 },
    { arbitrary: fc.array(tie('value'), { maxLength: 4 }), weight: 3 },
    { arbitrary: fc.array(tie('record'), { maxLength: 4 }), weight: 2 },
    { arbitrary: fc.array(scalar, { maxLength: 4 }), weight: 1 },
  ),
}))

/** Mostly objects; a document may be a list or a bare value, too. */
export const documents: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: record, weight: 6 },
  { arbitrary: value, weight: 1 },
  { arbitrary: fc.array(record, { maxLength: 4 }), weight: 1 },
)

const quoted = (text: string): string => JSON.stringify(text)
const step = fc.constantFrom('a', 'b', 'items', 'x', '`0`', '`__proto__`', 'constructor', '$')
const variable = fc.constantFrom('$', '$', '$$', '$v', '$w')
const oneOf = (words: string): fc.Arbitrary<string> => fc.constantFrom(...words.split(' '))
const operator = oneOf('+ - * / % = != < <= > >= & and or in')
const one = oneOf(
  'string number boolean not exists count sum max min uppercase lowercase length trim keys merge distinct sort ' +
    'fen yuan integer json sha256 urlencode parseJson instant',
)
const two = oneOf(
  'join split contains substringBefore substringAfter lookup append cut substring string replace shanghai number',
)
const three = oneOf('substring replace split join')
const literal = fc.oneof(
  fc.constantFrom(...TEXTS).map(quoted),
  fc.constantFrom('0', '1', '2', '-1', '0.5', '3', 'true', 'false', 'null', '[]', '{}'),
)

type Parts = { expression: string; path: string; object: string; body: string; some: string }
type Text = fc.Arbitrary<string>

const of = (...parts: (string | Text)[]): Text =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((texts) => texts.join(''))

function callOf(some: Text, body: Text): Text {
  const parameters = fc.constantFrom('$v', '$w', '$v, $w', '$w, $v')
  const lambda = of('function(', parameters, '){ ', body, ' }')
  return fc.oneof(
    of('$', one, '(', some, ')'),
    of('$', one, '()'),
    of('$', two, '(', some, ', ', some, ')'),
    of('$', two, '(', literal, ')'),
    of('$', three, '(', some, ', ', literal, ', ', literal, ')'),
    of('$replace(', some, ', ', some, ', ', literal, ', ', literal, ')'),
    of('$', fc.constantFrom('map', 'filter'), '(', some, ', ', lambda, ')'),
  )
}

export const expressions: Text = fc
  .letrec<Parts>((tie) => {
    const [expression, path, object] = [tie('expression'), tie('path'), tie('object')]
    const [body, some] = [tie('body'), tie('some')]
    const name = fc.oneof(fc.constantFrom('"a"', '"b"', '"12"', '"3"', '"__proto__"'), expression)
    const call = callOf(some, body)
    return {
      path: fc.oneof(
        { depthSize: 'small' },
        step,
        of(path, '.', step),
        of(path, '.', step),
        of(path, '[', expression, ']'),
        of(path, '[', fc.constantFrom('0', '-1', '1', '0.5'), ']'),
        of(path, '[]'),
        of(path, '.', object),
        of(path, '.(', expression, ')'),
        of(path, '.[', expression, ', ', some, ']'),
        of(path, '.', call),
        of(variable, '.', step),
        of('[', some, ', ', some, '].', step),
        of('(', expression, ').', step),
      ),
      object: fc.oneof(
        of('{', name, ': ', expression, '}'),
        of('{"a": ', expression, ', "b": ', expression, '}'),
        of('{"b": ', some, ', ', name, ': ', some, ', "0": ', some, '}'),
      ),
      // What stands at the end of a function: calls there are made after it.
      body: fc.oneof(
        { arbitrary: call, weight: 2 },
        { arbitrary: expression, weight: 2 },
        { arbitrary: of(some, ' ? ', call, ' : ', some), weight: 1 },
        { arbitrary: of('($v := ', some, '; ', call, ')'), weight: 1 },
      ),
      some: fc.oneof(path, path, literal, variable, expression),
      expression: fc.oneof(
        { depthSize: 'small' },
        { arbitrary: fc.oneof(literal, variable, path), weight: 4 },
        { arbitrary: path, weight: 3 },
        { arbitrary: of(some, ' ', operator, ' ', some), weight: 3 },
        { arbitrary: of('(', expression, ' ', operator, ' ', expression, ')'), weight: 1 },
        { arbitrary: call, weight: 4 },
        { arbitrary: object, weight: 2 },
        { arbitrary: of('[', some, ']'), weight: 1 },
        { arbitrary: of('[', some, ', ', some, ', ', expression, ']'), weight: 1 },
        { arbitrary: of('[', literal, '..', some, ']'), weight: 1 },
        { arbitrary: of('-', path), weight: 1 },
        { arbitrary: of('(', some, ' ? ', some, ')'), weight: 1 },
        { arbitrary: of('(', some, ' ? ', expression, ' : ', expression, ')'), weight: 1 },
        { arbitrary: of('($v := ', some, '; $w := ', some, '; ', expression, ')'), weight: 2 },
        { arbitrary: of('(', expression, ')[', expression, ']'), weight: 1 },
        { arbitrary: of(call, '[', expression, ']'), weight: 1 },
        { arbitrary: of('$v[', expression, ']'), weight: 1 },
      ),
    }
  })
  .expression.map((expression) => `($v := a; $w := items; ${expression})`)
