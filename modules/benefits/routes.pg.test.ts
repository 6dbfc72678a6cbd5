import { afterAll, beforeAll, expect, it } from 'vitest'

import { inHospital } from '../../platform/db.ts'
import { createHttp } from '../../platform/http/server.ts'
import type { Principal } from '../../platform/principal.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { benefitRoutes } from './routes.ts'
import {
  createFixture,
  type Fixture,
  HOSPITAL,
  points,
  subsidy,
  vouchers,
  YES,
} from './testing/fixture.ts'

let database: TestDatabase
let fixture: Fixture
let app: Awaited<ReturnType<typeof createHttp>>
let principal: Principal

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = createFixture(database, 'routes')
  const { clock, newId, benefits } = fixture
  app = await createHttp({ newId, logger: false, authenticate: async () => principal })
  await app.register(benefitRoutes({ benefits, platform: { db: database, clock, newId } }))
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await database[Symbol.asyncDispose]()
})

let keys = 0
async function call(method: 'GET' | 'POST', path: string, body?: object) {
  const headers = { 'idempotency-key': `key-${(keys += 1)}` }
  const url = `/hospitals/${HOSPITAL}/${path}`
  const answer = await app.inject({ method, url, headers, ...(body ? { payload: body } : {}) })
  const json = answer.body === '' ? {} : answer.json<Record<string, never>>()
  return { status: answer.statusCode, body: json }
}

const staff = (): Principal => ({
  kind: 'staff',
  staffId: fixture.newId<'Staff'>(),
  hospitalId: HOSPITAL,
  roles: ['finance'],
})

const programmeOf = (terms: object) => ({
  name: { zh: '补助', en: 'Aid' },
  funder: { kind: 'hospital', code: 'H', name: '海岳医院' },
  terms,
  startsOn: '2026-01-01',
  endsOn: '2026-12-31',
})

it('finance sets a programme up, funds it, grants it by two, and ends it', async () => {
  principal = staff()
  const made = await call('POST', 'benefit-programmes', programmeOf(subsidy({ byGrant: true })))
  expect(made).toMatchObject({ status: 201, body: { status: 'proposed', budget: null } })
  const programmeId = String(made.body['id'])
  const path = `benefit-programmes/${programmeId}`
  expect((await call('POST', `${path}/decision`, YES)).body).toMatchObject({
    code: 'benefits.decided_by_same_person',
  })
  const first = principal
  principal = staff()
  expect((await call('POST', `${path}/decision`, YES)).body).toMatchObject({ status: 'active' })
  principal = first
  const funded = await call('POST', `${path}/allotments`, { amountFen: 10_000, document: '1号' })
  expect(funded.body).toMatchObject({
    programme: { budget: { allottedFen: 10_000, freeFen: 10_000 } },
    proposalId: null,
  })
  const large = { amountFen: 5_000_000, document: '2号' }
  const { proposalId } = (await call('POST', `${path}/allotments`, large)).body
  expect((await call('GET', 'benefit-allotment-proposals')).body).toMatchObject({
    items: [{ id: proposalId, programmeId, ...large }],
  })
  const proposal = `benefit-allotment-proposals/${String(proposalId)}/decision`
  expect((await call('POST', proposal, YES)).status).toBe(403)
  principal = staff()
  expect((await call('POST', proposal, YES)).status).toBe(204)
  principal = first
  expect((await call('GET', `${path}/allotments`)).body).toMatchObject({
    items: [{ document: '2号' }, { document: '1号' }],
  })
  const grant = {
    programmeId,
    personId: fixture.newId<'Person'>(),
    amountFen: null,
    validUntil: '2026-12-31',
    document: '批-1',
    grounds: '低保',
  }
  const granted = await call('POST', 'benefit-entitlements', grant)
  expect(granted).toMatchObject({ status: 201, body: { status: 'proposed', needsSecond: true } })
  const decision = `benefit-entitlements/${String(granted.body['id'])}/decision`
  const yes = { agrees: true, reason: '属实' }
  expect(await call('POST', decision, yes)).toMatchObject({
    status: 403,
    body: { code: 'benefits.decided_by_same_person' },
  })
  principal = staff()
  expect((await call('POST', decision, yes)).status).toBe(204)
  const list = await call('GET', `benefit-entitlements?status=active&programmeId=${programmeId}`)
  expect(list.body).toMatchObject({ items: [{ document: '批-1', status: 'active' }] })
  expect(await call('POST', `${path}/end`, { reason: '到期' })).toMatchObject({
    body: { status: 'ended' },
  })
})

