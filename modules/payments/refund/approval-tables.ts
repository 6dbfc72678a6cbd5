import type { HospitalId, Id } from '../../../kernel/id.ts'
import type { Fen } from '../../../kernel/money.ts'
import type { PaymentId } from '../payment.ts'
import type { RefundRequestStatus, ReviewReason } from './approval-rule.ts'
import type { RefundId } from './refund.ts'

/** The tables of what a second person approves, within the schema "payments". */
export type RefundApprovalTables = {
  'payments.refund_rule': {
    hospital_id: HospitalId
    above_fen: Fen | null
    late_after_days: number | null
    most_a_day: number | null
    his_above_fen: Fen | null
    updated_by: string
    updated_at: Date
  }
  'payments.refund_rule_proposal': {
    hospital_id: HospitalId
    id: Id<'RefundRuleProposal'>
    above_fen: Fen | null
    late_after_days: number | null
    most_a_day: number | null
    his_above_fen: Fen | null
    status: 'waiting' | 'approved' | 'declined'
    proposed_by: string
    decided_by: string | null
    created_at: Date
    decided_at: Date | null
  }
  'payments.refund_request': {
    hospital_id: HospitalId
    id: RefundId
    payment_id: PaymentId
    bill_no: string
    line_nos: number[]
    amount_fen: Fen
    reason: string
    why: ReviewReason[]
    status: RefundRequestStatus
    requested_by: string
    decided_by: string | null
    decision_note: string | null
    created_at: Date
    decided_at: Date | null
  }
}
