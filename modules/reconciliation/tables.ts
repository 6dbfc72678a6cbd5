import type { ColumnType, Generated } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { TermsColumns } from '../../platform/terms/terms-store.ts'
import type { PartKind, PaymentId, RefundId } from '../payments/index.ts'
import type { AdjustmentDecision, AdjustmentId, AdjustmentKind } from './adjustment/adjustment.ts'
import type { DayFacts } from './closing/day-facts.ts'
import type {
  ArrivalStatus,
  CaseId,
  DayStatus,
  DifferenceClass,
  DifferenceId,
  DifferenceStatus,
  ListLine,
  MoveKind,
  Repair,
  RepairOutcome,
} from './day.ts'
import type { Identity } from './identity.ts'
import type { MatchingTables } from './matching/tables.ts'
import type { CaseClass } from './work-case.ts'

export type TermsKind = 'cross_check'
export type TermsId = Id<'ReconciliationTerms'>

/** Rows of the schema "reconciliation". Held against the migrated database by tests/tables.types.ts. */
export type ReconciliationTables = MatchingTables & {
  'reconciliation.terms': TermsColumns<'ReconciliationTerms', TermsKind>
  'reconciliation.cross_check_day': {
    hospital_id: HospitalId
    name: string
    business_date: BusinessDate
    status: 'waiting' | 'complete' | 'failed'
    due_at: Date | null
    in_work_until: Date | null
    run_id: string | null
    reason: string | null
    updated_at: Date
  }
  'reconciliation.day': {
    hospital_id: HospitalId
    business_date: BusinessDate
    status: DayStatus
    due_at: Date | null
    in_work_until: Date | null
    review_at: Date | null
    closed_at: Date | null
    last_error: string | null
    version: number
    created_at: Date
    updated_at: Date
  }
  'reconciliation.arrival': {
    hospital_id: HospitalId
    business_date: BusinessDate
    source: string
    status: ArrivalStatus
    newest_version: number
    received_at: Date | null
    compared_version: number
    compared_at: Date | null
    compare_due: boolean
    silences: number
    refusals: number
    refusal_code: string | null
    reason: string | null
    next_try_at: Date | null
    tried_at: Date | null
  }
  'reconciliation.statement': {
    hospital_id: HospitalId
    business_date: BusinessDate
    source: string
    version: number
    form: 'lines' | 'compared'
    sha256: string
    compared_with: string | null
    content: string
    line_count: number
    charge_fen: Fen
    return_fen: Fen
    fee_fen: Fen | null
    received_at: Date
  }
  'reconciliation.line': {
    hospital_id: HospitalId
    business_date: BusinessDate
    source: string
    version: number
    line_no: number
    kind: MoveKind
    our_no: string
    provider_no: string
    amount_fen: Fen
    at: Date | null
    basis: ListLine['basis']
    fee_fen: Fen | null
  }
  'reconciliation.comparison': {
    hospital_id: HospitalId
    business_date: BusinessDate
    source: string
    version: number
    statement_version: number
    figures: ColumnType<Identity, string, never>
    digest: string
    compared_at: Date
  }
  'reconciliation.difference': {
    hospital_id: HospitalId
    id: DifferenceId
    business_date: BusinessDate
    source: string
    class: DifferenceClass
    kind: MoveKind
    our_no: string
    provider_no: string | null
    ours_fen: Fen
    theirs_fen: Fen
    ours_lines: number
    theirs_lines: number
    other_date: BusinessDate | null
    payment_id: PaymentId | null
    refund_id: RefundId | null
    present: boolean
    status: DifferenceStatus
    repair: Repair | null
    repair_outcome: RepairOutcome | null
    repair_detail: string | null
    tries: number
    next_try_at: Date | null
    case_id: CaseId | null
    found_at: Date
    resolved_at: Date | null
  }
  'reconciliation.work_case': {
    hospital_id: HospitalId
    id: CaseId
    class: CaseClass
    subject: string
    business_date: BusinessDate
    source: string | null
    amount_fen: Fen
    reason: string
    status: 'open' | 'resolved'
    owner: string | null
    due_at: Date
    resolution: string | null
    opened_at: Date
    resolved_at: Date | null
    remind_at: Date | null
    reminders: Generated<number>
  }
  'reconciliation.day_closing': {
    hospital_id: HospitalId
    business_date: BusinessDate
    version: number
    facts: ColumnType<DayFacts, DayFacts, never>
    digest: string
    note: string | null
    closed_by: string
    closed_at: Date
  }
  'reconciliation.day_reopening': {
    hospital_id: HospitalId
    business_date: BusinessDate
    version: number
    reason: string
    reopened_by: string
    reopened_at: Date
  }
  'reconciliation.adjustment': {
    hospital_id: HospitalId
    id: AdjustmentId
    case_id: CaseId
    kind: AdjustmentKind
    provider: string
    part: PartKind
    amount_fen: Fen
    reason: string
    proposed_by: string
    proposed_at: Date
  }
  'reconciliation.adjustment_decision': {
    hospital_id: HospitalId
    adjustment_id: AdjustmentId
    outcome: AdjustmentDecision['outcome']
    note: string | null
    entry_id: Id<'Entry'> | null
    proposed_by: string
    decided_by: string
    decided_at: Date
  }
  'reconciliation.case_note': {
    hospital_id: HospitalId
    case_id: CaseId
    id: Id<'CaseNote'>
    at: Date
    actor: string
    text: string
  }
}