it('a programme that contradicts itself, or makes no sense, is refused by name', async () => {
  principal = staff()
  const offers = vouchers().offers.concat(vouchers().offers)
  expect(await call('POST', 'benefit-programmes', programmeOf(vouchers({ offers })))).toMatchObject(
    {
      status: 400,
      body: { code: 'benefits.programme_wrong' },
    },
  )
  const wrong = programmeOf({ ...subsidy(), rule: { anyOf: [[{ fact: 'shoeSize', is: true }]] } })
  expect((await call('POST', 'benefit-programmes', wrong)).status).toBe(400)
})

it('a person sees points and benefits, exchanges points, and cannot set programmes up', async () => {
  const personId = fixture.newId<'Person'>()
  await fixture.programme(points, 0)
  const programmeId = await fixture.programme(vouchers(), 5_000)
  for (const cause of ['1', '2']) {
    await inHospital(database, HOSPITAL, (tx) =>
      fixture.benefits.earnPoints(tx, {
        hospitalId: HOSPITAL,
        personId,
        event: 'health_station',
        cause,
      }),
    )
  }
  principal = { kind: 'person', personId }
  expect((await call('GET', 'my-points')).body).toMatchObject({ points: 120 })
  expect((await call('GET', 'voucher-offers')).body).toMatchObject({
    items: [{ programmeId, code: 'ten' }],
  })
  const wish = { programmeId, offerCode: 'ten' }
  expect(await call('POST', 'point-exchanges', wish)).toMatchObject({
    status: 201,
    body: { kind: 'voucher', amountFen: 1_000, status: 'active' },
  })
  expect(await call('POST', 'point-exchanges', wish)).toMatchObject({
    status: 422,
    body: { code: 'benefits.points_not_enough' },
  })
  expect((await call('GET', 'my-benefits')).body).toMatchObject({ items: [{ kind: 'voucher' }] })
  expect((await call('POST', 'benefit-programmes', programmeOf(subsidy()))).status).toBe(403)
})

it('a person reads what runs, by which rule, what is left of its budget, and whether it is for them', async () => {
  const old = { anyOf: [[{ fact: 'ageYears' as const, atLeast: 60 }]] }
  const sick = { anyOf: [[{ fact: 'diagnosis' as const, startsWith: ['I10'] }]] }
  const forOld = await fixture.programme(subsidy({ rule: old }), 5_000)
  const forSick = await fixture.programme(subsidy({ rule: sick }), 0)
  principal = { kind: 'person', personId: fixture.newId<'Person'>() }
  const { status, body } = await call('GET', 'my-benefit-programmes')
  expect(status).toBe(200)
  const items = body['items'] as unknown as { id: string }[]
  expect(items.find(({ id }) => id === forOld)).toMatchObject({
    terms: { kind: 'subsidy', rule: old },
    budget: { allottedFen: 5_000, freeFen: 5_000 },
    standing: { met: true, fact: null, known: true },
  })
  // Without a bill nobody knows a diagnosis.
  expect(items.find(({ id }) => id === forSick)).toMatchObject({
    standing: { met: false, fact: 'diagnosis', known: false },
  })
  principal = staff()
  expect((await call('GET', 'my-benefit-programmes')).status).toBe(403)
})
