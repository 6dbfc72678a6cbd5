import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { balancesOf } from '../ledger/index.ts'
import { Crash, dyingDb } from './testing/crash.ts'
import type { PaymentsWorld } from './testing/world.ts'
import { bookProblems, createWorlds, paidPayment } from './testing/worlds.ts'

// A process asks, does not hear, and another one takes over. Then the first one's answer comes after all.

let worlds: Awaited<ReturnType<typeof createWorlds>>
let world: PaymentsWorld

beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())
beforeEach(() => void (world = worlds.newWorld()))

/** Makes the wallet's next answer wait until it is let go; whoever asks after that is answered at once. */
function holdNextAnswer(): { asked: Promise<void>; letGo: () => void } {
  let letGo: () => void = () => undefined
  const gone = new Promise<void>((resolve) => void (letGo = resolve))
  const { script } = world.wallet
  const asked = new Promise<void>((resolve) => {
    script.delay = () => {
      script.delay = null
      resolve()
      return gone
    }
  })
  return { asked, letGo }
}

const heldFen = async () => {
  const accounts = await inHospital(world.db, world.hospitalId, (tx) =>
    balancesOf(tx, world.hospitalId),
  )
  return accounts.find(({ code }) => code === 'receivable/wechat/self_pay')?.heldFen
}

describe('an answer that comes late', () => {
  it('is money once, however often it is told', async () => {
    const { hospitalId, payments, wallet, clock } = world
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
    wallet.payAll()
    clock.advance(6 * SECOND_MS)
    const slow = holdNextAnswer()
    const first = world.restarted().advance(hospitalId, id)
    await slow.asked
    clock.advance(31 * SECOND_MS)
    await payments.advance(hospitalId, id)
    expect((await world.picture(id)).payerState).toBe('succeeded')
    slow.letGo()
    await first
    const { tenders, payerState } = await world.picture(id)
    expect([tenders[0]?.takenFen, payerState]).toEqual([4_000, 'succeeded'])
    expect(await world.balances()).toMatchObject({ 'in-transit': 0, income: -10_000 })
    expect(await bookProblems(world)).toEqual([])
  })

  it('does not take the call out of the hands of who has it now', async () => {
    const { hospitalId, wallet, clock } = world
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
    clock.advance(6 * SECOND_MS)
    const one = holdNextAnswer()
    const first = world.restarted().advance(hospitalId, id)
    await one.asked
    clock.advance(31 * SECOND_MS)
    const other = holdNextAnswer()
    const second = world.restarted().advance(hospitalId, id)
    await other.asked
    one.letGo()
    await first
    const questions = wallet.asked.length
    clock.advance(10 * SECOND_MS) // time to ask again, if nobody were asking
    await world.restarted().advance(hospitalId, id)
    expect(wallet.asked.length).toBe(questions)
    other.letGo()
    await second
  })

  it('of a refund neither, and its money is counted once', async () => {
    const { hospitalId, wallet, clock } = world
    const id = await paidPayment(world, [10_000, 5_000])
    wallet.script.refundsWait = true
    const refundId = await world.refund(id, 'B1', [2])
    clock.advance(6 * SECOND_MS)
    wallet.finishRefunds()
    const one = holdNextAnswer()
    const first = world.restarted().advanceRefund(hospitalId, refundId)
    await one.asked
    clock.advance(31 * SECOND_MS)
    const other = holdNextAnswer()
    const second = world.restarted().advanceRefund(hospitalId, refundId)
    await other.asked
    one.letGo()
    await first
    const { tenders, refunds } = await world.picture(id)
    // The money is known; who has the call in hand goes on with the refund.
    expect([tenders[0]?.returnedFen, refunds[0]?.status]).toEqual([2_000, 'returning'])
    other.letGo()
    await second
    await world.pass(MINUTE_MS)
    const after = await world.picture(id)
    expect([after.tenders[0]?.returnedFen, after.payerState]).toEqual([2_000, 'part_refunded'])
    expect(await heldFen()).toBe(0)
    expect(await bookProblems(world)).toEqual([])
  })
})

describe('money that is on its way back', () => {
  it('is promised in the books, and again when a person asks again', async () => {
    const id = await paidPayment(world, [10_000, 5_000])
    world.wallet.script.declinesRefunds = 'not_enough'
    const refundId = await world.refund(id, 'B1', [2])
    expect(await heldFen()).toBe(0)
    Object.assign(world.wallet.script, { declinesRefunds: null, refundsWait: true })
    await world.retryRefund(refundId)
    expect(await heldFen()).toBe(2_000)
    world.wallet.finishRefunds()
    await world.pass(MINUTE_MS)
    expect(await heldFen()).toBe(0)
    expect((await world.picture(id)).payerState).toBe('part_refunded')
  })

  it('is promised no more when another amount has come', async () => {
    const id = await paidPayment(world, [10_000, 5_000])
    world.wallet.script.returnsFen = 1_500
    await world.refund(id, 'B1', [2])
    expect(await heldFen()).toBe(0)
  })

  it('is not looked at again and again while somebody is asking', async () => {
    const { hospitalId, wallet, clock } = world
    const id = await paidPayment(world, [10_000, 5_000])
    wallet.script.refundsWait = true
    const refundId = await world.refund(id, 'B1', [2])
    clock.advance(6 * SECOND_MS)
    const dying = dyingDb(world.db, { at: 1, when: 'after' })
    const dies = world.restarted(dying.db).advanceRefund(hospitalId, refundId)
    await expect(dies).rejects.toThrow(Crash)
    await world.notify({ id: 'n1', refundNo: wallet.refunds()[0]?.order.refundNo ?? '' })
    expect(await world.payments.sweep(hospitalId)).toBe(0)
    const { refunds } = await world.picture(id)
    expect(await world.payments.nextDueAt(hospitalId)).toEqual(refunds[0]?.inCallUntil)
  })
})
