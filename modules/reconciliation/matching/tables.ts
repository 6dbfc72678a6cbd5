import type { ColumnType } from 'kysely'

import type { HospitalId } from '../../../kernel/id.ts'
import type { Fen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { MatchingClass, ProposedRepair } from './classes.ts'
import type { NormalisedRow, RowKind } from './row.ts'
import type { MatchingRules } from './rules.ts'
import type { Evidence, RunSummary } from './run-result.ts'

/** Rows of runs over whole files; part of the schema "reconciliation". */
export type MatchingTables = {
  'reconciliation.matching_run': {
    hospital_id: HospitalId
    run_id: string
    business_date: BusinessDate
    rules: ColumnType<MatchingRules, string, never>
    sides: ColumnType<{ name: string; sha256: string }[], string, never>
    status: 'running' | 'complete'
    summary: ColumnType<RunSummary | null, string | null, string>
    digest: string | null
    started_at: Date
    completed_at: Date | null
  }
  'reconciliation.matching_difference': {
    hospital_id: HospitalId
    run_id: string
    no: number
    relation: string
    class: MatchingClass
    kind: RowKind
    key: string | null
    sides: ColumnType<Record<string, { lines: number; amountFen: Fen }>, string, never>
    at_stake_fen: Fen
    repair: ProposedRepair
    rule: string
    evidence: ColumnType<Evidence, string, never>
    is_counted: boolean
  }
  'reconciliation.matching_carried': {
    hospital_id: HospitalId
    run_id: string
    no: number
    relation: string
    side: string
    row: ColumnType<NormalisedRow, string, never>
  }
}
