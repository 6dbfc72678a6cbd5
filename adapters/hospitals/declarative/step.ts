import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { randomHex } from '../../../kernel/random.ts'
import {
  detailOf,
  type HisRefusal,
  type HisRefusalDetail,
} from '../../../modules/hospitals/index.ts'
import { type Asked, type Context, evaluated, type Heard, NotMade } from './context.ts'
import { askFolder } from './folder.ts'
import { askHttp } from './http.ts'
import { askMllp } from './mllp.ts'
import { MEANINGS, type RefusalRow, type Step } from './schema.ts'
import { askSoap } from './soap.ts'

/** What one exchange of an operation came to. `none`: there is nothing of the kind, and the next step goes on. */
export type Told =
  | { outcome: 'answered'; body: unknown }
  | { outcome: 'none' }
  | { outcome: 'refused'; code: HisRefusal; detail: HisRefusalDetail }
  | { outcome: 'unknown'; reason: string }

/** Makes a step's message, sends it, and judges what comes by the product's tables. Never throws for what comes. */
export async function takeStep(
  context: Context,
  step: Step,
  operation: Asked,
  item: unknown,
): Promise<{ told: Told; heard: Heard | null }> {
  const { account, codes, deps } = context
  // Each exchange has a nonce of its own: a control id that comes twice would be answered as the first was.
  const call = { ...operation.call, nonce: randomHex(deps.random, 16) }
  const asked = { ...operation, call }
  const vars = step.vars ?? {}
  const input = { ...asked, params: account.open, codes, vars, item }
  try {
    const document =
      step.body === undefined
        ? undefined
        : evaluated(context, { operation: asked.operation, step: 'mapping' }, step.body, input)
    const message = { asked, vars, document }
    const heard = await exchange(context, step, message)
    if (heard.kind === 'silence') return { told: unknown(heard.reason), heard }
    const { status, body } = heard
    const told = judged(context, step, { ...input, status, body })
    return step.next === undefined || told.outcome !== 'answered'
      ? { told, heard }
      : await takePages(context, { step, next: step.next, message, input }, { told, heard })
  } catch (error) {
    if (!(error instanceof NotMade)) throw error
    return { told: unknown(error.message), heard: null }
  }
}

type Answered = Extract<Told, { outcome: 'answered' }>
type HeardAnswer = Extract<Heard, { kind: 'heard' }>

const MAX_PAGES = 50

/** Turns all pages of an answer: any of them may still refuse, or say nothing. */
async function takePages(
  context: Context,
  { step, next, message, input }: { step: Step; next: string; message: Message; input: Asked },
  first: { told: Answered; heard: HeardAnswer },
): Promise<{ told: Told; heard: Heard }> {
  const place = { operation: message.asked.operation, step: 'reading' } as const
  const wire = context.product.wires[step.wire]
  const pages: unknown[] = []
  const seen = new Set<string>()
  let { told, heard }: { told: Told; heard: Heard } = first
  while (told.outcome === 'answered') {
    pages.push(told.body)
    const address = evaluated(context, place, next, { ...input, body: told.body })
    const isMore = address !== undefined && address !== null
    if (!isMore || wire?.kind !== 'http') return { told: { ...told, body: pages }, heard }
    const page = typeof address === 'string' ? address : ''
    if (pages.length >= MAX_PAGES || seen.has(page))
      return { told: unknown('its pages do not end'), heard }
    seen.add(page)
    heard = await askHttp(context, wire, message, page)
    if (heard.kind === 'silence') return { told: unknown(heard.reason), heard }
    told = judged(context, step, { ...input, status: heard.status, body: heard.body })
  }
  return { told, heard }
}

type Message = { asked: Asked; vars: Readonly<Record<string, string>>; document: unknown }

function exchange(context: Context, step: Step, message: Message): Promise<Heard> {
  const wire = context.product.wires[step.wire]
  switch (wire?.kind) {
    case 'http':
      return askHttp(context, wire, opened(context, wire.envelope, message))
    case 'soap':
      return askSoap(context, wire, opened(context, wire.envelope, message))
    case 'mllp':
      return askMllp(context, wire, opened(context, wire.envelope, message))
    case 'folder':
      return askFolder(context, wire, message)
    case undefined:
      throw new NotMade(`there is no wire ${step.wire}`)
  }
}

