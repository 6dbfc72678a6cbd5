import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { addMs, DAY_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Role } from '../../platform/principal.ts'
import { rsaSigner, sm2Signer } from './testing/signer.ts'
import {
  asStaff,
  bearer,
  form,
  HOSPITAL,
  openPartnersWorld,
  OTHER_HOSPITAL,
  type PartnersWorld,
} from './testing/world.ts'

const IT = asStaff('it')
const OTHER_IT = asStaff('it', OTHER_HOSPITAL)
const pathAt = (hospitalId: HospitalId) => `/v1/hospitals/${hospitalId}/partner-applications`
const PATH = pathAt(HOSPITAL)
const WISH = { name: '滨海银行手机银行', kind: 'bank', scopes: ['events:read', 'payments:read'] }

let world: PartnersWorld
beforeAll(async () => void (world = await openPartnersWorld()))
afterAll(() => world[Symbol.asyncDispose]())

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
const call = (headers: object, method: Method, url: string, payload?: object) =>
  world.app.inject({
    method,
    url,
    headers: { ...headers },
    ...(payload === undefined ? {} : { payload }),
  })

type Registered = {
  application: { id: string; clientId: string; scopes: string[] }
  secret: { secretId: string; clientSecret: string }
}

async function register(wish: object = WISH): Promise<Registered> {
  const answer = await call(IT, 'POST', PATH, wish)
  expect(answer.statusCode).toBe(201)
  return answer.json<Registered>()
}

const grant = (client: Registered, clientSecret = client.secret.clientSecret) =>
  form(world, 'token', {
    grant_type: 'client_credentials',
    client_id: client.application.clientId,
    client_secret: clientSecret,
  })

describe('an application', () => {
  it('is registered by IT, and its secret shown this once', async () => {
    const answer = await call(IT, 'POST', PATH, { ...WISH, allowedAddresses: ['127.0.0.0/8'] })
    expect(answer.statusCode).toBe(201)
    expect(answer.headers['cache-control']).toBe('no-store')
    const { application, secret } = answer.json<Registered>()
    expect(application).toMatchObject({
      clientId: expect.stringMatching(/^yqc_[0-9a-f]{24}$/),
      ...WISH,
      homeHospital: HOSPITAL,
      status: 'active',
      accessStatus: 'active',
      allowedAddresses: ['127.0.0.0/8'],
    })
    expect(secret.clientSecret).toMatch(/^yqs_test_[0-9a-f]{64}$/)
    const detail = await call(IT, 'GET', `${PATH}/${application.id}`)
    expect(detail.json()).toMatchObject({ ...application, secrets: [{ id: secret.secretId }] })
    expect(detail.body).not.toContain(secret.clientSecret)
    expect((await call(IT, 'GET', PATH)).json()).toMatchObject({ items: [application] })
  })

  it('is listed a page at a time, newest first', async () => {
    const ids = []
    for (let i = 0; i < 3; i++) ids.unshift((await register()).application.id)
    const page = async (query: string) => {
      const answer = await call(IT, 'GET', `${PATH}?${query}`)
      return answer.json<{ items: { id: string }[] }>().items.map(({ id }) => id)
    }
    expect(await page('limit=2')).toEqual(ids.slice(0, 2))
    expect(await page(`limit=1&before=${ids[1]}`)).toEqual(ids.slice(2, 3))
  })

  it.each<[string, object]>([
    ['no name', { ...WISH, name: '' }],
    ['another kind', { ...WISH, kind: 'shop' }],
    ['a scope that is none', { ...WISH, scopes: ['everything'] }],
    ['a field too many', { ...WISH, status: 'active' }],
    ['a range that is none', { ...WISH, allowedAddresses: ['10.0.0.0/33'] }],
    ['a range that holds everything', { ...WISH, allowedAddresses: ['0.0.0.0/0'] }],
  ])('is not registered with %s', async (_what, wish) => {
    expect((await call(IT, 'POST', PATH, wish)).statusCode).toBe(400)
  })

  it('is IT’s to change and the auditor’s to see; nobody else’s', async () => {
    const { application, secret } = await register()
    const own = `${PATH}/${application.id}`
    const key = { algorithm: 'rsa-sha256', publicKey: rsaSigner().publicKey, validUntil: LATER }
    const writes: [Method, string, object | undefined][] = [
      ['POST', PATH, WISH],
      ['POST', `${PATH}/admissions`, { clientId: application.clientId, scopes: [] }],
      ['PATCH', own, { scopes: [] }],
      ['PUT', `${own}/status`, { status: 'disabled' }],
      ['POST', `${own}/secrets`, {}],
      ['DELETE', `${own}/secrets/${secret.secretId}`, undefined],
      ['POST', `${own}/keys`, key],
      ['DELETE', `${own}/keys/${world.newId()}`, undefined],
    ]
    const reads = ['', `/${application.id}`, ...LOGS.map((log) => `/${application.id}/${log}`)]
    for (const role of ['finance', 'cashier', 'auditor'] as Role[]) {
      for (const [method, url, payload] of writes) {
        expect((await call(asStaff(role), method, url, payload)).statusCode).toBe(403)
      }
      const expected = role === 'auditor' ? 200 : 403
      for (const path of reads) {
        expect((await call(asStaff(role), 'GET', PATH + path)).statusCode).toBe(expected)
      }
    }
    const { access_token: token } = (await grant({ application, secret })).json<{
      access_token: string
    }>()
    for (const [method, url, payload] of writes) {
      expect((await call(bearer(token), method, url, payload)).statusCode).toBe(403)
      expect((await call(OTHER_IT, method, url, payload)).statusCode).toBe(403)
    }
  })
})

