import type { Raw } from '../fields.ts'
import { decodeEntities, escapeXml, isGroup, parseXml } from '../xml.ts'

/** What an answer is made of: a list repeats its element. */
export type XmlFields = { readonly [name: string]: XmlValue }
export type XmlValue = string | number | null | readonly XmlFields[]

/** Reads `<req>…</req>`; a text that says why it is none. Lists are known by their element's name. */
export function readReq(
  body: Buffer,
  lists: readonly string[],
): { fields: Raw } | { problem: string } {
  const read = parseXml(body, { isArray: (name) => lists.includes(name) })
  if ('problem' in read) return read
  const roots = Object.entries(read.document)
  const [name, root] = roots[0] ?? []
  if (roots.length !== 1 || name !== 'req') return { problem: 'the root element is not req' }
  if (root === '') return { fields: {} }
  if (!isGroup(root)) return { problem: 'req has no elements' }
  return { fields: decoded(root) as Raw }
}

/** `<res service="name"><resultCode>…`. */
export const writeRes = (service: string, fields: XmlFields): string =>
  `<?xml version="1.0" encoding="UTF-8"?><res service="${escapeXml(service)}">${elementsOf(fields)}</res>`

const elementsOf = (fields: XmlFields): string =>
  Object.entries(fields)
    .map(([name, value]) => elementOf(name, value))
    .join('')

function elementOf(name: string, value: XmlValue): string {
  if (value === null) return `<${name}/>`
  if (typeof value !== 'object') return `<${name}>${escapeXml(String(value))}</${name}>`
  return value.map((item) => `<${name}>${elementsOf(item)}</${name}>`).join('')
}

function decoded(value: unknown): unknown {
  if (typeof value === 'string') return decodeEntities(value)
  if (Array.isArray(value)) return value.map(decoded)
  if (!isGroup(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, decoded(part)]))
}
