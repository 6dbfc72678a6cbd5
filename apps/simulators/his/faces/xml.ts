import { type X2jOptions, XMLParser, XMLValidator } from 'fast-xml-parser'

/**
 * The document as groups of texts, with nothing decoded and nothing resolved; or why it is none.
 *
 * Attributes are named '@_name'. Only plain elements are taken: a document type is refused unread.
 */
export function parseXml(
  body: Buffer,
  options: Pick<X2jOptions, 'isArray' | 'cdataPropName'>,
): { document: Record<string, unknown> } | { problem: string } {
  const xml = readUtf8(body)
  if (xml === null) return { problem: 'the body is not UTF-8' }
  // Nothing of a document type is needed, and everything bad about XML comes with one.
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) return { problem: 'a document type is not taken' }
  const valid = XMLValidator.validate(xml)
  if (valid !== true) return { problem: `the body is not XML: ${valid.err.msg}` }
  const parser = new XMLParser({
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    ignoreAttributes: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    trimValues: true,
    ...options,
  })
  const document: unknown = parser.parse(xml)
  return isGroup(document) ? { document } : { problem: 'the body has no element' }
}

/** The five entities that XML knows by itself; the parser is kept from all of them. */
export const decodeEntities = (text: string): string =>
  text.replace(/&(lt|gt|amp|quot|apos);/g, (_all, name: string) => ENTITIES[name] ?? '')

export const escapeXml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

export const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function readUtf8(body: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return null
  }
}
