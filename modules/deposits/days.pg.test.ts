import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { createAudit } from '../../platform/audit.ts'
import { noCanaries } from '../../platform/canary.ts'
import { inHospital } from '../../platform/db.ts'
import { createHttp } from '../../platform/http/server.ts'
import { type Principal, systemActor } from '../../platform/principal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { createLedger } from '../ledger/index.ts'
import { problemsOf } from '../ledger/testing/checks.ts'
import { USUAL_DEPOSIT_RULES } from './account.ts'
import type { DepositLow } from './dependencies.ts'
import { createDeposits } from './deposits.ts'
import { depositRoutes } from './routes.ts'

const ACTOR = systemActor('his')

let db: TestDatabase
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

async function openedAt(hospitalId: HospitalId, lowFen = 0) {
  const { clock, newId } = testPlatform('2026-11-21T23:30:00+08:00', `days-${hospitalId}`)
  const told: DepositLow[] = []
  const deposits = createDeposits({
    db,
    clock,
    newId,
    audit: createAudit({ clock, newId }),
    ledger: createLedger({ clock, newId, canaries: noCanaries }),
    rules: USUAL_DEPOSIT_RULES,
    onLow: async (_tx, low) => void told.push(low),
  })
  const { id: accountId } = await deposits.openInpatient(
    {
      hospitalId,
      id: newId<'DepositAccount'>(),
      personId: newId<'Person'>(),
      stayNo: 'S-1',
      custody: { bank: 'haiyue', accountNo: 'C-1' },
      lowFen: fen(lowFen),
    },
    ACTOR,
  )
  const key = { hospitalId, accountId }
  const topUp = (amount: number, no: string) =>
    inHospital(db, hospitalId, (tx) =>
      deposits.topUp(tx, {
        ...key,
        cause: `cash:${no}`,
        channel: 'cash',
        channelNo: no,
        amountFen: fen(amount),
      }),
    )
  const charge = (day: string, total: number) =>
    deposits.chargeDay({ ...key, day: businessDate(day), totalFen: fen(total) }, ACTOR)
  const drawn = async () => (await deposits.daysOf(key)).map(({ drawn_fen }) => drawn_fen)
  const balance = async () => (await deposits.account(key)).account.balanceFen
  return { clock, newId, deposits, told, key, topUp, charge, drawn, balance }
}

const booksAreRight = async ({ hospitalId }: { hospitalId: HospitalId }) =>
  expect(await inHospital(db, hospitalId, (tx) => problemsOf(tx, hospitalId))).toEqual([])

it('[P8] a stay is drawn day by day, each once, told low once, and the rest goes back', async () => {
  const world = await openedAt(401 as HospitalId, 4_000)
  await world.topUp(10_000, '1')
  await world.charge('2026-11-19', 3_000)
  await Promise.all([1, 2, 3].map(() => world.charge('2026-11-20', 4_000)))
  expect([await world.drawn(), await world.balance()]).toEqual([[4_000, 3_000], 3_000])
  expect(world.told).toMatchObject([{ freeFen: 3_000, lowFen: 4_000 }])
  await expect(world.charge('2026-11-20', 4_001)).rejects.toThrow('deposits.day_differs')
  await expect(world.charge('2026-11-22', 1)).rejects.toThrow('deposits.day_not_over')
  const parts = await world.deposits.giveRestBack(world.key, ACTOR)
  expect(parts.map(({ amount_fen }) => amount_fen)).toEqual([3_000])
  await expect(world.charge('2026-11-21', 1)).rejects.toThrow('deposits.account_closed')
  await booksAreRight(world.key)
})

it('[P8] what a deposit had not is drawn when it is topped up, the oldest day first', async () => {
  const world = await openedAt(402 as HospitalId)
  await world.topUp(1_000, '1')
  await world.charge('2026-11-19', 3_000)
  await world.charge('2026-11-20', 2_000)
  expect([await world.drawn(), await world.balance()]).toEqual([[0, 1_000], 0])
  await world.topUp(2_500, '2')
  expect([await world.drawn(), await world.balance()]).toEqual([[500, 3_000], 0])
  await world.topUp(5_000, '3')
  expect([await world.drawn(), await world.balance()]).toEqual([[2_000, 3_000], 3_500])
  await booksAreRight(world.key)
})

it('[P8] the hospital’s system tops up and charges days by its numbers', async () => {
  const world = await openedAt(403 as HospitalId)
  const { clock, newId, deposits, key } = world
  let principal: Principal = { kind: 'his', hospitalId: key.hospitalId }
  const app = await createHttp({ newId, logger: false, authenticate: async () => principal })
  await app.register(depositRoutes({ deposits, platform: { db, clock, newId } }))
  await app.ready()
  const post = async (what: string, payload: object) => {
    const url = `/hospitals/${key.hospitalId}/deposits/${key.accountId}/${what}`
    const answer = await app.inject({ method: 'POST', url, payload })
    return [answer.statusCode, answer.json<Record<string, unknown>>()]
  }
  const topUp = { channel: 'cash', channelNo: '收据-1', amountFen: 5_000 }
  expect((await post('top-ups', topUp))[0]).toBe(400)
  const came = { ...topUp, channelNo: 'R-1' }
  for (let told = 0; told < 2; told++) {
    expect(await post('top-ups', came)).toEqual([200, { balanceFen: 5_000, freeFen: 5_000 }])
  }
  expect(await post('top-ups', { ...came, amountFen: 1 })).toMatchObject([
    409,
    { code: 'deposits.top_up_differs' },
  ])
  const day = { day: '2026-11-20', totalFen: 1_200 }
  expect(await post('days', day)).toEqual([200, { ...day, drawnFen: 1_200 }])
  principal = { kind: 'person', personId: newId<'Person'>() }
  expect((await post('days', day))[0]).toBe(403)
  await app.close()
})
