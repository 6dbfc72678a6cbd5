import Type from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Principal, Role } from '../principal.ts'
import { testPlatform } from '../testing/clock.ts'
import { type Access, principalOf, requestActor } from './access.ts'
import { httpErrors } from './errors.ts'
import { depthOf } from './json-body.ts'
import { problems } from './problem.ts'
import { createHttp } from './server.ts'

const PERSON = { kind: 'person', personId: 'p1' as Id<'Person'> } as const
const staff = (hospitalId: number, ...roles: Role[]): Principal => ({
  kind: 'staff',
  staffId: 's1' as Id<'Staff'>,
  hospitalId: hospitalId as HospitalId,
  roles,
})

/** Whoever the header says: how a proof is checked is the business of identity. */
const newHttp = () =>
  createHttp({
    newId: testPlatform().newId,
    authenticate: async ({ headers }) => {
      const as = headers['x-as']
      if (as === 'forged') throw httpErrors.unauthenticated()
      return typeof as === 'string' ? (JSON.parse(as) as Principal) : null
    },
  })

type App = Awaited<ReturnType<typeof newHttp>>

const Body = Type.Object(
  {
    amountFen: Type.Integer({ minimum: 0 }),
    note: Type.Optional(Type.String()),
    lines: Type.Optional(Type.Array(Type.Object({ no: Type.Integer() }))),
  },
  { additionalProperties: false },
)

let app: App

beforeAll(async () => {
  app = await newHttp()
  app.post(
    '/pay',
    { config: { access: ['public'] }, schema: { body: Body, response: { ...problems } } },
    async (request) => ({ got: request.body, bytes: request.rawBody.length }),
  )
  app.get(
    '/page',
    {
      config: { access: ['public'] },
      schema: { querystring: Type.Object({ limit: Type.Integer({ minimum: 1 }) }) },
    },
    async (request) => ({ limit: request.query.limit }),
  )
  app.get('/broken', { config: { access: ['public'] } }, async () => {
    throw Object.assign(new Error('张三 is in this message'), { code: '23505', detail: '张三' })
  })
  for (const access of ['person', 'staff', 'staff:finance', 'institution', 'his'] as const) {
    const path = `/hospitals/:hospitalId/${access.replace(':', '-')}`
    app.get(path, { config: { access: [access] } }, async (request) => ({
      actor: requestActor(request).name,
    }))
  }
  await app.ready()
})
afterAll(() => app.close())

const post = (payload: string | Buffer, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/pay',
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  })

