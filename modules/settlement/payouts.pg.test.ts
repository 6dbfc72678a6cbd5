import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { createHttp } from '../../platform/http/server.ts'
import type { Principal } from '../../platform/principal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { settlementRoutes } from './routes.ts'
import { createWorld } from './testing/world.ts'

// What the pages of finance ask: what is to come by provider, by day and one by one, and what a receipt was for.

const HOSPITAL = 352 as HospitalId
const DATES = ['2026-03-02', '2026-03-03', '2026-03-04'] as const
const { newId } = testPlatform()
const auditor: Principal = {
  kind: 'staff',
  staffId: newId<'Staff'>(),
  hospitalId: HOSPITAL,
  roles: ['auditor'],
}

let db: TestDatabase
let world: ReturnType<typeof createWorld>
let app: Awaited<ReturnType<typeof createHttp>>

beforeAll(async () => {
  db = await createTestDatabase()
  world = createWorld(db, HOSPITAL, '2026-03-09T10:30:00+08:00')
  const { clock, settlement } = world
  app = await createHttp({ newId, logger: false, authenticate: async () => auditor })
  await app.register(settlementRoutes({ settlement, platform: { db, clock, newId } }))
  await app.ready()
  await world.agree('wechat')
  for (const date of DATES) {
    world.setList('wechat', date, [10_000, -2_000], 48)
    world.setList('alipay', date, [5_000], 30)
    await settlement.takeInDate(HOSPITAL, businessDate(date))
  }
  await world.receive([['R1', 7_952, '2026-03-03']])
  await settlement.sweep(HOSPITAL)
})
afterAll(async () => {
  await app.close()
  await db[Symbol.asyncDispose]()
})

type Item = Record<string, never> & { provider: string; date: string }
async function get(path: string) {
  const url = `/hospitals/${HOSPITAL}/settlement/${path}`
  const answer = await app.inject({ method: 'GET', url })
  return { status: answer.statusCode, body: answer.json<{ items: Item[]; sum: object }>() }
}
const keysOf = ({ body }: Awaited<ReturnType<typeof get>>) =>
  body.items.map(({ provider, date }) => `${provider}/${date}`)

it('[B4] goes through batches page by page, each once, with the sum of all pages on every page', async () => {
  const all = await get('payouts?order=date&limit=200')
  expect(keysOf(all)).toHaveLength(6)
  for (const order of ['date', 'due']) {
    const seen: string[] = []
    let after = ''
    for (;;) {
      const page = await get(`payouts?order=${order}&limit=2${after}`)
      expect(page.body.sum).toEqual(all.body.sum)
      if (page.body.items.length === 0) break
      seen.push(...keysOf(page))
      after = `&after=${seen.at(-1) ?? ''}`
    }
    expect(seen.toSorted()).toEqual(keysOf(all).toSorted())
  }
  expect(all.body.sum).toEqual({
    count: 6,
    chargeFen: 45_000,
    returnFen: 6_000,
    feeFen: 144,
    payoutFen: 23_856,
    receivedFen: 7_952,
  })
})

it('[B4] tells open batches by due date, and those without a contract last', async () => {
  expect(keysOf(await get('payouts?status=open&order=due'))).toEqual([
    'wechat/2026-03-03',
    'wechat/2026-03-04',
    'alipay/2026-03-02',
    'alipay/2026-03-03',
    'alipay/2026-03-04',
  ])
  expect(keysOf(await get('payouts?status=received'))).toEqual(['wechat/2026-03-02'])
  expect(keysOf(await get('payouts?provider=wechat&expectedOn=2026-03-05'))).toEqual([
    'wechat/2026-03-04',
  ])
  expect(keysOf(await get('payouts?from=2026-03-03&to=2026-03-03'))).toEqual([
    'wechat/2026-03-03',
    'alipay/2026-03-03',
  ])
  const gone = await get('payouts?order=due&after=wechat/2020-01-01')
  expect(gone.body.items).toEqual([])
})

it('[B4] what providers owe adds up to the standing, and by day to the same', async () => {
  const { body } = await get('standing/providers')
  expect(body.items).toEqual([
    {
      provider: 'wechat',
      openCount: 2,
      openFen: 15_904,
      lateCount: 2,
      lateFen: 15_904,
      withoutContract: 0,
      overFen: 0,
      nextExpectedOn: '2026-03-04',
    },
    {
      provider: 'alipay',
      openCount: 0,
      openFen: 0,
      lateCount: 0,
      lateFen: 0,
      withoutContract: 3,
      overFen: 0,
      nextExpectedOn: null,
    },
  ])
  expect((await get('standing')).body).toMatchObject({ shortFen: 15_904, receivedFen: 7_952 })
  expect((await get('payout-days?from=2026-03-01&to=2026-03-31')).body.items).toMatchObject([
    { expectedOn: '2026-03-03', openFen: 0, payoutFen: 7_952, count: 1 },
    { expectedOn: '2026-03-04', openFen: 7_952 },
    { expectedOn: '2026-03-05', openFen: 7_952 },
  ])
})

it('[B4] a batch has its lists, and a receipt the batches it was for', async () => {
  expect((await get('batches/wechat/2026-03-02/versions')).body.items).toMatchObject([
    {
      version: 1,
      chargeFen: 10_000,
      returnFen: 2_000,
      feeFen: 48,
      payoutFen: 7_952,
      moves: [
        { name: 'part/self_pay', amountFen: 8_000 },
        { name: 'fee/net', amountFen: 48 },
      ],
    },
  ])
  expect((await get('receipts/main/R1/1')).body).toMatchObject({
    receipt: { bankRef: 'R1', status: 'received', amountFen: 7_952 },
    uses: [{ provider: 'wechat', date: '2026-03-02', amountFen: 7_952 }],
  })
  expect(await get('receipts/main/R1/2')).toMatchObject({
    status: 404,
    body: { code: 'settlement.receipt_not_found' },
  })
})
