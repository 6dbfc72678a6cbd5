import type { Selectable } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { BreakGlass, GlassId, GlassReview, PersonId } from './consent.ts'
import type { RecordSharingTables } from './tables.ts'

// Glasses broken at a hospital: the one place that reads and writes this table.

type GlassRow = Selectable<RecordSharingTables['record_sharing.break_glass']>

const glasses = (tx: Tx) => tx.withTables<RecordSharingTables>()

export async function insertGlass(tx: Tx, glass: BreakGlass): Promise<void> {
  await glasses(tx)
    .insertInto('record_sharing.break_glass')
    .values({
      hospital_id: glass.holderId,
      id: glass.id,
      person_id: glass.personId,
      reader_id: glass.readerId,
      opened_by: glass.openedBy,
      reason: glass.reason,
      words: glass.words,
      opened_at: glass.openedAt,
      until_at: glass.until,
      due_at: glass.dueAt,
      verdict: null,
      note: null,
      reviewed_by: null,
      reviewed_at: null,
    })
    .execute()
}

/** Those that have not run out. A verdict of abuse ends one at once. */
export async function openGlasses(
  tx: Tx,
  { holderId, readerId, records, now }: OpenWish,
): Promise<BreakGlass[]> {
  const rows = await glasses(tx)
    .selectFrom('record_sharing.break_glass')
    .selectAll()
    .where('hospital_id', '=', holderId)
    .where('person_id', 'in', records)
    .where('reader_id', '=', readerId)
    .where('until_at', '>', now)
    .where((where) => where.or([where('verdict', 'is', null), where('verdict', '=', 'justified')]))
    .orderBy('id')
    .limit(MOST_OPEN)
    .execute()
  return rows.map(toGlass)
}

type OpenWish = {
  holderId: HospitalId
  readerId: HospitalId
  records: readonly PersonId[]
  now: Date
}
const MOST_OPEN = 100

export async function countOpenedBy(
  tx: Tx,
  { holderId, openedBy, since }: { holderId: HospitalId; openedBy: string; since: Date },
): Promise<number> {
  const { count } = await glasses(tx)
    .selectFrom('record_sharing.break_glass')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('hospital_id', '=', holderId)
    .where('opened_by', '=', openedBy)
    .where('opened_at', '>=', since)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function findGlass(
  tx: Tx,
  { hospitalId, id }: { hospitalId: HospitalId; id: GlassId },
): Promise<BreakGlass | null> {
  const row = await glasses(tx)
    .selectFrom('record_sharing.break_glass')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toGlass(row) : null
}

/** False when somebody judged it before. */
export async function review(
  tx: Tx,
  { hospitalId, id }: { hospitalId: HospitalId; id: GlassId },
  { verdict, note, reviewedBy, reviewedAt }: GlassReview,
): Promise<boolean> {
  const { numUpdatedRows } = await glasses(tx)
    .updateTable('record_sharing.break_glass')
    .set({ verdict, note, reviewed_by: reviewedBy, reviewed_at: reviewedAt })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .where('reviewed_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** The oldest first where they wait to be judged, else the newest first; after one by its id. */
export async function listGlasses(
  tx: Tx,
  hospitalId: HospitalId,
  { isOpen, after, limit }: { isOpen: boolean; after: GlassId | undefined; limit: number },
): Promise<BreakGlass[]> {
  const rows = await glasses(tx)
    .selectFrom('record_sharing.break_glass')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('reviewed_at', isOpen ? 'is' : 'is not', null)
    .$if(after !== undefined, (query) => query.where('id', isOpen ? '>' : '<', after as GlassId))
    .orderBy('id', isOpen ? 'asc' : 'desc')
    .limit(limit)
    .execute()
  return rows.map(toGlass)
}

const toGlass = (row: GlassRow): BreakGlass => ({
  id: row.id,
  personId: row.person_id,
  holderId: row.hospital_id,
  readerId: row.reader_id,
  openedBy: row.opened_by,
  reason: row.reason,
  words: row.words,
  openedAt: row.opened_at,
  until: row.until_at,
  dueAt: row.due_at,
  review: reviewOf(row),
})

const reviewOf = ({ verdict, note, reviewed_by, reviewed_at }: GlassRow): GlassReview | null =>
  verdict && reviewed_by && reviewed_at
    ? { verdict, note, reviewedBy: reviewed_by, reviewedAt: reviewed_at }
    : null