describe('a body', () => {
  it('is taken at its word', async () => {
    const answer = await post('{"amountFen":12,"note":"x"}')
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { got: { amountFen: 12, note: 'x' }, bytes: 27 },
    ])
  })

  it.each([
    ['a number as text', '{"amountFen":"12"}', 'body/amountFen', 'type'],
    ['a fraction', '{"amountFen":12.5}', 'body/amountFen', 'type'],
    ['true for one', '{"amountFen":true}', 'body/amountFen', 'type'],
    ['a list of one', '{"amountFen":[12]}', 'body/amountFen', 'type'],
    ['null', '{"amountFen":null}', 'body/amountFen', 'type'],
    ['below its least', '{"amountFen":-1}', 'body/amountFen', 'minimum'],
    ['nothing', '{}', 'body/amountFen', 'required'],
    ['a field too many', '{"amountFen":1,"admin":true}', 'body/admin', 'additionalProperties'],
    ['deep inside', '{"amountFen":1,"lines":[{"no":1},{"no":"2"}]}', 'body/lines/1/no', 'type'],
    ['a list', '[]', 'body', 'type'],
  ])('is refused with the field named: %s', async (_what, body, field, rule) => {
    const answer = await post(body)
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.json()).toMatchObject({
      type: '/problems/http.invalid_request',
      status: 400,
      code: 'http.invalid_request',
      params: { field, rule },
      instance: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    })
  })

  it.each([
    ['cut off', '{"amountFen":1'],
    ['empty', ''],
    ['with __proto__', '{"amountFen":1,"__proto__":{"admin":true}}'],
    ['with a constructor', '{"amountFen":1,"constructor":{"prototype":{"admin":true}}}'],
    ['with a NUL', '{"amountFen":1,"note":"a\\u0000b"}'],
    ['with NaN', '{"amountFen":NaN}'],
    ['with a comment', '{"amountFen":1 /* fen */}'],
    ['not in UTF-8', Buffer.from('7b226e6f7465223a22ff22', 'hex')],
  ])('is no JSON of ours: %s', async (_what, body) => {
    const answer = await post(body)
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
      400,
      'http.invalid_json',
    ])
  })

  it('is refused when it is nested too deep, before it is read', async () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
    const refused = await post(`{"amountFen":1,"lines":${nested(32)}}`)
    expect([refused.statusCode, refused.json()]).toMatchObject([
      400,
      { code: 'http.json_too_deep', params: { most: 32 } },
    ])
    const read = await post(`{"amountFen":1,"lines":${nested(31)}}`)
    expect(read.json()).toMatchObject({ code: 'http.invalid_request' })
  })

  it('is refused when it is larger than a megabyte', async () => {
    const answer = await post(JSON.stringify({ note: 'x'.repeat(2_000_000) }))
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
      413,
      'http.body_too_large',
    ])
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])(
    'is not read as %s',
    async (type) => {
      const answer = await post('{"amountFen":1}', { 'content-type': type })
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
        415,
        'http.unsupported_media_type',
      ])
    },
  )
})

it('counts brackets but not those in strings', () => {
  expect(depthOf(Buffer.from('{"a":[{"b":"[[[[\\"[["}]}'))).toBe(3)
  expect(depthOf(Buffer.from('"\\\\"'))).toBe(0)
})

describe('a query', () => {
  it('is text, and read as what it should be', async () => {
    const answer = await app.inject('/page?limit=50')
    expect(answer.json()).toEqual({ limit: 50 })
  })

  it('is refused with its field named', async () => {
    for (const limit of ['0', 'x', '1.5', '']) {
      const answer = await app.inject(`/page?limit=${limit}`)
      expect([answer.statusCode, answer.json()]).toMatchObject([
        400,
        { code: 'http.invalid_request', params: { field: 'querystring/limit' } },
      ])
    }
  })

  it('has no NUL in it, nor has the path', async () => {
    for (const url of ['/page?limit=1&x=%00', '/hospitals/%00/person']) {
      const answer = await app.inject(url)
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
        400,
        'http.invalid_request',
      ])
    }
  })
})

describe('a money request', () => {
  it('shows the key it needs in the contract, and others show none', async () => {
    const other = await newHttp()
    const config = { access: ['public' as const] }
    const schema = { params: Type.Object({ id: Type.String() }), body: Body, response: problems }
    const answer = async () => ({})
    other.post('/orders/:id', { config: { ...config, idempotencyKey: true }, schema }, answer)
    other.post('/notes/:id', { config, schema }, answer)
    await other.ready()
    const { paths } = other.swagger() as { paths: Record<string, { post: Operation }> }
    expect(paths['/orders/{id}']?.post.parameters).toEqual([
      { in: 'path', name: 'id', required: true, schema: { type: 'string' } },
      {
        in: 'header',
        name: 'Idempotency-Key',
        required: true,
        schema: { type: 'string', minLength: 1, maxLength: 255 },
        description: expect.stringContaining('90 days') as string,
      },
    ])
    expect(paths['/orders/{id}']?.post.requestBody).toEqual(paths['/notes/{id}']?.post.requestBody)
    expect(paths['/notes/{id}']?.post.parameters).toHaveLength(1)
    // What the contract shows is not checked by it: that is the work of `idempotently`, which says it in its own words.
    const url = '/orders/1'
    expect((await other.inject({ method: 'POST', url, payload: { amountFen: 1 } })).json()).toEqual(
      {},
    )
    await other.close()
  })
})

