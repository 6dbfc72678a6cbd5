import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { PaymentId } from './payment.ts'
import { Crash, dyingDb } from './testing/crash.ts'
import { PERSON } from './testing/hospital.ts'
import type { PaymentsWorld } from './testing/world.ts'
import { bookProblems, createWorlds, paidPayment } from './testing/worlds.ts'

let worlds: Awaited<ReturnType<typeof createWorlds>>
let world: PaymentsWorld

beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())
beforeEach(() => void (world = worlds.newWorld()))

const NOTHING = { 'in-transit': 0, income: 0 }
const PATIENT = { name: 'person:1', requestId: null }

describe('a plan', () => {
  it('is confirmed for what the payer saw, or not at all', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    const confirm = (payFen: number) =>
      world.payments.confirm(
        world.hospitalId,
        PERSON,
        id,
        { payFen: fen(payFen), presence: null },
        PATIENT,
      )
    for (const payFen of [0, 3_999, 4_001, 10_000]) {
      await expect(confirm(payFen)).rejects.toMatchObject({ code: 'payments.plan_changed' })
    }
    expect((await world.picture(id)).payment.status).toBe('quoted')
    expect(world.wallet.orders()).toEqual([])
    await confirm(4_000)
    await confirm(4_000) // a second tap
    expect((await world.picture(id)).payerState).toBe('to_pay')
  })

  it('is not confirmed after its time', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    world.clock.advance(15 * MINUTE_MS)
    await expect(world.confirm(id)).rejects.toMatchObject({ code: 'payments.payment_expired' })
    await world.pass(MINUTE_MS)
    await expect(world.confirm(id)).rejects.toMatchObject({ code: 'payments.payment_not_payable' })
    expect((await world.picture(id)).payerState).toBe('closed')
  })

  it('is of bills of one visit, each once, and of a channel that there is', async () => {
    const [b1, b2] = [
      world.hospital.addBill('B1', [10_000], 'V1'),
      world.hospital.addBill('B2', [10_000], 'V2'),
    ]
    await expect(world.quote([b1, b2])).rejects.toMatchObject({
      code: 'payments.bills_of_different_visits',
    })
    await expect(world.quote([b1, b1])).rejects.toMatchObject({ code: 'payments.too_many_bills' })
    const wish = {
      hospitalId: world.hospitalId,
      personId: PERSON,
      paymentId: world.newId<'Payment'>(),
      bills: [b1],
      useAccount: true,
    }
    for (const channel of ['alipay', 'insurance']) {
      await expect(world.payments.quote({ ...wish, channel }, PATIENT)).rejects.toMatchObject({
        code: 'payments.channel_unknown',
      })
    }
  })

  it('F-53 needs nothing of the payer, and no channel, when the insurer pays all', async () => {
    world = worlds.newWorld({ sharePercent: 100 })
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
    await world.pass(SECOND_MS)
    const { payerState, tenders } = await world.picture(id)
    expect([payerState, tenders.length]).toEqual(['succeeded', 1])
    expect(world.wallet.orders()).toEqual([])
    await world.refund(id, 'B1', [])
    expect((await world.picture(id)).payerState).toBe('refunded')
    expect(await world.balances()).toMatchObject(NOTHING)
  })

  it('is paid by the payer alone when the insurer has no part in it', async () => {
    world.insurer.script.available = false
    const id = await paidPayment(world)
    expect((await world.picture(id)).payment.reasons).toEqual([
      { provider: 'insurance', available: false, reasons: [{ code: 'suspended', params: {} }] },
    ])
    expect(world.wallet.balanceFen()).toBe(10_000)
  })
})

