import type { Selectable } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { Programme, ProgrammeId, ProgrammeStatus, Terms } from './programme.ts'
import type { BenefitTables } from './tables.ts'

// Programmes, and what was put into their budgets.

export type Page<Cursor extends string> = { before: Cursor | undefined; limit: number }

/** A programme with who proposed it, who decided, and who ended it and why. */
export type RecordedProgramme = Programme & {
  history: {
    proposedBy: string
    proposedAt: Date
    decidedBy: string | null
    decidedAt: Date | null
    endedBy: string | null
    endedAt: Date | null
    /** Also of one that was refused. */
    endReason: string | null
  }
}

export type Budget = { allottedFen: Fen; issuedFen: Fen; heldFen: Fen; usedFen: Fen }

export async function insertProgramme(
  tx: Tx,
  programme: Programme,
  { by, at }: { by: string; at: Date },
): Promise<void> {
  const { hospitalId: hospital_id, id, name, funder, terms } = programme
  await tx
    .withTables<BenefitTables>()
    .insertInto('benefits.programme')
    .values({
      hospital_id,
      id,
      kind: terms.kind,
      name_zh: name.zh,
      name_en: name.en,
      funder_kind: funder.kind,
      funder_code: funder.code,
      funder_name: funder.name,
      terms: JSON.stringify(terms),
      starts_on: programme.startsOn,
      ends_on: programme.endsOn,
      status: programme.status,
      needs_second: true,
      created_by: by,
      created_at: at,
      decided_by: null,
      decided_at: null,
      ended_by: null,
      ended_at: null,
      end_reason: null,
    })
    .execute()
}

export async function findProgramme(
  tx: Tx,
  hospitalId: HospitalId,
  id: ProgrammeId,
): Promise<RecordedProgramme | null> {
  const row = await tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.programme')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toProgramme(row) : null
}

/** Locked until the transaction ends. */
export async function lockProgramme(
  tx: Tx,
  { hospitalId, id }: Pick<Programme, 'hospitalId' | 'id'>,
): Promise<{ status: Programme['status']; createdBy: string } | null> {
  const row = await tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.programme')
    .select(['status', 'created_by'])
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row ? { status: row.status, createdBy: row.created_by } : null
}

export async function decideProgramme(
  tx: Tx,
  { hospitalId, id }: Pick<Programme, 'hospitalId' | 'id'>,
  { agrees, reason, by, at }: { agrees: boolean; reason: string; by: string; at: Date },
): Promise<void> {
  const over = { status: 'refused', ended_by: by, ended_at: at, end_reason: reason } as const
  const end = agrees ? ({ status: 'active' } as const) : over
  await tx
    .withTables<BenefitTables>()
    .updateTable('benefits.programme')
    .set({ ...end, decided_by: by, decided_at: at })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

/** False when it had ended before. */
export async function endProgramme(
  tx: Tx,
  { hospitalId, id }: Pick<Programme, 'hospitalId' | 'id'>,
  { by, at, reason }: { by: string; at: Date; reason: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .withTables<BenefitTables>()
    .updateTable('benefits.programme')
    .set({ status: 'ended', ended_by: by, ended_at: at, end_reason: reason })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .where('status', '=', 'active')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

const MOST_RUNNING = 200

/** Those that run on a day; the first two hundred. */
export async function runningProgrammes(
  tx: Tx,
  hospitalId: HospitalId,
  on: BusinessDate,
): Promise<RecordedProgramme[]> {
  const rows = await tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.programme')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('status', '=', 'active')
    .where('starts_on', '<=', on)
    .where('ends_on', '>=', on)
    .orderBy('id')
    .limit(MOST_RUNNING)
    .execute()
  return rows.map(toProgramme)
}

export type ProgrammeFilter = Page<ProgrammeId> & {
  kind: Terms['kind'] | undefined
  status?: ProgrammeStatus | undefined
}

/** Newest first. */
export async function listProgrammes(
  tx: Tx,
  hospitalId: HospitalId,
  { kind, status, before, limit }: ProgrammeFilter,
): Promise<RecordedProgramme[]> {
  let query = tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.programme')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
  if (kind) query = query.where('kind', '=', kind)
  if (status) query = query.where('status', '=', status)
  if (before) query = query.where('id', '<', before)
  const rows = await query.orderBy('id', 'desc').limit(limit).execute()
  return rows.map(toProgramme)
}

export async function budgetsOf(
  tx: Tx,
  hospitalId: HospitalId,
  ids: readonly ProgrammeId[],
): Promise<Map<ProgrammeId, Budget>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.budget')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('programme_id', 'in', [...ids])
    .execute()
  return new Map(rows.map((row) => [row.programme_id, toBudget(row)]))
}

export type Allotment = {
  id: Id<'Allotment'>
  programmeId: ProgrammeId
  amountFen: Fen
  document: string
  decidedBy: string
  /** A second person agreed to it. */
  byTwo: boolean
  at: Date
}

/** False when the same document was allotted before. */
export async function insertAllotment(
  tx: Tx,
  hospitalId: HospitalId,
  allotment: Allotment,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<BenefitTables>()
    .insertInto('benefits.allotment')
    .values({
      hospital_id: hospitalId,
      id: allotment.id,
      programme_id: allotment.programmeId,
      amount_fen: allotment.amountFen,
      document: allotment.document,
      decided_by: allotment.decidedBy,
      by_two: allotment.byTwo,
      at: allotment.at,
    })
    .onConflict((conflict) =>
      conflict.columns(['hospital_id', 'programme_id', 'document']).doNothing(),
    )
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Newest first. */
export async function listAllotments(
  tx: Tx,
  hospitalId: HospitalId,
  programmeId: ProgrammeId,
  { before, limit }: Page<Id<'Allotment'>>,
): Promise<Allotment[]> {
  let query = tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.allotment')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('programme_id', '=', programmeId)
  if (before) query = query.where('id', '<', before)
  const rows = await query.orderBy('id', 'desc').limit(limit).execute()
  return rows.map((row) => ({
    id: row.id,
    programmeId: row.programme_id,
    amountFen: row.amount_fen,
    document: row.document,
    decidedBy: row.decided_by,
    byTwo: row.by_two,
    at: row.at,
  }))
}

const toBudget = (row: Selectable<BenefitTables['benefits.budget']>): Budget => ({
  allottedFen: row.allotted_fen,
  issuedFen: row.issued_fen,
  heldFen: row.held_fen,
  usedFen: row.used_fen,
})

const toProgramme = (row: Selectable<BenefitTables['benefits.programme']>): RecordedProgramme => ({
  hospitalId: row.hospital_id,
  id: row.id,
  name: { zh: row.name_zh, en: row.name_en },
  funder: { kind: row.funder_kind, code: row.funder_code, name: row.funder_name },
  terms: row.terms,
  startsOn: row.starts_on,
  endsOn: row.ends_on,
  status: row.status,
  history: {
    proposedBy: row.created_by,
    proposedAt: row.created_at,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    endedBy: row.ended_by,
    endedAt: row.ended_at,
    endReason: row.end_reason,
  },
})
