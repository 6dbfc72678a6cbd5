import { afterEach, describe, expect, it } from 'vitest'

import { businessDate } from '../../../kernel/time.ts'
import type { Fault, FaultPoint } from '../kit/simulator.ts'
import type { Bill, HisOptions, HisSimulator } from './index.ts'
import {
  call,
  newDatabaseFile,
  send,
  signedHeaders,
  simpleBill,
  startTestHis,
  TestClock,
  writeBackOf,
} from './testing.ts'

const clock = new TestClock()
const running: HisSimulator[] = []
afterEach(async () => {
  for (const his of running.splice(0)) await his.stop()
})

/** A HIS with one fault: at this operation, the first time it is asked about a key. */
async function startWith(operation: string, fault: Fault, options: Partial<HisOptions> = {}) {
  const points: FaultPoint[] = []
  const faults = (point: FaultPoint) => {
    points.push(point)
    return point.operation === operation && point.attempt === 1 ? fault : null
  }
  const his = await startTestHis(clock, { faults, ...options })
  running.push(his)
  const ask = (name: string, body: object) => call(his, clock, name, body)
  const write = (bill: Bill, paymentNo = 'P-1') =>
    ask('bills.writeBack', writeBackOf(bill, paymentNo, clock))
  return { his, ask, write, points }
}

/** Sends without reading the answer as one of the interface's. */
const rawWrite = (his: HisSimulator, bill: Bill) => {
  const body = JSON.stringify(writeBackOf(bill, 'P-1', clock))
  const path = '/yiqiao/v1/bills.writeBack'
  return send(his, path, signedHeaders(clock, path, body), body)
}

describe('a fault at bills.writeBack', () => {
  it('refuse: SYSTEM_BUSY, nothing is done, and the same request may come again', async () => {
    const { his, write } = await startWith('bills.writeBack', { kind: 'refuse' })
    const bill = simpleBill(his)
    const { code, data } = await write(bill)
    expect([code, data]).toEqual(['SYSTEM_BUSY', undefined])
    expect(his.bills({ status: 'paid' })).toEqual([])
    expect((await write(bill)).code).toBe('OK')
  })

  it('drop: the connection is cut and nothing is done', async () => {
    const { his, write } = await startWith('bills.writeBack', { kind: 'drop' })
    const bill = simpleBill(his)
    await expect(rawWrite(his, bill)).rejects.toThrow('other side closed')
    expect(his.bills({ status: 'paid' })).toEqual([])
    expect((await write(bill)).code).toBe('OK')
  })

  it('lose_answer: it is done, and the connection is cut', async () => {
    const { his, write } = await startWith('bills.writeBack', { kind: 'lose_answer' })
    const bill = simpleBill(his)
    await expect(rawWrite(his, bill)).rejects.toThrow('other side closed')
    const [paid] = his.bills({ status: 'paid' })
    expect((await write(bill)).data?.['receiptNo']).toBe(paid?.receiptNo)
  })

  it('garble: it is done, and a page of HTML without a signature is answered', async () => {
    const { his, write } = await startWith('bills.writeBack', { kind: 'garble' })
    const bill = simpleBill(his)
    const { status, headers, text } = await rawWrite(his, bill)
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect([text.slice(0, 6), headers['x-yiqiao-signature']]).toEqual(['<html>', undefined])
    const [paid] = his.bills({ status: 'paid' })
    expect((await write(bill)).data?.['receiptNo']).toBe(paid?.receiptNo)
  })

  it('slow: it is done at once, and answered later', async () => {
    const { his, write } = await startWith('bills.writeBack', { kind: 'slow', ms: 300 })
    const bill = simpleBill(his)
    const started = performance.now()
    const answer = write(bill)
    await expect.poll(() => his.bills({ status: 'paid' }).length, { timeout: 250 }).toBe(1)
    expect((await answer).code).toBe('OK')
    expect(performance.now() - started).toBeGreaterThanOrEqual(299)
  })

  it.each([
    ['BILL_VOID', undefined],
    ['BILL_CHANGED', { version: 1, totalFen: 14_880 }],
    ['BILL_ALREADY_PAID', { paymentNo: 'ANOTHER-PAYMENT' }],
    ['WHATEVER_COMES', undefined],
  ])('decline: %s, nothing is done', async (code, data) => {
    const { his, write } = await startWith('bills.writeBack', { kind: 'decline', code })
    const bill = simpleBill(his)
    const answer = await write(bill)
    expect([answer.code, answer.data]).toEqual([code, data])
    expect(his.bills({ status: 'paid' })).toEqual([])
    expect((await write(bill)).code).toBe('OK')
  })

  it('lie: done is said with a receipt of its own, and the bill stays open', async () => {
    const { his, write } = await startWith('bills.writeBack', { kind: 'lie' })
    const bill = simpleBill(his)
    const lie = await write(bill)
    expect([lie.code, lie.data?.['receiptNo']]).toEqual(['OK', 'SJ0120261121000001'])
    expect(his.bills({ status: 'paid' })).toEqual([])
    expect(his.dayTotals(businessDate('2026-11-21')).payments).toBe(0)
    expect(his.checkBooks()).toEqual([])
    const truth = await write(bill)
    expect([truth.code, truth.data?.['receiptNo']]).toEqual(['OK', 'SJ0120261121000002'])
  })

  it('lie: no lie is told where the truth is a refusal', async () => {
    const { his, write } = await startWith('bills.writeBack', { kind: 'lie' })
    const bill = simpleBill(his)
    his.voidBill(bill.billNo)
    expect((await write(bill)).code).toBe('BILL_VOID')
  })

  it.each([
    { kind: 'lose_notice' },
    { kind: 'delay_notice', ms: 1 },
    { kind: 'duplicate_notice', times: 2 },
  ] as const)('$kind means nothing to an answer', async (fault) => {
    const { his, write } = await startWith('bills.writeBack', fault)
    expect((await write(simpleBill(his))).code).toBe('OK')
  })
})

