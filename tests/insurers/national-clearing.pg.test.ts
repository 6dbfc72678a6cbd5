import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Fault, FaultPlan } from '../../apps/simulators/kit/simulator.ts'
import { createCentres, monthToClear } from '../../apps/worker/insurance.ts'
import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate, DAY_MS } from '../../kernel/time.ts'
import type { ChargeOrder, RefundOrder } from '../../modules/payments/index.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { createModuleBench, exampleBill, type ModuleBench } from './module-bench.ts'
import {
  ELSEWHERE,
  fromElsewhere,
  local,
  type NationalBench,
  said,
  startNationalBench,
} from './national-bench.ts'

// People from elsewhere: looked up, settled by the rules of their own area, and cleared by the month.

let db: TestDatabase
let bench: NationalBench
let module: ModuleBench
let seed = 0
const faults = new Map<string, Fault>()
const plan: FaultPlan = ({ operation }) => {
  const fault = faults.get(operation) ?? null
  faults.delete(operation)
  return fault
}

const FILED = [{ personNo: 'P2', from: businessDate('2026-11-01'), to: null }]

beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(async () => {
  faults.clear()
  bench = await startNationalBench('standard', { faults: plan, homeFilings: FILED })
  // Each test is another hospital, as each has a centre with books of its own.
  seed += 1
  module = createModuleBench(db, bench, `clearing-${seed}`, (100 + seed) as HospitalId)
})
afterEach(async () => {
  assert(bench.simulator.checkBooks().length === 0, 'the books of the centre are right')
  await bench.simulator.stop()
})

async function settle(billNo: string, person = fromElsewhere) {
  const insurance = module.start()
  const bill = exampleBill(billNo, module.clock.now())
  const request = module.request(module.holderOf(person), [bill])
  const order = module.orderOf(request, await insurance.quote(module.call, request))
  const charged = await insurance.charge(module.call, order)
  if (charged.outcome !== 'confirmed') throw new Error(JSON.stringify(charged))
  bench.pass(1_000)
  return { insurance, request, order, move: charged.move }
}

describe.sequential('people from elsewhere', () => {
  it('[N2] who have not filed get less, as their own area says, and are told so', async () => {
    const unfiled = await startNationalBench('standard')
    const alone = createModuleBench(db, unfiled, 'unfiled')
    const bill = exampleBill('B0', alone.clock.now())
    const request = alone.request(alone.holderOf(fromElsewhere), [bill])
    const answer = await alone.start().quote(alone.call, request)
    expect(answer.outcome).toBe('quoted')
    expect(answer).toHaveProperty('reasons.0.code', 'elsewhere_unfiled')
    await unfiled.simulator.stop()
  })

  it('[N2] are settled by the rules of their own area, and cleared by the month', async () => {
    const { insurance, order, move } = await settle('B1')
    await settle('B2')
    await settle('B3', local)
    const record = await insurance.clearMonth(module.call, '2026-11')
    expect(record).toMatchObject({
      status: 'confirmed',
      listed: 2,
      confirmed: 2,
      totalFen: 2 * 638_00,
      note: null,
    })
    expect(await insurance.clearMonth(module.call, '2026-11')).toEqual(record)
    expect(await insurance.clearingMonths(module.hospitalId)).toEqual([record])
    const rows = await insurance.clearingRows(module.hospitalId, '2026-11', { limit: 10 })
    expect(rows).toMatchObject([
      { result: 'agrees', isConfirmed: true, totalFen: 638_00 },
      { result: 'agrees', isConfirmed: true, totalFen: 638_00 },
    ])
    // What is confirmed cannot be given back before the confirmation is taken back.
    const refund = () => insurance.refund(module.call, refundOf(order, move.providerNo))
    expect(await refund()).toMatchObject({ outcome: 'declined' })
    const open = await insurance.rollBackMonth(module.call, '2026-11')
    expect(open).toMatchObject({ status: 'open' })
    expect(await refund()).toMatchObject({ outcome: 'confirmed' })
  })

  it.each<[string, Fault]>([
    ['never arrived', { kind: 'drop' }],
    ['was done and never answered', { kind: 'lose_answer' }],
  ])('whose confirmation %s are rolled back whole before another goes', async (_what, fault) => {
    const month = '2026-11'
    const { insurance } = await settle('B1')
    faults.set('3261', fault)
    expect(await insurance.clearMonth(module.call, month)).toMatchObject({
      status: 'confirming',
      confirmationNo: null,
    })
    faults.set('3262', { kind: 'drop' })
    expect(await insurance.clearMonth(module.call, month)).toMatchObject({ status: 'confirming' })
    expect(await insurance.clearMonth(module.call, month)).toMatchObject({
      status: 'confirmed',
      confirmed: 1,
    })
  })

  it('of whom only one side knows are left out, for a person to look at', async () => {
    const { insurance, move } = await settle('B1')
    // Given back, and the centre's word of it lost on the way: it stands with us and not with them.
    const { centre, call } = bench
    const [known] = bench.simulator.settlements()
    if (!known) throw new Error('the centre has it')
    said(
      await centre.cancelSettlement(call(ELSEWHERE), {
        psnNo: 'P2',
        mdtrtId: known.visitId,
        setlId: known.settlementId,
      }),
    )
    const record = await insurance.clearMonth(module.call, '2026-11')
    expect(record).toMatchObject({ status: 'confirmed', listed: 0, confirmed: 0 })
    const rows = await insurance.clearingRows(module.hospitalId, '2026-11', {
      limit: 10,
      result: 'ours_only',
    })
    expect(rows).toMatchObject([{ isConfirmed: false, msgid: move.ourNo }])
  })

  it('are cleared by the worker, once the month is over', async () => {
    const { insurance } = await settle('B1')
    const catalogue = {
      settingOf: () => Promise.resolve(null),
      rematch: () => Promise.resolve(0),
    } as never
    const hospitals = { list: () => Promise.resolve([{ id: module.hospitalId }]) }
    const failures: unknown[] = []
    const worker = createCentres({ catalogue, insurance, hospitals }, module, (error) => {
      failures.push(error)
    })
    bench.pass(12 * DAY_MS)
    expect(monthToClear(module.clock.now())).toBe('2026-11')
    expect(await worker.workOff()).toBe(1)
    expect(await worker.workOff()).toBe(0)
    expect(failures).toEqual([])
    expect(monthToClear(new Date('2027-01-02T10:00:00+08:00'))).toBeNull()
    expect(monthToClear(new Date('2027-01-03T10:00:00+08:00'))).toBe('2026-12')
  })
})

const refundOf = (charge: ChargeOrder, chargeProviderNo: string): RefundOrder => ({
  charge,
  chargeProviderNo,
  refundId: module.newId<'Refund'>(),
  refundNo: 'R1',
  amountFen: fen(0),
  remaining: [],
  reason: '退药',
  requestedAt: module.clock.now(),
})
