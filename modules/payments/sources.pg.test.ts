import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { MINUTE_MS } from '../../kernel/time.ts'
import type { PaymentId } from './payment.ts'
import type { FundingSource } from './provider.ts'
import { PERSON } from './testing/hospital.ts'
import type { PaymentsWorld } from './testing/world.ts'
import { createWorlds } from './testing/worlds.ts'

const ACTOR = { name: 'person:test', requestId: null }

let worlds: Awaited<ReturnType<typeof createWorlds>>
beforeAll(async () => {
  worlds = await createWorlds()
})
afterAll(() => worlds.dispose())

/** A bill of 100.00: the insurer pays 60.00, the lender up to its limit, the wallet the rest. */
const newWorld = (lenderLimitFen: number, sources: FundingSource[] = []) =>
  worlds.newWorld({ lenderLimitFen, sources, quoteDeadlineMs: 1_500 })

async function quoted(
  world: PaymentsWorld,
  sources?: Record<string, boolean>,
  lines = [10_000],
): Promise<PaymentId> {
  const paymentId = world.newId<'Payment'>()
  const bills = [world.hospital.addBill(`B${paymentId}`, lines)]
  const wish = { hospitalId: world.hospitalId, personId: PERSON, paymentId, bills, sources }
  await world.payments.quote({ ...wish, useAccount: true, channel: 'wechat' }, ACTOR)
  return paymentId
}

const amounts = ({ tenders }: { tenders: readonly { provider: string; amountFen: number }[] }) =>
  Object.fromEntries(tenders.map((tender) => [tender.provider, tender.amountFen]))

describe('[P1] sources of money that pay one after the other', () => {
  it('leave the next one what they do not pay, and the payer the rest', async () => {
    const world = newWorld(2_500)
    const picture = await world.picture(await quoted(world, { credit: true }))
    expect(amounts(picture)).toEqual({ wechat: 1_500, insurance: 6_000, credit: 2_500 })
    expect(picture.tenders.map(({ phase }) => phase)).toEqual(['payer', 'settle', 'hold'])
  })

  it('are not asked when the payer does not want them, and say so', async () => {
    const world = newWorld(2_500)
    const { tenders, payment } = await world.picture(await quoted(world, { insurance: false }))
    expect(amounts({ tenders })).toEqual({ wechat: 10_000 })
    expect(world.insurer.asked).toEqual([])
    expect(payment.reasons).toMatchObject([
      { provider: 'insurance', available: false, reasons: [{ code: 'not_wanted' }] },
      { provider: 'credit', available: false, reasons: [{ code: 'not_asked_for' }] },
    ])
  })

  it('are asked at once, so that the slowest is all that is waited for, and not beyond its time', async () => {
    const begun: string[] = []
    const never: FundingSource = {
      ...newWorld(0).insurer.source,
      name: 'commercial',
      place: 'commercial_insurance',
      quote: async () => {
        begun.push('commercial')
        return new Promise<never>(() => undefined)
      },
    }
    const world = newWorld(2_500, [never])
    const { tenders, payment } = await world.picture(await quoted(world, { credit: true }))
    expect(begun).toEqual(['commercial'])
    expect(amounts({ tenders })).toEqual({ wechat: 1_500, insurance: 6_000, credit: 2_500 })
    expect(payment.reasons).toContainEqual({
      provider: 'commercial',
      available: false,
      reasons: [{ code: 'too_slow', params: {} }],
    })
  })
})

describe('a source that fails on our side', () => {
  it('is left out and told, and those after it still know what is left', async () => {
    const broken: FundingSource = {
      ...newWorld(0).insurer.source,
      name: 'commercial',
      place: 'commercial_insurance',
      quote: async () => {
        throw new Error('its database is away')
      },
    }
    const world = newWorld(2_500, [broken])
    const { tenders, payment } = await world.picture(await quoted(world, { credit: true }))
    expect(amounts({ tenders })).toEqual({ wechat: 1_500, insurance: 6_000, credit: 2_500 })
    const said = payment.reasons.find(({ provider }) => provider === 'commercial')
    expect(said?.reasons).toEqual([{ code: 'source_failed', params: {} }])
  })
})

