import { createSign, generateKeyPairSync } from 'node:crypto'

import { request } from 'undici'
import { expect } from 'vitest'

// A caller written from the product's page: it flattens, signs and posts its form by itself.

export const caller = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

export type Fields = Record<string, string | number | Record<string, string | number>[]>

export type GatewayAnswer = {
  success: boolean
  msg: string
  code: number
  startTime: number
  timeConsum: number
  data: never
  extend: null
}

export function formOf(service: string, fields: Fields): Record<string, string> {
  const common = {
    service: `yuantu.wap.${service}`,
    hospitalId: '549',
    operId: 'ZZJ001',
    tradeTime: '2026-11-23 07:20:00',
    flowId: `F${service}`,
    sourceCode: 'ZZJ',
    deviceInfo: '',
  }
  const flat: Record<string, string> = { ...common }
  for (const [name, value] of Object.entries(fields)) {
    if (!Array.isArray(value)) {
      flat[name] = String(value)
      continue
    }
    value.forEach((item, i) => {
      for (const [key, part] of Object.entries(item)) flat[`${name}[${i}].${key}`] = String(part)
    })
  }
  return flat
}

export function signed(form: Record<string, string>): Record<string, string> {
  const text = Object.keys(form)
    .filter((name) => form[name] !== '')
    .sort()
    .map((name) => `${name}=${form[name]}&`)
    .join('')
  const sign = createSign('RSA-SHA1').update(text, 'utf8').sign(caller.privateKey, 'base64')
  return { ...form, sign, sign_type: 'RSA' }
}

export async function post(url: string, form: Record<string, string>): Promise<GatewayAnswer> {
  const response = await request(`${url}/gateway`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams(form).toString(),
  })
  expect(response.statusCode).toBe(200)
  return (await response.body.json()) as GatewayAnswer
}

export const callGateway = (url: string, service: string, fields: Fields) =>
  post(url, signed(formOf(service, fields)))