type Operation = { parameters?: object[]; requestBody?: object }

describe('an error', () => {
  it('is a problem for a route that is not there, for anybody', async () => {
    for (const headers of [{}, { 'x-as': JSON.stringify(PERSON) }]) {
      const answer = await app.inject({ url: '/nowhere', headers })
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
        404,
        'http.not_found',
      ])
    }
  })

  it('of ours says nothing of itself to the outside', async () => {
    const answer = await app.inject('/broken')
    expect([answer.statusCode, answer.json()]).toEqual([
      500,
      {
        type: '/problems/http.failed',
        status: 500,
        code: 'http.failed',
        instance: expect.any(String) as string,
      },
    ])
    expect(answer.body).not.toContain('张三')
  })
})

describe('who may call', () => {
  const call = (path: string, principal: Principal | null) =>
    app
      .inject({
        url: path,
        headers: principal ? { 'x-as': JSON.stringify(principal) } : {},
      })
      .then((answer) => answer.statusCode)

  it('is said by every route, or it does not start', async () => {
    const other = await newHttp()
    other.get('/open', async () => 'x')
    await expect(other.ready()).rejects.toThrow('GET /open says who may call it')
  })

  it('is asked before the body is judged, and before what is there', async () => {
    const other = await newHttp()
    other.post(
      '/secret',
      { config: { access: ['person'] }, schema: { body: Body } },
      async () => 'x',
    )
    const answer = await other.inject({ method: 'POST', url: '/secret', payload: {} })
    expect(answer.statusCode).toBe(401)
    await other.close()
  })

  it('keeps out whom nobody knows, and whoever forges a proof', async () => {
    expect(await call('/hospitals/1/person', null)).toBe(401)
    const forged = await app.inject({ url: '/hospitals/1/person', headers: { 'x-as': 'forged' } })
    expect(forged.statusCode).toBe(401)
  })

  const institution: Principal = {
    kind: 'institution',
    keyId: 'k1' as Id<'ApiKey'>,
    hospitalIds: [1 as HospitalId],
  }
  const his: Principal = { kind: 'his', hospitalId: 1 as HospitalId }

  it.each<[string, Principal, Access, number, number]>([
    ['a person at any hospital', PERSON, 'person', 2, 200],
    ['a person at what is for staff', PERSON, 'staff', 1, 403],
    ['staff of the hospital', staff(1), 'staff', 1, 200],
    ['staff of another hospital', staff(2), 'staff', 1, 403],
    ['staff with the role', staff(1, 'finance'), 'staff:finance', 1, 200],
    ['staff with another role', staff(1, 'cashier'), 'staff:finance', 1, 403],
    ['staff with the role at another hospital', staff(2, 'finance'), 'staff:finance', 1, 403],
    ['staff at what is for people', staff(1), 'person', 1, 403],
    ['an institution at its hospital', institution, 'institution', 1, 200],
    ['an institution at another', institution, 'institution', 2, 403],
    ['the system of the hospital', his, 'his', 1, 200],
    ['the system of another', his, 'his', 2, 403],
    ['the system at what is for staff', his, 'staff', 1, 403],
  ])('%s', async (_who, principal, access, hospital, status) => {
    const path = `/hospitals/${hospital}/${access.replace(':', '-')}`
    expect(await call(path, principal)).toBe(status)
  })

  it('is not fooled by a hospital written in another way', async () => {
    for (const hospital of ['1x', '0x1', '1,2', '%31%30', '../1', 'NaN']) {
      expect(await call(`/hospitals/${hospital}/staff`, staff(1))).not.toBe(200)
    }
  })

  it('is told to the route', async () => {
    const answer = await app.inject({
      url: '/hospitals/1/staff',
      headers: { 'x-as': JSON.stringify(staff(1)) },
    })
    expect(answer.json()).toEqual({ actor: 'staff:s1' })
    expect(() => principalOf({ principal: PERSON } as never, 'staff')).toThrow('declared')
  })
})
