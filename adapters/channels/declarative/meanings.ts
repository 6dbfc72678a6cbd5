import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { type Context, personalOf, type Subject, type Unknown, unknown } from './context.ts'
import type { Document } from './proofs.ts'
import type { AnswerDescription, ErrorRow } from './schema.ts'

// From a proven answer to a meaning: success or refusal, read by an expression, translated by a table. Whatever no
// table names, and whatever cannot be read, is 'unknown'.

/** What `read` may say. `state` is the provider's own word, looked up in the table of states. */
const Reading = Compile(
  Type.Object({
    state: Type.String({ maxLength: 64 }),
    /** Whether it speaks of our account: merchant, app, currency. */
    same: Type.Optional(Type.Boolean()),
    ourNo: Type.Optional(Type.String({ maxLength: 64 })),
    providerNo: Type.Optional(Type.String({ maxLength: 128 })),
    amountFen: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
    at: Type.Optional(Type.String({ maxLength: 40 })),
    action: Type.Optional(Type.Unknown()),
  }),
)

const Refused = Compile(
  Type.Object({
    code: Type.Optional(Type.String({ maxLength: 100 })),
    detail: Type.Optional(Type.String({ maxLength: 100 })),
    message: Type.Optional(Type.String()),
  }),
)

export type Reading = Type.Static<typeof ReadingSchema>
const ReadingSchema = Reading.Type()

/** `means` is a word of the operation's vocabulary. A refusal has no reading. */
export type Meaning = {
  outcome: 'meant'
  means: string
  code: string
  reason: string
  reading: Reading | null
}

export function meaningOf(
  context: Context,
  operation: string,
  answer: AnswerDescription,
  subject: Subject,
  document: Document,
): Meaning | Unknown {
  const now = context.deps.clock.now().toISOString()
  const input = { ...document, now, params: context.account.open, ...subject }
  const success = context.expressions.evaluate(answer.success, input)
  if (!success.ok || typeof success.value !== 'boolean') {
    return unknown(`whether it was a success cannot be told: ${success.ok ? '' : success.reason}`)
  }
  return success.value
    ? readingOf(context, operation, answer, subject, input)
    : refusalOf(context, operation, answer, subject, input)
}

function readingOf(
  context: Context,
  operation: string,
  answer: AnswerDescription,
  subject: Subject,
  input: object,
): Meaning | Unknown {
  const read = evaluated(context, operation, answer.read, subject, input)
  if (!read.ok) return unknown(`the answer cannot be read: ${read.reason}`)
  if (!Reading.Check(read.value))
    return unknown(`the answer cannot be read${firstWrong(read.value)}`)
  const { state, same } = read.value
  if (same === false) return unknown('it speaks of another account')
  const means = ownValue(answer.states, state)
  if (means === undefined) return unknown(`the state ${state.slice(0, 40)} is not known`)
  const reason = `state ${state}`
  return { outcome: 'meant', means, code: codeOf(state), reason, reading: read.value }
}

function refusalOf(
  context: Context,
  operation: string,
  answer: AnswerDescription,
  subject: Subject,
  input: { status: number } & object,
): Meaning | Unknown {
  const read =
    answer.error === undefined
      ? { ok: true as const, value: {} }
      : evaluated(context, operation, answer.error, subject, input)
  if (!read.ok) return unknown(`HTTP ${input.status}, the refusal cannot be read: ${read.reason}`)
  const words = Refused.Check(read.value) ? read.value : {}
  const { code = '', detail = '', message = '' } = words
  const reason = [
    `HTTP ${input.status}`,
    code,
    detail,
    context.mask.text(message, personalOf(subject)),
  ]
    .filter((part) => part !== '')
    .join(' ')
  const rows: readonly ErrorRow[] = [...(context.descriptor.errors ?? []), ...(answer.errors ?? [])]
  const row = rows.find(
    (each) =>
      fitsStatus(each.status, input.status) &&
      (each.code === undefined || each.code === code) &&
      (each.detail === undefined || each.detail === detail),
  )
  if (row === undefined || row.means === 'unknown') return unknown(reason)
  const { means, as } = row
  return { outcome: 'meant', means, code: as, reason: unknown(reason).reason, reading: null }
}

function evaluated(
  context: Context,
  operation: string,
  expression: string,
  subject: Subject,
  input: object,
) {
  const result = context.expressions.evaluate(expression, input)
  const personal = personalOf(subject)
  context.deps.explain?.({
    operation,
    step: 'reading',
    fields: {
      input: context.mask.document(input, personal),
      output: result.ok ? context.mask.document(result.value, personal) : '',
      problem: result.ok ? '' : result.reason,
    },
  })
  return result
}

const fitsStatus = (wanted: string | undefined, status: number): boolean =>
  wanted === undefined ||
  (wanted.endsWith('xx')
    ? wanted[0] === String(Math.floor(status / 100))
    : wanted === String(status))

const ownValue = (table: Record<string, string> | undefined, key: string): string | undefined =>
  table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined

/** The provider's word as a code of ours: TRADE_CLOSED is trade_closed. */
const codeOf = (state: string): string =>
  state
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 40) || 'none'

function firstWrong(value: unknown): string {
  const [first] = Reading.Errors(value)
  return first === undefined ? '' : `: ${first.instancePath || 'it'} ${first.message}`
}
