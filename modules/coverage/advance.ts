import type { Id } from '../../kernel/id.ts'
import { addFen, type Fen, subtractFen, ZERO } from '../../kernel/money.ts'
import type { PayableLine } from '../payments/index.ts'
import { billForInsurer, type KeptBill, type PaidBefore } from './bill.ts'
import type { Dependencies } from './dependencies.ts'
import type { Advance, Holder, InsurerAnswer } from './insurer.ts'
import type { PlanWork } from './plan-work.ts'
import { moveOrder, type PolicyOrder } from './plan.ts'

/** What several policies are asked about, one after the other: each about what those before it leave. */
export type Asking = {
  holder: Holder
  policies: readonly AskedPolicy[]
  bill: KeptBill
  lines: readonly PayableLine[]
  leftFen: Fen
  paid: PaidBefore
  contentHash: string
  /** What remains after this giving back is asked about; null for the charge itself. */
  refundId: Id<'Refund'> | null
}

export type AskedPolicy = Pick<PolicyOrder, 'insurerCode' | 'policyNo' | 'productName'> & {
  mayTellDiagnosis: boolean
}

/** What one policy answered. 'asking' stays what was not answered: asking again repeats its number. */
export type Asked = { order: PolicyOrder; answer: InsurerAnswer<Advance> | 'known' }

/** Asks the policies in turn. One that does not answer leaves all to the next, unless `stopOnSilence`. */
export async function advanceAll(
  deps: Dependencies,
  work: PlanWork,
  asking: Asking,
  { stopOnSilence }: { stopOnSilence: boolean },
): Promise<Asked[]> {
  const asked: Asked[] = []
  let otherFen = ZERO
  for (const [position, policy] of asking.policies.entries()) {
    const leftFen = subtractFen(asking.leftFen, otherFen)
    if (leftFen === 0) break
    const one = await advanceOne(deps, work, asking, { position, policy, leftFen, otherFen })
    asked.push(one)
    if (one.order.status === 'asking' && stopOnSilence) break
    if (one.order.status === 'advanced') otherFen = addFen(otherFen, one.order.payFen ?? ZERO)
  }
  return asked
}

async function advanceOne(
  deps: Dependencies,
  work: PlanWork,
  asking: Asking,
  turn: Turn,
): Promise<Asked> {
  const order = knownOrder(deps, work, asking, turn) ?? newOrder(deps, work, asking, turn)
  if (order.status !== 'asking') return { order, answer: 'known' }
  await work.save({ orders: [order] })
  const answer = await ask(work, asking, turn, order)
  const next = afterAnswer(order, answer)
  if (next !== order) await work.save({ orders: [next] })
  return { order: next, answer }
}

/** The same question asked before: not answered yet, or answered with what is still promised. */
function knownOrder(
  { clock }: Dependencies,
  work: PlanWork,
  asking: Asking,
  { policy, leftFen, otherFen }: Turn,
): PolicyOrder | undefined {
  const now = clock.now()
  const isLive = ({ status, expiresAt }: PolicyOrder) =>
    status === 'asking' || (status === 'advanced' && (expiresAt === null || expiresAt > now))
  return work
    .orders()
    .find(
      (order) =>
        isLive(order) &&
        order.refundId === asking.refundId &&
        order.contentHash === asking.contentHash &&
        order.insurerCode === policy.insurerCode &&
        order.policyNo === policy.policyNo &&
        order.leftFen === leftFen &&
        order.otherFen === otherFen,
    )
}

const newOrder = (
  { clock }: Dependencies,
  work: PlanWork,
  { refundId, contentHash }: Asking,
  { position, policy, leftFen, otherFen }: Turn,
): PolicyOrder => ({
  hospitalId: work.plan().hospitalId,
  orderNo: work.nextNo(),
  planId: work.plan().id,
  refundId,
  position,
  insurerCode: policy.insurerCode,
  policyNo: policy.policyNo,
  productName: policy.productName,
  status: 'asking',
  contentHash,
  leftFen,
  otherFen,
  payFen: null,
  insurerNo: null,
  settlementNo: null,
  moveNo: null,
  sentAt: null,
  settledAt: null,
  returnedFen: ZERO,
  expiresAt: null,
  reason: null,
  createdAt: clock.now(),
})

async function ask(
  work: PlanWork,
  { holder, bill, lines, paid }: Asking,
  { policy }: Turn,
  order: PolicyOrder,
): Promise<InsurerAnswer<Advance>> {
  const insurer = work.insurerOf(order)
  if (!insurer) return { outcome: 'unknown', reason: `${order.insurerCode} is not connected` }
  const { orderNo, policyNo, leftFen, otherFen } = order
  const answer = await insurer.advance(work.call, {
    orderNo,
    holder,
    policyNo,
    bill: billForInsurer(bill, lines, leftFen, policy),
    paid: { ...paid, otherPoliciesFen: otherFen },
    leftFen,
  })
  return answer.outcome === 'ok' ? checked(answer.data, leftFen) : answer
}

/** Figures that cannot be are no answer. */
function checked(advance: Advance, leftFen: Fen): InsurerAnswer<Advance> {
  const { payFen, byCategory } = advance
  if (payFen < 0 || payFen > leftFen) {
    return { outcome: 'unknown', reason: `it would pay ${payFen} of ${leftFen}` }
  }
  const categoriesFen = addFen(...byCategory.map((category) => category.payFen))
  if (byCategory.length > 0 && categoriesFen !== payFen) {
    return { outcome: 'unknown', reason: `its categories are ${categoriesFen}, its sum ${payFen}` }
  }
  return { outcome: 'ok', data: advance }
}

function afterAnswer(order: PolicyOrder, answer: InsurerAnswer<Advance>): PolicyOrder {
  switch (answer.outcome) {
    case 'unknown':
      return order
    case 'refused':
      return moveOrder(order, 'refused', { reason: answer.message })
    case 'ok': {
      const { insurerNo, payFen, expiresAt } = answer.data
      return moveOrder(order, 'advanced', { insurerNo, payFen, expiresAt })
    }
  }
}

type Turn = { position: number; policy: AskedPolicy; leftFen: Fen; otherFen: Fen }
