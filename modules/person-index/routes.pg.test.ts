import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { createAudit } from '../../platform/audit.ts'
import { createPublish } from '../../platform/events.ts'
import { createHttp } from '../../platform/http/server.ts'
import type { Principal, Role } from '../../platform/principal.ts'
import { createSeal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { createIdentity, type Identity, type PersonId } from '../identity/index.ts'
import { createPersonIndex, personIndexRoutes } from './index.ts'

const platform = testPlatform()
const { newId } = platform
const HOSPITAL = 52 as HospitalId
const staff = (...roles: Role[]): Principal => ({
  kind: 'staff',
  staffId: newId<'Staff'>(),
  hospitalId: HOSPITAL,
  roles,
})
let db: TestDatabase
let app: Awaited<ReturnType<typeof createHttp>>
let identity: Identity
let principal = staff('cashier')
let ids: PersonId[]

const wang = {
  name: '王晓峰',
  idCardNo: '11010119840615003X',
  phone: '13912345678',
  gender: 'male' as const,
  birthDate: businessDate('1984-06-15'),
  address: '海岳市和平区建设路12号3-401',
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
  app = await createHttp({ newId, logger: false, authenticate: async () => principal })
  await app.register(personIndexRoutes(index))
  await app.ready()
  const other = { ...wang, name: '王小峰', idCardNo: 'E12345678', idKind: 'passport' as const }
  ids = await identity.registerPeople([wang, other])
})
afterAll(async () => {
  await app.close()
  await db[Symbol.asyncDispose]()
})

async function call(method: 'GET' | 'POST', path: string, body?: object) {
  const url = `/hospitals/${HOSPITAL}/person-index/${path}`
  const answer = await app.inject({ method, url, ...(body ? { payload: body } : {}) })
  return { status: answer.statusCode, body: answer.body ? answer.json<Answer>() : null }
}
type Answer = { id: string; items: { id: string }[] }

it('[I1] two members of staff see a pair, link it, and part it again', async () => {
  for (const id of ids) expect((await call('POST', `persons/${id}/look`)).status).toBe(200)
  const list = await call('GET', 'candidates')
  expect(list.body?.items).toMatchObject([{ grade: 'probable', doubts: ['name_differs'] }])
  const candidate = `candidates/${list.body?.items[0]?.id}`
  expect((await call('GET', candidate)).body).toMatchObject({
    sides: [
      { name: '王晓峰', idNumber: '1****************X', phone: '139****5678' },
      { name: '王小峰', idNumber: 'E*******8' },
    ],
  })
  principal = staff('auditor')
  expect((await call('GET', candidate)).body).toMatchObject({
    sides: [{ name: '*晓峰', phone: '139******78', birthDate: '1984-**-**' }, { name: '*小峰' }],
  })
  const [personId, survivorId] = [ids[1], ids[0]]
  const act = { kind: 'link', personId, survivorId, reason: '持护照办理' }
  expect((await call('POST', 'acts', act)).status).toBe(403)
  principal = staff('it')
  const proposed = await call('POST', 'acts', act)
  expect(proposed.status).toBe(201)
  const decision = { agrees: true, reason: '核对了证件' }
  const decide = () => call('POST', `acts/${proposed.body?.id}/decision`, decision)
  expect(await decide()).toMatchObject({
    status: 403,
    body: { code: 'person_index.decided_by_same_person' },
  })
  principal = staff('cashier')
  expect((await call('GET', 'acts')).body?.items).toMatchObject([
    { kind: 'link', facts: { openRefunds: null } },
  ])
  expect((await decide()).status).toBe(204)
  expect((await call('GET', 'candidates')).body?.items).toEqual([])
  expect((await call('GET', `persons/${personId}`)).body).toMatchObject({
    currentPersonId: survivorId,
    records: [survivorId, personId],
    payments: null,
    acts: [{ status: 'agreed' }],
  })
  const back = { kind: 'link', personId: survivorId, survivorId: personId, reason: 'circle' }
  expect(await call('POST', 'acts', back)).toMatchObject({
    status: 409,
    body: { code: 'identity.link_circular' },
  })
  const reassign = [{ paymentId: newId(), toPersonId: personId }]
  expect(await call('POST', 'acts', { ...act, kind: 'unlink', reassign })).toMatchObject({
    status: 503,
    body: { code: 'person_index.payments_unknown' },
  })
  const ended = await call('POST', 'acts', { ...act, kind: 'unlink' })
  principal = staff('it')
  expect((await call('POST', `acts/${ended.body?.id}/decision`, decision)).status).toBe(204)
  expect(await identity.currentPersonOf(ids[1] as PersonId)).toBe(personId)
})

it('[I1] somebody at the desk is matched with grades and scores, masked', async () => {
  principal = staff('cashier')
  const asked = {
    name: '王曉峯',
    idNumber: '11010119840615003x',
    idKind: 'id_card',
    birthDate: '1984-06-15',
    gender: 'male',
    phone: null,
    address: null,
  }
  const found = await call('POST', 'match', asked)
  expect(found.body?.items[0]).toMatchObject({
    grade: 'certain',
    person: { personId: ids[0], idNumber: '1****************X' },
  })
  const onlyFirst = await call('POST', 'match', { ...asked, onlyCertainMatches: true })
  expect(onlyFirst.body?.items).toHaveLength(1)
  expect(JSON.stringify(found.body)).not.toContain('11010119840615003')
  expect((await call('POST', 'match', { ...asked, birthDate: '1984-02-30' })).status).toBe(400)
  expect((await call('POST', 'match', { ...asked, name: '' })).status).toBe(400)
  const nobody = { ...asked, name: '欧阳锋', idNumber: null, birthDate: '2000-02-29' }
  expect((await call('POST', 'match', nobody)).body?.items).toEqual([])
  expect((await call('GET', `candidates/${newId()}`)).body).toMatchObject({
    code: 'person_index.candidate_not_found',
  })
  principal = staff('finance')
  expect((await call('POST', 'match', asked)).status).toBe(403)
})
