import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
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
async function call(method: 'GET' | 'POST', url: string, payload?: object) {
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
  expect(list.body).toMatchObject({ items: [{ status: 'proposed' }, { status: 'paid' }] })
  expect((await call('POST', `${path}/payouts`, wish)).status).toBe(403)
})
