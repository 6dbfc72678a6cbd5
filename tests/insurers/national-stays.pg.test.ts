import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Fault, FaultPlan } from '../../apps/simulators/kit/simulator.ts'
import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { fen, negateFen } from '../../kernel/money.ts'
import { businessDate, DAY_MS } from '../../kernel/time.ts'
import type { Figures, Insurance, StayAnswer } from '../../modules/insurance/index.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { createModuleBench, type ModuleBench } from './module-bench.ts'
import {
  department,
  doctor,
  exampleLines,
  fromElsewhere,
  local,
  type NationalBench,
  startNationalBench,
} from './national-bench.ts'

// A stay in hospital at the insurance, whatever is lost on the way.

const STAY = 'I1'

let db: TestDatabase
let bench: NationalBench
let module: ModuleBench
let insurance: Insurance
let seed = 0
/** What goes wrong the next times, by transaction. */
const faults = new Map<string, Fault[]>()
const plan: FaultPlan = ({ operation }) => faults.get(operation)?.shift() ?? null

beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(async () => {
  faults.clear()
  const homeFilings = [{ personNo: 'P2', from: businessDate('2026-11-01'), to: null }]
  bench = await startNationalBench('standard', { faults: plan, homeFilings })
  seed += 1
  module = createModuleBench(db, bench, `stay-${seed}`, (200 + seed) as HospitalId)
  insurance = module.start()
})
afterEach(async () => {
  assert(bench.simulator.checkBooks().length === 0, 'the books of the centre are right')
  // Whatever happened on the way: never two settlements that stand for one stay.
  const standing = bench.simulator.settlements().filter((one) => !one.isRefund && !one.isRefunded)
  assert(standing.length <= 1, 'one settlement stands at most')
  await bench.simulator.stop()
})

const LOST: Fault = { kind: 'lose_answer' }
const NEVER: Fault = { kind: 'drop' }
const diagnoses = () => [
  { code: 'J18.900', name: '肺炎', department, doctor, at: module.clock.now() },
]

const admit = (person = local) =>
  insurance.admitStay(module.call, {
    personId: module.holderOf(person),
    stayNo: STAY,
    medType: '21',
    useAccount: true,
    department,
    bed: '12',
    doctor,
    admittedAt: module.clock.now(),
    diagnoses: diagnoses(),
  })

const lines = () =>
  exampleLines(new Date('2026-11-21T09:00:00+08:00')).map((line) => ({
    ...line,
    orderNo: null,
    returnsLineId: null as string | null,
  }))
const tell = (some = lines()) => insurance.tellStayLines(module.call, STAY, some)
const discharge = () =>
  insurance.dischargeStay(module.call, STAY, {
    department,
    bed: '12',
    dischargedAt: module.clock.now(),
    way: '1',
    diagnoses: diagnoses(),
    disease: null,
    operation: null,
  })

function doneOf(answer: StayAnswer) {
  if (answer.outcome !== 'done') throw new Error(JSON.stringify(answer))
  return answer.stay
}

/** Admitted, charged, discharged and quoted. */
async function quoted(person = local): Promise<Figures> {
  doneOf(await admit(person))
  doneOf(await tell())
  bench.pass(2 * DAY_MS)
  doneOf(await discharge())
  const { figures } = doneOf(await insurance.preSettleStay(module.call, STAY))
  if (!figures) throw new Error('a quote has figures')
  return figures
}

const settle = (figures: Figures) => insurance.settleStay(module.call, STAY, figures)
const cancel = () => insurance.cancelStaySettlement(module.call, STAY)
const paid = () =>
  bench.simulator
    .settlements()
    .filter((one) => !one.isRefund && !one.isRefunded)
    .map((one) => one.fundFen)

