import { describe, expect, it } from 'vitest'

import type { Payment } from '../../../contract/client.ts'
import common from '../../web/locales/zh-CN/common.json'
import zh from '../locales/zh-CN/patient.json'
import { plannedPayment, refundOf } from '../testing/payments.ts'
import { keptFenOf, payFenOf, refundingFenOf, STORY_NAMES, storyOf } from './story.ts'
import { intervalOf } from './use-payment.ts'

const stories: Record<string, unknown> = zh.stories

const at = (payerState: Payment['payerState'], changes: Partial<Payment> = {}) =>
  plannedPayment({ payerState, ...changes })

describe('what the payer is told', () => {
  // The dictionary of the product: these words are fixed.
  it.each([
    ['to_pay', '待支付'],
    ['processing', '支付处理中'],
    ['checking', '支付处理中'],
    ['confirming', '已付款，医院确认中'],
    ['succeeded', '支付成功'],
    ['not_charged', '未扣款，可重新支付'],
    ['returning', '已扣款但未成功'],
    ['part_refunded', '部分退款'],
    ['closed', '已关闭'],
  ])('%s is called %s', (name, title) => {
    expect(stories[name]).toMatchObject({ title })
  })

  it.each(STORY_NAMES)('%s answers whether money was taken and what to do now', (name) => {
    const words = stories[name]
    expect(words).toMatchObject({ title: expect.stringMatching(/\S/) })
    expect(words).toMatchObject({ charged: expect.stringMatching(/\S/) })
    expect(words).toMatchObject({ todo: expect.stringMatching(/\S/) })
    expect(zh.stories.whoDefault).toContain('收费窗口')
  })

  it.each(STORY_NAMES)('%s never says 失败', (name) => {
    expect(JSON.stringify(stories[name])).not.toContain('失败')
    expect(JSON.stringify(common.payerStates)).not.toContain('失败')
  })

  it.each(['checking', 'processing', 'confirming', 'settling', 'credit_settling'])(
    '%s asks not to pay again, or says that no cash is needed',
    (name) => {
      expect(JSON.stringify(stories[name])).toMatch(/请勿重复支付|不用付现金/)
    },
  )
})

describe('the story of a payment', () => {
  it('does not call an order unpaid while the payer comes back from the wallet', () => {
    expect(storyOf(at('to_pay'), false).name).toBe('to_pay')
    expect(storyOf(at('to_pay'), true).name).toBe('checking')
    expect(storyOf(at('succeeded'), true).name).toBe('succeeded')
  })

  it('asks nothing of a payer who has agreed for good', () => {
    const [payer, insurance] = plannedPayment().tenders
    if (!payer || !insurance) throw new Error('the planned payment has two tenders')
    const tenders = [{ ...payer, method: 'agreement' as const }, insurance]
    expect(storyOf(at('to_pay', { tenders }), false).name).toBe('processing')
  })

  it('tells a refund that was asked for from money that comes back by itself', () => {
    expect(storyOf(at('returning', { status: 'compensating' }), false).name).toBe('returning')
    expect(storyOf(at('returning', { status: 'succeeded' }), false).name).toBe('refunding')
  })

  it('says that nothing was taken from a payer who had nothing to pay', () => {
    const tenders = plannedPayment().tenders.filter((tender) => tender.phase === 'settle')
    expect(storyOf(at('succeeded', { tenders }), false).name).toBe('covered')
    expect(storyOf(at('confirming', { tenders }), false).name).toBe('settling')
    expect(payFenOf(at('succeeded', { tenders }))).toBe(0)
  })

  it('names the amount that the payer’s channel took and still has', () => {
    const [payer, insurance] = plannedPayment().tenders
    if (!payer || !insurance) throw new Error('the planned payment has two tenders')
    const taken = { ...payer, takenFen: 2_850 }
    expect(keptFenOf(at('returning', { tenders: [taken, insurance] }))).toBe(2_850)
    const returned = { ...taken, returnedFen: 2_850 }
    expect(keptFenOf(at('returned', { tenders: [returned, insurance] }))).toBe(0)
  })

  it('counts a refund as on its way only after the hospital has agreed', () => {
    expect(refundingFenOf(at('succeeded', { refunds: [refundOf({})] }))).toBe(0)
    const refunds = [refundOf({ status: 'returning' })]
    expect(refundingFenOf(at('returning', { refunds }))).toBe(63_800)
  })
})

describe('a payment of which the payer paid nothing', () => {
  const [payer, insurance] = plannedPayment().tenders
  if (!payer || !insurance) throw new Error('the planned payment has two tenders')
  const pooled = { ...insurance, amountFen: 40_950, parts: insurance.parts.slice(0, 1) }
  const undone = (tender: typeof insurance, returnedFen: number) => ({
    tenders: [payer, { ...tender, takenFen: tender.amountFen, returnedFen }],
    status: 'compensating' as const,
  })

  it('is never said to have been taken from them', () => {
    expect(storyOf(at('returning', undone(pooled, 0)), false).name).toBe('undoing')
    expect(storyOf(at('returned', undone(pooled, 40_950)), false).name).toBe('undone')
    expect(keptFenOf(at('returning', undone(pooled, 0)))).toBe(0)
    expect(zh.stories.undoing.charged).toContain('没有扣您的钱')
    expect(JSON.stringify([zh.stories.undoing, zh.stories.undone])).not.toContain('扣过款')
  })

  it('is theirs where their personal account or deposit paid', () => {
    expect(storyOf(at('returning', undone(insurance, 0)), false).name).toBe('returning')
    expect(keptFenOf(at('returning', undone(insurance, 0)))).toBe(20_000)
  })
})

describe('asking again', () => {
  it('stops at an end and before the payer agrees', () => {
    const ends = ['succeeded', 'returned', 'refunded', 'part_refunded', 'not_charged', 'closed']
    for (const end of [...ends, 'to_confirm'] as const) {
      expect(intervalOf(at(end as Payment['payerState']), 1)).toBe(false)
    }
  })

  it('goes on while anything moves, ever less often', () => {
    const moving = ['to_pay', 'processing', 'confirming', 'returning'] as const
    for (const state of moving) {
      const intervals = [1, 30, 60, 500].map((looks) => intervalOf(at(state), looks))
      expect(intervals).toEqual([1_000, 3_000, 10_000, 30_000])
    }
    expect(intervalOf(at('succeeded', { refunds: [refundOf({})] }), 1)).toBe(1_000)
  })
})
