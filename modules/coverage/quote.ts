import { createHash } from 'node:crypto'

import { ZERO } from '../../kernel/money.ts'
import { businessDateOf } from '../../kernel/time.ts'
import type {
  LeftToPay,
  ProviderCall,
  QuoteAnswer,
  QuoteReason,
  QuoteRequest,
} from '../payments/index.ts'
import { advanceAll, type Asked, type AskedPolicy } from './advance.ts'
import { type Bar, barOf } from './benefit.ts'
import { contentHashOf, keptBillOf, paidBeforeOf } from './bill.ts'
import { type Dependencies, optionsOf } from './dependencies.ts'
import type { Holder } from './insurer.ts'
import { type BoundPolicy, allProducts } from './person-store.ts'
import { chargeOrders, type PlanWork, workOnPlan } from './plan-work.ts'
import { movePlan, type Plan, planAllows, type PolicyOrder, sumOf } from './plan.ts'
import { productOf } from './product.ts'
import { type UsablePolicy, verifiedPolicies } from './verify.ts'

/**
 * What the person's policies would pay: each is verified at its insurer while the medical insurance is asked, and then
 * asked in turn about what is left. Asked again for the same it goes on where it stood.
 */
export const createQuote =
  (deps: Dependencies) =>
  async (call: ProviderCall, request: QuoteRequest): Promise<QuoteAnswer> => {
    if (request.wanted === false) return notAvailable('not_wanted', 'the payer does not want it')
    const insurers = await deps.insurersOf(call.hospitalId)
    if (insurers.size === 0) return notAvailable('not_connected', 'no insurer pays here')
    const holder = await deps.holderOf(request.personId)
    if (!holder) return notAvailable('no_policy', 'the person has no verified identity')
    const deadline = AbortSignal.timeout(optionsOf(deps).quoteDeadlineMs)
    const verified = await verifiedPolicies(deps, request.personId, {
      insurers,
      holder,
      call: { trace: call.trace, signal: deadline },
    })
    if (verified.outcome !== 'policies') return notAvailable(verified.outcome, verified.reason)
    const left = await request.left
    if (left.leftFen === 0) return notAvailable('nothing_left', 'others pay all of it')
    return quoteLeft(deps, call, request, { holder, policies: verified.policies, left, deadline })
  }

async function quoteLeft(
  deps: Dependencies,
  call: ProviderCall,
  request: QuoteRequest,
  { holder, policies, left, deadline }: ToQuote,
): Promise<QuoteAnswer> {
  const opening = newPlan(deps, request, left)
  const { usable, barred } = await sortOut(deps, policies, opening)
  if (usable.length === 0) return nothingOf(barred)
  const signal = unlessBoth(deadline, AbortSignal.timeout(OWN_TIME_MS))
  const { paymentId } = request
  const answer = await workOnPlan(deps, { call, paymentId, opening, signal }, (work) =>
    quotePlan(deps, work, { opening, holder, usable, barred }),
  )
  if (answer !== 'busy' && answer !== 'none') return answer
  return notAvailable('insurer_unavailable', 'the plan is being worked on')
}

// What the source has for itself once it knows what is left, when the medical insurance used up the whole deadline.
const OWN_TIME_MS = 450

/** Aborts when both have: whoever waits has until the later of the two. */
function unlessBoth(a: AbortSignal, b: AbortSignal): AbortSignal {
  const controller = new AbortController()
  const check = () => {
    if (a.aborted && b.aborted) controller.abort(b.reason)
  }
  for (const signal of [a, b]) signal.addEventListener('abort', check, { once: true })
  check()
  return controller.signal
}

async function quotePlan(
  deps: Dependencies,
  work: PlanWork,
  { opening, holder, usable, barred }: QuotingPlan,
): Promise<QuoteAnswer> {
  const plan = work.plan()
  if (!planAllows(plan, 'quoting')) return notAvailable('refused', `the plan is ${plan.status}`)
  const { contentHash, bill, leftFen, paid } = opening
  await work.save({ plan: movePlan(plan, 'quoting', { contentHash, bill, leftFen, paid }) })
  const asked = await advanceAll(
    deps,
    work,
    {
      holder,
      policies: usable,
      bill,
      lines: bill.lines,
      leftFen,
      paid,
      contentHash,
      refundId: null,
    },
    { stopOnSilence: false },
  )
  const paying = asked
    .map(({ order }) => order)
    .filter(({ status, payFen }) => status === 'advanced' && (payFen ?? ZERO) > 0)
  await dropOthers(work, paying)
  if (paying.length === 0) return whyNothing(asked, barred)
  await work.save({ plan: movePlan(work.plan(), 'quoted') })
  return {
    outcome: 'quoted',
    parts: [{ kind: 'commercial', amountFen: sumOf(paying) }],
    quoteReference: quoteReferenceOf(paying),
    reasons: [...asked.flatMap(({ order }) => reasonOf(order)), ...barred.map(barredReason)],
  }
}

