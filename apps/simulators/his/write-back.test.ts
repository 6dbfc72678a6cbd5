import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { businessDate } from '../../../kernel/time.ts'
import type { Bill, HisSimulator } from './index.ts'
import { call, codeOf, simpleBill, startTestHis, TestClock, writeBackOf } from './testing.ts'

const clock = new TestClock()
let his: HisSimulator
beforeAll(async () => {
  his = await startTestHis(clock)
})
afterAll(() => his.stop())

let count = 0
let paymentNo: string
let bill: Bill
beforeEach(() => {
  bill = simpleBill(his)
  paymentNo = `P-${++count}`
})

const ask = (operation: string, body: object) => call(his, clock, operation, body)
const write = (change: object = {}) =>
  ask('bills.writeBack', { ...writeBackOf(bill, paymentNo, clock), ...change })
const takeBack = (change: object = {}) =>
  ask('bills.voidWriteBack', { paymentNo, billNo: bill.billNo, reason: '超时', ...change })
const billNow = async () =>
  (await ask('bills.get', { billNo: bill.billNo })).data?.['bill'] as unknown as Bill

describe('bills.writeBack', () => {
  it('pays the bill, gives the next receipt and says where to go', async () => {
    const { code, data } = await write()
    expect(code).toBe('OK')
    expect(data).toEqual({
      receiptNo: expect.stringMatching(/^SJ0120261121\d{6}$/),
      confirmedAt: '2026-11-21T09:00:00+08:00',
      guidance: [expect.stringMatching(/^1 楼 A 区 门诊药房 [1-6] 号窗口$/)],
    })
    expect(await billNow()).toMatchObject({
      status: 'paid',
      paymentNo,
      receiptNo: data?.['receiptNo'],
      version: 1,
    })
  })

  it('takes several tenders, of insurance too', async () => {
    const tenders = [
      { kind: 'pooled', amountFen: 5_000, tradeNo: 'S-1' },
      { kind: 'account', amountFen: 0, tradeNo: 'S-1' },
      { kind: 'self_pay', amountFen: bill.totalFen - 5_000, tradeNo: 'W-1' },
    ]
    expect((await write({ tenders, insuranceSettlementNo: 'S-1' })).code).toBe('OK')
    expect(his.checkBooks()).toEqual([])
  })

  it('answers the same to the same body, whatever the order of its fields', async () => {
    const first = await write()
    clock.move(1_000)
    const body = writeBackOf(bill, paymentNo, new TestClock('2026-11-21T09:00:00+08:00'))
    const turned = Object.fromEntries(Object.entries(body).reverse())
    expect(await ask('bills.writeBack', turned)).toEqual(first)
    expect(await ask('bills.writeBack', body)).toEqual(first)
    clock.set('2026-11-21T09:00:00+08:00')
  })

  it('refuses another body for the same key', async () => {
    await write()
    const { code } = await write({ insuranceSettlementNo: 'S-9' })
    expect(code).toBe('DUPLICATE_DIFFERENT')
    expect(his.checkBooks()).toEqual([])
  })

  it('refuses another version, and takes the right one after', async () => {
    const changed = his.addItem(bill.billNo, { code: codeOf('血脂四项'), quantity: 1 })
    const { code, data } = await write()
    expect([code, data]).toEqual(['BILL_CHANGED', { version: 2, totalFen: changed.totalFen }])
    bill = changed
    expect((await write()).code).toBe('OK')
  })

  it.each([
    ['tenders too low', -1, 0],
    ['tenders too high', 1, 0],
    ['another total', 0, 1],
    ['another total and tenders that meet it', 1, 1],
  ])('refuses %s', async (_name, more, total) => {
    const tenders = [{ kind: 'self_pay', amountFen: bill.totalFen + more, tradeNo: 'W' }]
    const { code } = await write({ tenders, totalFen: bill.totalFen + total })
    expect(code).toBe('AMOUNT_MISMATCH')
    expect((await write()).code).toBe('OK')
  })

  it('refuses a bill that is not there, or withdrawn', async () => {
    expect((await write({ billNo: 'ZD00' })).code).toBe('BILL_NOT_FOUND')
    his.voidBill(bill.billNo)
    expect((await write()).code).toBe('BILL_VOID')
    expect((await write()).code).toBe('BILL_VOID')
    expect((await write({ insuranceSettlementNo: 'S' })).code).toBe('DUPLICATE_DIFFERENT')
  })

  it('refuses a second payment, and says which was the first', async () => {
    await write()
    const second = await ask('bills.writeBack', writeBackOf(bill, 'P-SECOND', clock))
    expect(second).toMatchObject({ code: 'BILL_ALREADY_PAID', data: { paymentNo } })
  })

  it('keeps refusing a payment it had given back, when the first is taken back later', async () => {
    await write()
    const second = writeBackOf(bill, `${paymentNo}-B`, clock)
    const refused = await ask('bills.writeBack', second)
    await takeBack()
    expect(await ask('bills.writeBack', second)).toEqual(refused)
    const third = await ask('bills.writeBack', writeBackOf(bill, `${paymentNo}-C`, clock))
    expect(third.code).toBe('OK')
  })

  it.each([
    ['no payment', { paymentNo: undefined }],
    ['a payment number too long', { paymentNo: 'p'.repeat(33) }],
    ['an empty payment number', { paymentNo: '' }],
    ['a day without a time', { paidAt: '2026-11-21' }],
    ['an instant without an offset', { paidAt: '2026-11-21T09:00:00' }],
    ['the 30th of February', { paidAt: '2026-02-30T09:00:00+08:00' }],
    ['a minute 60', { paidAt: '2026-02-28T09:60:00+08:00' }],
    ['a moment to come', { paidAt: '2026-11-21T09:05:01+08:00' }],
    ['no tenders', { tenders: [] }],
    ['a tender of another kind', { tenders: [{ kind: 'gift', amountFen: 1, tradeNo: 'W' }] }],
    ['a tender below zero', { tenders: [{ kind: 'pooled', amountFen: -1, tradeNo: 'W' }] }],
    ['half a fen', { tenders: [{ kind: 'pooled', amountFen: 0.5, tradeNo: 'W' }] }],
    ['an unknown field', { note: '' }],
    ['an unknown field in a tender', { tenders: [{ kind: 'pooled', amountFen: 1, no: 'W' }] }],
    ['version 0', { version: 0 }],
    ['no word on insurance', { insuranceSettlementNo: undefined }],
  ])('refuses %s', async (_name, change) => {
    expect((await write(change)).code).toBe('INVALID_REQUEST')
    expect((await billNow()).status).toBe('open')
  })

  it('takes a moment at most 300 s ahead, in any offset', async () => {
    expect((await write({ paidAt: '2026-11-21T01:05:00Z' })).code).toBe('OK')
  })

  it('lets one of two payments win that come at once', async () => {
    const payments = Array.from({ length: 8 }, (_, i) => `${paymentNo}-${i}`)
    const answers = await Promise.all(
      payments.map((no) => ask('bills.writeBack', writeBackOf(bill, no, clock))),
    )
    const codes = answers.map((answer) => answer.code)
    expect(codes.filter((code) => code === 'OK')).toHaveLength(1)
    expect(codes.filter((code) => code === 'BILL_ALREADY_PAID')).toHaveLength(7)
    const winner = payments[codes.indexOf('OK')]
    expect((await billNow()).paymentNo).toBe(winner)
    const losers = answers.filter((answer) => answer.code !== 'OK')
    for (const { data } of losers) expect(data).toEqual({ paymentNo: winner })
    expect(his.checkBooks()).toEqual([])
  })

  it('does it once when the same request comes eight times at once', async () => {
    const before = his.dayTotals(businessDate('2026-11-21')).payments
    const answers = await Promise.all(Array.from({ length: 8 }, () => write()))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(his.dayTotals(businessDate('2026-11-21')).payments).toBe(before + 1)
  })
})

