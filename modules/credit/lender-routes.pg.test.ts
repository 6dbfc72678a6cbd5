import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import { createHttp } from '../../platform/http/server.ts'
import type { Principal } from '../../platform/principal.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { collectionRoutes } from './collection/routes.ts'
import { creditRoutes } from './routes.ts'
import { lenderId } from './terms.ts'
import { HOSPITAL } from './testing/fixture.ts'
import { createLending, type Lending } from './testing/lending.ts'

const LENDER = lenderId(930_001)
const OTHER = lenderId(930_002)

let db: TestDatabase
let world: Lending
let app: Awaited<ReturnType<typeof createHttp>>
let principal: Principal

beforeAll(async () => {
  db = await createTestDatabase()
  world = await createLending(db, 'lender-routes', LENDER, OTHER)
  const { clock, newId, credit, collections } = world
  app = await createHttp({ newId, logger: false, authenticate: async () => principal })
  await app.register(creditRoutes({ credit, platform: { db, clock, newId } }))
  await app.register(collectionRoutes({ collections }))
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await db[Symbol.asyncDispose]()
})

let keys = 0
async function call(method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) {
  const headers = { 'idempotency-key': `key-${(keys += 1)}` }
  const answer = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  const body = answer.body === '' ? {} : answer.json<Record<string, never>>()
  return { status: answer.statusCode, body }
}

const staff = (book: HospitalId = LENDER): Principal => ({
  kind: 'staff',
  staffId: world.newId<'Staff'>(),
  hospitalId: book,
  roles: ['finance'],
})

it('the hospital’s system ends a visit by its number, and what was drawn is settled', async () => {
  const { key } = await world.visited(LENDER)
  principal = { kind: 'his', hospitalId: HOSPITAL }
  const path = `/hospitals/${HOSPITAL}/credit-visit-ends`
  expect(await call('POST', path, { cause: 'left', visitNo: 'V-1' })).toEqual({
    status: 200,
    body: { items: [{ lenderId: LENDER, id: key.visitId, status: 'settled' }] },
  })
  expect((await call('POST', path, { cause: 'left', visitNo: 'V-1' })).body).toEqual({ items: [] })
  expect(await call('POST', path, { cause: 'left' })).toMatchObject({
    status: 400,
    body: { code: 'credit.visit_not_named' },
  })
  const elsewhere = await call('POST', '/hospitals/18/credit-visit-ends', { cause: 'left' })
  expect(elsewhere.status).toBe(403)
})

it('a bank’s own system sees what it is to take, and reports it by its key', async () => {
  const { personId, key } = await world.visited(LENDER)
  await world.credit.settleVisit(key, 'left')
  const [found] = await world.loansOf(LENDER, personId)
  const loanId = found?.loan.id ?? world.newId<'Loan'>()
  const request = { lenderId: LENDER, loanId, payerId: personId, scope: 'full' } as const
  await world.loans.repay({ ...request, repaymentNo: 'R-1', source: 'payer' })
  principal = { kind: 'institution', keyId: world.newId<'ApiKey'>(), hospitalIds: [LENDER] }
  const path = `/credit/lenders/${LENDER}`
  const { body } = await call('GET', `${path}/collections`)
  const [asked] = body['items'] ?? ([] as Record<string, unknown>[])
  expect(asked).toMatchObject({ loanId, amountFen: 30_000, source: 'payer', personId })
  const number = String((asked as Record<string, unknown> | undefined)?.['number'])
  const told = {
    reference: 'BANK-77',
    number,
    amountFen: 30_000,
    receivedAt: world.clock.now().toISOString(),
    payer: 'self',
  }
  const both = await call('POST', `${path}/received`, { ...told, loanId })
  expect(both).toMatchObject({ status: 400, body: { code: 'credit.report_about_one' } })
  expect(await call('POST', `${path}/received`, told)).toMatchObject({
    status: 200,
    body: { bookedAs: 'announced', reference: 'BANK-77' },
  })
  expect((await call('POST', `${path}/received`, told)).status).toBe(200)
  const differs = await call('POST', `${path}/received`, { ...told, amountFen: 1 })
  expect(differs).toMatchObject({ status: 409, body: { code: 'credit.report_differs' } })
  const refused = await call('POST', `${path}/collections/${number}/refusal`, { reason: 'x' })
  expect(refused).toMatchObject({ status: 409, body: { code: 'credit.collection_over' } })
  const other = await call('GET', `/credit/lenders/${OTHER}/collections`)
  expect(other).toMatchObject({ status: 403, body: { code: 'credit.not_of_this_lender' } })
})

