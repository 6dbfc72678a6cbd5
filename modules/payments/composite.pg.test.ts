import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { MINUTE_MS } from '../../kernel/time.ts'
import { keptFen, type PaymentId } from './payment.ts'
import { PERSON } from './testing/hospital.ts'
import type { PaymentsWorld } from './testing/world.ts'
import { bookProblems, createWorlds } from './testing/worlds.ts'

// One bill of 100.00 paid by three: the insurer 60.00, the lender 25.00, the payer the other 15.00. What goes wrong
// between them, by the numbers of the failure scenarios. The payer's part comes first, so that nothing is settled of which
// the rest is not known to be paid; the lender promises before all and takes last.

const ACTOR = { name: 'person:test', requestId: null }
const WALLET_FEN = 1_500
const LENT_FEN = 2_500

let worlds: Awaited<ReturnType<typeof createWorlds>>
beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())

const newWorld = () => worlds.newWorld({ lenderLimitFen: LENT_FEN })

async function quoted(world: PaymentsWorld, billNo = 'B1'): Promise<PaymentId> {
  const paymentId = world.newId<'Payment'>()
  const wish = { hospitalId: world.hospitalId, personId: PERSON, paymentId }
  const bills = [{ billNo, version: 1 }]
  const sources = { sources: { credit: true }, useAccount: true, channel: 'wechat' }
  await world.payments.quote({ ...wish, bills, ...sources }, ACTOR)
  return paymentId
}

async function confirmed(world: PaymentsWorld): Promise<PaymentId> {
  world.hospital.addBill('B1', [10_000])
  const id = await quoted(world)
  await world.confirm(id)
  return id
}

/** What each of the three has of it outside, and what is still promised. */
const outside = ({ wallet, insurer, lender }: PaymentsWorld) => ({
  walletFen: wallet.balanceFen(),
  insuredFen: insurer.paidFen(),
  lentFen: lender.lentFen(),
  heldFen: lender.heldFen(),
})
const NOTHING = { walletFen: 0, insuredFen: 0, lentFen: 0, heldFen: 0 }
const ALL = { walletFen: WALLET_FEN, insuredFen: 6_000, lentFen: LENT_FEN, heldFen: 0 }

const charges = (asked: readonly string[]) => asked.filter((said) => said.startsWith('charge'))

/** The bill is open again: it is paid anew, by a payment of its own. */
async function canBePaidAgain(world: PaymentsWorld): Promise<void> {
  const again = await quoted(world)
  await world.confirm(again)
  world.wallet.payAll()
  await world.pass(MINUTE_MS)
  expect((await world.picture(again)).payment.status).toBe('succeeded')
  expect(outside(world)).toEqual(ALL)
  expect(await bookProblems(world)).toEqual([])
}

describe('F-42 insurance that is settled when the rest fails', () => {
  it('is taken back, the bill can be paid anew, and the payer sees what has returned', async () => {
    const world = newWorld()
    const id = await confirmed(world)
    // The lender promised it, has forgotten that, and lends nothing when its turn comes.
    Object.assign(world.lender.script, { forgetsHolds: true, limitFen: 1_000 })
    world.wallet.payAll()
    await world.pass(10 * MINUTE_MS)
    const { payment, payerState, tenders } = await world.picture(id)
    expect([payment.status, payerState]).toEqual(['failed', 'returned'])
    expect(charges(world.insurer.asked)).toHaveLength(1)
    expect(outside(world)).toEqual(NOTHING)
    const returned = tenders.map((tender) => [
      tender.provider,
      tender.takenFen,
      tender.returnedFen,
      keptFen(tender),
    ])
    expect(returned).toEqual([
      ['wechat', WALLET_FEN, WALLET_FEN, 0],
      ['insurance', 6_000, 6_000, 0],
      ['credit', 0, 0, 0],
    ])
    expect(await world.balances()).toMatchObject({ 'in-transit': 0 })
    Object.assign(world.lender.script, { forgetsHolds: false, limitFen: LENT_FEN })
    await canBePaidAgain(world)
  })

  it('was never begun where the payer’s own part has not come', async () => {
    const world = newWorld()
    const id = await confirmed(world)
    await world.pass(30 * MINUTE_MS)
    expect((await world.picture(id)).payment.status).toBe('closed')
    expect(charges(world.insurer.asked)).toEqual([])
    await canBePaidAgain(world)
  })
})

