import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addFen, fen, negateFen, ZERO } from '../../../kernel/money.ts'
import {
  assertIdentities,
  type Basis,
  defaultPolicy,
  type Figures,
  negateFigures,
  NOTHING_USED,
  type Policy,
  type SchemePolicy,
  settleFees,
  splitLine,
  sumOfSplit,
  useOf,
  type YearUse,
} from './policy.ts'

const flat = (ppm: number) => ({ 1: ppm, 2: ppm, 3: ppm })
const simple: SchemePolicy = {
  deductibleFen: fen(100_00),
  bands: [{ upToFen: null, active: flat(700_000), retired: flat(700_000) }],
  poolCapFen: fen(20_000_00),
  aboveCap: null,
  seriousIllness: null,
}
const policyOf = (changes: Partial<SchemePolicy>, fundIncludesAccount = false): Policy => {
  const scheme = { ...simple, ...changes }
  return { fundIncludesAccount, schemes: { '310': scheme, '390': scheme } }
}
const basisOf = (inScopeFen: number, changes: Partial<Basis> = {}): Basis => ({
  scheme: '310',
  retired: false,
  hospitalLevel: 3,
  split: { ownFen: ZERO, overLimitFen: ZERO, firstShareFen: ZERO, inScopeFen: fen(inScopeFen) },
  used: NOTHING_USED,
  accountBalanceFen: ZERO,
  useAccount: false,
  ...changes,
})