describe('[P1] a source with a limit', () => {
  it('promises before the payer is asked, and takes when all others have paid', async () => {
    const world = newWorld(2_500)
    const id = await quoted(world, { credit: true })
    await world.confirm(id)
    expect(world.lender.heldFen()).toBe(2_500)
    expect(world.wallet.asked.some((question) => question.startsWith('charge'))).toBe(true)
    expect(world.lender.asked.map((question) => question.split(' ')[0])).toEqual(['hold'])
    world.wallet.payAll()
    await world.pass(MINUTE_MS)
    const { payment, tenders } = await world.picture(id)
    expect(payment.status).toBe('succeeded')
    expect(tenders.every(({ status }) => status === 'taken')).toBe(true)
    expect([world.lender.lentFen(), world.lender.heldFen()]).toEqual([2_500, 0])
    expect(await world.balances()).toMatchObject({ 'receivable/credit/credit': 2_500 })
  })

  it('pays a bill alone, with nobody to act', async () => {
    const world = newWorld(20_000)
    world.insurer.script.available = false
    const id = await quoted(world, { credit: true })
    await world.confirm(id)
    await world.pass(MINUTE_MS)
    expect((await world.picture(id)).payment.status).toBe('succeeded')
    expect(world.wallet.asked).toEqual([])
  })

  it('that was used up meanwhile stops the payment before the payer has paid anything', async () => {
    const world = newWorld(2_500)
    const id = await quoted(world, { credit: true })
    world.lender.script.limitFen = 2_000
    await world.confirm(id)
    await world.pass(MINUTE_MS)
    const { payment } = await world.picture(id)
    expect(payment).toMatchObject({ status: 'closed', failureCode: 'limit_used_up' })
    expect(world.wallet.asked.filter((question) => question.startsWith('charge'))).toEqual([])
  })

  it.each(['lose_answer', 'refuse_to_say'] as const)(
    'is asked again while its promise is in doubt (%s), and nobody pays meanwhile',
    async (trouble) => {
      const world = newWorld(2_500)
      const id = await quoted(world, { credit: true })
      world.lender.script.trouble = trouble
      await world.confirm(id)
      await world.pass(MINUTE_MS)
      expect(world.wallet.asked).toEqual([])
      world.lender.script.trouble = null
      await world.pass(2 * MINUTE_MS)
      expect((await world.picture(id)).payment.status).toBe('charging')
      expect(world.lender.heldFen()).toBe(2_500)
    },
  )

  it('is free again when the payer never pays', async () => {
    const world = newWorld(2_500)
    const id = await quoted(world, { credit: true })
    await world.confirm(id)
    await world.pass(30 * MINUTE_MS)
    expect((await world.picture(id)).payment.status).toBe('closed')
    expect(world.lender.heldFen()).toBe(0)
  })

  it('that has forgotten its promise and lent the money out sends the payer theirs back', async () => {
    const world = newWorld(2_500)
    const id = await quoted(world, { credit: true })
    await world.confirm(id)
    Object.assign(world.lender.script, { forgetsHolds: true, limitFen: 1_000 })
    world.wallet.payAll()
    await world.pass(10 * MINUTE_MS)
    expect((await world.picture(id)).payment.status).toBe('failed')
    expect(await world.balances()).toMatchObject({ 'receivable/wechat/self_pay': 0 })
    expect(world.lender.lentFen()).toBe(0)
  })
})

describe('[P6] what was paid by several', () => {
  it('goes back to the insurer, then to the lender, and to the payer what is left', async () => {
    const world = newWorld(2_500)
    const id = await quoted(world, { credit: true }, [4_000, 6_000])
    await world.confirm(id)
    world.wallet.payAll()
    await world.pass(MINUTE_MS)
    await world.refund(id, `B${id}`, [1])
    await world.pass(10 * MINUTE_MS)
    // 40.00 of lines: the insurer takes back 24.00 and the lender the other 16.00.
    expect(world.lender.lentFen()).toBe(900)
    expect(await world.balances()).toMatchObject({
      'receivable/insurance/pooled': 3_600,
      'receivable/credit/credit': 900,
      'receivable/wechat/self_pay': 1_500,
    })
    await world.refund(id, `B${id}`, [2])
    await world.pass(10 * MINUTE_MS)
    expect(await world.balances()).toMatchObject({
      'receivable/insurance/pooled': 0,
      'receivable/credit/credit': 0,
      'receivable/wechat/self_pay': 0,
      'in-transit': 0,
    })
  })
})
