import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import type { Appointment } from '../../modules/booking/index.ts'
import { bookingWorld, HOSPITAL, STAFF } from '../../modules/booking/testing/world.ts'
import { createPayments, type PaymentId, type Payments } from '../../modules/payments/index.ts'
import { PERSON } from '../../modules/payments/testing/hospital.ts'
import { paymentsWorld } from '../../modules/payments/testing/world.ts'
import { deliverEvents } from '../../platform/events.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'

// A held number with a fee is a bill like others: paid by payments, with its machine, its books and its refunds.

const FEE = fen(5_000)

let database: TestDatabase
let worlds = 0
let world: Awaited<ReturnType<typeof openWorld>>

beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(async () => {
  world = await openWorld()
})
afterAll(() => database[Symbol.asyncDispose]())

/** Payments and booking on one clock, wired as the hub wires them. */
async function openWorld() {
  const seed = `paying-${(worlds += 1)}`
  const around = paymentsWorld(database, { hospitalId: HOSPITAL, sharePercent: 0, seed })
  let payments: Payments | null = null
  const paid = () => payments ?? around.payments
  const booking = bookingWorld(
    database,
    {
      requestRefund: (...wish) => paid().requestRefund(...wish),
      billsOfPayment: (hospitalId, id) => paid().billNosOf(hospitalId, id),
    },
    around,
  )
  const desk = booking.booking.billDesk(around.hospital.desk)
  payments = createPayments({ ...around.payments.dependencies, desk })
  const hub = payments
  await booking.rules({})
  // Who pays is the same person in every test: what they have booked in one is over in the next.
  around.clock.advance(worlds * 7 * 24 * 60 * MINUTE_MS)
  return {
    ...around,
    payments: hub,
    booking,
    async heldWithBill(fee = FEE) {
      const today = around.clock.now().getTime() + 3 * 24 * 60 * MINUTE_MS
      const businessDate = new Date(today).toISOString().slice(0, 10) as Appointment['businessDate']
      const session = await booking.session({ total: 1, feeFen: fee, businessDate })
      const held = await booking.hold(session.id, PERSON)
      const due = await booking.book(held.id, PERSON)
      if (!due.bill) throw new Error('a hold with a fee has a bill')
      return { session, due, bill: due.bill }
    },
    async work(ms = 0) {
      around.clock.advance(ms)
      const by = { db: database, clock: around.clock }
      const handlers = {
        'payments.ended': [booking.booking.onPaymentEnded],
        'refunds.ended': [booking.booking.onRefundEnded],
      }
      for (let quiet = 0; quiet < 2;) {
        const done =
          (await hub.sweep(HOSPITAL)) +
          (await deliverEvents(by, HOSPITAL, handlers)) +
          (await booking.booking.sweep(HOSPITAL))
        quiet = done === 0 ? quiet + 1 : 0
      }
    },
    /** Until nothing more comes of it. */
    async settle() {
      for (let i = 0; i < 8; i++) await this.work(15 * SECOND_MS)
    },
    appointment: (id: Appointment['id']) => booking.appointment(id),
  }
}

async function payFor({ bill }: { bill: { billNo: string; version: number } }): Promise<PaymentId> {
  const id = await world.quote([bill], world.payments)
  await world.confirm(id, world.payments)
  return id
}

