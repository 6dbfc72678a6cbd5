import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { HoldId } from '../ledger/index.ts'
import type { AccountKind, DepositAccountId, PersonId } from './account.ts'

/** Rows of the schema "deposits". Held against the migrated database by tests/tables.types.ts. */
export type DepositTables = {
  'deposits.account': {
    hospital_id: HospitalId
    id: DepositAccountId
    person_id: PersonId
    kind: AccountKind
    stay_no: string
    custody_bank: string
    custody_no: string
    status: 'open' | 'closed'
    balance_fen: Fen
    held_fen: Fen
    low_fen: Fen
    told_low: boolean
    opened_at: Date
    closed_at: Date | null
  }
  'deposits.top_up': {
    hospital_id: HospitalId
    id: Id<'TopUp'>
    account_id: DepositAccountId
    cause: string
    channel: string
    channel_no: string
    amount_fen: Fen
    returned_fen: Fen
    at: Date
  }
  'deposits.draw': {
    hospital_id: HospitalId
    trade_no: string
    account_id: DepositAccountId
    amount_fen: Fen
    status: 'held' | 'taken' | 'released' | 'refused'
    refusal: string | null
    hold_id: HoldId | null
    returned_fen: Fen
    requested_at: Date
    taken_at: Date | null
    updated_at: Date
  }
  'deposits.draw_return': {
    hospital_id: HospitalId
    refund_no: string
    trade_no: string
    amount_fen: Fen
    at: Date
  }
  'deposits.day_charge': {
    hospital_id: HospitalId
    account_id: DepositAccountId
    day: BusinessDate
    total_fen: Fen
    drawn_fen: Fen
    told_by: string
    told_at: Date
    updated_at: Date
  }
  'deposits.give_back': {
    hospital_id: HospitalId
    id: Id<'GiveBack'>
    account_id: DepositAccountId
    top_up_id: Id<'TopUp'>
    amount_fen: Fen
    hold_id: HoldId
    status: 'asked' | 'done'
    asked_by: string
    asked_at: Date
    channel: string | null
    channel_no: string | null
    done_by: string | null
    done_at: Date | null
  }
}
