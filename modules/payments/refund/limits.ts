import type { HospitalId } from '../../../kernel/id.ts'
import { addMs, DAY_MS, MINUTE_MS } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import { paymentErrors } from '../errors.ts'
import { keptFen, type PaymentId, type Tender } from '../payment.ts'
import type { Refund } from './refund.ts'
import { countReturns } from './store.ts'

// What the payers' channels allow of giving one charge back, the strictest of them for all: what is past it would only
// be refused there, after the hospital has agreed to it.

const MOST_RETURNS = 50
const RETURNABLE_DAYS = 365
const RETURNS_APART_MS = MINUTE_MS

/**
 * Errors: payments.refund_too_late and payments.refund_too_many, with what the limit is, where the payer's channel does
 * not give any of this payment back any more. The hospital can still do it at its window.
 */
export async function checkReturnable(
  tx: Tx,
  { hospitalId, id }: { hospitalId: HospitalId; id: PaymentId },
  tenders: readonly Tender[],
  now: Date,
): Promise<void> {
  for (const tender of tenders.filter(isLimited)) {
    const { takenAt, tenderNo } = tender
    if (takenAt && now > addMs(takenAt, RETURNABLE_DAYS * DAY_MS)) {
      throw paymentErrors.refund_too_late({ days: RETURNABLE_DAYS })
    }
    if ((await countReturns(tx, hospitalId, id, tenderNo)) >= MOST_RETURNS) {
      throw paymentErrors.refund_too_many({ most: MOST_RETURNS })
    }
  }
}

// The hospital's own till has no such rules.
const isLimited = (tender: Tender): boolean =>
  tender.phase === 'payer' && tender.method !== 'counter' && keptFen(tender) > 0

/** From when on a channel takes the next return of a payment; null for at once. */
export const channelFreeAt = (earlier: readonly Refund[]): Date | null =>
  earlier.reduce<Date | null>((latest, { returnedAt }) => {
    const freeAt = returnedAt && addMs(returnedAt, RETURNS_APART_MS)
    return freeAt && (!latest || freeAt > latest) ? freeAt : latest
  }, null)
