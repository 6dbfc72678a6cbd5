import { assert } from '../../kernel/assert.ts'
import { addFen, type Fen, fen, minFen, subtractFen } from '../../kernel/money.ts'
import type {
  Move,
  PayableLine,
  ProviderCall,
  RefundAnswer,
  RefundOrder,
} from '../payments/index.ts'
import { advanceAll } from './advance.ts'
import { contentHashOf, type KeptBill, type PaidBefore } from './bill.ts'
import { openClaims } from './claim-opening.ts'
import { confirmOrder } from './confirm.ts'
import { isInForce } from './consent.ts'
import type { Dependencies } from './dependencies.ts'
import { giveBack } from './give-back.ts'
import { findRefund, insertRefund, returnsOf, updateRefund } from './order-store.ts'
import { standingConsent } from './person-store.ts'
import {
  isUnknown,
  type PlanWork,
  standingOrders,
  type Unknown,
  unknown,
  workOnPlan,
} from './plan-work.ts'
import {
  type CoverageRefund,
  keptOf,
  movePlan,
  paysOf,
  planAllows,
  type PolicyOrder,
  type ReturnOrder,
} from './plan.ts'
import { type Absent, latest, moveOf } from './settle.ts'

/**
 * Gives back: where every insurer can, a part of its settlement; otherwise the whole settlement is returned and what
 * remains is settled anew. Each step is written down, and asked again the refund goes on where it stood. When an insurer
 * refuses to settle what remains, or would pay nothing of it, everything of it stays given back.
 */
export function createRefunding(deps: Dependencies) {
  return { refund, queryRefund }

  async function refund(call: ProviderCall, order: RefundOrder): Promise<RefundAnswer> {
    const answer = await ask(call, order, true)
    assert(answer.outcome !== 'absent', 'a refund that is asked for is there')
    return answer
  }

  async function queryRefund(
    call: ProviderCall,
    order: RefundOrder,
  ): Promise<RefundAnswer | Absent> {
    return ask(call, order, false)
  }

  async function ask(
    call: ProviderCall,
    order: RefundOrder,
    mayBegin: boolean,
  ): Promise<RefundAnswer | Absent> {
    const { paymentId } = order.charge
    const answer = await workOnPlan(deps, { call, paymentId }, async (work) => {
      const known = await work.read((tx) => findRefund(tx, call.hospitalId, order.refundId))
      if (!known && !mayBegin) return { outcome: 'absent' } as const
      const begun = known ?? (await begin(deps, work, order))
      return 'outcome' in begun ? begun : goThrough({ deps, work, order }, begun)
    })
    if (answer === 'busy') return unknown('the plan is being worked on')
    if (answer !== 'none') return answer
    return mayBegin ? declined('not_settled', 'there is no plan') : { outcome: 'absent' }
  }
}

async function begin(
  deps: Dependencies,
  work: PlanWork,
  order: RefundOrder,
): Promise<CoverageRefund | RefundAnswer> {
  const plan = work.plan()
  if (plan.status === 'settling' || plan.status === 'undoing' || plan.status === 'refunding') {
    return unknown(`the plan is ${plan.status}`)
  }
  if (!planAllows(plan, 'refunding')) return declined('not_settled', `the plan is ${plan.status}`)
  const refund: CoverageRefund = {
    hospitalId: plan.hospitalId,
    id: order.refundId,
    planId: plan.id,
    status: 'returning',
    refundNo: order.refundNo,
    rechargeNo: null,
    leftFen: leftAfter(plan.leftFen, order),
    inParts: standingOrders(work).every((one) => work.insurerOf(one)?.refundsParts === true),
    reason: null,
    requestedAt: deps.clock.now(),
  }
  await work.save({
    plan: movePlan(plan, 'refunding', { refundId: refund.id }),
    also: (tx) => insertRefund(tx, refund),
  })
  return refund
}

/**
 * The medical insurance has given back its part before: `amountFen` is what others than it still have to, so that what
 * it leaves of the remaining lines is less by just that.
 */
function leftAfter(leftFen: Fen, { amountFen, remaining }: RefundOrder): Fen {
  const still = Math.max(leftFen - amountFen, 0)
  return minFen(fen(still), totalOf(remaining))
}

const totalOf = (lines: readonly PayableLine[]): Fen =>
  addFen(...lines.map((line) => line.amountFen))