const LOGS = ['requests', 'alerts', 'endpoints', 'deliveries']
const LATER = '2027-11-21T00:00:00.000Z'

describe('several hospitals', () => {
  it('each let an application in by itself, and take back what is their own', async () => {
    const client = await register()
    const { id, clientId } = client.application
    const there = pathAt(OTHER_HOSPITAL)
    expect((await call(OTHER_IT, 'GET', `${there}/${id}`)).statusCode).toBe(404)
    const wrong = await call(OTHER_IT, 'POST', `${there}/admissions`, { clientId: 'x', scopes: [] })
    expect(wrong.json()).toMatchObject({ code: 'partners.application_not_found' })
    const admission = { clientId, scopes: ['events:read'] }
    const admitted = await call(OTHER_IT, 'POST', `${there}/admissions`, admission)
    expect([admitted.statusCode, admitted.json()]).toMatchObject([201, { homeHospital: HOSPITAL }])
    const { access_token: token } = (await grant(client)).json<{ access_token: string }>()
    const feedAt = (hospitalId: number) =>
      call(bearer(token), 'GET', `/v1/hospitals/${hospitalId}/partner/events`)
    expect([(await feedAt(1)).statusCode, (await feedAt(2)).statusCode]).toEqual([200, 200])

    const foreign: [Method, string, object | undefined][] = [
      ['PATCH', `${there}/${id}`, { allowedAddresses: [] }],
      ['POST', `${there}/${id}/secrets`, {}],
      ['DELETE', `${there}/${id}/secrets/${client.secret.secretId}`, undefined],
    ]
    for (const [method, url, payload] of foreign) {
      const refused = await call(OTHER_IT, method, url, payload)
      expect([refused.statusCode, refused.json()]).toMatchObject([
        403,
        { code: 'partners.application_foreign' },
      ])
    }
    await call(OTHER_IT, 'PUT', `${there}/${id}/status`, { status: 'disabled' })
    expect([(await feedAt(1)).statusCode, (await feedAt(2)).statusCode]).toEqual([200, 403])
    await call(OTHER_IT, 'PUT', `${there}/${id}/status`, { status: 'active' })
    await call(IT, 'PUT', `${PATH}/${id}/status`, { status: 'disabled' })
    expect([(await feedAt(1)).statusCode, (await feedAt(2)).statusCode]).toEqual([403, 403])
  })
})

describe('secrets and keys', () => {
  it('are rotated and ended over the interface', async () => {
    const client = await register()
    const own = `${PATH}/${client.application.id}`
    const rotated = await call(IT, 'POST', `${own}/secrets`, { overlapHours: 1 })
    const { clientSecret, secretId } = rotated.json<Registered['secret']>()
    expect([rotated.statusCode, rotated.headers['cache-control']]).toEqual([201, 'no-store'])
    expect((await grant(client, clientSecret)).statusCode).toBe(200)
    expect((await call(IT, 'POST', `${own}/secrets`, {})).json()).toMatchObject({
      code: 'partners.secrets_too_many',
    })
    expect((await call(IT, 'POST', `${own}/secrets`, { overlapHours: 169 })).statusCode).toBe(400)
    expect((await call(IT, 'DELETE', `${own}/secrets/${secretId}`)).statusCode).toBe(204)
    expect((await grant(client, clientSecret)).statusCode).toBe(401)
    expect((await call(IT, 'DELETE', `${own}/secrets/${secretId}`)).statusCode).toBe(404)
  })

  it('are taken in when they are good, five at a time', async () => {
    const own = `${PATH}/${(await register()).application.id}/keys`
    const key = (of: object) => call(IT, 'POST', own, { ...KEY, validUntil: LATER, ...of })
    const KEY = { algorithm: 'sm2-sm3', publicKey: sm2Signer().publicKey }
    const added = await key({})
    expect(added.statusCode).toBe(201)
    for (const flaw of [
      { publicKey: rsaSigner(1_024).publicKey, algorithm: 'rsa-sha256' },
      { publicKey: `04${'ab'.repeat(64)}` },
      { validUntil: '2026-11-21T01:59:59.000Z' },
      { validFrom: LATER },
      { validUntil: '2099-01-01T00:00:00.000Z' },
    ]) {
      const refused = await key(flaw)
      expect([refused.statusCode, refused.json()]).toMatchObject([
        400,
        { code: 'partners.key_invalid' },
      ])
    }
    for (let i = 0; i < 4; i++)
      expect((await key({ publicKey: sm2Signer().publicKey })).statusCode).toBe(201)
    expect((await key({})).json()).toMatchObject({ code: 'partners.keys_too_many' })
    const { id } = added.json<{ id: string }>()
    expect((await call(IT, 'DELETE', `${own}/${id}`)).statusCode).toBe(204)
    expect((await call(IT, 'DELETE', `${own}/${id}`)).statusCode).toBe(404)
  })
})

