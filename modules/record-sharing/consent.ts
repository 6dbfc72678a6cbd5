import type { HospitalId, Id } from '../../kernel/id.ts'
import { DAY_MS, HOUR_MS } from '../../kernel/time.ts'

export type PersonId = Id<'Person'>

/** report: what laboratories and imaging found. visit: the appointments of clinics. */
export const RECORD_KINDS = ['report', 'visit'] as const
export type RecordKind = (typeof RECORD_KINDS)[number]

/** 诊疗, 转诊, 第二诊疗意见. */
export const PURPOSES = ['treatment', 'referral', 'second_opinion'] as const
export type Purpose = (typeof PURPOSES)[number]

export type ConsentId = Id<'RecordConsent'>

/** What a person allows: which hospital's records of which kinds may be read at which other, for what, until when. */
export type Consent = {
  readonly id: ConsentId
  readonly personId: PersonId
  /** The hospital whose records they are. */
  readonly holderId: HospitalId
  readonly readerId: HospitalId
  readonly purpose: Purpose
  readonly kinds: readonly RecordKind[]
  readonly textVersion: string
  readonly givenAt: Date
  readonly expiresAt: Date
  readonly withdrawnAt: Date | null
}

export const LONGEST_CONSENT_MS = 366 * DAY_MS

/** 抢救, 昏迷, 传染病, 其他. */
export const GLASS_REASONS = ['emergency', 'unconscious', 'infectious_disease', 'other'] as const
export type GlassReason = (typeof GLASS_REASONS)[number]

export type GlassId = Id<'BreakGlass'>

export type AlertId = Id<'RecordAlert'>

/** Records read without consent, for hours, by somebody who says why; another person judges it. */
export type BreakGlass = {
  readonly id: GlassId
  readonly personId: PersonId
  readonly holderId: HospitalId
  readonly readerId: HospitalId
  readonly openedBy: string
  readonly reason: GlassReason
  readonly words: string
  readonly openedAt: Date
  readonly until: Date
  readonly dueAt: Date
  readonly review: GlassReview | null
}

export type GlassReview = {
  verdict: 'justified' | 'abuse'
  note: string | null
  reviewedBy: string
  reviewedAt: Date
}

export const GLASS_LASTS_MS = 4 * HOUR_MS
export const REVIEW_WITHIN_MS = 3 * DAY_MS
/** Of one member of staff, in one day: whoever needs more is asked to be helped by somebody else. */
export const MOST_GLASSES_A_DAY = 10
