import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { type ApplicantFacts, decideApplication } from './decide-application.ts'
import { GOOD, product } from './testing/fixture.ts'

const facts = (changes: Partial<ApplicantFacts>, repayment = {}): ApplicantFacts => ({
  ...GOOD,
  ...changes,
  repayment: { ...GOOD.repayment, ...repayment },
})

const codes = (given: ApplicantFacts, of = product()) =>
  decideApplication(of, given).reasons.map(({ code }) => code)

describe('a decision', () => {
  it('adds up its points and tells each of them', () => {
    const decision = decideApplication(
      product(),
      facts({ billsPaidLastYear: 14 }, { loansRepaid: 2, timesLate: 1, longestOverdueDays: 31 }),
    )
    expect(decision).toEqual({
      outcome: 'granted',
      score: 500 + 100 + 100 + 50 - 40 - 150,
      limitFen: 100_000,
      scorecard: 'visit-1',
      reasons: [
        { code: 'base', points: 500, params: {} },
        { code: 'insured', points: 100, params: {} },
        { code: 'bills_paid', points: 100, params: { count: 14 } },
        { code: 'loans_repaid', points: 50, params: { count: 2 } },
        { code: 'paid_late', points: -40, params: { count: 1 } },
        { code: 'long_overdue', points: -150, params: { days: 31 } },
        { code: 'band', points: 0, params: { score: 560, fromScore: 500, limitFen: 100_000 } },
      ],
    })
  })

  it.each<[string, ApplicantFacts]>([
    ['age_unknown', facts({ ageYears: null })],
    ['age_below', facts({ ageYears: 17 })],
    ['age_above', facts({ ageYears: 81 })],
    ['overdue_now', facts({}, { overdueNow: true })],
    ['written_off', facts({}, { writtenOff: true })],
    ['score_below_bands', facts({ insured: false, billsPaidLastYear: 0 }, { timesLate: 1 })],
  ])('refuses: %s', (code, given) => {
    expect(decideApplication(product(), given)).toMatchObject({ outcome: 'refused', limitFen: 0 })
    expect(codes(given)).toContain(code)
  })

  it.each([18, 80])('takes the ages at both ends: %d', (ageYears) => {
    expect(decideApplication(product(), facts({ ageYears })).outcome).toBe('granted')
  })

  it('at the score of a band gives that band, one point below the next', () => {
    const at = (count: number) => decideApplication(product(), facts({ billsPaidLastYear: count }))
    expect(at(10)).toMatchObject({ score: 700, limitFen: 500_000 })
    expect(at(9)).toMatchObject({ score: 690, limitFen: 300_000 })
  })

  it('gives no more than the product does, and says so', () => {
    const small = product({ maxLimitFen: fen(200_000) })
    expect(decideApplication(small, GOOD)).toMatchObject({ limitFen: 200_000 })
    expect(codes(GOOD, small)).toContain('product_most')
  })

  it('without down payment is for registered people, whatever their score', () => {
    const need = product({ kind: 'no_down_payment' })
    const poor = { insured: false, billsPaidLastYear: 0 }
    expect(codes(facts(poor), need)).toContain('need_not_registered')
    const registered = facts({ ...poor, needRegistered: true }, { timesLate: 2 })
    expect(decideApplication(need, registered)).toMatchObject({
      outcome: 'granted',
      limitFen: need.minLimitFen,
    })
    const owing = facts({ needRegistered: true }, { overdueNow: true })
    expect(decideApplication(need, owing).outcome).toBe('refused')
  })
})

const anyFacts: fc.Arbitrary<ApplicantFacts> = fc.record({
  ageYears: fc.option(fc.integer({ min: 0, max: 120 })),
  insured: fc.boolean(),
  needRegistered: fc.boolean(),
  billsPaidLastYear: fc.nat(50),
  repayment: fc.record({
    loansRepaid: fc.nat(30),
    timesLate: fc.nat(30),
    longestOverdueDays: fc.nat(400),
    overdueNow: fc.boolean(),
    writtenOff: fc.boolean(),
  }),
})

it('whatever the facts: the points are the score, and a grant is within the product', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      const of = product()
      const { outcome, score, limitFen, reasons } = decideApplication(of, given)
      const sum = reasons.reduce((all, { points }) => all + points, 0)
      expect(score).toBe(Math.max(0, sum))
      expect(outcome === 'granted').toBe(limitFen > 0)
      const isWithin = limitFen >= of.minLimitFen && limitFen <= of.maxLimitFen
      expect(isWithin || limitFen === 0).toBe(true)
      expect(decideApplication(of, given)).toEqual({
        outcome,
        score,
        limitFen,
        scorecard: 'visit-1',
        reasons,
      })
    }),
  )
})

it('a late payment never raises a limit, and a repaid loan never lowers one', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      const limitOf = (changes: object) =>
        decideApplication(product(), facts(given, { ...given.repayment, ...changes })).limitFen
      const { timesLate, loansRepaid } = given.repayment
      expect(limitOf({ timesLate: timesLate + 1 })).toBeLessThanOrEqual(limitOf({}))
      expect(limitOf({ loansRepaid: loansRepaid + 1 })).toBeGreaterThanOrEqual(limitOf({}))
    }),
  )
})
