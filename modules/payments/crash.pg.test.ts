import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { problemsOf } from '../ledger/testing/checks.ts'
import type { PaymentId } from './payment.ts'
import { Crash, type Death, dyingDb } from './testing/crash.ts'
import { PERSON } from './testing/hospital.ts'
import { paymentsWorld, type PaymentsWorld } from './testing/world.ts'

// A process dies before and after each of its transactions, one run for each, and another one that knows nothing
// but the rows goes on. Every run has to end in the books of the run in which nobody died.

let db: TestDatabase
let hospitals = 0

beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

describe('[P1] [P6] a process that dies anywhere leaves what another one brings to the same end', () => {
  it.each<[string, StoryOf, number]>([
    ['F-29: in a payment', payment, 9],
    ['in a refund of one line', refundOfOneLine, 7],
    ['in a payment that the hospital refuses', paymentInVain, 13],
  ])(
    '%s',
    async (_where, storyOf, atLeast) => {
      const whole = await live(storyOf, null)
      expect(whole).toMatchObject({ died: false, problems: [] })
      expect(whole.transactions).toBeGreaterThanOrEqual(atLeast)
      const deaths = Array.from({ length: whole.transactions }, (_, i) => i + 1).flatMap((at) => [
        { at, when: 'before' as const },
        { at, when: 'after' as const },
      ])
      for (const two of inPairs(deaths)) {
        const lives = await Promise.all(two.map((death) => live(storyOf, death)))
        const ends = lives.map(({ died, problems, end }, i) => ({ ...two[i], died, problems, end }))
        const same = two.map((death) => ({ ...death, died: true, problems: [], end: whole.end }))
        expect(ends).toEqual(same)
      }
    },
    120_000,
  )
})

type Process = PaymentsWorld['payments']

/** What somebody asks of a process, and asks again when it gave no answer. */
type Action = (by: Process) => Promise<unknown>
type StoryOf = (world: PaymentsWorld) => Promise<Action[]>

const BILL = [10_000, 5_000]

async function payment(world: PaymentsWorld): Promise<Action[]> {
  const { hospitalId, newId, hospital, wallet, clock } = world
  const paymentId = newId<'Payment'>()
  const bills = [hospital.addBill('B1', BILL)]
  const wish = {
    hospitalId,
    personId: PERSON,
    paymentId,
    bills,
    channel: 'wechat',
    useAccount: true,
  }
  return [
    (by) => by.quote(wish, { name: 'person:1', requestId: null }),
    (by) => world.confirm(paymentId, by),
    async (by) => {
      // There is nothing to pay by before another process has ordered what the dead one was about to.
      if (wallet.orders().length === 0) await world.pass(MINUTE_MS)
      wallet.payAll()
      clock.advance(6 * SECOND_MS)
      await by.advance(hospitalId, paymentId)
    },
  ]
}

async function refundOfOneLine(world: PaymentsWorld): Promise<Action[]> {
  const paymentId = await paid(world)
  const { hospitalId, newId } = world
  const wish = { id: newId<'Refund'>(), hospitalId, paymentId, billNo: 'B1', lineNos: [2] }
  const asked = { ...wish, reason: '退药', requestNo: null }
  return [(by) => by.requestRefund(asked, { name: 'staff:1', requestId: null })]
}

async function paymentInVain(world: PaymentsWorld): Promise<Action[]> {
  world.hospital.script.refuses = 'bill_void'
  const actions = await payment(world)
  return [...actions, (by) => by.sweep(world.hospitalId)]
}

/** A payment that somebody made before the story begins. */
async function paid(world: PaymentsWorld): Promise<PaymentId> {
  const id = await world.quote([world.hospital.addBill('B1', BILL)])
  await world.confirm(id)
  world.wallet.payAll()
  await world.pass(MINUTE_MS)
  return id
}

/** One run in a hospital of its own, with a death in it or without, and what came of it. */
async function live(storyOf: StoryOf, death: Death | null) {
  const hospitalId = ++hospitals as HospitalId
  const world = paymentsWorld(db, { hospitalId })
  const actions = await storyOf(world)
  const dying = dyingDb(db, death)
  let process = world.restarted(dying.db)
  let died = false
  for (const act of actions) {
    try {
      await act(process)
    } catch (error) {
      if (!(error instanceof Crash)) throw error
      died = true
      process = world.restarted()
      await act(process)
    }
    // A sweep keeps failures to itself, and a dead process sweeps no more.
    if (dying.isDead()) {
      died = true
      process = world.restarted()
    }
  }
  await world.pass(10 * MINUTE_MS)
  const problems = await inHospital(db, hospitalId, (tx) => problemsOf(tx, hospitalId))
  return { died, problems, end: await endOf(world), transactions: dying.transactions() }
}

/** The whole outcome: at the providers, at the hospital, and in the books. */
const endOf = async ({ wallet, insurer, hospital, balances }: PaymentsWorld) => ({
  orders: wallet.orders().length,
  refunds: wallet.refunds().length,
  walletFen: wallet.balanceFen(),
  insurerFen: insurer.paidFen(),
  isPaidAtHospital: hospital.paymentOf('B1') !== null,
  refundsAtHospital: hospital.refunds(),
  books: await balances(),
})

const inPairs = <T>(list: readonly T[]): T[][] =>
  list.flatMap((item, i) => (i % 2 === 0 ? [[item, ...list.slice(i + 1, i + 2)]] : []))
