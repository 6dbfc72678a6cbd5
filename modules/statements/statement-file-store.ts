import type { Selectable } from 'kysely'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { FileResult, StatementFile, StatementFileId } from './statement-file.ts'
import type { StatementTables } from './tables.ts'

// Files that came: the one place that reads and writes statements.file.

type FileRow = Selectable<StatementTables['statements.file']>

const tables = (tx: Tx) => tx.withTables<StatementTables>()

export async function insertFile(tx: Tx, file: StatementFile): Promise<void> {
  await tables(tx)
    .insertInto('statements.file')
    .values({
      hospital_id: file.hospitalId,
      id: file.id,
      source: file.source,
      business_date: file.businessDate,
      name: file.name,
      way: file.way,
      sha256: file.sha256,
      bytes: file.bytes,
      layout: file.layout,
      layout_version: file.layoutVersion,
      taken_by: file.takenBy,
      taken_at: file.takenAt,
      ...columnsOf(file.result),
    })
    .execute()
}

const NOTHING_TAKEN = {
  version: null,
  normal_sha256: null,
  encoding: null,
  totals: null,
  other_columns: null,
  added: null,
  removed: null,
  changed: null,
  changes_sha256: null,
}
const NOT_REFUSED = { refusal_code: null, reason: null, line_no: null }

function columnsOf(result: FileResult) {
  const { status } = result
  if (result.status === 'refused') {
    const { code: refusal_code, reason, lineNo: line_no } = result
    return { ...NOTHING_TAKEN, status, refusal_code, reason, line_no }
  }
  const { version, encoding, changes } = result
  return {
    ...NOT_REFUSED,
    status,
    version,
    encoding,
    normal_sha256: result.normalSha256,
    totals: JSON.stringify(result.totals),
    other_columns: JSON.stringify(result.otherColumns),
    added: changes?.added ?? null,
    removed: changes?.removed ?? null,
    changed: changes?.changed ?? null,
    changes_sha256: changes?.sha256 ?? null,
  }
}

export async function findFile(
  tx: Tx,
  hospitalId: HospitalId,
  id: StatementFileId,
): Promise<StatementFile | null> {
  const row = await tables(tx)
    .selectFrom('statements.file')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toFile(row) : null
}

type Identity = {
  hospitalId: HospitalId
  source: string
  sha256: string
  layout: string
  layoutVersion: number
}

/** The newest file of these bytes that was read by this layout, for this date where one is given. */
export async function findSame(
  tx: Tx,
  { hospitalId, source, sha256, layout, layoutVersion }: Identity,
  date: BusinessDate | null,
): Promise<StatementFile | null> {
  const row = await tables(tx)
    .selectFrom('statements.file')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('sha256', '=', sha256)
    .where('source', '=', source)
    .where('layout', '=', layout)
    .where('layout_version', '=', layoutVersion)
    .$if(date !== null, (query) => query.where('business_date', '=', date))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? toFile(row) : null
}

/** The version that stands; locked until the transaction ends where asked for. */
export async function findStanding(
  tx: Tx,
  hospitalId: HospitalId,
  source: string,
  date: BusinessDate,
): Promise<StatementFile | null> {
  const row = await tables(tx)
    .selectFrom('statements.file')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('source', '=', source)
    .where('business_date', '=', date)
    .where('status', '=', 'taken')
    .executeTakeFirst()
  return row ? toFile(row) : null
}

export async function supersede(
  tx: Tx,
  hospitalId: HospitalId,
  id: StatementFileId,
): Promise<void> {
  await tables(tx)
    .updateTable('statements.file')
    .set({ status: 'superseded' })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .where('status', '=', 'taken')
    .executeTakeFirstOrThrow()
}

export type FileFilter = {
  source?: string | undefined
  date?: BusinessDate | undefined
  status?: FileRow['status'] | undefined
  before?: StatementFileId | undefined
  limit: number
}

/** Newest first. */
export async function listFiles(
  tx: Tx,
  hospitalId: HospitalId,
  { source, date, status, before, limit }: FileFilter,
): Promise<StatementFile[]> {
  let query = tables(tx)
    .selectFrom('statements.file')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
  if (source !== undefined) query = query.where('source', '=', source)
  if (date !== undefined) query = query.where('business_date', '=', date)
  if (status !== undefined) query = query.where('status', '=', status)
  if (before !== undefined) query = query.where('id', '<', before)
  const rows = await query.orderBy('id', 'desc').limit(limit).execute()
  return rows.map(toFile)
}

const toFile = (row: FileRow): StatementFile => ({
  id: row.id,
  hospitalId: row.hospital_id,
  source: row.source,
  businessDate: row.business_date,
  name: row.name,
  way: row.way,
  sha256: row.sha256,
  bytes: row.bytes,
  layout: row.layout,
  layoutVersion: row.layout_version,
  takenBy: row.taken_by,
  takenAt: row.taken_at,
  result: resultOf(row),
})

function resultOf(row: FileRow): FileResult {
  if (row.status === 'refused') {
    assert(row.refusal_code && row.reason !== null, 'a refused file has its reason')
    return { status: 'refused', code: row.refusal_code, reason: row.reason, lineNo: row.line_no }
  }
  const { version, normal_sha256: normalSha256, encoding, totals } = row
  assert(version && normalSha256 && encoding && totals, 'a taken file is whole')
  const changes =
    row.changes_sha256 === null
      ? null
      : {
          added: row.added ?? 0,
          removed: row.removed ?? 0,
          changed: row.changed ?? 0,
          sha256: row.changes_sha256,
        }
  const otherColumns = row.other_columns ?? []
  return { status: row.status, version, normalSha256, encoding, totals, otherColumns, changes }
}
