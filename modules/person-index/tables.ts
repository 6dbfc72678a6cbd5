import type { ColumnType } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { PersonId } from '../identity/index.ts'
import type { ActFacts, ActId, ActKind, CandidateField, Reassignment } from './act.ts'
import type { Doubt, Grade } from './matching/grade.ts'

export type CandidateId = Id<'Candidate'>

/** Rows of the schema "person_index". Held against the migrated database by tests/tables.types.ts. */
export type PersonIndexTables = {
  'person_index.block': { digest: number; person_id: PersonId }
  'person_index.entry': { person_id: PersonId; digests: number[]; entered_at: Date }
  'person_index.progress': { name: string; person_id: PersonId }
  'person_index.name_counts': {
    region: 'region'
    counts_sealed: string
    counted: number
    counted_at: Date
  }
  'person_index.separate': { low_id: PersonId; high_id: PersonId; act_id: ActId }
  'person_index.candidate': {
    hospital_id: HospitalId
    id: CandidateId
    low_id: PersonId
    high_id: PersonId
    millibits: number
    grade: Exclude<Grade, 'certainly-not'>
    doubts: Doubt[]
    fields: Json<CandidateField[]>
    status: 'open' | 'linked' | 'separate'
    raised_by: string
    raised_at: Date
  }
  'person_index.act': {
    hospital_id: HospitalId
    id: ActId
    kind: ActKind
    person_id: PersonId
    survivor_id: PersonId
    reason: string
    facts: Json<ActFacts>
    reassign: Json<Reassignment[]>
    status: 'proposed' | 'agreed' | 'refused'
    proposed_by: string
    proposed_at: Date
    decided_by: string | null
    decided_at: Date | null
    decision_reason: string | null
  }
  'person_index.attribution': {
    hospital_id: HospitalId
    id: Id<'Attribution'>
    payment_id: string
    from_person_id: PersonId
    person_id: PersonId
    act_id: ActId
    actor: string
    at: Date
  }
}

/** A jsonb column: read as what it holds, written as its text. */
type Json<T> = ColumnType<T, string, string>
