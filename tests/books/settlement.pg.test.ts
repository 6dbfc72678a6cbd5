import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { pick, randomBelow, seededRandom } from '../../kernel/random.ts'
import { addDays, type BusinessDate, businessDate, instantAt } from '../../kernel/time.ts'
import { problemsOf } from '../../modules/ledger/testing/checks.ts'
import { walletContract } from '../../modules/settlement/testing/terms.ts'
import { createWorld } from '../../modules/settlement/testing/world.ts'
import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'

// Three weeks of two wallets, with everything that goes wrong between a list and a bank account.

const FIRST_DAY = businessDate('2026-03-02')
const DAYS = 21
const PAYERS = new Map([
  ['wechat', '财付通'],
  ['alipay', '支付宝'],
])

let db: TestDatabase
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

it.each([1, 2, 3])(
  '[B4] of random lists and receipts nothing is lost, and the books agree (seed %i)',
  async (seed) => {
    const hospitalId = (500 + seed) as HospitalId
    const random = seededRandom(`settlement ${seed}`)
    const world = createWorld(db, hospitalId, '2026-03-03T10:30:00+08:00')
    for (const [provider, payer] of PAYERS) {
      const shares = [
        { party: 'hospital', ppm: 970_000 },
        { party: 'platform', ppm: 30_000 },
      ]
      await world.agree(provider, walletContract({ payers: [payer], shares }))
    }
    let came = 0
    let unpaid = new Map<string, number>()
    const receive = async (on: BusinessDate, amount: number, payer: string) => {
      if (amount === 0) return
      came += amount
      const row: [string, number, string, string] = [`${on}-${came}`, amount, on, payer]
      await world.receive([row])
      if (randomBelow(random, 4) === 0) await world.receive([row])
    }
    for (let day = 0; day < DAYS; day++) {
      const date = addDays(FIRST_DAY, day)
      const next = addDays(date, 1)
      world.clock.set(instantAt(next, '10:30:00'))
      for (const [provider, payer] of PAYERS) {
        const amounts = Array.from({ length: 1 + randomBelow(random, 6) }, () =>
          randomBelow(random, 5) === 0
            ? -randomBelow(random, 40_000) - 1
            : randomBelow(random, 90_000) + 1,
        )
        const whole = amounts.reduce((sum, amount) => sum + amount, 0)
        const feeFen = Math.round(whole * 0.006) + pick(random, [0, 0, 0, 1])
        world.setList(provider, date, amounts, feeFen)
        await world.settlement.takeInDate(hospitalId, date)
        if (randomBelow(random, 6) === 0) {
          world.setList(provider, date, [...amounts, 500], feeFen + 3)
          await world.settlement.takeInDate(hospitalId, date)
        }
        const owed = (unpaid.get(provider) ?? 0) + whole - feeFen
        unpaid = new Map(unpaid).set(provider, owed)
        const way = randomBelow(random, 8)
        if (way < 4) {
          await receive(next, owed, payer)
          unpaid.set(provider, 0)
        } else if (way === 4) {
          await receive(next, Math.trunc(owed / 3), payer)
          await receive(next, owed - Math.trunc(owed / 3), payer)
          unpaid.set(provider, 0)
        } else if (way === 5) {
          await receive(next, owed + pick(random, [-7, 7]), payer)
          unpaid.set(provider, 0)
        } else if (way === 6) await receive(next, 1 + randomBelow(random, 999), '某公司')
      }
      await world.settlement.sweep(hospitalId)
    }
    world.clock.set(instantAt(addDays(FIRST_DAY, DAYS + 30), '00:00:00'))
    await world.settlement.sweep(hospitalId)

    const standing = await world.settlement.standing(hospitalId)
    expect(standing.receiptsFen).toBe(came)
    expect(standing.receiptsFen).toBe(standing.receivedFen + standing.unexplainedFen)
    expect(standing.expectedFen).toBe(standing.receivedFen + standing.shortFen - standing.overFen)

    const range = { from: FIRST_DAY, to: addDays(FIRST_DAY, DAYS) }
    const batches = await world.settlement.batches(hospitalId, range)
    expect(batches).toHaveLength(DAYS * PAYERS.size)
    expect(batches.filter(({ status }) => status === 'expected')).toEqual([])
    expect(batches.filter(({ status }) => status === 'received').length).toBeGreaterThan(10)
    const balances = await world.balances()
    expect(balances['bank/main']).toBe(came)
    expect(0 - (balances['suspense/receipts'] ?? 0)).toBe(standing.unexplainedFen)
    for (const provider of PAYERS.keys()) {
      const open = batches
        .filter((batch) => batch.provider === provider)
        .reduce((sum, batch) => sum + batch.payout_fen - batch.received_fen, 0)
      expect(balances[`clearing/${provider}`] ?? 0).toBe(open)
    }
    const fees = batches.reduce((sum, batch) => sum + batch.fee_fen, 0)
    expect((balances['fees/wechat'] ?? 0) + (balances['fees/alipay'] ?? 0)).toBe(fees)
    expect((balances['shares/platform'] ?? 0) + (balances['owed/shares/platform'] ?? 0)).toBe(0)
    expect(await inHospital(db, hospitalId, (tx) => problemsOf(tx, hospitalId))).toEqual([])

    // Whatever is left is in somebody's hands: each receipt on the work list, each batch with its state.
    const wish = { from: FIRST_DAY, to: addDays(FIRST_DAY, DAYS + 1), onlyUnexplained: true }
    const left = await world.settlement.receipts(hospitalId, wish)
    const leftFen = left.reduce((sum, row) => sum + row.amount_fen - row.allocated_fen, 0)
    expect(leftFen).toBe(standing.unexplainedFen)
  },
  120_000,
)
