import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Fault, FaultPlan } from '../../apps/simulators/kit/simulator.ts'
import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { MINUTE_MS } from '../../kernel/time.ts'
import type { Insurance, MobileAnswer } from '../../modules/insurance/index.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { createModuleBench, exampleBill, type ModuleBench } from './module-bench.ts'
import {
  department,
  doctor,
  exampleLines,
  local,
  type NationalBench,
  said,
  startNationalBench,
} from './national-bench.ts'

// Mobile payment and the electronic voucher, whatever is lost on the way.

const ORDER = 'O1'
const VOUCHER_LASTS_MS = 10 * MINUTE_MS

let db: TestDatabase
let bench: NationalBench
let module: ModuleBench
let insurance: Insurance
let seed = 0
const faults = new Map<string, Fault[]>()
const plan: FaultPlan = ({ operation }) => faults.get(operation)?.shift() ?? null

beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(async () => {
  faults.clear()
  bench = await startNationalBench('standard', { faults: plan })
  seed += 1
  module = createModuleBench(db, bench, `mobile-${seed}`, (300 + seed) as HospitalId)
  insurance = module.start()
})
afterEach(async () => {
  assert(bench.simulator.checkBooks().length === 0, 'the books of the centre are right')
  await bench.simulator.stop()
})

const scan = () =>
  insurance.decodeVoucher(module.call, {
    code: local.media.insuranceVoucher,
    purpose: '01301',
    operator: doctor,
    office: department,
  })

async function upload(token: string, personId = module.holderOf(local)) {
  const at = bench.clock.now()
  return insurance.uploadMobileOrder(module.call, {
    personId,
    consent: { kind: 'voucher', token },
    orderNo: ORDER,
    visitNo: 'V-M1',
    mdtrtId: null,
    begunAt: new Date('2026-11-21T09:00:00+08:00'),
    department,
    medType: '11',
    feeType: '01',
    batchNo: 'B-M1',
    totalFen: fen(638_00),
    ownFen: fen(98_00),
    overLimitFen: fen(18_00),
    firstShareFen: fen(64_00),
    inScopeFen: fen(458_00),
    diagnoses: [{ code: 'J06.900', name: '急性上呼吸道感染', department, doctor, at }],
    lines: exampleLines(new Date('2026-11-21T09:00:00+08:00')),
  })
}

const pay = () =>
  insurance.payMobileOrder(module.call, ORDER, {
    payAuthNo: bench.simulator.authorize('P1'),
    requestNo: 'R1',
    feeType: '01',
    useAccount: true,
  })
const end = () => insurance.endMobileOrder(module.call, ORDER)
const refund = (refundNo = 'RF1') =>
  insurance.refundMobileOrder(module.call, ORDER, {
    refundNo,
    consent: { kind: 'authorised', payAuthNo: bench.simulator.authorize('P1') },
  })
const standing = () =>
  bench.simulator.settlements().filter((one) => !one.isRefund && !one.isRefunded)

function doneOf(answer: MobileAnswer) {
  if (answer.outcome !== 'done') throw new Error(JSON.stringify(answer))
  return answer.order
}

async function uploaded() {
  return doneOf(await upload(said(await scan()).token))
}

describe('an order over the internet', () => {
  it('[N1] is uploaded, paid once, and given back once', async () => {
    const { payOrderId } = await uploaded()
    expect(payOrderId).not.toBeNull()
    const paid = doneOf(await pay())
    expect(paid).toMatchObject({ status: 'settled', totalFen: 638_00 })
    expect(doneOf(await pay()).amounts).toEqual(paid.amounts)
    expect(standing()).toHaveLength(1)
    expect(doneOf(await refund()).status).toBe('refunded')
    expect(doneOf(await refund()).status).toBe('refunded')
    expect(standing()).toEqual([])
    await expect(insurance.payMobileOrder(module.call, 'O9', {} as never)).rejects.toThrow(
      'insurance.order_not_found',
    )
  })

  it('whose 6202 was done and not answered is found by 6301, and not sent again', async () => {
    await uploaded()
    faults.set('6202', [{ kind: 'lose_answer' }])
    expect((await pay()).outcome).toBe('unknown')
    expect(doneOf(await pay()).status).toBe('settled')
    expect(standing()).toHaveLength(1)
  })

  it('whose 6202 never arrived stays unknown until it is ended, and moved nothing', async () => {
    await uploaded()
    faults.set('6202', [{ kind: 'drop' }])
    expect((await pay()).outcome).toBe('unknown')
    expect((await pay()).outcome).toBe('unknown')
    faults.set('6401', [{ kind: 'lose_answer' }])
    expect((await end()).outcome).toBe('unknown')
    expect(doneOf(await end()).status).toBe('ended')
    expect(standing()).toEqual([])
    expect(await pay()).toMatchObject({ outcome: 'refused', code: 'order_state' })
  })

  it('whose 6203 was lost is given back under the same number only', async () => {
    await uploaded()
    doneOf(await pay())
    faults.set('6203', [{ kind: 'lose_answer' }])
    expect((await refund()).outcome).toBe('unknown')
    expect(await refund('RF2')).toMatchObject({ outcome: 'refused', code: 'order_state' })
    expect(doneOf(await refund()).status).toBe('refunded')
    expect(standing()).toEqual([])
  })
})

describe('F-51 expired voucher token: a voucher whose token is over', () => {
  it('is named at the upload, and a fresh one goes on with the same order', async () => {
    const { token } = said(await scan())
    bench.pass(VOUCHER_LASTS_MS + 1)
    const personId = module.holderOf(local)
    expect(await upload(token, personId)).toMatchObject({
      outcome: 'refused',
      code: 'voucher_expired',
    })
    expect(doneOf(await upload(said(await scan()).token, personId)).status).toBe('uploaded')
  })

  it('is named when it is paid with an authorisation that is over', async () => {
    await uploaded()
    const payAuthNo = bench.simulator.authorize('P1')
    bench.pass(VOUCHER_LASTS_MS + 1)
    const consent = { payAuthNo, requestNo: 'R1', feeType: '01', useAccount: true }
    expect(await insurance.payMobileOrder(module.call, ORDER, consent)).toMatchObject({
      outcome: 'refused',
      code: 'voucher_expired',
    })
    expect(standing()).toEqual([])
    expect(doneOf(await pay()).status).toBe('settled')
  })

  it('is named in a quote of a visit, by the centre’s own words', async () => {
    const { token } = said(await scan())
    bench.pass(VOUCHER_LASTS_MS + 1)
    const bill = exampleBill('B1', bench.clock.now())
    const request = module.request(module.holderOf(local, token), [bill])
    expect(await insurance.quote(module.call, request)).toMatchObject({
      outcome: 'not_available',
      code: 'voucher_expired',
    })
  })
})
