import type { ColumnType } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Cursors, FileList, PageList } from './catalogue/entries.ts'
import type {
  ClaimedBill,
  ClaimId,
  ClaimStatus,
  RefundStatus,
  SettlementStatus,
  VisitProgress,
} from './claim.ts'
import type { ComparedClearing, MonthStatus } from './clearing/compare.ts'
import type { Figures } from './figures.ts'
import type { MedType } from './insurance-centre.ts'
import type { MobileStatus } from './mobile/status.ts'
import type { Stay, StayId, StayStatus } from './stay/stay.ts'

/** Rows of the schema "insurance". Held against the migrated database by tests/tables.types.ts. */
export type InsuranceTables = {
  'insurance.claim': {
    hospital_id: HospitalId
    id: ClaimId
    payment_id: Id<'Payment'>
    person_id: Id<'Person'>
    status: ClaimStatus
    visit_no: string
    progress: VisitProgress
    batch_no: string
    batch_seq: number
    content_hash: string
    bills: Json<readonly ClaimedBill[]>
    total_fen: Fen
    med_type: MedType
    use_account: boolean
    psn_no: string | null
    insutype: string | null
    insured_region: string | null
    mdtrt_id: string | null
    filing_no: string | null
    filing_kind: string | null
    filed_from: BusinessDate | null
    filed_to: BusinessDate | null
    intent_infno: string | null
    intent_msgid: string | null
    figures: Json<Figures | null>
    charged_msgid: string | null
    settled_msgid: string | null
    refund_id: Id<'Refund'> | null
    decline_code: string | null
    decline_reason: string | null
    lease_no: number
    leased_until: Date | null
    created_at: ColumnType<Date, Date, never>
    updated_at: Date
  }
  'insurance.claim_line': {
    hospital_id: HospitalId
    claim_id: ClaimId
    batch_seq: number
    line_id: string
    bill_no: string
    line_no: number
    amount_fen: Fen
    own_fen: Fen
    over_limit_fen: Fen
    first_share_fen: Fen
    in_scope_fen: Fen
    level: 'A' | 'B' | 'C' | null
  }
  'insurance.settlement': SettlementColumns
  'insurance.refund': {
    hospital_id: HospitalId
    id: Id<'Refund'>
    claim_id: ClaimId
    status: RefundStatus
    old_msgid: string
    void_msgid: string | null
    void_in_doubt: boolean
    batch_no: string | null
    batch_seq: number | null
    upload_msgid: string | null
    new_msgid: string | null
    reason: string | null
    requested_at: ColumnType<Date, Date, never>
    updated_at: Date
  }
  'insurance.catalogue_reading': {
    region: string
    cursors: ColumnType<Cursors, string, string>
    is_changed: boolean
    due_at: Date
    lease_no: number
    leased_until: Date | null
  }
  'insurance.catalogue_row': {
    region: string
    list: FileList | PageList
    code: string
    part: string
    content: ColumnType<object, string, string>
  }
  'insurance.year_standing': {
    hospital_id: HospitalId
    person_id: Id<'Person'>
    psn_no: string
    insutype: string
    region: string
    person_type: string | null
    balance_fen: Fen
    accumulated: ColumnType<Readonly<Record<string, string>>, string, string>
    year: string
    said_at: Date
  }
  'insurance.clearing_month': {
    hospital_id: HospitalId
    month: string
    status: MonthStatus
    confirmation_no: string | null
    listed: number
    confirmed: number
    total_fen: Fen
    insurers_fen: Fen
    note: string | null
    checked_at: Date
    confirmed_at: Date | null
    lease_no: number
    leased_until: Date | null
  }
  'insurance.clearing_row': {
    hospital_id: HospitalId
    month: string
    number: string
    result: ComparedClearing['result']
    msgid: string | null
    settled_at: Date
    total_fen: Fen
    insurers_fen: Fen
    is_confirmed: boolean
  }
  'insurance.stay': {
    hospital_id: HospitalId
    id: StayId
    person_id: Id<'Person'>
    stay_no: string
    status: StayStatus
    psn_no: string | null
    insutype: string | null
    insured_region: string | null
    filing_no: string | null
    filing_kind: string | null
    filed_from: BusinessDate | null
    filed_to: BusinessDate | null
    mdtrt_id: string | null
    med_type: string
    use_account: boolean
    admission: ColumnType<Stay['admission'], string, string>
    intent_infno: string | null
    intent_msgid: string | null
    figures: Json<Figures | null>
    settled_msgid: string | null
    void_msgid: string | null
    void_in_doubt: boolean
    reason: string | null
    lease_no: number
    leased_until: Date | null
    created_at: ColumnType<Date, Date, never>
    updated_at: Date
  }
  'insurance.stay_line': {
    hospital_id: HospitalId
    stay_id: StayId
    line_id: string
    returns_line_id: string | null
    amount_fen: Fen
    is_told: boolean
    own_fen: Fen | null
    over_limit_fen: Fen | null
    first_share_fen: Fen | null
    in_scope_fen: Fen | null
    level: 'A' | 'B' | 'C' | null
  }
  'insurance.stay_settlement': Omit<SettlementColumns, 'claim_id' | 'refund_id'> & {
    stay_id: StayId
  }
  'insurance.mobile_order': {
    hospital_id: HospitalId
    order_no: string
    person_id: Id<'Person'>
    status: MobileStatus
    batch_no: string
    total_fen: Fen
    psn_no: string | null
    insutype: string | null
    region: string | null
    pay_order_id: string | null
    pay_token: string | null
    cash_fen: Fen | null
    account_fen: Fen | null
    fund_fen: Fen | null
    refund_no: string | null
    refund_at: Date | null
    reason: string | null
    version: number
    created_at: ColumnType<Date, Date, never>
    updated_at: Date
  }
  'insurance.msgid_counter': { hospital_id: HospitalId; last: number }
}

/** A jsonb column: read as what it holds, written as its text. */
type Json<T> = ColumnType<T, string | null, string | null>

type SettlementColumns = {
  hospital_id: HospitalId
  msgid: string
  claim_id: ClaimId
  refund_id: Id<'Refund'> | null
  kind: 'charge' | 'return'
  status: SettlementStatus
  psn_no: string
  mdtrt_id: string
  setl_id: string | null
  insutype: string
  insured_region: string | null
  clr_type: string | null
  clr_optins: string | null
  figures: Json<Figures | null>
  sent_at: ColumnType<Date, Date, never>
  settled_at: Date | null
}
