import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { AppError } from '../../../kernel/error.ts'
import { businessDate, businessDateOf } from '../../../kernel/time.ts'
import type { Fault } from '../kit/simulator.ts'
import { listBills } from './bill-rows.ts'
import { addItem, createBill, dispense, voidBill } from './bills.ts'
import { checkBooks } from './books.ts'
import type { His } from './context.ts'
import { readCall } from './faces/standard/operations.ts'
import { doCall } from './faulty.ts'
import type { Answer, Bill } from './protocol.ts'
import { dayTotals } from './receipts.ts'
import { createRegistry } from './registry.ts'
import { openStore } from './store.ts'
import { codeOf, firstDepartment, TestClock, testOptions } from './testing.ts'

function openHis() {
  const clock = new TestClock()
  const { hospital, people, catalogue } = testOptions(clock)
  const store = openStore(':memory:')
  return { clock, his: { clock, store, registry: createRegistry(hospital, people, catalogue) } }
}

/** Does an operation without the wire in between, and says whether it was done. */
function ask(his: His, operation: string, body: object, fault: Fault | null = null): Answer {
  const read = readCall(his, operation, Buffer.from(JSON.stringify(body)))
  if ('answer' in read) return read.answer
  return doCall(his, () => fault, operation, read.call).answer
}

const newBill = (his: His, personNo = 1) =>
  createBill(his, {
    personNo,
    departmentCode: firstDepartment().code,
    kind: 'outpatient',
    items: [1, 2, 3].map((quantity) => ({ code: codeOf('阿司匹林肠溶片'), quantity })),
  })

const writeBackOf = (his: His, bill: Bill, paymentNo: string, changed: boolean) => ({
  paymentNo,
  billNo: bill.billNo,
  version: bill.version,
  totalFen: bill.totalFen,
  paidAt: his.clock.now().toISOString(),
  tenders: [
    { kind: 'pooled', amountFen: Math.floor(bill.totalFen / 3), tradeNo: 'S' },
    {
      kind: 'self_pay',
      amountFen: bill.totalFen - Math.floor(bill.totalFen / 3) + (changed ? 1 : 0),
      tradeNo: 'W',
    },
  ],
  insuranceSettlementNo: 'S',
})

// What anyone may do, right or wrong: bills, payments and refunds are few, so that they meet.
const small = fc.nat({ max: 3 })
const refund = fc.nat({ max: 7 })
const wrong = fc.nat({ max: 5 }).map((n) => n === 0)
const lineNos = fc.uniqueArray(fc.constantFrom(1, 2, 3, 1, 2, 3, 4), { maxLength: 2 })
const action = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('create' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('addItem' as const), bill: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('void' as const), bill: small }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('dispense' as const), bill: small, lineNos }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('write' as const), bill: small, payment: small, wrong }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('takeBack' as const), bill: small, payment: small }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('approve' as const), bill: small, refund, lineNos }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('complete' as const), refund, wrong }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), refund }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      hours: fc.integer({ min: 1, max: 30 }),
    }),
  },
)
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never
const fault = fc.constantFrom<(Fault | null)[]>(
  ...Array<null>(20).fill(null),
  { kind: 'refuse' },
  { kind: 'drop' },
  { kind: 'lose_answer' },
  { kind: 'garble' },
  { kind: 'lie' },
  { kind: 'decline', code: 'BILL_VOID' },
)

