import type { ColumnType } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type {
  ClaimedBill,
  ClaimId,
  ClaimStatus,
  RefundStatus,
  SettlementStatus,
  VisitProgress,
} from './claim.ts'
import type { Figures } from './figures.ts'
import type { MedType } from './insurance-centre.ts'

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
    intent_infno: string | null
    intent_msgid: string | null
    figures: Json<Figures | null>
    charged_msgid: string | null
    settled_msgid: string | null
    refund_id: Id<'Refund'> | null
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
  'insurance.settlement': {
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
    clr_type: string | null
    clr_optins: string | null
    figures: Json<Figures | null>
    sent_at: ColumnType<Date, Date, never>
    settled_at: Date | null
  }
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
  'insurance.msgid_counter': { hospital_id: HospitalId; last: number }
}

/** A jsonb column: read as what it holds, written as its text. */
type Json<T> = ColumnType<T, string | null, string | null>
