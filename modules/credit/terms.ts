import { assert } from '../../kernel/assert.ts'
import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'

// The words that lines, visits and loans share.

/**
 * A lender is named by the number of its book: above all hospitals' numbers, so that its rows and its ledger are kept
 * apart by the same means as a hospital's. `inHospital(db, lenderId, …)` opens its book.
 */
export type LenderId = HospitalId

const FIRST_LENDER = 900_001

export const isLenderId = (value: number): value is LenderId =>
  Number.isSafeInteger(value) && value >= FIRST_LENDER

/** Asserts on a number that is no lender's. */
export function lenderId(value: number): LenderId {
  assert(isLenderId(value), `${value} is a lender's book, ${FIRST_LENDER} or above`)
  return value
}

export type PersonId = Id<'Person'>
export type LineId = Id<'CreditLine'>
export type CreditVisitId = Id<'CreditVisit'>
export type LoanId = Id<'Loan'>
export type ApplicationId = Id<'CreditApplication'>

/** 'pay-later-1': chosen by the lender. The terms of a product never change; new terms are a new product. */
export type ProductId = string

export const PRODUCT_KINDS = [
  'visit_credit', // 信用就医: the visit is settled once, at its end
  'white_note', // 医疗白条: for a single bill
  'no_down_payment', // 先诊疗后付费: for registered people in need
] as const

export type ProductKind = (typeof PRODUCT_KINDS)[number]

export const REPAYMENT_WAYS = [
  'next_month', // all of it at the end of the free period
  'equal_payment', // 等额本息
  'equal_principal', // 等额本金
  'flat_fee', // 分期手续费: principal in equal parts, a fee on the whole principal with each
] as const

export type RepaymentWay = (typeof REPAYMENT_WAYS)[number]

/** One way of repayment as a product offers it. */
export type WayTerms = {
  way: RepaymentWay
  /** Months; 1 for next_month. */
  periods: number
  /** Parts per million a year, simple, on the principal that is outstanding after the free days; 0 for flat_fee. */
  yearlyRatePpm: number
  /** Parts per million of the whole principal, with each period; 0 for all but flat_fee. */
  feePpm: number
}

export const SCENES = ['registration', 'outpatient', 'inpatient'] as const

/** What a credit may pay. */
export type Scene = (typeof SCENES)[number]

/** People whose points are `fromScore` or above may have up to `limitFen`. Bands are listed from the highest down. */
export type ScoreBand = { fromScore: number; limitFen: Fen }

/** What a lender offers. Data: a lender changes its offer without a change to the program. */
export type Product = {
  lenderId: LenderId
  id: ProductId
  kind: ProductKind
  name: { zh: string; en: string }
  status: 'offered' | 'withdrawn'
  minLimitFen: Fen
  maxLimitFen: Fen
  /** Days without interest after the settlement. The last of them is the due day of next_month. */
  freeDays: number
  ways: readonly WayTerms[]
  /** Penalty interest on what is overdue, as a multiple of the yearly rate: 1_500_000 is one and a half times. */
  penaltyPpm: number
  /** The most that the yearly rate by IRR of any of its ways may come to. */
  aprCapPpm: number
  scenes: readonly Scene[]
  bands: readonly ScoreBand[]
  minAgeYears: number
  maxAgeYears: number
  /** Which text a person agrees to. */
  consentVersion: string
}

export const wayOf = (product: Product, way: RepaymentWay): WayTerms | null =>
  product.ways.find((terms) => terms.way === way) ?? null
