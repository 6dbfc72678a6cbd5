import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { addMs, businessDate, DAY_MS, MINUTE_MS } from '../../kernel/time.ts'
import { createHttp } from '../../platform/http/server.ts'
import { createSeal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import {
  createAuthenticate,
  createIdentity,
  type Identity,
  identityRoutes,
  type PersonId,
} from './index.ts'

const platform = testPlatform()
const { clock, newId } = platform
const PASSWORD = 'a long walk to the hospital'
const hospitalId = 1 as HospitalId
let db: TestDatabase
let identity: Identity
let app: FastifyInstance
let personId: PersonId

beforeAll(async () => {
  db = await createTestDatabase()
  const seal = createSeal(new Uint8Array(32).fill(7), platform.random)
  identity = createIdentity({ db, ...platform, seal })
  app = await serve({ demo: true, secureCookies: false })
  personId = await identity.registerPerson({
    name: '王小明',
    idCardNo: '37020219800101001X',
    phone: '13712345650',
    gender: 'male',
    birthDate: businessDate('1980-01-01'),
    media: [],
    password: PASSWORD,
  })
  const staff = { hospitalId, name: '赵会计', login: 'zhao', password: PASSWORD }
  await identity.registerStaff({ ...staff, roles: ['finance'] })
})
afterAll(async () => {
  await app.close()
  await db[Symbol.asyncDispose]()
})

async function serve(options: { demo: boolean; secureCookies: boolean }) {
  const authenticate = createAuthenticate(identity)
  const server = await createHttp({ newId, authenticate, logger: false })
  await server.register(identityRoutes(identity, { clock, ...options }), { prefix: '/v1' })
  server.get('/v1/keys-only', { config: { access: ['institution'] } }, async () => ({ ok: true }))
  return server
}

async function signIn(login: string, name: 'patient' | 'console', cookies = {}) {
  const payload = { app: name, login, password: PASSWORD }
  const response = await app.inject({ method: 'POST', url: '/v1/sessions', payload, cookies })
  expect(response.statusCode).toBe(201)
  const [cookie] = response.cookies
  return { response, cookies: { [cookie?.name ?? '']: cookie?.value ?? '' } }
}

const me = (cookies: Record<string, string>, headers: Record<string, string>) =>
  app.inject({ url: '/v1/me', cookies, headers })

const PATIENT = { 'x-yiqiao-app': 'patient' }
const CONSOLE = { 'x-yiqiao-app': 'console' }

describe('signing in', () => {
  it('sets a cookie that scripts and other sites do not get', async () => {
    const { response } = await signIn('13712345650', 'patient')
    expect(response.json()).toEqual({
      app: 'patient',
      expiresAt: addMs(clock.now(), 30 * DAY_MS).toISOString(),
    })
    expect(response.headers['set-cookie']).toMatch(
      /^yq_patient=[0-9a-f]{64}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    const secure = await serve({ demo: false, secureCookies: true })
    const payload = { app: 'console', login: 'zhao', password: PASSWORD }
    const overTls = await secure.inject({ method: 'POST', url: '/v1/sessions', payload })
    expect(overTls.headers['set-cookie']).toMatch(
      /^yq_staff=[0-9a-f]{64}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    await secure.close()
  })

  it('ends the session the browser had before', async () => {
    const { cookies } = await signIn('13712345650', 'patient')
    expect((await me(cookies, PATIENT)).statusCode).toBe(200)
    const later = await signIn('13712345650', 'patient', cookies)
    expect(later.cookies).not.toEqual(cookies)
    expect((await me(cookies, PATIENT)).statusCode).toBe(401)
    expect((await me(later.cookies, PATIENT)).statusCode).toBe(200)
  })

  it.each([
    ['a wrong password', { password: 'not that' }, 401, 'identity.login_failed'],
    ['an app that is none', { app: 'admin' }, 400, 'http.invalid_request'],
    ['a field too many', { role: 'finance' }, 400, 'http.invalid_request'],
    ['a password past its length', { password: 'x'.repeat(129) }, 400, 'http.invalid_request'],
  ])('is refused with %s', async (_what, change, status, code) => {
    const payload = { app: 'patient', login: '13712345650', password: PASSWORD, ...change }
    const response = await app.inject({ method: 'POST', url: '/v1/sessions', payload })
    expect(response.statusCode).toBe(status)
    expect(response.json()).toMatchObject({ code })
    expect(response.headers['set-cookie']).toBeUndefined()
  })

  it('is refused with 429 after five failures', async () => {
    const payload = { app: 'console', login: 'stranger', password: 'not that' }
    const statuses: number[] = []
    for (let i = 0; i < 6; i++) {
      const response = await app.inject({ method: 'POST', url: '/v1/sessions', payload })
      statuses.push(response.statusCode)
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
  })
})

describe('GET /me', () => {
  it('tells a person their own name and masked numbers', async () => {
    const { cookies } = await signIn('13712345650', 'patient')
    const response = await me(cookies, PATIENT)
    expect(response.headers['cache-control']).toBe('no-store')
    expect(response.json()).toEqual({
      kind: 'person',
      personId,
      name: '王小明',
      idCardNo: '3****************X',
      phone: '137******50',
      gender: 'male',
      birthDate: '1980-01-01',
      hospitals: [],
      media: [
        {
          id: expect.any(String),
          kind: 'id_card',
          masked: '3****************X',
          hospitalId: null,
          status: 'active',
        },
      ],
    })
  })

  it('tells staff their hospital and roles', async () => {
    const { cookies } = await signIn('zhao', 'console')
    expect((await me(cookies, CONSOLE)).json()).toEqual({
      kind: 'staff',
      staffId: expect.any(String),
      name: '赵会计',
      hospitalId: 1,
      roles: ['finance'],
    })
  })

  it('believes no cookie without the header, and none for the other app', async () => {
    const { cookies } = await signIn('13712345650', 'patient')
    const token = cookies['yq_patient'] ?? ''
    expect((await me(cookies, {})).statusCode).toBe(401)
    expect((await me(cookies, CONSOLE)).statusCode).toBe(401)
    expect((await me(cookies, { 'x-yiqiao-app': 'toString' })).statusCode).toBe(401)
    expect((await me({ yq_staff: token }, CONSOLE)).statusCode).toBe(401)
    expect((await me({}, PATIENT)).statusCode).toBe(401)
  })

  it('takes two apps in one browser apart', async () => {
    const person = await signIn('13712345650', 'patient')
    const staff = await signIn('zhao', 'console')
    const both = { ...person.cookies, ...staff.cookies }
    expect((await me(both, PATIENT)).json()).toMatchObject({ kind: 'person' })
    expect((await me(both, CONSOLE)).json()).toMatchObject({ kind: 'staff' })
  })
})

describe('signing out', () => {
  it('ends the session and takes the cookie back', async () => {
    const { cookies } = await signIn('13712345650', 'patient')
    const url = '/v1/sessions/current'
    const response = await app.inject({ method: 'DELETE', url, cookies, headers: PATIENT })
    expect(response.statusCode).toBe(204)
    expect(response.headers['set-cookie']).toMatch(/^yq_patient=; .*Path=\//)
    expect((await me(cookies, PATIENT)).statusCode).toBe(401)
    const again = await app.inject({ method: 'DELETE', url, cookies, headers: PATIENT })
    expect(again.statusCode).toBe(401)
  })
})

describe('an API key', () => {
  const ask = (authorization: string, cookies = {}) =>
    app.inject({ url: '/v1/keys-only', headers: { authorization, ...PATIENT }, cookies })

  it('proves an institution, as a bearer and in no other way', async () => {
    const expiresAt = addMs(clock.now(), MINUTE_MS)
    const made = await identity.createApiKey({ name: 'bank', hospitalIds: [hospitalId], expiresAt })
    expect((await ask(`Bearer ${made.key}`)).statusCode).toBe(200)
    expect((await ask(made.key)).statusCode).toBe(401)
    expect((await ask(`Basic ${made.key}`)).statusCode).toBe(401)
    expect((await ask('Bearer x')).statusCode).toBe(401)
  })

  it('that is wrong is not made good by a cookie', async () => {
    const { cookies } = await signIn('13712345650', 'patient')
    expect((await ask('Bearer x', cookies)).statusCode).toBe(401)
  })
})

describe('GET /demo/personas', () => {
  it('lists who one may be, in the order they were saved', async () => {
    const persona = (login: string) => ({
      app: 'patient' as const,
      login,
      password: PASSWORD,
      label: { zh: '王小明', en: 'Two open bills' },
    })
    await identity.saveDemoPersonas([persona('b')])
    await identity.saveDemoPersonas([persona('z'), persona('a')])
    const response = await app.inject({ url: '/v1/demo/personas' })
    expect(response.json()).toEqual({ items: [persona('z'), persona('a')] })
  })

  it('is not there outside of a demo', async () => {
    const real = await serve({ demo: false, secureCookies: true })
    const route = { method: 'GET', url: '/v1/demo/personas' } as const
    expect(app.hasRoute(route)).toBe(true)
    expect(real.hasRoute(route)).toBe(false)
    expect((await real.inject(route)).statusCode).toBeGreaterThanOrEqual(400)
    await real.close()
  })
})
