import type { ColumnType } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { TermsColumns } from '../../platform/terms/terms-store.ts'
import type { Moving } from './books.ts'
import type { FeeLine } from './fee.ts'
import type { MatchRule } from './match.ts'

export type TermsId = Id<'SettlementTerms'>
export type TermsKind = 'contract' | 'calendar'

export type BatchStatus = 'no_contract' | 'expected' | 'received' | 'short' | 'over' | 'late'

/** What is in the books because of a version of a batch: the next one posts the difference. */
export type BatchFigures = {
  chargeFen: Fen
  returnFen: Fen
  feeFen: Fen
  contractFeeFen: Fen
  payoutFen: Fen
  posted: Moving[]
}

/** Rows of the schema "settlement". Held against the migrated database by tests/tables.types.ts. */
export type SettlementTables = {
  'settlement.terms': TermsColumns<'SettlementTerms', TermsKind>
  'settlement.batch': {
    hospital_id: HospitalId
    provider: string
    business_date: BusinessDate
    version: number
    terms_id: TermsId | null
    payout_fen: Fen
    received_fen: Fen
    fee_fen: Fen
    contract_fee_fen: Fen
    account: string | null
    expected_on: BusinessDate | null
    late_on: BusinessDate | null
    calendar_known: boolean
    status: BatchStatus
    created_at: Date
    updated_at: Date
  }
  'settlement.batch_version': {
    hospital_id: HospitalId
    provider: string
    business_date: BusinessDate
    version: number
    terms_id: TermsId | null
    digest: string
    figures: ColumnType<BatchFigures, string, never>
    at: Date
  }
  'settlement.fee_difference': {
    hospital_id: HospitalId
    provider: string
    business_date: BusinessDate
    version: number
    line_no: number
    kind: FeeLine['kind']
    our_no: string
    amount_fen: Fen
    billed_fen: Fen
    contract_fen: Fen
  }
  'settlement.receipt': {
    hospital_id: HospitalId
    account: string
    bank_ref: string
    variant: number
    amount_fen: Fen
    booked_on: BusinessDate
    payer: string
    memo: string
    allocated_fen: Fen
    status: 'unexplained' | 'received'
    due_at: Date
    recorded_at: Date
    called_at: Date | null
  }
  'settlement.allocation': {
    hospital_id: HospitalId
    id: Id<'SettlementAllocation'>
    account: string
    bank_ref: string
    variant: number
    provider: string
    business_date: BusinessDate
    amount_fen: Fen
    rule: MatchRule | 'person'
    actor: string
    at: Date
  }
  'settlement.custody_balance': {
    hospital_id: HospitalId
    account: string
    business_date: BusinessDate
    version: number
    balance_fen: Fen
    owed_fen: Fen
    told_by: string
    told_at: Date
  }
}