describe('money that is not what was expected', () => {
  it('is written down as it moved and goes back, before the insurer is charged', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
    world.wallet.script.paidFen = 3_900
    world.wallet.payAll()
    await world.pass(MINUTE_MS)
    const { payment, tenders } = await world.picture(id)
    expect([payment.status, payment.failureCode]).toEqual(['failed', 'amount_differs'])
    expect(tenders[0]).toMatchObject({ amountFen: 4_000, takenFen: 3_900, returnedFen: 3_900 })
    expect(world.wallet.balanceFen()).toBe(0)
    expect(world.insurer.asked.filter((question) => question.startsWith('charge'))).toEqual([])
    expect(await world.balances()).toMatchObject({ 'in-transit': 0 })
    expect(await bookProblems(world)).toEqual([])
  })

  it('and comes after the end, is found by a notice and goes back', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
    await world.pass(20 * MINUTE_MS)
    world.wallet.payAll(true)
    await world.notify({ id: 'n1', tradeNo: tradeNoOf(world) })
    expect((await world.picture(id)).payerState).toBe('returning')
    await world.pass(MINUTE_MS)
    expect((await world.picture(id)).payerState).toBe('returned')
    expect(world.wallet.balanceFen()).toBe(0)
  })
})

describe('many at once', () => {
  it('charge each provider once', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
    world.wallet.payAll()
    world.clock.advance(6 * SECOND_MS)
    const advance = () => world.restarted().advance(world.hospitalId, id)
    await Promise.all(Array.from({ length: 8 }, advance))
    await world.pass(MINUTE_MS)
    expect((await world.picture(id)).payerState).toBe('succeeded')
    const charges = [...world.wallet.asked, ...world.insurer.asked].filter((question) =>
      question.startsWith('charge'),
    )
    expect(charges).toHaveLength(2)
    expect(await world.balances()).toMatchObject({ 'in-transit': 0, income: -10_000 })
  })

  it('give back at once what payment, refund and notices work on together', async () => {
    const ids: PaymentId[] = []
    for (const billNo of ['B1', 'B2', 'B3']) {
      ids.push(await paidPayment(world, [6_000, 4_000], billNo))
    }
    const { hospitalId } = world
    const refunds = await Promise.all(ids.map((id, i) => world.refund(id, `B${i + 1}`, [2])))
    await Promise.all(
      [1, 2, 3].flatMap(() => [
        ...ids.map((id) => world.restarted().recheck(hospitalId, id)),
        ...refunds.map((id) => world.restarted().advanceRefund(hospitalId, id)),
        world.restarted().sweep(hospitalId),
      ]),
    )
    await world.pass(5 * MINUTE_MS)
    for (const id of ids) expect((await world.picture(id)).payerState).toBe('part_refunded')
    expect(world.failures).toEqual([])
    expect(await world.balances()).toMatchObject({ 'in-transit': 0, income: -18_000 })
    expect(await bookProblems(world)).toEqual([])
  })
})

describe('a sweep', () => {
  const providerOf = (id: PaymentId, provider: string) =>
    inHospital(world.db, world.hospitalId, (tx) =>
      sql`update payments.tender set provider = ${provider}
        where hospital_id = ${world.hospitalId} and payment_id = ${id}`.execute(tx),
    )

  it('brings all others on when one payment cannot be', async () => {
    world.insurer.script.available = false
    const [poisoned, healthy] = [
      await world.quote([world.hospital.addBill('B1', [10_000])]),
      await world.quote([world.hospital.addBill('B2', [10_000])]),
    ]
    await world.confirm(poisoned)
    await world.confirm(healthy)
    await providerOf(poisoned, 'gone')
    world.wallet.payAll()
    await world.pass(MINUTE_MS)
    expect((await world.picture(healthy)).payerState).toBe('succeeded')
    expect(world.failures[0]).toEqual({
      subject: `payment:${poisoned}`,
      message: expect.stringContaining('has the provider gone') as string,
    })

    // Tried ever less often, and a person is called.
    await world.pass(30 * MINUTE_MS)
    expect(world.failures.length).toBeLessThan(12)
    expect((await world.picture(poisoned)).payment.attention).toBe('machine_failed')

    await providerOf(poisoned, 'wechat')
    await world.pass(30 * MINUTE_MS)
    expect((await world.picture(poisoned)).payerState).toBe('succeeded')
  })

  it('does the same for refunds', async () => {
    const id = await paidPayment(world)
    world.insurer.script.trouble = 'break'
    await expect(world.refund(id, 'B1', [])).rejects.toThrow('the insurer is broken')
    await world.pass(10 * MINUTE_MS)
    const { refunds } = await world.picture(id)
    expect(refunds[0]).toMatchObject({ status: 'returning', attention: 'machine_failed' })
    expect(world.failures.length).toBeGreaterThanOrEqual(5)
    expect(world.failures.length).toBeLessThan(12)
    world.insurer.script.trouble = null
    await world.pass(30 * MINUTE_MS)
    expect((await world.picture(id)).payerState).toBe('refunded')
  })

  it('does not turn in circles round a payment that somebody is working on', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    // Dies with the order in hand, after the intent was written down.
    const dying = dyingDb(world.db, { at: 3, when: 'after' })
    await expect(world.confirm(id, world.restarted(dying.db))).rejects.toThrow(Crash)
    await world.cancel(id)
    const inCall = (await world.picture(id)).payment.inCallUntil
    expect(await world.payments.nextDueAt(world.hospitalId)).toEqual(inCall)
    expect(await world.payments.sweep(world.hospitalId)).toBe(0)
    await world.pass(MINUTE_MS)
    expect((await world.picture(id)).payerState).toBe('closed')
  })
})