describe('bills.voidWriteBack', () => {
  it('opens the bill again, and refuses the same write-back ever after', async () => {
    await write()
    const { code, data } = await takeBack()
    expect([code, data]).toEqual(['OK', { voidedAt: '2026-11-21T09:00:00+08:00' }])
    expect(await billNow()).toMatchObject({ status: 'open', paymentNo: null, receiptNo: null })
    expect((await write()).code).toBe('BILL_VOID')
    expect((await ask('bills.writeBack', writeBackOf(bill, 'P-NEXT', clock))).code).toBe('OK')
    expect(his.checkBooks()).toEqual([])
  })

  it('refuses a write-back that comes after it', async () => {
    expect((await takeBack()).code).toBe('OK')
    expect((await write()).code).toBe('BILL_VOID')
    expect((await billNow()).status).toBe('open')
    const unknownBill = { billNo: 'ZD00' }
    expect((await takeBack(unknownBill)).code).toBe('OK')
    expect((await write(unknownBill)).code).toBe('BILL_VOID')
  })

  it('answers the same to the same body and refuses another', async () => {
    await write()
    const first = await takeBack()
    clock.move(60_000)
    expect(await takeBack()).toEqual(first)
    expect((await takeBack({ reason: '别的原因' })).code).toBe('DUPLICATE_DIFFERENT')
    clock.set('2026-11-21T09:00:00+08:00')
  })

  it('is refused once a line is dispensed, and says which', async () => {
    await write()
    his.dispense(bill.billNo, [2])
    const { code, data } = await takeBack()
    expect([code, data]).toEqual(['REFUND_NOT_ALLOWED', { lines: [{ lineNo: 2 }] }])
    expect((await billNow()).status).toBe('paid')
  })

  it('is refused while a refund holds a line, and done after that is cancelled', async () => {
    await write()
    const amountFen = bill.items[0]?.amountFen
    const refund = { refundNo: `R-${paymentNo}`, paymentNo, billNo: bill.billNo, reason: '退药' }
    await ask('refunds.approve', { ...refund, lines: [{ lineNo: 1 }], amountFen })
    const { code, data } = await takeBack()
    expect([code, data]).toEqual(['REFUND_NOT_ALLOWED', { lines: [{ lineNo: 1 }] }])
    await ask('refunds.cancel', { refundNo: refund.refundNo, reason: '不退了' })
    expect((await takeBack()).code).toBe('OK')
    expect(his.checkBooks()).toEqual([])
  })

  it('leaves another payment’s write-back as it is', async () => {
    await write()
    expect((await takeBack({ paymentNo: 'P-OTHER' })).code).toBe('OK')
    expect(await billNow()).toMatchObject({ status: 'paid', paymentNo })
  })
})
