import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'

/** The newest list of one party for one day, without its lines. */
export type ListOfDay = {
  businessDate: BusinessDate
  /** A provider, or 'his'. */
  source: string
  version: number
  sha256: string
  lineCount: number
  chargeFen: Fen
  returnFen: Fen
  receivedAt: Date
  /** Whether this version was. */
  isCompared: boolean
  /** Found, and neither repaired nor explained. */
  openDifferences: number
}

export type ListFilter = {
  /** Both days are included. */
  from?: BusinessDate | undefined
  to?: BusinessDate | undefined
  source?: string | undefined
  before?: { businessDate: string; source: string } | undefined
  limit: number
}

/** The newest days first, and of a day by source; the cursor is the last one of the page before. */
export async function listsOfDays(
  tx: Tx,
  hospitalId: HospitalId,
  { from, to, source, before, limit }: ListFilter,
): Promise<ListOfDay[]> {
  const conditions = [sql`a.hospital_id = ${hospitalId}`, sql`a.newest_version > 0`]
  if (from) conditions.push(sql`a.business_date >= ${from}`)
  if (to) conditions.push(sql`a.business_date <= ${to}`)
  if (source) conditions.push(sql`a.source = ${source}`)
  if (before) {
    conditions.push(sql`(a.business_date < ${before.businessDate}::date
      or (a.business_date = ${before.businessDate}::date and a.source > ${before.source}))`)
  }
  const { rows } = await sql<ListOfDay>`
    select a.business_date as "businessDate", a.source, s.version, s.sha256,
      s.line_count as "lineCount", s.charge_fen as "chargeFen", s.return_fen as "returnFen",
      s.received_at as "receivedAt", a.compared_version = s.version as "isCompared",
      (select count(*)::int from reconciliation.difference d
        where d.hospital_id = ${hospitalId} and d.business_date = a.business_date
          and d.source = a.source and d.present
          and d.status in ('found', 'repairing', 'in_case')) as "openDifferences"
    from reconciliation.arrival a
      join reconciliation.statement s on s.hospital_id = a.hospital_id
        and s.business_date = a.business_date and s.source = a.source
        and s.version = a.newest_version
    where ${sql.join(conditions, sql` and `)}
    order by a.business_date desc, a.source limit ${limit}`.execute(tx)
  return rows
}
