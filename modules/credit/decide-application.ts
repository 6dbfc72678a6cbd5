import { type Fen, minFen, ZERO } from '../../kernel/money.ts'
import type { Product } from './terms.ts'

/** What a decision goes by. Facts only: no names, no numbers of people, nothing of their illness. */
export type ApplicantFacts = {
  /** Null when no birth date is known. */
  ageYears: number | null
  /** A medical insurance is in force. */
  insured: boolean
  /** Registered with the authorities as a person in need: 低保, 特困, 防止返贫监测对象. */
  needRegistered: boolean
  /** Bills paid in full over the platform in the last 12 months, by whatever means. */
  billsPaidLastYear: number
  repayment: {
    loansRepaid: number
    /** How often an instalment was paid after its due day. */
    timesLate: number
    longestOverdueDays: number
    overdueNow: boolean
    writtenOff: boolean
  }
}

/** `limitFen` is what the bands give; 0 when refused. Every reason is a code with its figures, worded by the web. */
export type Decision = {
  outcome: 'granted' | 'refused'
  score: number
  limitFen: Fen
  scorecard: typeof SCORECARD
  reasons: DecisionReason[]
}

export type DecisionReason = {
  code: ReasonCode
  /** What it added to the score or took from it; 0 for a reason that decides by itself. */
  points: number
  params: Record<string, number>
}

export type ReasonCode =
  | 'base'
  | 'insured'
  | 'bills_paid'
  | 'loans_repaid'
  | 'paid_late'
  | 'long_overdue'
  | 'age_unknown'
  | 'age_below'
  | 'age_above'
  | 'overdue_now'
  | 'written_off'
  | 'need_not_registered'
  | 'score_below_bands'
  | 'band'
  | 'need_floor'
  | 'product_most'

/** Kept with every decision, so that one is explained by the card it was made with. */
export const SCORECARD = 'visit-1'

const BASE_POINTS = 500
const INSURED_POINTS = 100
const POINTS_PER_BILL = 10
const MOST_BILLS_COUNTED = 10
const POINTS_PER_LOAN_REPAID = 25
const MOST_LOANS_COUNTED = 8
const POINTS_PER_LATE = -40
const MOST_LATE_COUNTED = 10
const LONG_OVERDUE_DAYS = 30
const LONG_OVERDUE_POINTS = -150

/**
 * Decides on an application by the product's bands. Pure: the same facts and product give the same decision, with a
 * reason for every point and for the limit. Whoever is excluded is told by which rule; their score is told too.
 */
export function decideApplication(product: Product, facts: ApplicantFacts): Decision {
  const points = pointsOf(facts)
  const score = Math.max(
    0,
    points.reduce((sum, reason) => sum + reason.points, 0),
  )
  const excluded = exclusionsOf(product, facts)
  const refused = (reasons: DecisionReason[]): Decision => ({
    outcome: 'refused',
    score,
    limitFen: ZERO,
    scorecard: SCORECARD,
    reasons: [...points, ...reasons],
  })
  if (excluded.length > 0) return refused(excluded)
  const { limitFen, why } = limitOf(product, score)
  if (limitFen < product.minLimitFen) return refused(why)
  return {
    outcome: 'granted',
    score,
    limitFen,
    scorecard: SCORECARD,
    reasons: [...points, ...why],
  }
}

function pointsOf({ insured, billsPaidLastYear, repayment }: ApplicantFacts): DecisionReason[] {
  const { loansRepaid, timesLate, longestOverdueDays } = repayment
  const bills = Math.min(billsPaidLastYear, MOST_BILLS_COUNTED)
  const loans = Math.min(loansRepaid, MOST_LOANS_COUNTED)
  const late = Math.min(timesLate, MOST_LATE_COUNTED)
  const isLong = longestOverdueDays > LONG_OVERDUE_DAYS
  const all: DecisionReason[] = [
    reason('base', BASE_POINTS),
    reason('insured', insured ? INSURED_POINTS : 0),
    reason('bills_paid', bills * POINTS_PER_BILL, { count: billsPaidLastYear }),
    reason('loans_repaid', loans * POINTS_PER_LOAN_REPAID, { count: loansRepaid }),
    reason('paid_late', late * POINTS_PER_LATE, { count: timesLate }),
    reason('long_overdue', isLong ? LONG_OVERDUE_POINTS : 0, { days: longestOverdueDays }),
  ]
  return all.filter(({ points }) => points !== 0)
}

/** The rules that decide whatever the score is. */
export function exclusionsOf(product: Product, facts: ApplicantFacts): DecisionReason[] {
  const { ageYears, needRegistered, repayment } = facts
  const { minAgeYears, maxAgeYears } = product
  const all: [boolean, DecisionReason][] = [
    [ageYears === null, reason('age_unknown')],
    [
      ageYears !== null && ageYears < minAgeYears,
      reason('age_below', 0, { ageYears: ageYears ?? 0, least: minAgeYears }),
    ],
    [
      ageYears !== null && ageYears > maxAgeYears,
      reason('age_above', 0, { ageYears: ageYears ?? 0, most: maxAgeYears }),
    ],
    [repayment.overdueNow, reason('overdue_now')],
    [repayment.writtenOff, reason('written_off')],
    [product.kind === 'no_down_payment' && !needRegistered, reason('need_not_registered')],
  ]
  return all.filter(([applies]) => applies).map(([, why]) => why)
}

/** For people in need the score may raise the limit, and never takes away the least of it. */
function limitOf(product: Product, score: number): { limitFen: Fen; why: DecisionReason[] } {
  const band = product.bands.find(({ fromScore }) => score >= fromScore)
  if (!band) {
    if (product.kind === 'no_down_payment') {
      const limitFen = product.minLimitFen
      return { limitFen, why: [reason('need_floor', 0, { limitFen })] }
    }
    const least = product.bands.at(-1)?.fromScore ?? 0
    return { limitFen: ZERO, why: [reason('score_below_bands', 0, { score, least })] }
  }
  const limitFen = minFen(band.limitFen, product.maxLimitFen)
  const why = [reason('band', 0, { score, fromScore: band.fromScore, limitFen: band.limitFen })]
  if (limitFen < band.limitFen) why.push(reason('product_most', 0, { limitFen }))
  return { limitFen, why }
}

const reason = (
  code: ReasonCode,
  points = 0,
  params: Record<string, number> = {},
): DecisionReason => ({ code, points, params })
