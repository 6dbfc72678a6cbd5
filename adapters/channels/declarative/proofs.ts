import { SECOND_MS } from '../../../kernel/time.ts'
import type { NoticeRefusal } from '../../../modules/payments/index.ts'
import { open } from '../../../platform/descriptor/ciphers.ts'
import { type ContentType, parse, rawMember } from '../../../platform/descriptor/formats.ts'
import { valueAt } from '../../../platform/descriptor/pointers.ts'
import type { Opening, Verification } from '../../../platform/descriptor/schema-proofs.ts'
import { isSignedBy } from '../../../platform/descriptor/signatures.ts'
import { signedTextOf } from '../../../platform/descriptor/signed-text.ts'
import { fill } from '../../../platform/descriptor/templates.ts'
import { parseInstant } from '../../../platform/descriptor/time-pattern.ts'
import type { Context } from './context.ts'

export type Headers = Readonly<Record<string, string | string[] | undefined>>

/** An answer or a notice as it came. `request` is what it answers, null for a notice. */
export type Incoming = {
  operation: string
  status: number
  headers: Headers
  body: Buffer
  request: { nonce: string; timestamp: string } | null
}

export type Description = {
  contentType: ContentType
  verify?: Verification | undefined
  open?: Opening | undefined
  nonceEcho?: string | undefined
}

export type Proven =
  | { ok: true; document: Document }
  | { ok: false; code: NoticeRefusal; reason: string }

/** What expressions see of it. `outer` is the envelope, `body` what was proven and opened of it. */
export type Document = {
  status: number
  headers: Record<string, string>
  body: unknown
  outer: unknown
}

/** Whether it comes from the provider, of this moment, and what it holds. What is proven is what is read. */
export function prove(context: Context, description: Description, incoming: Incoming): Proven {
  const text = utf8Of(incoming.body)
  if (text === null) return no('unreadable', 'it is not UTF-8')
  const outer = text === '' ? undefined : parse(description.contentType, text)
  const source = sourceOf(context, incoming.headers, outer)
  const { verify } = description
  if (verify !== undefined) {
    const wrong = wrongProof(context, verify, incoming, { text, outer, source })
    if (wrong !== null) return wrong
  }
  const { nonceEcho } = description
  if (nonceEcho !== undefined && source(nonceEcho) !== incoming.request?.nonce) {
    return no('signature', 'it answers another request')
  }
  const member = verify?.content.kind === 'member' ? verify.content.memberSuffix : undefined
  const inner =
    member === undefined ? outer : parse('json', rawMember(text, member)?.raw ?? 'nothing')
  const body = description.open ? opened(context, description.open, incoming, source, inner) : inner
  if (body === UNOPENED) return no('unreadable', 'what is sealed in it does not open')
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
    ),
  )
  return { ok: true, document: { status: incoming.status, headers, body, outer } }
}

type Source = (place: string) => string | null

function wrongProof(
  context: Context,
  verify: Verification,
  incoming: Incoming,
  { text, outer, source }: { text: string; outer: unknown; source: Source },
): Proven | null {
  const signature = source(verify.signature)
  if (signature === null) return no('signature', 'it carries no signature')
  const given = Object.entries(verify.values ?? {}).map(([name, place]) => [name, source(place)])
  const values: Record<string, string | null> = {
    ...context.account.open,
    requestNonce: incoming.request?.nonce ?? null,
    requestTimestamp: incoming.request?.timestamp ?? null,
    status: String(incoming.status),
    ...(Object.fromEntries(given) as Record<string, string | null>),
  }
  const signed = signedTextOf(verify.content, { values, fields: outer, body: text })
  context.deps.explain?.({
    operation: incoming.operation,
    step: 'proof',
    fields: { algorithm: verify.algorithm, text: context.mask.text(signed ?? '') },
  })
  if (signed === null) return no('signature', 'what its signature is over cannot be found')
  const keys = keysOf(context, verify, source)
  if (keys.length === 0) return no('signature', 'its key is not known')
  const content = Buffer.from(signed)
  if (!keys.some((key) => isSignedBy(verify, context.account, key, content, signature))) {
    return no('signature', 'its signature is wrong')
  }
  return isOfThisMoment(context, verify, source)
    ? null
    : no('timestamp', 'its signature is not of this moment')
}

function keysOf({ account }: Context, verify: Verification, source: Source): string[] {
  const named = verify.keyId === undefined ? undefined : source(verify.keyId)
  return verify.keys
    .filter(
      ({ id }) => named === undefined || (id !== undefined && fill(id, account.open) === named),
    )
    .map(({ key }) => key)
}

function isOfThisMoment({ deps }: Context, verify: Verification, source: Source): boolean {
  if (verify.maxAgeSeconds === undefined) return true
  const text = verify.timestamp === undefined ? null : source(verify.timestamp)
  const at = text === null ? null : parseInstant(text, verify.timestampPattern ?? 'seconds')
  if (at === null) return false
  const ageMs = Math.abs(deps.clock.now().getTime() - at.getTime())
  return ageMs <= verify.maxAgeSeconds * SECOND_MS
}

const UNOPENED = Symbol('unopened')

function opened(
  context: Context,
  opening: Opening,
  { operation }: Incoming,
  source: Source,
  outer: unknown,
): unknown {
  const ciphertext = source(opening.ciphertext)
  if (ciphertext === null) return opening.mayBeAbsent === true ? outer : UNOPENED
  const key = context.account.bytes.get(opening.key)
  const nonce = opening.nonce === undefined ? '' : source(opening.nonce)
  const associatedData =
    opening.associatedData === undefined ? '' : (source(opening.associatedData) ?? '')
  if (key === undefined || nonce === null) return UNOPENED
  const plain = open(opening, key, { ciphertext, nonce }, associatedData)
  context.deps.explain?.({
    operation,
    step: 'open',
    fields: {
      algorithm: opening.algorithm,
      plain: plain === null ? '' : context.mask.text(plain),
      problem: plain === null ? 'it does not open' : '',
    },
  })
  const document = plain === null ? undefined : parse('json', plain)
  return document === undefined ? UNOPENED : document
}

/** A header given twice counts as missing, and so does a value that is no text. */
const sourceOf =
  ({ account }: Context, headers: Headers, outer: unknown): Source =>
  (place) => {
    const at = place.indexOf(':')
    const name = place.slice(at + 1)
    switch (place.slice(0, at)) {
      case 'header':
        return textOrNull(headers[name])
      case 'parameter':
        return account.open[name] ?? null
      default:
        return textOrNull(valueAt(outer, name))
    }
  }

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function utf8Of(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

const no = (code: NoticeRefusal, reason: string): Proven => ({ ok: false, code, reason })
