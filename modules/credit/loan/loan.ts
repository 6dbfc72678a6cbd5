import { type Fen, fen, minFen, subtractFen, ZERO } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { DueRule } from '../offer/due-dates.ts'
import type { Disclosure } from '../offer/offer.ts'

export type LoanStatus = 'open' | 'settled' | 'written_off'
export type RepaymentSource = 'debit' | 'payer' | 'family' | 'recovery'

/** 'due': all that is due today and before; 'full': the whole loan, today; 'partial': an amount. */
export type RepaymentScope = 'partial' | 'due' | 'full'

/** The kinds of which a debt is made. Each is an account of the lender's book. */
export type Amounts = { principalFen: Fen; interestFen: Fen; feeFen: Fen; penaltyFen: Fen }
export type AmountKind = 'principal' | 'interest' | 'fee' | 'penalty'

/** In which order a payment goes to the kinds of one instalment; older instalments come first in any order. */
export type AllocationOrder = readonly AmountKind[]
const USUAL_ORDER: AllocationOrder = ['penalty', 'interest', 'fee', 'principal']

/** One due day of a loan and what stands open of it, as of the day to which it is accrued. */
export type Instalment = {
  no: number
  fromOn: BusinessDate
  dueOn: BusinessDate
  periodDays: number
  status: 'open' | 'paid' | 'written_off'
  /** What it comes to by its due day, without penalty. */
  scheduled: { principalFen: Fen; interestFen: Fen; feeFen: Fen }
  /** Accrued or charged, and not paid. */
  open: Amounts
  paid: Amounts
}

export const NOTHING: Amounts = {
  principalFen: ZERO,
  interestFen: ZERO,
  feeFen: ZERO,
  penaltyFen: ZERO,
}

export const totalOf = ({ principalFen, interestFen, feeFen, penaltyFen }: Amounts): Fen =>
  fen(principalFen + interestFen + feeFen + penaltyFen)

export const plus = (a: Amounts, b: Amounts): Amounts => ({
  principalFen: fen(a.principalFen + b.principalFen),
  interestFen: fen(a.interestFen + b.interestFen),
  feeFen: fen(a.feeFen + b.feeFen),
  penaltyFen: fen(a.penaltyFen + b.penaltyFen),
})

export const sumOf = (all: readonly Amounts[]): Amounts => all.reduce(plus, NOTHING)

/** All that is open. Of what is not due yet, interest counts to today and later fees not at all. */
export const owedInFull = (instalments: readonly Instalment[]): Amounts =>
  sumOf(instalments.filter(({ status }) => status !== 'paid').map(({ open }) => open))

/** What is due on this day or was due before it. */
export const owedNow = (instalments: readonly Instalment[], on: BusinessDate): Amounts =>
  owedInFull(instalments.filter(({ dueOn }) => dueOn <= on))

export type Allocation = {
  /** By instalment, those of nothing left out. */
  parts: { no: number; amounts: Amounts }[]
  /** What no due amount took: it pays principal before its time. */
  leftFen: Fen
}

/** Gives an amount to the instalments, oldest first, and within each in this order. */
export function allocate(
  amountFen: Fen,
  instalments: readonly Instalment[],
  order: AllocationOrder = USUAL_ORDER,
): Allocation {
  let left = amountFen
  const parts = instalments.map(({ no, open }) => {
    const taken = { ...NOTHING }
    for (const kind of order) {
      const part = minFen(left, open[KEYS[kind]])
      taken[KEYS[kind]] = part
      left = subtractFen(left, part)
    }
    return { no, amounts: taken }
  })
  return { parts: parts.filter(({ amounts }) => totalOf(amounts) > 0), leftFen: left }
}

const KEYS = {
  principal: 'principalFen',
  interest: 'interestFen',
  fee: 'feeFen',
  penalty: 'penaltyFen',
} as const satisfies Record<AmountKind, keyof Amounts>

/** From which day after the due day a loan is in a stage, and whether the line it came from is suspended in it. */
export type Stage = { name: string; fromDay: number; suspends: boolean }

export const CURRENT = 'current'

/** The grades of loans 贷款五级分类 by days, and what a lender does in them. Data: a lender may have others. */
const USUAL_STAGES: readonly Stage[] = [
  { name: 'overdue', fromDay: 1, suspends: true },
  { name: 'attention', fromDay: 8, suspends: true },
  { name: 'substandard', fromDay: 91, suspends: true },
  { name: 'doubtful', fromDay: 181, suspends: true },
  { name: 'loss', fromDay: 361, suspends: true },
]

/** What a lender does and when, besides the terms of its products. */
export type LoanRules = {
  order: AllocationOrder
  stages: readonly Stage[]
  /** Days after the due day on which the account is debited. */
  debitDays: readonly number[]
  /** Days before (below zero) and after the due day on which the payer is reminded. */
  reminderDays: readonly number[]
  dueRule: DueRule
  disclosure: Disclosure
}

export const USUAL_RULES: LoanRules = {
  order: USUAL_ORDER,
  stages: USUAL_STAGES,
  debitDays: [0, 1, 3, 7],
  reminderDays: [-3, 0, 1, 3, 7],
  dueRule: { dayOfMonth: 'same', roll: 'none' },
  disclosure: 'apr_simple_irr',
}

/** A lender's figures of an evening: amounts and counts, and nothing about any person. */
export type Portfolio = {
  openLoans: number
  principalFen: Fen
  interestFen: Fen
  feeFen: Fen
  penaltyFen: Fen
  /** By days overdue of the loan's oldest unpaid instalment; 'current' first. */
  buckets: { name: string; loans: number; principalFen: Fen }[]
  /** Of the day. */
  newLoans: number
  newPrincipalFen: Fen
  repaidFen: Fen
  recoveredFen: Fen
  writtenOffLoans: number
  writtenOffFen: Fen
  /** Principal overdue by more than 90 days, of all open principal. Parts per million. */
  badDebtPpm: number
}