/** Steps on until the refund has ended, or an insurer leaves us without an answer. */
async function goThrough(refunding: Refunding, begun: CoverageRefund): Promise<RefundAnswer> {
  let refund = begun
  for (;;) {
    if (refund.status === 'done') {
      return { outcome: 'confirmed', moves: await movesOf(refunding, refund) }
    }
    if (refund.status === 'declined') return declined('refused', refund.reason ?? '')
    const next = await (refund.status === 'returning' ? returnAll : resettle)(refunding, refund)
    if ('outcome' in next) return next
    refund = next
  }
}

async function returnAll(
  refunding: Refunding,
  refund: CoverageRefund,
): Promise<CoverageRefund | Unknown> {
  const { deps, work, order } = refunding
  const isWhole = order.remaining.length === 0
  const isPartly = refund.inParts && !isWhole
  const earlier = await returnsFor(work, refund)
  for (const one of toReturn(work, earlier)) {
    const amountFen = isPartly ? partToReturn(work, one, refund) : keptOf(one)
    if (amountFen === 0) continue
    const giving = { amountFen, refundId: refund.id, moveNo: refund.refundNo, reason: order.reason }
    const returned = await giveBack(deps, work, one, giving)
    if (isUnknown(returned)) return returned
    if (returned.status === 'refused') return refusedReturn(refunding, refund, returned)
  }
  if (isPartly) return finish(refunding, refund)
  if (isWhole || refund.leftFen === 0) return finish(refunding, refund)
  const next = {
    ...refund,
    status: 'resettling' as const,
    rechargeNo: work.nextNo(),
  }
  await work.save({ also: (tx) => updateRefund(tx, next, deps.clock.now()) })
  return next
}

/** Those that have not given back for this refund yet. */
const toReturn = (work: PlanWork, earlier: readonly ReturnOrder[]): PolicyOrder[] =>
  standingOrders(work).filter(
    ({ orderNo }) => !earlier.some((own) => own.orderNo === orderNo && own.status === 'done'),
  )

/** It keeps its share of what is left now, rounded down. */
function partToReturn(work: PlanWork, order: PolicyOrder, refund: CoverageRefund): Fen {
  const { leftFen } = work.plan()
  const kept = keptOf(order)
  if (leftFen === 0) return kept
  const stays = (BigInt(kept) * BigInt(refund.leftFen)) / BigInt(leftFen)
  return subtractFen(kept, fen(Number(stays)))
}

/** A first refusal changes nothing. After another insurer has given back, only a person can go on. */
async function refusedReturn(
  { deps, work }: Refunding,
  refund: CoverageRefund,
  { reason }: ReturnOrder,
): Promise<CoverageRefund | Unknown> {
  const earlier = await returnsFor(work, refund)
  if (earlier.some(({ status }) => status === 'done')) {
    return unknown(`one insurer has given back, another refuses: ${reason ?? ''}`)
  }
  const next = { ...refund, status: 'declined' as const, reason }
  await work.save({
    plan: movePlan(work.plan(), 'settled', { refundId: null }),
    also: (tx) => updateRefund(tx, next, deps.clock.now()),
  })
  return next
}

/** What remains is advanced and confirmed under the same policies. */
async function resettle(
  refunding: Refunding,
  refund: CoverageRefund,
): Promise<CoverageRefund | Unknown> {
  const { deps, work, order } = refunding
  const plan = work.plan()
  const holder = await deps.holderOf(plan.personId)
  if (!holder) return unknown('the person has no verified identity any more')
  const { bill, paid } = remainingOf(work, order, refund)
  const asked = await advanceAll(
    deps,
    work,
    {
      holder,
      policies: await policiesOf(refunding, refund),
      bill,
      lines: bill.lines,
      leftFen: refund.leftFen,
      paid,
      contentHash: contentHashOf(bill, refund.leftFen, paid),
      refundId: refund.id,
    },
    { stopOnSilence: true },
  )
  const isSilent = asked.some(({ order: one }) => one.status === 'asking')
  if (isSilent) return unknown('an insurer does not say what it pays of what remains')
  for (const one of ownOrders(work, refund)) {
    if (one.status !== 'advanced' && one.status !== 'confirming') continue
    if (paysOf(one) === 0) continue
    const confirmed = await confirmOrder(deps, work, one)
    if (isUnknown(confirmed)) return confirmed
  }
  return finish(refunding, refund)
}

const ownOrders = (work: PlanWork, refund: CoverageRefund): PolicyOrder[] =>
  work.orders().filter(({ refundId }) => refundId === refund.id)