it('lies at reconciliation.dayList by leaving out the first row, sums and all', async () => {
  const { his, ask, write } = await startWith('reconciliation.dayList', { kind: 'lie' })
  const day = new TestClock('2026-11-22T08:00:00+08:00')
  for (const no of ['P-1', 'P-2', 'P-3']) await write(simpleBill(his), no)
  const body = { businessDate: '2026-11-20', page: 1 }
  expect((await ask('reconciliation.dayList', body)).data).toMatchObject({ rows: [] })
  clock.set(day.now().toISOString())
  const told = async () =>
    (await ask('reconciliation.dayList', { businessDate: '2026-11-21', page: 1 })).data
  const [lie, truth] = [await told(), await told()]
  clock.set('2026-11-21T09:00:00+08:00')
  const numbersOf = (data: typeof lie) =>
    ((data?.['rows'] ?? []) as { paymentNo: string }[]).map((row) => row.paymentNo)
  expect(numbersOf(lie)).toEqual(['P-2', 'P-3'])
  expect(lie?.['totals']).toMatchObject({ payments: 2, paymentsFen: 2 * 14_880 })
  expect(numbersOf(truth)).toEqual(['P-1', 'P-2', 'P-3'])
  expect(truth?.['totals']).toMatchObject({ payments: 3, paymentsFen: 3 * 14_880 })
})

describe('the plan', () => {
  it('is asked by operation, what it is about and how often that was asked', async () => {
    const { his, ask, write, points } = await startWith('none', { kind: 'drop' })
    const bill = simpleBill(his)
    const { billNo, patientNo } = bill
    const person = { idCardNo: '11010519491231002X', name: '无名氏' }
    await ask('heartbeat', {})
    await ask('departments.list', {})
    await ask('patients.resolve', person)
    await ask('bills.list', { patientNo })
    await write(bill)
    await write(bill)
    await ask('bills.voidWriteBack', { paymentNo: 'P-X', billNo, reason: '无' })
    const refund = { refundNo: 'R-1', paymentNo: 'P-1', billNo, lines: [], reason: '退' }
    await ask('refunds.approve', { ...refund, amountFen: bill.totalFen })
    await ask('refunds.cancel', { refundNo: 'R-1', reason: '不退' })
    await ask('refunds.cancel', { refundNo: 'R-UNKNOWN', reason: '不退' })
    await ask('reconciliation.dayList', { businessDate: '2026-11-20', page: 1 })
    expect(new Set(points.map((p) => p.simulator))).toEqual(new Set(['his']))
    expect(points.map(({ operation, key, attempt }) => [operation, key, attempt])).toEqual([
      ['heartbeat', '1', 1],
      ['departments.list', '1', 1],
      ['patients.resolve', 'unknown', 1],
      ['bills.list', patientNo, 1],
      ['bills.writeBack', billNo, 1],
      ['bills.writeBack', billNo, 2],
      ['bills.voidWriteBack', billNo, 1],
      ['refunds.approve', billNo, 1],
      ['refunds.cancel', billNo, 1],
      ['refunds.cancel', 'unknown', 1],
      ['reconciliation.dayList', '2026-11-20', 1],
    ])
  })

  it('is not asked about a request that is not believed, or makes no sense', async () => {
    const { his, ask, points } = await startWith('none', { kind: 'drop' })
    const path = '/yiqiao/v1/heartbeat'
    await send(his, path, signedHeaders(clock, '/', '{}'), '{}')
    await ask('bills.get', {})
    expect(points).toEqual([])
  })

  it('counts on after a restart', async () => {
    const databaseFile = newDatabaseFile()
    const first = await startWith('bills.writeBack', { kind: 'refuse' }, { databaseFile })
    const bill = simpleBill(first.his)
    expect((await first.write(bill)).code).toBe('SYSTEM_BUSY')
    await running.pop()?.stop()
    const second = await startWith('bills.writeBack', { kind: 'refuse' }, { databaseFile })
    expect((await second.write(bill)).code).toBe('OK')
    expect(second.points.map((p) => p.attempt)).toEqual([2])
  })
})

it('stops at once, although an answer is still held back', async () => {
  const { his } = await startWith('bills.writeBack', { kind: 'slow', ms: 60_000 })
  const bill = simpleBill(his)
  const answer = rawWrite(his, bill)
  await expect.poll(() => his.bills({ status: 'paid' }).length).toBe(1)
  await running.pop()?.stop()
  await expect(answer).rejects.toThrow('other side closed')
})
