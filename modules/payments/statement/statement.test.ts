import { expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { businessDate } from '../../../kernel/time.ts'
import type { StatementMove } from './amounts.ts'
import { type PaidPayment, statementOf } from './statement.ts'

const YEAR = { from: businessDate('2026-01-01'), to: businessDate('2026-12-31') }
const HOSPITALS = [
  { hospitalId: 1 as never, name: '市立医院' },
  { hospitalId: 2 as never, name: '中医院' },
]

const move = (amount: number, changes: Partial<StatementMove> = {}): StatementMove => ({
  tenderNo: 1,
  provider: 'wechat',
  part: 'self_pay',
  kind: 'charge',
  refundId: null,
  amountFen: fen(amount),
  at: new Date('2026-11-21T02:00:00Z'),
  ...changes,
})

const paid = (changes: Partial<PaidPayment> = {}): PaidPayment => ({
  hospitalId: 1 as never,
  paymentId: '0193a000-0000-7000-8000-000000000001' as never,
  visitNo: 'V1',
  status: 'succeeded',
  totalFen: fen(10_000),
  paidAt: new Date('2026-11-21T02:00:00Z'),
  moves: [move(10_000)],
  bills: [{ billNo: 'B1', title: '内科', totalFen: fen(10_000), receiptNo: 'R1' }],
  refunds: [],
  ...changes,
})

const pooled = { tenderNo: 2, provider: 'insurance', part: 'pooled' } as const

it('nothing paid comes to nothing', () => {
  expect(statementOf(YEAR, HOSPITALS, [])).toEqual({
    ...YEAR,
    totals: { paidFen: 0, refundedFen: 0, netFen: 0, selfPaidFen: 0 },
    bySource: [],
    byHospital: [],
    byMonth: [],
    items: [],
  })
})

it('what the insurer settles anew in a refund is taken off what it gave back', () => {
  const refundId = 'r1' as never
  const moves = [
    move(4_000),
    move(6_000, pooled),
    move(6_000, { ...pooled, kind: 'return', refundId }),
    move(3_000, { ...pooled, refundId }),
    move(1_000, { kind: 'return', refundId, at: new Date('2026-11-25T02:00:00Z') }),
  ]
  const refunds = [
    {
      refundId,
      cause: 'requested' as const,
      status: 'succeeded' as const,
      billNo: 'B1',
      amountFen: fen(4_000),
      reason: '退药',
      receiptNo: 'RR1',
      returnedAt: null,
    },
  ]
  const { totals, bySource, items } = statementOf(YEAR, HOSPITALS, [paid({ moves, refunds })])
  expect(totals).toEqual({
    paidFen: 10_000,
    refundedFen: 4_000,
    netFen: 6_000,
    selfPaidFen: 3_000,
  })
  expect(bySource).toEqual([
    { provider: 'insurance', part: 'pooled', paidFen: 6_000, refundedFen: 3_000, netFen: 3_000 },
    { provider: 'wechat', part: 'self_pay', paidFen: 4_000, refundedFen: 1_000, netFen: 3_000 },
  ])
  expect(items[0]?.state).toBe('part_refunded')
  expect(items[0]?.refunds).toEqual([
    {
      billNo: 'B1',
      status: 'succeeded',
      reason: '退药',
      receiptNo: 'RR1',
      at: new Date('2026-11-25T02:00:00Z'),
      amountFen: 4_000,
      sources: [
        { provider: 'wechat', part: 'self_pay', amountFen: 1_000 },
        { provider: 'insurance', part: 'pooled', amountFen: 3_000 },
      ],
    },
  ])
})

it('stands in order of time, by the months and hospitals of the region', () => {
  const payments = [
    // 00:30 on the first of December in Shanghai.
    paid({ paymentId: '3' as never, paidAt: new Date('2026-11-30T16:30:00Z') }),
    paid({ hospitalId: 2 as never, paymentId: '2' as never }),
    paid({ paymentId: '1' as never }),
  ].map((payment) => ({
    ...payment,
    paymentId: `0193a000-0000-7000-8000-00000000000${payment.paymentId}` as never,
  }))
  const { items, byMonth, byHospital } = statementOf(YEAR, HOSPITALS, payments)
  expect(items.map((item) => [item.hospitalName, item.paymentId.at(-1)])).toEqual([
    ['市立医院', '1'],
    ['中医院', '2'],
    ['市立医院', '3'],
  ])
  expect(byMonth.map(({ month, count, netFen }) => [month, count, netFen])).toEqual([
    ['2026-11', 2, 20_000],
    ['2026-12', 1, 10_000],
  ])
  expect(byHospital.map(({ name, count, netFen }) => [name, count, netFen])).toEqual([
    ['市立医院', 2, 20_000],
    ['中医院', 1, 10_000],
  ])
})

it('counts as paid in cash what the person has paid before or has to repay, and not their account', () => {
  const moves = [
    move(1_000),
    move(2_000, { tenderNo: 2, provider: 'deposit', part: 'deposit' }),
    move(3_000, { tenderNo: 3, provider: 'credit', part: 'credit' }),
    move(4_000, { tenderNo: 4, provider: 'insurance', part: 'account' }),
  ]
  const { totals } = statementOf(YEAR, HOSPITALS, [paid({ moves })])
  expect(totals).toMatchObject({ netFen: 10_000, selfPaidFen: 6_000 })
})

it('says in words why money came back by itself', () => {
  const refundId = 'r9' as never
  const moves = [move(1_000), move(1_000, { kind: 'return', refundId })]
  const refunds = [
    {
      refundId,
      cause: 'compensation' as const,
      status: 'succeeded' as const,
      billNo: null,
      amountFen: fen(1_000),
      reason: 'hospital_refused',
      receiptNo: null,
      returnedAt: null,
    },
  ]
  const { items } = statementOf(YEAR, HOSPITALS, [paid({ moves, refunds })])
  expect(items[0]?.refunds[0]?.reason).toBe('支付未完成，退回')
})
