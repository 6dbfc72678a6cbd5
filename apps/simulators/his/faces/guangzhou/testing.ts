import { XMLParser } from 'fast-xml-parser'
import { request } from 'undici'
import { expect } from 'vitest'

// A caller written from the product's page: it builds its XML and reads it by itself.

export type Fields = Record<string, string | number | Record<string, string | number>[]>
type Res = Record<string, never>

const xmlOf = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, value]) =>
      Array.isArray(value)
        ? value.map((item) => `<${name}>${xmlOf(item)}</${name}>`).join('')
        : `<${name}>${String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</${name}>`,
    )
    .join('')

export async function sendXml(url: string, service: string, body: string): Promise<string> {
  const response = await request(`${url}/doReqToHis?service=${service}`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body,
  })
  expect(response.statusCode).toBe(200)
  return response.body.text()
}

const parser = new XMLParser({
  parseTagValue: false,
  ignoreAttributes: false,
  ignoreDeclaration: true,
  isArray: (name) => name.endsWith('Info') || name === 'resultItem',
})

export async function callService(url: string, service: string, fields: Fields): Promise<Res> {
  const text = await sendXml(url, service, `<?xml version="1.0"?><req>${xmlOf(fields)}</req>`)
  const { res } = parser.parse(text) as { res: Res }
  expect(res['@_service']).toBe(service)
  return res
}
