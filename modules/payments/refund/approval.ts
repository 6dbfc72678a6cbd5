import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import { paymentSubject } from '../books.ts'
import type { PaymentsDependencies } from '../dependencies.ts'
import { paymentErrors } from '../errors.ts'
import { lockPayment } from '../store.ts'
import { isTooMuchForHis, type ReviewReason, reviewReasonsOf } from './approval-rule.ts'
import {
  countBegunToday,
  decideRefundRequest,
  findRefundRequest,
  givenBackAlone,
  insertRefundRequest,
  lockRefundRequest,
  readRefundRule,
  type RefundRequestRow,
} from './approval-store.ts'
import { advanceRefund } from './machine.ts'
import type { RefundId } from './refund.ts'
import {
  namedLines,
  type OpenWish,
  readWish,
  type RefundRequest,
  requestRefund,
  takeWish,
} from './request.ts'

// Refunds that staff ask for. One person does what is usual alone; for the rest a second one must agree, before
// the hospital's system or any provider hears of it.

/**
 * Begins the refund where one person may.
 *
 * Errors: payments.refund_needs_approval, with `why`, where a second one must agree: see askForApproval. Else as of
 * requestRefund.
 */
export async function requestRefundAlone(
  deps: PaymentsDependencies,
  request: RefundRequest,
  actor: Actor,
): Promise<RefundId> {
  return requestRefund(deps, request, actor, async (tx, wish) => {
    const why = await reasonsFor(deps, tx, wish, actor)
    if (why.length > 0) throw paymentErrors.refund_needs_approval({ why: why.join() })
  })
}

/**
 * Begins a refund that the hospital's system asks for, as far as the hospital lets it do so without a person.
 *
 * Errors: payments.refund_needs_approval where two people must do it in the console; else as of requestRefund.
 */
export async function requestRefundOfHis(
  deps: PaymentsDependencies,
  request: RefundRequest,
  actor: Actor,
): Promise<RefundId> {
  return requestRefund(deps, request, actor, async (tx, { payment, amountFen }) => {
    const { hospitalId, id } = payment
    const rule = await readRefundRule(tx, hospitalId)
    const aloneFen = await givenBackAlone(tx, hospitalId, id)
    if (isTooMuchForHis(rule, { amountFen, aloneFen })) {
      throw paymentErrors.refund_needs_approval({ why: 'amount' })
    }
  })
}

/**
 * Writes a wish down for a second person. It is checked as if it were granted now, and holds nothing: what is
 * given back in the meantime is given back.
 *
 * Errors: payments.refund_waiting when another wish of the same payment waits; else as of requestRefund.
 */
export async function askForApproval(
  deps: PaymentsDependencies,
  request: RefundRequest,
  actor: Actor,
): Promise<RefundId> {
  const { hospitalId, id } = request
  return inHospital(deps.db, hospitalId, async (tx) => {
    if (await findRefundRequest(tx, hospitalId, id)) return id
    const wish = await readWish(deps, tx, request)
    assert(wish.known === null, 'a refund has the number of a request only once that was approved')
    const why = await reasonsFor(deps, tx, wish, actor)
    const { payment, bill, lines, amountFen } = wish
    const isFirst = await insertRefundRequest(tx, {
      hospital_id: hospitalId,
      id,
      payment_id: payment.id,
      bill_no: bill.billNo,
      line_nos: namedLines(bill, lines),
      amount_fen: amountFen,
      reason: request.reason,
      why,
      status: 'waiting',
      requested_by: actor.name,
      decided_by: null,
      decision_note: null,
      created_at: deps.clock.now(),
      decided_at: null,
    })
    if (!isFirst) throw paymentErrors.refund_waiting()
    await deps.audit(tx, hospitalId, actor, {
      action: 'payments.ask_refund_approval',
      subject: paymentSubject(payment.id),
      detail: { refundId: id, billNo: bill.billNo, amountFen, why: why.join() },
    })
    return id
  })
}

/**
 * A second person agrees: the refund begins, in the name of who asked. Approval and refund are written down in one
 * transaction, so that neither is there without the other.
 *
 * Errors: payments.refund_needs_second_person for who asked; payments.refund_request_decided when somebody was first;
 * as of requestRefund when it cannot be granted any more: the request goes on waiting, to be declined.
 */
