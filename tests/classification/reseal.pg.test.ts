import { createCipheriv, hkdfSync } from 'node:crypto'

import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { SEALED_COLUMNS } from '../../apps/hub/sealed-columns.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { seededRandom } from '../../kernel/random.ts'
import { businessDate } from '../../kernel/time.ts'
import { createSystemMemory } from '../../modules/hospitals/index.ts'
import { createIdentity, type PersonId } from '../../modules/identity/index.ts'
import { inHospital } from '../../platform/db.ts'
import { resealColumn } from '../../platform/reseal.ts'
import { createSeal, type Seal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { COLUMN_CLASSES } from './column-classes.ts'

const MASTER = new Uint8Array(32).fill(7)
const SECOND = new Uint8Array(32).fill(9)
const HOSPITAL = 52 as HospitalId
/** More than are locked at once. */
const PEOPLE = 1_100
const platform = testPlatform()
const sealUnder = (version: number, seed = 'reseal') =>
  createSeal(MASTER, seededRandom(`${seed}/${version}`), {
    current: version,
    keys: new Map([[2, SECOND]]),
  })

let db: TestDatabase
let ids: PersonId[]

beforeAll(async () => {
  db = await createTestDatabase()
  const identity = createIdentity({ db, ...platform, seal: sealUnder(1) })
  const people = Array.from({ length: PEOPLE }, (_, i) => ({
    name: nameOf(i),
    idCardNo: `E${String(i).padStart(8, '0')}`,
    idKind: 'passport' as const,
    phone: null,
    gender: 'female' as const,
    birthDate: businessDate('1980-01-01'),
    media: [],
  }))
  ids = await identity.registerPeople(people)
  await createSystemMemory({ db, clock: platform.clock, seal: sealUnder(1) }, HOSPITAL).remember({
    'card 88': 17,
  })
}, 60_000)
afterAll(() => db[Symbol.asyncDispose]())

const nameOf = (i: number) => `第${i}人`

const NAMES = columnNamed('identity.person', 'name_sealed')

function columnNamed(table: string, column: string) {
  const found = SEALED_COLUMNS.find((one) => one.table === table && one.column === column)
  if (!found) throw new Error(`${table}.${column} is listed`)
  return found
}

const reseal = (seal: Seal, column = NAMES) =>
  resealColumn({ db, seal, hospitalIds: [HOSPITAL] }, column)

const under = async (version: number) => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from identity.person
    where name_sealed like ${`v2.${version}.%`}`.execute(db)
  return rows[0]?.count
}

it('[S5] every column of sealed texts can be put under another key', () => {
  const listed = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`)
  const sealed = Object.keys(COLUMN_CLASSES).filter((name) => name.endsWith('_sealed'))
  expect(listed.toSorted()).toEqual(sealed.toSorted())
})

it('[S5] a text that was swapped with another row does not open there, and its row says so', async () => {
  const [a, b] = ids
  const swap = () =>
    sql`update identity.person p set name_sealed = o.name_sealed from identity.person o
      where p.person_id in (${a}, ${b}) and o.person_id in (${a}, ${b})
        and p.person_id <> o.person_id`.execute(db)
  await swap()
  const identity = createIdentity({ db, ...platform, seal: sealUnder(1) })
  await expect(identity.factsOf([a as PersonId])).rejects.toMatchObject({
    name: 'SealError',
    fault: 'moved_or_changed',
  })
  const { unopened } = await reseal(sealUnder(2))
  expect(unopened).toEqual([a, b].map((id) => `identity.person ${id}`).toSorted())
  await swap()
  expect(await reseal(sealUnder(1, 'back'))).toEqual({ resealed: PEOPLE - 2, unopened: [] })
})

it('[S5] keys change under running reads, and a run that was stopped goes on', async () => {
  const identity = createIdentity({ db, ...platform, seal: sealUnder(1, 'reader') })
  let isDone = false
  const reads = (async () => {
    let count = 0
    while (!isDone) {
      const at = count % PEOPLE
      const [facts] = await identity.factsOf([ids[at] as PersonId])
      expect(facts?.name).toBe(nameOf(at))
      count++
    }
    return count
  })()
  const stopping = sealUnder(2)
  let left = 600
  const stopped = {
    ...stopping,
    reseal(...asked: Parameters<Seal['reseal']>) {
      if (left-- === 0) throw new Error('the process ended')
      return stopping.reseal(...asked)
    },
  }
  await expect(reseal(stopped)).rejects.toThrow('the process ended')
  const half = await under(2)
  expect(half).toBe(500)
  expect(await reseal(sealUnder(2, 'again'))).toEqual({ resealed: PEOPLE - 500, unopened: [] })
  isDone = true
  expect(await reads).toBeGreaterThan(0)
  expect([await under(1), await under(2)]).toEqual([0, PEOPLE])
  expect((await reseal(sealUnder(2, 'over'))).resealed).toBe(0)
  const found = await identity.findPersonByMedium('passport', 'E00000007')
  expect(found).toBe(ids[7])
})

it('[S5] what was sealed before places counted still opens, and is resealed hospital by hospital', async () => {
  const purpose = `hospitals.system_memory.${HOSPITAL}`
  await inHospital(db, HOSPITAL, (tx) =>
    sql`update hospitals.system_memory set value_sealed = ${sealedOnce(purpose, '17')}`.execute(tx),
  )
  const memory = createSystemMemory({ db, clock: platform.clock, seal: sealUnder(2) }, HOSPITAL)
  expect(await memory.recall(['card 88'])).toEqual({ 'card 88': 17 })
  const column = columnNamed('hospitals.system_memory', 'value_sealed')
  expect(await reseal(sealUnder(2), column)).toEqual({ resealed: 1, unopened: [] })
  const { rows } = await inHospital(db, HOSPITAL, (tx) =>
    sql<{ sealed: string }>`
      select value_sealed as sealed from hospitals.system_memory`.execute(tx),
  )
  expect(rows[0]?.sealed).toMatch(/^v2\.2\.52\./)
  expect(await memory.recall(['card 88'])).toEqual({ 'card 88': 17 })
})

it('[S5] all columns are walked through by the role the hub has', async () => {
  for (const column of SEALED_COLUMNS) {
    expect((await reseal(sealUnder(2), column)).unopened).toEqual([])
  }
  expect(
    (await reseal(sealUnder(1), columnNamed('identity.medium', 'value_sealed'))).resealed,
  ).toBe(PEOPLE)
})

function sealedOnce(purpose: string, text: string): string {
  const nonce = Buffer.alloc(12, 3)
  const key = Buffer.from(hkdfSync('sha256', MASTER, '', `seal:${purpose}`, 32))
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64')
}
