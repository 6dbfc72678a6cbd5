import { randomHex } from '../../../kernel/random.ts'
import { addMs } from '../../../kernel/time.ts'
import { seal, type SealedText } from '../../../platform/descriptor/ciphers.ts'
import { MEDIA_TYPES, serialize } from '../../../platform/descriptor/formats.ts'
import { replacedAt, valueAt } from '../../../platform/descriptor/pointers.ts'
import type { Sealing, Signing } from '../../../platform/descriptor/schema-proofs.ts'
import { signatureOf } from '../../../platform/descriptor/signatures.ts'
import { type Signable, signedTextOf } from '../../../platform/descriptor/signed-text.ts'
import { fill } from '../../../platform/descriptor/templates.ts'
import { formatInstant } from '../../../platform/descriptor/time-pattern.ts'
import { type Context, personalOf, type Subject } from './context.ts'
import type { RequestDescription } from './schema.ts'

/** A request as it goes on the wire. The nonce and the moment are kept, as an answer may be bound to them. */
export type WireRequest = {
  operation: string
  method: RequestDescription['method']
  path: string
  headers: Readonly<Record<string, string>>
  body: string
  nonce: string
  timestamp: string
}

export type Made = { ok: true; request: WireRequest } | { ok: false; reason: string }

/** Makes a request: mapping, sealing, envelope, signature. Nothing is sent when a step does not come off. */
export function makeRequest(
  context: Context,
  operation: string,
  description: RequestDescription,
  subject: Subject,
  isSigned = true,
): Made {
  try {
    return { ok: true, request: make(context, operation, description, subject, isSigned) }
  } catch (error) {
    if (!(error instanceof NotMade)) throw error
    return { ok: false, reason: `nothing was sent, ${error.message}` }
  }
}

function make(
  context: Context,
  operation: string,
  description: RequestDescription,
  subject: Subject,
  isSigned: boolean,
): WireRequest {
  const { wire } = context.descriptor
  const now = context.deps.clock.now()
  const timestamp = formatInstant(now, wire.timestamp)
  const nonce = randomHex(context.deps.random, wire.nonceBytes)
  const { vars = {}, method } = description
  const call = { timestamp, nonce, now: addMs(now, 0).toISOString() }
  const input = { params: context.account.open, vars, call, ...subject }
  const values = valuesOf(context, vars, subject, { timestamp, nonce, method })
  const path =
    description.rawPath ??
    fill(description.path, values, encodeURIComponent) ??
    no('its path names what is not there')

  const document = bodyOf(context, operation, description, input)
  const signing = isSigned ? wire.sign : undefined
  const inField =
    signing?.field === undefined || document === undefined
      ? document
      : withSignature(context, operation, signing, document, { ...values, path })
  const body = inField === undefined ? '' : textOf(context, inField)
  const headers = {
    ...(body === '' ? {} : { 'content-type': MEDIA_TYPES[wire.contentType] }),
    ...headersOf({ ...wire.headers, ...description.headers }, values),
    ...signatureHeader(context, operation, signing, {
      values: { ...values, path },
      fields: document ?? {},
      body,
    }),
  }
  context.deps.explain?.({
    operation,
    step: 'request',
    fields: {
      line: `${method} ${context.mask.text(shownPath(description, path))}`,
      headers: context.mask.document(headers, personalOf(subject)),
      body: context.mask.text(body, personalOf(subject)),
    },
  })
  return { operation, method, path, headers, body, nonce, timestamp }
}

/** The token of an address that was given opens what lies there. */
export const shownPath = ({ rawPath }: RequestDescription, path: string): string =>
  rawPath === undefined ? path : path.replace(/\?.*$/s, '?***')

/** Names a template may use. A secret is none of them. */
function valuesOf(
  { account }: Context,
  vars: Readonly<Record<string, string>>,
  { order, refund, statement }: Subject,
  call: { timestamp: string; nonce: string; method: string },
): Record<string, string | undefined> {
  return {
    ...account.open,
    ...vars,
    ...call,
    tradeNo: order?.tradeNo,
    refundNo: refund?.refundNo,
    chargeProviderNo: refund?.chargeProviderNo,
    date: statement?.date,
    day: statement?.day,
  }
}

