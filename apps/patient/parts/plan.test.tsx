import { cleanup } from '@testing-library/react'
// @vitest-environment happy-dom
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'

import { amountText } from '../../web/amount.ts'
import { plannedPayment } from '../testing/payments.ts'
import { show } from '../testing/show.tsx'
import { PartsBar } from './PartsBar.tsx'
import { planOf } from './plan.ts'

afterEach(cleanup)

/** A plan of any three amounts, as the hub would make it. */
function planned(pooled: number, account: number, selfPay: number) {
  const base = plannedPayment()
  const [payer, insurance] = base.tenders
  const [bill] = base.bills
  if (!payer || !insurance || !bill) throw new Error('the planned payment has two tenders')
  const totalFen = pooled + account + selfPay
  const parts = [
    { kind: 'pooled' as const, amountFen: pooled },
    { kind: 'account' as const, amountFen: account },
  ]
  return plannedPayment({
    totalFen,
    bills: [{ ...bill, totalFen }],
    tenders: [
      { ...payer, amountFen: selfPay, parts: [{ kind: 'self_pay', amountFen: selfPay }] },
      { ...insurance, amountFen: pooled + account, parts },
    ],
  })
}

describe('the bar of who pays what', () => {
  it('adds up to the total to the fen, as pieces and as text', async () => {
    const amount = fc.integer({ min: 0, max: 10_000_000 })
    await fc.assert(
      fc.asyncProperty(amount, amount, fc.integer({ min: 1, max: 10_000_000 }), async (p, a, s) => {
        const payment = planned(p, a, s)
        const parts = planOf(payment)
        const { container } = await show(
          <PartsBar parts={parts ?? []} totalFen={payment.totalFen} />,
        )
        await expect.poll(() => container.querySelector('.parts')).not.toBeNull()
        const pieces = [...container.querySelectorAll<HTMLElement>('[data-fen]')]
        const shownFen = pieces.map((piece) => Number(piece.dataset.fen))
        expect(shownFen.reduce((sum, fen) => sum + fen, 0)).toBe(payment.totalFen)
        expect(pieces.map((piece) => Number(piece.style.flexGrow))).toEqual(shownFen)
        for (const fen of shownFen) expect(container.textContent).toContain(amountText(fen))
        cleanup()
      }),
      { numRuns: 30 },
    )
  })

  it('is not there for a plan that does not add up', () => {
    const payment = planned(100, 0, 50)
    expect(planOf(payment)).not.toBeNull()
    expect(planOf({ ...payment, totalFen: 151 })).toBeNull()
    expect(planOf({ ...payment, bills: [] })).toBeNull()
  })
})
