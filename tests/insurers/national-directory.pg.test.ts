import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'

import type { Fault, FaultPlan } from '../../apps/simulators/kit/simulator.ts'
import { createDirectories } from '../../apps/worker/directories.ts'
import { createNewId, type HospitalId } from '../../kernel/id.ts'
import { seededRandom } from '../../kernel/random.ts'
import { DAY_MS, HOUR_MS } from '../../kernel/time.ts'
import { createInsurance } from '../../modules/insurance/index.ts'
import { createRegistry } from '../../modules/registry/index.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { type NationalBench, startNationalBench } from './national-bench.ts'

// The designated institutions of a region, asked of its insurance centre by the worker.

const HOSPITAL = 31 as HospitalId
const REGION = '999900'

let db: TestDatabase
let bench: NationalBench
let fault: Fault | null = null
const plan: FaultPlan = ({ operation }) => (operation === '1201' ? fault : null)

beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(async () => void (bench = await startNationalBench('standard', { faults: plan })))
afterEach(() => bench.simulator.stop())

function start() {
  const { clock, centre } = bench
  const platform = { db, clock, newId: createNewId(clock, seededRandom('directory')) }
  const nationalOf = () => Promise.resolve(centre)
  const insurance = createInsurance({
    ...platform,
    centreOf: nationalOf,
    nationalOf,
    insuredPerson: () => Promise.resolve(null),
  })
  const registry = createRegistry(platform)
  const failures: unknown[] = []
  const hospitals = { list: () => Promise.resolve([{ id: HOSPITAL }]) }
  const parts = { registry, insurance, hospitals, connections: { insurance: { of: nationalOf } } }
  const directories = createDirectories(parts, platform, (error) => void failures.push(error))
  return { registry, directories, failures }
}

it('[I6] an answer that did not come changes nothing, and is asked for again a day later', async () => {
  const { registry, directories, failures } = start()
  fault = { kind: 'drop' }
  expect(await directories.workOff()).toBe(0)
  expect(failures).toHaveLength(2)
  expect(await registry.lookUp({ limit: 10 })).toEqual({ items: [], next: null, asOf: null })
  fault = null
  bench.pass(HOUR_MS)
  expect(await directories.workOff()).toBe(0)
  bench.pass(DAY_MS)
  expect(await directories.workOff()).toBe(2)
  const { items, asOf } = await registry.lookUp({ kind: 'hospital', region: REGION, limit: 10 })
  expect(items.map(({ institution: { code } }) => code)).toEqual(['H99990000001'])
  expect(items[0]).toMatchObject({ institution: { area: REGION, settles: [], phone: null } })
  expect(asOf).toEqual(bench.clock.now())
  const pharmacies = await registry.lookUp({ kind: 'pharmacy', text: 'akdyf', limit: 10 })
  expect(pharmacies.items).toMatchObject([{ institution: { name: '安康大药房', level: null } }])
})

it('[I6] is asked once a day, and what the centre says the same begins no new row', async () => {
  const { registry, directories, failures } = start()
  bench.pass(3 * DAY_MS)
  expect(await directories.workOff()).toBe(2)
  bench.pass(HOUR_MS)
  expect(await directories.workOff()).toBe(0)
  expect(await registry.latestEdition(REGION, 'pharmacy')).toMatchObject({
    seq: 2,
    source: 'centre',
    institutionCount: 3,
  })
  expect(failures).toEqual([])
})
