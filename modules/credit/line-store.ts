import { type Insertable, type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { Tx } from '../../platform/db.ts'
import type { CreditLine, UseChange } from './line.ts'
import type { CreditTables } from './tables.ts'
import type { LenderId, LineId, PersonId } from './terms.ts'

// The one place that reads or writes lines, their changes and the limits of hospitals. What is promised anew is
// promised by one conditional update, so that however many ask at once, a limit is never passed.

type LineRow = Selectable<CreditTables['credit.line']>

const tables = (tx: Tx) => tx.withTables<CreditTables>()

/** A line that ended is opened again in its own row. Null when the person has one that has not ended. */
export async function openLine(tx: Tx, line: CreditLine, now: Date): Promise<CreditLine | null> {
  const { productId, way, accountNo, limitFen } = line
  const opened = {
    product_id: productId,
    way,
    account_no: accountNo,
    status: 'active' as const,
    limit_fen: limitFen,
    ceiling_fen: limitFen,
    updated_at: now,
  }
  const row = await tables(tx)
    .insertInto('credit.line')
    .values({
      hospital_id: line.lenderId,
      id: line.id,
      person_id: line.personId,
      reserved_fen: line.reservedFen,
      drawn_fen: line.drawnFen,
      created_at: now,
      ...opened,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['hospital_id', 'person_id'])
        .doUpdateSet(opened)
        .where('credit.line.status', '=', 'ended'),
    )
    .returningAll()
    .executeTakeFirst()
  return row ? toLine(row) : null
}

export async function findLine(
  tx: Tx,
  lenderId: LenderId,
  by: { id: LineId } | { personId: PersonId },
): Promise<CreditLine | null> {
  const row = await tables(tx)
    .selectFrom('credit.line')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where((eb) => ('id' in by ? eb('id', '=', by.id) : eb('person_id', '=', by.personId)))
    .executeTakeFirst()
  return row ? toLine(row) : null
}

/** As `findLine`, and nobody else changes the line before the transaction ends. */
export async function lockLine(tx: Tx, lenderId: LenderId, id: LineId): Promise<CreditLine | null> {
  const row = await tables(tx)
    .selectFrom('credit.line')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row ? toLine(row) : null
}

/**
 * Promises an amount anew, if the line is active and has it free. The condition and the change are one statement.
 * False when it has not: nothing was changed.
 */
export async function promiseOnLine(
  tx: Tx,
  { lenderId, lineId }: LineKey,
  amountFen: Fen,
  now: Date,
): Promise<boolean> {
  if (amountFen === 0) return true
  const { numUpdatedRows } = await tables(tx)
    .updateTable('credit.line')
    .set((eb) => ({ reserved_fen: eb('reserved_fen', '+', amountFen), updated_at: now }))
    .where('hospital_id', '=', lenderId)
    .where('id', '=', lineId)
    .where('status', '=', 'active')
    .where(sql<boolean>`reserved_fen + drawn_fen + ${amountFen}::bigint <= limit_fen`)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/**
 * Moves what is promised to what is lent, or gives either up. It never adds to their sum: what was promised is kept even
 * when the limit was lowered since. The database refuses a sum above the ceiling, which comes down with the use.
 */
export async function moveUse(
  tx: Tx,
  { lenderId, lineId }: LineKey,
  { reserved = 0, drawn = 0 }: UseChange,
  now: Date,
): Promise<void> {
  if (reserved === 0 && drawn === 0) return
  await sql`
    update credit.line set reserved_fen = reserved_fen + ${reserved}::bigint,
      drawn_fen = drawn_fen + ${drawn}::bigint, updated_at = ${now},
      ceiling_fen = greatest(limit_fen,
        least(ceiling_fen, reserved_fen + drawn_fen + ${reserved}::bigint + ${drawn}::bigint))
    where hospital_id = ${lenderId} and id = ${lineId}`.execute(tx)
}

/** A lower limit takes back nothing that is promised or lent; it only keeps more from being promised. */
export async function setLineLimit(
  tx: Tx,
  { lenderId, lineId }: LineKey,
  limitFen: Fen,
  now: Date,
): Promise<void> {
  await sql`
    update credit.line set limit_fen = ${limitFen}, updated_at = ${now},
      ceiling_fen = greatest(${limitFen}::bigint, reserved_fen + drawn_fen)
    where hospital_id = ${lenderId} and id = ${lineId}`.execute(tx)
}

export async function setLineStatus(
  tx: Tx,
  { lenderId, lineId }: LineKey,
  status: CreditLine['status'],
  now: Date,
): Promise<void> {
  await tables(tx)
    .updateTable('credit.line')
    .set({ status, updated_at: now })
    .where('hospital_id', '=', lenderId)
    .where('id', '=', lineId)
    .execute()
}

export async function insertLineChange(
  tx: Tx,
  change: Insertable<CreditTables['credit.line_change']>,
): Promise<void> {
  await tables(tx).insertInto('credit.line_change').values(change).execute()
}

/** The newest first. */
export async function changesOfLine(tx: Tx, lenderId: LenderId, lineId: LineId) {
  return tables(tx)
    .selectFrom('credit.line_change')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('line_id', '=', lineId)
    .orderBy('id', 'desc')
    .limit(MOST_CHANGES)
    .execute()
}

const MOST_CHANGES = 100

export type HospitalLimit = { careHospitalId: HospitalId; limitFen: Fen; usedFen: Fen }

/** Sets how much may be in use at a hospital; what is in use above it is kept and may not grow. */
export async function setHospitalLimit(
  tx: Tx,
  lenderId: LenderId,
  { careHospitalId, limitFen }: Pick<HospitalLimit, 'careHospitalId' | 'limitFen'>,
  now: Date,
): Promise<void> {
  await sql`
    insert into credit.hospital_limit as l
      (hospital_id, care_hospital_id, limit_fen, ceiling_fen, used_fen, updated_at)
    values (${lenderId}, ${careHospitalId}, ${limitFen}, ${limitFen}, 0, ${now})
    on conflict (hospital_id, care_hospital_id) do update set limit_fen = excluded.limit_fen,
      ceiling_fen = greatest(excluded.limit_fen, l.used_fen), updated_at = excluded.updated_at`.execute(
    tx,
  )
}

/** Null when the lender does not serve the hospital. */
export async function findHospitalLimit(
  tx: Tx,
  lenderId: LenderId,
  careHospitalId: HospitalId,
): Promise<HospitalLimit | null> {
  const row = await tables(tx)
    .selectFrom('credit.hospital_limit')
    .select(['limit_fen', 'used_fen'])
    .where('hospital_id', '=', lenderId)
    .where('care_hospital_id', '=', careHospitalId)
    .executeTakeFirst()
  return row ? { careHospitalId, limitFen: row.limit_fen, usedFen: row.used_fen } : null
}

/** As `promiseOnLine`, for the hospital: both limits hold. */
export async function promiseAtHospital(
  tx: Tx,
  { lenderId, careHospitalId }: HospitalKey,
  amountFen: Fen,
  now: Date,
): Promise<boolean> {
  if (amountFen === 0) return true
  const { numUpdatedRows } = await tables(tx)
    .updateTable('credit.hospital_limit')
    .set((eb) => ({ used_fen: eb('used_fen', '+', amountFen), updated_at: now }))
    .where('hospital_id', '=', lenderId)
    .where('care_hospital_id', '=', careHospitalId)
    .where(sql<boolean>`used_fen + ${amountFen}::bigint <= limit_fen`)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function freeAtHospital(
  tx: Tx,
  { lenderId, careHospitalId }: HospitalKey,
  amountFen: Fen,
  now: Date,
): Promise<void> {
  if (amountFen === 0) return
  await sql`
    update credit.hospital_limit set used_fen = used_fen - ${amountFen}::bigint, updated_at = ${now},
      ceiling_fen = greatest(limit_fen, least(ceiling_fen, used_fen - ${amountFen}::bigint))
    where hospital_id = ${lenderId} and care_hospital_id = ${careHospitalId}`.execute(tx)
}

type LineKey = { lenderId: LenderId; lineId: LineId }
type HospitalKey = { lenderId: LenderId; careHospitalId: HospitalId }

const toLine = (row: LineRow): CreditLine => ({
  lenderId: row.hospital_id,
  id: row.id,
  personId: row.person_id,
  productId: row.product_id,
  way: row.way,
  accountNo: row.account_no,
  status: row.status,
  limitFen: row.limit_fen,
  reservedFen: row.reserved_fen,
  drawnFen: row.drawn_fen,
})