describe('F-43 a payer’s part that nobody knows of', () => {
  it('is asked about before the insurance settles anything, and then all is paid once', async () => {
    const world = newWorld()
    const id = await confirmed(world)
    world.wallet.script.trouble = 'refuse_to_say'
    world.wallet.payAll()
    await world.pass(3 * MINUTE_MS)
    expect((await world.picture(id)).payment.status).toBe('charging')
    expect(charges(world.insurer.asked)).toEqual([])
    world.wallet.script.trouble = null
    await world.pass(3 * MINUTE_MS)
    expect((await world.picture(id)).payment.status).toBe('succeeded')
    expect(charges(world.insurer.asked)).toHaveLength(1)
    expect(outside(world)).toEqual(ALL)
  })

  it('is asked about past its time too: nothing is given up or reversed before it is known', async () => {
    const world = newWorld()
    const id = await confirmed(world)
    world.wallet.script.trouble = 'refuse_to_say'
    world.wallet.payAll()
    await world.pass(60 * MINUTE_MS)
    const { payment } = await world.picture(id)
    expect(['closed', 'failed', 'succeeded']).not.toContain(payment.status)
    expect(charges(world.insurer.asked)).toEqual([])
    world.wallet.script.trouble = null
    await world.pass(30 * MINUTE_MS)
    expect((await world.picture(id)).payment.status).toMatch(/^(succeeded|failed)$/)
    expect([NOTHING, ALL]).toContainEqual(outside(world))
    expect(await bookProblems(world)).toEqual([])
  })
})

describe('F-46 insurance that fails when the payer has paid', () => {
  it('gives the payer theirs back by itself, and lets them pay all of it if they agree to that', async () => {
    const world = newWorld()
    const id = await confirmed(world)
    world.insurer.script.declines = true
    world.wallet.payAll()
    await world.pass(5 * MINUTE_MS)
    const { payment, payerState } = await world.picture(id)
    expect([payment.status, payment.failureCode, payerState]).toEqual([
      'failed',
      'refused',
      'returned',
    ])
    expect(outside(world)).toEqual(NOTHING)
    // Nobody is charged the whole without having been shown it.
    expect(world.wallet.orders()).toHaveLength(1)
    world.insurer.script.available = false
    const again = await quoted(world)
    const { tenders } = await world.picture(again)
    expect(tenders.map(({ provider, amountFen }) => [provider, amountFen])).toEqual([
      ['wechat', 7_500],
      ['credit', LENT_FEN],
    ])
    expect(world.wallet.orders()).toHaveLength(1)
    await world.confirm(again)
    world.wallet.payAll()
    await world.pass(MINUTE_MS)
    expect((await world.picture(again)).payment.status).toBe('succeeded')
    expect(outside(world)).toEqual({ ...ALL, walletFen: 7_500, insuredFen: 0 })
  })
})

describe('F-47 a lender’s promise, when the rest fails', () => {
  it.each<[string, (world: PaymentsWorld, id: PaymentId) => Promise<unknown>]>([
    ['the payer gives up', (world, id) => world.cancel(id)],
    [
      'the insurer says no',
      async (world) => {
        world.insurer.script.declines = true
        world.wallet.payAll()
      },
    ],
    [
      'the hospital takes the bill back',
      async (world) => {
        world.hospital.script.refuses = 'bill_void'
        world.wallet.payAll()
      },
    ],
  ])('is free again within a minute: %s', async (_what, fail) => {
    const world = newWorld()
    const id = await confirmed(world)
    expect(outside(world)).toEqual({ ...NOTHING, heldFen: LENT_FEN })
    await fail(world, id)
    await world.pass(MINUTE_MS)
    expect(outside(world)).toMatchObject({ heldFen: 0, lentFen: 0 })
  })
})