it('two of the staff pay a hospital what was drawn there, and an auditor sees it', async () => {
  principal = staff()
  const path = `/credit/lenders/${LENDER}`
  const owed = await call('GET', `${path}/owed`)
  expect(owed.body).toMatchObject({ hospitals: [{ hospitalId: HOSPITAL, heldFen: 0 }] })
  const wish = { hospitalId: HOSPITAL, amountFen: 30_000, grounds: '2026-11-21 结算' }
  const none = await call('POST', `${path}/payouts`, { ...wish, hospitalId: undefined })
  expect(none).toMatchObject({ status: 400, body: { code: 'credit.payout_to_one' } })
  const { status, body } = await call('POST', `${path}/payouts`, wish)
  expect([status, body]).toMatchObject([201, { status: 'proposed', amountFen: 30_000 }])
  const decision = `${path}/payouts/${String(body['id'])}/decision`
  expect(await call('POST', decision, { transferNo: 'T-1' })).toMatchObject({
    status: 403,
    body: { code: 'credit.payout_by_another' },
  })
  principal = staff()
  expect((await call('POST', decision, { transferNo: 'T-1' })).body).toMatchObject({
    status: 'paid',
  })
  const again = await call('POST', `${path}/payouts`, wish)
  principal = staff()
  const used = `${path}/payouts/${String(again.body['id'])}/decision`
  expect(await call('POST', used, { transferNo: 'T-1' })).toMatchObject({
    status: 409,
    body: { code: 'credit.transfer_used' },
  })
  principal = { ...staff(), kind: 'staff', roles: ['auditor'] } as Principal
  const list = await call('GET', `${path}/payouts`)
  expect(list.body).toMatchObject({
    items: [
      { status: 'proposed', decidedBy: null },
      { status: 'paid', accountNo: null, transferNo: 'T-1' },
    ],
  })
  expect((await call('POST', `${path}/payouts`, wish)).status).toBe(403)
})

it('staff suspend a line, use it again and change its limit, and each stands with its reason', async () => {
  const { personId } = await world.visited(LENDER)
  const [line] = await world.credit.linesOf(personId)
  principal = staff()
  const path = `/credit/lenders/${LENDER}/lines/${line?.id ?? ''}`
  const change = (body: object) => call('POST', `${path}/changes`, body)
  expect((await change({ kind: 'suspended', reason: '核实身份' })).status).toBe(204)
  expect((await call('GET', path)).body).toMatchObject({
    line: { status: 'suspended' },
    changes: [{ kind: 'suspended', reason: '核实身份' }, { kind: 'limit' }, { kind: 'opened' }],
  })
  expect((await change({ kind: 'resumed', reason: '已核实' })).status).toBe(204)
  expect((await change({ kind: 'limit', limitFen: 40_000, reason: '收入减少' })).status).toBe(204)
  expect((await call('GET', path)).body).toMatchObject({
    line: { status: 'active', limitFen: 40_000 },
  })
  const tooMuch = await change({ kind: 'limit', limitFen: 100_000_000, reason: 'x' })
  expect(tooMuch).toMatchObject({ status: 400, body: { code: 'credit.review_limit_wrong' } })
  expect((await change({ kind: 'resumed', limitFen: 1, reason: 'x' })).status).toBe(400)
  expect((await change({ kind: 'suspended' })).status).toBe(400)
  const auditor = { ...staff(), kind: 'staff', roles: ['auditor'] } as Principal
  principal = auditor
  expect((await change({ kind: 'suspended', reason: 'x' })).status).toBe(403)
  principal = staff(OTHER)
  expect((await change({ kind: 'suspended', reason: 'x' })).status).toBe(403)
})

it('nobody says of their own visit that it is a stay, and no key is kept for a lender that is not there', async () => {
  const personId = await world.person(LENDER)
  principal = { kind: 'person', personId }
  const visit = { hospitalId: HOSPITAL, visitNo: 'S-9', reserveFen: 1, consentVersion: 'v1' }
  const path = `/credit/lenders/${LENDER}/visits`
  expect(await call('POST', path, { ...visit, isStay: true })).toMatchObject({
    status: 422,
    body: { code: 'credit.stay_not_known' },
  })
  const { body } = await call('POST', path, visit)
  expect(body).toMatchObject({ isStay: false, endsAt: '2026-11-21T15:00:00.000Z' })
  const nowhere = await call('POST', '/credit/lenders/999999/visits', visit)
  expect(nowhere).toMatchObject({ status: 404, body: { code: 'credit.lender_not_found' } })
  const keyed = sql`select key from platform.idempotency where hospital_id = 999999`
  const { rows } = await inHospital(db, lenderId(999_999), (tx) => keyed.execute(tx))
  expect(rows).toEqual([])
})

it('a person gives a line up that is not in use', async () => {
  const { personId } = await world.visited(LENDER)
  principal = { kind: 'person', personId }
  const path = `/credit/lines/${LENDER}`
  expect(await call('DELETE', path)).toMatchObject({
    status: 409,
    body: { code: 'credit.line_in_use' },
  })
  const other = await world.person(LENDER)
  principal = { kind: 'person', personId: other }
  expect((await call('DELETE', path)).status).toBe(204)
  expect(await world.line(other, LENDER)).toMatchObject({ status: 'ended' })
  const applications = `/credit/lenders/${LENDER}/applications`
  const [application] = await world.credit.applicationsOf(other)
  expect(await call('POST', `${applications}/${application?.id}/withdrawal`)).toMatchObject({
    status: 409,
    body: { code: 'credit.application_decided' },
  })
})
