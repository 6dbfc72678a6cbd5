import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { businessDate } from '../../../kernel/time.ts'
import type { HisSimulator } from './index.ts'
import { call, simpleBill, startTestHis, TestClock, writeBackOf } from './testing.ts'

const DAY = businessDate('2026-11-21')
const NEXT_DAY = businessDate('2026-11-22')

let clock: TestClock
let his: HisSimulator
beforeEach(async () => {
  clock = new TestClock()
  his = await startTestHis(clock)
})
afterEach(() => his.stop())

const ask = (operation: string, body: object) => call(his, clock, operation, body)
const list = (businessDate: string, page = 1) =>
  ask('reconciliation.dayList', { businessDate, page })

async function pay(paymentNo: string, change: object = {}) {
  const bill = simpleBill(his)
  const answer = await ask('bills.writeBack', { ...writeBackOf(bill, paymentNo, clock), ...change })
  return { bill, receiptNo: answer.data?.['receiptNo'] }
}

async function refund(bill: { billNo: string; totalFen: number }, paymentNo: string, at: string) {
  const refundNo = `R-${paymentNo}`
  const { billNo, totalFen: amountFen } = bill
  await ask('refunds.approve', { refundNo, paymentNo, billNo, lines: [], amountFen, reason: '退' })
  const tenders = [{ kind: 'self_pay', amountFen }]
  const { data } = await ask('refunds.complete', { refundNo, completedAt: at, tenders })
  return data?.['receiptNo']
}

describe('reconciliation.dayList', () => {
  it('is answered from 00:05 of the next day on', async () => {
    clock.set('2026-11-22T00:04:59.999+08:00')
    expect((await list(DAY)).code).toBe('SYSTEM_BUSY')
    clock.set('2026-11-22T00:05:00+08:00')
    expect((await list(DAY)).code).toBe('OK')
    expect((await list(NEXT_DAY)).code).toBe('SYSTEM_BUSY')
  })

  it('tells the payments and refunds of the day, as they came, and their sums', async () => {
    const first = await pay('P-1')
    clock.set('2026-11-21T10:00:00+08:00')
    const second = await pay('P-2', { insuranceSettlementNo: 'S-2' })
    const red = await refund(first.bill, 'P-1', '2026-11-21T10:00:00.500+08:00')
    clock.set('2026-11-22T08:00:00+08:00')
    const { totalFen } = first.bill
    const rowOf = (paymentNo: string, at: string, paid: typeof first) => ({
      kind: 'payment',
      paymentNo,
      refundNo: null,
      billNo: paid.bill.billNo,
      receiptNo: paid.receiptNo,
      amountFen: totalFen,
      at,
      tenders: [{ kind: 'self_pay', amountFen: totalFen }],
    })
    const { code, data } = await list(DAY)
    expect(code).toBe('OK')
    expect(data).toEqual({
      rows: [
        rowOf('P-1', '2026-11-21T09:00:00+08:00', first),
        rowOf('P-2', '2026-11-21T10:00:00+08:00', second),
        {
          ...rowOf('P-1', '2026-11-21T10:00:00+08:00', first),
          kind: 'refund',
          refundNo: 'R-P-1',
          receiptNo: red,
        },
      ],
      page: 1,
      pages: 1,
      totals: { payments: 2, paymentsFen: 2 * totalFen, refunds: 1, refundsFen: totalFen },
    })
    expect(his.dayTotals(DAY)).toEqual(data?.['totals'])
  })

  it('puts a payment on the day of its paidAt and a refund on that of its completedAt', async () => {
    clock.set('2026-11-22T00:01:00+08:00')
    const { bill } = await pay('P-1', { paidAt: '2026-11-21T23:59:59.999+08:00' })
    await refund(bill, 'P-1', '2026-11-21T16:00:00Z')
    clock.set('2026-11-23T08:00:00+08:00')
    const { totalFen } = bill
    const totalsOf = async (day: string) => (await list(day)).data?.['totals']
    const none = { payments: 0, paymentsFen: 0, refunds: 0, refundsFen: 0 }
    expect(await totalsOf(DAY)).toEqual({ ...none, payments: 1, paymentsFen: totalFen })
    expect(await totalsOf(NEXT_DAY)).toEqual({ ...none, refunds: 1, refundsFen: totalFen })
    expect(his.checkBooks()).toEqual([])
  })

  it('leaves out a write-back that was taken back', async () => {
    const { bill } = await pay('P-1')
    await ask('bills.voidWriteBack', { paymentNo: 'P-1', billNo: bill.billNo, reason: '超时' })
    clock.set('2026-11-22T08:00:00+08:00')
    expect((await list(DAY)).data).toEqual({
      rows: [],
      page: 1,
      pages: 1,
      totals: { payments: 0, paymentsFen: 0, refunds: 0, refundsFen: 0 },
    })
  })

  it('has 500 rows a page, each row once', async () => {
    for (let i = 0; i < 501; i++) await pay(`P-${i}`)
    clock.set('2026-11-22T08:00:00+08:00')
    const pages = [(await list(DAY, 1)).data, (await list(DAY, 2)).data]
    const rows = pages.map((data) => (data?.['rows'] ?? []) as { paymentNo: string }[])
    expect(pages.map((data) => [data?.['page'], data?.['pages']])).toEqual([
      [1, 2],
      [2, 2],
    ])
    expect(rows.map((r) => r.length)).toEqual([500, 1])
    expect(new Set(rows.flat().map((r) => r.paymentNo)).size).toBe(501)
    for (const data of pages) expect(data?.['totals']).toMatchObject({ payments: 501 })
    expect((await list(DAY, 3)).code).toBe('INVALID_REQUEST')
  }, 120_000)

  it.each(['2026-02-30', '2026-1-1', '20261121', ''])('refuses the day %j', async (day) => {
    expect((await list(day)).code).toBe('INVALID_REQUEST')
  })

  it('refuses page 0', async () => {
    expect((await list(DAY, 0)).code).toBe('INVALID_REQUEST')
  })
})
