import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Bill, HisSimulator } from './index.ts'
import { call, simpleBill, startTestHis, TestClock, writeBackOf } from './testing.ts'

const clock = new TestClock()
let his: HisSimulator
beforeAll(async () => {
  his = await startTestHis(clock)
})
afterAll(() => his.stop())

let count = 0
let bill: Bill
let paymentNo: string
let refundNo: string
beforeEach(async () => {
  count += 1
  bill = simpleBill(his)
  paymentNo = `P-${count}`
  refundNo = `R-${count}`
  await ask('bills.writeBack', writeBackOf(bill, paymentNo, clock))
})

const ask = (operation: string, body: object) => call(his, clock, operation, body)
const sumOf = (lineNos: number[]) =>
  bill.items.reduce((sum, i) => sum + (lineNos.includes(i.lineNo) ? i.amountFen : 0), 0)
const approve = (lineNos: number[], change: object = {}) =>
  ask('refunds.approve', {
    refundNo,
    paymentNo,
    billNo: bill.billNo,
    lines: lineNos.map((lineNo) => ({ lineNo })),
    amountFen: lineNos.length === 0 ? bill.totalFen : sumOf(lineNos),
    reason: '退药',
    ...change,
  })
const complete = (amountFen: number, change: object = {}) =>
  ask('refunds.complete', {
    refundNo,
    completedAt: '2026-11-21T09:00:00+08:00',
    tenders: [{ kind: 'self_pay', amountFen }],
    ...change,
  })
const cancel = (change: object = {}) =>
  ask('refunds.cancel', { refundNo, reason: '不退', ...change })
const billNow = async () =>
  (await ask('bills.get', { billNo: bill.billNo })).data?.['bill'] as unknown as Bill
const statuses = async () => {
  const { status, items } = await billNow()
  return [status, ...items.map((i) => i.status)]
}

describe('refunds.approve', () => {
  it('numbers the approval and locks the lines', async () => {
    const { code, data } = await approve([1, 3])
    expect([code, data]).toEqual([
      'OK',
      { approvalNo: expect.stringMatching(/^TF0120261121\d{6}$/) },
    ])
    expect(await statuses()).toEqual(['paid', 'charged', 'charged', 'charged'])
    expect(() => his.dispense(bill.billNo, [1])).toThrow('his.line_locked')
    expect(his.dispense(bill.billNo, [2]).items[1]?.status).toBe('dispensed')
    expect(his.checkBooks()).toEqual([])
  })

  it('takes all lines where none is named', async () => {
    expect((await approve([])).code).toBe('OK')
    const second = await approve([2], { refundNo: `${refundNo}-B` })
    expect(second).toMatchObject({ code: 'REFUND_NOT_ALLOWED', data: { lines: [{ lineNo: 2 }] } })
  })

  it('answers the same to the same body and refuses another', async () => {
    const first = await approve([1])
    expect(await approve([1])).toEqual(first)
    expect((await approve([2])).code).toBe('DUPLICATE_DIFFERENT')
  })

  it('refuses dispensed, refunded and locked lines, and says which', async () => {
    his.dispense(bill.billNo, [2])
    await approve([1])
    const another = { refundNo: `${refundNo}-B` }
    expect(await approve([], another)).toMatchObject({
      code: 'REFUND_NOT_ALLOWED',
      data: { lines: [{ lineNo: 1 }, { lineNo: 2 }] },
    })
    await complete(sumOf([1]))
    expect(await approve([1, 3], another)).toMatchObject({
      code: 'REFUND_NOT_ALLOWED',
      data: { lines: [{ lineNo: 1 }] },
    })
    expect((await approve([3], another)).code).toBe('OK')
  })

  it('refuses an amount that is not that of the lines', async () => {
    expect((await approve([1], { amountFen: sumOf([1]) - 1 })).code).toBe('AMOUNT_MISMATCH')
    expect((await approve([1])).code).toBe('OK')
  })

  it('refuses lines that are not on the bill, or named twice', async () => {
    expect((await approve([1, 4])).code).toBe('INVALID_REQUEST')
    expect((await approve([1, 1])).code).toBe('INVALID_REQUEST')
    expect((await approve([0])).code).toBe('INVALID_REQUEST')
  })

  it('refuses a bill that is not there, not paid, or paid by another', async () => {
    expect((await approve([1], { billNo: 'ZD00' })).code).toBe('BILL_NOT_FOUND')
    const { billNo } = simpleBill(his)
    const none = { code: 'REFUND_NOT_ALLOWED', data: { lines: [] } }
    expect(await approve([1], { billNo })).toMatchObject(none)
    expect(await approve([1], { paymentNo: 'P-OTHER' })).toMatchObject(none)
  })

  it('lets one of two refunds of a line win that come at once', async () => {
    const nos = Array.from({ length: 6 }, (_, i) => `${refundNo}-${i}`)
    const answers = await Promise.all(nos.map((no) => approve([1, 2], { refundNo: no })))
    const codes = answers.map((answer) => answer.code)
    expect(codes.filter((code) => code === 'OK')).toHaveLength(1)
    expect(codes.filter((code) => code === 'REFUND_NOT_ALLOWED')).toHaveLength(5)
    expect(his.checkBooks()).toEqual([])
  })
})

