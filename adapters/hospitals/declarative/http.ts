import iconv from 'iconv-lite'

import { MEDIA_TYPES, parse, serialize } from '../../../platform/descriptor/formats.ts'
import { valueAt } from '../../../platform/descriptor/pointers.ts'
import type { Signing, Verification } from '../../../platform/descriptor/schema-proofs.ts'
import { isSignedBy, signatureOf } from '../../../platform/descriptor/signatures.ts'
import { signedTextOf } from '../../../platform/descriptor/signed-text.ts'
import { fill } from '../../../platform/descriptor/templates.ts'
import { parseXml, serializeXml } from '../../../platform/descriptor/xml.ts'
import { sendOnce } from '../../../platform/outgoing/send.ts'
import { type Asked, type Context, type Heard, NotMade } from './context.ts'
import { flattened } from './flattened.ts'
import type { HttpWire } from './schema.ts'

const MAX_ANSWER_BYTES = 4 * 1_048_576

type Message = { asked: Asked; vars: Readonly<Record<string, string>>; document: unknown }

/**
 * Sends a document and reads what comes back. `page` is where an answer says that there is more, asked for in place of the
 * document. Errors: throws NotMade when it cannot be made; nothing is sent then.
 */
export async function askHttp(
  context: Context,
  wire: HttpWire,
  message: Message,
  page: string | null = null,
): Promise<Heard> {
  const made =
    page === null ? requestOf(context, wire, message) : nextOf(context, wire, message, page)
  const received = await sendOnce(made.url, made, limitsOf(context))
  const { sent } = made
  if (received.kind !== 'answered') return { kind: 'silence', reason: received.reason, sent }
  const text = decoded(received.body, wire.encoding)
  if (text === null) {
    return { kind: 'silence', reason: `not in ${wire.encoding ?? 'utf-8'}`, sent }
  }
  const { status, headers } = received
  const body = text === '' ? null : read(wire, text)
  context.deps.explain?.({
    operation: message.asked.operation,
    step: 'response',
    fields: { text: `HTTP ${status} ${context.mask.text(text, message.asked.secrets)}` },
  })
  if (body === undefined) {
    return {
      kind: 'silence',
      reason: `HTTP ${status}, and no ${wire.answerContent ?? wire.content}`,
      sent,
    }
  }
  const wrong = wire.verify && wrongSignature(context, wire, wire.verify, { headers, body, text })
  return wrong ? { kind: 'silence', reason: wrong, sent } : { kind: 'heard', status, body, sent }
}

export const limitsOf = ({ product, deps }: Context) => {
  const timeoutMs = Math.min(deps.timeoutMs, product.limits?.timeoutMs ?? deps.timeoutMs)
  return {
    pauseMs: timeoutMs,
    deadlineMs: timeoutMs,
    bytes: product.limits?.answerBytes ?? MAX_ANSWER_BYTES,
  }
}

function requestOf(context: Context, wire: HttpWire, { asked, vars, document }: Message) {
  const { account, deps } = context
  const values = { ...account.open, ...vars, ...asked.call, method: wire.method }
  const path = fill(wire.path, values, encodeURIComponent) ?? no('its path names what is not there')
  const flat = wire.nestedForm === true ? flattened(document) : document
  const sent =
    wire.sign?.field === undefined
      ? flat
      : {
          ...(flat as object),
          [wire.sign.field]: signed(context, wire, wire.sign, {
            values: { ...values, path },
            fields: flat,
            body: '',
          }),
        }
  const isQuery = wire.method === 'GET'
  const text = isQuery || sent === undefined ? '' : textOf(wire, sent)
  const query = isQuery && sent !== undefined ? `?${queryOf(sent)}` : ''
  const headers: Record<string, string> = { accept: '*/*' }
  if (text !== '')
    headers['content-type'] = MEDIA_TYPES[wire.content].replace('utf-8', wire.encoding ?? 'utf-8')
  for (const [name, template] of Object.entries(wire.headers ?? {})) {
    headers[name.toLowerCase()] =
      fill(template, values) ?? no(`the header ${name} names what is not there`)
  }
  if (wire.sign?.header !== undefined) {
    const signature = signed(context, wire, wire.sign, {
      values: { ...values, path },
      fields: sent,
      body: text,
    })
    headers[wire.sign.header.toLowerCase()] =
      fill(wire.sign.template ?? '{signature}', { ...values, signature }) ??
      no('its signature has no place')
  }
  const url = `${(account.open[wire.host] ?? no('it has no host')).replace(/\/+$/, '')}${path}${query}`
  deps.explain?.({
    operation: asked.operation,
    step: 'request',
    fields: {
      line: `${wire.method} ${context.mask.text(url, asked.secrets)}`,
      headers: context.mask.document(headers),
      body: context.mask.text(text, asked.secrets),
    },
  })
  return { url, method: wire.method, headers, body: encoded(text, wire.encoding), sent }
}

