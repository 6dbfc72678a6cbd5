import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { MINUTE_MS } from '../../../kernel/time.ts'
import { inHospital } from '../../../platform/db.ts'
import type { PaymentId } from '../payment.ts'
import type { PaymentsWorld } from '../testing/world.ts'
import { bookProblems, createWorlds, paidPayment } from '../testing/worlds.ts'
import { timelineOf } from '../timeline.ts'
import type { RefundRequest } from './request.ts'

let worlds: Awaited<ReturnType<typeof createWorlds>>
let world: PaymentsWorld

beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())
beforeEach(() => void (world = worlds.newWorld()))

const STAFF = { name: 'staff:1', requestId: null }

const wish = (paymentId: PaymentId, changes: Partial<RefundRequest> = {}): RefundRequest => ({
  id: world.newId<'Refund'>(),
  hospitalId: world.hospitalId,
  paymentId,
  billNo: 'B1',
  lineNos: [2],
  reason: '退药',
  requestNo: null,
  ...changes,
})
const request = (paymentId: PaymentId, changes: Partial<RefundRequest> = {}) =>
  world.payments.requestRefund(wish(paymentId, changes), STAFF)

describe('[P6] a wish to give back', () => {
  it('is one when it is asked for twice in one moment', async () => {
    const id = await paidPayment(world, [10_000, 5_000])
    const outcomes = await Promise.allSettled([request(id), request(id, { lineNos: [1] })])
    const lost = outcomes.find((outcome) => outcome.status === 'rejected')
    expect(lost?.reason).toMatchObject({ code: 'payments.refund_running' })
    expect((await world.picture(id)).refunds).toHaveLength(1)
  })

  it('of the hospital’s system is one for its number, at once and afterwards', async () => {
    const id = await paidPayment(world, [10_000, 5_000])
    const again = () => request(id, { requestNo: 'HIS-1' })
    const [first, second] = await Promise.all([again(), again()])
    const third = await again()
    expect([second, third]).toEqual([first, first])
    const { refunds, payerState } = await world.picture(id)
    expect([refunds.length, payerState]).toEqual([1, 'part_refunded'])
  })

  it('of the hospital’s system under a used number is refused when it is another', async () => {
    const id = await paidPayment(world, [10_000, 5_000, 1_000])
    const other = await paidPayment(world, [10_000, 5_000, 1_000], 'B2')
    const requestNo = 'HIS-1'
    await request(id, { requestNo, lineNos: [2, 3] })
    const same = await request(id, { requestNo, lineNos: [3, 2] })
    expect(same).toBe((await world.picture(id)).refunds[0]?.id)
    const others: [PaymentId, Partial<RefundRequest>][] = [
      [id, { lineNos: [2] }],
      [id, { lineNos: [] }],
      [other, { billNo: 'B2', lineNos: [2, 3] }],
    ]
    for (const [of, changes] of others) {
      await expect(request(of, { requestNo, ...changes })).rejects.toMatchObject({
        code: 'payments.refund_request_reused',
      })
    }
  })

  it('may name all lines, or none for all of them: it is the same', async () => {
    const id = await paidPayment(world, [10_000, 5_000])
    const requestNo = 'HIS-1'
    const first = await request(id, { requestNo, lineNos: [] })
    expect(await request(id, { requestNo, lineNos: [2, 1] })).toBe(first)
  })

  it('is of lines that were paid and are still there', async () => {
    const id = await paidPayment(world, [10_000, 5_000, 0])
    const refused = (changes: Partial<RefundRequest>, code: string) =>
      expect(request(id, changes)).rejects.toMatchObject({ code: `payments.${code}` })
    await refused({ lineNos: [9] }, 'refund_lines_unknown')
    await refused({ billNo: 'B9' }, 'refund_lines_unknown')
    await refused({ lineNos: [3] }, 'refund_lines_unknown') // nothing was paid for it
    await request(id)
    await refused({}, 'refund_lines_refunded')
    await refused({ lineNos: [] }, 'refund_lines_refunded')
    await request(id, { lineNos: [1, 1] })
    await world.pass(MINUTE_MS)
    await refused({ lineNos: [1] }, 'refund_lines_refunded')
    expect((await world.picture(id)).payerState).toBe('refunded')
  })

  it('is of a payment that succeeded', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000, 5_000])])
    await expect(request(id)).rejects.toMatchObject({ code: 'payments.payment_not_refundable' })
    const nobody = world.newId<'Payment'>()
    await expect(request(nobody)).rejects.toMatchObject({ code: 'payments.payment_not_found' })
  })
})