/** The policies whose settlements were returned, in their order; none once a confirmation went out. */
async function policiesOf({ deps, work }: Refunding, refund: CoverageRefund) {
  const { personId } = work.plan()
  const own = ownOrders(work, refund)
  if (own.some(({ sentAt }) => sentAt !== null)) return []
  const refused = own.filter(({ status }) => status === 'refused')
  const returned = work.orders().filter(({ status }) => status === 'returned')
  const last = returned.at(-1)
  const policies = returned
    .filter(({ refundId }) => refundId === last?.refundId)
    .filter((order) => !refused.some((other) => isSamePolicy(order, other)))
    .toSorted((a, b) => a.position - b.position)
  const asked = []
  for (const { insurerCode, policyNo, productName } of policies) {
    const consent = await standingConsent(deps.db, {
      personId,
      insurerCode,
      purpose: 'policy_check',
    })
    // Withdrawn since, its insurer is told nothing more: what it paid stays given back.
    if (!consent || !isInForce(consent, deps.clock.now())) continue
    const mayTellDiagnosis = consent.scope.includes('diagnosis')
    asked.push({ insurerCode, policyNo, productName, mayTellDiagnosis })
  }
  return asked
}

const isSamePolicy = (a: PolicyOrder, b: PolicyOrder): boolean =>
  a.insurerCode === b.insurerCode && a.policyNo === b.policyNo

function remainingOf(
  work: PlanWork,
  { remaining }: RefundOrder,
  refund: CoverageRefund,
): { bill: KeptBill; paid: PaidBefore } {
  const plan = work.plan()
  const paidFen = subtractFen(totalOf(remaining), refund.leftFen)
  const accountFen = minFen(plan.paid.accountFen, paidFen)
  return {
    bill: { ...plan.bill, lines: remaining },
    paid: { accountFen, pooledFen: subtractFen(paidFen, accountFen) },
  }
}

async function finish({ deps, work, order }: Refunding, refund: CoverageRefund) {
  const now = deps.clock.now()
  const done = { ...refund, status: 'done' as const }
  const recharged = ownOrders(work, refund)
    .filter(({ status }) => status === 'settled')
    .map((one) => ({ ...one, moveNo: refund.rechargeNo }))
  const stands = standingOrders(work).length > 0
  const { bill, paid } = remainingOf(work, order, refund)
  const plan = stands
    ? movePlan(work.plan(), 'settled', { refundId: null, leftFen: refund.leftFen, bill, paid })
    : movePlan(work.plan(), 'returned', { refundId: null })
  await work.save({
    plan,
    orders: recharged,
    also: async (tx) => {
      await updateRefund(tx, done, now)
      await openClaims(deps, tx, plan, recharged)
    },
  })
  return done
}

/** What moved for the refund: one return of all insurers, and the smaller charge where there is one. */
async function movesOf({ work }: Refunding, refund: CoverageRefund): Promise<Move[]> {
  const returns = (await returnsFor(work, refund)).filter(({ status }) => status === 'done')
  const recharged = work
    .orders()
    .filter(({ moveNo }) => refund.rechargeNo !== null && moveNo === refund.rechargeNo)
  const moves: Move[] = returns.length > 0 ? [returnMove(returns, refund)] : []
  if (recharged.length > 0 && refund.rechargeNo !== null) {
    moves.push(moveOf(recharged, refund.rechargeNo))
  }
  return moves
}

function returnMove(
  returns: readonly ReturnOrder[],
  { refundNo, requestedAt }: Pick<CoverageRefund, 'refundNo' | 'requestedAt'>,
): Move {
  const [first] = returns
  return {
    kind: 'return',
    ourNo: refundNo,
    providerNo: returns.map(({ returnNo }) => returnNo ?? '').join('+'),
    parts: [
      { kind: 'commercial', amountFen: addFen(...returns.map(({ amountFen }) => amountFen)) },
    ],
    at: returns.reduce(
      (at, { returnedAt }) => latest(at, returnedAt),
      first?.returnedAt ?? requestedAt,
    ),
  }
}

const returnsFor = async (work: PlanWork, refund: CoverageRefund): Promise<ReturnOrder[]> => {
  const orderNos = work.orders().map(({ orderNo }) => orderNo)
  const all = await work.read((tx) => returnsOf(tx, refund.hospitalId, orderNos))
  return all.filter(({ refundId }) => refundId === refund.id)
}

const declined = (code: string, reason: string) => ({ outcome: 'declined', code, reason }) as const

type Refunding = { deps: Dependencies; work: PlanWork; order: RefundOrder }
