import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addFen, fen, ZERO } from '../../kernel/money.ts'
import { sharesOf } from './batches.ts'
import { type FeeTerms, readContract } from './contract.ts'
import { contractFee, feeDifferences, type FeeLine } from './fee.ts'
import { walletContract } from './testing/terms.ts'

const { fee } = walletContract()
const line = (amount: number, kind: FeeLine['kind'] = 'charge', billed: number | null = null) => ({
  kind,
  ourNo: String(amount),
  amountFen: fen(amount),
  feeFen: billed === null ? null : fen(billed),
})
const of = (change: Partial<FeeTerms>, ...lines: FeeLine[]) =>
  contractFee({ ...fee, ...change }, lines)

describe('[B4] contractFee', () => {
  it('rounds each transaction, or the batch, as the contract says', () => {
    // 0.6 % of 0.84 yuan is half a fen and a little, of 0.83 a little less.
    expect(of({}, line(84))).toBe(1)
    expect(of({}, line(83))).toBe(0)
    expect(of({ rounding: 'down' }, line(166))).toBe(0)
    expect(of({ rounding: 'up' }, line(1))).toBe(1)
    expect(of({}, line(83), line(83), line(83))).toBe(0)
    expect(of({ roundedPer: 'batch' }, line(83), line(83), line(83))).toBe(1)
  })

  it('gives back the fee of a return, or keeps it', () => {
    expect(of({}, line(10_000), line(10_000, 'return'))).toBe(0)
    expect(of({ onReturn: 'kept' }, line(10_000), line(10_000, 'return'))).toBe(60)
    expect(of({ roundedPer: 'batch' }, line(10_000), line(20_000, 'return'))).toBe(-60)
    expect(of({ roundedPer: 'batch', onReturn: 'kept' }, line(10_000), line(1, 'return'))).toBe(60)
  })

  it('takes the rate of the transaction’s tier, at least and at most what is agreed', () => {
    const tiers = [
      { fromFen: 0, ratePpm: 10_000 },
      { fromFen: 100_000, ratePpm: 1_000 },
    ]
    expect(of({ tiers }, line(99_999))).toBe(1_000)
    expect(of({ tiers }, line(100_000))).toBe(100)
    expect(of({ minFen: 10 }, line(100))).toBe(10)
    expect(of({ maxFen: 50 }, line(1_000_000))).toBe(50)
    expect(of({ minFen: 10 }, line(100, 'return'))).toBe(-1)
  })

  it('names the transactions that were billed otherwise, and no other', () => {
    const lines = [line(10_000, 'charge', 60), line(20_000, 'charge', 119), line(5, 'charge')]
    expect(feeDifferences(fee, lines)).toEqual([
      {
        lineNo: 2,
        kind: 'charge',
        ourNo: '20000',
        amountFen: 20_000,
        billedFen: 119,
        contractFen: 120,
      },
    ])
    expect(feeDifferences({ ...fee, roundedPer: 'batch' }, lines)).toEqual([])
  })
})

it('[B4] shares come to the whole, to the fen, whichever way it goes', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(weights, fc.integer({ min: -1e9, max: 1e9 }), (list, amount) => {
      const shares = list.map((ppm, i) => ({ party: `p${i}`, ppm }))
      const parts = sharesOf(walletContract({ shares }), fen(amount))
      expect(addFen(ZERO, ...parts.map(({ amountFen }) => amountFen))).toBe(amount)
    }),
  )
})

describe('readContract', () => {
  it.each([
    [{ shares: [{ party: 'hospital', ppm: 999_999 }] }],
    [
      {
        shares: [
          { party: 'a', ppm: 500_000 },
          { party: 'a', ppm: 500_000 },
        ],
      },
    ],
    [{ fee: { ...fee, tiers: [{ fromFen: 1, ratePpm: 1 }] } }],
    [
      {
        fee: {
          ...fee,
          tiers: [
            { fromFen: 0, ratePpm: 1 },
            { fromFen: 0, ratePpm: 2 },
          ],
        },
      },
    ],
    [{ fee: { ...fee, minFen: 2, maxFen: 1 } }],
    [{ payers: [] }],
  ])('refuses %j', (change) => {
    expect(() => readContract(walletContract(change))).toThrow('settlement.contract_wrong')
  })

  it('reads what is right', () => {
    expect(readContract(walletContract())).toEqual(walletContract())
  })
})
