import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { MINUTE_MS } from '../../../kernel/time.ts'
import type { PaymentsWorld } from '../testing/world.ts'
import { createWorlds, paidPayment } from '../testing/worlds.ts'

let worlds: Awaited<ReturnType<typeof createWorlds>>
let world: PaymentsWorld

beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())
beforeEach(() => void (world = worlds.newWorld()))

describe('[P6] what goes back by itself', () => {
  it('says why in words that the payer reads at their channel, and not in a code of ours', async () => {
    world.hospital.script.refuses = 'bill_void'
    const id = await paidPayment(world)
    await world.pass(10 * MINUTE_MS)
    const { payment, refunds } = await world.picture(id)
    expect([payment.failureCode, refunds[0]?.reason]).toEqual([
      'hospital_refused',
      'hospital_refused',
    ])
    expect(world.wallet.refunds().map(({ order }) => order.reason)).toEqual(['支付未完成，退回'])
  })

  it('says so too of money that came after the end', async () => {
    const id = await world.quote([world.hospital.addBill('B1', [10_000])])
    await world.confirm(id)
    await world.cancel(id)
    await world.pass(MINUTE_MS)
    world.wallet.payAll(true)
    const [order] = world.wallet.orders()
    await world.notify({ id: 'n1', tradeNo: order?.order.tradeNo ?? '' })
    await world.pass(10 * MINUTE_MS)
    expect((await world.picture(id)).refunds[0]?.cause).toBe('late')
    expect(world.wallet.refunds().map((refund) => refund.order.reason)).toEqual(['迟到款退回'])
  })

  it('keeps the words of who asked for a refund', async () => {
    const id = await paidPayment(world, [10_000, 5_000])
    await world.refund(id, 'B1', [2])
    await world.pass(10 * MINUTE_MS)
    expect(world.wallet.refunds().map(({ order }) => order.reason)).toEqual(['退药'])
  })
})
