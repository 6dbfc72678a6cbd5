import { afterAll, beforeAll } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { addDays, businessDateOf, instantAt } from '../../kernel/time.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import { beginDraw, holdDraw, readDraw, recordDrawn } from '../../modules/credit/draws.ts'
import type { DrawOrder, Holder, LenderAnswer } from '../../modules/credit/index.ts'
import type { Drawn, Reversed } from '../../modules/credit/index.ts'
import { beginReversal, recordReversed } from '../../modules/credit/reversals.ts'
import { BUILT_IN, createFixture, type Fixture } from '../../modules/credit/testing/fixture.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { describeLender } from './describe-lender.ts'
import { HOSPITAL, type LendingBench, LIMIT } from './lender-bench.ts'

// The lender of a bank that only wants the ledger has no limits of its own: ours are what it lends by. So it is asked as
// the source of payments asks it, with the promise first and the record after.

let db: TestDatabase
let seed = 0
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

describeLender('[N5] built in', async (): Promise<LendingBench> => {
  const fixture = await createFixture(db, `built-in-${(seed += 1)}`)
  const { clock, newId, deps } = fixture
  const personId = await fixture.person(BUILT_IN, LIMIT)
  const line = await fixture.line(personId, BUILT_IN)
  const lender = await deps.lenderOf(BUILT_IN)
  if (!lender) throw new Error('the lender is built in')
  const holder: Holder = { personId, accountNo: line.accountNo }
  const newNo = () => tradeNoOf(HOSPITAL, newId())
  const changeLine = (limitFen: typeof LIMIT) =>
    fixture.credit.changeLine(
      { lenderId: BUILT_IN, lineId: line.id },
      { kind: 'limit', limitFen },
      { actor: { name: 'test', requestId: null }, reason: 'test' },
    )
  return {
    lender,
    call: { trace: () => undefined },
    holder,
    newNo,
    newDraw: (amountFen, changes = {}): DrawOrder => ({
      drawNo: newNo(),
      holder,
      productId: line.productId,
      amountFen: fen(amountFen),
      careHospitalId: HOSPITAL,
      scene: 'outpatient',
      visitId: null,
      description: '市一医院 门诊费用 MZ20261121001',
      requestedAt: clock.now(),
      ...changes,
    }),
    draw: (order) => drawAs(fixture, order, line.id),
    reverse: (order) => reverseAs(fixture, order),
    setLimit: async (limitFen) => void (await changeLine(limitFen)),
    setHospitalLimit: (limitFen) => fixture.hospitalLimit(BUILT_IN, limitFen),
    endDay() {
      const day = businessDateOf(clock.now())
      clock.set(instantAt(addDays(day, 1), '10:00:00'))
      return day
    },
    close: () => Promise.resolve(),
  }
})

async function drawAs(
  { deps, newId }: Fixture,
  order: DrawOrder,
  lineId: Parameters<typeof holdDraw>[1]['lineId'],
): Promise<LenderAnswer<Drawn>> {
  const { drawNo, visitId, careHospitalId, scene, description, amountFen } = order
  const held = await holdDraw(deps, {
    lenderId: BUILT_IN,
    drawNo,
    lineId,
    visitId,
    careHospitalId,
    paymentId: newId<'Payment'>(),
    scene,
    description,
    amountFen,
  })
  if (!held) throw new Error('the line is there')
  if (held.status === 'refused') return refused(held.refusal)
  const begun = await beginDraw(deps, held)
  const lender = await deps.lenderOf(BUILT_IN)
  if (!begun || !lender) throw new Error('what is held can be drawn')
  const answer = await lender.draw({ trace: () => undefined }, order)
  if (answer.outcome === 'ok') await recordDrawn(deps, begun.draw, answer.data)
  return answer
}

async function reverseAs(
  { deps }: Fixture,
  order: Parameters<LendingBench['reverse']>[0],
): Promise<LenderAnswer<Reversed>> {
  const draw = await readDraw(deps, { lenderId: BUILT_IN, drawNo: order.draw.drawNo })
  const lender = await deps.lenderOf(BUILT_IN)
  if (!draw || !lender) throw new Error('what is reversed was drawn')
  const begun = await beginReversal(deps, draw, order)
  if (!('reversal' in begun)) return refused('amount_wrong')
  const answer = await lender.reverseDraw({ trace: () => undefined }, order)
  if (answer.outcome === 'ok') await recordReversed(deps, draw, begun.reversal, answer.data)
  return answer
}

const refused = (code: string | null): LenderAnswer<never> => ({
  outcome: 'refused',
  code: code === 'over_limit' || code === 'hospital_limit' ? code : 'amount_wrong',
  reason: String(code),
})
