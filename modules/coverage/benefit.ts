import {
  addFen,
  allocateFen,
  type Fen,
  fen,
  minFen,
  shareFen,
  subtractFen,
  ZERO,
} from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { BillLine, InsuranceClass, Policy, VisitKind } from './insurer.ts'
import type { Product } from './product.ts'

/** What is known of a bill when a policy's share of it is worked out. */
export type BenefitBill = {
  kind: VisitKind
  /** ICD-10 of the visit, empty before there is one. */
  diagnosisCode: string
  on: BusinessDate
  lines: readonly Pick<BillLine, 'lineId' | 'chargeCategory' | 'insuranceClass' | 'leftFen'>[]
}

/** A policy by the insurer's word of `asOf`: what is used of deductible and cap is of that day's policy year. */
export type BenefitPolicy = Pick<Policy, 'state' | 'validFrom' | 'validUntil' | 'terms'> & {
  product: Product
  asOf: BusinessDate
}

/** Never more than what is left of the bill, never below zero, and the lines add up to `payFen`. */
export type Benefit = {
  payFen: Fen
  /** What is left of the bill and covered at all. */
  coveredFen: Fen
  /** Of this bill, borne by the person; and what of it remains for the next one. */
  deductibleFen: Fen
  deductibleLeftFen: Fen
  /** Covered and above the deductible, but beyond the share or the cap. */
  ownShareFen: Fen
  overCapFen: Fen
  lines: BenefitLine[]
  /** Why nothing at all is paid; null when that is the terms' outcome and no rule forbids it. */
  barredBy: Bar | null
}

export type BenefitLine = {
  lineId: string
  leftFen: Fen
  coveredFen: Fen
  payFen: Fen
  reason: LineReason
}

/** Why a line is paid, or is not: worded by the web. */
export type LineReason =
  | 'covered'
  | 'nothing_left' // others pay all of it
  | 'excluded_category'
  | 'excluded_class'
  | 'barred' // no line of this bill is covered: see `barredBy`
  | 'below_deductible'
  | 'cap_reached'

export type Bar =
  | 'policy_lapsed'
  | 'policy_suspended'
  | 'not_yet_valid'
  | 'no_longer_valid'
  | 'waiting_period'
  | 'not_this_visit' // the product covers other kinds of visit
  | 'not_this_diagnosis' // the package is for other diseases

/**
 * Pure: what a policy pays of what is left of a bill. The deductible first, then the share of what is above it, up to the
 * cap of the policy year. An estimate and an explanation: the insurer's own figures always win.
 */
export function benefitOf(bill: BenefitBill, policy: BenefitPolicy): Benefit {
  const barredBy = barOf(bill, policy)
  const { ratioPpm } = policy.terms
  const { deductibleLeftFen, capLeftFen } = leftInYear(policy, bill.on)
  const covered = bill.lines.map((line) => coverageOf(line, policy, barredBy))
  const coveredFen = addFen(...covered.map((line) => line.coveredFen))
  const deductibleFen = minFen(deductibleLeftFen, coveredFen)
  const aboveFen = subtractFen(coveredFen, deductibleFen)
  const byShareFen = shareFen(aboveFen, ratioPpm)
  const payFen = minFen(byShareFen, capLeftFen)
  return {
    payFen,
    coveredFen,
    deductibleFen,
    deductibleLeftFen: subtractFen(deductibleLeftFen, deductibleFen),
    ownShareFen: subtractFen(aboveFen, byShareFen),
    overCapFen: subtractFen(byShareFen, payFen),
    lines: withPay(covered, payFen, aboveFen === 0 ? 'below_deductible' : 'cap_reached'),
    barredBy,
  }
}

/** What keeps a policy from paying for a visit on that day, whatever is on the bill. */
export function barOf(
  { kind, diagnosisCode, on }: Pick<BenefitBill, 'kind' | 'diagnosisCode' | 'on'>,
  { state, validFrom, validUntil, terms, product }: BenefitPolicy,
): Bar | null {
  if (state === 'lapsed') return 'policy_lapsed'
  if (state === 'suspended') return 'policy_suspended'
  if (on < validFrom) return 'not_yet_valid'
  if (on > validUntil) return 'no_longer_valid'
  if (terms.waitingUntil !== null && on < terms.waitingUntil) return 'waiting_period'
  if (!product.visitKinds.includes(kind)) return 'not_this_visit'
  const { diagnosisPrefixes } = product
  if (diagnosisPrefixes === null) return null
  const fits = diagnosisPrefixes.some((prefix) => diagnosisCode.startsWith(prefix))
  return fits ? null : 'not_this_diagnosis'
}

/** The first day of the policy year in which `on` lies: the latest yearly return of the policy's first day. */
export function policyYearStart(validFrom: BusinessDate, on: BusinessDate): BusinessDate {
  const year = Number(on.slice(0, 4))
  const sameYear = anniversary(validFrom, year)
  return sameYear <= on ? sameYear : anniversary(validFrom, year - 1)
}

/** A policy of 29 February begins its other years on 1 March. */
function anniversary(validFrom: BusinessDate, year: number): BusinessDate {
  const isLeapDay = validFrom.slice(5) === '02-29'
  const isLeapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const day = isLeapDay && !isLeapYear ? '03-01' : validFrom.slice(5)
  return `${String(year).padStart(4, '0')}-${day}` as BusinessDate
}

/** What was used in another policy year than the bill's counts for nothing. */
function leftInYear({ terms, validFrom, asOf }: BenefitPolicy, on: BusinessDate) {
  const isSameYear = policyYearStart(validFrom, asOf) === policyYearStart(validFrom, on)
  const usedFen = isSameYear ? terms.deductibleUsedFen : ZERO
  const paidFen = isSameYear ? terms.paidFen : ZERO
  return {
    deductibleLeftFen: atLeastZero(terms.deductibleFen - usedFen),
    capLeftFen: atLeastZero(terms.capFen - paidFen),
  }
}

const atLeastZero = (amount: number): Fen => fen(Math.max(amount, 0))

function coverageOf(
  line: BenefitBill['lines'][number],
  { terms }: BenefitPolicy,
  barredBy: Bar | null,
): Omit<BenefitLine, 'payFen'> {
  const { lineId, leftFen } = line
  const reason = barredBy ? 'barred' : reasonFor(line, terms)
  return { lineId, leftFen, coveredFen: reason === 'covered' ? leftFen : ZERO, reason }
}

function reasonFor(
  line: { chargeCategory: string; insuranceClass: InsuranceClass; leftFen: Fen },
  { excludedCategories, excludedClasses }: Policy['terms'],
): LineReason {
  if (line.leftFen === 0) return 'nothing_left'
  if (excludedCategories.includes(line.chargeCategory)) return 'excluded_category'
  if (excludedClasses.includes(line.insuranceClass)) return 'excluded_class'
  return 'covered'
}

/** What is paid, over the covered lines by their amounts. */
function withPay(
  lines: readonly Omit<BenefitLine, 'payFen'>[],
  payFen: Fen,
  whyNothing: 'below_deductible' | 'cap_reached',
): BenefitLine[] {
  const weights = lines.map((line) => line.coveredFen)
  const shares = payFen > 0 ? allocateFen(payFen, weights) : []
  return lines.map((line, i) => {
    const isUnpaid = line.reason === 'covered' && payFen === 0
    return { ...line, payFen: shares[i] ?? ZERO, reason: isUnpaid ? whyNothing : line.reason }
  })
}
