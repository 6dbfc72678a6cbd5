import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import { type Db, type Tx, violatedConstraint } from '../../platform/db.ts'
import { hospitalErrors } from './errors.ts'
import {
  type ConnectionKind,
  type Department,
  type Doctor,
  type Hospital,
  SYSTEM_KINDS,
} from './hospital.ts'
import type { HospitalTables } from './tables.ts'

// The one place that reads or writes the schema "hospitals".

// A region has some sixty hospitals; a list that is cut here is a mistake somewhere else.
const MAX_HOSPITALS = 5_000
const MAX_DEPARTMENTS = 2_000
const MAX_DOCTORS = 20_000

export async function listHospitals(db: Db): Promise<Hospital[]> {
  const rows = await db
    .withTables<HospitalTables>()
    .selectFrom('hospitals.hospital')
    .selectAll()
    .orderBy('id')
    .limit(MAX_HOSPITALS)
    .execute()
  return rows.map(toHospital)
}

export async function findHospital(db: Db, id: HospitalId): Promise<Hospital | null> {
  const row = await db
    .withTables<HospitalTables>()
    .selectFrom('hospitals.hospital')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toHospital(row) : null
}

/** Errors: throws hospitals.insurance_code_taken when another hospital has that code. */
export async function upsertHospital(db: Db, hospital: Hospital, now: Date): Promise<void> {
  const facts = {
    insurance_code: hospital.insuranceCode,
    name: hospital.name,
    short_name: hospital.shortName,
    level: hospital.level,
    status: hospital.status,
    updated_at: now,
  }
  try {
    await db
      .withTables<HospitalTables>()
      .insertInto('hospitals.hospital')
      .values({ id: hospital.id, ...facts, created_at: now })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(facts))
      .execute()
  } catch (error) {
    if (violatedConstraint(error) !== 'hospital_insurance_code') throw error
    throw hospitalErrors.insurance_code_taken({ insuranceCode: hospital.insuranceCode })
  }
}

/** The departments that are listed now, by code, with their listed doctors. */
export async function listDepartments(tx: Tx, hospitalId: HospitalId): Promise<Department[]> {
  const tables = tx.withTables<HospitalTables>()
  const departments = await tables
    .selectFrom('hospitals.department')
    .select(['code', 'name', 'subject_code as subjectCode', 'location'])
    .where('hospital_id', '=', hospitalId)
    .where('listed', '=', true)
    .orderBy('code')
    .limit(MAX_DEPARTMENTS)
    .execute()
  const doctors = await tables
    .selectFrom('hospitals.doctor')
    .select(['department_code', 'code', 'name', 'title', 'registration_fee_fen'])
    .where('hospital_id', '=', hospitalId)
    .where('listed', '=', true)
    .orderBy('department_code')
    .orderBy('code')
    .limit(MAX_DOCTORS)
    .execute()
  const byCode = new Map(departments.map((d) => [d.code, { ...d, doctors: [] as Doctor[] }]))
  for (const { department_code, registration_fee_fen, ...doctor } of doctors) {
    const registrationFeeFen = registration_fee_fen
    byCode.get(department_code)?.doctors.push({ ...doctor, registrationFeeFen })
  }
  return [...byCode.values()]
}

/** When the list that is kept was read; null when none ever was. */
export async function departmentsReadAt(tx: Tx, hospitalId: HospitalId): Promise<Date | null> {
  const { rows } = await sql<{ readAt: Date | null }>`
    select max(synced_at) as "readAt" from hospitals.department
    where hospital_id = ${hospitalId}`.execute(tx)
  return rows[0]?.readAt ?? null
}

