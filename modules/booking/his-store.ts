import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { SessionRow, SlotRow } from './session-store.ts'
import type { BookingTables } from './tables.ts'

// Sessions and numbers as hospitals' systems list them: kept, so that they can be shown while one is silent.

/** As the hospital's system says they are now; the ids of those that are known stay. */
export async function upsertHisSessions(tx: Tx, rows: readonly SessionRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx
    .withTables<BookingTables>()
    .insertInto('booking.session')
    .values([...rows])
    .onConflict((conflict) =>
      conflict
        .columns(['hospital_id', 'external_no'])
        .where('external_no', 'is not', null)
        .doUpdateSet((eb) => ({
          department_name: eb.ref('excluded.department_name'),
          doctor_name: eb.ref('excluded.doctor_name'),
          clinic: eb.ref('excluded.clinic'),
          location: eb.ref('excluded.location'),
          fee_fen: eb.ref('excluded.fee_fen'),
          status: eb.ref('excluded.status'),
          releases_at: eb.ref('excluded.releases_at'),
          told_total: eb.ref('excluded.told_total'),
          told_left: eb.ref('excluded.told_left'),
          fetched_at: eb.ref('excluded.fetched_at'),
        })),
    )
    .execute()
}

/** The slot that the hospital's system calls so; one that was not listed yet is added. */
export async function slotOfExternalNo(
  tx: Tx,
  session: SessionRow,
  { externalNo, startsAt, endsAt }: { externalNo: string; startsAt: Date; endsAt: Date },
  now: Date,
): Promise<SlotRow> {
  const told = { externalNo, startsAt, endsAt, status: 'free' as const }
  await mergeHisSlots(tx, session, [told], now)
  return tx
    .withTables<BookingTables>()
    .selectFrom('booking.slot')
    .selectAll()
    .where('hospital_id', '=', session.hospital_id)
    .where('session_id', '=', session.id)
    .where('external_no', '=', externalNo)
    .executeTakeFirstOrThrow()
}

/** Our number of a slot that the hospital's system calls so; null for one that was never listed. */
export async function numberOf(
  tx: Tx,
  { hospital_id, id }: SessionRow,
  externalNo: string,
): Promise<number | null> {
  const row = await tx
    .withTables<BookingTables>()
    .selectFrom('booking.slot')
    .select('number')
    .where('hospital_id', '=', hospital_id)
    .where('session_id', '=', id)
    .where('external_no', '=', externalNo)
    .executeTakeFirst()
  return row?.number ?? null
}

export type ToldSlot = {
  externalNo: string
  startsAt: Date
  endsAt: Date
  status: 'free' | 'held' | 'taken' | 'stopped'
}

/** Numbers, as the hospital's system lists them: those that are new get the next of ours, which they keep. */
export async function mergeHisSlots(
  tx: Tx,
  { hospital_id, id }: SessionRow,
  told: readonly ToldSlot[],
  now: Date,
): Promise<void> {
  const rows = told.map(({ externalNo, startsAt, endsAt, status }, i) => ({
    external_no: externalNo,
    starts_at: startsAt,
    ends_at: endsAt,
    status,
    place: i + 1,
  }))
  // Whoever adds numbers to a session adds them alone.
  await sql`select id from booking.session where hospital_id = ${hospital_id} and id = ${id}
    for no key update`.execute(tx)
  await sql`insert into booking.slot (hospital_id, session_id, number, external_no, starts_at, ends_at,
      source, flows_back_at, status, available_at)
    select ${hospital_id}, ${id}, (select coalesce(max(number), 0) from booking.slot
        where hospital_id = ${hospital_id} and session_id = ${id})
        + row_number() over (order by t.place), t.external_no, t.starts_at, t.ends_at, 'any', null, t.status, ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t
      (external_no text, starts_at timestamptz, ends_at timestamptz, status text, place int)
    where not exists (select from booking.slot k where k.hospital_id = ${hospital_id}
      and k.session_id = ${id} and k.external_no = t.external_no)`.execute(tx)
}

/** What is free, locked and taken, as the hospital's system says: it has the last word. */
export async function markHisSlots(
  tx: Tx,
  { hospital_id, id }: SessionRow,
  told: readonly ToldSlot[],
): Promise<void> {
  const rows = told.map(({ externalNo, status }) => ({ external_no: externalNo, status }))
  await sql`update booking.slot s set status = t.status
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t (external_no text, status text)
    where s.hospital_id = ${hospital_id} and s.session_id = ${id} and s.external_no = t.external_no
      and s.status <> t.status`.execute(tx)
}

export async function sessionByExternalNo(
  tx: Tx,
  hospitalId: HospitalId,
  externalNo: string,
): Promise<SessionRow | null> {
  const row = await tx
    .withTables<BookingTables>()
    .selectFrom('booking.session')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('external_no', '=', externalNo)
    .executeTakeFirst()
  return row ?? null
}
