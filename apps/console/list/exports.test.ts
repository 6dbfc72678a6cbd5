import type { TFunction } from 'i18next'
import { expect, it } from 'vitest'

import type { Move, Payment, Refund } from '../../../contract/client.ts'
import common from '../../web/locales/zh-CN/common.json'
import zh from '../../web/locales/zh-CN/console.json'
import * as moves from '../moves/csv.ts'
import * as payments from '../payments/csv.ts'
import * as refunds from '../refunds/csv.ts'
import { somePayment } from '../testing/payments.ts'
import type { CsvCell } from './csv.ts'

// What finance opens in a spreadsheet: the words of the pages, with the columns by their heads.

const wordAt = (words: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], words)

const t = ((key: string, params: Record<string, string> = {}) => {
  const found = key.startsWith('common:')
    ? wordAt(common, key.slice('common:'.length))
    : wordAt(zh, key)
  if (typeof found !== 'string') return params['defaultValue'] ?? key
  return found.replaceAll(/\{\{(\w+)\}\}/g, (_all, name: string) => params[name] ?? '')
}) as unknown as TFunction

const row = (heads: string[], cells: CsvCell[]) => {
  expect(cells).toHaveLength(heads.length)
  return Object.fromEntries(
    heads.map((head, i) => [head, Object.values(cells[i] ?? {})[0] as string | number | null]),
  )
}

it('payments: the plan is called a plan, and beside it stands what was taken and given back', () => {
  const [tender] = somePayment(1).tenders
  if (!tender) throw new Error('a payment has a tender')
  const payment: Payment = somePayment(1, {
    payerState: 'part_refunded',
    tenders: [{ ...tender, returnedFen: 1_500 }],
    attention: 'source_returned_too_much',
  })
  const heads = payments.headsOf(t)
  expect(new Set(heads).size).toBe(heads.length)
  expect(row(heads, payments.cellsOf(t, payment))).toMatchObject({
    缴费单号: payment.paymentNo,
    状态: '部分退款',
    医院收据号: 'SJ1',
    方案·个人现金: 2_850,
    方案·医保基金: 0,
    实扣合计: 2_850,
    已退合计: 1_500,
    净额: 1_350,
    [zh.payments.attention]: '医保或保险退回多于应退，差额需患者补缴或医院承担',
  })
})

it('refunds: what went back of whose money, and codes in words', () => {
  const refund: Refund = {
    id: '0190b3a0-0000-7000-8000-000000000009',
    paymentId: '0190b3a0-0000-7000-8000-000000000001',
    cause: 'compensation',
    status: 'returning',
    billNo: null,
    lineNos: [],
    amountFen: 10_000,
    parts: [
      { provider: 'insurance', kind: 'pooled', amountFen: 6_000 },
      { provider: 'commercial', kind: 'commercial', amountFen: -100 },
    ],
    toPayerFen: null,
    reason: 'not_settled',
    refusalCode: null,
    receiptNo: 'HC1',
    attention: 'channel_has_too_little',
    declineCode: null,
    createdAt: '2026-11-21T02:00:00Z',
    approvedAt: null,
    returnedAt: null,
  }
  const cells = refunds.cellsOf(t, refund, { paymentNo: 'P1', reason: '未完成' })
  expect(row(refunds.headsOf(t), cells)).toMatchObject({
    退·医保基金: 6_000,
    [`退·${zh.parts.commercial}`]: -100,
    退·个人现金: 0,
    退款收据号: 'HC1',
    [zh.payments.attention]: '患者自付部分小于应退金额，请核对各方退回',
  })
})

it('moves: under the number that the hospital knows the payment by, and of which refund', () => {
  const move: Move = {
    businessDate: '2026-11-21',
    provider: 'wechat',
    kind: 'return',
    part: 'self_pay',
    ourNo: 'R1',
    providerNo: '5000',
    amountFen: 100,
    paymentId: '0190b3a0-0000-7000-8000-000000000001',
    refundId: '0190b3a0-0000-7000-8000-000000000009',
    at: '2026-11-21T02:00:00Z',
  }
  const cells = moves.cellsOf(t, move, { nameOf: () => '微信支付', hospitalId: 1 })
  expect(row(moves.headsOf(t), cells)).toMatchObject({
    缴费单号: expect.stringMatching(/^[0-9A-Z]{30}$/) as string,
    退款内部编号: '0190b3a0-0000-7000-8000-000000000009',
    [zh.moves.part]: '个人现金',
  })
})
