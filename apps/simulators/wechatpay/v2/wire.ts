import { createHash, createHmac } from 'node:crypto'

import { XMLParser, XMLValidator } from 'fast-xml-parser'

// API v2 on the wire: flat XML, signed over its sorted fields with a key that both sides have.

export type Fields = Record<string, string>

export function readXml(text: string): Fields | null {
  if (text.includes('<!DOCTYPE') || XMLValidator.validate(text) !== true) return null
  const document = parser.parse(text) as { xml?: Record<string, unknown> }
  const root = document.xml
  if (typeof root !== 'object') return null
  const entries = Object.entries(root)
  const isFlat = entries.every(([, value]) => typeof value === 'string')
  return isFlat ? (Object.fromEntries(entries) as Fields) : null
}

const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true })

/** Values in CDATA, as WeChat writes them; what would end one is taken apart. */
export const writeXml = (fields: Fields): string => {
  const element = ([name, value]: [string, string]) =>
    `<${name}><![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`
  return `<xml>\n${Object.entries(fields).map(element).join('\n')}\n</xml>`
}

export type SignType = 'MD5' | 'HMAC-SHA256'

export function signFields(fields: Fields, key: string, signType: SignType): string {
  const names = Object.keys(fields).filter((name) => name !== 'sign' && fields[name] !== '')
  const query = names.toSorted().map((name) => `${name}=${fields[name]}`)
  const signed = `${query.join('&')}&key=${key}`
  const digest =
    signType === 'HMAC-SHA256'
      ? createHmac('sha256', key).update(signed).digest('hex')
      : createHash('md5').update(signed).digest('hex')
  return digest.toUpperCase()
}
