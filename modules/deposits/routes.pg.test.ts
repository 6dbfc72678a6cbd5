import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { createAudit } from '../../platform/audit.ts'
import { noCanaries } from '../../platform/canary.ts'
import { inHospital } from '../../platform/db.ts'
import { createHttp } from '../../platform/http/server.ts'
import type { Principal } from '../../platform/principal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { createLedger } from '../ledger/index.ts'
import { type DepositAccountId, USUAL_DEPOSIT_RULES } from './account.ts'
import { createDeposits, type Deposits } from './deposits.ts'
import { depositRoutes } from './routes.ts'

const HOSPITAL = 17 as HospitalId
const { clock, newId } = testPlatform()

let database: TestDatabase
let deposits: Deposits
let app: Awaited<ReturnType<typeof createHttp>>
let principal: Principal

beforeAll(async () => {
  database = await createTestDatabase()
  deposits = createDeposits({
    db: database,
    clock,
    newId,
    audit: createAudit({ clock, newId }),
    ledger: createLedger({ clock, newId, canaries: noCanaries }),
    rules: USUAL_DEPOSIT_RULES,
    onLow: async () => undefined,
  })
  app = await createHttp({ newId, logger: false, authenticate: async () => principal })
  await app.register(depositRoutes({ deposits, platform: { db: database, clock, newId } }))
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
  return { status: answer.statusCode, body: answer.json<Record<string, never>>() }
}

it('a cashier opens a deposit, closes it and records what went back; its person sees it', async () => {
  const personId = newId<'Person'>()
  principal = { kind: 'staff', staffId: newId<'Staff'>(), hospitalId: HOSPITAL, roles: ['cashier'] }
  const wish = { personId, stayNo: 'S-1', custodyBank: 'haiyue', custodyNo: 'C-1', lowFen: 100 }
  const opened = await call('POST', 'deposits', wish)
  expect(opened).toMatchObject({ status: 201, body: { balanceFen: 0, isLow: true, clearBy: null } })
  const accountId = String(opened.body['id']) as DepositAccountId
  expect(await call('POST', 'deposits', wish)).toMatchObject({
    status: 409,
    body: { code: 'deposits.account_exists' },
  })
  const payment = { cause: 'wechat:1', channel: 'wechat', channelNo: 'W-1', amountFen: fen(500) }
  await inHospital(database, HOSPITAL, (tx) =>
    deposits.topUp(tx, { hospitalId: HOSPITAL, accountId, ...payment }),
  )
  expect((await call('GET', 'deposits?limit=1')).body).toMatchObject({ items: [{ freeFen: 500 }] })
  const closed = await call('POST', `deposits/${accountId}/give-back`)
  const part = { channel: 'wechat', channelNo: 'W-1', amountFen: 500, status: 'asked' }
  expect(closed.body).toMatchObject({ items: [part] })
  const [asked] = closed.body['items'] as unknown as { id: string }[]
  const done = `deposit-give-backs/${asked?.id}/done`
  expect((await call('POST', done, { channelNo: 'R-1' })).status).toBe(200)
  expect(await call('POST', done, { channelNo: 'R-2' })).toMatchObject({
    status: 409,
    body: { code: 'deposits.give_back_done' },
  })
  principal = { kind: 'person', personId }
  expect((await call('GET', 'my-deposits')).body).toMatchObject({
    items: [{ status: 'closed', balanceFen: 0 }],
  })
  expect((await call('GET', 'deposits')).status).toBe(403)
})
