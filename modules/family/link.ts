import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import {
  addMs,
  type BusinessDate,
  businessDateOf,
  DAY_MS,
  yearsBetween,
} from '../../kernel/time.ts'
import type { CareScope } from '../../platform/principal.ts'

export type PersonId = Id<'Person'>
export type LinkId = Id<'FamilyLink'>

/** What the member is to the carer. */
export const RELATIONS = ['child', 'parent', 'spouse', 'sibling', 'ward', 'other'] as const
export type Relation = (typeof RELATIONS)[number]

/** 挂号候诊, 查看账单, 代为缴费. To pay a bill is to see it. */
export const CARE_SCOPES = ['book', 'bills', 'pay'] as const satisfies readonly CareScope[]

/** consent: the member says so. proof: documents that a desk has seen say so, for whom the law lets decide others. */
export type Ground = 'consent' | 'proof'

/** What a desk has seen. member_present: the member themself, with their card, saying so. */
export const EVIDENCE = [
  'member_present',
  'birth_certificate',
  'household_register',
  'adoption_certificate',
  'court_order',
] as const
export type Evidence = (typeof EVIDENCE)[number]

/** Why a desk ends what stands by documents. */
export const END_REASONS = ['custody_changed', 'member_asks', 'entered_wrongly'] as const

/** One person may act for another: what was asked for, who said yes, and when it ended. */
export type Link = {
  readonly id: LinkId
  /** 代办人: who acts. */
  readonly carerId: PersonId
  /** 被代办人: for whom. */
  readonly memberId: PersonId
  readonly relation: Relation
  readonly ground: Ground
  readonly scopes: readonly CareScope[]
  /** The most of one payment that the carer may agree to for the member; null: no such limit. */
  readonly mostFen: Fen | null
  readonly textVersion: string
  readonly askedAt: Date
  readonly expiresAt: Date
  readonly decision: Decision | null
  readonly ending: Ending | null
}

export type Decision = {
  verdict: 'agreed' | 'refused'
  at: Date
  /** Null: the member themself, on their phone. */
  desk: { hospitalId: HospitalId; evidence: Evidence } | null
}

/** time: nobody answered, or it ran out. */
export type Ending = { at: Date; by: 'carer' | 'member' | 'desk' | 'time' }

/** came_of_age: documents of a minor say nothing of an adult, who decides for themself. */
export type Standing =
  | 'waiting'
  | 'unanswered'
  | 'in_force'
  | 'refused'
  | 'ended'
  | 'expired'
  | 'came_of_age'

const ADULT_YEARS = 18
const ANSWERED_WITHIN_MS = 7 * DAY_MS

/** How a link stands now. Where the birth date is not given, nobody comes of age. */
export function standingOf(link: Link, memberBirthDate: BusinessDate | null, now: Date): Standing {
  if (link.ending) return link.ending.by === 'time' && !link.decision ? 'unanswered' : 'ended'
  if (link.decision?.verdict === 'refused') return 'refused'
  if (now >= link.expiresAt) return 'expired'
  if (!link.decision)
    return now < addMs(link.askedAt, ANSWERED_WITHIN_MS) ? 'waiting' : 'unanswered'
  const isGrown = memberBirthDate !== null && isAdult(memberBirthDate, now)
  return isByAge(link) && isGrown ? 'came_of_age' : 'in_force'
}

/** By documents that say no more than whose child it is. A court's order holds for adults too. */
const isByAge = ({ ground, decision }: Link): boolean =>
  ground === 'proof' && decision?.desk?.evidence !== 'court_order'

export const isAdult = (birthDate: BusinessDate, now: Date): boolean =>
  yearsBetween(birthDate, businessDateOf(now)) >= ADULT_YEARS

/** Which evidence settles which ground: nobody's presence stands for a minor, and no register for an adult's own word. */
export const settles = (ground: Ground, evidence: Evidence): boolean =>
  (ground === 'consent') === (evidence === 'member_present')
