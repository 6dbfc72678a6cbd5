import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { HospitalLevel } from './entry.ts'

/** Which policy holds: a region's, for one kind of insurance, at a level of hospital, for a kind of visit. */
export type PolicyKey = {
  region: string // the area code of the insured's region
  insutype: string // '310' employees, '390' residents
  level: HospitalLevel
  visitKind: VisitKind
}

export const VISIT_KINDS = ['outpatient', 'inpatient'] as const
export type VisitKind = (typeof VISIT_KINDS)[number]

export const PERSON_STATUSES = ['employed', 'retired', 'resident'] as const
export type PersonStatus = (typeof PERSON_STATUSES)[number]

export type Policy = PolicyKey & { from: BusinessDate; terms: PolicyTerms }

/** Every number is a region's own and comes as data. Amounts in fen, shares in parts per million. */
export type PolicyTerms = {
  /** By the year, or for each admission: then `laterFen` from the second in the year. */
  deductible: { per: 'year' | 'admission'; firstFen: Fen; laterFen: Fen }
  /** The fund's share of what is in scope above the deductible, by how much of it the year has already seen. */
  segments: readonly Segment[]
  /** What the basic fund pays at most in a year; null for no end. */
  capFen: Fen | null
  /**
   * What pays beyond it. `above_cap`: a share of what the cap cut off 职工大额; `burden`: a share of what the year leaves of
   * what is in scope to the person 居民大病. Its own deductible is where its first segment begins.
   */
  largeSum: {
    on: 'above_cap' | 'burden'
    segments: readonly LargeSegment[]
    capFen: Fen | null
  } | null
  /** Which parts of the person's share their account may pay. */
  accountPays: readonly AccountPart[]
}

export const ACCOUNT_PARTS = ['own', 'over_limit', 'first_share', 'in_scope'] as const
export type AccountPart = (typeof ACCOUNT_PARTS)[number]

/** From this amount on up to the next segment's. */
export type Segment = { fromFen: Fen; sharePpm: Record<PersonStatus, number> }
export type LargeSegment = { fromFen: Fen; sharePpm: number }

/** The first rule that terms break, in words; null for sound ones. */
export function brokenTerm({ deductible, segments, capFen, largeSum }: PolicyTerms): string | null {
  const amounts = [deductible.firstFen, deductible.laterFen, capFen ?? 0, largeSum?.capFen ?? 0]
  if (!amounts.every(isAmount)) return 'an amount is whole fen, not below zero'
  if (!isRising(segments) || segments[0]?.fromFen !== 0) return 'segments rise from zero'
  if (largeSum && !isRising(largeSum.segments)) return 'the large sum’s segments rise'
  const shares = [
    ...segments.flatMap(({ sharePpm }) => PERSON_STATUSES.map((status) => sharePpm[status])),
    ...(largeSum?.segments ?? []).map(({ sharePpm }) => sharePpm),
  ]
  const isShare = (ppm: number) => Number.isSafeInteger(ppm) && ppm >= 0 && ppm <= 1_000_000
  return shares.every(isShare) ? null : 'a share is 0 to 1000000 ppm'
}

const isAmount = (amount: number) => Number.isSafeInteger(amount) && amount >= 0

const isRising = (segments: readonly { fromFen: Fen }[]) =>
  segments.length > 0 &&
  segments.every(
    ({ fromFen }, i) => isAmount(fromFen) && (i === 0 || fromFen > (segments[i - 1]?.fromFen ?? 0)),
  )

/** Where the person stands this year, as far as it is known. */
export type YearSoFar = {
  status: PersonStatus
  deductibleUsedFen: Fen
  admissions: number // before this one
  sharedFen: Fen // in scope above the deductible, which segments go by
  fundPaidFen: Fen
  aboveCapFen: Fen // what the cap has cut off
  burdenFen: Fen // in scope and left to the person
  largeSumPaidFen: Fen
  accountFen: Fen
  useAccount: boolean
}
