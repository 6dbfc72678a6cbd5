import type { HospitalId, Id } from '../../kernel/id.ts'
import { DAY_MS } from '../../kernel/time.ts'
import type { ApplicationKind, KeyId } from './application.ts'
import type { ApplicationId, Scope } from './scope.ts'

/**
 * verify: whether an amount can be paid. pay: to see what is owed, and to begin payments and refunds. book: to take and
 * give back numbers of clinics.
 */
export const GRANT_SCOPES = ['verify', 'pay', 'book'] as const
export type GrantScope = (typeof GRANT_SCOPES)[number]

export type GrantId = Id<'PersonGrant'>

/** What a person allowed an application at one hospital. */
export type PersonGrant = {
  readonly id: GrantId
  readonly personId: Id<'Person'>
  readonly hospitalId: HospitalId
  readonly applicationId: ApplicationId
  readonly scopes: readonly GrantScope[]
  readonly ground: GrantGround
  readonly givenAt: Date
  readonly expiresAt: Date
  readonly withdrawnAt: Date | null
  readonly replacedAt: Date | null
}

/** The text the person agreed to here; or the paper that a bank says its customer signed. */
export type GrantGround =
  | { by: 'person'; textVersion: string }
  | { by: 'institution'; evidence: GrantEvidence }

/** What a bank said, in a request over its own signature, of the consent that it holds. */
export type GrantEvidence = {
  /** The bank's own number of the agreement with its customer. */
  agreementNo: string
  /** SHA-256 in hex, of the document the customer signed. */
  documentSha256: string
  signedAt: string
  /** The key that the request was signed with, and its nonce: by them the request is found again. */
  keyId: KeyId
  nonce: string
}

export const isInForce = (grant: PersonGrant, now: Date): boolean =>
  grant.withdrawnAt === null && grant.replacedAt === null && now < grant.expiresAt

export const LONGEST_GRANT_MS = 366 * DAY_MS

/** Only banks, whose customers sign with them that they pay hospital bills through the bank. */
export const bringsConsents = (kind: ApplicationKind): boolean => kind === 'bank'

/** What a person can allow an application that may do this at a hospital. */
export const grantScopesOf = (scopes: readonly Scope[]): GrantScope[] => [
  ...(scopes.includes('verify:read') ? (['verify'] as const) : []),
  ...(scopes.includes('payments:write') ? (['pay'] as const) : []),
  ...(scopes.includes('bookings:write') ? (['book'] as const) : []),
]
