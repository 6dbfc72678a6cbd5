import type { ColumnType } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { TermsColumns } from '../../platform/terms/terms-store.ts'
import type { EntryId } from '../ledger/index.ts'
import type { Aux, Book, Finding } from './assemble.ts'

export type TermsId = Id<'AccountingTerms'>
export type TermsKind = 'template' | 'layout'
export type VoucherId = Id<'Voucher'>
export type ExportId = Id<'VoucherExport'>

export type DayStatus = 'open' | 'complete' | 'uncovered'

/** Rows of the schema "accounting". Held against the migrated database by tests/tables.types.ts. */
export type AccountingTables = {
  'accounting.terms': TermsColumns<'AccountingTerms', TermsKind>
  'accounting.day': {
    hospital_id: HospitalId
    business_date: BusinessDate
    status: DayStatus
    version: number
    findings: ColumnType<Finding[], string, string>
    transfers: number
    made_at: Date | null
  }
  'accounting.counter': {
    hospital_id: HospitalId
    month: string
    type: string
    last_no: number
  }
  'accounting.line': {
    hospital_id: HospitalId
    voucher_id: VoucherId
    book: Book
    line_no: number
    prev_no: number | null
    before_fen: number
    after_fen: number
    subject: string
    aux: ColumnType<Aux, string, never>
    summary: string
    debit_fen: Fen
    credit_fen: Fen
  }
  'accounting.voucher': {
    hospital_id: HospitalId
    id: VoucherId
    business_date: BusinessDate
    type: string
    version: number
    month: string
    no: number
    template: string
    financial_book: 'financial'
    budget_book: 'budget'
    nothing_fen: number
    financial_last: number | null
    budget_last: number | null
    financial_fen: Fen
    budget_fen: Fen
    made_at: Date
  }
  'accounting.source': {
    hospital_id: HospitalId
    entry_id: EntryId
    transfer_no: number
    part_no: number
    business_date: BusinessDate
    voucher_id: VoucherId | null
    amount_fen: Fen
    cause: string
    subject: string
    financial_debit: number | null
    financial_credit: number | null
    budget_debit: number | null
    budget_credit: number | null
  }
  'accounting.export': {
    hospital_id: HospitalId
    id: ExportId
    layout: string
    layout_id: string
    from_date: BusinessDate
    to_date: BusinessDate
    voucher_ids: ColumnType<VoucherId[], string, never>
    digest: string
    byte_count: number
    made_by: string
    made_at: Date
  }
  'accounting.acknowledgement': {
    hospital_id: HospitalId
    voucher_id: VoucherId
    erp_no: string
    told_by: string
    told_at: Date
  }
}
