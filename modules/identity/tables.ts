import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Role } from '../../platform/principal.ts'
import type { IdKind, MediumKind, PersonId, Standing } from './person.ts'

export type App = 'patient' | 'console'

export type StaffId = Id<'Staff'>

export type MediumStatus = 'active' | 'ended' | 'lost' | 'replaced'

/** Rows of the schema "identity". Held against the migrated database by tests/tables.types.ts. */
export type IdentityTables = {
  'identity.person': {
    person_id: PersonId
    name_sealed: string
    id_card_sealed: string | null
    id_card_index: string | null
    id_kind: IdKind
    phone_sealed: string | null
    phone_index: string | null
    gender_sealed: string
    birth_date_sealed: string
    address_sealed: string | null
    standing: Standing
    created_at: Date
  }
  'identity.medium': {
    person_id: PersonId
    id: Id<'Medium'>
    kind: MediumKind
    value_sealed: string
    value_index: string
    hospital_id: HospitalId | null
    status: MediumStatus
    created_at: Date
  }
  'identity.medium_directory': {
    kind: MediumKind
    value_index: string
    person_id: PersonId
    status: Exclude<MediumStatus, 'ended'>
    valid_until: Date | null
  }
  'identity.medium_event': {
    person_id: PersonId
    id: Id<'MediumEvent'>
    medium_id: Id<'Medium'>
    event: 'bound' | Exclude<MediumStatus, 'active'>
    hospital_id: HospitalId
    actor: string
    reason: string
    at: Date
  }
  'identity.real_name_check': {
    person_id: PersonId
    id: Id<'RealNameCheck'>
    register: string
    outcome: 'match' | 'mismatch' | 'unknown'
    reference: string | null
    checked_at: Date
  }
  'identity.person_link': {
    person_id: PersonId
    parent_id: PersonId
    root_id: PersonId
    act_id: string
    linked_at: Date
  }
  'identity.person_hospital': {
    person_id: PersonId
    hospital_id: HospitalId
    patient_no: string
    card_no_sealed: string
    resolved_at: Date
  }
  'identity.staff': {
    staff_id: StaffId
    hospital_id: HospitalId
    name_sealed: string
    roles: Role[]
    status: 'active' | 'disabled'
    created_at: Date
  }
  'identity.credential': {
    app: App
    login_index: string
    password_hash: string
    person_id: PersonId | null
    staff_id: StaffId | null
    updated_at: Date
  }
  'identity.login_attempt': {
    app: App
    login_index: string
    failures: number
    last_at: Date
    blocked_until: Date | null
  }
  'identity.session': {
    token_hash: string
    app: App
    person_id: PersonId | null
    staff_id: StaffId | null
    created_at: Date
    /** When its holder last proved who they are; null in rows from before it was kept. */
    proven_at: Date | null
    expires_at: Date
    idle_expires_at: Date
    ended_at: Date | null
  }
  'identity.api_key': {
    key_id: Id<'ApiKey'>
    key_hash: string
    name: string
    hospital_ids: HospitalId[]
    created_at: Date
    expires_at: Date
    revoked_at: Date | null
  }
  'identity.demo_persona': {
    app: App
    login: string
    password: string
    label_zh: string
    label_en: string
    place: number
  }
}
