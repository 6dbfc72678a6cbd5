import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addFen, fen, type Fen, ZERO } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { type BenefitBill, benefitOf, type BenefitPolicy, policyYearStart } from './benefit.ts'
import { productOf } from './product.ts'

const day = businessDate
const ON = day('2026-11-21')

const policy = (terms: Partial<BenefitPolicy['terms']> = {}): BenefitPolicy => ({
  state: 'in_force',
  validFrom: day('2026-01-01'),
  validUntil: day('2026-12-31'),
  asOf: ON,
  product: productOf([], 'hyb', 'P1'),
  terms: {
    deductibleFen: fen(10_000),
    deductibleUsedFen: fen(4_000),
    ratioPpm: 800_000,
    capFen: fen(1_000_000),
    paidFen: ZERO,
    waitingUntil: null,
    excludedCategories: [],
    excludedClasses: [],
    ...terms,
  },
})

const line = (lineId: string, leftFen: number, chargeCategory = '09') => ({
  lineId,
  chargeCategory,
  insuranceClass: 'A' as const,
  leftFen: fen(leftFen),
})

const bill = (
  lines: BenefitBill['lines'] = [line('1', 16_000), line('2', 4_001)],
): BenefitBill => ({
  kind: 'outpatient',
  diagnosisCode: 'I10',
  on: ON,
  lines,
})

describe('the share of a policy', () => {
  it('[N3] is the ratio of what is above the rest of the deductible, rounded down to the fen', () => {
    // 200.01 left, 60.00 of the deductible is not used: 80 % of 140.01 is 112.008.
    expect(benefitOf(bill(), policy())).toEqual({
      payFen: 11_200,
      coveredFen: 20_001,
      deductibleFen: 6_000,
      deductibleLeftFen: 0,
      ownShareFen: 2_801,
      overCapFen: 0,
      barredBy: null,
      lines: [
        { lineId: '1', leftFen: 16_000, coveredFen: 16_000, payFen: 8_960, reason: 'covered' },
        { lineId: '2', leftFen: 4_001, coveredFen: 4_001, payFen: 2_240, reason: 'covered' },
      ],
    })
  })

  it('is nothing below the deductible, and what is used of it is told', () => {
    const benefit = benefitOf(bill([line('1', 2_500)]), policy())
    expect(benefit).toMatchObject({ payFen: 0, deductibleFen: 2_500, deductibleLeftFen: 3_500 })
    expect(benefit.lines[0]?.reason).toBe('below_deductible')
  })

  it('is no more than what is left of the cap', () => {
    const terms = { capFen: fen(20_000), paidFen: fen(15_000) }
    expect(benefitOf(bill(), policy(terms))).toMatchObject({ payFen: 5_000, overCapFen: 6_200 })
    const used = benefitOf(bill(), policy({ capFen: fen(20_000), paidFen: fen(20_000) }))
    expect(used).toMatchObject({ payFen: 0, overCapFen: 11_200 })
    expect(used.lines.map((l) => l.reason)).toEqual(['cap_reached', 'cap_reached'])
  })

  it('leaves out categories, classes, and lines that others pay', () => {
    const lines = [
      line('1', 10_000),
      line('2', 5_000, '13'),
      { ...line('3', 3_000), insuranceClass: 'C' as const },
      line('4', 0),
    ]
    const terms = {
      deductibleFen: ZERO,
      excludedCategories: ['13'],
      excludedClasses: ['C' as const],
    }
    const benefit = benefitOf(bill(lines), policy(terms))
    expect(benefit.payFen).toBe(8_000)
    expect(benefit.lines.map((l) => [l.payFen, l.reason])).toEqual([
      [8_000, 'covered'],
      [0, 'excluded_category'],
      [0, 'excluded_class'],
      [0, 'nothing_left'],
    ])
  })

  it('counts deductible and cap anew in the next policy year', () => {
    const longer = { ...policy(), validUntil: day('2027-12-31') }
    const next = benefitOf({ ...bill(), on: day('2027-01-02') }, longer)
    expect(next).toMatchObject({ deductibleFen: 10_000, payFen: 8_000 })
  })
})

