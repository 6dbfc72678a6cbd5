import { serialize } from '../../../platform/descriptor/formats.ts'
import { parse } from '../../../platform/descriptor/formats.ts'
import { fill } from '../../../platform/descriptor/templates.ts'
import { parseXml, serializeXml } from '../../../platform/descriptor/xml.ts'
import { sendOnce } from '../../../platform/outgoing/send.ts'
import { type Asked, type Context, type Heard, NotMade } from './context.ts'
import { decoded, encoded, limitsOf } from './http.ts'
import type { SoapWire } from './schema.ts'

const ENVELOPES = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
} as const

/** Calls a SOAP operation whose one argument and one result are texts. Errors: throws NotMade; nothing is sent then. */
export async function askSoap(
  context: Context,
  wire: SoapWire,
  message: { asked: Asked; vars: Readonly<Record<string, string>>; document: unknown },
): Promise<Heard> {
  const { account } = context
  const { asked, vars, document } = message
  const values = { ...account.open, ...vars, ...asked.call }
  const operation = fill(wire.operation, values) ?? no('its operation is not named')
  const path = fill(wire.path, values, encodeURIComponent) ?? no('its path names what is not there')
  const argument = argumentOf(wire, { ...(document as object), ...secretsOf(account, wire) })
  const body = encoded(envelopeOf(wire, operation, argument), wire.encoding)
  const url = `${(account.open[wire.host] ?? no('it has no host')).replace(/\/+$/, '')}${path}`
  const headers = headersOf(wire, fill(wire.action ?? '', values) ?? no('its action is not named'))
  tell('request', `POST ${url} ${argument}`)
  const received = await sendOnce(url, { method: 'POST', headers, body }, limitsOf(context))
  if (received.kind !== 'answered') return silence(received.reason)
  const text = decoded(received.body, wire.encoding)
  tell('response', `HTTP ${received.status} ${text ?? ''}`)
  if (text === null) return silence(`not in ${wire.encoding ?? 'utf-8'}`)
  const said = resultOf(wire, text)
  return 'reason' in said
    ? silence(`HTTP ${received.status}, ${said.reason}`)
    : { kind: 'heard', status: received.status, body: said.body, sent: document }

  function silence(reason: string): Heard {
    return { kind: 'silence', reason, sent: document }
  }

  function tell(step: 'request' | 'response', text: string): void {
    context.deps.explain?.({
      operation: asked.operation,
      step,
      fields: { text: context.mask.text(text, asked.secrets) },
    })
  }
}

const argumentOf = (wire: SoapWire, document: unknown): string =>
  (wire.content === 'json'
    ? serialize('json', document ?? {}, '')
    : serializeXml(document ?? {}, wire.xmlRoot ?? 'request')) ??
  no('it holds what XML cannot carry')

function envelopeOf(wire: SoapWire, operation: string, argument: string): string {
  const inside = wire.cdata === true ? cdata(argument) : escaped(argument)
  const declaration = `<?xml version="1.0" encoding="${wire.encoding ?? 'utf-8'}"?>`
  const isBare = wire.bareArgument === true
  const [name, xmlns] = isBare ? [`op:${operation}`, 'xmlns:op'] : [operation, 'xmlns']
  return (
    `${declaration}<soap:Envelope xmlns:soap="${ENVELOPES[wire.version]}"><soap:Body>` +
    `<${name} ${xmlns}="${escaped(wire.namespace)}"><${wire.argument}>${inside}</${wire.argument}>` +
    `</${name}></soap:Body></soap:Envelope>`
  )
}

/** Put in last of all, so that neither an expression nor what is kept of the exchange ever holds them. */
const secretsOf = ({ bytes }: Context['account'], { secretFields = {} }: SoapWire) =>
  Object.fromEntries(
    Object.entries(secretFields).map(([field, parameter]) => [
      field,
      bytes.get(parameter)?.toString('ascii') ?? no(`${parameter} is no key of text`),
    ]),
  )

const headersOf = (wire: SoapWire, action: string): Record<string, string> => {
  const charset = wire.encoding ?? 'utf-8'
  return wire.version === '1.1'
    ? { 'content-type': `text/xml; charset=${charset}`, soapaction: `"${action}"` }
    : { 'content-type': `application/soap+xml; charset=${charset}; action="${action}"` }
}

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`

/** The text in the result, read. A fault is no answer: it says that something broke, and not whether it was done. */
function resultOf(wire: SoapWire, text: string): { body: unknown } | { reason: string } {
  const envelope = parseXml(text)
  const body = memberOf(envelope, 'Body')
  const fault = memberOf(body, 'Fault')
  if (fault !== undefined) return { reason: `a fault: ${faultWords(fault)}` }
  const answer = onlyMember(body)
  const result = wire.result === undefined ? onlyMember(answer) : memberOf(answer, wire.result)
  if (typeof result !== 'string') return { reason: 'no answer of this operation' }
  const read = wire.content === 'json' ? parse('json', result) : parseXml(result)
  return read === undefined ? { reason: `its result is no ${wire.content}` } : { body: read }
}

const faultWords = (fault: unknown): string => {
  const words = memberOf(fault, 'faultstring') ?? memberOf(memberOf(fault, 'Reason'), 'Text')
  return typeof words === 'string' ? words.slice(0, 200) : 'without words'
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined

const onlyMember = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? Object.values(value)[0] : undefined

function no(reason: string): never {
  throw new NotMade(reason)
}
