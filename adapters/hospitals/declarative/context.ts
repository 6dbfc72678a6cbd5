import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { Ask, OperationName, SystemMemory } from '../../../modules/hospitals/index.ts'
import type { Explain, Mask } from '../../../platform/descriptor/explain.ts'
import type { Expressions } from '../../../platform/descriptor/expressions.ts'
import type { Account } from '../../../platform/descriptor/params.ts'
import type { Product } from './schema.ts'

export type DescribedDeps = {
  clock: Clock
  random: Random
  timeoutMs: number
  memory: SystemMemory
  /** What stands around every question, as a bulkhead does. */
  around?: (ask: Ask) => Ask
  /** Hears every step of every call, for a dry run; left out in production. */
  explain?: Explain
}

/** What every part of a described hospital system works with. */
export type Context = {
  product: Product
  account: Account
  expressions: Expressions
  mask: Mask
  shown: ReadonlySet<string>
  /** The product's code tables with the hospital's own words in them. */
  codes: Readonly<Record<string, Readonly<Record<string, string>>>>
  deps: DescribedDeps
}

/** What expressions see of the one call that an operation is. */
export type Asked = {
  operation: OperationName
  asked: object
  secrets: readonly string[]
  call: { now: string; nonce: string }
  /** What was remembered under the names that the operation recalls. */
  recalled: Readonly<Record<string, unknown>>
  steps: Record<string, unknown>
}

/** What was sent and what came back, before anybody judges it. */
export type Heard =
  | { kind: 'heard'; status: number; body: unknown; sent: unknown }
  | { kind: 'silence'; reason: string; sent: unknown }

/** Evaluates, and tells a dry run what of. Errors: throws NotMade, since a step of which nothing can be made ends here. */
export function evaluated(
  { expressions, deps, mask }: Context,
  { operation, step }: { operation: string; step: 'mapping' | 'reading' },
  expression: string,
  input: object,
): unknown {
  const result = expressions.evaluate(expression, input)
  deps.explain?.({
    operation,
    step,
    fields: {
      input: mask.document(input),
      output: result.ok ? mask.document(result.value) : '',
      problem: result.ok ? '' : result.reason,
    },
  })
  if (!result.ok) throw new NotMade(result.reason)
  return result.value
}

/** Nothing was sent, or nothing can be told of what came: the reason stands in `message`. */
export class NotMade extends Error {}
