import { XMLParser } from 'fast-xml-parser'
import { request } from 'undici'
import { expect } from 'vitest'

// A caller written from the product's page: it makes its envelope and reads the answer by itself.

export const ACCOUNT = { synUserName: 'yiqiao', synKey: 'a-key-of-the-tests' }

export type Fields = Record<string, unknown>

export type ClientAnswer = { code: string; message: string; data: Record<string, never> }

const ENVELOPE = {
  '1.1': ['http://schemas.xmlsoap.org/soap/envelope/', 'text/xml; charset=utf-8'],
  '1.2': ['http://www.w3.org/2003/05/soap-envelope', 'application/soap+xml; charset=utf-8'],
} as const

export const argumentOf = (fields: Fields): string =>
  JSON.stringify({ ...ACCOUNT, terminalCode: 'ZZJ01', hospitalId: '4507', extend: '', ...fields })

export function envelopeOf(operation: string, json: string, version: '1.1' | '1.2' = '1.1') {
  const text = json.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<?xml version="1.0"?><s:Envelope xmlns:s="${ENVELOPE[version][0]}"><s:Header/><s:Body><c:${operation} xmlns:c="http://client.hlp.specimen/"><arg0>${text}</arg0></c:${operation}></s:Body></s:Envelope>`
}

export async function post(
  url: string,
  service: string,
  body: string,
  version: '1.1' | '1.2' = '1.1',
): Promise<{ status: number; text: string }> {
  const response = await request(`${url}/Client/${service}`, {
    method: 'POST',
    headers: { 'content-type': ENVELOPE[version][1], soapaction: '""' },
    body,
  })
  return { status: response.statusCode, text: await response.body.text() }
}

const parser = new XMLParser({ parseTagValue: false, removeNSPrefix: true })

export function answerIn(text: string, operation: string): ClientAnswer {
  expect(text).toContain('<return><![CDATA[')
  const { Envelope } = parser.parse(text) as {
    Envelope: { Body: Record<string, { return: string }> }
  }
  return JSON.parse(Envelope.Body[`${operation}Response`]?.return ?? '') as ClientAnswer
}

export async function callClient(
  url: string,
  [service, operation]: [string, string],
  fields: Fields,
): Promise<ClientAnswer> {
  const { status, text } = await post(url, service, envelopeOf(operation, argumentOf(fields)))
  expect(status).toBe(200)
  return answerIn(text, operation)
}
