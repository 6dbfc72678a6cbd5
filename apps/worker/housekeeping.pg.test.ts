import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { addMs, DAY_MS, HOUR_MS } from '../../kernel/time.ts'
import { lenderId } from '../../modules/credit/index.ts'
import { createHospitals } from '../../modules/hospitals/index.ts'
import { createIdentity } from '../../modules/identity/index.ts'
import { inHospital } from '../../platform/db.ts'
import { createSeal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { createHousekeeping } from './housekeeping.ts'

const HOSPITALS = [1, 2] as HospitalId[]
const NO_BANKS = {
  channels: { of: async () => new Map() },
  bankLines: { settleBatches: async () => [] },
}
const LENDER = lenderId(900_001)
const NO_BENEFITS = {
  benefits: { keepHouse: async () => 0 },
  coverage: { forgetBills: async () => 0 },
  credit: {
    lenders: async () => [
      {
        lenderId: LENDER,
        name: { zh: '鹿城银行', en: 'Lucheng Bank' },
        form: 'built_in' as const,
        status: 'active' as const,
      },
    ],
  },
}
const NOTHING_OF_PARTNERS = { purgeExpired: async () => 0, purgeEvents: async () => 0 }

let db: TestDatabase
let test: Awaited<ReturnType<typeof openHouse>>
beforeEach(async () => {
  db = await createTestDatabase()
  test = await openHouse(db)
})
afterEach(() => db[Symbol.asyncDispose]())

/** Two hospitals with real modules, and ways to fill them with what is to be forgotten. */
async function openHouse(database: TestDatabase) {
  const platform = { db: database, ...testPlatform() }
  const seal = createSeal(new Uint8Array(32).fill(7), platform.random)
  const identity = createIdentity({ ...platform, seal })
  const hospitals = createHospitals({ ...platform, seal, systemOf: async () => null })
  for (const id of HOSPITALS) {
    const named = { name: `第${id}医院`, shortName: `${id}院`, level: '三级甲等' } as const
    await hospitals.register({ id, ...named, insuranceCode: `H990${id}`, status: 'active' })
  }
  const ago = (days: number) => addMs(platform.clock.now(), -days * DAY_MS)
  return {
    clock: platform.clock,
    ...createHousekeeping(
      {
        identity,
        hospitals,
        partners: NOTHING_OF_PARTNERS,
        sources: NO_BENEFITS,
        connections: NO_BANKS,
      },
      platform,
    ),
    addSession: (token: string, expiredDaysAgo: number) =>
      sql`insert into identity.session
        (token_hash, app, person_id, created_at, expires_at, idle_expires_at)
      values (${token}, 'patient', ${platform.newId()}, ${ago(expiredDaysAgo)}, ${ago(expiredDaysAgo)},
        ${ago(expiredDaysAgo)})`.execute(database),
    addKeys: (hospitalId: HospitalId, count: number, daysAgo: number) =>
      inHospital(database, hospitalId, (tx) =>
        sql`insert into platform.idempotency (hospital_id, principal, key, request_hash, resource_id,
            status, leased_until, response_code, response_body, created_at)
          select ${hospitalId}, 'person:p1', ${daysAgo} || '-' || n, 'h', ${platform.newId()}, 'done',
            ${ago(daysAgo)}, 201, '{}', ${ago(daysAgo)}
          from generate_series(1, ${count}::int) n`.execute(tx),
      ),
    async left() {
      const { rows: sessions } = await sql<{ count: number }>`
        select count(*) from identity.session`.execute(database)
      const keys = await Promise.all(
        HOSPITALS.map(async (id) => {
          const count = sql<{ count: number }>`select count(*) from platform.idempotency`
          return inHospital(database, id, (tx) => count.execute(tx))
        }),
      )
      return [sessions, ...keys.map(({ rows }) => rows)].map(([row]) => row?.count)
    },
  }
}

it('forgets old sessions, and old keys of every hospital and lender, and nothing that is still of use', async () => {
  await test.addSession('old', 31)
  await test.addSession('young', 29)
  await test.addKeys(1 as HospitalId, 3, 91)
  await test.addKeys(1 as HospitalId, 5, 89)
  await test.addKeys(2 as HospitalId, 2, 400)
  await test.addKeys(LENDER, 4, 91)
  expect(await test.left()).toEqual([2, 8, 2])
  expect(await test.keepHouse()).toBe(10)
  expect(await test.left()).toEqual([1, 5, 0])
})

it('works once an hour by the clock, however often it is called', async () => {
  expect(await test.keepHouse()).toBe(0)
  await test.addKeys(1 as HospitalId, 3, 91)
  test.clock.advance(HOUR_MS - 1)
  expect(await test.keepHouse()).toBe(0)
  test.clock.advance(1)
  const both = await Promise.all([test.keepHouse(), test.keepHouse()])
  expect(both).toEqual([3, 0])
  expect(await test.keepHouse()).toBe(0)
})

it('does a bounded piece of a large heap in each hour', async () => {
  await test.addKeys(2 as HospitalId, 5_500, 91)
  expect(await test.keepHouse()).toBe(5_000)
  test.clock.advance(HOUR_MS)
  expect(await test.keepHouse()).toBe(500)
  expect(await test.left()).toEqual([0, 0, 0])
})

it('has the partners forget what is theirs, and the events of every hospital', async () => {
  const left = new Map<HospitalId | null, number[]>([
    [null, [1_000, 7]],
    [1 as HospitalId, [20]],
    [2 as HospitalId, [1_000, 1_000, 300]],
  ])
  const forget = async (of: HospitalId | null) => left.get(of)?.shift() ?? 0
  const household = {
    identity: { purgeExpired: async () => 0 },
    hospitals: { list: async () => HOSPITALS.map((id) => ({ id })) },
    partners: { purgeExpired: () => forget(null), purgeEvents: (id: HospitalId) => forget(id) },
    sources: NO_BENEFITS,
    connections: NO_BANKS,
  }
  const { keepHouse } = createHousekeeping(household, { db, ...testPlatform() })
  expect(await keepHouse()).toBe(3_327)
})

it('tries again an hour after the database failed', async () => {
  await test.addKeys(1 as HospitalId, 3, 91)
  let isDown = true
  const identity = {
    purgeExpired: async () => {
      if (isDown) throw new Error('the database is down')
      return 0
    },
  }
  const hospitals = { list: async () => HOSPITALS.map((id) => ({ id })) }
  const platform = { db, ...testPlatform() }
  const household = {
    identity,
    hospitals,
    partners: NOTHING_OF_PARTNERS,
    sources: NO_BENEFITS,
    connections: NO_BANKS,
  }
  const { keepHouse } = createHousekeeping(household, platform)
  await expect(keepHouse()).rejects.toThrow('the database is down')
  isDown = false
  expect(await keepHouse()).toBe(0)
  platform.clock.advance(HOUR_MS)
  expect(await keepHouse()).toBe(3)
})

it('[P2] has the banks end their terminals’ batches once a night, and says which could not', async () => {
  const platform = { db, ...testPlatform('2026-11-21T23:30:00+08:00') }
  const opened: HospitalId[] = []
  let settled = 0
  const connections = {
    channels: { of: async (id: HospitalId) => void opened.push(id) },
    bankLines: {
      settleBatches: async () => {
        settled++
        return [{ hospitalId: 1 as HospitalId, channel: 'bank', terminal: 'T1', reason: 'silent' }]
      },
    },
  }
  const household = {
    identity: { purgeExpired: async () => 0 },
    hospitals: { list: async () => HOSPITALS.map((id) => ({ id })) },
    partners: NOTHING_OF_PARTNERS,
    sources: NO_BENEFITS,
    connections,
  }
  const failures: unknown[] = []
  const { keepHouse } = createHousekeeping(household, platform, (error) => failures.push(error))
  for (let hour = 0; hour < 30; hour++) {
    await keepHouse()
    platform.clock.advance(HOUR_MS)
  }
  // From half past eleven for thirty hours: two nights.
  expect(settled).toBe(2)
  expect(opened).toEqual([...HOSPITALS, ...HOSPITALS])
  expect(failures.map(String)).toEqual([
    'Error: hospital 1: bank T1 is not settled: silent',
    'Error: hospital 1: bank T1 is not settled: silent',
  ])
})
