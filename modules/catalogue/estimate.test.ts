import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addFen, type Fen, fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { alternativesOf } from './alternatives.ts'
import { indexCatalogue } from './catalogue-index.ts'
import type { CatalogueEntry } from './entry.ts'
import { estimate } from './estimate.ts'
import { brokenTerm } from './policy.ts'
import { type PricedLine, splitLine } from './split.ts'
import { entry, terms, year } from './testing/entries.ts'

const line = (unitPriceFen: number, quantity = 1, lineNo = 1): PricedLine => ({
  lineNo,
  code: `I${lineNo}`,
  name: '阿莫西林胶囊',
  unitPriceFen: fen(unitPriceFen),
  quantity,
  amountFen: fen(Math.round(unitPriceFen * quantity)),
})

const limited = entry('B', {
  coverClass: 'B',
  priceLimits: { any: 90_000_000 },
  firstSharePpm: 100_000,
})

describe('a line', () => {
  it('is split by class, limit and first share', () => {
    expect(splitLine(line(10_000, 2), limited, '3')).toMatchObject({
      ownFen: 0,
      overLimitFen: 2_000,
      firstShareFen: 1_800,
      inScopeFen: 16_200,
    })
    expect(splitLine(line(10_000), entry('C', { coverClass: 'C' }), '3').ownFen).toBe(10_000)
  })

  it('that is matched to nothing, or has no class, is one’s own and says why', () => {
    expect(splitLine(line(500), null, '3')).toMatchObject({
      ownFen: 500,
      reasons: [{ code: 'line_unmatched' }],
    })
    expect(splitLine(line(500), entry('N', { coverClass: null }), '3')).toMatchObject({
      ownFen: 500,
      reasons: [{ code: 'class_unknown' }],
    })
  })

  it('knows the limit of the hospital’s own level, to a millionth of a yuan', () => {
    const byLevel = entry('A', { priceLimits: { any: 1_000_000, 1: 1_234_567 } })
    expect(splitLine(line(124, 1_000), byLevel, '1').overLimitFen).toBe(543)
    expect(splitLine(line(124, 1_000), byLevel, '2').overLimitFen).toBe(24_000)
  })
})

const ppm = fc.integer({ min: 0, max: 1_000_000 })
const amount = (max: number) => fc.integer({ min: 0, max }).map(fen)
const entries: fc.Arbitrary<CatalogueEntry | null> = fc.option(
  fc
    .record({
      coverClass: fc.constantFrom('A', 'B', 'C', null),
      firstSharePpm: ppm,
      priceLimits: fc.record(
        { any: fc.integer({ min: 0, max: 500_000_000 }) },
        { requiredKeys: [] },
      ),
    })
    .map((changes) => entry('X', changes)),
)
const lines = fc.array(
  fc
    .record({
      unitPriceFen: amount(100_000),
      quantity: fc.integer({ min: 0, max: 100_000 }).map((n) => n / 10_000),
      // The bill's own amount counts, also where it is not price by quantity.
      amountFen: amount(1_000_000),
      found: entries,
    })
    .map(({ found, ...priced }) =>
      splitLine({ lineNo: 1, code: 'I', name: '项目', ...priced }, found, '2'),
    ),
  { maxLength: 20 },
)
const shares = fc.record({ employed: ppm, retired: ppm, resident: ppm })
const policies = fc
  .record({
    firstFen: amount(200_000),
    laterFen: amount(200_000),
    per: fc.constantFrom('year' as const, 'admission' as const),
    steps: fc.array(fc.record({ width: fc.integer({ min: 1, max: 300_000 }), sharePpm: shares }), {
      minLength: 1,
      maxLength: 4,
    }),
    capFen: fc.option(amount(500_000)),
    on: fc.constantFrom('above_cap' as const, 'burden' as const),
    large: fc.array(fc.record({ width: fc.integer({ min: 1, max: 300_000 }), sharePpm: ppm }), {
      maxLength: 3,
    }),
    largeCapFen: fc.option(amount(500_000)),
    accountPays: fc.subarray(['own', 'over_limit', 'first_share', 'in_scope'] as const),
  })
  .map(({ firstFen, laterFen, per, steps, capFen, on, large, largeCapFen, accountPays }) =>
    terms({
      deductible: { per, firstFen, laterFen },
      segments: steps.map(({ sharePpm }, i) => ({
        fromFen: fen(steps.slice(0, i).reduce((sum, { width }) => sum + width, 0)),
        sharePpm,
      })),
      capFen,
      largeSum:
        large.length === 0
          ? null
          : {
              on,
              segments: large.map(({ sharePpm }, i) => ({
                fromFen: fen(large.slice(0, i + 1).reduce((sum, { width }) => sum + width, 0)),
                sharePpm,
              })),
              capFen: largeCapFen,
            },
      accountPays,
    }),
  )
