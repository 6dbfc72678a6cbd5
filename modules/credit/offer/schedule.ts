import { assert } from '../../../kernel/assert.ts'
import { addFen, type Fen, fen, ZERO } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { RepaymentWay, WayTerms } from '../terms.ts'
import { daysBetween } from './due-dates.ts'
import { offerErrors } from './errors.ts'
import { annuity, dailyInterest, feeOf, monthlyInterest } from './rate.ts'

/** The ways of terms.ts, and the flat fee of all periods taken with the first of them. */
export type ScheduleWay = RepaymentWay | 'flat_fee_up_front'

export type ScheduleTerms = Omit<WayTerms, 'way'> & { way: ScheduleWay }

/** Days without interest before a single repayment. */
export type FreePeriod = {
  days: number
  /** 'inclusive' when no interest is asked for the last day either: a parameter of the contract. */
  end: 'inclusive' | 'exclusive'
}

/** What is due on one day. `no` counts from 1. */
export type Due = {
  no: number
  dueOn: BusinessDate
  principalFen: Fen
  interestFen: Fen
  feeFen: Fen
}

export const MOST_PERIODS = 60

/** Ten million yuan: no product of amounts and rates leaves the range of a database's whole numbers. */
export const LARGEST_PRINCIPAL = fen(1_000_000_000)

/**
 * The schedule of a loan that is paid back in this way on these days. Σ principal is the principal, and the last period
 * takes what rounding left. Errors: throws schedule_does_not_close when an amount is too small for so many periods.
 * Source: credit-settlement.md §3.
 */
export function scheduleOf(principal: Fen, terms: ScheduleTerms, days: ScheduleDays): Due[] {
  const { dueOn } = days
  const { periods } = terms
  assert(dueOn.length === periods && periods >= 1 && periods <= MOST_PERIODS, 'a day a period')
  assert(principal > 0 && principal <= LARGEST_PRINCIPAL, `${principal} fen can be lent`)
  const amounts =
    terms.way === 'next_month' ? [singleDue(principal, terms, days)] : amountsOf(principal, terms)
  const schedule = amounts.map((amount, i) => ({
    no: i + 1,
    dueOn: dueOn[i] ?? days.startOn,
    ...amount,
  }))
  assertCloses(principal, schedule)
  return schedule
}

export type ScheduleDays = {
  startOn: BusinessDate
  dueOn: readonly BusinessDate[]
  free: FreePeriod
}

/** Days for which interest is asked: none within the free period. */
export function chargedDays(start: BusinessDate, end: BusinessDate, free: FreePeriod): number {
  const freeDays = free.days === 0 || free.end === 'inclusive' ? free.days : free.days - 1
  return Math.max(daysBetween(start, end) - freeDays, 0)
}

/** Errors: throws schedule_does_not_close, naming what is off. Also asked of schedules that a bank sent. */
export function assertCloses(principal: Fen, schedule: readonly Due[]): void {
  const sumFen = schedule.reduce((total, due) => total + due.principalFen, 0)
  const isNegative = schedule.some(
    ({ principalFen, interestFen, feeFen }) => principalFen < 0 || interestFen < 0 || feeFen < 0,
  )
  const isInOrder = schedule.every((due, i) => due.dueOn > (schedule[i - 1]?.dueOn ?? ''))
  if (sumFen === principal && !isNegative && isInOrder) return
  throw offerErrors.schedule_does_not_close({
    principalFen: principal,
    sumFen,
    periods: schedule.length,
  })
}

type Amounts = Pick<Due, 'principalFen' | 'interestFen' | 'feeFen'>

function singleDue(principal: Fen, { yearlyRatePpm }: ScheduleTerms, days: ScheduleDays): Amounts {
  const { startOn, dueOn, free } = days
  const charged = chargedDays(startOn, dueOn[0] ?? startOn, free)
  const interestFen = dailyInterest(principal, yearlyRatePpm, charged)
  return { principalFen: principal, interestFen, feeFen: ZERO }
}

function amountsOf(principal: Fen, terms: ScheduleTerms): Amounts[] {
  const { way, periods, yearlyRatePpm } = terms
  const bearsInterest = way === 'equal_payment' || way === 'equal_principal'
  const payment = annuity(principal, yearlyRatePpm, periods)
  const part = fen(Math.floor(principal / periods))
  let balance = principal
  return Array.from({ length: periods }, (_, i) => {
    // Below zero when payments rounded up ended the loan too soon: refused as not closing.
    const interestFen =
      bearsInterest && balance > 0 ? monthlyInterest(balance, yearlyRatePpm) : ZERO
    const usual = way === 'equal_payment' ? fen(payment - interestFen) : part
    const principalFen = i === periods - 1 ? balance : usual
    balance = fen(balance - principalFen)
    return { principalFen, interestFen, feeFen: bearsInterest ? ZERO : feeAt(i) }
  })

  function feeAt(i: number): Fen {
    const fee = feeOf(principal, terms.feePpm)
    if (way === 'flat_fee') return fee
    return i === 0 ? addFen(...Array.from({ length: periods }, () => fee)) : ZERO
  }
}
