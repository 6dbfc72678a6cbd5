import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createEstimates } from '../../apps/hub/estimates.ts'
import { createCatalogues } from '../../apps/worker/catalogue.ts'
import type { Id } from '../../kernel/id.ts'
import { fen, ZERO } from '../../kernel/money.ts'
import { businessDate, DAY_MS } from '../../kernel/time.ts'
import { createCatalogue, type PolicyTerms } from '../../modules/catalogue/index.ts'
import type { Payable } from '../../modules/payments/index.ts'
import { createAudit } from '../../platform/audit.ts'
import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { createModuleBench, exampleBill, HOSPITAL, REGION } from './module-bench.ts'
import { fromElsewhere, local, type NationalBench, startNationalBench } from './national-bench.ts'

// What a bill may come to, by what the insurer last said of the person; and how far that is from what it settles.

/** The terms of the simulated centre for employees at a hospital of level 3. */
const TERMS: PolicyTerms = {
  deductible: { per: 'year', firstFen: fen(300_00), laterFen: fen(300_00) },
  segments: [
    { fromFen: fen(0), sharePpm: { employed: 600_000, retired: 650_000, resident: 500_000 } },
    {
      fromFen: fen(10_000_00),
      sharePpm: { employed: 750_000, retired: 800_000, resident: 500_000 },
    },
  ],
  capFen: fen(20_000_00),
  largeSum: null,
  accountPays: ['own', 'over_limit', 'first_share', 'in_scope'],
}

let db: TestDatabase
let bench: NationalBench
let seed = 0
beforeAll(async () => {
  db = await createTestDatabase()
  bench = await startNationalBench('standard')
})
afterAll(async () => {
  await bench.simulator.stop()
  await db[Symbol.asyncDispose]()
})

const ACTOR = {
  name: 'staff:s1',
  requestId: 'R',
  hospitalId: HOSPITAL,
  staffId: 's' as Id<'Staff'>,
}

async function start() {
  const module = createModuleBench(db, bench, `estimates-${seed++}`)
  const { clock, newId } = module
  const platform = { db, clock, newId }
  const catalogue = createCatalogue({ ...platform, audit: createAudit(platform) })
  const insurance = module.start()
  const kept = new Map<string, Payable>()
  const billing = {
    keptBills: async (_hospitalId: typeof HOSPITAL, billNos: readonly string[]) =>
      billNos.flatMap((billNo) => kept.get(billNo) ?? []),
  }
  const failures: unknown[] = []
  const onError = (error: unknown) => void failures.push(error)
  const estimates = createEstimates({ catalogue, insurance, billing, onError })
  const hospitals = { list: () => Promise.resolve([{ id: HOSPITAL }]) }
  const worker = createCatalogues({ catalogue, insurance, hospitals }, platform, onError)
  await catalogue.setHospital(HOSPITAL, { region: REGION, level: '3', acceptFrom: 900 }, ACTOR)
  await worker.workOff()
  const policy = { region: REGION, insutype: '310', level: '3', visitKind: 'outpatient' } as const
  const from = businessDate('2026-01-01')
  await catalogue.putPolicy(
    { ...policy, from, terms: TERMS },
    { hospitalId: HOSPITAL, actor: ACTOR },
  )
  return { module, catalogue, insurance, estimates, kept, failures }
}

describe('an estimate', () => {
  it('[N4] begins where the insurer last said that the person stands, and is held against what it settles', async () => {
    const { module, catalogue, insurance, estimates, kept, failures } = await start()
    const { call, clock } = module
    const personId = module.holderOf(local)
    expect(await insurance.knownStanding(HOSPITAL, personId)).toBeNull()

    for (const billNo of ['B1', 'B2']) {
      bench.pass(DAY_MS)
      const bill = exampleBill(billNo, clock.now())
      kept.set(billNo, bill)
      await estimates.learnFrom(HOSPITAL, [bill])
      const insured = await estimates.insuredFor(HOSPITAL, personId)
      expect(insured).toMatchObject({ insutype: '310', year: { status: 'employed' } })
      const explained = await catalogue.explainBill(HOSPITAL, linesOf(bill), insured)
      expect(explained.insurerSaidAt).toEqual(insured?.saidAt)

      bench.pass(60_000)
      const request = module.request(personId, [bill])
      const order = module.orderOf(request, await insurance.quote(call, request))
      const charged = await insurance.charge(call, order)
      if (charged.outcome !== 'confirmed') throw new Error(JSON.stringify(charged))
      const { totals } = await insurance.explain(HOSPITAL, request.paymentId)
      expect(explained.estimate).toMatchObject({
        isEstimate: true,
        inScopeFen: totals?.inScopeFen,
        deductibleFen: totals?.deductibleFen,
        fundFen: totals?.fundFen,
        cashFen: totals?.cashFen,
      })
      const { paymentId } = request
      bench.pass(60_000)
      const ended = { hospitalId: HOSPITAL, paymentId, status: 'succeeded' }
      await estimates.onPaymentEnded(ended)
      // Told twice, it is measured once.
      await estimates.onPaymentEnded(ended)
    }
    const standing = await insurance.knownStanding(HOSPITAL, personId)
    expect(standing).toMatchObject({ accumulated: { Q0000_BIZ11: '300' }, saidAt: clock.now() })
    const { rows } = await differences()
    expect(rows).toMatchObject([
      { insutype: '310', total_fen: 638_00, off: 0 },
      { insutype: '310', total_fen: 638_00, off: 0 },
    ])
    expect(failures).toEqual([])
  })

  it('is not made for somebody whose area has other terms, nor of whom nobody knows', async () => {
    const { module, estimates } = await start()
    const visitor = module.holderOf(fromElsewhere)
    expect(await estimates.insuredFor(HOSPITAL, visitor)).toBeNull()
    expect(await estimates.insuredFor(HOSPITAL, module.newId<'Person'>())).toBeNull()
  })

  it('does with what is known while the insurer is silent', async () => {
    const { module, estimates, insurance } = await start()
    const personId = module.holderOf(local)
    const before = await estimates.insuredFor(HOSPITAL, personId)
    expect(before?.year.accountFen).toBeGreaterThanOrEqual(ZERO)
    bench.pass(2 * DAY_MS)
    const signal = AbortSignal.abort()
    const known = await insurance.standingFor({ ...module.call, signal }, personId)
    expect(known?.saidAt).toEqual(before?.saidAt)
  })
})

const linesOf = (bill: Payable) => bill.lines.map((line) => ({ ...line }))

async function differences() {
  return inHospital(db, HOSPITAL, (tx) =>
    sql<{ insutype: string; total_fen: number; off: number }>`
      select insutype, total_fen, abs(estimated_cash_fen - settled_cash_fen)
        + abs(estimated_fund_fen - settled_fund_fen) as off
      from catalogue.estimate_difference where hospital_id = ${HOSPITAL} order by compared_at`.execute(
      tx,
    ),
  )
}
