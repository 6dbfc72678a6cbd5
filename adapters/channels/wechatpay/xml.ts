import { XMLParser } from 'fast-xml-parser'

// The flat XML of API v2: <xml> with one element for each field.

export type Fields = Readonly<Record<string, string>>

export const toXml = (fields: Fields): string =>
  `<xml>${Object.entries(fields)
    .map(([name, value]) => `<${name}>${escape(value)}</${name}>`)
    .join('')}</xml>`

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: false,
})

/** The fields of an answer; null for anything but such XML. Entities of its own would let a text grow or read files. */
export function fromXml(text: string): Fields | null {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return null
  let parsed: unknown
  try {
    parsed = parser.parse(text, true)
  } catch {
    return null
  }
  const root = (parsed as { xml?: unknown } | null)?.xml
  if (typeof root !== 'object' || root === null || Array.isArray(root)) return null
  const fields = Object.entries(root).filter(([name]) => name !== '#text')
  return fields.every((entry): entry is [string, string] => typeof entry[1] === 'string')
    ? Object.fromEntries(fields)
    : null
}
