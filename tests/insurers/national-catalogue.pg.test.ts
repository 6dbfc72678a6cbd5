import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { catalogue as PUBLISHED } from '../../apps/simulators/insurance/testing.ts'
import type { Fault, FaultPlan } from '../../apps/simulators/kit/simulator.ts'
import { createCatalogues } from '../../apps/worker/catalogue.ts'
import { createNewId, type HospitalId, type Id } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { seededRandom } from '../../kernel/random.ts'
import { DAY_MS, MINUTE_MS } from '../../kernel/time.ts'
import { createCatalogue } from '../../modules/catalogue/index.ts'
import { createInsurance } from '../../modules/insurance/index.ts'
import { createAudit } from '../../platform/audit.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { type NationalBench, startNationalBench } from './national-bench.ts'

// The catalogue of a region, read from its insurance centre by the worker until the hospital's items are placed in it.

const HOSPITAL = 31 as HospitalId
const OTHER = 32 as HospitalId
const REGION = '999900'

let db: TestDatabase
let bench: NationalBench
/** What goes wrong the next time, by transaction. */
const faults = new Map<string, Fault>()
const plan: FaultPlan = ({ operation }) => {
  const fault = faults.get(operation) ?? null
  faults.delete(operation)
  return fault
}

beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(async () => {
  bench = await startNationalBench('standard', { faults: plan })
  await db
    .withTables<{ 'insurance.catalogue_reading': { due_at: Date } }>()
    .updateTable('insurance.catalogue_reading')
    .set({ due_at: new Date(0) })
    .execute()
})
afterEach(() => bench.simulator.stop())

const ACTOR = {
  name: 'staff:s1',
  requestId: 'R',
  hospitalId: HOSPITAL,
  staffId: 's1' as Id<'Staff'>,
}

function start() {
  const { clock, centre } = bench
  const newId = createNewId(clock, seededRandom('catalogue'))
  const platform = { db, clock, newId }
  const catalogue = createCatalogue({ ...platform, audit: createAudit(platform) })
  const nationalOf = () => Promise.resolve(centre)
  const insurance = createInsurance({
    ...platform,
    centreOf: nationalOf,
    nationalOf,
    insuredPerson: () => Promise.resolve(null),
  })
  const hospitals = { list: () => Promise.resolve([{ id: HOSPITAL }, { id: OTHER }]) }
  const failures: unknown[] = []
  const worker = createCatalogues({ catalogue, insurance, hospitals }, platform, (error) => {
    failures.push(error)
  })
  return { catalogue, insurance, worker, failures }
}

const line = (code: string, changes: { name?: string; chargeCategory?: string } = {}) => ({
  lineNo: 1,
  code: `local-${code}`,
  name: changes.name ?? code,
  spec: '',
  unit: '次',
  unitPriceFen: fen(100_00),
  chargeCategory: changes.chargeCategory ?? '09',
  nationalCode: code,
  quantity: 1,
  amountFen: fen(100_00),
})

describe.sequential('a region’s catalogue', () => {
  it('is not asked for while no hospital has said that it goes by it', async () => {
    const { worker, catalogue, failures } = start()
    expect(await worker.workOff()).toBe(0)
    expect(await catalogue.learnLines(HOSPITAL, [line('XA01')])).toBe(0)
    expect(bench.outcomes).toEqual([])
    expect(failures).toEqual([])
  })

  it('goes on where a list did not come, and is a version only once all are there', async () => {
    const { worker, catalogue, failures } = start()
    for (const id of [HOSPITAL, OTHER]) {
      await catalogue.setHospital(id, { region: REGION, level: '3', acceptFrom: 900 }, ACTOR)
    }
    faults.set('1318', { kind: 'drop' })
    expect(await worker.workOff()).toBe(0)
    expect(failures).toMatchObject([{ message: expect.stringContaining('price_limits') as string }])
    await expect(catalogue.groundOf(HOSPITAL)).rejects.toThrow('catalogue.version_not_found')
    bench.pass(5 * MINUTE_MS)
    expect(await worker.workOff()).toBe(1)
    const { version, index } = await catalogue.groundOf(HOSPITAL)
    expect(version).toMatchObject({ region: REGION, seq: 1, entryCount: 5 })
    expect(index.byCode('XB20L')?.entry).toMatchObject({
      coverClass: 'B',
      firstSharePpm: 200_000,
      priceLimits: { any: 100_000_000 },
    })
    expect(index.byCode('XC01')?.entry).toMatchObject({ coverClass: 'C', firstSharePpm: 0 })
  })

  it('is read again, and makes no version where nothing is new', async () => {
    const { worker, catalogue } = start()
    bench.pass(DAY_MS)
    expect(await worker.workOff()).toBe(0)
    expect((await catalogue.groundOf(HOSPITAL)).version.seq).toBe(1)
  })

  it('[N4] comes anew with what was published, and every item is placed anew', async () => {
    const { worker, catalogue, failures } = start()
    const lines = [line('XA01'), line('XB20'), line('XC01')]
    expect(await catalogue.learnLines(HOSPITAL, lines)).toBe(3)
    expect(await catalogue.learnLines(HOSPITAL, lines)).toBe(0)
    expect(await catalogue.learnLines(OTHER, lines)).toBe(3)
    bench.pass(2 * DAY_MS)
    const [first] = PUBLISHED
    if (!first) throw new Error('the centre lists something')
    bench.simulator.publishCatalogue([
      { ...first, name: 'XA01', insuranceClass: 'B', firstSharePpm: 100_000 },
    ])
    // A version, and the three items of each of the two hospitals.
    expect(await worker.workOff()).toBe(7)
    expect(failures).toEqual([])
    const { index, version } = await catalogue.groundOf(HOSPITAL)
    expect(version.seq).toBe(2)
    expect(index.byCode('XA01')?.entry).toMatchObject({ coverClass: 'B', firstSharePpm: 100_000 })
    const { lines: explained } = await catalogue.explainBill(HOSPITAL, [line('XA01')], null)
    expect(explained).toMatchObject([{ coverClass: 'B', firstShareFen: 10_00, inScopeFen: 90_00 }])
  })

  it('is read by one worker at a time', async () => {
    const [one, other] = [start(), start()]
    bench.pass(3 * DAY_MS)
    const trace = () => undefined
    const outcomes = await Promise.all([
      one.insurance.readCatalogue(HOSPITAL, trace),
      other.insurance.readCatalogue(OTHER, trace),
    ])
    expect(outcomes.filter(({ outcome }) => outcome === 'not_due')).toHaveLength(1)
  })
})
