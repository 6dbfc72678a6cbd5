import type { Insertable, Selectable } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { Page, SessionId } from './booking.ts'
import type { BookingTables } from './tables.ts'

export type StopRow = Selectable<BookingTables['booking.stop']>

/** False when one of the session waits for a second person. */
export async function insertStop(
  tx: Tx,
  row: Insertable<BookingTables['booking.stop']>,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<BookingTables>()
    .insertInto('booking.stop')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function lockStop(
  tx: Tx,
  hospitalId: HospitalId,
  id: Id<'Stop'>,
): Promise<StopRow | null> {
  const row = await tx
    .withTables<BookingTables>()
    .selectFrom('booking.stop')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function findStop(
  tx: Tx,
  hospitalId: HospitalId,
  id: Id<'Stop'>,
): Promise<StopRow | null> {
  const row = await tx
    .withTables<BookingTables>()
    .selectFrom('booking.stop')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

export async function decideStop(
  tx: Tx,
  { hospital_id, id }: StopRow,
  decided: { status: 'carried_out' | 'declined'; by: string; at: Date },
): Promise<StopRow> {
  return tx
    .withTables<BookingTables>()
    .updateTable('booking.stop')
    .set({ status: decided.status, decided_by: decided.by, decided_at: decided.at })
    .where('hospital_id', '=', hospital_id)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The newest first. */
export async function listStops(
  tx: Tx,
  hospitalId: HospitalId,
  { after, limit }: Page<Id<'Stop'>>,
): Promise<StopRow[]> {
  return tx
    .withTables<BookingTables>()
    .selectFrom('booking.stop')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .$if(after !== undefined, (query) => query.where('id', '<', after as Id<'Stop'>))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** Why a session does not take place, as was last said. */
export async function lastStopReason(
  tx: Tx,
  hospitalId: HospitalId,
  sessionId: SessionId,
): Promise<string | null> {
  const row = await tx
    .withTables<BookingTables>()
    .selectFrom('booking.stop')
    .select('reason')
    .where('hospital_id', '=', hospitalId)
    .where('session_id', '=', sessionId)
    .where('status', '=', 'carried_out')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.reason ?? null
}
