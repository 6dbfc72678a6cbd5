import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import { addMs, type BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { AppointmentId, PersonId } from './booking.ts'
import { QUARTER_MS, type Standing, WEEK_MS, YEAR_MS } from './rules.ts'
import type { BookingTables } from './tables.ts'

// What one person, one device and one phone have of bookings, at all hospitals and at one.

/** Whoever counts a person's bookings counts alone: others of the same person wait until the transaction ends. */
export async function lockBooker(tx: Tx, personId: PersonId, now: Date): Promise<void> {
  await tx
    .withTables<BookingTables>()
    .insertInto('booking.booker')
    .values({ person_id: personId, seen_at: now })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet({ seen_at: now }))
    .execute()
}

export async function standingOf(
  tx: Tx,
  { hospitalId, personId }: { hospitalId: HospitalId; personId: PersonId },
  date: BusinessDate,
  now: Date,
): Promise<Standing> {
  const { rows } = await sql<Standing>`select
      (select count(*) from booking.person_hour h
        where h.person_id = ${personId} and h.business_date = ${date})::int as "onDay",
      (select count(*) from booking.person_hour h
        where h.person_id = ${personId} and h.claimed_at > ${addMs(now, -WEEK_MS)})::int as "inWeek",
      (select count(*) from booking.person_hour h
        where h.person_id = ${personId} and h.claimed_at > ${addMs(now, -QUARTER_MS)})::int as "inQuarter",
      count(m.id)::int as missed, max(m.ends_at) as "lastMissedAt"
    from booking.appointment m where m.hospital_id = ${hospitalId} and m.person_id = ${personId}
      and m.status = 'no_show' and m.ends_at > ${addMs(now, -YEAR_MS)}`.execute(tx)
  const [standing] = rows
  if (!standing) throw new Error('a question without groups has one answer')
  return standing
}

/** False when the person is somewhere else in that hour. */
export async function claimHour(tx: Tx, claim: Claim): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<BookingTables>()
    .insertInto('booking.person_hour')
    .values({
      person_id: claim.personId,
      hour: hourOf(claim.startsAt),
      hospital_id: claim.hospitalId,
      appointment_id: claim.appointmentId,
      business_date: claim.businessDate,
      claimed_at: claim.now,
    })
    .onConflict((conflict) => conflict.columns(['person_id', 'hour']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function leaveHour(
  tx: Tx,
  { personId, appointmentId }: { personId: PersonId; appointmentId: AppointmentId },
): Promise<void> {
  await tx
    .withTables<BookingTables>()
    .deleteFrom('booking.person_hour')
    .where('person_id', '=', personId)
    .where('appointment_id', '=', appointmentId)
    .execute()
}

const HOUR_MS = 3_600_000
const hourOf = (at: Date): Date => new Date(at.getTime() - (at.getTime() % HOUR_MS))

/** Counts one more hold of a device or a phone on a day. False when that is more than it may. */
export async function countUse(tx: Tx, use: Use): Promise<boolean> {
  const { rows } = await sql`insert into booking.cap_use (hospital_id, kind, digest, made_on, used)
    values (${use.hospitalId}, ${use.kind}, ${use.digest}, ${use.on}, 1)
    on conflict (hospital_id, kind, digest, made_on) do update set used = cap_use.used + 1
      where cap_use.used < ${use.most}
    returning used`.execute(tx)
  return rows.length === 1
}

/** False when the proof was used before. */
export async function useProof(
  tx: Tx,
  hospitalId: HospitalId,
  digest: string,
  expiresAt: Date,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<BookingTables>()
    .insertInto('booking.used_proof')
    .values({ hospital_id: hospitalId, digest, expires_at: expiresAt })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'digest']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

const PURGE_BATCH = 1_000

/** Forgets proofs that have expired, and counts of days gone by; returns how many of either. */
export async function forgetUsed(
  tx: Tx,
  hospitalId: HospitalId,
  { now, before }: { now: Date; before: BusinessDate },
): Promise<number> {
  const proofs = await sql`delete from booking.used_proof where hospital_id = ${hospitalId}
    and digest in (select digest from booking.used_proof
      where hospital_id = ${hospitalId} and expires_at < ${now} limit ${PURGE_BATCH})`.execute(tx)
  const uses =
    await sql`delete from booking.cap_use u using (select kind, digest, made_on from booking.cap_use
      where hospital_id = ${hospitalId} and made_on < ${before} limit ${PURGE_BATCH}) o
    where u.hospital_id = ${hospitalId} and u.kind = o.kind and u.digest = o.digest
      and u.made_on = o.made_on`.execute(tx)
  return Number((proofs.numAffectedRows ?? 0n) + (uses.numAffectedRows ?? 0n))
}

type Claim = {
  personId: PersonId
  hospitalId: HospitalId
  appointmentId: AppointmentId
  startsAt: Date
  businessDate: BusinessDate
  now: Date
}

type Use = {
  hospitalId: HospitalId
  kind: 'device' | 'phone'
  digest: string
  on: BusinessDate
  most: number
}
