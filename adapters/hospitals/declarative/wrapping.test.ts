import { createHash } from 'node:crypto'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { createOwnMemory, type HospitalSystem } from '../../../modules/hospitals/index.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createDescribedHospital, readProduct } from './index.ts'
import { startScriptedHost } from './testing/scripted-host.ts'

// Signature wrapping: something true is signed, and something else stands where it would be read.

const PRODUCT = `
format: 1
name: wrapping
version: '1'
titles: { zh: 签名, en: Signatures }
source: this test
parameters:
  - { name: baseUrl, title: { zh: 地址, en: Address }, format: base_url }
  - { name: signKey, title: { zh: 密钥, en: Key }, format: key_text }
limits: { timeoutMs: 1000 }
wires:
  fields:
    kind: http
    host: baseUrl
    method: POST
    path: /fields
    content: json
    verify: { algorithm: MD5, encoding: hex, keys: [{ key: signKey }], signature: 'field:/sign', content: { kind: sorted_fields, exclude: [sign], keySuffix: '&key=' } }
  member:
    kind: http
    host: baseUrl
    method: POST
    path: /member
    content: json
    verify: { algorithm: MD5, encoding: hex, keys: [{ key: signKey }], signature: 'field:/sign', content: { kind: member, memberSuffix: _response, keySuffix: '|' } }
  soap:
    kind: soap
    version: '1.1'
    host: baseUrl
    path: /soap
    namespace: http://his.example/
    operation: find
    argument: input
    content: json
operations:
  patients.resolve:
    steps: [{ name: found, wire: fields, body: '{ "id": asked.idCardNo }' }]
    answer: '{ "patientNo": steps.found.no, "name": asked.name, "cardNo": "" }'
  stays.get:
    steps: [{ name: found, wire: member, body: '{}' }]
    answer: '{ "stay": null }'
  heartbeat:
    steps: [{ name: found, wire: soap, body: '{}', success: 'body.code = 200' }]
    answer: '{ "at": call.now }'
`

const { clock, random } = testPlatform()
const call = { trace: () => undefined }
const md5 = (text: string) => createHash('md5').update(text).digest('hex')
let host: Awaited<ReturnType<typeof startScriptedHost>>
let his: HospitalSystem

beforeAll(async () => {
  host = await startScriptedHost()
  const read = readProduct(PRODUCT)
  if (read.outcome === 'wrong') throw new Error(JSON.stringify(read.problems))
  const params = { baseUrl: host.url, signKey: 'akeyofthetests' }
  const deps = { clock, random, timeoutMs: 20_000, memory: createOwnMemory() }
  his = createDescribedHospital(read.product, { params, codes: {} }, deps)
})
afterAll(() => host.close())

const sign = md5('no=P1&key=akeyofthetests')

it.each([
  ['as it was signed', `{"no":"P1","sign":"${sign}"}`, 'ok'],
  ['another number behind it', `{"no":"P1","sign":"${sign}","no":"P2"}`, 'unknown'],
  ['a field that was not signed', `{"no":"P1","sign":"${sign}","name":"x"}`, 'unknown'],
  ['the signed one inside of another', `{"no":"P2","sign":"${sign}","x":{"no":"P1"}}`, 'unknown'],
  ['all of it in a list', `[{"no":"P1","sign":"${sign}"}]`, 'unknown'],
])('[H2] signed fields: %s', async (_what, body, outcome) => {
  host.answer = () => ({ body })
  const found = await his.resolvePatient(call, { idCardNo: '1', name: '王' })
  expect(found.outcome).toBe(outcome)
})

const inner = '{"code":200}'
const of = md5(`${inner}|akeyofthetests`)

it.each([
  ['as it was signed', `{"get_response":${inner},"sign":"${of}"}`, 'ok'],
  ['there twice', `{"get_response":${inner},"sign":"${of}","get_response":{"code":1}}`, 'unknown'],
  ['beside another', `{"a_response":{"code":1},"get_response":${inner},"sign":"${of}"}`, 'unknown'],
  ['deeper than it should be', `{"x":{"get_response":${inner}},"sign":"${of}"}`, 'unknown'],
])('[H2] a signed member: %s', async (_what, body, outcome) => {
  host.answer = () => ({ body })
  expect((await his.stay(call, 'P1')).outcome).toBe(outcome)
})

const result = '<r><return>{"code":200}</return></r>'
const evil = '<r><return>{"code":200,"evil":1}</return></r>'

it.each([
  ['one body', `<Body>${result}</Body>`, 'ok'],
  ['two bodies', `<Body>${result}</Body><Body>${evil}</Body>`, 'unknown'],
  ['a body in the header only', `<Header><Body>${result}</Body></Header>`, 'unknown'],
  [
    'two results',
    '<Body><r><return>{"code":200}</return><return>{}</return></r></Body>',
    'unknown',
  ],
  ['a result within the result', `<Body><r><return>${result}</return></r></Body>`, 'unknown'],
])('[H2] an envelope of SOAP: %s', async (_what, inside, outcome) => {
  host.answer = () => ({ type: 'text/xml', body: `<Envelope>${inside}</Envelope>` })
  expect((await his.heartbeat(call)).outcome).toBe(outcome)
})