it('every change is in the audit of the hospital, and no secret with it', async () => {
  const client = await register()
  const { id } = client.application
  const own = `${PATH}/${id}`
  await call(IT, 'PATCH', own, { scopes: ['verify:read'] })
  const rotated = await call(IT, 'POST', `${own}/secrets`, {})
  await call(IT, 'PUT', `${own}/status`, { status: 'disabled' })
  const { rows } = await inHospital(world.db, HOSPITAL, (tx) =>
    sql<{ action: string; actor: string; text: string }>`
      select action, actor, a::text as text from platform.audit a
      where hospital_id = ${HOSPITAL} and subject = ${`application:${id}`} order by id`.execute(tx),
  )
  expect(rows.map(({ action }) => action)).toEqual([
    'partners.register_application',
    'partners.change_application',
    'partners.rotate_secret',
    'partners.disable_application',
  ])
  expect(new Set(rows.map(({ actor }) => actor.split(':')[0]))).toEqual(new Set(['staff']))
  const { clientSecret } = rotated.json<Registered['secret']>()
  for (const secret of [client.secret.clientSecret, clientSecret]) {
    expect(rows.map(({ text }) => text).join()).not.toContain(secret.slice(-16))
  }
})

describe('the log of requests', () => {
  it('has what was asked, how it ended and nothing of what was in it, for 30 days', async () => {
    const client = await register()
    const { id } = client.application
    const { access_token: token } = (await grant(client)).json<{ access_token: string }>()
    const headers = bearer(token)
    const partner = `/v1/hospitals/${HOSPITAL}/partner`
    await call(headers, 'GET', `${partner}/events?after=3`)
    await call(headers, 'GET', `${partner}/events/${world.newId()}`)
    await call(headers, 'POST', `${partner}/endpoints`, { url: 'x', eventTypes: ['no'] })
    await call(headers, 'GET', `/v1/hospitals/${OTHER_HOSPITAL}/partner/events`)
    const log = await call(headers, 'GET', `${partner}/requests`)
    type Logged = { method: string; path: string; status: number; errorCode: string | null }
    const { items } = log.json<{ items: (Logged & { id: string })[] }>()
    expect(
      items.map(({ method, path, status, errorCode }) => [method, path, status, errorCode]),
    ).toEqual([
      ['POST', `${partner}/endpoints`, 400, 'http.invalid_request'],
      ['GET', expect.stringMatching(/events\/[0-9a-f-]+$/), 404, 'partners.event_not_found'],
      ['GET', `${partner}/events`, 200, null],
    ])
    const failed = await call(headers, 'GET', `${partner}/requests?failed=true&limit=1`)
    expect(failed.json()).toMatchObject({ items: [{ status: 400 }] })
    const forStaff = await call(IT, 'GET', `${PATH}/${id}/requests?before=${items[1]?.id}`)
    expect(forStaff.json<{ items: object[] }>().items).toHaveLength(1)
    const all = await world.partners.requestLog(world.newId(), { hospitalId: null, limit: 10 })
    expect(all).toEqual([])
    world.clock.set(addMs(world.clock.now(), 30 * DAY_MS + 1))
    expect(await world.partners.purgeExpired()).toBeGreaterThan(6)
    const left = await call(IT, 'GET', `${PATH}/${id}/requests`)
    expect(left.json()).toEqual({ items: [] })
    expect(await world.partners.purgeExpired()).toBe(0)
  })
})
