import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate, MINUTE_MS } from '../../kernel/time.ts'
import { auditAbout } from '../../platform/audit.ts'
import { inHospital } from '../../platform/db.ts'
import { createHttp } from '../../platform/http/server.ts'
import { systemActor } from '../../platform/principal.ts'
import { createSeal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import {
  createAuthenticate,
  createIdentity,
  type Identity,
  identityRoutes,
  mediaRoutes,
  type PersonId,
} from './index.ts'

const platform = testPlatform()
const { clock, newId } = platform
const HOSPITAL = 7 as HospitalId
const PASSWORD = 'a long walk to the hospital'
const CARD = { kind: 'hospital_card', value: '37000051' }
const BECAUSE = { reason: '本人持证件办理' }
let db: TestDatabase
let app: Awaited<ReturnType<typeof createHttp>>
let identity: Identity
let wang: PersonId

beforeAll(async () => {
  db = await createTestDatabase()
  const seal = createSeal(new Uint8Array(32).fill(9), platform.random)
  identity = createIdentity({ db, ...platform, seal })
  app = await createHttp({ newId, logger: false, authenticate: createAuthenticate(identity) })
  await app.register(identityRoutes(identity, { clock, secureCookies: false, demo: false }))
  await app.register(mediaRoutes(identity))
  wang = await identity.registerPerson({
    name: '王晓峰',
    idCardNo: '11010119840615003X',
    phone: '13912345678',
    gender: 'male',
    birthDate: businessDate('1984-06-15'),
    media: [],
    password: PASSWORD,
  })
  const staff = { hospitalId: HOSPITAL, name: '赵会计', login: 'desk', password: PASSWORD }
  await identity.registerStaff({ ...staff, roles: ['cashier'] })
})
afterAll(async () => {
  await app.close()
  await db[Symbol.asyncDispose]()
})

type Caller = { app: 'patient' | 'console'; cookies: Record<string, string> }

async function signIn(name: 'patient' | 'console'): Promise<Caller> {
  const login = name === 'console' ? 'desk' : '13912345678'
  const payload = { app: name, login, password: PASSWORD }
  const { cookies } = await app.inject({ method: 'POST', url: '/sessions', payload })
  return {
    app: name,
    cookies: Object.fromEntries(cookies.map((cookie) => [cookie.name, cookie.value])),
  }
}

async function post(caller: Caller, url: string, payload: object) {
  const headers = { 'x-yiqiao-app': caller.app }
  const { cookies } = caller
  const answer = await app.inject({ method: 'POST', url, payload, headers, cookies })
  return { status: answer.statusCode, body: answer.body ? answer.json<Body>() : null }
}
type Body = { id: string; code: string; status: string }

const mediaOf = (id: PersonId) => `/hospitals/${HOSPITAL}/persons/${id}/media`
const present = (caller: Caller, value: string) =>
  post(caller, `/hospitals/${HOSPITAL}/media/presented`, { kind: CARD.kind, value })

it('[I1] a desk binds a card, replaces it at once, and the old one is refused at once', async () => {
  const desk = await signIn('console')
  expect(await present(desk, CARD.value)).toMatchObject({
    status: 404,
    body: { code: 'identity.medium_unknown' },
  })
  const bound = await post(desk, mediaOf(wang), { ...CARD, ...BECAUSE })
  expect(bound.status).toBe(201)
  expect((await present(desk, CARD.value)).body).toEqual({
    personId: wang,
    currentPersonId: wang,
    name: '*晓峰',
    status: 'active',
    media: [
      expect.objectContaining({ kind: 'id_card' }),
      expect.objectContaining({ id: bound.body?.id, masked: '37****51', status: 'active' }),
    ],
  })
  const card = `${mediaOf(wang)}/${bound.body?.id}`
  expect((await post(desk, `${card}/loss`, BECAUSE)).status).toBe(204)
  expect((await present(desk, CARD.value)).body?.status).toBe('lost')
  expect(await identity.findPersonByMedium('hospital_card', CARD.value, HOSPITAL)).toBeNull()
  const replaced = await post(desk, `${card}/replacement`, { value: '37000052', ...BECAUSE })
  expect(replaced.status).toBe(201)
  expect((await present(desk, '37000052')).body?.status).toBe('active')
  expect((await present(desk, CARD.value)).body?.status).toBe('replaced')
  const again = await post(desk, `${card}/replacement`, { value: '37000053', ...BECAUSE })
  expect(again).toMatchObject({ status: 409, body: { code: 'identity.medium_not_active' } })
  const facts = await inHospital(db, HOSPITAL, (tx) => auditAbout(tx, HOSPITAL, `person:${wang}`))
  expect(facts.map(({ action }) => action)).toEqual([
    'identity.medium_bound',
    'identity.resolve_medium',
    'identity.medium_lost',
    'identity.resolve_medium',
    'identity.medium_replaced',
    'identity.medium_bound',
    'identity.resolve_medium',
    'identity.resolve_medium',
  ])
  expect(JSON.stringify(facts)).not.toContain(CARD.value)
})

it('[I1] what moves money asks for the password again after five minutes, a loss never', async () => {
  const desk = await signIn('console')
  const stepUp = { status: 401, body: { code: 'identity.step_up_required' } }
  const bound = await post(desk, mediaOf(wang), { kind: 'social_card', value: 'A1', ...BECAUSE })
  clock.advance(6 * MINUTE_MS)
  const card = `${mediaOf(wang)}/${bound.body?.id}`
  const other = { kind: 'social_card', value: 'A2', ...BECAUSE }
  expect(await post(desk, mediaOf(wang), other)).toMatchObject(stepUp)
  expect(await post(desk, `${card}/replacement`, other)).toMatchObject({ status: 400 })
  expect(await post(desk, `${card}/replacement`, { value: 'A2', ...BECAUSE })).toMatchObject(stepUp)
  expect(await post(desk, `${card}/end`, BECAUSE)).toMatchObject(stepUp)
  expect((await post(desk, `${card}/loss`, BECAUSE)).status).toBe(204)
})

it('[I1] another hospital’s card is changed there alone, though anybody may say that it is lost', async () => {
  const desk = await signIn('console')
  const elsewhere = { hospitalId: 8 as HospitalId, actor: systemActor('test'), reason: '发卡' }
  const medium = { ...CARD, kind: 'hospital_card' as const, hospitalId: elsewhere.hospitalId }
  const card = `${mediaOf(wang)}/${await identity.bindMedium(wang, medium, elsewhere)}`
  const refused = { status: 403, body: { code: 'identity.medium_of_another' } }
  expect(await post(desk, `${card}/end`, BECAUSE)).toMatchObject(refused)
  const another = { value: '38000001', ...BECAUSE }
  expect(await post(desk, `${card}/replacement`, another)).toMatchObject(refused)
  expect((await post(desk, `${card}/loss`, BECAUSE)).status).toBe(204)
})

it('[I1] people report their own cards lost and give them up, and no document of theirs', async () => {
  const desk = await signIn('console')
  const bound = await post(desk, mediaOf(wang), { kind: 'health_code', value: 'H-1', ...BECAUSE })
  const own = { hospitalId: HOSPITAL, ...BECAUSE }
  const payer = await signIn('patient')
  const code = `/me/media/${bound.body?.id}`
  expect((await post(payer, `${code}/loss`, own)).status).toBe(204)
  clock.advance(6 * MINUTE_MS)
  expect(await post(payer, `${code}/end`, own)).toMatchObject({
    status: 401,
    body: { code: 'identity.step_up_required' },
  })
  const fresh = await signIn('patient')
  expect((await post(fresh, `${code}/end`, own)).status).toBe(204)
  const document = (await identity.mediaOf(wang)).find(({ kind }) => kind === 'id_card')
  expect(await post(fresh, `/me/media/${document?.id}/end`, own)).toMatchObject({
    status: 422,
    body: { code: 'identity.medium_kept' },
  })
  expect(await identity.findPersonByMedium('id_card', '11010119840615003X')).toBe(wang)
  expect(await post(fresh, `/me/media/${newId()}/loss`, own)).toMatchObject({
    status: 404,
    body: { code: 'identity.medium_not_found' },
  })
  expect((await post(fresh, mediaOf(wang), { ...CARD, ...BECAUSE })).status).toBe(403)
  const { cookies } = fresh
  const headers = { 'x-yiqiao-app': 'patient' }
  const history = await app.inject({ url: '/me/media/history', cookies, headers })
  const { items } = history.json<{ items: { event: string; masked: string }[] }>()
  expect(items.slice(-3).map(({ event, masked }) => [event, masked])).toEqual([
    ['bound', '***'],
    ['lost', '***'],
    ['ended', '***'],
  ])
})
