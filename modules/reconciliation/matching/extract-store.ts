import { sql } from 'kysely'

import type { HospitalId } from '../../../kernel/id.ts'
import { type BusinessDate, toShanghaiIso } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import type { ReconciliationTables } from '../tables.ts'
import type { NormalisedRow } from './row.ts'

/** A line's place in the order they are read in. */
export type LinePlace = { date: BusinessDate; lineNo: number }

type Wanted = {
  source: string
  from: BusinessDate
  to: BusinessDate
  after: LinePlace | null
  limit: number
}

/** The lines of the newest version of each date's list, by date and line. */
export async function linesPage(
  tx: Tx,
  hospitalId: HospitalId,
  { source, from, to, after, limit }: Wanted,
): Promise<{ rows: NormalisedRow[]; last: LinePlace | null }> {
  const rows = await tx
    .withTables<ReconciliationTables>()
    .selectFrom('reconciliation.arrival as a')
    .innerJoin('reconciliation.line as l', (join) =>
      join
        .onRef('l.hospital_id', '=', 'a.hospital_id')
        .onRef('l.business_date', '=', 'a.business_date')
        .onRef('l.source', '=', 'a.source')
        .onRef('l.version', '=', 'a.newest_version'),
    )
    .select([
      'l.business_date',
      'l.line_no',
      'l.kind',
      'l.our_no',
      'l.provider_no',
      'l.amount_fen',
      'l.at',
    ])
    .where('a.hospital_id', '=', hospitalId)
    .where('a.source', '=', source)
    .where('a.business_date', '>=', from)
    .where('a.business_date', '<=', to)
    .$if(after !== null, (query) =>
      query.where(
        sql<boolean>`(l.business_date, l.line_no) > (${after?.date ?? from}::date, ${after?.lineNo ?? 0}::int)`,
      ),
    )
    .orderBy('l.business_date')
    .orderBy('l.line_no')
    .limit(limit)
    .execute()
  const last = rows.at(-1)
  return {
    rows: rows.map((row) => ({
      lineNo: row.line_no,
      kind: row.kind,
      ourNo: row.our_no,
      providerNo: row.provider_no || null,
      amountFen: row.amount_fen,
      feeFen: null,
      occurredAt: row.at && toShanghaiIso(row.at),
      businessDate: row.business_date,
      account: null,
      memo: null,
    })),
    last: last ? { date: last.business_date, lineNo: last.line_no } : null,
  }
}
