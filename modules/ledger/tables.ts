import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { AccountKind, EntryId, HoldEnd, HoldId } from './entry.ts'

/** Rows of the schema "ledger". Held against the migrated database by tests/tables.types.ts. */
export type LedgerTables = {
  'ledger.account': {
    hospital_id: HospitalId
    code: string
    kind: AccountKind
    debit_fen: Fen
    credit_fen: Fen
    held_fen: Fen
  }
  'ledger.entry': {
    hospital_id: HospitalId
    id: EntryId
    business_date: BusinessDate
    cause: string
    subject: string
    memo: string
    created_at: Date
  }
  'ledger.transfer': {
    hospital_id: HospitalId
    entry_id: EntryId
    line_no: number
    debit_account: string
    credit_account: string
    amount_fen: Fen
  }
  'ledger.hold': {
    hospital_id: HospitalId
    id: HoldId
    cause: string
    subject: string
    debit_account: string
    credit_account: string
    amount_fen: Fen
    created_at: Date
  }
  'ledger.hold_end': {
    hospital_id: HospitalId
    hold_id: HoldId
    outcome: HoldEnd
    entry_id: EntryId | null
    at: Date
  }
}
