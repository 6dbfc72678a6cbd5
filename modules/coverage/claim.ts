import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { DocumentKind } from './insurer.ts'

export type ClaimId = Id<'CoverageClaim'>

/** The papers of one settlement on their way to its insurer, and what the insurer makes of them. */
export type Claim = {
  readonly hospitalId: HospitalId
  readonly id: ClaimId
  readonly orderNo: string
  readonly paymentId: Id<'Payment'>
  readonly personId: Id<'Person'>
  readonly insurerCode: string
  readonly policyNo: string
  readonly payFen: Fen
  readonly status: ClaimStatus
  /** One business day after the settlement. */
  readonly dueBy: Date
  /** When to look at it again; null when nothing is to be done. */
  readonly dueAt: Date | null
  readonly attempts: number
  readonly submissionNo: string | null
  readonly claimNo: string | null
  readonly sentKinds: readonly DocumentKind[]
  readonly wanted: readonly DocumentKind[]
  /** In the insurer's words, or why nothing was sent. */
  readonly reason: string | null
  readonly submittedAt: Date | null
  readonly decidedAt: Date | null
  /** Why a person is to look at it, and how they closed it. */
  readonly attention: ClaimAttention | null
  readonly attentionAt: Date | null
  readonly resolution: string | null
  readonly resolvedBy: string | null
  readonly resolvedAt: Date | null
  readonly createdAt: Date
}

export const CLAIM_STATUSES = [
  'waiting', // its papers are not sent yet
  'withheld', // the person does not consent to sending them
  'submitted',
  'more_wanted',
  'accepted',
  'refused', // the insurer wants its money back: the person pays instead
  'closed', // the money went back before
] as const

export type ClaimStatus = (typeof CLAIM_STATUSES)[number]

export const CLAIM_ATTENTIONS = [
  'refused_after_settlement',
  'papers_late', // the business day is over and they are not there
  'papers_not_accepted', // the insurer refuses to take them at all
  'papers_missing', // it wants papers that nobody has, or that may not be sent
] as const

export type ClaimAttention = (typeof CLAIM_ATTENTIONS)[number]