describe('[P6] a refund', () => {
  it('leaves the other bill of the payment as it was', async () => {
    const { hospital } = world
    const id = await world.quote([
      hospital.addBill('B1', [10_000, 2_000]),
      hospital.addBill('B2', [6_000]),
    ])
    await world.confirm(id)
    world.wallet.payAll()
    await world.pass(MINUTE_MS)
    await request(id, { billNo: 'B2', lineNos: [] })
    const { bills, payerState, tenders } = await world.picture(id)
    expect(bills.map((b) => [b.billNo, b.refundingFen, b.receiptNo])).toEqual([
      ['B1', 0, 'RC-B1'],
      ['B2', 6_000, 'RC-B2'],
    ])
    expect(payerState).toBe('part_refunded')
    // The insurer pays sixty of a hundred of what is left, the wallet the rest.
    expect([world.insurer.paidFen(), world.wallet.balanceFen()]).toEqual([7_200, 4_800])
    expect(tenders.map((t) => [t.amountFen, t.takenFen, t.returnedFen])).toEqual([
      [7_200, 7_200, 2_400],
      [10_800, 18_000, 10_800],
    ])
    for (const lineNo of [2, 1]) {
      await request(id, { lineNos: [lineNo] })
      await world.pass(MINUTE_MS)
    }
    expect((await world.picture(id)).payerState).toBe('refunded')
    expect([world.insurer.paidFen(), world.wallet.balanceFen()]).toEqual([0, 0])
    expect(await world.balances()).toMatchObject({ 'in-transit': 0, income: 0 })
    expect(await bookProblems(world)).toEqual([])
  })

  it('F-59: that the channel declines calls a person, and goes on under its number when that person says so', async () => {
    const id = await paidPayment(world, [10_000, 5_000])
    world.wallet.script.declinesRefunds = 'account_closed'
    const refundId = await request(id)
    await world.pass(60 * MINUTE_MS)
    const before = await world.picture(id)
    expect(before.refunds[0]).toMatchObject({ status: 'returning', attention: 'account_closed' })
    expect(before.inTransitFen).toBe(2_000)
    expect(await bookProblems(world)).toEqual([])

    world.wallet.script.declinesRefunds = null
    await world.retryRefund(refundId)
    const { refunds, payerState } = await world.picture(id)
    expect([refunds[0]?.status, refunds[0]?.attention, payerState]).toEqual([
      'succeeded',
      null,
      'part_refunded',
    ])
    const asked = world.wallet.asked.filter((question) => question.startsWith('refund'))
    expect([asked.length, new Set(asked).size]).toEqual([2, 1]) // under the same number
    expect(await world.balances()).toMatchObject({ 'in-transit': 0, income: -10_000 })
    expect(await bookProblems(world)).toEqual([])
    await expect(world.retryRefund(refundId)).rejects.toMatchObject({
      code: 'payments.refund_not_declined',
    })
  })

  it('may be declined again, and calls again', async () => {
    const id = await paidPayment(world, [10_000, 5_000])
    world.insurer.script.declinesRefunds = 'refused'
    const refundId = await request(id)
    world.insurer.script.declinesRefunds = 'still_refused'
    await world.retryRefund(refundId)
    expect((await world.picture(id)).refunds[0]?.attention).toBe('still_refused')
    world.insurer.script.declinesRefunds = null
    await world.retryRefund(refundId)
    expect((await world.picture(id)).payerState).toBe('part_refunded')
  })

  it('that was declined goes on when the provider itself says that it has happened', async () => {
    const id = await paidPayment(world, [10_000, 5_000])
    world.wallet.script.declinesRefunds = 'abnormal'
    await request(id)
    const [{ order } = { order: { refundNo: '' } }] = world.wallet.refunds()
    // Somebody paid it out at the channel by hand.
    world.wallet.finishRefunds()
    await world.notify({ id: 'n1', refundNo: order.refundNo })
    expect((await world.picture(id)).payerState).toBe('part_refunded')
    expect(await world.balances()).toMatchObject({ 'in-transit': 0 })
    expect(await bookProblems(world)).toEqual([])
  })

  it('is woken by a notice', async () => {
    const id = await paidPayment(world, [10_000, 5_000])
    world.wallet.script.refundsWait = true
    await request(id)
    expect((await world.picture(id)).payerState).toBe('returning')
    world.wallet.finishRefunds()
    await world.notify({ id: 'n1', refundNo: world.wallet.refunds()[0]?.order.refundNo ?? '' })
    expect((await world.picture(id)).payerState).toBe('part_refunded')
  })

  it('of another amount than was asked for is written down, and a person is called', async () => {
    const id = await paidPayment(world, [10_000, 5_000])
    world.wallet.script.returnsFen = 1_500
    await request(id)
    const { refunds, inTransitFen } = await world.picture(id)
    expect(refunds[0]?.attention).toBe('refund_does_not_add_up')
    expect(inTransitFen).toBe(500)
    expect(await world.balances()).toMatchObject({ 'in-transit': -500 })
    expect(await bookProblems(world)).toEqual([])
  })

  it('of more than the wallet ever took is written down too, and a person is called', async () => {
    const id = await paidPayment(world, [10_000, 5_000])
    world.wallet.script.returnsFen = 50_000
    await request(id)
    const { tenders, refunds } = await world.picture(id)
    expect(tenders[0]).toMatchObject({ takenFen: 6_000, returnedFen: 50_000 })
    expect(refunds[0]).toMatchObject({ status: 'returning', attention: 'refund_does_not_add_up' })
    expect(world.failures).toEqual([])
    expect(await bookProblems(world)).toEqual([])
  })

  it.each([
    ['too much', 0, 'source_returned_too_much'],
    ['too little', 9_000 - 100, null],
  ])(
    'of which the insurer returns %s calls a person where it must',
    async (_what, resettles, reason) => {
      const id = await paidPayment(world, [10_000, 5_000])
      world.insurer.script.resettlesFen = resettles
      await request(id)
      const { refunds } = await world.picture(id)
      expect(refunds[0]?.attention).toBe(reason)
      expect(world.failures).toEqual([])
      expect(await bookProblems(world)).toEqual([])
    },
  )

  it('F-57: of which the wallet is to give back more than it has calls a person, and does not fail for ever', async () => {
    const id = await paidPayment(world, [2_000, 8_000])
    world.insurer.script.resettlesFen = 6_000
    await request(id) // eight thousand, of which the insurer gives back nothing and the wallet took four
    await world.pass(60 * MINUTE_MS)
    expect((await world.picture(id)).refunds[0]?.attention).toBe('channel_has_too_little')
    expect(world.failures).toEqual([])
  })
})