/** Does the actions and keeps a book of its own from nothing but what was asked and answered. */
function createDriver() {
  const { clock, his } = openHis()
  for (const personNo of [1, 2, 3]) newBill(his, personNo)
  const days = new Map<string, { payments: number; refunds: number }>()
  const paid = new Map<string, { day: string; fen: number }>()
  const refunded = new Set<string>()
  const approved = new Map<string, { billNo: string; fen: number }>()

  return { his, act, days, close: () => his.store.close() }

  function act(what: Action, fault: Fault | null): void {
    try {
      perform(what, fault)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
    }
  }

  function perform(what: Action, fault: Fault | null): void {
    const bills = listBills(his, { limit: 4 })
    const bill = 'bill' in what ? bills[what.bill] : undefined
    if ('bill' in what && !bill) return
    switch (what.do) {
      case 'create':
        newBill(his)
        break
      case 'wait':
        clock.move(what.hours * 3_600_000)
        break
      case 'addItem':
        addItem(his, bill?.billNo ?? '', { code: codeOf('血脂四项'), quantity: 1 })
        break
      case 'void':
        voidBill(his, bill?.billNo ?? '')
        break
      case 'dispense':
        dispense(his, bill?.billNo ?? '', what.lineNos)
        break
      case 'write':
        if (bill) write(bill, `P${what.payment}`, what.wrong, fault)
        break
      case 'takeBack':
        if (bill) takeBack(bill, `P${what.payment}`, fault)
        break
      case 'approve':
        if (bill) approve(bill, `R${what.refund}`, what.lineNos, fault)
        break
      case 'complete':
        complete(`R${what.refund}`, what.wrong, fault)
        break
      case 'cancel':
        ask(his, 'refunds.cancel', { refundNo: `R${what.refund}`, reason: '不退' }, fault)
        break
    }
  }

  function write(bill: Bill, paymentNo: string, wrong: boolean, fault: Fault | null): void {
    const { code } = ask(his, 'bills.writeBack', writeBackOf(his, bill, paymentNo, wrong), fault)
    const key = `${paymentNo} ${bill.billNo}`
    if (code !== 'OK' || fault?.kind === 'lie' || paid.has(key)) return
    const day = businessDateOf(clock.now())
    paid.set(key, { day, fen: bill.totalFen })
    bookOf(day).payments += bill.totalFen
  }

  function takeBack({ billNo }: Bill, paymentNo: string, fault: Fault | null): void {
    const { code } = ask(his, 'bills.voidWriteBack', { paymentNo, billNo, reason: '退' }, fault)
    const payment = paid.get(`${paymentNo} ${billNo}`)
    if (code !== 'OK' || !payment) return
    bookOf(payment.day).payments -= payment.fen
    payment.fen = 0
  }

  function approve(bill: Bill, refundNo: string, lines: number[], fault: Fault | null): void {
    const chosen = bill.items.filter((i) => lines.length === 0 || lines.includes(i.lineNo))
    const amountFen = chosen.reduce((sum, i) => sum + i.amountFen, 0)
    const { billNo, paymentNo } = bill
    const named = { lines: lines.map((lineNo) => ({ lineNo })), reason: '退' }
    const body = { refundNo, paymentNo: paymentNo ?? 'P0', billNo, amountFen, ...named }
    const { code } = ask(his, 'refunds.approve', body, fault)
    if (code === 'OK') approved.set(refundNo, { billNo, fen: amountFen })
  }

  function complete(refundNo: string, wrong: boolean, fault: Fault | null): void {
    const amountFen = (approved.get(refundNo)?.fen ?? 1) + (wrong ? 1 : 0)
    const completedAt = clock.now().toISOString()
    const body = { refundNo, completedAt, tenders: [{ kind: 'self_pay', amountFen }] }
    const { code } = ask(his, 'refunds.complete', body, fault)
    if (code !== 'OK' || refunded.has(refundNo)) return
    refunded.add(refundNo)
    bookOf(businessDateOf(clock.now())).refunds += amountFen
  }

  function bookOf(day: string) {
    const book = days.get(day) ?? { payments: 0, refunds: 0 }
    days.set(day, book)
    return book
  }
}

