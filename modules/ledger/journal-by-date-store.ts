import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { EntryId } from './entry.ts'

// The journal by business dates: reads only.

export type DatedTransfer = {
  entryId: EntryId
  lineNo: number
  cause: string
  subject: string
  memo: string
  debitAccount: string
  creditAccount: string
  amountFen: Fen
}

/** A page of the transfers of a business date, in order, after one of them. */
export async function journalOfDate(
  tx: Tx,
  hospitalId: HospitalId,
  date: BusinessDate,
  { after, limit }: { after: { entryId: EntryId; lineNo: number } | null; limit: number },
): Promise<DatedTransfer[]> {
  const from = after
    ? sql`and (e.id > ${after.entryId} or e.id = ${after.entryId} and t.line_no > ${after.lineNo})`
    : sql``
  const { rows } = await sql<DatedTransfer>`
    select e.id as "entryId", t.line_no as "lineNo", e.cause, e.subject, e.memo,
      t.debit_account as "debitAccount", t.credit_account as "creditAccount",
      t.amount_fen as "amountFen"
    from ledger.entry e
    join ledger.transfer t on t.hospital_id = e.hospital_id and t.entry_id = e.id
    where e.hospital_id = ${hospitalId} and e.business_date = ${date} ${from}
    order by e.id, t.line_no limit ${limit}`.execute(tx)
  return rows
}
