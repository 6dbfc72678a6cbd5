import type { HospitalId } from '../../../kernel/id.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import type { ReconciliationTables } from '../tables.ts'
import type { DayFacts } from './day-facts.ts'

// Closings and their ends: the one place that writes these tables.

export type Closing = {
  version: number
  facts: DayFacts
  digest: string
  note: string | null
  closedBy: string
  closedAt: Date
  /** Null while it stands. */
  reopened: { at: Date; by: string; reason: string } | null
}

const tables = (tx: Tx) => tx.withTables<ReconciliationTables>()

const MOST_VERSIONS = 100

/** All versions of a day, the newest first. */
export async function closingsOf(
  tx: Tx,
  hospitalId: HospitalId,
  date: BusinessDate,
): Promise<Closing[]> {
  const rows = await tables(tx)
    .selectFrom('reconciliation.day_closing as c')
    .leftJoin('reconciliation.day_reopening as r', (join) =>
      join
        .onRef('r.hospital_id', '=', 'c.hospital_id')
        .onRef('r.business_date', '=', 'c.business_date')
        .onRef('r.version', '=', 'c.version'),
    )
    .select(['c.version', 'c.facts', 'c.digest', 'c.note', 'c.closed_by', 'c.closed_at'])
    .select(['r.reason', 'r.reopened_by', 'r.reopened_at'])
    .where('c.hospital_id', '=', hospitalId)
    .where('c.business_date', '=', date)
    .orderBy('c.version', 'desc')
    .limit(MOST_VERSIONS)
    .execute()
  return rows.map((row) => ({
    version: row.version,
    facts: row.facts,
    digest: row.digest,
    note: row.note,
    closedBy: row.closed_by,
    closedAt: row.closed_at,
    reopened:
      row.reopened_at && row.reopened_by && row.reason
        ? { at: row.reopened_at, by: row.reopened_by, reason: row.reason }
        : null,
  }))
}

export async function insertClosing(
  tx: Tx,
  { hospitalId, date }: { hospitalId: HospitalId; date: BusinessDate },
  closing: Omit<Closing, 'reopened'>,
): Promise<void> {
  await tables(tx)
    .insertInto('reconciliation.day_closing')
    .values({
      hospital_id: hospitalId,
      business_date: date,
      version: closing.version,
      facts: closing.facts,
      digest: closing.digest,
      note: closing.note,
      closed_by: closing.closedBy,
      closed_at: closing.closedAt,
    })
    .execute()
}

export async function insertReopening(
  tx: Tx,
  { hospitalId, date }: { hospitalId: HospitalId; date: BusinessDate },
  version: number,
  { at, by, reason }: NonNullable<Closing['reopened']>,
): Promise<void> {
  await tables(tx)
    .insertInto('reconciliation.day_reopening')
    .values({
      hospital_id: hospitalId,
      business_date: date,
      version,
      reason,
      reopened_by: by,
      reopened_at: at,
    })
    .execute()
}
