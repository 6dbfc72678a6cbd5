import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import { createSeal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { createSystemMemory } from './system-memory.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

const { clock, random } = testPlatform()
const memoryOf = (hospitalId: number) => {
  const seal = createSeal(new Uint8Array(32).fill(7), random)
  return createSystemMemory({ db: database, seal, clock }, hospitalId as HospitalId)
}

it('gives back what was put in last, to its own hospital only', async () => {
  const memory = memoryOf(1)
  await memory.remember({ 'bill 1': { idCardNo: '11010119900307109X' }, 'bill 2': null })
  await memory.remember({ 'bill 1': { idCardNo: '110101199003071090' } })
  expect(await memory.recall(['bill 1', 'bill 2', 'bill 3'])).toEqual({
    'bill 1': { idCardNo: '110101199003071090' },
    'bill 2': null,
  })
  expect(await memoryOf(2).recall(['bill 1'])).toEqual({})
  expect(await memory.recall([])).toEqual({})
})

it('keeps nothing in the clear', async () => {
  await memoryOf(1).remember({ 'bill 9': { name: '王秀英' } })
  const rows = await inHospital(database, 1 as HospitalId, async (tx) => {
    const all = await sql`select s::text as row from hospitals.system_memory s`.execute(tx)
    return all.rows
  })
  expect(rows.length).toBeGreaterThan(0)
  expect(JSON.stringify(rows)).not.toContain('王秀英')
})
