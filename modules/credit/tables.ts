import type { ColumnType } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { ApplicantFacts, Decision } from './decide-application.ts'
import type { DrawStatus } from './draw.ts'
import type { RepaymentSource } from './loan/loan.ts'
import type {
  ApplicationId,
  CreditVisitId,
  LenderId,
  LineId,
  LoanId,
  PersonId,
  Product,
  ProductId,
  RepaymentWay,
  Scene,
} from './terms.ts'
import type { EndCause, VisitStatus } from './visit.ts'

/** Rows of the schema "credit", without those of its loans. `hospital_id` is the lender's book. */
export type CreditTables = {
  'credit.lender': {
    lender_id: LenderId
    name_zh: string
    name_en: string
    form: 'built_in' | 'bank_api'
    status: 'active' | 'suspended'
    created_at: ColumnType<Date, Date, never>
  }
  'credit.product': {
    lender_id: LenderId
    product_id: ProductId
    status: Product['status']
    terms: Json<Omit<Product, 'lenderId' | 'id' | 'status'>>
    created_at: ColumnType<Date, Date, never>
  }
  'credit.consent_text': {
    lender_id: LenderId
    version: string
    zh: string
    en: string
    sha256: string
  }
  'credit.consent': {
    hospital_id: LenderId
    id: Id<'CreditConsent'>
    person_id: PersonId
    subject: string
    text_version: string
    text_sha256: string
    given_at: ColumnType<Date, Date, never>
  }
  'credit.hospital_limit': {
    hospital_id: LenderId
    care_hospital_id: HospitalId
    limit_fen: Fen
    ceiling_fen: Fen
    used_fen: Fen
    updated_at: Date
  }
  'credit.application': {
    hospital_id: LenderId
    id: ApplicationId
    person_id: PersonId
    product_id: ProductId
    way: RepaymentWay
    status: 'asking' | 'granted' | 'refused'
    facts: Json<ApplicantFacts>
    decision: Json<Decision>
    limit_fen: Fen
    refusal: string | null
    created_at: ColumnType<Date, Date, never>
    updated_at: Date
    due_at: Date
    asked_times: ColumnType<number, number | undefined>
  }
  'credit.review': {
    hospital_id: LenderId
    id: Id<'CreditReview'>
    application_id: ApplicationId
    asked_by: string
    asked_at: ColumnType<Date, Date, never>
    statement: string
    status: 'open' | 'upheld' | 'changed'
    decided_by: string | null
    decided_at: Date | null
    reason: string | null
    limit_fen: Fen | null
  }
  'credit.line': {
    hospital_id: LenderId
    id: LineId
    person_id: PersonId
    product_id: ProductId
    way: RepaymentWay
    account_no: string
    status: 'active' | 'suspended' | 'ended'
    limit_fen: Fen
    ceiling_fen: Fen
    reserved_fen: Fen
    drawn_fen: Fen
    created_at: ColumnType<Date, Date, never>
    updated_at: Date
  }
  'credit.line_change': {
    hospital_id: LenderId
    id: Id<'CreditLineChange'>
    line_id: LineId
    kind: 'opened' | 'limit' | 'suspended' | 'resumed' | 'ended'
    limit_before_fen: Fen
    limit_after_fen: Fen
    reason: string
    actor: string
    at: Date
  }
  'credit.visit': {
    hospital_id: LenderId
    id: CreditVisitId
    line_id: LineId
    person_id: PersonId
    care_hospital_id: HospitalId
    visit_no: string | null
    visit_key: string
    day: BusinessDate
    way: RepaymentWay
    status: VisitStatus
    reserved_fen: Fen
    unused_fen: Fen
    ends_at: Date
    is_stay: boolean
    due_at: Date
    asked_times: ColumnType<number, number | undefined>
    end_cause: EndCause | null
    repayment_no: string | null
    repaying_fen: Fen | null
    repayment_at: Date | null
    loan_id: LoanId | null
    settled_fen: Fen | null
    settled_at: Date | null
    created_at: ColumnType<Date, Date, never>
    updated_at: Date
  }
  'credit.draw': {
    hospital_id: LenderId
    draw_no: string
    line_id: LineId
    visit_id: CreditVisitId | null
    person_id: PersonId
    care_hospital_id: HospitalId
    payment_id: Id<'Payment'>
    scene: Scene
    description: string
    amount_fen: Fen
    of_visit_fen: Fen
    status: DrawStatus
    refusal: string | null
    returned_fen: Fen
    lender_no: string | null
    loan_id: LoanId | null
    requested_at: Date
    drawn_at: Date | null
    updated_at: Date
  }
  'credit.reversal': {
    hospital_id: LenderId
    reversal_no: string
    draw_no: string
    care_hospital_id: HospitalId
    amount_fen: Fen
    status: 'asking' | 'done' | 'refused'
    refusal: string | null
    lender_no: string | null
    requested_at: Date
    done_at: Date | null
    updated_at: Date
  }
  'credit.collection': CollectionRow
  'credit.received': ReceivedRow
  'credit.owed_payer': {
    hospital_id: LenderId
    person_id: PersonId
    owed_fen: Fen
    held_fen: Fen
    updated_at: Date
  }
  'credit.owed_payer_entry': {
    hospital_id: LenderId
    person_id: PersonId
    cause: string
    amount_fen: Fen
    at: Date
  }
  'credit.payout': PayoutRow
}

export type CollectionRow = {
  hospital_id: LenderId
  number: string
  repayment_no: string
  loan_id: LoanId | null
  visit_id: CreditVisitId | null
  payer_id: PersonId
  source: RepaymentSource
  scope: 'partial' | 'full'
  amount_fen: Fen
  status: 'asking' | 'taken' | 'refused' | 'withdrawn'
  refusal: string | null
  lender_no: string | null
  requested_at: Date
  expires_at: Date | null
  ended_at: Date | null
}

export type ReceivedRow = {
  hospital_id: LenderId
  reference: string
  collection_no: string | null
  loan_id: LoanId | null
  visit_id: CreditVisitId | null
  payer: 'self' | 'family'
  amount_fen: Fen
  booked_as: 'announced' | 'repayment' | 'owed_to_payer'
  received_at: Date
  reported_by: string
  reported_at: Date
}

export type PayoutRow = {
  hospital_id: LenderId
  id: Id<'CreditPayout'>
  person_id: PersonId | null
  care_hospital_id: HospitalId | null
  amount_fen: Fen
  grounds: string
  status: 'proposed' | 'paid' | 'refused'
  transfer_no: string | null
  proposed_by: string
  proposed_at: Date
  decided_by: string | null
  decided_at: Date | null
}

/** A jsonb column: read as what it holds, written as its text. */
type Json<T> = ColumnType<T, string, string>
