import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { addDays, businessDate } from '../../../kernel/time.ts'
import { daysBetween, dueDates, type DueRule, isWeekday } from './due-dates.ts'
import { periodicRate, yearlyRate } from './irr.ts'
import { makeOffer, type OfferTerms, paymentOf } from './offer.ts'
import { annuity, dailyInterest, monthlyInterest } from './rate.ts'
import {
  assertCloses,
  chargedDays,
  type FreePeriod,
  scheduleOf,
  type ScheduleTerms,
  type ScheduleWay,
} from './schedule.ts'

const START = businessDate('2026-01-31')
const SAME: DueRule = { dayOfMonth: 'same', roll: 'none' }

const FREE: FreePeriod = { days: 0, end: 'inclusive' }

/** The rate is a year's for interest, a period's for fees. */
const termsOf = (way: ScheduleWay, periods: number, ratePpm: number): ScheduleTerms => {
  const isFee = way === 'flat_fee' || way === 'flat_fee_up_front'
  return { way, periods, yearlyRatePpm: isFee ? 0 : ratePpm, feePpm: isFee ? ratePpm : 0 }
}

const scheduled = (principal: number, way: ScheduleWay, periods: number, ratePpm: number) =>
  scheduleOf(fen(principal), termsOf(way, periods, ratePpm), {
    startOn: START,
    dueOn: dueDates(START, periods, SAME),
    free: FREE,
  })

describe('published examples', () => {
  it('IRR of −400, 100, 200, 300 is 19.437709963 % (SAS, function IRR)', () => {
    expect(periodicRate([-400, 100, 200, 300])).toBeCloseTo(0.194_377_099_63, 10)
  })

  it('[N5] 5,000 lent for 130 a month over 48 months is 11.32 % (MathWorks, annurate)', () => {
    const rate = periodicRate([5_000, ...Array.from({ length: 48 }, () => -130)])
    expect((rate ?? 0) * 100).toBeCloseTo(0.943_128, 4)
    expect((rate ?? 0) * 1_200).toBeCloseTo(11.32, 2)
  })

  it('a flat fee of 0.6 % a month over 12 months is 13.03 % simple, 13.84 % compound', () => {
    const offer = offerOf('flat_fee', 12, 6_000, 1_200_000)
    expect(Math.round(offer.apr.simplePpm / 100)).toBe(1_303)
    expect(Math.round(offer.apr.compoundPpm / 100)).toBe(1_384)
    expect(offer.costFen).toBe(12 * 7_200)
  })

  // Microsoft's help for XIRR: −10,000 on 2008-01-01, then four payments; 37.34 %.
  it('XIRR of the example in Microsoft’s help is 37.336 %', () => {
    const flow = (on: string, amount: number) => ({ on: businessDate(on), amount })
    const rate = yearlyRate([
      flow('2008-01-01', -10_000),
      flow('2008-03-01', 2_750),
      flow('2008-10-30', 4_250),
      flow('2009-02-15', 3_250),
      flow('2009-04-01', 2_750),
    ])
    expect(rate).toBeCloseTo(0.373_362_535, 8)
  })

  // Microsoft's help for PMT: 10,000 at 8 % a year over 10 months is 1,037.03 a month.
  it('the monthly payment of the example in Microsoft’s help for PMT is 1,037.03', () => {
    expect(annuity(fen(1_000_000), 80_000, 10)).toBe(103_703)
  })

  // Microsoft's help for PPMT: 2,000 at 10 % a year over 24 months; the first payment has 75.62 of principal.
  it('the first principal of the example in Microsoft’s help for PPMT is 75.62', () => {
    expect(scheduled(200_000, 'equal_payment', 24, 100_000)[0]?.principalFen).toBe(7_562)
  })

  // The usual table of textbooks: 100,000 at 6 % a year over 360 months is 599.55 a month, the first with 500.00
  // interest and 99.55 principal, the second with 499.50 and 100.05.
  it('the textbook loan of 100,000 at 6 % over 360 months pays 599.55', () => {
    expect(annuity(fen(10_000_000), 60_000, 360)).toBe(59_955)
    expect(monthlyInterest(fen(10_000_000), 60_000)).toBe(50_000)
    expect(monthlyInterest(fen(10_000_000 - 9_955), 60_000)).toBe(49_950)
  })

  // 1,000 at 1 % a month over 12 months: the table of annuities has 88.85.
  it('the textbook loan of 1,000 at 1 % a month over 12 months, to the cent', () => {
    const schedule = scheduled(100_000, 'equal_payment', 12, 120_000)
    expect(schedule.map((due) => due.interestFen)).toEqual([
      1_000, 921, 842, 761, 680, 598, 515, 431, 347, 261, 175, 88,
    ])
    expect(schedule.slice(0, 11).every((due) => paymentOf(due) === 8_885)).toBe(true)
    expect(schedule.at(-1)).toMatchObject({ principalFen: 8_796, interestFen: 88 })
  })
})

