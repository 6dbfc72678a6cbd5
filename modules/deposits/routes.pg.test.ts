import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { createAudit } from '../../platform/audit.ts'
import { noCanaries } from '../../platform/canary.ts'
import { inHospital } from '../../platform/db.ts'
import { createHttp } from '../../platform/http/server.ts'
import { type Principal, systemActor } from '../../platform/principal.ts'
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
  expect(await call('POST', done, { channelNo: 'R-1' })).toMatchObject({
    status: 403,
    body: { code: 'deposits.give_back_by_same_person' },
  })
  principal = { ...principal, staffId: newId<'Staff'>() }
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

it('a person sees what happened to their own, and asks for what is left of a prepayment, once', async () => {
  const personId = newId<'Person'>()
  const account = {
    hospitalId: HOSPITAL,
    id: newId<'DepositAccount'>(),
    personId,
    custody: { bank: 'haiyue', accountNo: 'C-2' },
    leftFen: fen(900),
    channel: 'wechat',
    channelNo: 'OLD-1',
  }
  await deposits.bringForward(account, systemActor('test'))
  const stay = { ...account, id: newId<'DepositAccount'>(), stayNo: 'S-2', lowFen: fen(0) }
  await deposits.openInpatient(stay, systemActor('test'))
  const path = `my-deposits/${account.id}`
  principal = { kind: 'person', personId: newId<'Person'>() }
  expect(await call('GET', path)).toMatchObject({
    status: 404,
    body: { code: 'deposits.account_not_found' },
  })
  expect((await call('POST', `${path}/give-back`)).status).toBe(404)

  principal = { kind: 'person', personId }
  expect((await call('GET', path)).body).toMatchObject({
    account: { freeFen: 900, status: 'open' },
    movements: [{ kind: 'paid_in', amountFen: 900, channel: 'wechat', channelNo: 'OLD-1' }],
  })
  expect(await call('POST', `my-deposits/${stay.id}/give-back`)).toMatchObject({
    status: 422,
    body: { code: 'deposits.give_back_at_discharge' },
  })
  expect(await call('POST', `${path}/give-back`)).toMatchObject({
    status: 200,
    body: {
      account: { status: 'closed', balanceFen: 900, heldFen: 900, freeFen: 0 },
      movements: [{ kind: 'back_asked', amountFen: 900 }, { kind: 'paid_in' }],
    },
  })
  expect(await call('POST', `${path}/give-back`)).toMatchObject({
    status: 409,
    body: { code: 'deposits.nothing_left' },
  })
})
