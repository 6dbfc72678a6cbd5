import { XMLBuilder } from 'fast-xml-parser'

import { parseXml } from './xml.ts'

// Bodies: from a document to text and back, as JSON, as a form, and as flat XML.

export const CONTENT_TYPES = ['json', 'form', 'xml'] as const

export type ContentType = (typeof CONTENT_TYPES)[number]

/**
 * What a form or an XML can carry: texts by name. Null values are left out. `encode` writes the names and values of a form,
 * where its percent signs stand for other bytes than those of UTF-8.
 */
export function serialize(
  type: ContentType,
  document: unknown,
  xmlRoot: string,
  encode: (text: string) => string = encodeURIComponent,
): string | null {
  if (type === 'json') return JSON.stringify(document)
  const fields = textFieldsOf(document)
  if (fields === null) return null
  if (type === 'form') {
    return Object.entries(fields)
      .map(([name, text]) => `${encode(name)}=${encode(text)}`)
      .join('&')
  }
  return new XMLBuilder({ format: false }).build({ [xmlRoot]: fields })
}

/** Undefined for what cannot be read as this type. A name that stands twice makes a form unreadable. */
export function parse(type: ContentType, body: string): unknown {
  try {
    switch (type) {
      case 'json':
        return JSON.parse(body) as unknown
      case 'form':
        return formOf(body)
      case 'xml':
        return parseXml(body)
    }
  } catch {
    return undefined
  }
}

export const MEDIA_TYPES: Record<ContentType, string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded;charset=utf-8',
  xml: 'text/xml;charset=utf-8',
}

/** Texts and whole numbers by name; null for a document that holds anything else. */
export function textFieldsOf(document: unknown): Record<string, string> | null {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return null
  const fields: Record<string, string> = {}
  for (const [name, value] of Object.entries(document)) {
    if (value === null || value === undefined) continue
    if (typeof value === 'object') return null
    fields[name] = String(value)
  }
  return fields
}

function formOf(body: string): Record<string, string> {
  const fields: Record<string, string> = Object.create(null) as Record<string, string>
  for (const pair of body.split('&').filter((part) => part !== '')) {
    const at = pair.indexOf('=')
    const name = decodeField(at < 0 ? pair : pair.slice(0, at))
    if (Object.hasOwn(fields, name)) throw new Error('a field stands twice')
    fields[name] = at < 0 ? '' : decodeField(pair.slice(at + 1))
  }
  return { ...fields }
}

const decodeField = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))

/** The raw text of one member of a JSON object, whose name has this ending; null when there is no such one. */
export function rawMember(body: string, suffix: string): { name: string; raw: string } | null {
  const document = parse('json', body)
  if (typeof document !== 'object' || document === null) return null
  const names = Object.keys(document).filter((name) => name.endsWith(suffix))
  const [name] = names
  if (name === undefined || names.length > 1) return null
  const raw = scanMembers(body).get(name)
  return raw === undefined ? null : { name, raw }
}

/** The members of the outer object with their values as they are written. The text is known to be JSON. */
function scanMembers(body: string): Map<string, string> {
  const members = new Map<string, string>()
  let depth = 0
  let name: string | null = null
  let start = 0
  for (let i = 0; i < body.length; i++) {
    const character = body[i]
    if (character === '"') {
      const end = endOfString(body, i)
      if (depth === 1 && name === null) name = JSON.parse(body.slice(i, end + 1)) as string
      i = end
    } else if (character === ':' && depth === 1) start = i + 1
    else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
    const isEnd = (character === ',' && depth === 1) || (character === '}' && depth === 0)
    if (isEnd && name !== null) {
      members.set(name, body.slice(start, i).trim())
      name = null
    }
  }
  return members
}

function endOfString(body: string, start: number): number {
  let i = start + 1
  while (i < body.length && body[i] !== '"') i += body[i] === '\\' ? 2 : 1
  return i
}