describe('splitLine', () => {
  const line = {
    amountFen: fen(0),
    unitPrice: 0n,
    quantity: 10_000n,
    insuranceClass: 'B' as const,
    firstSharePpm: 100_000,
    priceLimitFen: null,
  }

  it('lets the person bear all of what is not in the catalogue', () => {
    const split = splitLine({ ...line, insuranceClass: 'C', amountFen: fen(98_00) })
    expect(split).toEqual({ ownFen: 9800, overLimitFen: 0, firstShareFen: 0, inScopeFen: 0 })
  })

  it('takes off what is over the limit first, and the first share from the rest', () => {
    const limited = { ...line, amountFen: fen(236_00), unitPrice: 118_000_000n, quantity: 20_000n }
    const split = splitLine({ ...limited, priceLimitFen: fen(100_00) })
    expect(split).toEqual({ ownFen: 0, overLimitFen: 3600, firstShareFen: 2000, inScopeFen: 18000 })
  })

  it('knows no first share of class A', () => {
    const split = splitLine({ ...line, insuranceClass: 'A', amountFen: fen(100) })
    expect(split.inScopeFen).toBe(100)
  })

  it('rounds half a fen up', () => {
    // 0.05 yuan × 10 % is half a fen; a limit of 1.00 on 1.001 yuan × 5 is half a fen over.
    expect(splitLine({ ...line, amountFen: fen(5) }).firstShareFen).toBe(1)
    const over = { ...line, amountFen: fen(501), unitPrice: 1_001_000n, quantity: 50_000n }
    expect(splitLine({ ...over, priceLimitFen: fen(100) }).overLimitFen).toBe(1)
  })

  it('always adds up to the amount', () => {
    const anyLine = fc.record({
      amountFen: fc.nat(10_000_000).map(fen),
      unitPrice: fc.bigInt(0n, 10n ** 11n),
      quantity: fc.bigInt(1n, 10n ** 8n),
      insuranceClass: fc.constantFrom('A' as const, 'B' as const, 'C' as const),
      firstSharePpm: fc.nat(1_000_000),
      priceLimitFen: fc.option(fc.nat(1_000_000).map(fen)),
    })
    fc.assert(
      fc.property(anyLine, (any) => {
        const split = splitLine(any)
        expect(sumOfSplit(split)).toBe(any.amountFen)
        for (const part of Object.values(split)) expect(part).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('settleFees', () => {
  it('comes to example OP-1, to the fen', () => {
    const split = {
      ownFen: fen(98_00),
      overLimitFen: fen(18_00),
      firstShareFen: fen(64_00),
      inScopeFen: fen(458_00),
    }
    const account = { accountBalanceFen: fen(200_00), useAccount: true }
    const figures = settleFees(policyOf({}), basisOf(0, { split, ...account }))
    expect(figures).toMatchObject({
      totalFen: 638_00,
      deductibleFen: 100_00,
      poolFen: 250_60,
      poolRatioPpm: 700_000,
      fundPaySumFen: 250_60,
      personFen: 387_40,
      accountFen: 200_00,
      cashFen: 187_40,
    })
  })

  it('counts the account among the funds where the region does', () => {
    const basis = basisOf(1_000_00, { accountBalanceFen: fen(50_00), useAccount: true })
    const figures = settleFees(policyOf({}, true), basis)
    expect(figures.fundPaySumFen).toBe(630_00 + 50_00)
    expect(figures.cashFen).toBe(figures.totalFen - figures.fundPaySumFen)
    expect(figures.rows.map((row) => row.fund)).toEqual(['310100', '310200'])
  })

  it.each([
    ['a deductible used in part', { deductibleFen: fen(60_00) }, 100_00, 40_00, 42_00],
    ['a deductible used up', { deductibleFen: fen(100_00) }, 100_00, 0, 70_00],
    ['less than the deductible', {}, 30_00, 30_00, 0],
  ])('with %s', (_what, used, inScope, deductible, pool) => {
    const figures = settleFees(
      policyOf({}),
      basisOf(inScope, { used: { ...NOTHING_USED, ...used } }),
    )
    expect([figures.deductibleFen, figures.poolFen]).toEqual([deductible, pool])
  })

  it('pays by level, by retirement and by what the year came to so far', () => {
    const bands = [
      {
        upToFen: fen(1_000_00),
        active: { 1: 800_000, 2: 700_000, 3: 600_000 },
        retired: { 1: 850_000, 2: 750_000, 3: 650_000 },
      },
      { upToFen: null, active: flat(900_000), retired: flat(950_000) },
    ]
    const pool = (changes: Partial<Basis>) =>
      settleFees(policyOf({ bands, deductibleFen: ZERO }), basisOf(500_00, changes)).poolFen
    expect(pool({ hospitalLevel: 1 })).toBe(400_00)
    expect(pool({ hospitalLevel: 3 })).toBe(300_00)
    expect(pool({ hospitalLevel: 3, retired: true })).toBe(325_00)
    const used = { ...NOTHING_USED, coveredFen: fen(800_00) }
    expect(pool({ used })).toBe(200_00 * 0.6 + 300_00 * 0.9) // across the two bands
  })

  it('ends at the cap, and lets 大额 take a share of what the cap cuts off', () => {
    const changes = {
      deductibleFen: ZERO,
      poolCapFen: fen(700_00),
      aboveCap: { ratioPpm: 800_000, capFen: fen(300_00) },
    }
    const once = settleFees(policyOf(changes), basisOf(1_200_00))
    expect(once).toMatchObject({ poolFen: 700_00, largeFen: 160_00, personFen: 340_00 })
    expect(once.rows.map((row) => [row.fund, row.inScopeFen, row.paidFen])).toEqual([
      ['310100', 1_200_00, 700_00],
      ['330100', 200_00, 160_00],
    ])
    // It takes 143 fen to fill the last fen of 100 at 70 %; 100 of the 243 are cut off.
    const tight = {
      ...changes,
      poolCapFen: fen(100),
      aboveCap: { ratioPpm: 1_000_000, capFen: fen(9999) },
    }
    expect(settleFees(policyOf(tight), basisOf(243)).largeFen).toBe(100)
    const again = settleFees(policyOf(changes), basisOf(1_000_00, { used: useOf(once) }))
    expect(again).toMatchObject({ poolFen: 0, largeFen: 140_00 }) // its own cap, too
  })

  it('pays 大病 on the burden of the year above the threshold, step by step', () => {
    const seriousIllness = {
      thresholdFen: fen(1_000_00),
      steps: [
        { upToFen: fen(500_00), ratioPpm: 600_000 },
        { upToFen: null, ratioPpm: 700_000 },
      ],
    }
    const policy = policyOf({ seriousIllness, poolCapFen: ZERO, deductibleFen: ZERO })
    const first = settleFees(policy, basisOf(900_00, { scheme: '390' }))
    expect(first.illnessFen).toBe(0)
    const second = settleFees(policy, basisOf(700_00, { scheme: '390', used: useOf(first) }))
    expect(second.illnessFen).toBe(500_00 * 0.6 + 100_00 * 0.7)
    expect(second.rows.map((row) => row.fund)).toEqual(['390100', '390200'])
    const soFar = addUse(useOf(first), useOf(second))
    const third = settleFees(policy, basisOf(100_00, { scheme: '390', used: soFar }))
    expect(third.illnessFen).toBe(100_00 * 0.7) // what was paid before is not paid again
  })

  it('leaves the odd fen with the person', () => {
    const figures = settleFees(policyOf({ deductibleFen: ZERO }), basisOf(99))
    expect([figures.poolFen, figures.cashFen]).toEqual([69, 30])
  })
})

const anySplit = fc.record({
  ownFen: fc.nat(5_000_000).map(fen),
  overLimitFen: fc.nat(1_000_000).map(fen),
  firstShareFen: fc.nat(1_000_000).map(fen),
  inScopeFen: fc.nat(20_000_000).map(fen),
})
const anyBasis: fc.Arbitrary<Omit<Basis, 'used'>> = fc.record({
  scheme: fc.constantFrom('310' as const, '390' as const),
  retired: fc.boolean(),
  hospitalLevel: fc.constantFrom(1 as const, 2 as const, 3 as const),
  split: anySplit,
  accountBalanceFen: fc.nat(1_000_000).map(fen),
  useAccount: fc.boolean(),
})

describe('settleFees, a year of settlements of anything', () => {
  const yearOf = (scheme: '310' | '390', visits: Omit<Basis, 'used'>[], policy: Policy) => {
    let used = NOTHING_USED
    return visits.map((visit) => {
      const figures = settleFees(policy, { ...visit, scheme, used })
      used = addUse(used, useOf(figures))
      return { figures, used, visit }
    })
  }

  it('keeps every identity, and no part below zero', () => {
    fc.assert(
      fc.property(fc.array(anyBasis, { maxLength: 8 }), fc.boolean(), (visits, included) => {
        const policy = { ...defaultPolicy, fundIncludesAccount: included }
        for (const { figures, visit } of yearOf('310', visits, policy)) {
          assertIdentities(figures)
          expect(figures.totalFen).toBe(sumOfSplit(visit.split))
          expect(figures.accountFen).toBeLessThanOrEqual(visit.accountBalanceFen)
          for (const amount of amountsIn(figures)) expect(amount).toBeGreaterThanOrEqual(0)
          const funds = figures.poolFen + figures.largeFen + figures.illnessFen
          expect(funds).toBeLessThanOrEqual(figures.inScopeFen - figures.deductibleFen)
        }
      }),
    )
  })

  it('never passes the deductible nor a cap of the year', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('310' as const, '390' as const),
        fc.array(anyBasis, { maxLength: 12 }),
        (scheme, visits) => {
          const rules = defaultPolicy.schemes[scheme]
          for (const { used } of yearOf(scheme, visits, defaultPolicy)) {
            expect(used.deductibleFen).toBeLessThanOrEqual(rules.deductibleFen)
            expect(used.poolFen).toBeLessThanOrEqual(rules.poolCapFen)
            expect(used.largeFen).toBeLessThanOrEqual(rules.aboveCap?.capFen ?? 0)
          }
        },
      ),
    )
  })

  it('is taken back by its negative, part by part', () => {
    fc.assert(
      fc.property(anyBasis, (basis) => {
        const figures = settleFees(defaultPolicy, { ...basis, used: NOTHING_USED })
        const refund = negateFigures(figures)
        assertIdentities(refund)
        expect(amountsIn(refund)).toEqual(amountsIn(figures).map(negateFen))
        expect(refund.poolRatioPpm).toBe(figures.poolRatioPpm)
      }),
    )
  })
})

const amountsIn = (figures: Figures) => [
  ...Object.entries(figures).flatMap(([name, value]) =>
    name.endsWith('Fen') ? [fen(Number(value))] : [],
  ),
  ...figures.rows.flatMap((row) => [row.inScopeFen, row.limitFen, row.paidFen]),
]

const addUse = (a: YearUse, b: YearUse): YearUse => ({
  deductibleFen: addFen(a.deductibleFen, b.deductibleFen),
  coveredFen: addFen(a.coveredFen, b.coveredFen),
  poolFen: addFen(a.poolFen, b.poolFen),
  largeFen: addFen(a.largeFen, b.largeFen),
  burdenFen: addFen(a.burdenFen, b.burdenFen),
  illnessFen: addFen(a.illnessFen, b.illnessFen),
  stayCoveredFen: addFen(a.stayCoveredFen, b.stayCoveredFen),
})
