import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'

import { AppError } from '../../../kernel/error.ts'
import { reconciliationErrors } from '../errors.ts'
import { type MatchingRules, readRules } from '../matching/rules.ts'

const Source = Type.String({ pattern: '^[a-z][a-z0-9_-]{0,29}$' })
const strict = { additionalProperties: false }

/** Where the rows of one side are from. */
export const Input = Type.Object(
  {
    from: Type.Enum(['own', 'list', 'file'], {
      description: `own: what we hold against the source’s list; list: the list of the day that its party gave;
        file: the list that came as a file`,
    }),
    source: Source,
  },
  strict,
)
export type Input = Static<typeof Input>

/** A cross-check as data: an input for each side, and the rules. Not active: none from this date on. */
export const CrossCheckPlan = Type.Object(
  {
    isActive: Type.Boolean(),
    inputs: Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]{0,29}$' }), Input),
    rules: Type.Unsafe<MatchingRules>(Type.Object({}, { additionalProperties: true })),
  },
  strict,
)
export type CrossCheckPlan = Static<typeof CrossCheckPlan>

const compiled = Compile(CrossCheckPlan)

/** Errors: throws cross_check_wrong with what is not of the form, or names no side. */
export function readPlan(value: unknown): CrossCheckPlan {
  if (!compiled.Check(value)) {
    const [error] = compiled.Errors(value)
    throw wrong(`${error?.instancePath || '/'} ${error?.message ?? 'is not of the form'}`)
  }
  const rules = rulesOf(value.rules)
  const sides = rules.sides.map(({ name }) => name)
  const missing = sides.find((side) => !value.inputs[side])
  if (missing) throw wrong(`the side ${missing} has no input`)
  const extra = Object.keys(value.inputs).find((name) => !sides.includes(name))
  if (extra) throw wrong(`the rules name no side ${extra}`)
  const names = Object.values(value.inputs).map(({ from, source }) => `${from} ${source}`)
  if (new Set(names).size < names.length) throw wrong('two sides are of one input')
  return { ...value, rules }
}

/** The same with the sides’ sources by what they are from. */
export const inputsOf = ({ inputs }: CrossCheckPlan): [side: string, input: Input][] =>
  Object.entries(inputs)

function rulesOf(rules: unknown): MatchingRules {
  try {
    return readRules(rules)
  } catch (error) {
    if (error instanceof AppError) throw wrong(String(error.params.reason ?? error.code))
    throw error
  }
}

const wrong = (reason: string) => reconciliationErrors.cross_check_wrong({ reason })
