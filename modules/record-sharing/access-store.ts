import type { Selectable } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { Access, AccessId, OpenQuestion } from './access.ts'
import type { PersonId } from './consent.ts'
import type { Ground } from './may-read.ts'
import type { RecordSharingTables } from './tables.ts'

// Who looked at whose records, and what people asked of it: the one place that reads and writes these tables.

type AccessRow = Selectable<RecordSharingTables['record_sharing.access']>
type QuestionRow = Selectable<RecordSharingTables['record_sharing.question']>

const tables = (db: Db | Tx) => db.withTables<RecordSharingTables>()

export async function insertAccess(tx: Tx, access: Access): Promise<void> {
  const { ground } = access
  await tables(tx)
    .insertInto('record_sharing.access')
    .values({
      person_id: access.personId,
      id: access.id,
      holder_id: access.holderId,
      reader_id: access.readerId,
      reader: access.reader,
      purpose: access.purpose,
      kind: access.kind,
      record_no: access.recordNo,
      outcome: ground.allowed ? 'allowed' : 'refused',
      ground: ground.by,
      ground_id: ground.id,
      at: access.at,
      asked_at: null,
      answer: null,
      answered_at: null,
    })
    .execute()
}

/** The newest first, after one by its id. */
export async function listAccesses(
  db: Db,
  records: readonly PersonId[],
  { after, limit }: { after: AccessId | undefined; limit: number },
): Promise<Access[]> {
  const rows = await tables(db)
    .selectFrom('record_sharing.access')
    .selectAll()
    .where('person_id', 'in', records)
    .$if(after !== undefined, (query) => query.where('id', '<', after as AccessId))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(toAccess)
}

export async function findAccess(
  db: Db | Tx,
  { records, id }: { records: readonly PersonId[]; id: AccessId },
): Promise<Access | null> {
  const row = await tables(db)
    .selectFrom('record_sharing.access')
    .selectAll()
    .where('person_id', 'in', records)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toAccess(row) : null
}

/** False when it was asked before. */
export async function ask(
  tx: Tx,
  { holderId, personId, id }: Access,
  { words, askedAt, dueAt }: Pick<OpenQuestion, 'words' | 'askedAt' | 'dueAt'>,
): Promise<boolean> {
  const { numUpdatedRows } = await tables(tx)
    .updateTable('record_sharing.access')
    .set({ asked_at: askedAt })
    .where('person_id', '=', personId)
    .where('id', '=', id)
    .where('asked_at', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  await tables(tx)
    .insertInto('record_sharing.question')
    .values({
      hospital_id: holderId,
      id,
      person_id: personId,
      words,
      asked_at: askedAt,
      due_at: dueAt,
      answer: null,
      answered_by: null,
      answered_at: null,
    })
    .execute()
  return true
}

/** The person it answers; null when there is no such question open. */
export async function answer(
  tx: Tx,
  { hospitalId, id }: { hospitalId: HospitalId; id: AccessId },
  { text, by, at }: { text: string; by: string; at: Date },
): Promise<PersonId | null> {
  const question = await tables(tx)
    .updateTable('record_sharing.question')
    .set({ answer: text, answered_by: by, answered_at: at })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .where('answered_at', 'is', null)
    .returning('person_id')
    .executeTakeFirst()
  if (!question) return null
  await tables(tx)
    .updateTable('record_sharing.access')
    .set({ answer: text, answered_at: at })
    .where('person_id', '=', question.person_id)
    .where('id', '=', id)
    .execute()
  return question.person_id
}

/** The oldest first where they are open, else the newest first; after one by its id. */
export async function listQuestions(
  tx: Tx,
  hospitalId: HospitalId,
  { isOpen, after, limit }: { isOpen: boolean; after: AccessId | undefined; limit: number },
): Promise<OpenQuestion[]> {
  const rows = await tables(tx)
    .selectFrom('record_sharing.question')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('answered_at', isOpen ? 'is' : 'is not', null)
    .$if(after !== undefined, (query) => query.where('id', isOpen ? '>' : '<', after as AccessId))
    .orderBy('id', isOpen ? 'asc' : 'desc')
    .limit(limit)
    .execute()
  return rows.map(toQuestion)
}

const toAccess = (row: AccessRow): Access => ({
  id: row.id,
  personId: row.person_id,
  holderId: row.holder_id,
  readerId: row.reader_id,
  reader: row.reader,
  purpose: row.purpose,
  kind: row.kind,
  recordNo: row.record_no,
  // What was written is what was decided: the three columns are of one ground.
  ground: { allowed: row.outcome === 'allowed', by: row.ground, id: row.ground_id } as Ground,
  at: row.at,
  question: row.asked_at && {
    askedAt: row.asked_at,
    answer: row.answer,
    answeredAt: row.answered_at,
  },
})

const toQuestion = (row: QuestionRow): OpenQuestion => ({
  id: row.id,
  personId: row.person_id,
  words: row.words,
  askedAt: row.asked_at,
  dueAt: row.due_at,
  answer: row.answer,
  answeredBy: row.answered_by,
  answeredAt: row.answered_at,
})
