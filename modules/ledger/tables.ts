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
    floor_fen: Fen | null
    ceiling_fen: Fen | null
    version: number
  }
  /** The columns of a view are said to be null by the database; these never are. */
  'ledger.account_balance': {
    hospital_id: HospitalId | null
    code: string | null
    kind: AccountKind | null
    debit_fen: Fen | null
    credit_fen: Fen | null
    held_fen: Fen | null
  }
  'ledger.books': {
    hospital_id: HospitalId
    version: number
  }
  'ledger.closing': {
    hospital_id: HospitalId
    business_date: BusinessDate
    version: number
    is_closed: boolean
    actor: string
    at: Date
  }
  'ledger.entry': {
    hospital_id: HospitalId
    id: EntryId
    business_date: BusinessDate
    cause: string
    subject: string
    memo: string
    created_at: Date
    intended_date: BusinessDate | null
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
    expires_at: Date | null
  }
  'ledger.hold_end': {
    hospital_id: HospitalId
    hold_id: HoldId
    outcome: HoldEnd
    entry_id: EntryId | null
    at: Date
    amount_fen: Fen | null
  }
  'ledger.hold_part': {
    hospital_id: HospitalId
    hold_id: HoldId
    entry_id: EntryId
    amount_fen: Fen
    at: Date
  }
  'ledger.hour_total': {
    hospital_id: HospitalId
    account: string
    business_date: BusinessDate
    posted_hour: Date
    debit_fen: Fen
    credit_fen: Fen
  }
  'ledger.rollup': {
    hospital_id: HospitalId
    account: string
    batch_id: EntryId
    business_date: BusinessDate
    posted_hour: Date
    debit_fen: Fen
    credit_fen: Fen
    in_account: boolean
  }
}
