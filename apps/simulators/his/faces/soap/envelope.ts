import { decodeEntities, escapeXml, isGroup, parseXml } from '../xml.ts'

/** The platform's own namespace, of operations and of the WSDL. */
export const CLIENT_NS = 'http://client.hlp.specimen/'

export type SoapVersion = '1.1' | '1.2'

export type SoapCall = { version: SoapVersion; operation: string; json: string }

/** What is wrong with an envelope; `code` is the fault's, in the words of version 1.1. */
export type SoapFault = { version: SoapVersion; code: 'VersionMismatch' | 'Client'; reason: string }

/** Reads one operation with its one argument; strict about both namespaces. */
export function readEnvelope(body: Buffer, contentType: string): SoapCall | SoapFault {
  const version: SoapVersion = contentType.startsWith('application/soap+xml') ? '1.2' : '1.1'
  const fault = (reason: string, code: SoapFault['code'] = 'Client') => ({ version, code, reason })
  const read = parseXml(body, { cdataPropName: CDATA })
  if ('problem' in read) return fault(read.problem)
  const root = onlyElement(read.document)
  if (!root || root.localName !== 'Envelope') return fault('the root element is no Envelope')
  const names = namespacesOf(root.group, new Map())
  if (names.get(root.prefix) !== ENVELOPE_NS[version]) {
    return fault(`the envelope is not of SOAP ${version}`, 'VersionMismatch')
  }
  const wanted = root.prefix === '' ? 'Body' : `${root.prefix}:Body`
  const content = root.group[wanted]
  const operation = isGroup(content) ? onlyElement(content) : null
  if (!operation || !isGroup(content)) return fault('the Body holds no single operation')
  const inner = namespacesOf(operation.group, namespacesOf(content, names))
  if (inner.get(operation.prefix) !== CLIENT_NS)
    return fault('the operation is of another namespace')
  const argument = onlyArgument(operation.group)
  if (argument === null) return fault(`${operation.localName} takes one argument, ${ARGUMENT}`)
  return { version, operation: operation.localName, json: argument }
}

/** The answer's JSON stands in a string, in a section of its own. */
export const writeAnswer = (version: SoapVersion, operation: string, json: string): string =>
  enveloped(
    version,
    `<ns2:${operation}Response xmlns:ns2="${CLIENT_NS}"><return>${cdata(json)}</return></ns2:${operation}Response>`,
  )

export function writeFault({ version, code, reason }: SoapFault): string {
  const text = escapeXml(reason)
  if (version === '1.1') {
    const fault = `<faultcode>soap:${code}</faultcode><faultstring>${text}</faultstring>`
    return enveloped(version, `<soap:Fault>${fault}</soap:Fault>`)
  }
  const value = code === 'Client' ? 'Sender' : code
  const reasonText = `<soap:Reason><soap:Text xml:lang="zh">${text}</soap:Text></soap:Reason>`
  const codeText = `<soap:Code><soap:Value>soap:${value}</soap:Value></soap:Code>`
  return enveloped(version, `<soap:Fault>${codeText}${reasonText}</soap:Fault>`)
}

export const contentTypeOf = (version: SoapVersion): string =>
  `${version === '1.1' ? 'text/xml' : 'application/soap+xml'}; charset=utf-8`

const ENVELOPE_NS: Record<SoapVersion, string> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
}

const CDATA = '#cdata'
const ARGUMENT = 'arg0'

const enveloped = (version: SoapVersion, body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="${ENVELOPE_NS[version]}"><soap:Body>${body}</soap:Body></soap:Envelope>`

/** A section cannot hold its own end: there it is cut in two. */
const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`

type Element = { prefix: string; localName: string; group: Record<string, unknown> }

function onlyElement(group: Record<string, unknown>): Element | null {
  const elements = Object.entries(group).filter(([name]) => !name.startsWith('@_'))
  const [name, content] = elements[0] ?? []
  if (elements.length !== 1 || name === undefined || !isGroup(content)) return null
  const [local = '', prefix = ''] = name.split(':').toReversed()
  return { prefix, localName: local, group: content }
}

/** Prefixes in force within an element, the empty one for none. */
function namespacesOf(
  group: Record<string, unknown>,
  outer: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const names = new Map(outer)
  for (const [name, value] of Object.entries(group)) {
    const match = /^@_xmlns(?::(.+))?$/.exec(name)
    if (match && typeof value === 'string') names.set(match[1] ?? '', value)
  }
  return names
}

function onlyArgument(group: Record<string, unknown>): string | null {
  const elements = Object.entries(group).filter(([name]) => !name.startsWith('@_'))
  const [name, value] = elements[0] ?? []
  if (elements.length !== 1 || name !== ARGUMENT) return null
  if (typeof value === 'string') return decodeEntities(value)
  const section = isGroup(value) ? value[CDATA] : undefined
  return typeof section === 'string' ? section : null
}