/** Makes the list the hospital's own: adds, changes, and unlists what is not in it any more. */
export async function replaceDepartments(
  tx: Tx,
  hospitalId: HospitalId,
  departments: readonly Department[],
  now: Date,
): Promise<void> {
  for (const table of ['hospitals.department', 'hospitals.doctor'] as const) {
    await sql`update ${sql.table(table)} set listed = false
      where hospital_id = ${hospitalId} and listed`.execute(tx)
  }
  const column = (of: (department: Department) => string) => departments.map(of)
  await sql`
    insert into hospitals.department
      (hospital_id, code, name, subject_code, location, listed, synced_at)
    select ${hospitalId}::int, d.code, d.name, d.subject_code, d.location, true, ${now}::timestamptz
    from unnest(${column((d) => d.code)}::text[], ${column((d) => d.name)}::text[],
        ${column((d) => d.subjectCode)}::text[], ${column((d) => d.location)}::text[])
      as d (code, name, subject_code, location)
    on conflict (hospital_id, code) do update set name = excluded.name,
      subject_code = excluded.subject_code, location = excluded.location, listed = true,
      synced_at = excluded.synced_at`.execute(tx)
  await upsertDoctors(tx, hospitalId, departments, now)
}

async function upsertDoctors(
  tx: Tx,
  hospitalId: HospitalId,
  departments: readonly Department[],
  now: Date,
): Promise<void> {
  const doctors = departments.flatMap((department) =>
    department.doctors.map((doctor) => ({ departmentCode: department.code, ...doctor })),
  )
  const column = <T>(of: (doctor: (typeof doctors)[number]) => T) => doctors.map(of)
  await sql`
    insert into hospitals.doctor
      (hospital_id, department_code, code, name, title, registration_fee_fen, listed, synced_at)
    select ${hospitalId}::int, d.department_code, d.code, d.name, d.title, d.fee_fen, true,
      ${now}::timestamptz
    from unnest(${column((d) => d.departmentCode)}::text[], ${column((d) => d.code)}::text[],
        ${column((d) => d.name)}::text[], ${column((d) => d.title)}::text[],
        ${column((d) => d.registrationFeeFen)}::bigint[])
      as d (department_code, code, name, title, fee_fen)
    on conflict (hospital_id, department_code, code) do update set name = excluded.name,
      title = excluded.title, registration_fee_fen = excluded.registration_fee_fen, listed = true,
      synced_at = excluded.synced_at`.execute(tx)
}

export type ConnectionRow = Selectable<HospitalTables['hospitals.connection']>

export async function findConnection(
  tx: Tx,
  hospitalId: HospitalId,
  kind: ConnectionKind,
): Promise<ConnectionRow | null> {
  const row = await tx
    .withTables<HospitalTables>()
    .selectFrom('hospitals.connection')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('kind', '=', kind)
    .executeTakeFirst()
  return row ?? null
}

/** Every connection that is a channel, switched off ones too, in the order of their names. */
export const channelConnections = (tx: Tx, hospitalId: HospitalId): Promise<ConnectionRow[]> =>
  tx
    .withTables<HospitalTables>()
    .selectFrom('hospitals.connection')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('kind', 'not in', [...SYSTEM_KINDS])
    .orderBy('kind')
    .execute()

export async function upsertConnection(tx: Tx, row: ConnectionRow): Promise<void> {
  const { adapter, params_sealed, enabled, updated_at } = row
  await tx
    .withTables<HospitalTables>()
    .insertInto('hospitals.connection')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['hospital_id', 'kind'])
        .doUpdateSet({ adapter, params_sealed, enabled, updated_at }),
    )
    .execute()
}

// A signature is believed for five minutes to either side of its timestamp. After this long it is
// refused for its age, so that its nonce need not be remembered any more.
const NONCE_KEPT_MS = 15 * MINUTE_MS

/** False when the hospital has sent this nonce before. Forgets those too old to be believed again. */
export async function useNonce(
  tx: Tx,
  hospitalId: HospitalId,
  nonce: string,
  at: Date,
): Promise<boolean> {
  const tables = tx.withTables<HospitalTables>()
  await tables
    .deleteFrom('hospitals.his_nonce')
    .where('hospital_id', '=', hospitalId)
    .where('used_at', '<', addMs(at, -NONCE_KEPT_MS))
    .execute()
  const inserted = await tables
    .insertInto('hospitals.his_nonce')
    .values({ hospital_id: hospitalId, nonce, used_at: at })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'nonce']).doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

const toHospital = (row: Selectable<HospitalTables['hospitals.hospital']>): Hospital => ({
  id: row.id,
  insuranceCode: row.insurance_code,
  name: row.name,
  shortName: row.short_name,
  level: row.level,
  status: row.status,
})
