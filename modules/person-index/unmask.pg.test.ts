import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { auditAbout, createAudit } from '../../platform/audit.ts'
import { inHospital } from '../../platform/db.ts'
import { createPublish } from '../../platform/events.ts'
import { createHttp } from '../../platform/http/server.ts'
import { createSeal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import {
  createAuthenticate,
  createIdentity,
  createRequireStepUp,
  type Identity,
  identityRoutes,
  type PersonId,
} from '../identity/index.ts'
import { createPersonIndex, unmaskRoute } from './index.ts'

const platform = testPlatform()
const { clock, newId } = platform
const HOSPITAL = 52 as HospitalId
const PASSWORD = 'a long walk to the hospital'
const CONSOLE = { 'x-yiqiao-app': 'console' }
let db: TestDatabase
let app: Awaited<ReturnType<typeof createHttp>>
let identity: Identity
let wang: PersonId
let stranger: PersonId

const person = {
  name: '王晓峰',
  idCardNo: '11010119840615003X',
  phone: '13912345678',
  gender: 'male' as const,
  birthDate: businessDate('1984-06-15'),
  media: [],
}

beforeAll(async () => {
  db = await createTestDatabase()
  const seal = createSeal(new Uint8Array(32).fill(9), platform.random)
  identity = createIdentity({ db, ...platform, seal })
  const index = createPersonIndex({
    db,
    ...platform,
    seal,
    audit: createAudit(platform),
    publish: createPublish({ ...platform, wake: () => undefined }),
    identity,
    trail: null,
    population: 8_000_000,
  })
  app = await createHttp({ newId, logger: false, authenticate: createAuthenticate(identity) })
  await app.register(identityRoutes(identity, { clock, secureCookies: false, demo: false }))
  await app.register(unmaskRoute(index, createRequireStepUp(identity)))
  wang = await identity.registerPerson(person)
  stranger = await identity.registerPerson({ ...person, idCardNo: '110101198406150048' })
  const his = {
    resolvePatient: async () => ({
      outcome: 'ok' as const,
      data: { patientNo: 'P1', cardNo: '37000051' },
    }),
  }
  await identity.resolvePatient(wang, HOSPITAL, his as never, { trace: () => undefined })
  for (const [login, role] of [
    ['desk', 'cashier'],
    ['books', 'finance'],
  ] as const) {
    const staff = { hospitalId: HOSPITAL, name: '赵会计', login, password: PASSWORD }
    await identity.registerStaff({ ...staff, roles: [role] })
  }
})
afterAll(async () => {
  await app.close()
  await db[Symbol.asyncDispose]()
})

async function signIn(login: string): Promise<Record<string, string>> {
  const payload = { app: 'console', login, password: PASSWORD }
  return cookiesOf(await app.inject({ method: 'POST', url: '/sessions', payload }))
}

const cookiesOf = ({ cookies }: { cookies: { name: string; value: string }[] }) =>
  Object.fromEntries(cookies.map(({ name, value }) => [name, value]))

function unmask(cookies: Record<string, string>, id: PersonId, payload: object = ASKED) {
  const url = `/hospitals/${HOSPITAL}/person-index/persons/${id}/unmask`
  return app.inject({ method: 'POST', url, payload, cookies, headers: CONSOLE })
}
const ASKED = { field: 'idNumber', reason: '核对证件原件' }

const proveAgain = (cookies: Record<string, string>, password: string) =>
  app.inject({
    method: 'POST',
    url: '/sessions/current/proof',
    payload: { password },
    cookies,
    headers: CONSOLE,
  })

it('[S5] shows one value for a minute to who has just proved who they are, and writes down why', async () => {
  const cookies = await signIn('desk')
  const seen = await unmask(cookies, wang)
  expect(seen.json()).toEqual({
    value: '11010119840615003X',
    hideAt: new Date(clock.now().getTime() + 60 * SECOND_MS).toISOString(),
  })
  expect(seen.headers['cache-control']).toBe('no-store')
  const facts = await inHospital(db, HOSPITAL, (tx) => auditAbout(tx, HOSPITAL, `person:${wang}`))
  expect(facts).toMatchObject([
    { action: 'person_index.unmask', detail: { field: 'idNumber', reason: '核对证件原件' } },
  ])
  expect(JSON.stringify(facts)).not.toContain('11010119840615003X')
})

it('[S5] asks for the password again after five minutes, and gives the session another token', async () => {
  const cookies = await signIn('desk')
  clock.advance(5 * MINUTE_MS + SECOND_MS)
  const stale = await unmask(cookies, wang)
  expect([stale.statusCode, stale.json<Problem>().code]).toEqual([401, 'identity.step_up_required'])
  const wrong = await proveAgain(cookies, 'not that')
  expect([wrong.statusCode, wrong.json<Problem>().code]).toEqual([401, 'identity.login_failed'])
  const proven = await proveAgain(cookies, PASSWORD)
  expect(proven.statusCode).toBe(201)
  const renewed = cookiesOf(proven)
  expect(renewed).not.toEqual(cookies)
  expect((await unmask(renewed, wang)).statusCode).toBe(200)
  expect((await unmask(cookies, wang)).json<Problem>().code).toBe('http.unauthenticated')
})

it('[S5] is refused for who is no patient here, without a reason, and to other roles', async () => {
  const cookies = await signIn('desk')
  const unknown = await unmask(cookies, stranger)
  expect([unknown.statusCode, unknown.json<Problem>().code]).toEqual([
    403,
    'person_index.person_not_known_here',
  ])
  expect((await unmask(cookies, wang, { field: 'idNumber', reason: ' ' })).statusCode).toBe(400)
  expect((await unmask(cookies, wang, { field: 'name', reason: 'x' })).statusCode).toBe(400)
  const none = await unmask(cookies, wang, { field: 'address', reason: '寄回病历' })
  expect(none.json<Problem>().code).toBe('person_index.nothing_to_show')
  expect((await unmask(await signIn('books'), wang)).statusCode).toBe(403)
})

type Problem = { code: string }
