import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addFen, fen, type Fen } from '../../../../kernel/money.ts'
import { businessDate } from '../../../../kernel/time.ts'
import { benefitOf, type Cover, type Loss } from './benefit.ts'
import { DIRECT_PRODUCTS, FHIR_PRODUCTS, grantPolicies } from './products.ts'

const PRODUCTS = [...DIRECT_PRODUCTS, ...FHIR_PRODUCTS]

const amounts = fc.integer({ min: 0, max: 5_000_000 }).map((amount) => fen(amount))
const lines = fc.array(
  fc.record({
    category: fc.constantFrom('03', '08', '09', '14'),
    catalogueClass: fc.constantFrom('A', 'B', 'C'),
    amountFen: amounts,
    paidPercent: fc.integer({ min: 0, max: 100 }),
  }),
  { minLength: 1, maxLength: 8 },
)

describe('what a policy pays', () => {
  it('is never more than is left, than the caps, or less than its lines', () => {
    const cases = fc.tuple(fc.constantFrom(...PRODUCTS), lines, amounts, amounts)
    fc.assert(
      fc.property(cases, ([product, drawn, used, paid]) => {
        const cover: Cover = {
          product,
          beginsOn: businessDate('2026-01-01'),
          endsOn: businessDate('2026-12-31'),
          state: 'in_force',
          deductibleUsedFen: fen(Math.min(used, product.deductibleFen)),
          benefitUsedFen: paid,
        }
        const loss = lossOf(product.visitKinds[0] ?? 'outpatient', drawn)
        const benefit = benefitOf(cover, loss)
        fc.pre(benefit.outcome === 'covered')
        const { figures } = benefit
        const leftFen = addFen(...loss.lines.map((line) => line.leftFen))
        const shares = figures.lines.map((line) => line.benefitFen)
        expect(addFen(...shares)).toBe(figures.benefitFen)
        expect(figures.benefitFen + figures.deductibleFen).toBeLessThanOrEqual(leftFen)
        expect(figures.benefitFen + paid).toBeLessThanOrEqual(product.capFen)
        expect(figures.deductibleFen + cover.deductibleUsedFen).toBeLessThanOrEqual(
          product.deductibleFen,
        )
      }),
      { numRuns: 500 },
    )
  })
})

describe('selling policies', () => {
  const people = Array.from({ length: 1_000 }, (_, i) => ({
    idCardNo: `99010119880203${String(i).padStart(4, '0')}`,
    name: `居民${i}`,
  }))
  const sale = {
    seed: 's',
    sharePpm: 100_000,
    products: PRODUCTS,
    today: businessDate('2026-11-21'),
  }

  it('reaches about its share, and the same people whoever else is there', () => {
    const sold = grantPolicies(people, sale)
    expect(sold.length).toBeGreaterThan(70)
    expect(sold.length).toBeLessThan(130)
    const [first] = sold
    const alone = grantPolicies(
      people.filter(({ idCardNo }) => idCardNo === first?.idCardNo),
      sale,
    )
    expect(alone).toEqual([first])
  })
})

function lossOf(
  visitKind: Loss['visitKind'],
  drawn: { category: string; catalogueClass: string; amountFen: Fen; paidPercent: number }[],
): Loss {
  return {
    visitKind,
    visitOn: businessDate('2026-11-21'),
    diagnoses: [],
    totalFen: addFen(...drawn.map((line) => line.amountFen)),
    lines: drawn.map((line, index) => ({
      lineNo: String(index + 1),
      code: 'X',
      name: 'X',
      category: line.category,
      catalogueClass: line.catalogueClass as 'A' | 'B' | 'C',
      amountFen: line.amountFen,
      leftFen: fen(line.amountFen - Math.floor((line.amountFen * line.paidPercent) / 100)),
    })),
  }
}