describe('a payment that comes to nothing', () => {
  it('is taken back at the hospital for the bills it was told of, when it refuses another', async () => {
    const { hospital } = world
    const bills = [hospital.addBill('B1', [10_000]), hospital.addBill('B2', [5_000])]
    const id = await world.quote(bills)
    await world.confirm(id)
    hospital.script.refusesBill = 'B2'
    world.wallet.payAll()
    await world.pass(MINUTE_MS)
    const { payment, bills: seen, payerState } = await world.picture(id)
    expect([payment.failureCode, payerState]).toEqual(['hospital_refused', 'returned'])
    expect(seen.map((bill) => bill.writeBack)).toEqual(['none', 'refused'])
    expect([hospital.paymentOf('B1'), hospital.paymentOf('B2')]).toEqual([null, null])
    expect([world.insurer.paidFen(), world.wallet.balanceFen()]).toEqual([0, 0])
    expect(await world.balances()).toMatchObject({ 'in-transit': 0 })
  })

  it('moves no money back before the hospital has let go of it, and calls a person once', async () => {
    const { hospital } = world
    const bills = [hospital.addBill('B1', [10_000]), hospital.addBill('B2', [5_000])]
    const id = await world.quote(bills)
    await world.confirm(id)
    Object.assign(hospital.script, { refusesBill: 'B2', refusesVoid: 'dispensed' })
    world.wallet.payAll()
    await world.pass(60 * MINUTE_MS)
    const { refunds, payerState } = await world.picture(id)
    expect([refunds[0]?.status, refunds[0]?.attention, payerState]).toEqual([
      'approving',
      'hospital_dispensed',
      'returning',
    ])
    expect(world.wallet.refunds()).toEqual([])
    expect(await attentionEvents('refunds.attention')).toBe(1)
    hospital.script.refusesVoid = null
    await world.pass(60 * MINUTE_MS)
    expect((await world.picture(id)).payerState).toBe('returned')
  })

  it('waits for a person when its money does not go back, and ends when it does', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
    world.insurer.script.declines = true
    world.wallet.script.declinesRefunds = 'not_enough'
    world.wallet.payAll()
    await world.pass(60 * MINUTE_MS)
    const { payment, refunds } = await world.picture(id)
    expect([payment.status, payment.attention]).toEqual(['compensating', 'refund_refused'])
    const [refund] = refunds
    if (!refund) throw new Error('the money is to go back')
    world.wallet.script.declinesRefunds = null
    await world.retryRefund(refund.id)
    await world.pass(MINUTE_MS)
    expect((await world.picture(id)).payerState).toBe('returned')
    expect(await world.balances()).toMatchObject({ 'in-transit': 0 })
  })
})

