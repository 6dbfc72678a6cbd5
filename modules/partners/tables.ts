import type { HospitalId, Id } from '../../kernel/id.ts'
import type { ApplicationKind, KeyAlgorithm } from './application.ts'
import type { DeliveryOutcome, DeliveryStatus } from './delivery.ts'
import type { DisabledReason, EndpointStatus, ExtraSignature } from './endpoint.ts'
import type { EventType } from './event-type.ts'
import type { GrantEvidence, GrantId, GrantScope } from './person-grant.ts'
import type { Proof } from './proof.ts'
import type { ApplicationId, Scope } from './scope.ts'

/** Rows of the schema "partners". Held against the migrated database by tests/tables.types.ts. */
export type PartnerTables = {
  'partners.application': {
    application_id: ApplicationId
    client_id: string
    name: string
    kind: ApplicationKind
    home_hospital: HospitalId
    allowed_addresses: string[]
    status: 'active' | 'disabled'
    created_at: Date
    updated_at: Date
  }
  'partners.hospital_access': {
    application_id: ApplicationId
    hospital_id: HospitalId
    scopes: Scope[]
    status: 'active' | 'withdrawn'
    updated_at: Date
  }
  'partners.application_secret': {
    secret_id: Id<'ApplicationSecret'>
    application_id: ApplicationId
    secret_hash: string
    created_at: Date
    expires_at: Date
    revoked_at: Date | null
  }
  'partners.application_key': {
    key_id: Id<'ApplicationKey'>
    application_id: ApplicationId
    algorithm: KeyAlgorithm
    public_key: string
    valid_from: Date
    valid_until: Date
    revoked_at: Date | null
    created_at: Date
  }
  'partners.access_token': {
    token_hash: string
    application_id: ApplicationId
    secret_id: Id<'ApplicationSecret'>
    scopes: Scope[]
    issued_at: Date
    expires_at: Date
    revoked_at: Date | null
  }
  'partners.request_nonce': { application_id: ApplicationId; nonce: string; used_at: Date }
  'partners.failed_attempt': {
    subject: string
    failures: number
    last_at: Date
    blocked_until: Date | null
  }
  'partners.request_log': {
    application_id: ApplicationId
    id: Id<'RequestLog'>
    hospital_id: HospitalId | null
    method: string
    path: string
    status: number
    error_code: string | null
    request_id: string
    address: string
    proof: Proof
    duration_ms: number
    at: Date
  }
  'partners.event_counter': { hospital_id: HospitalId; last_sequence: number }
  'partners.event': {
    hospital_id: HospitalId
    id: Id<'PartnerEvent'>
    sequence: number
    type: EventType
    dedupe_key: string
    data: object
    occurred_at: Date
  }
  'partners.endpoint': {
    hospital_id: HospitalId
    id: Id<'Endpoint'>
    application_id: ApplicationId
    url: string
    event_types: EventType[]
    extra_signature: ExtraSignature | null
    secret_sealed: string
    earlier_secret_sealed: string | null
    earlier_secret_until: Date | null
    status: EndpointStatus
    disabled_reason: DisabledReason | null
    failing_since: Date | null
    created_at: Date
    updated_at: Date
  }
  'partners.delivery': {
    hospital_id: HospitalId
    id: Id<'Delivery'>
    endpoint_id: Id<'Endpoint'>
    event_id: Id<'PartnerEvent'>
    event_type: EventType
    status: DeliveryStatus
    round: number
    attempts: number
    due_at: Date | null
    last_outcome: DeliveryOutcome | null
    last_status: number | null
    last_error: string | null
    created_at: Date
    ended_at: Date | null
  }
  'partners.delivery_attempt': {
    hospital_id: HospitalId
    id: Id<'DeliveryAttempt'>
    delivery_id: Id<'Delivery'>
    round: number
    attempt_no: number
    at: Date
    duration_ms: number
    outcome: DeliveryOutcome
    response_status: number | null
    response_body: string | null
    error: string | null
  }
  'partners.acting': {
    hospital_id: HospitalId
    payment_id: Id<'Payment'>
    application_id: ApplicationId
    person_id: Id<'Person'>
    created_at: Date
  }
  'partners.grant_text': { version: string; zh: string; en: string; sha256: string; from_at: Date }
  'partners.person_grant': {
    person_id: Id<'Person'>
    id: GrantId
    hospital_id: HospitalId
    application_id: ApplicationId
    scopes: GrantScope[]
    text_version: string | null
    evidence: GrantEvidence | null
    given_at: Date
    expires_at: Date
    withdrawn_at: Date | null
    replaced_at: Date | null
  }
  'partners.alert': {
    hospital_id: HospitalId
    id: Id<'PartnerAlert'>
    application_id: ApplicationId
    endpoint_id: Id<'Endpoint'>
    kind: 'endpoint_gone' | 'endpoint_failing'
    at: Date
    detail: string
  }
}