describe('schedules', () => {
  it('等额本金: equal principal, the rest in the last', () => {
    const schedule = scheduled(100_000, 'equal_principal', 3, 60_000)
    expect(schedule.map((due) => [due.principalFen, due.interestFen])).toEqual([
      [33_333, 500],
      [33_333, 333],
      [33_334, 167],
    ])
  })

  it('a fee up front is due with the first period', () => {
    const schedule = scheduled(90_000, 'flat_fee_up_front', 3, 6_000)
    expect(schedule.map((due) => due.feeFen)).toEqual([1_620, 0, 0])
  })

  it.each([
    ['inclusive', '2026-03-02', 0],
    ['inclusive', '2026-03-03', 1],
    ['exclusive', '2026-03-02', 1],
    ['exclusive', '2026-03-01', 0],
  ] as const)('thirty free days, %s, until %s: %i days of interest', (end, until, days) => {
    expect(chargedDays(START, businessDate(until), { days: 30, end })).toBe(days)
  })

  it('daily interest is rounded once', () => {
    expect(dailyInterest(fen(33_333), 182_500, 3)).toBe(50) // 49.9995
    expect(dailyInterest(fen(1_000), 182_500, 1)).toBe(1) // exactly half a fen goes up
  })

  it('too small an amount for so many periods is refused by name', () => {
    expect(() => scheduled(15, 'equal_payment', 24, 10_000)).toThrow(
      'credit.schedule_does_not_close',
    )
  })

  it('schedule whose cents do not close: one from elsewhere is refused by name', () => {
    const schedule = scheduled(100_000, 'equal_principal', 3, 60_000)
    const [first] = schedule
    if (!first) throw new Error('it has a first period')
    const off = [{ ...first, principalFen: fen(first.principalFen - 1) }, ...schedule.slice(1)]
    expect(() => assertCloses(fen(100_000), off)).toThrow('credit.schedule_does_not_close')
    expect(() => assertCloses(fen(100_000), schedule.toReversed())).toThrow(
      'credit.schedule_does_not_close',
    )
  })
})

describe('days', () => {
  it('are clipped to the end of the month, and counted from the start', () => {
    expect(dueDates(START, 4, SAME)).toEqual([
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
    ])
    expect(dueDates(businessDate('2027-11-30'), 3, SAME).at(-1)).toBe('2028-02-29')
  })

  it('of the lender’s own choice, moved to the next working day', () => {
    const rule: DueRule = { dayOfMonth: 9, roll: 'following' }
    expect(dueDates(START, 3, rule)).toEqual(['2026-02-09', '2026-03-09', '2026-04-09'])
    // 9 May 2026 is a Saturday; the lender is closed on the Monday after it, too.
    const isOpen = (date: string) => isWeekday(businessDate(date)) && date !== '2026-05-11'
    expect(dueDates(businessDate('2026-04-20'), 1, rule, isOpen)).toEqual(['2026-05-12'])
  })
})

