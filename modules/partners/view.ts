import type { Static } from 'typebox'

import type { AdmittedApplication, ApplicationKey, ApplicationSecret } from './application.ts'
import type { AttemptRow } from './delivery-store.ts'
import type { Delivery } from './delivery.ts'
import type { AlertRow } from './endpoint-store.ts'
import type { Endpoint } from './endpoint.ts'
import type { GrantView } from './grant-schemas.ts'
import { isInForce, type PersonGrant } from './person-grant.ts'
import type { RequestFilter, RequestRow } from './request-log-store.ts'
import type {
  AlertView,
  ApplicationView,
  AttemptView,
  DeliveryView,
  EndpointView,
  KeyView,
  RequestView,
  SecretView,
} from './schemas.ts'

// Rows as the interface shows them.

export const viewOfApplication = ({
  application,
  access,
}: AdmittedApplication): Static<typeof ApplicationView> => ({
  id: application.id,
  clientId: application.clientId,
  name: application.name,
  kind: application.kind,
  homeHospital: application.homeHospital,
  allowedAddresses: [...application.allowedAddresses],
  status: application.status,
  accessStatus: access.status,
  scopes: [...access.scopes],
  createdAt: application.createdAt.toISOString(),
})

export const viewOfSecret = (secret: ApplicationSecret): Static<typeof SecretView> => ({
  id: secret.id,
  createdAt: secret.createdAt.toISOString(),
  expiresAt: secret.expiresAt.toISOString(),
})

export const viewOfKey = (key: ApplicationKey): Static<typeof KeyView> => ({
  id: key.id,
  algorithm: key.algorithm,
  publicKey: key.publicKey,
  validFrom: key.validFrom.toISOString(),
  validUntil: key.validUntil.toISOString(),
})

export const viewOfEndpoint = (endpoint: Endpoint): Static<typeof EndpointView> => ({
  id: endpoint.id,
  url: endpoint.url,
  eventTypes: [...endpoint.eventTypes],
  extraSignature: endpoint.extraSignature,
  status: endpoint.status,
  disabledReason: endpoint.disabledReason,
  failingSince: endpoint.failingSince?.toISOString() ?? null,
  earlierSecretUntil: endpoint.earlierSecretUntil?.toISOString() ?? null,
  createdAt: endpoint.createdAt.toISOString(),
})

export const viewOfDelivery = (delivery: Delivery): Static<typeof DeliveryView> => ({
  id: delivery.id,
  endpointId: delivery.endpointId,
  eventId: delivery.eventId,
  eventType: delivery.eventType,
  status: delivery.status,
  round: delivery.round,
  attempts: delivery.attempts,
  dueAt: delivery.dueAt?.toISOString() ?? null,
  lastOutcome: delivery.lastOutcome,
  lastStatus: delivery.lastStatus,
  lastError: delivery.lastError,
  createdAt: delivery.createdAt.toISOString(),
  endedAt: delivery.endedAt?.toISOString() ?? null,
})

export const viewOfAttempt = (row: AttemptRow): Static<typeof AttemptView> => ({
  round: row.round,
  attemptNo: row.attempt_no,
  at: row.at.toISOString(),
  durationMs: row.duration_ms,
  outcome: row.outcome,
  responseStatus: row.response_status,
  responseBody: row.response_body,
  error: row.error,
})

export const viewOfAlert = (row: AlertRow): Static<typeof AlertView> => ({
  id: row.id,
  endpointId: row.endpoint_id,
  kind: row.kind,
  at: row.at.toISOString(),
  detail: row.detail,
})

/** The moments of a query, which come as text. */
export function requestFilterOf<T extends { since?: string; until?: string }>(
  query: T,
): Omit<T, 'since' | 'until'> & Pick<RequestFilter, 'since' | 'until'> {
  const { since, until, ...rest } = query
  return {
    ...rest,
    since: since === undefined ? undefined : new Date(since),
    until: until === undefined ? undefined : new Date(until),
  }
}

export const viewOfRequest = (row: RequestRow): Static<typeof RequestView> => ({
  id: row.id,
  applicationId: row.application_id,
  hospitalId: row.hospital_id,
  method: row.method,
  path: row.path,
  status: row.status,
  errorCode: row.error_code,
  requestId: row.request_id,
  address: row.address,
  proof: row.proof,
  durationMs: row.duration_ms,
  at: row.at.toISOString(),
})

export const viewOfGrant = (grant: PersonGrant, now: Date): Static<typeof GrantView> => {
  const { ground } = grant
  return {
    id: grant.id,
    applicationId: grant.applicationId,
    scopes: [...grant.scopes],
    by: ground.by,
    textVersion: ground.by === 'person' ? ground.textVersion : null,
    agreementNo: ground.by === 'institution' ? ground.evidence.agreementNo : null,
    state: stateOf(grant, now),
    givenAt: grant.givenAt.toISOString(),
    expiresAt: grant.expiresAt.toISOString(),
    withdrawnAt: grant.withdrawnAt?.toISOString() ?? null,
  }
}

function stateOf(grant: PersonGrant, now: Date): Static<typeof GrantView>['state'] {
  if (isInForce(grant, now)) return 'in_force'
  if (grant.withdrawnAt) return 'withdrawn'
  return grant.replacedAt ? 'replaced' : 'ended'
}