describe('what the reconciliation gives back', () => {
  it('is all of a payment that succeeded, and its bill may be paid anew', async () => {
    const id = await paidPayment(world, [10_000, 5_000])
    await request(id)
    await world.payments.giveBack(world.hospitalId, id, STAFF)
    await world.payments.giveBack(world.hospitalId, id, STAFF)
    await world.pass(MINUTE_MS)
    const { refunds, payerState, inTransitFen } = await world.picture(id)
    expect(refunds.map((refund) => [refund.cause, refund.amountFen])).toEqual([
      ['requested', 5_000],
      ['reconciliation', 10_000],
    ])
    expect([payerState, inTransitFen]).toEqual(['refunded', 0])
    expect(world.hospital.paymentOf('B1')).toBeNull()
    expect(await world.balances()).toMatchObject({ 'in-transit': 0, income: 0 })
    await expect(request(id, { lineNos: [1] })).rejects.toMatchObject({
      code: 'payments.refund_lines_refunded',
    })
    await world.payments.giveBack(world.hospitalId, id, STAFF) // there is nothing left
    const again = await paidPayment(world, [10_000, 5_000])
    expect((await world.picture(again)).payerState).toBe('succeeded')
  })

  it('is nothing of a payment that is on its way and may still arrive', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
    world.wallet.payAll()
    world.hospital.script.trouble = 'refuse_to_say'
    await world.pass(MINUTE_MS)
    await expect(world.payments.giveBack(world.hospitalId, id, STAFF)).rejects.toMatchObject({
      code: 'payments.payment_not_refundable',
    })
  })
})

it('the timeline shows what was said, what was decided and what was posted, in order', async () => {
  const id = await paidPayment(world, [10_000, 5_000])
  await request(id)
  const events = await inHospital(world.db, world.hospitalId, (tx) =>
    timelineOf(tx, world.hospitalId, id),
  )
  const titles = events.map((event) => event.title)
  const inOrder = [
    'payments.quote',
    'payments.confirm',
    'wechat charge',
    'wechat query',
    'insurance charge',
    'his write_back',
    'payments.succeeded',
    'payments.request_refund',
    'his approve_refund',
    'insurance refund',
    'wechat refund',
    'his complete_refund',
  ]
  expect(titles.filter((title) => inOrder.includes(title))).toEqual(inOrder)
  expect(events.map((event) => event.at)).toEqual(events.map((event) => event.at).toSorted())
  expect(new Set(events.map((event) => event.kind))).toEqual(
    new Set(['person', 'ours', 'provider', 'hospital', 'journal']),
  )
  const paid = events.filter((event) => event.kind === 'journal').map((event) => event.journal)
  expect(paid.slice(0, 3)).toEqual([
    [{ debit: 'receivable/wechat/self_pay', credit: 'in-transit', amountFen: 6_000 }],
    [{ debit: 'receivable/insurance/pooled', credit: 'in-transit', amountFen: 9_000 }],
    [{ debit: 'in-transit', credit: 'income', amountFen: 15_000 }],
  ])
})

async function attentionEvents(name: string): Promise<number> {
  const { rows } = await inHospital(world.db, world.hospitalId, (tx) =>
    sql<{ n: number }>`select count(*) as n from platform.outbox
      where hospital_id = ${world.hospitalId} and name = ${name}`.execute(tx),
  )
  return rows[0]?.n ?? 0
}
