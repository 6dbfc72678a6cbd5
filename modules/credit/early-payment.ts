import { assert } from '../../kernel/assert.ts'
import type { Id } from '../../kernel/id.ts'
import { type Fen, ZERO } from '../../kernel/money.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { CreditDependencies } from './dependencies.ts'
import { sumOfVisit } from './draw-store.ts'
import { creditErrors } from './errors.ts'
import type { Lender, LenderAnswer, None, Repaid, RepaymentOrder } from './lender.ts'
import { findLine, freeAtHospital, moveUse } from './line-store.ts'
import { postEarlyPayment } from './posting.ts'
import { freeUnused, type VisitKey } from './settle.ts'
import type { PersonId } from './terms.ts'
import { lockVisit, updateVisit } from './visit-store.ts'
import { allowsEvent, type CreditVisit, moveVisit } from './visit.ts'

/**
 * The payer pays what was drawn in a visit before it is settled. The settlement wants the same draws: the visit is
 * moved to 'paying' first, and one that the settlement has moved on cannot be paid early any more.
 *
 * Errors: visit_not_found, visit_over, visit_in_payment, visit_nothing_drawn, repayment_refused, lender_unavailable.
 */
export async function payVisitEarly(
  deps: CreditDependencies,
  { personId, repaymentId, ...key }: VisitKey & { personId: PersonId; repaymentId: Id<never> },
): Promise<CreditVisit> {
  const begun = await begin(deps, key, personId, tradeNoOf(key.lenderId, repaymentId))
  if (begun.status !== 'paying') return begun
  const answer = await take(deps, begun)
  const { visit, refusal } = await conclude(deps, begun, answer)
  if (refusal !== null) throw creditErrors.repayment_refused({ code: refusal })
  return visit
}

/** What became of an early payment whose answer never came. */
export async function resolveEarlyPayment(
  deps: CreditDependencies,
  visit: CreditVisit,
): Promise<CreditVisit> {
  const lender = await deps.lenderOf(visit.lenderId)
  if (!lender || visit.status !== 'paying') return visit
  const order = await orderOf(deps, visit)
  const answer = await lender.queryRepayment({ trace: () => undefined }, order)
  return (await conclude(deps, visit, answer)).visit
}

const begin = (
  { db, clock }: CreditDependencies,
  { lenderId, visitId }: VisitKey,
  personId: PersonId,
  repaymentNo: string,
): Promise<CreditVisit> =>
  inHospital(db, lenderId, async (tx) => {
    const now = clock.now()
    const visit = await lockVisit(tx, lenderId, visitId)
    if (visit?.personId !== personId) throw creditErrors.visit_not_found({ id: visitId })
    if (visit.repayment?.repaymentNo === repaymentNo) return visit
    if (visit.status === 'paying') throw creditErrors.visit_in_payment({ id: visitId })
    if (!allowsEvent(visit, 'early_payment_begun')) throw creditErrors.visit_over({ id: visitId })
    const { standingFen, underWay } = await sumOfVisit(tx, lenderId, visitId)
    if (underWay > 0) throw creditErrors.visit_in_payment({ id: visitId })
    if (standingFen === 0) throw creditErrors.visit_nothing_drawn({ id: visitId })
    const repayment = { repaymentNo, amountFen: standingFen, at: now }
    const paying = moveVisit(visit, 'early_payment_begun', { repayment })
    await updateVisit(tx, paying, now)
    return paying
  })

async function take(deps: CreditDependencies, visit: CreditVisit): Promise<LenderAnswer<Repaid>> {
  const lender = await deps.lenderOf(visit.lenderId)
  if (!lender) return { outcome: 'refused', code: 'other', reason: 'the lender is not connected' }
  const order = await orderOf(deps, visit)
  const call = { trace: () => undefined }
  const created = await createOf(lender, order)
  return created ?? lender.payRepayment(call, order)
}

/** Null when the announced amount is what we asked for. */
async function createOf(lender: Lender, order: RepaymentOrder): Promise<NotOk | null> {
  const created = await lender.createRepayment({ trace: () => undefined }, order)
  if (created.outcome !== 'ok') return created
  if (created.data.amountFen === order.amountFen) return null
  return { outcome: 'refused', code: 'amount_wrong', reason: 'it comes to another amount' }
}

async function orderOf(
  { db }: CreditDependencies,
  { lenderId, lineId, id: visitId, personId, repayment }: CreditVisit,
): Promise<RepaymentOrder> {
  const line = await inHospital(db, lenderId, (tx) => findLine(tx, lenderId, { id: lineId }))
  assert(line && repayment, 'a visit that is being paid has a line and a repayment')
  const { repaymentNo, amountFen, at } = repayment
  const holder = { personId, accountNo: line.accountNo }
  return {
    repaymentNo,
    holder,
    scope: 'full',
    about: { visitId },
    amountFen,
    requestedAt: at,
  }
}

async function conclude(
  deps: CreditDependencies,
  { lenderId, id, repayment }: CreditVisit,
  answer: LenderAnswer<Repaid> | None,
): Promise<{ visit: CreditVisit; refusal: string | null }> {
  return inHospital(deps.db, lenderId, async (tx) => {
    const now = deps.clock.now()
    const visit = await lockVisit(tx, lenderId, id)
    assert(visit, `visit ${id} is there`)
    const isOurs = visit.repayment?.repaymentNo === repayment?.repaymentNo
    if (visit.status !== 'paying' || !isOurs || answer.outcome === 'unknown') {
      return { visit, refusal: null }
    }
    await deps.audit(tx, lenderId, personOf(visit), {
      action: 'credit.visit_paid_early',
      subject: `visit:${id}`,
      outcome: answer.outcome === 'ok' ? 'done' : 'refused',
      detail: { amountFen: visit.repayment?.amountFen ?? 0 },
    })
    if (answer.outcome === 'ok') {
      return { visit: await made(deps, tx, visit, answer.data), refusal: null }
    }
    const failed = moveVisit(visit, 'early_payment_failed', { repayment: null })
    const kept = failed.status === 'open' ? failed : { ...failed, unusedFen: ZERO }
    await updateVisit(tx, kept, now)
    if (kept.status !== 'open') await freeUnused(tx, visit, now)
    return { visit: kept, refusal: answer.outcome === 'none' ? 'not_taken' : answer.code }
  })
}

async function made(
  deps: CreditDependencies,
  tx: Tx,
  visit: CreditVisit,
  { amountFen, at }: Repaid,
): Promise<CreditVisit> {
  const now = deps.clock.now()
  assert(visit.repayment?.amountFen === amountFen, 'the whole of the visit was paid')
  const paid = moveVisit(visit, 'early_payment_made', {
    unusedFen: ZERO,
    endCause: visit.endCause ?? 'paid_early',
    settledFen: amountFen,
    settledAt: at,
  })
  await updateVisit(tx, paid, now)
  await freeUnused(tx, visit, now)
  await freeDrawn(tx, visit, amountFen, now)
  await postEarlyPayment(deps.ledger, tx, paid, { amountFen, at })
  await deps.onVisitEnded?.(tx, paid)
  return paid
}

async function freeDrawn(tx: Tx, visit: CreditVisit, amountFen: Fen, now: Date): Promise<void> {
  await moveUse(tx, visit, { drawn: 0 - amountFen }, now)
  await freeAtHospital(tx, visit, amountFen, now)
}

const personOf = ({ personId }: CreditVisit): Actor => ({
  name: `person:${personId}`,
  requestId: null,
})

type NotOk = Exclude<LenderAnswer<unknown>, { outcome: 'ok' }>