/** Advances that are not charged: given up here, and as a courtesy at their insurers. */
async function dropOthers(work: PlanWork, paying: readonly PolicyOrder[]): Promise<void> {
  const others = chargeOrders(work).filter(
    ({ orderNo, status }) =>
      (status === 'asking' || status === 'advanced') &&
      !paying.some((order) => order.orderNo === orderNo),
  )
  if (others.length === 0) return
  await work.save({ orders: others.map((order) => ({ ...order, status: 'cancelled' as const })) })
  for (const order of others) {
    if (order.insurerNo !== null) await work.insurerOf(order)?.cancel(work.call, order)
  }
}

/** Says which orders were quoted, and with what: another quote of the same has the same. */
export function quoteReferenceOf(orders: readonly PolicyOrder[]): string {
  const told = orders.map(({ orderNo, payFen }) => [orderNo, payFen])
  return createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, REFERENCE_DIGITS)
}

const REFERENCE_DIGITS = 32

/** Policies that cannot pay for this visit by their insurers' own word are not asked at all. */
async function sortOut(
  { db, clock }: Dependencies,
  policies: readonly UsablePolicy[],
  { bill }: Plan,
) {
  const products = await allProducts(db)
  const asOf = businessDateOf(clock.now())
  const visit = {
    kind: bill.kind,
    diagnosisCode: bill.diagnosis.code,
    on: businessDateOf(new Date(bill.billedAt)),
  }
  const usable: (AskedPolicy & { isPackage: boolean })[] = []
  const barred: Barred[] = []
  for (const policy of policies) {
    const { insurerCode, policyNo } = policy
    const product = productOf(products, insurerCode, policy.product.code)
    const bar = barOf(visit, { ...policy, product, asOf })
    if (bar) barred.push({ policy, bar })
    else {
      usable.push({
        insurerCode,
        policyNo,
        productName: policy.product.name,
        mayTellDiagnosis: policy.mayTellDiagnosis,
        isPackage: product.kind !== 'ordinary',
      })
    }
  }
  // What was paid for beforehand, for just this, pays before what is for everything.
  return {
    usable: usable.toSorted((a, b) => Number(b.isPackage) - Number(a.isPackage)),
    barred,
  }
}

function nothingOf(barred: readonly Barred[]): QuoteAnswer {
  const [first] = barred
  if (!first) return notAvailable('no_policy', 'the person has bound no policy that is known')
  return notAvailable(first.bar, `${first.policy.product.name}: ${first.bar}`)
}

function whyNothing(asked: readonly Asked[], barred: readonly Barred[]): QuoteAnswer {
  for (const { answer } of asked) {
    if (answer === 'known' || answer.outcome === 'ok') continue
    if (answer.outcome === 'refused') return notAvailable(answer.code, answer.message)
    return notAvailable('insurer_unavailable', answer.reason)
  }
  return asked.length > 0
    ? notAvailable('nothing_covered', 'no policy pays anything of it')
    : nothingOf(barred)
}

function reasonOf({ productName, status, payFen, reason }: PolicyOrder): QuoteReason[] {
  if (status === 'advanced' && payFen !== null && payFen > 0) {
    return [{ code: 'commercial_pays', params: { product: productName, amountFen: payFen } }]
  }
  if (status === 'refused') {
    return [{ code: 'commercial_refuses', params: { product: productName, reason: reason ?? '' } }]
  }
  const code = status === 'asking' ? 'commercial_silent' : 'commercial_pays_nothing'
  return [{ code, params: { product: productName } }]
}

const barredReason = ({ policy, bar }: Barred): QuoteReason => ({
  code: `commercial_${bar}`,
  params: { product: policy.product.name },
})

function newPlan(deps: Dependencies, request: QuoteRequest, left: LeftToPay): Plan {
  const { hospitalId, paymentId, personId, payables } = request
  const { isOnline } = optionsOf(deps)
  const bill = keptBillOf(
    payables,
    payables.every((payable) => isOnline(hospitalId, payable)),
  )
  const paid = paidBeforeOf(left)
  return {
    hospitalId,
    id: deps.newId<'CoveragePlan'>(),
    paymentId,
    personId,
    status: 'quoting',
    contentHash: contentHashOf(bill, left.leftFen, paid),
    bill,
    leftFen: left.leftFen,
    paid,
    chargeNo: null,
    refundId: null,
    decline: null,
    createdAt: deps.clock.now(),
  }
}

const notAvailable = (code: string, reason: string): QuoteAnswer => ({
  outcome: 'not_available',
  code,
  reason,
})

type Barred = { policy: BoundPolicy; bar: Bar }
type ToQuote = {
  holder: Holder
  policies: readonly UsablePolicy[]
  left: LeftToPay
  deadline: AbortSignal
}
type QuotingPlan = {
  opening: Plan
  holder: Holder
  usable: readonly AskedPolicy[]
  barred: readonly Barred[]
}
