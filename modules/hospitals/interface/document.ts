import { EXAMPLES } from './examples.ts'
import { Notice } from './notices.ts'
import { type Operation, OPERATIONS, SUBJECTS } from './operations.ts'
import { REFUSALS } from './refusals.ts'

/** The version that both sides name: a change that an older system could misread makes a new one. */
const VERSION = '1.1.0'

/** What a hospital's system implements, as an OpenAPI document: contract/hospital.json. */
export const hospitalDocument = (): object => ({
  openapi: '3.1.0',
  info: {
    title: 'Yiqiao standard hospital interface 医桥医院标准接口',
    version: VERSION,
    description:
      'What a hospital implements, and what it may tell the hub. docs/interface/hospital-standard.md says how it is signed, ' +
      'what a key means and what happens when nothing is heard.',
  },
  tags: Object.entries(SUBJECTS).map(([name, { zh, en }]) => ({
    name,
    description: `${zh} ${en}`,
  })),
  security: [{ signature: [] }],
  paths: Object.fromEntries(
    Object.entries(OPERATIONS).map(([name, operation]) => [
      `/yiqiao/v1/${name}`,
      { post: describe(name as keyof typeof OPERATIONS, operation) },
    ]),
  ),
  webhooks: {
    notice: {
      post: {
        operationId: 'notice',
        summary: '通知 Tell the hub',
        description: 'POST {hub}/v1/hospitals/{hospitalId}/his/notices, signed as requests are.',
        'x-business-key': ['noticeNo'],
        requestBody: { required: true, content: { 'application/json': { schema: plain(Notice) } } },
        responses: { 200: { description: 'Heard, now or before.' } },
      },
    },
  },
  components: {
    securitySchemes: {
      signature: {
        type: 'apiKey',
        in: 'header',
        name: 'x-yiqiao-signature',
        description:
          'RSA-SHA256 or SM2-SM3 over method, path, timestamp, nonce and the body’s hash.',
      },
    },
    schemas: { Refusal: REFUSAL },
  },
})

const REFUSAL = {
  type: 'object',
  required: ['code', 'message'],
  properties: {
    code: { enum: [...REFUSALS.keys(), 'SYSTEM_BUSY'] },
    message: { type: 'string', maxLength: 2_000 },
    data: { type: 'object' },
  },
}

function describe(name: keyof typeof OPERATIONS, operation: Operation): object {
  const { titles, subject, key, request, answer, refusals } = operation
  const example = EXAMPLES[name]
  const codes = refusals.map((refusal) => refusal.toUpperCase())
  return {
    operationId: name,
    tags: [subject],
    summary: `${titles.zh} ${titles.en}`,
    ...(key.length > 0 ? { 'x-business-key': key } : {}),
    ...(codes.length > 0 ? { 'x-refusals': codes } : {}),
    requestBody: {
      required: true,
      content: { 'application/json': { schema: plain(request), example: example.request } },
    },
    responses: {
      200: {
        description: codes.length > 0 ? `OK, or ${codes.join(', ')}` : 'OK',
        content: {
          'application/json': {
            schema: {
              oneOf: [done(answer), { $ref: '#/components/schemas/Refusal' }],
            },
            example: { code: 'OK', message: '', data: example.answer },
          },
        },
      },
    },
  }
}

const done = (answer: object) => ({
  type: 'object',
  required: ['code', 'message', 'data'],
  properties: {
    code: { const: 'OK' },
    message: { type: 'string', maxLength: 2_000 },
    data: plain(answer),
  },
})

/** A schema without what only this program reads of it. */
const plain = (schema: object): unknown => JSON.parse(JSON.stringify(schema))