const years = fc
  .record({
    status: fc.constantFrom('employed' as const, 'retired' as const, 'resident' as const),
    deductibleUsedFen: amount(300_000),
    admissions: fc.integer({ min: 0, max: 3 }),
    sharedFen: amount(600_000),
    fundPaidFen: amount(600_000),
    aboveCapFen: amount(600_000),
    burdenFen: amount(600_000),
    largeSumPaidFen: amount(600_000),
    accountFen: amount(600_000),
    useAccount: fc.boolean(),
  })
  .map(year)

describe('[N4] an estimate', () => {
  it('is the worked example to the fen', () => {
    const bill = [
      splitLine(line(9_800), entry('C', { coverClass: 'C' }), '3'),
      splitLine(
        line(54_000),
        entry('B', {
          coverClass: 'B',
          priceLimits: { any: 522_000_000 },
          firstSharePpm: 122_605,
        }),
        '3',
      ),
    ]
    expect(estimate(bill, { terms: terms() }, year({ accountFen: fen(20_000) }))).toMatchObject({
      isEstimate: true,
      totalFen: 63_800,
      ownFen: 9_800,
      overLimitFen: 1_800,
      firstShareFen: 6_400,
      inScopeFen: 45_800,
      deductibleFen: 10_000,
      fundFen: 25_060,
      personalFen: 38_740,
      accountFen: 20_000,
      cashFen: 18_740,
    })
  })

  it('stops at the cap, and the large sum goes on with what it cut off', () => {
    const bill = [splitLine(line(100_000), entry('A'), '3')]
    const withCap = terms({
      capFen: fen(35_000),
      largeSum: {
        on: 'above_cap',
        segments: [{ fromFen: fen(0), sharePpm: 900_000 }],
        capFen: null,
      },
    })
    // 900.00 shared; 350.00 at 70 % stand for 500.00; of the 400.00 beyond, 90 %.
    const made = estimate(bill, { terms: withCap }, year())
    expect(made).toMatchObject({ poolFen: 35_000, largeSumFen: 36_000, cashFen: 29_000 })
    expect(made.steps.map(({ code }) => code)).toEqual([
      'in_scope',
      'deductible',
      'segment',
      'cap_reached',
      'large_sum',
      'cash',
    ])
  })

  it('counts the burden of the year where the large sum goes by it', () => {
    const bill = [splitLine(line(100_000), entry('A'), '3')]
    const byBurden = terms({
      largeSum: {
        on: 'burden',
        segments: [{ fromFen: fen(50_000), sharePpm: 600_000 }],
        capFen: null,
      },
    })
    // 370.00 of it is left to the person; 30.00 bring the year to 500.00, of the other 340.00 it pays 60 %.
    const made = estimate(bill, { terms: byBurden }, year({ burdenFen: fen(47_000) }))
    expect(made).toMatchObject({ poolFen: 63_000, largeSumFen: 20_400 })
  })

  it('adds up to the fen with any policy, year and bill, and nothing is below zero', () => {
    fc.assert(
      fc.property(lines, policies, years, (bill, policy, soFar) => {
        expect(brokenTerm(policy)).toBeNull()
        const {
          lines: parts,
          steps: _steps,
          isEstimate: _is,
          ...made
        } = estimate(bill, { terms: policy }, soFar)
        for (const part of parts) {
          const split = [part.ownFen, part.overLimitFen, part.firstShareFen, part.inScopeFen]
          expect(split.every((one) => one >= 0)).toBe(true)
          expect(addFen(...split)).toBe(part.amountFen)
        }
        expect(Object.entries(made).filter(([, value]) => value < 0)).toEqual([])
        expect(addFen(made.ownFen, made.overLimitFen, made.firstShareFen, made.inScopeFen)).toBe(
          made.totalFen,
        )
        expect(addFen(made.poolFen, made.largeSumFen)).toBe(made.fundFen)
        expect(addFen(made.fundFen, made.personalFen)).toBe(made.totalFen)
        expect(addFen(made.accountFen, made.cashFen)).toBe(made.personalFen)
        expect(made.fundFen + made.deductibleFen).toBeLessThanOrEqual(
          made.inScopeFen + made.largeSumFen,
        )
        expect(made.fundFen).toBeLessThanOrEqual(made.inScopeFen)
        const cap = policy.capFen ?? Number.MAX_SAFE_INTEGER
        expect(soFar.fundPaidFen + made.poolFen).toBeLessThanOrEqual(
          Math.max(cap, soFar.fundPaidFen),
        )
      }),
    )
  })
})

