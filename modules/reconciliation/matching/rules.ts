import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'

import { matchingErrors } from './errors.ts'
import { NORMALISED_COLUMNS, ROW_KINDS } from './row.ts'

// What is held against what, and by which keys, as data. Amounts agree to the fen unless a rule says otherwise.

const strict = { additionalProperties: false }
const Name = Type.String({ pattern: '^[a-z][a-z0-9_]{0,29}$' })
const Column = Type.Enum([...NORMALISED_COLUMNS])
const Sides = Type.Array(Name, { minItems: 2, maxItems: 8, uniqueItems: true })

export const ROLES = ['hub', 'provider', 'his', 'bank', 'party'] as const
export type Role = (typeof ROLES)[number]

const Side = Type.Object(
  {
    name: Name,
    role: Type.Enum([...ROLES], { description: 'party: an insurer, a lender, whoever else' }),
    accounts: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
        maxItems: 1_000,
        description: 'A row of this side with another account is another hospital’s',
      }),
    ),
    cutOff: Type.Optional(
      Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'When its day ends' }),
    ),
  },
  strict,
)

const Number = Type.Object(
  { id: Name, form: Type.Literal('number'), column: Column, sides: Sides },
  { ...strict, description: 'One-to-one by another number, of the same amount' },
)
const Parts = Type.Object(
  { id: Name, form: Type.Literal('parts') },
  { ...strict, description: 'One row against several of the same number that add up to it' },
)
const Sum = Type.Object(
  { id: Name, form: Type.Literal('sum'), column: Column, one: Name, many: Name },
  { ...strict, description: 'One row against several that share a number and add up to it' },
)
const Near = Type.Object(
  {
    id: Name,
    form: Type.Literal('near'),
    sides: Sides,
    windowSeconds: Type.Integer({ minimum: 0, maximum: 86_400 }),
  },
  {
    ...strict,
    description:
      'The same amount and account within the window, where a number is unknown and there is one candidate only',
  },
)

const Rows = Type.Object(
  {
    id: Name,
    form: Type.Literal('rows'),
    sides: Sides,
    kinds: Type.Array(Type.Enum(ROW_KINDS), { minItems: 1, uniqueItems: true }),
    key: Type.Object(
      { id: Name, columns: Type.Record(Name, Column) },
      {
        ...strict,
        description: 'The strongest rule: of each side the column that holds the number',
      },
    ),
    same: Type.Array(Type.Object({ column: Column, sides: Sides }, strict), {
      maxItems: 10,
      description: 'What else must be the same where both sides know it',
    }),
    toleranceFen: Type.Integer({ minimum: 0, maximum: 100 }),
    dateWindowDays: Type.Integer({ minimum: 0, maximum: 7 }),
    passes: Type.Array(Type.Union([Number, Parts, Sum, Near]), { maxItems: 10 }),
  },
  strict,
)

const Payout = Type.Object(
  {
    id: Name,
    form: Type.Literal('payout'),
    provider: Name,
    bank: Name,
    providerBatch: Type.Array(Column, { minItems: 1, maxItems: 3 }),
    bankBatch: Type.Array(Column, { minItems: 1, maxItems: 3 }),
    toleranceFen: Type.Integer({ minimum: 0, maximum: 100 }),
  },
  { ...strict, description: 'A receipt is the charges less returns and fees of a batch' },
)

const Rules = Type.Object(
  {
    id: Name,
    sides: Type.Array(Side, { minItems: 2, maxItems: 8 }),
    relations: Type.Array(Type.Union([Rows, Payout]), { minItems: 1, maxItems: 8 }),
    carryOver: Type.Object(
      {
        days: Type.Integer({ minimum: 0, maximum: 10, description: '0: nothing is carried over' }),
        windowMinutes: Type.Integer({ minimum: 0, maximum: 720 }),
      },
      strict,
    ),
  },
  strict,
)

export type MatchingRules = Static<typeof Rules>
export type SideRules = MatchingRules['sides'][number]
export type RowsRelation = Static<typeof Rows>
export type PayoutRelation = Static<typeof Payout>
export type NumberPass = Static<typeof Number>
export type SumPass = Static<typeof Sum>
export type NearPass = Static<typeof Near>

const compiled = Compile(Rules)

/** Errors: throws matching_rules_invalid for what is not of the form, or names a side or a rule that is not there. */
export function readRules(value: unknown): MatchingRules {
  if (!compiled.Check(value)) {
    const [error] = compiled.Errors(value)
    throw invalid(`${error?.instancePath || '/'} ${error?.message ?? 'is not of the form'}`)
  }
  const names = new Set(value.sides.map((side) => side.name))
  if (names.size < value.sides.length) throw invalid('a side is named twice')
  const ids = value.relations.flatMap((relation) => [relation.id, ...rulesOf(relation)])
  if (new Set(ids).size < ids.length) throw invalid('two rules have one name')
  for (const relation of value.relations) assertSides(relation, names)
  return value
}

const rulesOf = (relation: RowsRelation | PayoutRelation): string[] =>
  relation.form === 'payout' ? [] : [relation.key.id, ...relation.passes.map((pass) => pass.id)]

function assertSides(relation: RowsRelation | PayoutRelation, names: ReadonlySet<string>): void {
  const own = new Set(
    relation.form === 'payout' ? [relation.provider, relation.bank] : relation.sides,
  )
  for (const name of own)
    if (!names.has(name)) throw invalid(`${relation.id} names no side: ${name}`)
  if (relation.form === 'payout') return
  for (const name of own) {
    if (!relation.key.columns[name]) throw invalid(`${relation.id} has no key for ${name}`)
  }
  const named = [
    ...relation.same.flatMap(({ sides }) => sides),
    ...relation.passes.flatMap((pass) =>
      pass.form === 'sum' ? [pass.one, pass.many] : pass.form === 'parts' ? [] : pass.sides,
    ),
  ]
  for (const name of named) {
    if (!own.has(name)) throw invalid(`${relation.id} does not hold the side ${name}`)
  }
}

const invalid = (reason: string) => matchingErrors.matching_rules_invalid({ reason })
