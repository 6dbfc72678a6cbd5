import type { ColumnType } from 'kysely'

import type { HospitalId } from '../../../kernel/id.ts'
import type { Fen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { ScheduleWay } from '../offer/schedule.ts'
import type { LenderId, LoanId, PersonId, ProductId } from '../terms.ts'
import type { LoanStatus, Portfolio, RepaymentScope, RepaymentSource } from './loan.ts'

/** Rows of loans in the schema "credit". `hospital_id` is the lender's book. */
export type LoanTables = {
  'credit.loan': LoanRow
  'credit.instalment': InstalmentRow
  'credit.loan_entry': {
    hospital_id: LenderId
    loan_id: LoanId
    cause: string
    business_date: BusinessDate
    principal_fen: Fen
    interest_fen: Fen
    fee_fen: Fen
    penalty_fen: Fen
  }
  'credit.loan_event': {
    hospital_id: LenderId
    loan_id: LoanId
    business_date: BusinessDate
    kind: string
    about: ColumnType<string, string | undefined>
    detail: object
    at: Date
  }
  'credit.repayment': RepaymentRow
  'credit.write_off': {
    hospital_id: LenderId
    loan_id: LoanId
    reason: string
    proposed_by: string
    proposed_at: Date
    approved_by: string | null
    approved_at: Date | null
    amount_fen: Fen | null
  }
  'credit.lender_day': LenderDayRow
}

export type LoanRow = {
  hospital_id: LenderId
  id: LoanId
  person_id: PersonId
  care_hospital_id: HospitalId
  visit_no: string | null
  product_id: ProductId
  way: ScheduleWay
  periods: number
  yearly_rate_ppm: number
  fee_ppm: number
  penalty_rate_ppm: number
  principal_fen: Fen
  opened_on: BusinessDate
  free_until: BusinessDate
  status: LoanStatus
  overdue_since: BusinessDate | null
  stage: string
  opened_at: Date
  ended_at: Date | null
}

export type InstalmentRow = {
  hospital_id: LenderId
  loan_id: LoanId
  no: number
  from_on: BusinessDate
  due_on: BusinessDate
  period_days: number
  principal_fen: Fen
  interest_fen: Fen
  fee_fen: Fen
  brought_fen: Fen
  accrued_interest_fen: Fen
  charged_fee_fen: Fen
  accrued_penalty_fen: Fen
  penalty_carry: number
  accrued_on: BusinessDate
  day_interest_fen: Fen
  day_fee_fen: Fen
  day_penalty_fen: Fen
  paid_principal_fen: Fen
  paid_interest_fen: Fen
  paid_fee_fen: Fen
  paid_penalty_fen: Fen
  status: 'open' | 'paid' | 'written_off'
}

export type RepaymentRow = {
  hospital_id: LenderId
  repayment_no: string
  loan_id: LoanId
  source: RepaymentSource
  payer_id: PersonId
  scope: RepaymentScope
  amount_fen: Fen
  status: 'asking' | 'done' | 'refused'
  due_at: Date
  asked_times: number
  refusal: string | null
  provider_no: string | null
  principal_fen: Fen
  interest_fen: Fen
  fee_fen: Fen
  penalty_fen: Fen
  excess_fen: Fen
  business_date: BusinessDate
  requested_at: Date
  ended_at: Date | null
}

export type LenderDayRow = {
  hospital_id: LenderId
  business_date: BusinessDate
  status: 'running' | 'closed'
  done_to: LoanId
  batches: number
  loans: number
  interest_fen: Fen
  fee_fen: Fen
  penalty_fen: Fen
  portfolio: Portfolio | null
  started_at: Date
  closed_at: Date | null
}
