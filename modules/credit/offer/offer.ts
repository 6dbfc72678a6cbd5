import { assert } from '../../../kernel/assert.ts'
import { addFen, type Fen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import { daysBetween, type DueRule, dueDates, type IsOpen } from './due-dates.ts'
import { offerErrors } from './errors.ts'
import { periodicRate, yearlyRate } from './irr.ts'
import { DAYS, MILLION, MONTHS } from './rate.ts'
import { type Due, type FreePeriod, scheduleOf, type ScheduleTerms } from './schedule.ts'

/** What a payer is shown before they agree: what it costs, on which days, and at which rate a year. */
export type Offer = {
  principalFen: Fen
  terms: ScheduleTerms
  startOn: BusinessDate
  schedule: Due[]
  /** All interest and fees. */
  costFen: Fen
  totalFen: Fen
  apr: Apr
}

/**
 * The annualised rate 年化利率 of all costs over the principal that is in use. Units: parts per million.
 * Source: PBOC 公告〔2021〕第3号; `simplePpm` is the rate a period times the periods of a year and must be called
 * simple 单利 where it is shown, `compoundPpm` is the internal rate of return.
 */
export type Apr = {
  simplePpm: number
  compoundPpm: number
  /** Which of the two the lender shows, and the code of the words that go with it. */
  shownPpm: number
  disclosure: Disclosure
}

export type Disclosure = 'apr_simple_irr' | 'apr_compound_irr'

export type OfferTerms = {
  way: ScheduleTerms
  free: FreePeriod
  dueRule: DueRule
  /** No offer of this product costs more a year, by the compound rate, which is the higher one. */
  aprCapPpm: number
  disclosure: Disclosure
}

/**
 * An offer over this principal. `dueOn` is the day of a single repayment; instalments follow the due rule.
 * Errors: throws offer_above_cap, and schedule_does_not_close.
 */
export function makeOffer(request: OfferRequest): Offer {
  const { principalFen, startOn, terms } = request
  const schedule = scheduleOf(principalFen, terms.way, {
    startOn,
    dueOn: daysOf(request),
    free: terms.free,
  })
  const costFen = addFen(...schedule.flatMap(({ interestFen, feeFen }) => [interestFen, feeFen]))
  const apr = aprOf(principalFen, terms, startOn, schedule)
  if (apr.compoundPpm > terms.aprCapPpm) {
    throw offerErrors.offer_above_cap({ aprPpm: apr.compoundPpm, capPpm: terms.aprCapPpm })
  }
  return {
    principalFen,
    terms: terms.way,
    startOn,
    schedule,
    costFen,
    totalFen: addFen(principalFen, costFen),
    apr,
  }
}

export type OfferRequest = {
  principalFen: Fen
  startOn: BusinessDate
  dueOn: BusinessDate
  terms: OfferTerms
  isOpen?: IsOpen
}

export const paymentOf = ({ principalFen, interestFen, feeFen }: Due): Fen =>
  addFen(principalFen, interestFen, feeFen)

function daysOf({ terms: { way, dueRule }, startOn, dueOn, isOpen }: OfferRequest): BusinessDate[] {
  return way.way === 'next_month' ? [dueOn] : dueDates(startOn, way.periods, dueRule, isOpen)
}

function aprOf(
  principalFen: Fen,
  { way, disclosure }: OfferTerms,
  startOn: BusinessDate,
  schedule: readonly Due[],
): Apr {
  const rates =
    way.way === 'next_month'
      ? ratesByDay(principalFen, startOn, schedule)
      : ratesByMonth(principalFen, schedule)
  const [simplePpm, compoundPpm] = [toPpm(rates.simple), toPpm(rates.compound)]
  const shownPpm = disclosure === 'apr_simple_irr' ? simplePpm : compoundPpm
  return { simplePpm, compoundPpm, shownPpm, disclosure }
}

function ratesByMonth(principalFen: Fen, schedule: readonly Due[]): Rates {
  const rate = periodicRate([principalFen, ...schedule.map((due) => 0 - paymentOf(due))])
  assert(rate !== null, 'what is lent and paid back has a rate')
  return { simple: rate * MONTHS, compound: (1 + rate) ** MONTHS - 1 }
}

function ratesByDay(principalFen: Fen, startOn: BusinessDate, schedule: readonly Due[]): Rates {
  const paid = schedule.map((due) => ({ on: due.dueOn, amount: 0 - paymentOf(due) }))
  const compound = yearlyRate([{ on: startOn, amount: principalFen }, ...paid])
  assert(compound !== null, 'what is lent and paid back has a rate')
  const cost = schedule.reduce((sum, due) => sum + paymentOf(due), 0 - principalFen)
  const last = schedule.at(-1)
  const days = last ? daysBetween(startOn, last.dueOn) : 0
  return { simple: (cost * DAYS) / (principalFen * Math.max(days, 1)), compound }
}

// A rate a hair below zero, as of an offer without cost, is none.
const toPpm = (rate: number): number => Math.max(Math.round(rate * MILLION), 0)

type Rates = { simple: number; compound: number }
