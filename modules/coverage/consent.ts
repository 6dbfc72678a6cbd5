import type { Id } from '../../kernel/id.ts'
import { DOCUMENT_KINDS } from './insurer.ts'

/** policy_check: an insurer is told who the person is and what a bill has on it. claim_papers: it is sent papers. */
export const CONSENT_PURPOSES = ['policy_check', 'claim_papers'] as const
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number]

/** Which papers may be sent; and whether an insurer may be told the diagnosis before it pays. */
export const CONSENT_SCOPES = [...DOCUMENT_KINDS, 'diagnosis'] as const
export type ConsentScope = (typeof CONSENT_SCOPES)[number]

/** What a person allowed for one insurer. */
export type Consent = {
  id: Id<'Consent'>
  personId: Id<'Person'>
  insurerCode: string
  purpose: ConsentPurpose
  /** Of the text that the person was shown. */
  version: string
  scope: readonly ConsentScope[]
  givenAt: Date
  expiresAt: Date
  withdrawnAt: Date | null
  replacedAt: Date | null
}

export const isInForce = (consent: Consent, now: Date): boolean =>
  consent.withdrawnAt === null &&
  consent.replacedAt === null &&
  consent.givenAt <= now &&
  now < consent.expiresAt