describe('a notice', () => {
  let id: PaymentId

  beforeEach(async () => {
    id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
  })

  it('wakes the payment it is about: nobody waits for the next look', async () => {
    world.wallet.payAll()
    await world.notify({ id: 'n1', tradeNo: tradeNoOf(world) })
    expect((await world.picture(id)).payerState).toBe('succeeded')
  })

  it('is believed in nothing but that something happened', async () => {
    await world.notify({ id: 'n1', tradeNo: tradeNoOf(world), paid: 'yes' })
    expect((await world.picture(id)).payerState).toBe('to_pay')
  })

  it('that is forged, or of a provider that sends none, is refused', async () => {
    const about = { id: 'n1', tradeNo: tradeNoOf(world) }
    await expect(world.notify(about, 'forged')).rejects.toMatchObject({
      code: 'payments.notice_refused',
      params: { reason: 'signature' },
    })
    const raw = { hospitalId: world.hospitalId, headers: {}, body: Buffer.from('{}') }
    for (const provider of ['insurance', 'nobody']) {
      await expect(world.payments.takeNotice(provider, raw)).rejects.toMatchObject({
        code: 'payments.channel_unknown',
      })
    }
  })

  it.each([
    ['of a number that is not ours', 'X'.repeat(28), 'is not a number of this hospital'],
    ['of another hospital', '00ZZ01J2VS00001W008000000000A1', 'is not a number of this hospital'],
  ])('%s stays with its error, for a person', async (_what, tradeNo, error) => {
    await world.notify({ id: 'n1', tradeNo })
    const { rows } = await inHospital(world.db, world.hospitalId, (tx) =>
      sql<{ last_error: string; attempts: number }>`
        select last_error, attempts from platform.inbox`.execute(tx),
    )
    expect(rows).toEqual([{ last_error: expect.stringContaining(error) as string, attempts: 1 }])
  })

  it('of a tender that there is not stays with its error', async () => {
    const unknown = `${tradeNoOf(world).slice(0, -1)}0`
    await world.notify({ id: 'n1', tradeNo: unknown })
    const { rows } = await inHospital(world.db, world.hospitalId, (tx) =>
      sql<{ last_error: string }>`select last_error from platform.inbox`.execute(tx),
    )
    expect(rows[0]?.last_error).toContain('there is no tender')
  })
})

describe('a planted bug', () => {
  it('that posts twice leaves money in transit', async () => {
    world = worlds.newWorld({ canary: 'double_posting' })
    const id = await paidPayment(world)
    expect((await world.picture(id)).payerState).toBe('succeeded')
    expect(await world.balances()).not.toMatchObject({ income: -10_000 })
  })

  it('that tells the hospital nothing leaves the bill unpaid there', async () => {
    world = worlds.newWorld({ canary: 'lost_write_back' })
    const id = await paidPayment(world)
    expect((await world.picture(id)).payerState).toBe('succeeded')
    expect(world.hospital.paymentOf('B1')).toBeNull()
  })
})

/** Our number for the payer's charge at the wallet. */
function tradeNoOf({ wallet }: PaymentsWorld): string {
  const [first] = wallet.orders()
  if (!first) throw new Error('nothing was ordered')
  return first.order.tradeNo
}
