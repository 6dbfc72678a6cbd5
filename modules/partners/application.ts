import type { HospitalId, Id } from '../../kernel/id.ts'
import { DAY_MS } from '../../kernel/time.ts'
import { type ApplicationId, type HospitalAccess, type Scope, SCOPES } from './scope.ts'

export const APPLICATION_KINDS = ['bank', 'his_vendor', 'insurer', 'app'] as const
export type ApplicationKind = (typeof APPLICATION_KINDS)[number]

/** What a hospital may let an application of each kind do: what its institution is there for, and no more. */
export const SCOPES_OF: Record<ApplicationKind, readonly Scope[]> = {
  bank: SCOPES,
  his_vendor: [
    'payments:read',
    'payments:write',
    'refunds:write',
    'reconciliation:read',
    'events:read',
    'schedules:read',
    'bookings:write',
  ],
  insurer: ['payments:read', 'reconciliation:read', 'events:read', 'verify:read'],
  app: [
    'payments:read',
    'payments:write',
    'refunds:write',
    'events:read',
    'verify:read',
    'schedules:read',
    'bookings:write',
  ],
}

export const KEY_ALGORITHMS = ['rsa-sha256', 'sm2-sm3'] as const
export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number]

export type SecretId = Id<'ApplicationSecret'>
export type KeyId = Id<'ApplicationKey'>

/** What an institution's software is known by. `homeHospital` registered it, and others may let it in too. */
export type Application = {
  readonly id: ApplicationId
  readonly clientId: string
  readonly name: string
  readonly kind: ApplicationKind
  readonly homeHospital: HospitalId
  readonly allowedAddresses: readonly string[]
  readonly status: 'active' | 'disabled'
  readonly createdAt: Date
}

/** An application as one hospital sees it. */
export type AdmittedApplication = {
  application: Application
  access: HospitalAccess & { status: 'active' | 'withdrawn' }
}

export type ApplicationSecret = {
  readonly id: SecretId
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly revokedAt: Date | null
}

export type ApplicationKey = {
  readonly id: KeyId
  readonly applicationId: ApplicationId
  readonly algorithm: KeyAlgorithm
  readonly publicKey: string
  readonly validFrom: Date
  readonly validUntil: Date
  readonly revokedAt: Date | null
}

/** Two, so that the new one can be put in place while the old one still works. */
export const MOST_LIVE_SECRETS = 2
export const SECRET_LIFE_MS = 365 * DAY_MS
export const MOST_LIVE_KEYS = 5
export const LONGEST_KEY_LIFE_MS = 3 * 365 * DAY_MS
export const MOST_ADDRESSES = 50
