import { assert } from '../../kernel/assert.ts'
import type { Tx } from '../../platform/db.ts'
import { oneBusinessDayAfter } from './business-days.ts'
import { insertClaim } from './claim-store.ts'
import { type Dependencies, optionsOf } from './dependencies.ts'
import { keptOf, type Plan, type PolicyOrder } from './plan.ts'

/** A claim for every settlement that pays something, due within one business day of it. */
export async function openClaims(
  deps: Dependencies,
  tx: Tx,
  plan: Plan,
  settled: readonly PolicyOrder[],
): Promise<void> {
  const now = deps.clock.now()
  const { calendar } = optionsOf(deps)
  for (const order of settled.filter((one) => keptOf(one) > 0)) {
    assert(order.settledAt, 'a settlement has its time')
    await insertClaim(tx, {
      hospitalId: order.hospitalId,
      id: deps.newId<'CoverageClaim'>(),
      orderNo: order.orderNo,
      paymentId: plan.paymentId,
      personId: plan.personId,
      insurerCode: order.insurerCode,
      policyNo: order.policyNo,
      payFen: keptOf(order),
      status: 'waiting',
      dueBy: oneBusinessDayAfter(order.settledAt, calendar),
      dueAt: now,
      attempts: 0,
      submissionNo: null,
      claimNo: null,
      sentKinds: [],
      wanted: [],
      reason: null,
      submittedAt: null,
      decidedAt: null,
      attention: null,
      attentionAt: null,
      resolution: null,
      resolvedBy: null,
      resolvedAt: null,
      createdAt: now,
    })
  }
}
