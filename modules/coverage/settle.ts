import { assert } from '../../kernel/assert.ts'
import type { Id } from '../../kernel/id.ts'
import type {
  ChargeAnswer,
  ChargeOrder,
  Move,
  ProviderCall,
  ReleaseAnswer,
} from '../payments/index.ts'
import { totalOf } from '../payments/index.ts'
import { openClaims } from './claim-opening.ts'
import { cancelOrder, confirmOrder, lookUpOrder } from './confirm.ts'
import { isInForce } from './consent.ts'
import type { Dependencies } from './dependencies.ts'
import { giveBack } from './give-back.ts'
import { policiesOf, standingConsent } from './person-store.ts'
import {
  chargeOrders,
  isUnknown,
  type PlanWork,
  type Unknown,
  unknown,
  workOnPlan,
} from './plan-work.ts'
import { keptOf, movePlan, type Plan, planAllows, type PolicyOrder, sumOf } from './plan.ts'
import { quoteReferenceOf } from './quote.ts'

export type Absent = { outcome: 'absent' }

/** Confirms what was quoted, and all that makes the outcome certain. */
export function createSettling(deps: Dependencies) {
  return { charge, query, release }

  /** Takes what was quoted: every insurer pays, or those that have paid get their money back. */
  async function charge(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer> {
    const answer = await work(call, order, async (hands) => {
      const plan = hands.plan()
      if (plan.status === 'settling') return settleAll(deps, hands)
      const known = await whatIsKnown(hands)
      if (known.outcome !== 'absent') return known
      if (!planAllows(plan, 'settling')) return declined('not_quoted', plan)
      return begin(deps, hands, order)
    })
    return answer === 'none' ? declined('not_quoted') : answer
  }

  async function query(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer | Absent> {
    const answer = await work(call, order, whatIsKnown)
    return answer === 'none' ? { outcome: 'absent' } : answer
  }

  async function release(call: ProviderCall, order: ChargeOrder): Promise<ReleaseAnswer> {
    const answer = await work(call, order, (hands) => giveUpCharge(deps, hands))
    return answer === 'none' ? { outcome: 'released' } : answer
  }

  async function work<T>(
    call: ProviderCall,
    { paymentId }: ChargeOrder,
    task: (hands: PlanWork) => Promise<T>,
  ): Promise<T | Unknown | 'none'> {
    const answer = await workOnPlan(deps, { call, paymentId }, task)
    return answer === 'busy' ? unknown('the plan is being worked on') : answer
  }

  /** What became of the charge, if there was one: after 'absent' there is none, and none on its way. */
  async function whatIsKnown(hands: PlanWork): Promise<Known> {
    const plan = hands.plan()
    switch (plan.status) {
      case 'settled':
      case 'refunding':
      case 'returned':
        return { outcome: 'confirmed', move: chargeMove(hands) }
      case 'declined':
        return declined('refused', plan)
      case 'undoing':
        return undo(deps, hands)
      case 'settling':
        return resolve(deps, hands)
      default:
        return { outcome: 'absent' }
    }
  }
}

async function begin(
  deps: Dependencies,
  work: PlanWork,
  order: ChargeOrder,
): Promise<DefiniteAnswer> {
  const orders = chargeOrders(work).filter(({ status }) => status === 'advanced')
  const isSame =
    order.quoteReference === quoteReferenceOf(orders) &&
    order.parts.every(({ kind }) => kind === 'commercial') &&
    totalOf(order.parts) === sumOf(orders)
  if (!isSame) {
    return { outcome: 'declined', code: 'quote_superseded', reason: 'not what was quoted last' }
  }
  const stop = await noLongerAllowed(deps, work.plan().personId, orders)
  if (stop !== null) return { outcome: 'declined', code: 'quote_superseded', reason: stop }
  await work.save({ plan: movePlan(work.plan(), 'settling', { chargeNo: order.tradeNo }) })
  return settleAll(deps, work)
}

/** A policy unbound, or a consent withdrawn or run out, since the quote: nothing is charged under it. Null for none. */
async function noLongerAllowed(
  { db, clock }: Dependencies,
  personId: Id<'Person'>,
  orders: readonly PolicyOrder[],
): Promise<string | null> {
  const bound = await policiesOf(db, personId)
  for (const { insurerCode, policyNo } of orders) {
    if (!bound.some((own) => own.insurerCode === insurerCode && own.policyNo === policyNo)) {
      return 'a policy was unbound since'
    }
    const consent = await standingConsent(db, { personId, insurerCode, purpose: 'policy_check' })
    if (!consent || !isInForce(consent, clock.now())) return 'a consent has ended since'
  }
  return null
}

async function settleAll(deps: Dependencies, work: PlanWork): Promise<DefiniteAnswer> {
  for (const order of chargeOrders(work)) {
    if (order.status !== 'advanced' && order.status !== 'confirming') continue
    const answer = await confirmOrder(deps, work, order)
    if (isUnknown(answer)) return answer
    if (answer.status === 'refused') return undoFor(deps, work, answer)
  }
  return conclude(deps, work)
}

/** All have paid. */
async function conclude(deps: Dependencies, work: PlanWork): Promise<DefiniteAnswer> {
  const settled = chargeOrders(work).filter(({ status }) => status === 'settled')
  assert(settled.length > 0, 'what was quoted was confirmed')
  const { chargeNo } = work.plan()
  const named = settled.map((order) => ({ ...order, moveNo: chargeNo }))
  await work.save({
    plan: movePlan(work.plan(), 'settled'),
    orders: named,
    also: (tx) => openClaims(deps, tx, work.plan(), named),
  })
  return { outcome: 'confirmed', move: chargeMove(work) }
}

/** One insurer would not: what the others have paid goes back, and the charge is declined with the reason. */
async function undoFor(
  deps: Dependencies,
  work: PlanWork,
  refused: PolicyOrder,
): Promise<DefiniteAnswer> {
  const decline = { code: 'refused', reason: refused.reason ?? '' }
  await work.save({ plan: movePlan(work.plan(), 'undoing', { decline }) })
  return undo(deps, work)
}

async function undo(deps: Dependencies, work: PlanWork): Promise<DefiniteAnswer> {
  const { decline } = work.plan()
  for (const order of chargeOrders(work)) {
    const stop = await undoOrder(deps, work, order)
    if (stop) return stop
  }
  await work.save({ plan: movePlan(work.plan(), decline ? 'declined' : 'released') })
  return declined('released', work.plan())
}

async function undoOrder(
  deps: Dependencies,
  work: PlanWork,
  order: PolicyOrder,
): Promise<Unknown | null> {
  if (order.status === 'advanced' || order.status === 'confirming') {
    const cancelled = await cancelOrder(deps, work, order)
    // Never confirmed, it is worth nothing whether its insurer hears of it or not.
    if (isUnknown(cancelled)) return order.status === 'advanced' ? null : cancelled
    return cancelled.status === 'settled' ? undoOrder(deps, work, cancelled) : null
  }
  if (order.status !== 'settled') return null
  const returned = await giveBack(deps, work, order, {
    amountFen: keptOf(order),
    refundId: null,
    moveNo: null,
    reason: '支付未完成',
  })
  if (isUnknown(returned)) return returned
  return returned.status === 'refused'
    ? unknown(`the insurer does not take its money back: ${returned.reason ?? ''}`)
    : null
}

/** Looks what became of every confirmation that was not answered, and goes on from there. */
async function resolve(deps: Dependencies, work: PlanWork): Promise<Known> {
  for (const order of chargeOrders(work).filter(({ status }) => status === 'confirming')) {
    const answer = await lookUpOrder(deps, work, order)
    if (isUnknown(answer)) return answer
    if (answer.status === 'refused') return undoFor(deps, work, answer)
  }
  const orders = chargeOrders(work)
  if (orders.every(({ status }) => status !== 'settled')) {
    await work.save({ plan: movePlan(work.plan(), 'quoted') })
    return { outcome: 'absent' }
  }
  // Some insurers have paid: the others are asked now, as they would have been.
  return settleAll(deps, work)
}

async function giveUpCharge(deps: Dependencies, work: PlanWork): Promise<ReleaseAnswer> {
  const plan = work.plan()
  switch (plan.status) {
    case 'released':
      return { outcome: 'released' }
    case 'settled':
    case 'refunding':
    case 'returned':
      return { outcome: 'confirmed', move: chargeMove(work) }
    case 'settling':
      return giveUpSettling(deps, work)
    case 'undoing': {
      const undone = await undo(deps, work)
      return undone.outcome === 'unknown' ? undone : { outcome: 'released' }
    }
    default:
      await dropAdvances(deps, work)
      await work.save({ plan: movePlan(work.plan(), 'released') })
      return { outcome: 'released' }
  }
}

async function giveUpSettling(deps: Dependencies, work: PlanWork): Promise<ReleaseAnswer> {
  for (const order of chargeOrders(work)) {
    if (order.status !== 'confirming') continue
    const answer = await cancelOrder(deps, work, order)
    if (isUnknown(answer)) return answer
  }
  const orders = work.orders().filter(({ refundId }) => refundId === null)
  const isPaid = chargeOrders(work).some(({ status }) => status === 'settled')
  const isWhole = orders.every(({ status, sentAt }) => status === 'settled' || sentAt === null)
  if (isPaid && isWhole && chargeOrders(work).every(({ status }) => status !== 'advanced')) {
    const concluded = await conclude(deps, work)
    return concluded.outcome === 'declined' ? { outcome: 'released' } : concluded
  }
  await work.save({ plan: movePlan(work.plan(), 'undoing', { decline: null }) })
  const undone = await undo(deps, work)
  return undone.outcome === 'unknown' ? undone : { outcome: 'released' }
}

/** A courtesy: an advance that is never confirmed is worth nothing. */
async function dropAdvances(deps: Dependencies, work: PlanWork): Promise<void> {
  for (const order of chargeOrders(work)) {
    if (order.status === 'advanced') await cancelOrder(deps, work, order)
  }
}

/** The charge that the payment was told of, whatever was given back since. */
function chargeMove(work: PlanWork): Move {
  const { chargeNo } = work.plan()
  assert(chargeNo !== null, 'a settled plan names its charge')
  return moveOf(
    work.orders().filter(({ moveNo }) => moveNo === chargeNo),
    chargeNo,
  )
}

/**
 * The one rule for numbers, as the reconciliation matches by them: ourNo is the payment's number for the charge;
 * providerNo is the insurers' numbers of its settlements, in the order of the policies.
 */
export function moveOf(orders: readonly PolicyOrder[], ourNo: string): Move {
  const [first] = orders
  assert(first, `the charge ${ourNo} has a settlement`)
  return {
    kind: 'charge',
    ourNo,
    providerNo: orders.map(({ settlementNo }) => settlementNo ?? '').join('+'),
    // Settled at nothing is settled, and moves nothing.
    parts: sumOf(orders) > 0 ? [{ kind: 'commercial', amountFen: sumOf(orders) }] : [],
    at: orders.reduce(
      (at, order) => latest(at, order.settledAt),
      first.settledAt ?? first.createdAt,
    ),
  }
}

export const latest = (a: Date, b: Date | null): Date => (b !== null && b > a ? b : a)

const declined = (code: string, plan?: Plan) =>
  ({
    outcome: 'declined',
    code: plan?.status === 'released' ? 'released' : (plan?.decline?.code ?? code),
    reason: plan?.decline?.reason ?? (plan ? `the plan is ${plan.status}` : 'there is no plan'),
  }) as const

type DefiniteAnswer = Exclude<ChargeAnswer, { outcome: 'pending' }>
type Known = DefiniteAnswer | Absent