/** Who answers names where there is more: nowhere but at the same host, below the same path. */
function nextOf(context: Context, wire: HttpWire, { asked }: Message, page: string) {
  const host = context.account.open[wire.host] ?? no('it has no host')
  const base = new URL(`${host.replace(/\/+$/, '')}/`)
  const at = URL.canParse(page) ? new URL(page) : no('the next page has no address')
  if (at.origin !== base.origin || !at.pathname.startsWith(base.pathname)) {
    no('the next page is at another place')
  }
  const headers: Record<string, string> = { accept: '*/*' }
  for (const [name, text] of Object.entries(wire.headers ?? {})) {
    headers[name.toLowerCase()] =
      fill(text, { ...context.account.open, ...asked.call }) ??
      no(`the header ${name} is not given`)
  }
  const sent = { page: `${at.pathname}${at.search}` }
  return { url: at.href, method: wire.method, headers, body: '', sent }
}

/** A list is the same name several times: date=ge2026-11-23&date=le2026-11-24. */
const queryOf = (document: unknown): string =>
  Object.entries(typeof document === 'object' && document !== null ? document : {})
    .flatMap(([name, value]: [string, unknown]) =>
      Array.isArray(value) ? value.map((each: unknown) => ({ [name]: each })) : [{ [name]: value }],
    )
    .map((field) => serialize('form', field, '') ?? no('it is nested'))
    .filter((field) => field !== '')
    .join('&')

function signed(
  { account, deps }: Context,
  { signSuffix = '', encoding }: HttpWire,
  signing: Signing,
  content: Parameters<typeof signedTextOf>[1],
) {
  const text = signedTextOf(signing.content, content) ?? no('the text to sign cannot be made')
  return signatureOf(signing, account, encoded(text + signSuffix, encoding), deps.random)
}

function wrongSignature(
  { account }: Context,
  { encoding }: HttpWire,
  verify: Verification,
  answer: { headers: Readonly<Record<string, unknown>>; body: unknown; text: string },
): string | null {
  const source = (place: string) => {
    const at = place.indexOf(':')
    const name = place.slice(at + 1)
    const value = place.startsWith('header:') ? answer.headers[name] : valueAt(answer.body, name)
    return typeof value === 'string' ? value : null
  }
  const signature = source(verify.signature)
  if (signature === null) return 'it carries no signature'
  const values = Object.fromEntries(
    Object.entries(verify.values ?? {}).map(([name, place]) => [name, source(place)]),
  )
  const text = signedTextOf(verify.content, {
    values: { ...account.open, ...values },
    fields: answer.body,
    body: answer.text,
  })
  const content = encoded(text ?? '', encoding)
  const isRight =
    text !== null &&
    verify.keys.some(({ key }) => isSignedBy(verify, account, key, content, signature))
  return isRight ? null : 'its signature is wrong'
}

export const encoded = (text: string, encoding: 'utf-8' | 'gb18030' = 'utf-8'): Buffer =>
  encoding === 'utf-8' ? Buffer.from(text) : iconv.encode(text, encoding)

/** How a form writes a name or a value: the percent signs stand for the bytes of the wire's encoding. */
const percentEncoded =
  (encoding: HttpWire['encoding']) =>
  (text: string): string =>
    encoding === undefined || encoding === 'utf-8'
      ? encodeURIComponent(text)
      : encoded(text, encoding).toString('latin1').replaceAll(NOT_PLAIN, inHex)

const NOT_PLAIN = /[^A-Za-z0-9_.~-]/g

const inHex = (byte: string): string =>
  `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

/** Null for bytes that are no text of that encoding: names would be garbage and be believed. */
export function decoded(bytes: Buffer, encoding: 'utf-8' | 'gb18030' = 'utf-8'): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

const textOf = (wire: HttpWire, document: unknown): string =>
  (wire.content === 'xml'
    ? serializeXml(document, wire.xmlRoot ?? 'request')
    : serialize(wire.content, document, '', percentEncoded(wire.encoding))) ??
  no(`it holds what ${wire.content} cannot carry`)

const read = (wire: HttpWire, text: string): unknown => {
  const content = wire.answerContent ?? wire.content
  if (content === 'xml') return parseXml(text)
  return parse(content, wire.decimals === 'text' ? withTextDecimals(text) : text)
}

/** Every number with a point or an exponent becomes a text with its own digits; what stands in texts is left as it is. */
const withTextDecimals = (json: string): string =>
  json.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (found) =>
    found.startsWith('"') || !/[.eE]/.test(found) ? found : `"${found}"`,
  )

function no(reason: string): never {
  throw new NotMade(reason)
}
