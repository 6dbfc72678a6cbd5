import type { ColumnType } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Layout } from './layout/schema.ts'
import type { NormalTotals } from './normal/writer.ts'
import type { RefusalCode } from './refusal.ts'
import type { Arrival, ArrivalState, FileWay, Schedule, StatementFileId } from './statement-file.ts'

/** Rows of the schema "statements". Held against the migrated database by tests/tables.types.ts. */
export type StatementTables = {
  'statements.layout': {
    hospital_id: HospitalId
    name: string
    version: number
    descriptor: ColumnType<Layout, string, never>
    written_by: string
    written_at: Date
  }
  'statements.schedule': {
    hospital_id: HospitalId
    source: string
    layout: string
    account: string | null
    name_pattern: string | null
    first_date: BusinessDate
    day_offset: number
    expected_at: string
    late_at: string
    missing_at: string
    calendar: Schedule['calendar']
    days_off: ColumnType<BusinessDate[], string, string>
    days_on: ColumnType<BusinessDate[], string, string>
    is_active: boolean
    changed_at: Date
  }
  'statements.fetching': {
    hospital_id: HospitalId
    source: string
    adapter: string
    plan: ColumnType<object, string, string>
    secrets_sealed: string
    is_active: boolean
    changed_by: string
    changed_at: Date
  }
  'statements.file': {
    hospital_id: HospitalId
    id: StatementFileId
    source: string
    business_date: BusinessDate | null
    name: string
    way: FileWay
    sha256: string
    bytes: number
    layout: string
    layout_version: number
    status: 'taken' | 'superseded' | 'refused'
    version: number | null
    refusal_code: RefusalCode | null
    reason: string | null
    line_no: number | null
    normal_sha256: string | null
    encoding: string | null
    totals: ColumnType<NormalTotals | null, string | null, never>
    other_columns: ColumnType<string[] | null, string | null, never>
    added: number | null
    removed: number | null
    changed: number | null
    changes_sha256: string | null
    taken_by: string
    taken_at: Date
  }
  'statements.arrival': {
    hospital_id: HospitalId
    source: string
    business_date: BusinessDate
    state: ArrivalState
    alarm: Arrival['alarm']
    expected_at: Date
    late_at: Date
    missing_at: Date
    due_at: Date | null
    next_try_at: Date | null
    tries: number
    last_error: string | null
    file_id: StatementFileId | null
    changed_at: Date
  }
}