describe('the books', () => {
  it('agree with themselves and with what was answered, whatever is done', () => {
    const met = { payments: 0, refunds: 0 }
    fc.assert(
      fc.property(fc.array(fc.tuple(action, fault), { minLength: 60, maxLength: 120 }), (steps) => {
        const driver = createDriver()
        try {
          for (const [what, wrong] of steps) {
            driver.act(what, wrong)
            expect(checkBooks(driver.his)).toEqual([])
          }
          for (const [day, book] of driver.days) {
            const totals = dayTotals(driver.his.store, businessDate(day))
            expect([totals.paymentsFen, totals.refundsFen]).toEqual([book.payments, book.refunds])
            met.payments += totals.payments
            met.refunds += totals.refunds
          }
        } finally {
          driver.close()
        }
      }),
      { numRuns: 60 },
    )
    // The sequences are worth something only if money moves in them.
    expect(met.payments).toBeGreaterThan(60)
    expect(met.refunds).toBeGreaterThan(30)
  }, 120_000)
})

describe('checkBooks finds', () => {
  // One bill refunded in part, and one paid and being refunded.
  function openWithMoney() {
    const { his } = openHis()
    for (const [i, bill] of [newBill(his), newBill(his, 2)].entries()) {
      const [paymentNo, refundNo] = [`P${i}`, `R${i}`]
      ask(his, 'bills.writeBack', writeBackOf(his, bill, paymentNo, false))
      const { billNo } = bill
      const amountFen = bill.items[0]?.amountFen
      const body = { refundNo, paymentNo, billNo, lines: [{ lineNo: 1 }], amountFen, reason: '退' }
      expect(ask(his, 'refunds.approve', body).code).toBe('OK')
      const tenders = [{ kind: 'self_pay', amountFen }]
      const done = { refundNo, completedAt: his.clock.now().toISOString(), tenders }
      if (i === 0) ask(his, 'refunds.complete', done)
    }
    newBill(his, 3)
    const statuses = listBills(his, {}).map((bill) => bill.status)
    expect(statuses).toEqual(['part_refunded', 'paid', 'open'])
    expect(checkBooks(his)).toEqual([])
    return his
  }

  const FIRST = `'ZD0120261121000001'`
  const SECOND = `'ZD0120261121000002'`
  const THIRD = `'ZD0120261121000003'`

  it.each([
    ['a line is not price', `update item set quantity = 9 where bill_no = ${THIRD}`],
    ['a bill is not the sum', `update bill set total_fen = 1 where bill_no = ${THIRD}`],
    ['a paid bill has not its one', `update bill set receipt_no = null where bill_no = ${SECOND}`],
    ['a bill has two receipts', `update bill set status = 'open' where bill_no = ${SECOND}`],
    ['a bill that is not paid names', `update bill set payment_no = 'P' where bill_no = ${THIRD}`],
    [
      'a bill that is not paid names',
      `update item set status = 'dispensed' where bill_no = ${THIRD}`,
    ],
    ['the refunded lines', `update item set status = 'charged' where bill_no = ${FIRST}`],
    ['the status of a bill', `update bill set status = 'refunded' where bill_no = ${FIRST}`],
    ['a line is locked without', `update item set locked_by = null where bill_no = ${SECOND}`],
    ['a line is locked without', `update item set locked_by = 'R9' where bill_no = ${FIRST}`],
    ['a refund is not the sum', `update refund set amount_fen = 1 where refund_no = 'R1'`],
    ['a refund is completed', `update refund set status = 'approved' where refund_no = 'R0'`],
    ['a refund is completed', `update refund set status = 'completed' where refund_no = 'R1'`],
    ['a receipt is not the sum', `update receipt_tender set amount_fen = 1 where position = 2`],
    ['a receipt stands on another', `update receipt set business_date = '2026-11-22'`],
    ['a written-back key', `delete from answered where operation = 'bills.writeBack'`],
    ['a written-back key', `update answered set business_key = business_key || ' '`],
    ['the days do not add up', `update receipt set taken_back_at = at where bill_no = ${SECOND}`],
  ])('%s … after: %s', (finding, sql) => {
    const his = openWithMoney()
    his.store.run(sql)
    const found = checkBooks(his).filter((text) => text.startsWith(finding))
    expect(found).not.toEqual([])
    his.store.close()
  })
})
