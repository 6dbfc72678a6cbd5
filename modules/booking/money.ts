import type { Id } from '../../kernel/id.ts'
import { readTradeNo } from '../../kernel/trade-no.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Events } from '../../platform/events.ts'
import { systemActor } from '../../platform/principal.ts'
import type { PaymentId } from '../payments/index.ts'
import { confirm } from './book.ts'
import type { BookingContext } from './dependencies.ts'
import {
  type AppointmentRow,
  lockAppointment,
  lockByBill,
  lockByRefund,
  updateAppointment,
} from './store.ts'
import { tell } from './telling.ts'

const BY_BOOKING = systemActor('booking')

/** A payment that succeeded has paid a hold; one that came after its end is given back. */
export async function onPaymentEnded(
  context: BookingContext,
  { hospitalId, paymentId, status }: Events['payments.ended'],
): Promise<void> {
  if (status !== 'succeeded') return
  const id = paymentId as PaymentId
  const billNos = await context.billsOfPayment(hospitalId, id)
  for (const billNo of billNos) {
    await inHospital(context.db, hospitalId, async (tx) => {
      const row = await lockByBill(tx, hospitalId, billNo)
      if (row) await notePaid(context, tx, row, id)
    })
  }
}

async function notePaid(
  context: BookingContext,
  tx: Tx,
  row: AppointmentRow,
  paymentId: PaymentId,
): Promise<void> {
  const now = context.clock.now()
  if (row.payment_id !== null) return
  if (row.status === 'held' && row.fee === 'due') {
    await confirm(context, tx, row, { fee: 'paid', payment_id: paymentId })
    return
  }
  if (row.fee === 'paid' || row.fee === 'returning' || row.fee === 'returned') {
    await updateAppointment(tx, row, { payment_id: paymentId }, now)
    return
  }
  // The hold had expired, or was let go, when the hospital took the money.
  const refund_id = row.refund_id ?? context.newId<'Refund'>()
  const back = { fee: 'returning', payment_id: paymentId, refund_id, due_at: now } as const
  const late = await updateAppointment(tx, row, { ...back, attempts: 0 }, now)
  await tell(context, tx, late, 'paid_too_late')
}

/** A fee that came back is so told. */
export async function onRefundEnded(
  context: BookingContext,
  { hospitalId, refundId, status }: Events['refunds.ended'],
): Promise<void> {
  if (status !== 'succeeded') return
  await inHospital(context.db, hospitalId, async (tx) => {
    const row = await lockByRefund(tx, hospitalId, refundId as Id<'Refund'>)
    if (row?.fee !== 'returning') return
    const returned = await updateAppointment(tx, row, { fee: 'returned' }, context.clock.now())
    await tell(context, tx, returned, 'returned', { feeFen: row.fee_fen })
  })
}

/**
 * Has the fee given back by the original route, under the number that was written down before. Errors: what payments
 * throws; it is asked for again.
 */
export async function giveBack(context: BookingContext, row: AppointmentRow): Promise<void> {
  const { hospital_id: hospitalId, id, bill_no: billNo, refund_id } = row
  const paymentId = paymentOf(row)
  if (billNo === null || refund_id === null || paymentId === null) return
  const reason = `booking: ${row.reason ?? row.status}`
  const wish = { id: refund_id, hospitalId, paymentId, billNo, reason, lineNos: [] }
  await context.requestRefund({ ...wish, requestNo: null }, BY_BOOKING)
  await inHospital(context.db, hospitalId, async (tx) => {
    const held = await lockAppointment(tx, { hospitalId, id })
    if (held) await updateAppointment(tx, held, { due_at: null }, context.clock.now())
  })
}

/** Its number says which payment it is. */
function paymentOf({ payment_id, payment_no }: AppointmentRow): PaymentId | null {
  if (payment_id !== null) return payment_id
  const known = payment_no === null ? null : readTradeNo(payment_no)
  return known && (known.id as PaymentId)
}
