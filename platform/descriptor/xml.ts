import { XMLBuilder, XMLParser } from 'fast-xml-parser'

// XML of nested elements without attributes, which is what systems exchange that were built around a form.

// eslint-disable-next-line no-control-regex -- these are what XML 1.0 cannot carry
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

/** A document as an element of this name; a list repeats its element, null leaves it out. Null for what XML cannot carry. */
export function serializeXml(document: unknown, root: string): string | null {
  const plain = withoutNull(document)
  const text = new XMLBuilder({ format: false, suppressEmptyNode: false }).build({ [root]: plain })
  return NOT_XML.test(text) ? null : text
}

/** The outer element's content. Names lose their prefix. Undefined for what is no XML, or has entities of its own. */
export function parseXml(text: string): unknown {
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) return undefined
  try {
    const parser = new XMLParser({
      parseTagValue: false,
      parseAttributeValue: false,
      ignoreDeclaration: true,
      removeNSPrefix: true,
      processEntities: true,
    })
    const [root] = Object.values(parser.parse(text, true) as Record<string, unknown>)
    return root
  } catch {
    return undefined
  }
}

function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNull)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inside]) =>
      inside === null || inside === undefined ? [] : [[name, withoutNull(inside)]],
    ),
  )
}
