import type { HospitalId } from '../../kernel/id.ts'
import type { AccessId } from './access.ts'
import type {
  AlertId,
  ConsentId,
  GlassId,
  GlassReason,
  PersonId,
  Purpose,
  RecordKind,
} from './consent.ts'
import type { Ground } from './may-read.ts'

/** Rows of the schema "record_sharing". Held against the migrated database by tests/tables.types.ts. */
export type RecordSharingTables = {
  'record_sharing.consent_text': {
    version: string
    zh: string
    en: string
    sha256: string
    from_at: Date
  }
  'record_sharing.consent': {
    person_id: PersonId
    id: ConsentId
    holder_id: HospitalId
    reader_id: HospitalId
    purpose: Purpose
    kinds: RecordKind[]
    text_version: string
    given_at: Date
    expires_at: Date
    withdrawn_at: Date | null
  }
  'record_sharing.access': {
    person_id: PersonId
    id: AccessId
    holder_id: HospitalId
    reader_id: HospitalId
    reader: string
    purpose: Purpose
    kind: RecordKind
    record_no: string | null
    outcome: 'allowed' | 'refused'
    ground: Ground['by']
    ground_id: ConsentId | GlassId | null
    at: Date
    asked_at: Date | null
    answer: string | null
    answered_at: Date | null
  }
  'record_sharing.break_glass': {
    hospital_id: HospitalId
    id: GlassId
    person_id: PersonId
    reader_id: HospitalId
    opened_by: string
    reason: GlassReason
    words: string
    opened_at: Date
    until_at: Date
    due_at: Date
    verdict: 'justified' | 'abuse' | null
    note: string | null
    reviewed_by: string | null
    reviewed_at: Date | null
  }
  'record_sharing.alert': {
    person_id: PersonId
    id: AlertId
    glass_id: GlassId
    holder_id: HospitalId
    reader_id: HospitalId
    reason: GlassReason
    at: Date
    seen_at: Date | null
  }
  'record_sharing.question': {
    hospital_id: HospitalId
    id: AccessId
    person_id: PersonId
    words: string
    asked_at: Date
    due_at: Date
    answer: string | null
    answered_by: string | null
    answered_at: Date | null
  }
}
