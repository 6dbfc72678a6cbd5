import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'

export type NewestList = {
  source: string
  sha256: string
  chargeFen: Fen
  returnFen: Fen
  feeFen: Fen | null
  lines: { kind: 'charge' | 'return'; ourNo: string; amountFen: Fen; feeFen: Fen | null }[]
}

/** The newest list of each provider for a date, as it came; the hospital's own is not among them. */
export async function newestLists(
  tx: Tx,
  hospitalId: HospitalId,
  date: BusinessDate,
): Promise<NewestList[]> {
  const { rows: lists } = await sql<Omit<NewestList, 'lines'> & { version: number }>`
    select distinct on (source) source, version, sha256, charge_fen as "chargeFen",
      return_fen as "returnFen", fee_fen as "feeFen"
    from reconciliation.statement
    where hospital_id = ${hospitalId} and business_date = ${date} and source <> 'his'
    order by source, version desc`.execute(tx)
  const { rows: lines } = await sql<
    NewestList['lines'][number] & { source: string; version: number }
  >`
    select source, version, kind, our_no as "ourNo", amount_fen as "amountFen",
      fee_fen as "feeFen"
    from reconciliation.line where hospital_id = ${hospitalId} and business_date = ${date}
    order by source, version, line_no`.execute(tx)
  return lists.map(({ version, ...list }) => ({
    ...list,
    lines: lines
      .filter((line) => line.source === list.source && line.version === version)
      .map(({ kind, ourNo, amountFen, feeFen }) => ({ kind, ourNo, amountFen, feeFen })),
  }))
}
