import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { createAudit } from '../../platform/audit.ts'
import { noCanaries } from '../../platform/canary.ts'
import { inHospital } from '../../platform/db.ts'
import { createHttp } from '../../platform/http/server.ts'
import { type Principal, type Role, systemActor } from '../../platform/principal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { createLedger } from '../ledger/index.ts'
import { USUAL_DEPOSIT_RULES } from './account.ts'
import { createDeposits, type Deposits } from './deposits.ts'
import { depositRoutes } from './routes.ts'

// What a hospital's staff sees of all accounts: which are low, what is not drawn, and what is to go back.

const HOSPITAL = 19 as HospitalId
const ACTOR = systemActor('first')
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

const as = (role: Role): void => {
  principal = { kind: 'staff', staffId: newId<'Staff'>(), hospitalId: HOSPITAL, roles: [role] }
}

async function read(path: string) {
  const answer = await app.inject({ method: 'GET', url: `/hospitals/${HOSPITAL}/${path}` })
  const body = answer.json<{ items: Record<string, unknown>[]; [key: string]: unknown }>()
  return { status: answer.statusCode, body, items: body.items }
}

/** A stay whose deposit got so much. */
async function stay(stayNo: string, amount: number) {
  const personId = newId<'Person'>()
  const key = { hospitalId: HOSPITAL, accountId: newId<'DepositAccount'>() }
  const custody = { bank: 'haiyue', accountNo: `C-${stayNo}` }
  const wish = { hospitalId: HOSPITAL, id: key.accountId, personId, stayNo, custody }
  await deposits.openInpatient({ ...wish, lowFen: fen(100) }, ACTOR)
  const came = { cause: `cash:${stayNo}`, channel: 'cash', channelNo: stayNo }
  await inHospital(database, HOSPITAL, (tx) =>
    deposits.topUp(tx, { ...key, ...came, amountFen: fen(amount) }),
  )
  return { ...key, personId }
}

const charge = (key: Awaited<ReturnType<typeof stay>>, day: string, total: number) =>
  deposits.chargeDay({ ...key, day: businessDate(day), totalFen: fen(total) }, ACTOR)

it('[P8] accounts are found by person, stay and state, and those that are low by that', async () => {
  as('auditor')
  const rich = await stay('R-1', 5_000)
  const poor = await stay('R-2', 50)
  const only = (query: string) => read(`deposits?${query}`)
  expect((await only('onlyLow=true')).items).toMatchObject([
    { id: poor.accountId, isLow: true, lowFen: 100, custodyNo: 'C-R-2' },
  ])
  expect((await only(`personId=${rich.personId}`)).items).toMatchObject([{ stayNo: 'R-1' }])
  expect((await only('stayNo=R-2')).items).toMatchObject([{ id: poor.accountId }])
  expect((await only('status=closed')).items).toEqual([])
  as('it')
  expect((await only('status=open')).status).toBe(403)
})

it('[P8] days that no deposit has paid whole are listed by account and day, page by page', async () => {
  as('cashier')
  const one = await stay('D-1', 300)
  const two = await stay('D-2', 1_000)
  await charge(one, '2026-11-18', 200)
  await charge(one, '2026-11-19', 200)
  await charge(one, '2026-11-20', 200)
  await charge(two, '2026-11-20', 1_200)
  const open = { accountId: one.accountId, stayNo: 'D-1', accountStatus: 'open', totalFen: 200 }
  const first = await read('deposit-open-days?limit=2')
  expect(first.items).toMatchObject([
    { ...open, day: '2026-11-19', drawnFen: 100 },
    { ...open, day: '2026-11-20', drawnFen: 0 },
  ])
  const after = `after=${one.accountId}&afterDay=2026-11-20`
  expect((await read(`deposit-open-days?limit=2&${after}`)).items).toMatchObject([
    { stayNo: 'D-2', totalFen: 1_200, drawnFen: 1_000 },
  ])
  expect((await read('deposit-open-days?after=x')).status).toBe(400)
})

it('[P8] what is to go back is listed with who asked, until another has said that it has', async () => {
  as('cashier')
  const key = await stay('B-1', 700)
  await deposits.giveRestBack(key, ACTOR)
  const { items } = await read('deposit-give-backs')
  expect(items).toMatchObject([
    {
      accountId: key.accountId,
      personId: key.personId,
      stayNo: 'B-1',
      channel: 'cash',
      channelNo: 'B-1',
      amountFen: 700,
      status: 'asked',
      askedBy: ACTOR.name,
      returnNo: null,
    },
  ])
  const id = items[0]?.['id'] as never
  expect((await read(`deposit-give-backs?after=${String(id)}`)).items).toEqual([])
  const done = { hospitalId: HOSPITAL, id, channelNo: 'OUT-1' }
  const second = systemActor('second')
  await inHospital(database, HOSPITAL, (tx) => deposits.recordGivenBack(tx, done, second))
  expect((await read('deposit-give-backs')).items).toEqual([])
  const one = await read(`deposits/${key.accountId}`)
  expect(one.body).toMatchObject({
    account: { status: 'closed', balanceFen: 0 },
    movements: [{ kind: 'given_back', amountFen: 700 }, { kind: 'paid_in' }],
    giveBacks: [{ status: 'done', returnNo: 'OUT-1', doneBy: second.name }],
  })
  expect((await read(`deposits/${newId()}`)).body).toMatchObject({
    code: 'deposits.account_not_found',
  })
})
