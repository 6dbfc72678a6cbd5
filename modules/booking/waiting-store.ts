import type { Selectable } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { AppointmentId, Page, PersonId, SessionId } from './booking.ts'
import type { BookingTables } from './tables.ts'

export type WaitingRow = Selectable<BookingTables['booking.waiting']>

/** False for a person who waits for this session. */
export async function insertWaiting(tx: Tx, row: WaitingRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<BookingTables>()
    .insertInto('booking.waiting')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** The first in turn; nobody else offers to them until the transaction ends. */
export async function nextWaiting(
  tx: Tx,
  hospitalId: HospitalId,
  sessionId: SessionId,
  most: number,
): Promise<WaitingRow[]> {
  return tx
    .withTables<BookingTables>()
    .selectFrom('booking.waiting')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('session_id', '=', sessionId)
    .where('status', '=', 'waiting')
    .orderBy('id')
    .limit(most)
    .forUpdate()
    .skipLocked()
    .execute()
}

/** False when the person does not wait any more. */
export async function endWaiting(
  tx: Tx,
  { hospitalId, id }: { hospitalId: HospitalId; id: Id<'Waiting'> },
  end: { status: 'offered'; appointmentId: AppointmentId } | { status: 'left' },
  now: Date,
): Promise<boolean> {
  const appointment_id = end.status === 'offered' ? end.appointmentId : null
  const { numUpdatedRows } = await tx
    .withTables<BookingTables>()
    .updateTable('booking.waiting')
    .set({ status: end.status, appointment_id, updated_at: now })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .where('status', '=', 'waiting')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function findWaiting(
  tx: Tx,
  hospitalId: HospitalId,
  id: Id<'Waiting'>,
): Promise<WaitingRow | null> {
  const row = await tx
    .withTables<BookingTables>()
    .selectFrom('booking.waiting')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** The newest first. */
export async function waitingOf(
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
  { after, limit }: Page<Id<'Waiting'>>,
): Promise<WaitingRow[]> {
  return tx
    .withTables<BookingTables>()
    .selectFrom('booking.waiting')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('person_id', '=', personId)
    .$if(after !== undefined, (query) => query.where('id', '<', after as Id<'Waiting'>))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}