describe('a stay', () => {
  it('[N1] is admitted, charged day by day, quoted, discharged, settled, taken back and settled anew', async () => {
    const { mdtrtId } = doneOf(await admit())
    expect(doneOf(await admit()).mdtrtId).toBe(mdtrtId)
    const [first, ...others] = lines()
    if (!first) throw new Error('there are lines')
    doneOf(await tell([first]))
    // The day's list again, and what came since.
    doneOf(await tell([first, ...others]))
    const back = { ...first, lineId: 'R1', quantity: -1, amountFen: negateFen(first.amountFen) }
    doneOf(await tell([{ ...back, returnsLineId: first.lineId }]))
    const early = doneOf(await insurance.preSettleStay(module.call, STAY)).figures
    expect(early).toMatchObject({ totalFen: 540_00, ownFen: 0 })
    bench.pass(2 * DAY_MS)
    doneOf(await discharge())
    expect(await tell()).toMatchObject({ outcome: 'refused', code: 'stay_state' })
    const figures = doneOf(await insurance.preSettleStay(module.call, STAY)).figures
    if (!figures) throw new Error('quoted')
    const other = { ...figures, fundFen: fen(1) }
    expect(await settle(other)).toMatchObject({ outcome: 'refused', code: 'quote_superseded' })
    expect(doneOf(await settle(figures))).toMatchObject({ status: 'settled', figures })
    expect(doneOf(await settle(figures)).status).toBe('settled')
    expect(paid()).toEqual([figures.fundFen])
    expect(doneOf(await cancel()).status).toBe('discharged')
    expect(paid()).toEqual([])
    doneOf(await insurance.cancelStayDischarge(module.call, STAY))
    doneOf(await discharge())
    const anew = doneOf(await insurance.preSettleStay(module.call, STAY)).figures
    if (!anew) throw new Error('quoted')
    expect(doneOf(await settle(anew)).status).toBe('settled')
    const { lines: kept, settlements } = await insurance.stayOf(module.hospitalId, STAY)
    expect(kept).toHaveLength(5)
    expect(settlements.map(({ kind, status }) => [kind, status])).toEqual([
      ['charge', 'done'],
      ['return', 'done'],
      ['charge', 'done'],
    ])
  })

  it('of somebody from elsewhere goes by their filing', async () => {
    const figures = await quoted(fromElsewhere)
    expect(doneOf(await settle(figures))).toMatchObject({
      insuredRegion: '440300',
      filing: { from: '2026-11-01' },
    })
    expect(await insurance.clearMonth(module.call, '2026-11')).toMatchObject({
      status: 'confirmed',
      confirmed: 1,
    })
  })

  it('that was admitted in error is ended, and nobody may be charged for it', async () => {
    doneOf(await admit())
    expect(doneOf(await insurance.cancelStay(module.call, STAY)).status).toBe('ended')
    expect(await tell()).toMatchObject({ outcome: 'refused', code: 'stay_state' })
    await expect(insurance.stayOf(module.hospitalId, 'I9')).rejects.toThrow('stay_not_found')
  })

  it.each<[string, Fault]>([
    ['never arrived', NEVER],
    ['was done and not answered', LOST],
  ])('goes on where a message %s, at each step', async (_what, fault) => {
    for (const infno of ['2401', '2301', '2402', '2405', '2305']) faults.set(infno, [fault])
    expect((await admit()).outcome).toBe('unknown')
    doneOf(await admit())
    expect((await tell()).outcome).toBe('unknown')
    expect(await tell(lines().slice(0, 1))).toMatchObject({ code: 'lines_pending' })
    doneOf(await tell())
    bench.pass(DAY_MS)
    expect((await discharge()).outcome).toBe('unknown')
    doneOf(await discharge())
    expect((await insurance.cancelStayDischarge(module.call, STAY)).outcome).toBe('unknown')
    doneOf(await insurance.cancelStayDischarge(module.call, STAY))
    doneOf(await discharge())
    const { figures } = doneOf(await insurance.preSettleStay(module.call, STAY))
    if (!figures) throw new Error('quoted')
    doneOf(await settle(figures))
    expect((await cancel()).outcome).toBe('unknown')
    bench.pass(60_000)
    expect(doneOf(await cancel()).status).toBe('discharged')
    expect(paid()).toEqual([])
  })
})

describe('F-44 2304 that was not answered', () => {
  it('but done is found by 5203: no second one goes', async () => {
    const figures = await quoted()
    faults.set('2304', [LOST])
    expect((await settle(figures)).outcome).toBe('unknown')
    expect(doneOf(await settle(figures)).status).toBe('settled')
    expect(paid()).toEqual([figures.fundFen])
    expect((await insurance.stayOf(module.hospitalId, STAY)).settlements).toHaveLength(1)
  })

  it('nor heard is declared void by 2601 under its own number before another goes', async () => {
    const figures = await quoted()
    faults.set('2304', [NEVER])
    expect((await settle(figures)).outcome).toBe('unknown')
    // The centre has never seen it: for as long as it may be on its way that is no verdict.
    bench.pass(60_000)
    expect(doneOf(await settle(figures)).status).toBe('settled')
    const { settlements } = await insurance.stayOf(module.hospitalId, STAY)
    expect(settlements.map(({ status }) => status)).toEqual([
      expect.stringMatching(/absent|reversed/),
      'done',
    ])
    const asked = bench.outcomes.filter((one) => one.startsWith('2304'))
    expect(asked).toEqual([])
    expect(paid()).toEqual([figures.fundFen])
  })
})

it('F-45 2601 that is lost itself is asked again, and no settlement goes before it is answered', async () => {
  const figures = await quoted()
  faults.set('2304', [NEVER])
  faults.set('2601', [LOST, NEVER])
  expect((await settle(figures)).outcome).toBe('unknown')
  bench.pass(60_000)
  expect((await settle(figures)).outcome).toBe('unknown')
  expect((await settle(figures)).outcome).toBe('unknown')
  expect(paid()).toEqual([])
  expect((await insurance.stayOf(module.hospitalId, STAY)).settlements).toHaveLength(1)
  expect(doneOf(await settle(figures)).status).toBe('settled')
  expect(paid()).toEqual([figures.fundFen])
})
