import { fail } from './run.ts'
import { isList } from './values.ts'

// How the language's functions take their arguments. Each value has a letter: a list, b boolean, l null, m nothing,
// n number, o object, s text. A function says which letters each of its parameters takes, and arguments are given to
// parameters as a regular expression would: as many as it can from the left, and each has one.

export type Parameter = {
  takes: string
  /** Where it is missing, what is looked at stands for it. */
  orContext?: true
  optional?: true
  /** It is made a list; `items` says what may be in it. */
  asList?: true
  items?: 'n' | 's' | 'o'
}

export type Signature = {
  parameters: readonly Parameter[]
  /** For each row of letters: where each parameter's value stands, -1 for the context; null where they do not fit. */
  plans: Map<string, readonly number[] | null>
}

const CONTEXT = -1
const MOST_PLANS = 500

/** The values of all parameters. Errors: fails where the arguments do not fit. */
export function matched(
  name: string,
  { parameters, plans }: Signature,
  values: readonly unknown[],
  context: unknown,
): unknown[] {
  let letters = ''
  for (const value of values) letters += letterOf(value)
  let plan = plans.get(letters)
  if (plan === undefined) {
    plan = planOf(parameters, letters)
    if (plans.size < MOST_PLANS) plans.set(letters, plan)
  }
  if (plan === null) return fail(`$${name} does not take these arguments`)
  return parameters.map((parameter, i) => {
    const place = plan[i] ?? CONTEXT
    if (place !== CONTEXT) return listed(name, parameter, values[place])
    return parameter.takes.includes(letterOf(context))
      ? context
      : fail(`$${name} cannot take what it looks at for an argument that is missing`)
  })
}

function planOf(parameters: readonly Parameter[], letters: string): readonly number[] | null {
  const pattern = parameters.map(
    ({ takes, orContext, optional }) => `([${takes}]${orContext || optional ? '?' : ''})`,
  )
  const found = new RegExp(`^${pattern.join('')}$`).exec(letters)
  if (found === null) return null
  let next = 0
  return parameters.map(({ orContext }, i) => {
    if (found[i + 1] === '' && orContext) return CONTEXT
    return next++
  })
}

function listed(name: string, { asList, items }: Parameter, value: unknown): unknown {
  if (asList === undefined || value === undefined) return value
  const list = isList(value) ? value : [value]
  if (items !== undefined && list.some((item) => letterOf(item) !== items)) {
    fail(`$${name} wants a list of ${WORDS[items]}`)
  }
  return list
}

const WORDS = { n: 'numbers', s: 'texts', o: 'objects' }

function letterOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 's'
    case 'number':
      return 'n'
    case 'boolean':
      return 'b'
    case 'object':
      if (value === null) return 'l'
      return isList(value) ? 'a' : 'o'
    default:
      return 'm'
  }
}