describe('offers', () => {
  it('above the cap of the product are refused by name', () => {
    expect(() => offerOf('flat_fee', 12, 6_000, 1_200_000, 138_000)).toThrow(
      'credit.offer_above_cap',
    )
    expect(offerOf('flat_fee', 12, 6_000, 1_200_000, 139_000).apr.disclosure).toBe('apr_simple_irr')
  })

  it('without any cost are shown with 0 %', () => {
    const offer = makeOffer({
      principalFen: fen(50_000),
      startOn: START,
      dueOn: addDays(START, 30),
      terms: {
        ...TERMS,
        way: termsOf('next_month', 1, 127_750),
        free: { days: 30, end: 'inclusive' },
        aprCapPpm: 0,
      },
    })
    expect(offer.apr).toMatchObject({ simplePpm: 0, compoundPpm: 0 })
    expect(offer.totalFen).toBe(50_000)
  })

  it('with daily interest and no free day: the rate is the day’s times 365', () => {
    const offer = makeOffer({
      principalFen: fen(1_000_000),
      startOn: START,
      dueOn: addDays(START, 365),
      terms: {
        ...TERMS,
        way: termsOf('next_month', 1, 182_500),
      },
    })
    expect(offer.apr).toMatchObject({ simplePpm: 182_500, compoundPpm: 182_500 })
  })
})

describe('whatever the amount, rate and number of periods', () => {
  const kinds = fc.constantFrom<ScheduleWay>(
    'equal_payment',
    'equal_principal',
    'flat_fee',
    'flat_fee_up_front',
  )
  const amounts = fc.integer({ min: 10_000, max: 100_000_000 })
  const periods = fc.integer({ min: 1, max: 60 })
  const rates = fc.integer({ min: 0, max: 240_000 })

  it('the cents close and the balance ends at nothing', () => {
    fc.assert(
      fc.property(kinds, amounts, periods, rates, (kind, principal, n, ratePpm) => {
        const schedule = scheduled(principal, kind, n, ratePpm)
        const left = schedule.reduce((balance, due) => balance - due.principalFen, principal)
        expect(left).toBe(0)
        for (const due of schedule) {
          expect(Math.min(due.principalFen, due.interestFen, due.feeFen)).toBeGreaterThanOrEqual(0)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('the IRR of what is paid gives the rate back', () => {
    const bearing = fc.constantFrom<ScheduleWay>('equal_payment', 'equal_principal')
    const large = fc.integer({ min: 10_000_000, max: 100_000_000 })
    fc.assert(
      fc.property(bearing, large, periods, rates, (kind, principal, n, ratePpm) => {
        const flows = scheduled(principal, kind, n, ratePpm).map((due) => 0 - paymentOf(due))
        const rate = periodicRate([principal, ...flows]) ?? Number.NaN
        expect(Math.abs(rate * 12_000_000 - ratePpm)).toBeLessThan(30)
      }),
      { numRuns: 200 },
    )
  })

  it('a rate is found, or said to be none, for any flows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 })), (flows) => {
        const rate = periodicRate(flows)
        expect(rate === null || Number.isFinite(rate)).toBe(true)
      }),
    )
  })

  it('days follow each other, one in each month', () => {
    const starts = fc.integer({ min: 0, max: 5_000 }).map((days) => addDays(START, days))
    fc.assert(
      fc.property(starts, periods, fc.constantFrom('none', 'following'), (start, n, roll) => {
        const dates = dueDates(start, n, { dayOfMonth: 'same', roll } as DueRule)
        for (const [i, date] of dates.entries()) {
          const days = daysBetween(dates[i - 1] ?? start, date)
          expect(days).toBeGreaterThanOrEqual(24)
          expect(days).toBeLessThanOrEqual(35)
        }
      }),
    )
  })
})

const TERMS: OfferTerms = {
  way: termsOf('equal_payment', 12, 60_000),
  free: FREE,
  dueRule: SAME,
  aprCapPpm: 240_000,
  disclosure: 'apr_simple_irr',
}

const offerOf = (
  way: ScheduleWay,
  periods: number,
  ratePpm: number,
  principal: number,
  aprCapPpm = 240_000,
) =>
  makeOffer({
    principalFen: fen(principal),
    startOn: START,
    dueOn: addDays(START, 30),
    terms: { ...TERMS, way: termsOf(way, periods, ratePpm), aprCapPpm },
  })
