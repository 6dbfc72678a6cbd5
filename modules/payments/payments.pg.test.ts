import { afterAll, beforeEach, describe, expect, it } from 'vitest'

import { MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { HOSPITAL, PERSON } from './testing/hospital.ts'
import { paymentsWorld } from './testing/world.ts'

describe('payments on PostgreSQL', () => {
  let db: TestDatabase
  let world: ReturnType<typeof paymentsWorld>
  const used: TestDatabase[] = []

  beforeEach(async () => {
    db = await createTestDatabase()
    used.push(db)
    world = paymentsWorld(db)
  })
  afterAll(async () => {
    for (const database of used) await database[Symbol.asyncDispose]()
  })

  it('[P1] pays one bill from two sources: plan, wallet, insurer, hospital, books', async () => {
    const bill = world.hospital.addBill('B1', [60_000, 3_800])
    const id = await world.quote([bill])
    expect((await world.picture(id)).tenders.map((t) => [t.provider, t.amountFen])).toEqual([
      ['wechat', 25_520],
      ['insurance', 38_280],
    ])
    await world.confirm(id)
    expect((await world.picture(id)).payerState).toBe('to_pay')
    world.wallet.payAll()
    await world.pass(10 * SECOND_MS)

    const { payment, bills, payerState } = await world.picture(id)
    expect([payment.status, payerState, bills[0]?.receiptNo]).toEqual([
      'succeeded',
      'succeeded',
      'RC-B1',
    ])
    expect(world.hospital.paymentOf('B1')).not.toBeNull()
    expect(await world.balances()).toEqual({
      'receivable/wechat/self_pay': 25_520,
      'receivable/insurance/pooled': 38_280,
      'in-transit': 0,
      income: -63_800,
    })
  })

  it('takes a lost answer for unknown and finds out, at every party', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    world.wallet.script.trouble = 'lose_answer'
    await world.confirm(id)
    expect((await world.picture(id)).payerState).toBe('processing')
    world.wallet.script.trouble = null
    await world.pass(6 * SECOND_MS)
    world.wallet.payAll()
    world.insurer.script.trouble = 'lose_answer'
    world.hospital.script.trouble = 'lose_answer'
    await world.pass(2 * MINUTE_MS)
    expect((await world.picture(id)).payerState).toBe('confirming')
    world.hospital.script.trouble = null
    await world.pass(5 * MINUTE_MS)
    expect((await world.picture(id)).payment.status).toBe('succeeded')
    expect(world.insurer.paidFen()).toBe(6_000)
    expect(world.wallet.balanceFen()).toBe(4_000)
  })

  it('F-46 gives the wallet back when the insurer declines', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    world.insurer.script.declines = true
    await world.confirm(id)
    world.wallet.payAll()
    await world.pass(MINUTE_MS)
    const { payment, payerState } = await world.picture(id)
    expect([payment.status, payment.failureCode, payerState]).toEqual([
      'failed',
      'refused',
      'returned',
    ])
    expect(world.wallet.balanceFen()).toBe(0)
    expect((await world.balances())['in-transit']).toBe(0)
    const again = await world.quote([{ billNo: 'B1', version: 1 }])
    await world.confirm(again)
    expect((await world.picture(again)).payerState).toBe('to_pay')
  })

  it('undoes the insurer and the wallet when the hospital refuses the write-back', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
    world.wallet.payAll()
    world.hospital.script.refuses = 'bill_void'
    await world.pass(MINUTE_MS)
    const { payment } = await world.picture(id)
    expect([payment.status, payment.failureCode]).toEqual(['failed', 'hospital_refused'])
    expect([world.insurer.paidFen(), world.wallet.balanceFen()]).toEqual([0, 0])
  })

  it('F-41 undoes everything when the insurer settles other figures than it quoted', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
    world.wallet.payAll()
    world.insurer.script.settlesFen = 5_500
    await world.pass(MINUTE_MS)
    const { payment } = await world.picture(id)
    expect([payment.status, payment.failureCode]).toEqual(['failed', 'amount_differs'])
    expect([world.insurer.paidFen(), world.wallet.balanceFen()]).toEqual([0, 0])
    expect((await world.balances())['in-transit']).toBe(0)
  })

  it('F-41 undoes everything when it settles the amount it quoted, but in other parts', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
    world.wallet.payAll()
    world.insurer.script.accountFen = 1_500
    await world.pass(MINUTE_MS)
    const { payment } = await world.picture(id)
    expect([payment.status, payment.failureCode]).toEqual(['failed', 'amount_differs'])
    expect([world.insurer.paidFen(), world.wallet.balanceFen()]).toEqual([0, 0])
    expect((await world.balances())['in-transit']).toBe(0)
    expect(world.hospital.paymentOf('B1')).toBeNull()
  })

  it('closes what nobody pays, and gives back what is paid after the close', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
    await world.pass(20 * MINUTE_MS)
    expect((await world.picture(id)).payment.status).toBe('closed')
    world.wallet.payAll(true)
    await world.payments.recheck(HOSPITAL, id)
    await world.pass(MINUTE_MS)
    const { payerState, payment } = await world.picture(id)
    expect([payment.status, payerState]).toEqual(['closed', 'returned'])
    expect(world.wallet.balanceFen()).toBe(0)
  })

  it('F-30: keeps a payment that was paid in the moment it was cancelled', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
    world.wallet.payAll()
    await world.cancel(id)
    await world.pass(MINUTE_MS)
    expect((await world.picture(id)).payment.status).toBe('succeeded')
  })

  it('lets one of two payments have a bill', async () => {
    const bill = world.hospital.addBill('B1', [10_000])
    const [first, second] = [await world.quote([bill]), await world.quote([bill])]
    const outcomes = await Promise.allSettled([world.confirm(first), world.confirm(second)])
    expect(outcomes.map((o) => o.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const lost = outcomes.find((o) => o.status === 'rejected')
    expect(lost?.reason).toMatchObject({ code: 'payments.bill_in_payment' })
  })

  it('[P6] refunds one line: the insurer settles the rest anew, the wallet gives back the difference', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000, 5_000])])
    await world.confirm(id)
    world.wallet.payAll()
    await world.pass(MINUTE_MS)
    world.wallet.script.refundsWait = true
    await world.refund(id, 'B1', [2])
    expect((await world.picture(id)).payerState).toBe('returning')
    world.wallet.finishRefunds()
    await world.pass(MINUTE_MS)

    expect((await world.picture(id)).payerState).toBe('part_refunded')
    expect([world.insurer.paidFen(), world.wallet.balanceFen()]).toEqual([6_000, 4_000])
    expect(await world.balances()).toMatchObject({ 'in-transit': 0, income: -10_000 })

    await world.refund(id, 'B1', [1])
    await world.pass(MINUTE_MS) // the wallet is left a minute between two returns
    world.wallet.finishRefunds()
    await world.pass(MINUTE_MS)
    expect((await world.picture(id)).payerState).toBe('refunded')
    expect([world.insurer.paidFen(), world.wallet.balanceFen()]).toEqual([0, 0])
    await expect(world.refund(id, 'B1', [1])).rejects.toMatchObject({
      code: 'payments.refund_lines_refunded',
    })
  })

  it('moves nothing when the hospital does not agree to a refund', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
    world.wallet.payAll()
    await world.pass(MINUTE_MS)
    world.hospital.script.refusesRefund = 'refund_not_allowed'
    await world.refund(id, 'B1', [])
    const { refunds, payerState } = await world.picture(id)
    expect([refunds[0]?.status, refunds[0]?.refusalCode, payerState]).toEqual([
      'refused',
      'refund_not_allowed',
      'succeeded',
    ])
    expect(await world.balances()).toMatchObject({ 'in-transit': 0, income: -10_000 })
  })

  it('goes on after a crash at any point, and asks under the same numbers', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
    world.wallet.payAll()
    // Workers that took the payment up at once, and one that starts after them.
    await world.pass(6 * SECOND_MS)
    await Promise.all([1, 2, 3, 4].map(() => world.restarted().advance(HOSPITAL, id)))
    await world.pass(2 * MINUTE_MS)
    expect((await world.picture(id)).payment.status).toBe('succeeded')
    expect(world.wallet.orders()).toHaveLength(1)
    expect(world.insurer.paidFen()).toBe(6_000)
  })

  it('shows nothing of another hospital and nobody else’s payment', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    const stranger = world.newId<'Person'>()
    const actor = { name: 'person:x', requestId: null }
    await expect(
      world.payments.confirm(HOSPITAL, stranger, id, 4_000 as never, actor),
    ).rejects.toMatchObject({ code: 'payments.payment_not_found' })
    await expect(
      world.payments.confirm(2 as never, PERSON, id, 4_000 as never, actor),
    ).rejects.toMatchObject({ code: 'payments.payment_not_found' })
  })

  it('calls a person when the hospital stays silent, and goes on asking', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
    world.wallet.payAll()
    world.hospital.script.trouble = 'refuse_to_say'
    await world.pass(60 * MINUTE_MS)
    expect((await world.picture(id)).payment).toMatchObject({
      status: 'settling',
      attention: 'overdue',
    })
    world.hospital.script.trouble = null
    await world.pass(60 * MINUTE_MS)
    expect((await world.picture(id)).payment.status).toBe('succeeded')
  })
})
