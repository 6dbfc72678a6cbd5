import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import {
  type AppointmentId,
  type Page,
  type PersonId,
  type Session,
  type SessionFilter,
  type SessionId,
  type Slot,
  slotIdOf,
  type SlotStatus,
  type Source,
} from './booking.ts'
import type { BookingTables } from './tables.ts'

// Sessions and their slots: the rows a number is taken from.

export type SessionRow = Selectable<BookingTables['booking.session']>
export type SlotRow = Selectable<BookingTables['booking.slot']>
export type SessionKey = { hospitalId: HospitalId; sessionId: SessionId }
export type SlotKey = SessionKey & { number: number }

/** False when the doctor has a session then. */
export async function insertSession(tx: Tx, row: SessionRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<BookingTables>()
    .insertInto('booking.session')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function insertSlots(tx: Tx, rows: readonly SlotRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx
    .withTables<BookingTables>()
    .insertInto('booking.slot')
    .values([...rows])
    .execute()
}

export async function findSession(
  tx: Tx,
  { hospitalId, sessionId }: SessionKey,
): Promise<SessionRow | null> {
  const row = await tx
    .withTables<BookingTables>()
    .selectFrom('booking.session')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', sessionId)
    .executeTakeFirst()
  return row ?? null
}

/** Whoever changes its numbers changes them alone. */
export async function lockSession(
  tx: Tx,
  { hospitalId, sessionId }: SessionKey,
): Promise<SessionRow | null> {
  const row = await tx
    .withTables<BookingTables>()
    .selectFrom('booking.session')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', sessionId)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function lastNumber(tx: Tx, { hospitalId, sessionId }: SessionKey): Promise<number> {
  const { rows } = await sql<{ last: number }>`select coalesce(max(number), 0) as last
    from booking.slot where hospital_id = ${hospitalId} and session_id = ${sessionId}`.execute(tx)
  return rows[0]?.last ?? 0
}

type Counted = SessionRow & { total: number; left: number }

const counted = (now: Date) => sql`s.*,
  coalesce(s.told_total, (select count(*) from booking.slot n
    where n.hospital_id = s.hospital_id and n.session_id = s.id and n.status <> 'stopped')::int) as total,
  coalesce(s.told_left, (select count(*) from booking.slot n
    where n.hospital_id = s.hospital_id and n.session_id = s.id and n.status = 'free'
      and n.available_at <= ${now} and (n.source in ('any', 'online') or n.flows_back_at <= ${now}))::int) as left`

export async function listSessions(
  tx: Tx,
  hospitalId: HospitalId,
  filter: SessionFilter,
  { after, limit }: Page<SessionId>,
  now: Date,
): Promise<Counted[]> {
  const { from, to, departmentCode = null, doctorCode = null } = filter
  const { rows } = await sql<Counted>`select ${counted(now)} from booking.session s
    where s.hospital_id = ${hospitalId} and s.business_date between ${from} and ${to}
      and (${departmentCode}::text is null or s.department_code = ${departmentCode})
      and (${doctorCode}::text is null or s.doctor_code = ${doctorCode})
      and (${after ?? null}::uuid is null or (s.business_date, s.starts_at, s.id) >
        (select a.business_date, a.starts_at, a.id from booking.session a
          where a.hospital_id = ${hospitalId} and a.id = ${after ?? null}::uuid))
    order by s.business_date, s.starts_at, s.id limit ${limit}`.execute(tx)
  return rows
}

export async function countedSession(
  tx: Tx,
  { hospitalId, sessionId }: SessionKey,
  now: Date,
): Promise<Counted | null> {
  const { rows } = await sql<Counted>`select ${counted(now)} from booking.session s
    where s.hospital_id = ${hospitalId} and s.id = ${sessionId}`.execute(tx)
  return rows[0] ?? null
}

/** Sessions of the same department and fee about that day, with a number left: what is offered in place of one. */
export async function equalSessions(
  tx: Tx,
  of: SessionRow,
  days: { from: string; to: string },
  now: Date,
  limit: number,
): Promise<Counted[]> {
  const { rows } = await sql<Counted>`select * from (select ${counted(now)} from booking.session s
      where s.hospital_id = ${of.hospital_id} and s.department_code = ${of.department_code}
        and s.fee_fen = ${of.fee_fen} and s.id <> ${of.id} and s.status = 'open'
        and s.business_date between ${days.from} and ${days.to} and s.starts_at > ${now}
        and s.releases_at <= ${now}) c
    where c.left > 0 order by business_date, starts_at, id limit ${limit}`.execute(tx)
  return rows
}

/**
 * The one conditional statement: a free slot of an open, released session becomes the caller's, or there is none. Those
 * that others are just taking are passed over; `waiting` waits for them instead, and is the last word.
 */
export async function takeSlot(
  tx: Tx,
  { hospitalId, sessionId }: SessionKey,
  { number, source, now, waiting }: TakeWish,
): Promise<SlotRow | null> {
  const { rows } = await sql<SlotRow>`update booking.slot t set status = 'held'
    where t.hospital_id = ${hospitalId} and t.session_id = ${sessionId} and t.number = (
      select n.number from booking.slot n
      where n.hospital_id = ${hospitalId} and n.session_id = ${sessionId} and n.status = 'free'
        and n.available_at <= ${now} and n.ends_at > ${now}
        and (n.source in ('any', ${source}) or n.flows_back_at <= ${now})
        and (${number}::int is null or n.number = ${number})
        and exists (select from booking.session s where s.hospital_id = ${hospitalId}
          and s.id = ${sessionId} and s.status = 'open' and s.releases_at <= ${now})
      order by n.number limit 1 for update ${waiting ? sql`` : sql`skip locked`})
    returning t.*`.execute(tx)
  return rows[0] ?? null
}

/**
 * Why there was none, in one question: the session, whether this wish has its slot, whether something is free all the
 * same, and who has a number.
 */
export async function lookAgain(
  tx: Tx,
  { hospitalId, sessionId, id }: SessionKey & { id: AppointmentId },
  { number, source, now }: Omit<TakeWish, 'waiting'>,
): Promise<Look> {
  const { rows } = await sql<SessionRow & Omit<Look, 'session'>>`select s.*,
      exists (select from booking.appointment a
        where a.hospital_id = ${hospitalId} and a.id = ${id}) as known,
      exists (select from booking.slot n where n.hospital_id = ${hospitalId}
        and n.session_id = ${sessionId} and n.status = 'free' and n.available_at <= ${now}
        and n.ends_at > ${now} and (n.source in ('any', ${source}) or n.flows_back_at <= ${now})
        and (${number}::int is null or n.number = ${number})) as free,
      array(select a.person_id::text from booking.appointment a where a.hospital_id = ${hospitalId}
        and a.session_id = ${sessionId}
        and a.status in ('held', 'booked', 'checked_in', 'finished', 'no_show')) as holders
    from booking.session s where s.hospital_id = ${hospitalId} and s.id = ${sessionId}`.execute(tx)
  const [found] = rows
  if (!found) return { session: null, known: false, free: false, holders: [] }
  const { known, free, holders, ...session } = found
  return { session, known, free, holders }
}

type Look = { session: SessionRow | null; known: boolean; free: boolean; holders: PersonId[] }

type TakeWish = { number: number | null; source: Source; now: Date; waiting: boolean }

/** Free again from that moment on, unless its session was stopped meanwhile. */
export async function giveSlotBack(
  tx: Tx,
  { hospitalId, sessionId, number }: SlotKey,
  availableAt: Date,
): Promise<void> {
  await sql`update booking.slot t set available_at = ${availableAt},
      status = case when s.status = 'open' then 'free' else 'stopped' end
    from booking.session s
    where s.hospital_id = ${hospitalId} and s.id = ${sessionId} and t.hospital_id = ${hospitalId}
      and t.session_id = ${sessionId} and t.number = ${number} and t.status in ('held', 'taken')`.execute(
    tx,
  )
}

export async function setSlot(
  tx: Tx,
  { hospitalId, sessionId, number }: SlotKey,
  status: SlotRow['status'],
): Promise<void> {
  await tx
    .withTables<BookingTables>()
    .updateTable('booking.slot')
    .set({ status })
    .where('hospital_id', '=', hospitalId)
    .where('session_id', '=', sessionId)
    .where('number', '=', number)
    .executeTakeFirstOrThrow()
}

export async function findSlot(
  tx: Tx,
  { hospitalId, sessionId, number }: SlotKey,
): Promise<SlotRow | null> {
  const row = await tx
    .withTables<BookingTables>()
    .selectFrom('booking.slot')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('session_id', '=', sessionId)
    .where('number', '=', number)
    .executeTakeFirst()
  return row ?? null
}

export async function listSlots(
  tx: Tx,
  { hospitalId, sessionId }: SessionKey,
  { after = 0, limit }: Page<number>,
): Promise<SlotRow[]> {
  return tx
    .withTables<BookingTables>()
    .selectFrom('booking.slot')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('session_id', '=', sessionId)
    .where('number', '>', after)
    .orderBy('number')
    .limit(limit)
    .execute()
}

/** Whether nothing can be had now; what rests cannot. */
export async function isSoldOut(
  tx: Tx,
  { hospitalId, sessionId }: SessionKey,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql<{ free: boolean }>`select exists (select from booking.slot
    where hospital_id = ${hospitalId} and session_id = ${sessionId} and status = 'free'
      and available_at <= ${now}) as free`.execute(tx)
  return rows[0]?.free === false
}

/** Takes away the highest free numbers, so many at most; returns how many. */
export async function dropFreeSlots(
  tx: Tx,
  { hospitalId, sessionId }: SessionKey,
  most: number,
): Promise<number> {
  const { numAffectedRows } = await sql`delete from booking.slot t using (
      select number from booking.slot where hospital_id = ${hospitalId} and session_id = ${sessionId}
        and status = 'free' order by number desc limit ${most} for update) n
    where t.hospital_id = ${hospitalId} and t.session_id = ${sessionId} and t.number = n.number`.execute(
    tx,
  )
  return Number(numAffectedRows ?? 0n)
}

/** No number of it is sold any more. What is being taken this moment is waited for, and found by who asks next. */
export async function stopSession(tx: Tx, { hospitalId, sessionId }: SessionKey): Promise<void> {
  const tables = tx.withTables<BookingTables>()
  await tables
    .updateTable('booking.session')
    .set({ status: 'stopped' })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', sessionId)
    .executeTakeFirstOrThrow()
  await tables
    .updateTable('booking.slot')
    .set({ status: 'stopped' })
    .where('hospital_id', '=', hospitalId)
    .where('session_id', '=', sessionId)
    .where('status', '=', 'free')
    .execute()
}

export const toSession = (row: Counted, stale = false): Session => ({
  hospitalId: row.hospital_id,
  id: row.id,
  origin: row.origin,
  department: { code: row.department_code, name: row.department_name },
  doctor: { code: row.doctor_code, name: row.doctor_name },
  clinic: row.clinic,
  location: row.location,
  businessDate: row.business_date,
  period: row.period,
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  feeFen: row.fee_fen,
  status: row.status,
  releasesAt: row.releases_at,
  total: row.total,
  left: row.status === 'open' ? row.left : 0,
  fetchedAt: row.fetched_at,
  stale,
})

export const toSlot = (row: SlotRow, now: Date): Slot => ({
  hospitalId: row.hospital_id,
  sessionId: row.session_id,
  number: row.number,
  id: slotIdOf(row.session_id, row.number),
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  status: slotStatusOf(row, now),
})

function slotStatusOf(row: SlotRow, now: Date): SlotStatus {
  if (row.status !== 'free') return row.status
  const isAnybodys = row.source === 'any' || row.source === 'online'
  const isKept = !isAnybodys && (row.flows_back_at === null || row.flows_back_at > now)
  return isKept || row.available_at > now ? 'resting' : 'free'
}
