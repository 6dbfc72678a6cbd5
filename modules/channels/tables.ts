import type { ColumnType } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { PayMethod } from '../payments/index.ts'
import type { Dimension, DocumentKind, ReportId, TierChangeId } from './admission.ts'
import type { AlertClass, AlertFigures, AlertId } from './alert.ts'
import type { BreakerCause } from './breaker.ts'
import type { Scene, Tier } from './channel.ts'
import type { DraftCheckResult, DraftStep } from './draft-check.ts'
import type { DraftId, DraftRunId, RunKind, RunStatus } from './draft.ts'
import type { Operation } from './operation.ts'
import type { Rules } from './rules.ts'

/** Rows of the schema "channels". Held against the migrated database by tests/tables.types.ts. */
export type ChannelTables = {
  'channels.channel': {
    hospital_id: HospitalId
    name: string
    title_zh: string
    title_en: string
    tier: Tier | null
    methods: PayMethod[]
    scenes: Scene[]
    departments: string[] | null
    payment_limit_fen: Fen | null
    day_limit_fen: Fen | null
    fee_ppm: number
    fee_fixed_fen: Fen
    settlement_days: number
    share_ppm: number | null
    enabled: boolean
    position: number
    created_at: Date
    updated_at: Date
  }
  'channels.rule_set': {
    hospital_id: HospitalId
    version: number
    rules: ColumnType<Rules, string, string>
    updated_by: string
    updated_at: Date
  }
  'channels.health_minute': {
    hospital_id: HospitalId
    channel: string
    minute: Date
    operation: Operation
    answered: number
    declined: number
    unknown: number
    failed: number
    latency: number[]
  }
  'channels.breaker': {
    hospital_id: HospitalId
    channel: string
    opened_at: Date | null
    retry_at: Date | null
    openings: number
    passed: number
    counted_from: Date | null
    cause: BreakerCause | null
    version: number
    updated_at: Date
  }
  'channels.document': {
    hospital_id: HospitalId
    channel: string
    kind: DocumentKind
    reference: string
    valid_until: BusinessDate | null
    note: string
    entered_by: string
    entered_at: Date
  }
  'channels.report': {
    hospital_id: HospitalId
    id: ReportId
    channel: string
    measured_from: Date
    measured_to: Date
    dimensions: ColumnType<Dimension[], string, never>
    score: number
    eligible_tier: Tier | null
    made_by: string
    made_at: Date
  }
  'channels.tier_change': {
    hospital_id: HospitalId
    id: TierChangeId
    channel: string
    tier: Tier | null
    reason: string
    report_id: ReportId | null
    by_exception: boolean
    changed_by: string
    changed_at: Date
  }
  'channels.alert': {
    hospital_id: HospitalId
    id: AlertId
    channel: string
    class: AlertClass
    figures: ColumnType<AlertFigures, string, string>
    opened_at: Date
    seen_at: Date
    closed_at: Date | null
    acknowledged_by: string | null
    acknowledged_at: Date | null
    note: string | null
    overdue_at: Date | null
  }
  'channels.draft': {
    hospital_id: HospitalId
    id: DraftId
    name: string
    title_zh: string
    title_en: string
    descriptor: string
    params_sealed: string
    version: number
    live_name: string | null
    live_version: number | null
    live_at: Date | null
    created_at: ColumnType<Date, Date, never>
    updated_by: string
    updated_at: Date
  }
  'channels.draft_run': {
    hospital_id: HospitalId
    id: DraftRunId
    draft_id: DraftId
    version: number
    kind: RunKind
    sandbox_url: string
    method: string | null
    count: number
    status: RunStatus
    reason: string | null
    started_by: string
    started_at: ColumnType<Date, Date, never>
    touched_at: Date
    ended_at: Date | null
  }
  'channels.draft_check': {
    hospital_id: HospitalId
    run_id: DraftRunId
    position: number
    result: ColumnType<DraftCheckResult, string, never>
    steps: ColumnType<DraftStep[], string, never>
    step_count: number
  }
  'channels.watch': {
    hospital_id: HospitalId
    looked_at: Date
  }
}