/** The same message in the envelope that its wire puts around every one. */
function opened<M extends { asked: Asked; vars: object; document: unknown }>(
  context: Context,
  envelope: string | undefined,
  message: M,
): M {
  if (envelope === undefined) return message
  const { asked, vars, document } = message
  const input = { ...asked, params: context.account.open, vars, body: document ?? {} }
  const place = { operation: asked.operation, step: 'mapping' } as const
  return { ...message, document: evaluated(context, place, envelope, input) }
}

type Judged = Asked & { status: number; body: unknown }

function judged(context: Context, step: Step, input: Judged): Told {
  const place = { operation: input.operation, step: 'reading' } as const
  const open = openingOf(context, step)
  const inside =
    open === undefined ? input : { ...input, body: evaluated(context, place, open, input) }
  const wire = context.product.wires[step.wire]
  const success = step.success ?? wire?.success ?? context.product.success ?? 'status = 200'
  const isDone = evaluated(context, place, success, inside)
  if (typeof isDone !== 'boolean') return unknown('whether it was done cannot be told')
  if (!isDone) return refusalOf(context, step, inside)
  return refusedBy(context, step.refuse, inside) ?? { outcome: 'answered', body: inside.body }
}

/** A refusal of the description's own, where its expression makes one; null where it does not. */
export function refusedBy(
  context: Context,
  expression: string | undefined,
  input: Asked,
): Told | null {
  if (expression === undefined) return null
  const place = { operation: input.operation, step: 'reading' } as const
  const refusal = evaluated(context, place, expression, input)
  if (refusal === undefined || refusal === null) return null
  return Refused.Check(refusal)
    ? meant(refusal.means, refusal)
    : unknown('what is refused cannot be read')
}

const openingOf = ({ product }: Context, step: Step): string | undefined => {
  const wire = product.wires[step.wire]
  return wire?.kind === 'http' ? wire.open : undefined
}

function refusalOf(context: Context, step: Step, input: Judged): Told {
  const wire = context.product.wires[step.wire]
  const error = step.error ?? wire?.error ?? context.product.error
  const words =
    error && evaluated(context, { operation: input.operation, step: 'reading' }, error, input)
  const said = Words.Check(words) ? words : {}
  const { code = '', message = '' } = said
  const rows: readonly RefusalRow[] = [
    ...(step.errors ?? []),
    ...(wire?.errors ?? []),
    ...(context.product.errors ?? []),
  ]
  const row = rows.find(
    (each) =>
      fitsStatus(each.status, input.status) &&
      (each.code === undefined || each.code === String(code)) &&
      (each.says === undefined || message.includes(each.says)),
  )
  const shown = context.mask.text(message, input.secrets)
  if (row === undefined || row.means === 'unknown') {
    return unknown(`HTTP ${input.status} ${code} ${shown}`.trim())
  }
  return meant(row.means, { ...said, message: shown })
}

function meant(means: (typeof MEANINGS)[number], said: { message?: string }): Told {
  if (means === 'none') return { outcome: 'none' }
  const message = said.message ?? ''
  return means === 'unknown'
    ? unknown(message)
    : { outcome: 'refused', code: means, detail: detailOf(message, said) }
}

const Words = Compile(
  Type.Object({
    code: Type.Optional(Type.Union([Type.String({ maxLength: 100 }), Type.Number()])),
    message: Type.Optional(Type.String({ maxLength: 2_000 })),
  }),
)

const Refused = Compile(
  Type.Object({ means: Type.Enum([...MEANINGS]), message: Type.Optional(Type.String()) }),
)

const fitsStatus = (wanted: string | undefined, status: number): boolean =>
  wanted === undefined ||
  (wanted.endsWith('xx')
    ? wanted[0] === String(Math.floor(status / 100))
    : wanted === String(status))

const MAX_REASON_LENGTH = 300

export const unknown = (reason: string): { outcome: 'unknown'; reason: string } => ({
  outcome: 'unknown',
  reason: reason.slice(0, MAX_REASON_LENGTH),
})
