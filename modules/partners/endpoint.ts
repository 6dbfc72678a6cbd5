import type { HospitalId, Id } from '../../kernel/id.ts'
import { DAY_MS, HOUR_MS } from '../../kernel/time.ts'
import type { EventType } from './event-type.ts'
import type { ApplicationId } from './scope.ts'

export type EndpointId = Id<'Endpoint'>

/** removed: asked away by its owner; kept for the log of what was sent there. */
export type EndpointStatus = 'active' | 'disabled' | 'removed'

/** gone: it answered 410. failing: nothing but failures for days. */
export type DisabledReason = 'by_owner' | 'gone' | 'failing'

export const EXTRA_SIGNATURES = ['ed25519', 'sm2'] as const
export type ExtraSignature = (typeof EXTRA_SIGNATURES)[number]

export type Endpoint = {
  readonly hospitalId: HospitalId
  readonly id: EndpointId
  readonly applicationId: ApplicationId
  readonly url: string
  readonly eventTypes: readonly EventType[]
  readonly extraSignature: ExtraSignature | null
  readonly secretSealed: string
  readonly earlierSecretSealed: string | null
  readonly earlierSecretUntil: Date | null
  readonly status: EndpointStatus
  readonly disabledReason: DisabledReason | null
  readonly failingSince: Date | null
  readonly createdAt: Date
}

export const MOST_ENDPOINTS = 10
export const SECRET_OVERLAP_MS = 24 * HOUR_MS
/** An endpoint that has done nothing but fail for so long is switched off, and a person told. */
export const DISABLE_AFTER_MS = 3 * DAY_MS
