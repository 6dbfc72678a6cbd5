import { addMs, HOUR_MS } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { SessionId } from './booking.ts'
import { moneyOf } from './cancel.ts'
import type { BookingContext } from './dependencies.ts'
import { leaveHour } from './person-store.ts'
import type { BookingRules } from './rules.ts'
import { setSlot } from './session-store.ts'
import { type AppointmentRow, updateAppointment } from './store.ts'
import { tell } from './telling.ts'

/**
 * One appointment of a clinic that does not take place. Whose fee is paid may choose another slot for a time; of the
 * hospital's own numbers, and where there is nothing equal, the money goes back at once.
 */
export async function stopOne(
  context: BookingContext,
  tx: Tx,
  rules: BookingRules,
  row: AppointmentRow,
  { reason, offers }: { reason: string; offers: readonly SessionId[] },
): Promise<AppointmentRow> {
  const now = context.clock.now()
  const mayChoose = row.fee === 'paid' && row.his_step === 'none' && offers.length > 0
  const chooseUntil = mayChoose ? addMs(now, rules.chooseHours * HOUR_MS) : null
  const money = mayChoose ? {} : moneyOf(context, row)
  const isReturning = 'fee' in money && money.fee === 'returning'
  const stopped = await updateAppointment(
    tx,
    row,
    {
      status: 'stopped',
      reason: reason.slice(0, 200),
      expires_at: null,
      his_step: row.his_step === 'none' ? 'none' : 'ended',
      choose_until: chooseUntil,
      due_at: isReturning ? now : chooseUntil,
      attempts: 0,
      ...money,
    },
    now,
  )
  await leaveHour(tx, { personId: row.person_id, appointmentId: row.id })
  if (row.slot_number !== null) {
    const key = { hospitalId: row.hospital_id, sessionId: row.session_id }
    await setSlot(tx, { ...key, number: row.slot_number }, 'stopped')
  }
  const offered = offers.map((id, i) => [`offer${i + 1}`, id] as const)
  await tell(context, tx, stopped, 'stopped', {
    reason: reason.slice(0, 200),
    startsAt: row.starts_at.toISOString(),
    ...(chooseUntil ? { chooseUntil: chooseUntil.toISOString() } : {}),
    ...Object.fromEntries(offered),
  })
  return stopped
}
