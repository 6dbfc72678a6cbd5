import type { ColumnType } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { ConnectionKind, HospitalStatus } from './hospital.ts'
import type { StepDetail, StepKind } from './onboarding/draft.ts'
import type { Scene, Stage } from './rollout/terms.ts'

/** Rows of the schema "hospitals". Held against the migrated database by tests/tables.types.ts. */
export type HospitalTables = {
  'hospitals.hospital': {
    id: HospitalId
    insurance_code: string
    name: string
    short_name: string
    level: string
    status: HospitalStatus
    created_at: Date
    updated_at: Date
  }
  'hospitals.department': {
    hospital_id: HospitalId
    code: string
    name: string
    subject_code: string
    location: string
    listed: boolean
    synced_at: Date
  }
  'hospitals.doctor': {
    hospital_id: HospitalId
    department_code: string
    code: string
    name: string
    title: string
    registration_fee_fen: Fen
    listed: boolean
    synced_at: Date
  }
  'hospitals.connection': {
    hospital_id: HospitalId
    kind: ConnectionKind
    adapter: string
    params_sealed: string
    enabled: boolean
    updated_at: Date
  }
  'hospitals.his_nonce': {
    hospital_id: HospitalId
    nonce: string
    used_at: Date
  }
  'hospitals.system_memory': {
    hospital_id: HospitalId
    name: string
    value_sealed: string
    at: Date
  }
  'hospitals.notice': {
    hospital_id: HospitalId
    notice_no: string
    kind: string
    said_at: Date
    about: ColumnType<object, string, never>
    content_digest: string
    received_at: Date
  }
  'hospitals.heard_message': {
    hospital_id: HospitalId
    id: string
    message_key: string
    digest: string
    control_id: string
    type: string
    size_bytes: number
    outcome: 'taken' | 'refused'
    reason: string
    answer: Buffer | null
    content_sealed: string | null
    received_at: Date
  }
  'hospitals.rollout': {
    hospital_id: HospitalId
    version: number
    stage: Stage
    scenes: ColumnType<Scene[], string, never>
    departments: ColumnType<string[] | null, string | null, never>
    note: string
    actor: string
    at: Date
  }
  'hospitals.rollout_proposal': {
    hospital_id: HospitalId
    id: Id<'RolloutProposal'>
    after: number
    stage: Stage
    scenes: ColumnType<Scene[], string, never>
    departments: ColumnType<string[] | null, string | null, never>
    note: string
    status: 'waiting' | 'agreed' | 'refused'
    proposed_by: string
    proposed_at: Date
    decided_by: string | null
    decided_at: Date | null
  }
  'hospitals.onboarding': {
    hospital_id: HospitalId
    version: number
    product_name: string
    product: string
    params_sealed: string
    departments: ColumnType<Record<string, string>, string, never>
    codes: ColumnType<Record<string, Record<string, string>>, string, never>
    actor: string
    at: Date
  }
  'hospitals.onboarding_step': {
    hospital_id: HospitalId
    version: number
    no: number
    kind: StepKind
    is_good: boolean
    detail: ColumnType<StepDetail, string, never>
    actor: string
    at: Date
  }
}
