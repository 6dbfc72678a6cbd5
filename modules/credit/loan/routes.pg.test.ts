import { afterAll, beforeAll, expect, it } from 'vitest'

import { createHttp } from '../../../platform/http/server.ts'
import type { Principal } from '../../../platform/principal.ts'
import { createTestDatabase, type TestDatabase } from '../../../platform/testing/database.ts'
import { lenderId } from '../terms.ts'
import { loanRoutes } from './routes.ts'
import { loansWorld, type LoansWorld } from './testing/world.ts'

let database: TestDatabase
let world: LoansWorld
let app: Awaited<ReturnType<typeof createHttp>>
let principal: Principal

beforeAll(async () => {
  database = await createTestDatabase()
  world = loansWorld(database, lenderId(900_001))
  const { db, clock, newId, loans, lender } = world
  app = await createHttp({ newId, logger: false, authenticate: async () => principal })
  const context = {
    loans,
    lenders: async () => [{ lenderId: lender }],
    platform: { db, clock, newId },
  }
  await app.register(loanRoutes(context))
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await database[Symbol.asyncDispose]()
})

let keys = 0
async function call(method: 'GET' | 'POST' | 'PUT', url: string, body?: object) {
  const headers = { 'idempotency-key': `key-${(keys += 1)}` }
  const answer = await app.inject({ method, url, headers, ...(body ? { payload: body } : {}) })
  return { status: answer.statusCode, body: answer.json<Record<string, never>>() }
}

const staffOf = (hospitalId: number): Principal => ({
  kind: 'staff',
  staffId: world.newId<'Staff'>(),
  hospitalId: lenderId(hospitalId),
  roles: ['finance'],
})

it('a borrower sees a loan, is offered instalments with their rate, agrees, and repays', async () => {
  const { loanId, personId, lender } = { ...(await world.open(120_000)), lender: world.lender }
  principal = { kind: 'person', personId }
  const path = `/credit/lenders/${lender}/loans/${loanId}`
  expect(await call('GET', '/credit/loans')).toMatchObject({
    status: 200,
    body: { items: [{ loanId, owedNowFen: 0, owedInFullFen: 120_000, aprPpm: 0 }] },
  })
  const { body } = await call('GET', `${path}/ways`)
  const [offer, , , dear] = body['items'] ?? ([] as Record<string, unknown>[])
  expect(offer).toMatchObject({ way: 'equal_payment', periods: 3, disclosure: 'apr_simple_irr' })
  expect(dear).toMatchObject({ refusedBy: 'credit.offer_above_cap', aprPpm: null })
  const { way, periods, aprPpm, totalFen } = (offer ?? {}) as Record<string, number>
  const agreed = { way, periods, aprPpm, totalFen }
  expect(await call('PUT', `${path}/way`, { ...agreed, aprPpm: 1 })).toMatchObject({
    status: 409,
    body: { code: 'credit.offer_changed' },
  })
  expect((await call('PUT', `${path}/way`, agreed)).body).toMatchObject({ way: 'equal_payment' })
  // The rate stays beside the loan, as it was agreed: 12 % a year by equal payments.
  expect((await call('GET', path)).body).toMatchObject({ aprPpm, penaltyRatePpm: 180_000 })
  const stale = await call('POST', `${path}/repayments`, { scope: 'full', amountFen: 119_999 })
  expect(stale).toMatchObject({ status: 409, body: { code: 'credit.repayment_changed' } })
  const repaid = await call('POST', `${path}/repayments`, { scope: 'full', amountFen: 120_000 })
  expect(repaid).toMatchObject({ status: 200, body: { status: 'done', amountFen: 120_000 } })
  expect((await call('GET', path)).body).toMatchObject({
    status: 'settled',
    owedInFullFen: 0,
    repayments: [{ status: 'done', source: 'payer', amountFen: 120_000 }],
  })
})

it('somebody else may help by an amount, and learns nothing', async () => {
  const { loanId } = await world.open(50_000)
  principal = { kind: 'person', personId: world.newId<'Person'>() }
  const path = `/credit/lenders/${world.lender}/loans/${loanId}`
  expect((await call('GET', path)).status).toBe(404)
  expect((await call('POST', `${path}/repayments`, { scope: 'full' })).status).toBe(404)
  const helped = await call('POST', `${path}/repayments`, { scope: 'partial', amountFen: 20_000 })
  expect(helped).toMatchObject({ status: 200, body: { status: 'done', amountFen: 20_000 } })
  const tooMuch = await call('POST', `${path}/repayments`, { scope: 'partial', amountFen: 90_000 })
  expect(tooMuch).toMatchObject({ status: 400, body: { code: 'credit.repayment_too_much' } })
  expect(JSON.stringify(tooMuch.body)).not.toContain('30000')
})

it('the lender’s staff see figures and nothing medical; another lender’s see none', async () => {
  principal = staffOf(world.lender)
  const seen = await call('GET', `/credit/lenders/${world.lender}/portfolio`)
  expect(seen).toMatchObject({ status: 200, body: { now: { openLoans: 1, principalFen: 30_000 } } })
  expect(JSON.stringify(seen.body)).not.toMatch(/person|visit|hospital|diagnos/i)
  principal = staffOf(900_002)
  expect((await call('GET', `/credit/lenders/${world.lender}/portfolio`)).status).toBe(403)
})
