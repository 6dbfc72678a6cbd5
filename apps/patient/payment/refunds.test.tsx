// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { Payment } from '../../../contract/client.ts'
import { plannedPayment, refundOf } from '../testing/payments.ts'
import { show } from '../testing/show.tsx'
import { isLate, isUnanswered, promisedAt } from './promise.ts'
import { ResultView } from './ResultView.tsx'

// A bill of 638.00 of which the fund has paid 409.50, the personal account 200.00 and the payer 28.50 by WeChat.

let now: string

beforeEach(() => {
  now = '2026-11-21T03:00:00.000Z'
  vi.stubGlobal('fetch', async (request: Request) =>
    request.url.endsWith('/v1/health')
      ? Response.json({ status: 'up', at: now })
      : Response.json({ type: '', status: 404, code: 'x', instance: 'r1' }, { status: 404 }),
  )
})

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

type Refund = Payment['refunds'][number]

const draw = (payment: Partial<Payment>, refund?: Partial<Refund>) =>
  show(
    <ResultView
      payment={plannedPayment({
        status: 'succeeded',
        refunds: refund ? [refundOf({ amountFen: 10_000, ...refund })] : [],
        ...payment,
      })}
      isFromWallet={false}
      lastError={null}
    />,
  )

const text = () => document.body.textContent ?? ''

describe('who gets what back', () => {
  it('is said by payer once it is known, and the payer’s own before the others’', async () => {
    await draw(
      { payerState: 'part_refunded' },
      {
        status: 'succeeded',
        toPayerFen: 2_000,
        parts: [
          { provider: 'insurance', kind: 'pooled', amountFen: 6_500 },
          { provider: 'commercial', kind: 'commercial', amountFen: 1_000 },
          { provider: 'credit', kind: 'credit', amountFen: 500 },
          { provider: 'wechat', kind: 'self_pay', amountFen: 2_000 },
        ],
      },
    )
    await screen.findByText('已付款。退回您的 ¥20.00，退回医保等 ¥80.00。')
    for (const words of ['退回医保¥65.00', '退回保险公司¥10.00', '减少信用欠款¥5.00']) {
      expect(text()).toContain(words)
    }
    expect(text()).toContain('退回您的微信支付¥20.00')
  })

  it('names no amount for the payer before the insurers have said theirs', async () => {
    await draw({ payerState: 'returning' }, { status: 'returning', toPayerFen: null })
    await screen.findByText('已付款。项目金额 ¥100.00，退给您的金额算好后显示。')
    expect(text()).not.toMatch(/退回(您的|医保等)? ?¥100/)
  })

  it('promises nothing to a payer to whom nothing is due', async () => {
    await draw({ payerState: 'returning' }, { status: 'returning', toPayerFen: 0 })
    await screen.findByText('已付款。没有要退给您的钱，退回医保等 ¥100.00。')
    expect(text()).toContain('正在退回医保等 ¥100.00')
  })
})

describe('a refund that has stopped', () => {
  it('sends the payer to the window instead of saying that it comes by itself', async () => {
    await draw(
      { payerState: 'returning' },
      { status: 'returning', attention: 'channel_has_too_little' },
    )
    await screen.findByText('退款需要医院人工办理。请到收费窗口，出示缴费单号。')
    expect(text()).not.toContain('钱会自动退回')
  })

  it('that only takes longer still comes by itself', async () => {
    await draw(
      { payerState: 'returning' },
      { status: 'returning', attention: 'overdue', toPayerFen: 10_000 },
    )
    expect(await screen.findByText('不用操作，钱会自动退回。')).toBeTruthy()
  })
})

describe('the promised day', () => {
  const createdAt = '2026-11-10T02:00:00.000Z'

  it('counts from when the hospital agreed', () => {
    const refund = refundOf({ status: 'returning', createdAt, approvedAt: '2026-11-20T02:00:00Z' })
    expect(promisedAt(refund).toISOString()).toBe('2026-11-25T02:00:00.000Z')
    expect(isLate(refund, Date.parse('2026-11-21T02:00:00Z'))).toBe(false)
  })

  it('is nobody’s while the hospital has not answered: the payer is told to ask', async () => {
    const refund = refundOf({ status: 'approving', createdAt })
    const nowMs = Date.parse(now)
    expect([isLate(refund, nowMs), isUnanswered(refund, nowMs)]).toEqual([false, true])
    await draw({ payerState: 'succeeded' }, { status: 'approving', createdAt })
    await screen.findByText('医院还没有答复，请到收费窗口询问。')
    expect(text()).not.toContain('抱歉')
  })
})

describe('a refund that waits for a second person', () => {
  const wish = {
    id: 'w1',
    billNo: 'B1',
    lineNos: [1],
    amountFen: 600_000,
    isDeclined: false,
    createdAt: '2026-11-21T02:00:00.000Z',
  }

  it('is no secret to the payer', async () => {
    await draw({ payerState: 'succeeded', refundWishes: [wish] })
    expect(await screen.findByText('医院正在复核退款 ¥6,000.00。')).toBeTruthy()
  })

  it('that was declined sends them to the window, until another refund comes', async () => {
    const declined = [{ ...wish, isDeclined: true }]
    await draw({ payerState: 'succeeded', refundWishes: declined })
    await screen.findByText('医院没有同意退款 ¥6,000.00。请到收费窗口询问。')
    cleanup()
    await draw(
      { payerState: 'part_refunded', refundWishes: declined },
      { status: 'succeeded', createdAt: '2026-11-21T02:30:00.000Z', toPayerFen: 0 },
    )
    await screen.findByText('项目金额 ¥100.00。')
    expect(text()).not.toContain('没有同意退款')
  })
})

describe('a payment that came to nothing', () => {
  const [payer, insurance] = plannedPayment().tenders
  if (!payer || !insurance) throw new Error('the planned payment has two tenders')
  const commercial = {
    ...insurance,
    tenderNo: 3,
    provider: 'commercial',
    status: 'declined' as const,
    parts: [{ kind: 'commercial' as const, amountFen: 1_000 }],
    declineCode: 'refused',
  }

  it('says who did not settle, and lets the payer begin anew', async () => {
    const paid = { ...payer, takenFen: 2_850, returnedFen: 2_850 }
    await draw({
      status: 'failed',
      payerState: 'returned',
      failureCode: 'not_settled',
      tenders: [paid, insurance, commercial],
    })
    await screen.findByText('商业保险没有完成结算。')
    expect(text()).not.toContain('医保没有完成')
    expect(screen.getByRole('link', { name: '重新支付' })).toBeTruthy()
  })

  it('says why while the money comes back', async () => {
    const paid = { ...payer, takenFen: 2_850 }
    await draw({
      status: 'compensating',
      payerState: 'returning',
      failureCode: 'quote_superseded',
      tenders: [paid, insurance],
    })
    expect(await screen.findByText('报销金额有变化，请重新支付。')).toBeTruthy()
  })

  it('says that nothing was taken from who paid nothing', async () => {
    const pooled = { ...insurance, parts: insurance.parts.slice(0, 1), takenFen: 7_000 }
    await draw({
      status: 'compensating',
      payerState: 'returning',
      failureCode: 'hospital_refused',
      tenders: [payer, pooled],
    })
    await screen.findByText('没有扣您的钱，医保等的部分正在撤销。')
    expect(text()).not.toContain('¥70')
  })
})