describe('[J1] a held number with a fee', () => {
  it('is booked by the payment of its bill, and cancelled with the fee given back the way it came', async () => {
    const held = await world.heldWithBill()
    expect(held.due).toMatchObject({ status: 'held', fee: 'due', feeFen: 5_000 })
    const paymentId = await payFor(held)
    world.wallet.payAll()
    await world.settle()
    expect((await world.picture(paymentId)).payment.status).toBe('succeeded')
    const booked = await world.appointment(held.due.id)
    expect(booked).toMatchObject({ status: 'booked', fee: 'paid', paymentId })
    await world.booking.cancel(held.due.id, PERSON)
    expect((await world.appointment(held.due.id)).fee).toBe('returning')
    await world.settle()
    expect(await world.appointment(held.due.id)).toMatchObject({
      status: 'cancelled',
      fee: 'returned',
    })
    expect(world.wallet.refunds().map(({ returnedFen }) => returnedFen)).toEqual([5_000])
    expect(world.wallet.balanceFen()).toBe(0)
  })

  it('[F-111] paid when its hold had expired gives the money back and belongs to another', async () => {
    const held = await world.heldWithBill()
    const paymentId = await payFor(held)
    await world.work(29 * MINUTE_MS)
    // The payment is still open when the hold runs out, as the payer began late.
    await world.booking.pass(2 * MINUTE_MS)
    const other = world.booking.person()
    const theirs = await world.booking.hold(held.session.id, other)
    expect(theirs.slotNumber).toBe(1)
    world.wallet.payAll(true)
    await world.settle()
    await world.payments.recheck(HOSPITAL, paymentId)
    await world.settle()
    expect(await world.appointment(held.due.id)).toMatchObject({ status: 'expired' })
    expect((await world.picture(paymentId)).payment.status).not.toBe('succeeded')
    expect(world.wallet.balanceFen()).toBe(0)
  })

  it('[F-112] expiring while it is being paid is one of both, never both', async () => {
    const outcomes = new Set<string>()
    for (let i = 0; i < 6; i++) {
      world = await openWorld()
      const held = await world.heldWithBill()
      await world.work(20 * MINUTE_MS)
      const paymentId = await payFor(held)
      world.wallet.payAll()
      world.clock.advance(10 * MINUTE_MS)
      const [first, second] = [
        () => world.payments.sweep(HOSPITAL),
        () => world.booking.booking.sweep(HOSPITAL),
      ]
      await Promise.all(i % 2 === 0 ? [first(), second()] : [second(), first()])
      await world.settle()
      const { status, fee } = await world.appointment(held.due.id)
      const { payment } = await world.picture(paymentId)
      outcomes.add(status)
      const standing = [status, fee, payment.status === 'succeeded', world.wallet.balanceFen()]
      expect([
        ['booked', 'paid', true, 5_000],
        ['expired', 'none', false, 0],
      ]).toContainEqual(standing)
    }
    expect(outcomes.size).toBeGreaterThan(0)
  })

  it('is nobody else’s to pay, and not to be paid once it has expired', async () => {
    const { due, bill } = await world.heldWithBill()
    const stranger = world.booking.person()
    const wish = { hospitalId: HOSPITAL, bills: [bill], useAccount: true, channel: 'wechat' }
    const quote = (personId: typeof stranger) =>
      world.payments.quote({ ...wish, personId, paymentId: world.newId() }, STAFF)
    await expect(quote(stranger)).rejects.toMatchObject({ code: 'booking.appointment_not_found' })
    await world.booking.pass(31 * MINUTE_MS)
    expect(await world.appointment(due.id)).toMatchObject({ status: 'expired', fee: 'none' })
    await expect(quote(PERSON)).rejects.toMatchObject({ code: 'booking.hold_expired' })
  })

  it('is not given back for a visit that took place', async () => {
    const held = await world.heldWithBill()
    const paymentId = await payFor(held)
    world.wallet.payAll()
    await world.settle()
    const key = { hospitalId: HOSPITAL, id: held.due.id }
    await world.booking.booking.markAppointment(key, 'checked_in', STAFF)
    const refund = {
      id: world.newId<'Refund'>(),
      hospitalId: HOSPITAL,
      paymentId,
      billNo: held.bill.billNo,
      lineNos: [],
      reason: 'wish',
      requestNo: null,
    }
    await world.payments.requestRefund(refund, STAFF)
    await world.settle()
    expect(await world.appointment(held.due.id)).toMatchObject({
      status: 'checked_in',
      fee: 'paid',
    })
    expect(world.wallet.balanceFen()).toBe(5_000)
  })
})