describe('nothing is paid', () => {
  const chronic = {
    ...productOf([], 'hyb', 'C1'),
    kind: 'chronic_package' as const,
    diagnosisPrefixes: ['E11', 'I1'],
  }
  const online = { ...chronic, visitKinds: ['online' as const], diagnosisPrefixes: null }
  it.each([
    ['policy_lapsed', { state: 'lapsed' as const }, {}],
    ['policy_suspended', { state: 'suspended' as const }, {}],
    ['not_yet_valid', { validFrom: day('2026-11-22') }, {}],
    ['no_longer_valid', { validUntil: day('2026-11-20') }, {}],
    ['waiting_period', { terms: policy({ waitingUntil: day('2026-11-22') }).terms }, {}],
    ['not_this_visit', { product: online }, {}],
    ['not_this_diagnosis', { product: chronic }, { diagnosisCode: 'J45' }],
  ])('for %s', (bar, changed, on) => {
    const benefit = benefitOf({ ...bill(), ...on }, { ...policy(), ...changed })
    expect(benefit).toMatchObject({ payFen: 0, coveredFen: 0, deductibleFen: 0, barredBy: bar })
    expect(benefit.lines.every((l) => l.reason === 'barred')).toBe(true)
  })

  it('but on the first and last day of the cover, and the first after the waiting period, it is', () => {
    const edge = { ...policy({ waitingUntil: ON }), validFrom: ON, validUntil: ON }
    expect(benefitOf(bill(), edge).payFen).toBe(11_200)
    expect(benefitOf(bill(), { ...policy(), product: chronic }).payFen).toBe(11_200)
    expect(benefitOf({ ...bill(), kind: 'online' }, { ...policy(), product: online }).payFen).toBe(
      11_200,
    )
  })
})

describe('a policy year', () => {
  it.each([
    ['2024-03-15', '2026-03-14', '2025-03-15'],
    ['2024-03-15', '2026-03-15', '2026-03-15'],
    ['2024-02-29', '2026-02-28', '2025-03-01'],
    ['2024-02-29', '2028-02-29', '2028-02-29'],
  ])('of one from %s begins before %s on %s', (from, on, start) => {
    expect(policyYearStart(day(from), day(on))).toBe(start)
  })
})

describe('whatever the terms and the bill', () => {
  const amount = fc.integer({ min: 0, max: 10_000_000_000 }).map((n) => fen(n))
  const anyLine = fc.record({
    lineId: fc.uuid(),
    chargeCategory: fc.constantFrom('09', '13', '01'),
    insuranceClass: fc.constantFrom('A' as const, 'B' as const, 'C' as const),
    leftFen: amount,
  })
  const anyPolicy = fc
    .record({
      deductibleFen: amount,
      deductibleUsedFen: amount,
      ratioPpm: fc.integer({ min: 0, max: 1_000_000 }),
      capFen: amount,
      paidFen: amount,
      excludedCategories: fc.subarray(['09', '13']),
      excludedClasses: fc.subarray(['B' as const, 'C' as const]),
    })
    .map(policy)
  const sum = (amounts: readonly Fen[]) => addFen(...amounts)

  it('never more than the rest, never negative, and all adds up to the fen', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 30 }), anyPolicy, (lines, terms) => {
        const benefit = benefitOf(bill(lines), terms)
        const { payFen, coveredFen, deductibleFen, ownShareFen, overCapFen } = benefit
        expect(payFen).toBeGreaterThanOrEqual(0)
        expect(payFen).toBeLessThanOrEqual(sum(lines.map((l) => l.leftFen)))
        expect(payFen).toBeLessThanOrEqual(Math.max(terms.terms.capFen - terms.terms.paidFen, 0))
        expect(sum(benefit.lines.map((l) => l.payFen))).toBe(payFen)
        expect(sum([payFen, deductibleFen, ownShareFen, overCapFen])).toBe(coveredFen)
        for (const l of benefit.lines) {
          expect(l.payFen).toBeGreaterThanOrEqual(0)
          expect(l.payFen).toBeLessThanOrEqual(l.coveredFen)
          expect(l.coveredFen === 0 || l.coveredFen === l.leftFen).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('more left never pays less', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 10 }), anyPolicy, (lines, terms) => {
        const more = lines.map((l, i) => (i === 0 ? { ...l, leftFen: fen(l.leftFen + 1) } : l))
        expect(benefitOf(bill(more), terms).payFen).toBeGreaterThanOrEqual(
          benefitOf(bill(lines), terms).payFen,
        )
      }),
    )
  })
})