export async function approveRefund(
  deps: PaymentsDependencies,
  hospitalId: HospitalId,
  id: RefundId,
  actor: Actor,
): Promise<void> {
  const isBegun = await inHospital(deps.db, hospitalId, async (tx) => {
    const asked = await lockWithPayment(tx, hospitalId, id)
    if (asked.status === 'approved' && asked.decided_by === actor.name) return false
    checkWaiting(asked)
    if (asked.requested_by === actor.name) throw paymentErrors.refund_needs_second_person()
    const request = requestOf(asked)
    const wish = await readWish(deps, tx, request)
    assert(wish.known === null, 'a request that waits is no refund yet')
    await takeWish(deps, tx, wish, request, { name: asked.requested_by, requestId: null })
    await decide(deps, tx, asked, { status: 'approved', note: null }, actor)
    return true
  })
  if (isBegun) await advanceRefund(deps, hospitalId, id)
}

/**
 * Nothing is given back. Who asked withdraws by this.
 *
 * Errors: payments.refund_request_decided when somebody was first.
 */
export async function declineRefund(
  deps: PaymentsDependencies,
  hospitalId: HospitalId,
  id: RefundId,
  note: string,
  actor: Actor,
): Promise<void> {
  await inHospital(deps.db, hospitalId, async (tx) => {
    const asked = await lockWithPayment(tx, hospitalId, id)
    const status = asked.requested_by === actor.name ? 'withdrawn' : 'declined'
    if (asked.status === status && asked.decided_by === actor.name) return
    checkWaiting(asked)
    await decide(deps, tx, asked, { status, note }, actor)
  })
}

async function reasonsFor(
  { clock }: PaymentsDependencies,
  tx: Tx,
  { payment, amountFen }: OpenWish,
  { name }: Actor,
): Promise<ReviewReason[]> {
  const { hospitalId, id, succeededAt } = payment
  assert(succeededAt, 'only what succeeded is given back')
  const now = clock.now()
  const rule = await readRefundRule(tx, hospitalId)
  const aloneFen = await givenBackAlone(tx, hospitalId, id)
  const begunToday = await countBegunToday(tx, hospitalId, name, now)
  return reviewReasonsOf(rule, { amountFen, aloneFen, succeededAt, begunToday }, now)
}

/** The payment first, as everywhere. */
async function lockWithPayment(
  tx: Tx,
  hospitalId: HospitalId,
  id: RefundId,
): Promise<RefundRequestRow> {
  const found = await findRefundRequest(tx, hospitalId, id)
  if (!found) throw paymentErrors.refund_request_not_found({ id })
  await lockPayment(tx, hospitalId, found.payment_id)
  return lockRefundRequest(tx, hospitalId, id)
}

function checkWaiting({ status }: RefundRequestRow): void {
  if (status !== 'waiting') throw paymentErrors.refund_request_decided({ status })
}

async function decide(
  { clock, audit }: PaymentsDependencies,
  tx: Tx,
  asked: RefundRequestRow,
  { status, note }: Pick<Decision, 'status' | 'note'>,
  actor: Actor,
): Promise<void> {
  await decideRefundRequest(tx, asked, { status, note, by: actor.name, at: clock.now() })
  await audit(tx, asked.hospital_id, actor, {
    action: ACTION_OF[status],
    subject: paymentSubject(asked.payment_id),
    detail: { refundId: asked.id, amountFen: asked.amount_fen, requestedBy: asked.requested_by },
  })
}

type Decision = Parameters<typeof decideRefundRequest>[2] & {
  status: 'approved' | 'declined' | 'withdrawn'
}

const ACTION_OF = {
  approved: 'payments.approve_refund',
  declined: 'payments.decline_refund',
  withdrawn: 'payments.withdraw_refund',
} as const

const requestOf = (asked: RefundRequestRow): RefundRequest => ({
  id: asked.id,
  hospitalId: asked.hospital_id,
  paymentId: asked.payment_id,
  billNo: asked.bill_no,
  lineNos: asked.line_nos,
  reason: asked.reason,
  requestNo: null,
})
