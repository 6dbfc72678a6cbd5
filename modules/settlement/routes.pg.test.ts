import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { createHttp } from '../../platform/http/server.ts'
import type { Principal } from '../../platform/principal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { settlementRoutes } from './routes.ts'
import { walletContract } from './testing/terms.ts'
import { createWorld } from './testing/world.ts'

const HOSPITAL = 350 as HospitalId
const MONDAY = businessDate('2026-03-02')
const { newId } = testPlatform()
const finance = (): Principal => ({
  kind: 'staff',
  staffId: newId<'Staff'>(),
  hospitalId: HOSPITAL,
  roles: ['finance'],
})

let db: TestDatabase
let world: ReturnType<typeof createWorld>
let app: Awaited<ReturnType<typeof createHttp>>
let principal: Principal = finance()

beforeAll(async () => {
  db = await createTestDatabase()
  world = createWorld(db, HOSPITAL, '2026-03-03T10:30:00+08:00')
  const { clock, settlement } = world
  app = await createHttp({ newId, logger: false, authenticate: async () => principal })
  await app.register(settlementRoutes({ settlement, platform: { db, clock, newId } }))
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await db[Symbol.asyncDispose]()
})

let keys = 0
async function call(method: 'GET' | 'POST', path: string, body?: object, key?: string) {
  const headers = { 'idempotency-key': key ?? `key-${(keys += 1)}` }
  const url = `/hospitals/${HOSPITAL}/settlement/${path}`
  const answer = await app.inject({ method, url, headers, ...(body ? { payload: body } : {}) })
  return { status: answer.statusCode, body: answer.body ? answer.json<never>() : null }
}

it('[B4] finance agrees on a contract, sees what is to come, and says what a receipt was for', async () => {
  const contract = {
    kind: 'contract',
    name: 'wechat',
    validFrom: MONDAY,
    content: walletContract(),
  }
  const wrong = { ...contract, content: { ...walletContract(), shares: [] } }
  expect((await call('POST', 'terms', wrong)).status).toBe(400)
  const unequal = walletContract({ shares: [{ party: 'hospital', ppm: 1 }] })
  expect(await call('POST', 'terms', { ...contract, content: unequal })).toMatchObject({
    status: 400,
    body: { code: 'settlement.contract_wrong' },
  })
  const proposed = await call('POST', 'terms', contract)
  expect(proposed.status).toBe(201)
  const { id } = proposed.body as unknown as { id: string }
  const decision = { agrees: true, reason: 'as signed' }
  expect(await call('POST', `terms/${id}/decision`, decision)).toMatchObject({
    status: 403,
    body: { code: 'settlement.decided_by_same_person' },
  })
  principal = finance()
  expect((await call('POST', `terms/${id}/decision`, decision)).status).toBe(204)
  expect((await call('GET', 'terms?kind=contract')).body).toMatchObject({
    items: [{ id, status: 'agreed', name: 'wechat' }],
  })

  const { items } = (await call('GET', 'holidays')).body as unknown as { items: object[] }
  const [known] = items as { year: string; content: object }[]
  const calendar = {
    kind: 'calendar',
    name: known?.year,
    validFrom: MONDAY,
    content: known?.content,
  }
  expect((await call('POST', 'terms', calendar)).status).toBe(201)
  expect(await call('POST', 'terms', { ...calendar, name: '2027' })).toMatchObject({
    status: 400,
    body: { code: 'settlement.calendar_wrong' },
  })

  world.setList('wechat', MONDAY, [10_000], 61)
  await world.settlement.takeInDate(HOSPITAL, MONDAY)
  expect((await call('GET', `batches?from=${MONDAY}&to=${MONDAY}`)).body).toMatchObject({
    items: [
      { provider: 'wechat', payoutFen: 9_939, feeFen: 61, contractFeeFen: 60, status: 'expected' },
    ],
  })
  const rows = [
    { bankRef: 'B-1', amountFen: 9_900, bookedOn: '2026-03-03', payer: '财付通', memo: '' },
    { bankRef: 'B-2', amountFen: 5, bookedOn: '2026-03-03', payer: '利息', memo: '' },
  ]
  expect((await call('POST', 'receipts', { account: 'main', rows })).body).toMatchObject({
    items: [{ outcome: 'recorded' }, { outcome: 'recorded' }],
  })
  const nothing = [{ ...rows[0], amountFen: 0 }]
  expect((await call('POST', 'receipts', { account: 'main', rows: nothing })).status).toBe(400)
  const assignment = {
    account: 'main',
    bankRef: 'B-1',
    variant: 1,
    provider: 'wechat',
    date: MONDAY,
    amountFen: 9_900,
  }
  expect((await call('POST', 'assignments', assignment, 'once')).status).toBe(201)
  expect((await call('POST', 'assignments', assignment, 'once')).status).toBe(201)
  expect(await call('POST', 'assignments', assignment)).toMatchObject({
    status: 409,
    body: { code: 'settlement.receipt_used_up' },
  })
  expect((await call('GET', `batches/wechat/${MONDAY}`)).body).toMatchObject({
    batch: { status: 'short', receivedFen: 9_900 },
    feeDifferences: [],
    allocations: [{ bankRef: 'B-1', rule: 'person' }],
  })
  expect(
    (await call('GET', 'receipts?from=2026-03-01&to=2026-03-31&onlyUnexplained=true')).body,
  ).toMatchObject({ items: [{ bankRef: 'B-2', amountFen: 5 }] })
  expect((await call('GET', 'standing')).body).toEqual({
    expectedFen: 9_939,
    receivedFen: 9_900,
    shortFen: 39,
    overFen: 0,
    receiptsFen: 9_905,
    unexplainedFen: 5,
  })
  const told = { account: 'custody-1', date: MONDAY, balanceFen: 7 }
  expect((await call('POST', 'custody', told)).status).toBe(204)
  expect((await call('GET', `custody?from=${MONDAY}&to=${MONDAY}`)).body).toMatchObject({
    items: [{ date: MONDAY, balanceFen: 7, owedFen: 0, differenceFen: 7 }],
  })
})

it('is for finance to change, for auditors to read, and for nobody else', async () => {
  const range = 'from=2026-03-01&to=2026-03-31'
  const staff = { ...finance(), kind: 'staff' as const, hospitalId: HOSPITAL }
  principal = { ...staff, staffId: newId<'Staff'>(), roles: ['auditor'] }
  expect((await call('GET', `batches?${range}`)).status).toBe(200)
  expect(
    (await call('POST', 'custody', { account: 'a', date: MONDAY, balanceFen: 1 })).status,
  ).toBe(403)
  principal = { ...staff, staffId: newId<'Staff'>(), roles: ['cashier'] }
  expect((await call('GET', `batches?${range}`)).status).toBe(403)
})
