import type { Failure } from '../../web/problem.ts'
import { type Place, places } from '../navigation.tsx'

export type WayOut = { place: Place; words: string }

/** Where a payer who was refused can go on; null where there is nothing but to try again. */
export function wayOutOf({ code, params }: Failure, hospitalId: number): WayOut | null {
  if (code === 'payments.bill_in_payment' && typeof params.paymentId === 'string') {
    return { place: places.payment(hospitalId, params.paymentId), words: 'pay.seeThatPayment' }
  }
  return WAYS_OUT[code] ?? null
}

const toBills: WayOut = { place: places.home, words: 'pay.seeBills' }
const toRecords: WayOut = { place: places.records, words: 'records.title' }

const WAYS_OUT: Record<string, WayOut> = {
  'billing.bill_changed': toBills,
  'billing.bill_not_found': toBills,
  'billing.bill_void': toBills,
  'billing.bill_already_paid': toRecords,
  'payments.bills_of_different_visits': toBills,
  'payments.bill_in_payment': toRecords,
  'payments.plan_changed': toBills,
  'payments.payment_not_payable': toRecords,
}
