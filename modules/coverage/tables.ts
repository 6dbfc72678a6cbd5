import type { ColumnType } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { KeptBill, PaidBefore } from './bill.ts'
import type { ClaimAttention, ClaimId, ClaimStatus } from './claim.ts'
import type { ConsentPurpose, ConsentScope } from './consent.ts'
import type { DocumentKind, PolicyState, PolicyTerms, VisitKind } from './insurer.ts'
import type { PlanId, PlanStatus, PolicyOrderStatus, RefundStatus, ReturnStatus } from './plan.ts'
import type { ProductKind } from './product.ts'

/** Rows of the schema "coverage". Held against the migrated database by tests/tables.types.ts. */
export type CoverageTables = {
  'coverage.product': {
    insurer_code: string
    product_code: string
    kind: ProductKind
    visit_kinds: VisitKind[]
    diagnosis_prefixes: string[] | null
    updated_at: Date
  }
  'coverage.consent_text': {
    purpose: ConsentPurpose
    version: string
    zh: string
    en: string
    sha256: string
    from_at: Date
  }
  'coverage.consent': {
    person_id: Id<'Person'>
    id: Id<'Consent'>
    insurer_code: string
    purpose: ConsentPurpose
    version: string
    scope: ConsentScope[]
    given_at: ColumnType<Date, Date, never>
    expires_at: Date
    withdrawn_at: Date | null
    replaced_at: Date | null
  }
  'coverage.policy': {
    person_id: Id<'Person'>
    insurer_code: string
    policy_no: string
    product_code: string
    product_name: string
    state: PolicyState
    valid_from: BusinessDate
    valid_until: BusinessDate
    terms: Json<PolicyTerms>
    bound_at: Date
    verified_at: Date
    unbound_at: Date | null
  }
  'coverage.plan': {
    hospital_id: HospitalId
    id: PlanId
    payment_id: Id<'Payment'>
    person_id: Id<'Person'>
    status: PlanStatus
    content_hash: string
    bill: Json<KeptBill>
    left_fen: Fen
    paid: Json<PaidBefore>
    charge_no: string | null
    refund_id: Id<'Refund'> | null
    decline_code: string | null
    decline_reason: string | null
    lease_no: number
    leased_until: Date | null
    created_at: ColumnType<Date, Date, never>
    updated_at: Date
  }
  'coverage.policy_order': {
    hospital_id: HospitalId
    order_no: string
    plan_id: PlanId
    refund_id: Id<'Refund'> | null
    position: number
    insurer_code: string
    policy_no: string
    product_name: string
    status: PolicyOrderStatus
    content_hash: string
    left_fen: Fen
    other_fen: Fen
    pay_fen: Fen | null
    insurer_no: string | null
    settlement_no: string | null
    move_no: string | null
    sent_at: Date | null
    settled_at: Date | null
    returned_fen: Fen
    expires_at: Date | null
    reason: string | null
    created_at: ColumnType<Date, Date, never>
  }
  'coverage.refund': {
    hospital_id: HospitalId
    id: Id<'Refund'>
    plan_id: PlanId
    status: RefundStatus
    refund_no: string
    recharge_no: string | null
    left_fen: Fen
    in_parts: boolean
    reason: string | null
    requested_at: ColumnType<Date, Date, never>
    updated_at: Date
  }
  'coverage.return_order': {
    hospital_id: HospitalId
    refund_no: string
    order_no: string
    refund_id: Id<'Refund'> | null
    amount_fen: Fen
    status: ReturnStatus
    return_no: string | null
    returned_at: Date | null
    move_no: string | null
    reason: string | null
    sent_at: ColumnType<Date, Date, never>
  }
  'coverage.claim': {
    hospital_id: HospitalId
    id: ClaimId
    order_no: string
    payment_id: Id<'Payment'>
    person_id: Id<'Person'>
    insurer_code: string
    policy_no: string
    pay_fen: Fen
    status: ClaimStatus
    due_by: Date
    due_at: Date | null
    attempts: number
    submission_no: string | null
    claim_no: string | null
    sent_kinds: DocumentKind[]
    wanted: DocumentKind[]
    reason: string | null
    submitted_at: Date | null
    decided_at: Date | null
    attention: ClaimAttention | null
    attention_at: Date | null
    resolution: string | null
    resolved_by: string | null
    resolved_at: Date | null
    created_at: ColumnType<Date, Date, never>
    updated_at: Date
  }
}

/** A jsonb column: read as what it holds, written as its text. */
type Json<T> = ColumnType<T, string, string>
