import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { EntryId, HoldId } from './entry.ts'
import type { LedgerTables } from './tables.ts'

// One entry with all that is of it: reads only.

export type EntryDetail = {
  id: EntryId
  businessDate: BusinessDate
  /** The day it was meant for, where that was closed. */
  intendedDate: BusinessDate | null
  cause: string
  subject: string
  memo: string
  postedAt: Date
  transfers: { lineNo: number; debitAccount: string; creditAccount: string; amountFen: Fen }[]
  holds: KeptHold[]
}

/** A promise that the entry kept, whole or a part of it. */
type KeptHold = {
  id: HoldId
  cause: string
  debitAccount: string
  creditAccount: string
  promisedFen: Fen
  takenFen: Fen
  heldAt: Date
  expiresAt: Date | null
  /** False while the rest of it stays promised. */
  isEnded: boolean
}

/** Null when there is no such entry. */
export async function findEntry(
  tx: Tx,
  hospitalId: HospitalId,
  id: EntryId,
): Promise<EntryDetail | null> {
  const tables = tx.withTables<LedgerTables>()
  const entry = await tables
    .selectFrom('ledger.entry')
    .select(['id', 'business_date as businessDate', 'intended_date as intendedDate'])
    .select(['cause', 'subject', 'memo', 'created_at as postedAt'])
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!entry) return null
  const transfers = await tables
    .selectFrom('ledger.transfer')
    .select(['line_no as lineNo', 'debit_account as debitAccount'])
    .select(['credit_account as creditAccount', 'amount_fen as amountFen'])
    .where('hospital_id', '=', hospitalId)
    .where('entry_id', '=', id)
    .orderBy('line_no')
    .execute()
  return { ...entry, transfers, holds: await holdsKeptBy(tx, hospitalId, id) }
}

async function holdsKeptBy(tx: Tx, hospitalId: HospitalId, id: EntryId): Promise<KeptHold[]> {
  const { rows } = await sql<KeptHold>`
    select h.id, h.cause, h.debit_account as "debitAccount", h.credit_account as "creditAccount",
      h.amount_fen as "promisedFen", k.taken_fen as "takenFen", h.created_at as "heldAt",
      h.expires_at as "expiresAt", k.is_ended as "isEnded"
    from (
      select x.hold_id, coalesce(x.amount_fen, w.amount_fen) as taken_fen, true as is_ended
      from ledger.hold_end x join ledger.hold w on w.hospital_id = x.hospital_id and w.id = x.hold_id
      where x.hospital_id = ${hospitalId} and x.entry_id = ${id}
      union all
      select hold_id, amount_fen, false from ledger.hold_part
      where hospital_id = ${hospitalId} and entry_id = ${id}
    ) k
    join ledger.hold h on h.hospital_id = ${hospitalId} and h.id = k.hold_id
    order by h.id`.execute(tx)
  return rows
}