it('terms that make no sense are told apart', () => {
  const broken = [
    terms({ segments: [] }),
    terms({ segments: [{ fromFen: fen(1), sharePpm: { employed: 0, retired: 0, resident: 0 } }] }),
    terms({
      segments: [{ fromFen: fen(0), sharePpm: { employed: 1_000_001, retired: 0, resident: 0 } }],
    }),
    terms({ capFen: -1 as Fen }),
  ]
  expect(broken.map((one) => brokenTerm(one) === null)).toEqual([false, false, false, false])
})

describe('[N4] alternatives', () => {
  const own = entry('C1', { coverClass: 'C', name: '阿莫西林胶囊（进口）' })
  const index = indexCatalogue([
    own,
    entry('A1'),
    entry('B1', { coverClass: 'B', firstSharePpm: 200_000, spec: '0.5g×12' }),
    entry('A2', { form: '片剂', name: '阿莫西林片' }),
    entry('A3', { validTo: businessDate('2026-02-01') }),
    entry('A4'),
  ])
  const rules = {
    level: '3' as const,
    on: businessDate('2026-11-23'),
    sharePpm: 700_000,
    offeredOf: (code: string) =>
      code === 'A4' ? [] : [{ code: `H-${code}`, name: code, spec: '', unitPriceFen: fen(2_000) }],
  }

  it('are covered, of the same substance and form, in force and had here, with the saving', () => {
    const bought = line(3_000, 3)
    const found = alternativesOf(index, bought, splitLine(bought, own, '3'), rules)
    expect(found).toMatchObject([
      // 90.00 against 30 % of 60.00.
      {
        itemCode: 'H-A1',
        coverClass: 'A',
        isOfSameSpec: true,
        savingFen: 7_200,
        savingPerUnitFen: 2_400,
      },
      { itemCode: 'H-B1', coverClass: 'B', isOfSameSpec: false, savingFen: 6_360 },
    ])
  })

  it('are none for what is covered in full, nor where the covered one costs the person more', () => {
    const covered = line(3_000)
    expect(alternativesOf(index, covered, splitLine(covered, entry('A1'), '3'), rules)).toEqual([])
    const cheap = line(100)
    expect(alternativesOf(index, cheap, splitLine(cheap, own, '3'), rules)).toEqual([])
  })
})