describe('refunds.complete', () => {
  it('refunds the lines, with a red receipt, until all are', async () => {
    await approve([1, 3])
    const { code, data } = await complete(sumOf([1, 3]))
    const receiptNo: unknown = expect.stringMatching(/^HC0120261121\d{6}$/)
    expect([code, data]).toEqual(['OK', { receiptNo }])
    expect(await statuses()).toEqual(['part_refunded', 'refunded', 'charged', 'refunded'])
    const rest = { refundNo: `${refundNo}-B` }
    await approve([2], rest)
    await complete(sumOf([2]), rest)
    expect(await statuses()).toEqual(['refunded', 'refunded', 'refunded', 'refunded'])
    expect((await billNow()).paymentNo).toBe(paymentNo)
    const late = await ask('bills.writeBack', writeBackOf(bill, 'P-LATE', clock))
    expect(late).toMatchObject({ code: 'BILL_ALREADY_PAID', data: { paymentNo } })
    expect(his.checkBooks()).toEqual([])
  })

  it('keeps a bill part refunded whose other lines are dispensed', async () => {
    his.dispense(bill.billNo, [2])
    await approve([1, 3])
    await complete(sumOf([1, 3]))
    expect(await statuses()).toEqual(['part_refunded', 'refunded', 'dispensed', 'refunded'])
  })

  it('answers the same to the same body and refuses another', async () => {
    await approve([1])
    const first = await complete(sumOf([1]))
    expect(await complete(sumOf([1]))).toEqual(first)
    const other = await complete(sumOf([1]), { completedAt: '2026-11-21T08:59:59+08:00' })
    expect(other.code).toBe('DUPLICATE_DIFFERENT')
  })

  it('refuses tenders that are not the approved amount, and takes the right ones after', async () => {
    await approve([1])
    expect((await complete(sumOf([1]) + 1)).code).toBe('AMOUNT_MISMATCH')
    expect((await complete(sumOf([1]))).code).toBe('OK')
  })

  it('refuses what is not approved: unknown, or cancelled', async () => {
    expect((await complete(100)).code).toBe('INVALID_REQUEST')
    await approve([1])
    await cancel()
    expect((await complete(sumOf([1]))).code).toBe('INVALID_REQUEST')
  })

  it.each(['2026-11-21', '2026-11-21T09:05:01+08:00'])('refuses %s', async (completedAt) => {
    await approve([1])
    expect((await complete(sumOf([1]), { completedAt })).code).toBe('INVALID_REQUEST')
  })
})

describe('refunds.cancel', () => {
  it('unlocks the lines, and the same refund is never approved again', async () => {
    await approve([1])
    expect(await cancel()).toEqual({ code: 'OK', message: '', data: {} })
    expect(await cancel()).toEqual({ code: 'OK', message: '', data: {} })
    expect((await cancel({ reason: '别的' })).code).toBe('DUPLICATE_DIFFERENT')
    expect((await approve([1])).code).toBe('REFUND_NOT_ALLOWED')
    expect((await approve([1], { refundNo: `${refundNo}-B` })).code).toBe('OK')
    expect(his.checkBooks()).toEqual([])
  })

  it('takes note of a refund it never heard of', async () => {
    expect((await cancel()).code).toBe('OK')
    expect((await approve([1])).code).toBe('REFUND_NOT_ALLOWED')
    expect((await approve([1], { refundNo: `${refundNo}-B` })).code).toBe('OK')
  })

  it('is refused once the refund is completed', async () => {
    await approve([1, 2])
    await complete(sumOf([1, 2]))
    expect(await cancel()).toMatchObject({
      code: 'REFUND_NOT_ALLOWED',
      data: { lines: [{ lineNo: 1 }, { lineNo: 2 }] },
    })
  })
})
