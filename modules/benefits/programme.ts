import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Rule } from './rule.ts'

export type ProgrammeId = Id<'BenefitProgramme'>
export type EntitlementId = Id<'Entitlement'>
export type PersonId = Id<'Person'>

export const BENEFIT_KINDS = ['package', 'voucher', 'subsidy'] as const

/** What a payment can use, in the order in which it is used; what goes back goes in the reverse order. */
export type BenefitKind = (typeof BENEFIT_KINDS)[number]

export const PROGRAMME_KINDS = [...BENEFIT_KINDS, 'points'] as const

export const POINT_EVENTS = ['health_station', 'primary_care_first'] as const

export type PointEvent = (typeof POINT_EVENTS)[number]

/** Who pays, for what, to whom, in which period. A region's is allotted to each hospital that takes part. */
export type Programme = {
  hospitalId: HospitalId
  id: ProgrammeId
  name: { zh: string; en: string }
  funder: { kind: 'hospital' | 'region'; code: string; name: string }
  terms: Terms
  /** Both days belong to it. */
  startsOn: BusinessDate
  endsOn: BusinessDate
  status: ProgrammeStatus
}

/** proposed: nobody has it until a second person agrees. */
export type ProgrammeStatus = 'proposed' | 'active' | 'refused' | 'ended'

export type Terms = SubsidyTerms | VoucherTerms | PackageTerms | PointsTerms

export type SubsidyTerms = {
  kind: 'subsidy'
  rule: Rule
  /** True: only who holds an entitlement gets it; false: whoever meets the rule. */
  byGrant: boolean
  /** Of what is left of the charges it covers. */
  sharePpm: number
  perVisitMostFen: Fen | null
  perYearMostFen: Fen | null
  /** Charge categories; none: all. */
  categories: readonly string[]
  /** False: of those that do not combine, the one that pays most is used, and no other. */
  combines: boolean
  /** The smaller first. */
  position: number
}

export type VoucherTerms = {
  kind: 'voucher'
  /** What must be left of a bill for a voucher to be used. */
  leastBillFen: Fen
  validDays: number
  categories: readonly string[]
  offers: readonly { code: string; points: number; amountFen: Fen }[]
}

export type PackageTerms = {
  kind: 'package'
  rule: Rule
  priceFen: Fen
  validDays: number
  items: readonly { code: string; name: string; most: number }[]
}

export type PointsTerms = {
  kind: 'points'
  earn: readonly { event: PointEvent; points: number; perYearMost: number }[]
}

export const isRunning = (
  { status, startsOn, endsOn }: Pick<Programme, 'status' | 'startsOn' | 'endsOn'>,
  on: BusinessDate,
): boolean => status === 'active' && startsOn <= on && on <= endsOn

/** What contradicts itself in a new programme, by the name of its field; empty when nothing does. */
export function problemsOf({
  startsOn,
  endsOn,
  terms,
}: Pick<Programme, 'startsOn' | 'endsOn' | 'terms'>): string[] {
  const problems = startsOn > endsOn ? ['endsOn'] : []
  if ('rule' in terms && terms.rule.anyOf.length === 0) problems.push('rule')
  switch (terms.kind) {
    case 'subsidy':
      if (isForEverybody(terms)) problems.push('perYearMostFen')
      return terms.sharePpm > 0 && terms.sharePpm <= 1_000_000
        ? problems
        : [...problems, 'sharePpm']
    case 'voucher':
      return [
        ...problems,
        ...repeated(
          'offers',
          terms.offers.map(({ code }) => code),
        ),
      ]
    case 'package':
      return [
        ...problems,
        ...repeated(
          'items',
          terms.items.map(({ code }) => code),
        ),
      ]
    case 'points':
      return [
        ...problems,
        ...repeated(
          'earn',
          terms.earn.map(({ event }) => event),
        ),
      ]
  }
}

/** Whom nobody has to grant it and nothing has to be true of, it must not pay without end. */
const isForEverybody = ({ rule, byGrant, perVisitMostFen, perYearMostFen }: SubsidyTerms) =>
  !byGrant &&
  rule.anyOf.some((group) => group.length === 0) &&
  perVisitMostFen === null &&
  perYearMostFen === null

const repeated = (field: string, codes: readonly string[]): string[] =>
  new Set(codes).size === codes.length ? [] : [field]

export type EntitlementStatus = 'proposed' | 'active' | 'refused' | 'revoked' | 'expired'

/** What one person may have of a programme, on which evidence, and by whose decision. */
export type Entitlement = {
  hospitalId: HospitalId
  id: EntitlementId
  programmeId: ProgrammeId
  personId: PersonId
  kind: BenefitKind
  /** 'decision:<document>', 'exchange:<id>', 'purchase:<receipt>': one entitlement for each. */
  origin: string
  /** Null: as much as the programme gives. */
  amountFen: Fen | null
  usedFen: Fen
  validFrom: BusinessDate
  validUntil: BusinessDate
  /** The paper it rests on, and what it says. */
  document: string
  grounds: string
  status: EntitlementStatus
  proposedBy: string
  proposedAt: Date
  needsSecond: boolean
  decidedBy: string | null
  endReason: string | null
  items: readonly EntitlementItem[]
}

export type EntitlementItem = { code: string; most: number; used: number }