function bodyOf(
  context: Context,
  operation: string,
  description: RequestDescription,
  input: object,
): unknown {
  const { wire } = context.descriptor
  const personal = personalOf(input)
  const mapped =
    description.body === undefined
      ? undefined
      : evaluated(context, operation, 'body', description.body, input, personal)
  if (wire.envelope === undefined || (mapped === undefined && description.method === 'GET')) {
    return wire.seal === undefined || mapped === undefined
      ? mapped
      : sealedBody(context, operation, wire.seal, mapped).body
  }
  const { body, sealed } =
    wire.seal === undefined || mapped === undefined
      ? { body: mapped ?? {}, sealed: null }
      : sealedBody(context, operation, wire.seal, mapped)
  const whole = { ...input, body, sealed }
  return evaluated(context, operation, 'envelope', wire.envelope, whole, personal)
}

function evaluated(
  context: Context,
  operation: string,
  kind: 'body' | 'envelope',
  expression: string,
  input: unknown,
  personal: readonly (string | null)[],
): unknown {
  const result = context.expressions.evaluate(expression, input)
  context.deps.explain?.({
    operation,
    step: kind === 'body' ? 'mapping' : 'envelope',
    fields: {
      input: context.mask.document(input, personal),
      output: result.ok ? context.mask.document(result.value, personal) : '',
      problem: result.ok ? '' : result.reason,
    },
  })
  if (!result.ok) return no(`the ${kind} could not be made: ${result.reason}`)
  if (typeof result.value !== 'object' || result.value === null) {
    return no(`the ${kind} is no object`)
  }
  return result.value
}

function sealedBody(
  context: Context,
  operation: string,
  sealing: Sealing,
  body: unknown,
): { body: unknown; sealed: SealedText | null } {
  const key = context.account.bytes.get(sealing.key) ?? no(`the key ${sealing.key} is not given`)
  const { random, explain } = context.deps
  const options = { random, associatedData: sealing.associatedData ?? '' }
  explain?.({
    operation,
    step: 'seal',
    fields: { algorithm: sealing.algorithm, plain: context.mask.document(body) },
  })
  if (sealing.fields === undefined) {
    return { body, sealed: seal(sealing, key, JSON.stringify(body), options) }
  }
  const sealedFields = sealing.fields.reduce<unknown>((document, pointer) => {
    const value = valueAt(document, pointer)
    return typeof value === 'string'
      ? replacedAt(document, pointer, seal(sealing, key, value, options).ciphertext)
      : document
  }, body)
  return { body: sealedFields, sealed: null }
}

function withSignature(
  context: Context,
  operation: string,
  signing: Signing,
  document: unknown,
  values: Record<string, string | undefined>,
): unknown {
  const content = signedContent(context, operation, signing, {
    values,
    fields: document,
    body: textOf(context, document),
  })
  const signature = signatureOf(signing, context.account, content, context.deps.random)
  return { ...(document as object), [signing.field ?? 'sign']: signature }
}

function signatureHeader(
  context: Context,
  operation: string,
  signing: Signing | undefined,
  signable: Signable & { values: Record<string, string | undefined> },
): Record<string, string> {
  if (signing?.header === undefined) return {}
  const content = signedContent(context, operation, signing, signable)
  const signature = signatureOf(signing, context.account, content, context.deps.random)
  const text = fill(signing.template ?? '{signature}', { ...signable.values, signature })
  return { [signing.header]: text ?? no('the signature header names what is not there') }
}

function signedContent(
  context: Context,
  operation: string,
  signing: Signing,
  signable: Signable,
): Buffer {
  const text = signedTextOf(signing.content, signable) ?? no('the text to sign cannot be made')
  context.deps.explain?.({
    operation,
    step: 'signature',
    fields: { algorithm: signing.algorithm, text: context.mask.text(text) },
  })
  return Buffer.from(text)
}

const textOf = ({ descriptor: { wire } }: Context, document: unknown): string =>
  serialize(wire.contentType, document, wire.xmlRoot ?? 'xml') ??
  no(`the body holds what ${wire.contentType} cannot carry`)

const headersOf = (
  templates: Readonly<Record<string, string>>,
  values: Record<string, string | undefined>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(templates).map(([name, template]) => [
      name.toLowerCase(),
      fill(template, values) ?? no(`the header ${name} names what is not there`),
    ]),
  )

function no(reason: string): never {
  throw new NotMade(reason)
}

class NotMade extends Error {}
