import { afterAll, beforeAll, expect, it } from 'vitest'

import { AppError } from '../../kernel/error.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { auditAbout } from '../../platform/audit.ts'
import { inHospital } from '../../platform/db.ts'
import { createHttp } from '../../platform/http/server.ts'
import type { Principal, Role } from '../../platform/principal.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { PersonId } from './programme.ts'
import type { PeopleDirectory } from './route-parts.ts'
import { benefitRoutes } from './routes.ts'
import { ACTOR, createFixture, type Fixture, subsidy, YES } from './testing/fixture.ts'

// What a hospital's staff lists and looks up: the register, programmes with who decided, and people by their cards.

const HERE = 331 as HospitalId
const CARD = '370202198001010013'

let db: TestDatabase
let fixture: Fixture
let known: PersonId
let principal: Principal
let app: Awaited<ReturnType<typeof createHttp>>
let bare: typeof app

beforeAll(async () => {
  db = await createTestDatabase()
  fixture = createFixture(db, 'staff-lists', HERE)
  const { clock, newId, benefits } = fixture
  known = newId<'Person'>()
  const context = { benefits, platform: { db, clock, newId } }
  const options = { newId, logger: false, authenticate: async () => principal }
  app = await createHttp(options)
  await app.register(benefitRoutes({ ...context, people: peopleWith(known) }))
  bare = await createHttp(options)
  await bare.register(benefitRoutes(context))
  await Promise.all([app.ready(), bare.ready()])
})
afterAll(async () => {
  await Promise.all([app.close(), bare.close()])
  await db[Symbol.asyncDispose]()
})

/** One person with an identity card, and a card of this hospital. */
const peopleWith = (personId: PersonId): PeopleDirectory => ({
  findPersonByMedium: async (kind, value, hospitalId) => {
    const isTheirs = kind === 'id_card' ? value === CARD : value === 'H-1' && hospitalId === HERE
    return isTheirs ? personId : null
  },
  personView: async (id) => {
    if (id !== personId) throw new AppError('identity.person_not_found', 'not_found', {})
    return { name: '*小明', idCardNo: '3****************3' }
  },
})

const staff = (role: Role = 'finance'): Principal => ({
  kind: 'staff',
  staffId: fixture.newId<'Staff'>(),
  hospitalId: HERE,
  roles: [role],
})

async function call(method: 'GET' | 'POST', path: string, body?: object, on = app) {
  const url = `/hospitals/${HERE}/${path}`
  const headers = { 'idempotency-key': `key-${fixture.newId()}` }
  const answer = await on.inject({ method, url, headers, ...(body ? { payload: body } : {}) })
  return { status: answer.statusCode, body: answer.json<{ items: { id: string }[] }>() }
}

it('[N6] the register is listed page by page, by kind, and without what does not hold today', async () => {
  const { benefits, newId } = fixture
  const enter = (document: string, changes: object = {}) =>
    benefits.needs.enter(
      {
        hospitalId: HERE,
        foundBy: 'civil_affairs',
        document,
        validFrom: businessDate('2026-01-01'),
        validUntil: businessDate('2026-12-31'),
        people: [{ personId: newId<'Person'>(), kind: 'minimum_living' }],
        ...changes,
      },
      ACTOR,
    )
  await enter('A')
  const orphan = [{ personId: newId<'Person'>(), kind: 'orphan' as const }]
  await enter('B', { people: orphan })
  await enter('C', { validFrom: businessDate('2026-12-01') })
  const [ended] = await enter('D')
  if (!ended) throw new Error('entered')
  const end = { hospitalId: HERE, personId: ended.person_id, id: ended.id, reason: '登记错误' }
  await benefits.needs.end(end, ACTOR)
  await enter('E', { hospitalId: 332 as HospitalId })

  principal = staff('auditor')
  const first = await call('GET', 'people-in-need?limit=3')
  expect(first.body.items).toMatchObject([
    { document: 'D', endReason: '登记错误', endedBy: ACTOR.name, enteredBy: ACTOR.name },
    { document: 'C' },
    { document: 'B' },
  ])
  const rest = await call('GET', `people-in-need?limit=3&before=${first.body.items.at(-1)?.id}`)
  expect(rest.body.items).toMatchObject([{ document: 'A' }])
  expect((await call('GET', 'people-in-need?onlyCurrent=true')).body.items).toMatchObject([
    { document: 'B' },
    { document: 'A' },
  ])
  expect((await call('GET', 'people-in-need?kind=orphan')).body.items).toHaveLength(1)
  principal = staff('cashier')
  expect((await call('GET', 'people-in-need')).status).toBe(403)
})

it('a programme says who proposed it and who decided, and is found by its state', async () => {
  principal = staff()
  const proposer = principal
  const programme = {
    name: { zh: '补助', en: 'Aid' },
    funder: { kind: 'hospital', code: 'H', name: '海岳医院' },
    terms: subsidy(),
    startsOn: '2026-01-01',
    endsOn: '2026-12-31',
  }
  const made = (await call('POST', 'benefit-programmes', programme)).body as unknown as {
    id: string
  }
  const path = `benefit-programmes/${made.id}`
  expect((await call('GET', path)).body).toMatchObject({ status: 'proposed', decidedBy: null })
  expect((await call('GET', 'benefit-programmes?status=proposed')).body.items).toHaveLength(1)
  expect((await call('GET', 'benefit-programmes?status=active')).body.items).toEqual([])
  principal = staff()
  await call('POST', `${path}/decision`, { ...YES, agrees: false, reason: '预算未批' })
  expect((await call('GET', path)).body).toMatchObject({
    status: 'refused',
    proposedBy: proposer.kind === 'staff' ? `staff:${proposer.staffId}` : '',
    decidedBy: principal.kind === 'staff' ? `staff:${principal.staffId}` : '',
    endReason: '预算未批',
  })
  principal = staff('cashier')
  expect((await call('GET', path)).status).toBe(200)
  expect((await call('POST', `${path}/end`, { reason: '不再' })).status).toBe(403)
})

it('a person is found by a whole number alone, shown masked, and the look-up is written down', async () => {
  principal = staff('cashier')
  const lookUp = (kind: string, number: string) => call('POST', 'patient-lookups', { kind, number })
  const patient = { personId: known, name: '*小明', idCardNo: '3****************3' }
  expect((await lookUp('id_card', CARD)).body).toEqual({ patient })
  expect((await lookUp('hospital_card', 'H-1')).body).toEqual({ patient })
  expect((await lookUp('id_card', CARD.slice(0, 6))).body).toEqual({ patient: null })
  expect((await lookUp('bank_card', '1')).status).toBe(400)
  const written = await inHospital(db, HERE, (tx) => auditAbout(tx, HERE, `person:${known}`))
  const action = 'benefits.look_up_patient'
  expect(written).toMatchObject([
    { action, detail: { kind: 'id_card' } },
    { action, detail: { kind: 'hospital_card' } },
  ])
  const personIds = [known, known, fixture.newId<'Person'>()]
  expect((await call('POST', 'patient-names', { personIds })).body).toEqual({ items: [patient] })
  principal = staff('it')
  expect((await lookUp('id_card', CARD)).status).toBe(403)
})

it('without a directory of people nobody is found, and that is said', async () => {
  principal = staff()
  const body = { kind: 'id_card', number: CARD }
  expect(await call('POST', 'patient-lookups', body, bare)).toMatchObject({
    status: 503,
    body: { code: 'benefits.patients_unavailable' },
  })
  expect((await call('POST', 'patient-names', { personIds: [known] }, bare)).body).toEqual({
    items: [],
  })
})
