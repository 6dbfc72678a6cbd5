import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { EntryId } from './entry.ts'

// What the journal says: reads only.

export type JournalLine = {
  entryId: EntryId
  lineNo: number
  businessDate: BusinessDate
  subject: string
  memo: string
  debitAccount: string
  creditAccount: string
  amountFen: Fen
  createdAt: Date
}

const JOURNAL_LINE = sql`
  e.id as "entryId", t.line_no as "lineNo", e.business_date as "businessDate", e.subject, e.memo,
  t.debit_account as "debitAccount", t.credit_account as "creditAccount",
  t.amount_fen as "amountFen", e.created_at as "createdAt"`

const MOST_LINES = 500

/** The journal about one thing, in order; the first five hundred lines. */
export async function journalAbout(
  tx: Tx,
  hospitalId: HospitalId,
  subject: string,
): Promise<JournalLine[]> {
  const { rows } = await sql<JournalLine>`
    select ${JOURNAL_LINE} from ledger.entry e
    join ledger.transfer t on t.hospital_id = e.hospital_id and t.entry_id = e.id
    where e.hospital_id = ${hospitalId} and e.subject = ${subject}
    order by e.id, t.line_no limit ${MOST_LINES}`.execute(tx)
  return rows
}
