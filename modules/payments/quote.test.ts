import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addFen, type Fen, fen } from '../../kernel/money.ts'
import { TENDER_PARTS, totalOf } from './money.ts'
import { composePlan, sharesOf } from './plan.ts'

type Quotes = Parameters<typeof sharesOf>[1]

const CHANNEL = { provider: 'wechat', method: 'account' as const, payerAccount: 'openid-1' }
const planned = (totalFen: Fen, quotes: Quotes) => {
  const shares = sharesOf(totalFen, quotes)
  return composePlan(shares, shares.restFen > 0 ? CHANNEL : null)
}
const amount = fc.integer({ min: 0, max: 100_000 })
const quoted = fc
  .record({
    provider: fc.constantFrom('insurance', 'credit', 'deposit'),
    amounts: fc.array(amount, { minLength: 1, maxLength: 3 }),
  })
  .map(({ provider, amounts }) => ({
    provider,
    phase: 'settle' as const,
    answer: {
      outcome: 'quoted' as const,
      parts: amounts.map((amountFen, i) => ({
        kind: TENDER_PARTS[i] ?? 'pooled',
        amountFen: fen(amountFen),
      })),
      quoteReference: 'Q',
      reasons: [],
    },
  }))
const refused = fc.record({
  provider: fc.constant('insurance'),
  phase: fc.constant('settle' as const),
  answer: fc.constant({ outcome: 'not_available' as const, code: 'suspended', reason: 'x' }),
})
const quotes: fc.Arbitrary<Quotes> = fc.array(fc.oneof(quoted, refused), { maxLength: 4 })

describe('[P1] a plan', () => {
  it('F-52 is of tenders that add up to the bills to the fen, each above zero, whatever is quoted', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }).map(fen), quotes, (totalFen, offers) => {
        const plan = planned(totalFen, offers)
        expect(addFen(...plan.map((tender) => tender.amount_fen))).toBe(totalFen)
        for (const tender of plan) {
          expect(tender.amount_fen).toBeGreaterThan(0)
          expect(totalOf(tender.parts)).toBe(tender.amount_fen)
          expect(tender).toMatchObject({ status: 'planned', taken_fen: 0, returned_fen: 0 })
        }
        expect(plan.map((tender) => tender.tender_no)).toEqual(plan.map((_, i) => i + 1))
      }),
    )
  })

  it('lets the payer pay first, and only what nobody else does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }).map(fen), quotes, (totalFen, offers) => {
        const phases = planned(totalFen, offers).map((tender) => tender.phase)
        expect(phases.lastIndexOf('payer')).toBeLessThanOrEqual(0)
      }),
    )
  })

  const offer = (amountFen: number, provider = 'insurance') => ({
    provider,
    phase: 'settle' as const,
    answer: {
      outcome: 'quoted' as const,
      parts: [{ kind: 'pooled' as const, amountFen: fen(amountFen) }],
      quoteReference: 'Q',
      reasons: [],
    },
  })
  const planOf = (...offers: Quotes) =>
    planned(fen(10_000), offers).map((t) => [t.provider, t.amount_fen])

  it('F-53 has no channel when others pay all', () => {
    expect(planOf(offer(10_000))).toEqual([['insurance', 10_000]])
  })

  it('goes on without a source that offers more than is owed, or nothing', () => {
    expect(planOf(offer(10_001))).toEqual([['wechat', 10_000]])
    expect(planOf(offer(0))).toEqual([['wechat', 10_000]])
    expect(planOf(offer(7_000), offer(4_000, 'credit'), offer(3_000, 'deposit'))).toEqual([
      ['insurance', 7_000],
      ['deposit', 3_000],
    ])
  })

  it('gives each provider back what it needs: the source its reference, the channel the account', () => {
    const [wallet, insurer] = planned(fen(10_000), [offer(6_000)])
    expect([wallet?.payer_account, wallet?.quote_reference]).toEqual(['openid-1', null])
    expect([insurer?.payer_account, insurer?.quote_reference]).toEqual([null, 'Q'])
  })
})