describe('[J11] a clinic that does not take place', () => {
  it('[F-114] is shown with its people and money first, then told, and paid back or moved as each chooses', async () => {
    const held = await world.heldWithBill()
    await payFor(held)
    world.wallet.payAll()
    await world.settle()
    const equal = await world.booking.session({
      department: held.session.department,
      businessDate: held.session.businessDate,
      period: 'afternoon',
      feeFen: FEE,
      total: 2,
    })
    const { booking } = world.booking
    const stop = { id: world.newId<'Stop'>(), hospitalId: HOSPITAL, sessionId: held.session.id }
    const proposed = await booking.proposeStop({ ...stop, reason: '医生生病' }, STAFF)
    expect(proposed.impact).toEqual({
      booked: 1,
      held: 0,
      checkedIn: 0,
      paid: 1,
      refundFen: 5_000,
      equalSessions: 1,
      equalSlots: 2,
    })
    expect(await world.appointment(held.due.id)).toMatchObject({ status: 'booked' })
    await expect(booking.decideOnStop(stop, true, STAFF)).rejects.toMatchObject({
      code: 'booking.stop_by_same_person',
    })
    const second = { name: 'staff:two', requestId: null }
    await booking.decideOnStop(stop, true, second)
    await expect(world.booking.hold(held.session.id, world.booking.person())).rejects.toMatchObject(
      {
        code: 'booking.session_stopped',
      },
    )
    await world.work()
    const stopped = await world.appointment(held.due.id)
    expect(stopped).toMatchObject({ status: 'stopped', fee: 'paid' })
    const [told] = await booking.messagesOf(HOSPITAL, PERSON, { limit: 1 })
    expect(told).toMatchObject({
      kind: 'stopped',
      params: { reason: '医生生病', offer1: equal.id },
    })
    const move = { key: { hospitalId: HOSPITAL, id: held.due.id }, personId: PERSON }
    const newId = world.newId<'Appointment'>()
    const moved = await booking.moveTo({ ...move, newId, sessionId: equal.id }, STAFF)
    expect(moved).toMatchObject({ status: 'booked', fee: 'paid', bill: held.bill })
    expect(await booking.moveTo({ ...move, newId, sessionId: equal.id }, STAFF)).toEqual(moved)
    expect((await world.appointment(held.due.id)).fee).toBe('moved')
    // The fee went with it: it goes back when the new one is cancelled, and once.
    await world.booking.cancel(newId, PERSON)
    await world.settle()
    expect(await world.appointment(newId)).toMatchObject({ fee: 'returned' })
    expect(world.wallet.balanceFen()).toBe(0)
  })

  it('gives the money back to who chooses it, and to who chooses nothing in time', async () => {
    const held = await world.heldWithBill()
    await payFor(held)
    world.wallet.payAll()
    await world.settle()
    await world.booking.session({
      department: held.session.department,
      businessDate: held.session.businessDate,
      period: 'afternoon',
      feeFen: FEE,
    })
    const { booking } = world.booking
    const stop = { id: world.newId<'Stop'>(), hospitalId: HOSPITAL, sessionId: held.session.id }
    await booking.proposeStop({ ...stop, reason: '停诊' }, STAFF)
    await booking.decideOnStop(stop, true, { name: 'staff:two', requestId: null })
    await world.work()
    expect(await world.appointment(held.due.id)).toMatchObject({ status: 'stopped', fee: 'paid' })
    await world.work(25 * 60 * MINUTE_MS)
    await world.settle()
    const returned = { fee: 'returned', chooseUntil: null }
    expect(await world.appointment(held.due.id)).toMatchObject(returned)
    expect(world.wallet.balanceFen()).toBe(0)
    const key = { hospitalId: HOSPITAL, id: held.due.id }
    expect((await booking.takeMoney(key, PERSON, STAFF)).fee).toBe('returned')
  })
})
