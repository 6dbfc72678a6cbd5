import { assert } from '../../../kernel/assert.ts'
import type { HospitalId, NewId } from '../../../kernel/id.ts'
import { addFen, type Fen, fen } from '../../../kernel/money.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import type { PaymentState } from '../decide.ts'
import { keptFen, type Payment, type PaymentId, type Tender } from '../payment.ts'
import {
  isRefundOver,
  type Refund,
  type RefundCause,
  type RefundId,
  type RefundPart,
} from './refund.ts'
import { insertRefund, partsOf, refundsOf } from './store.ts'

/** Writes down a refund to be worked off: its row and one part for each tender that still has money. */
export async function beginRefund(
  tx: Tx,
  { clock, newId }: BeginDependencies,
  payment: Payment,
  tenders: readonly Tender[],
  wish: RefundWish,
): Promise<RefundId> {
  const now = clock.now()
  const { hospitalId, id: paymentId } = payment
  const id = wish.id ?? newId<'Refund'>()
  const giving = tenders.filter((tender) => keptFen(tender) > 0)
  assert(giving.length > 0, `payment ${paymentId} has money to give back`)
  await insertRefund(
    tx,
    {
      hospital_id: hospitalId,
      id,
      payment_id: paymentId,
      cause: wish.cause,
      status: 'approving',
      bill_no: wish.billNo,
      line_nos: [...wish.lineNos],
      amount_fen: wish.amountFen,
      reason: wish.reason,
      requested_by: wish.requestedBy,
      request_no: wish.requestNo,
      refusal_code: null,
      receipt_no: null,
      attention: null,
      approved_at: null,
      returned_at: null,
      completed_at: null,
      version: 0,
      call_no: 0,
      in_call_until: null,
      retry_at: null,
      attempts: 0,
      due_at: now,
      created_at: now,
      updated_at: now,
      retried_at: null,
    },
    giving.map((tender) => ({
      hospital_id: hospitalId,
      refund_id: id,
      tender_no: tender.tenderNo,
      id: newId<'RefundPart'>(),
      status: 'planned',
      amount_fen: null,
      net_fen: null,
      hold_id: null,
      decline_code: null,
    })),
  )
  return id
}

/** Gives back all that the payment's tenders still have. */
export async function beginGiveBack(
  tx: Tx,
  dependencies: BeginDependencies,
  { payment, tenders }: Pick<PaymentState, 'payment' | 'tenders'>,
  cause: Exclude<RefundCause, 'requested'>,
): Promise<RefundId> {
  return beginRefund(tx, dependencies, payment, tenders, {
    cause,
    billNo: null,
    lineNos: [],
    amountFen: addFen(...tenders.map((tender) => fen(Math.max(keptFen(tender), 0)))),
    reason: payment.failureCode ?? cause,
    requestedBy: 'system:payments',
    requestNo: null,
  })
}

/** Whether all of a payment is on its way back, and whether a provider has refused that. */
export async function giveBacksOf(tx: Tx, hospitalId: HospitalId, paymentId: PaymentId) {
  const running = (await refundsOf(tx, hospitalId, paymentId)).filter(
    (refund: Refund) => refund.cause !== 'requested' && !isRefundOver(refund.status),
  )
  const parts: RefundPart[] = []
  for (const { id } of running) parts.push(...(await partsOf(tx, hospitalId, id)))
  const refused = parts.some((part) => part.status === 'declined')
  return { giveBackRunning: running.length > 0 && !refused, giveBackRefused: refused }
}

export type RefundWish = {
  id?: RefundId
  cause: RefundCause
  billNo: string | null
  lineNos: readonly number[]
  amountFen: Fen
  reason: string
  requestedBy: string
  requestNo: string | null
}

export type BeginDependencies = { clock: Clock; newId: NewId }
