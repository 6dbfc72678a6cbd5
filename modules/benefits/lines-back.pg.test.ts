import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { problemsOf } from '../ledger/testing/checks.ts'
import {
  ACTOR,
  CALL,
  chronicPackage,
  createFixture,
  type Fixture,
  line,
  SECOND,
  subsidy,
  YES,
} from './testing/fixture.ts'

let db: TestDatabase
let fixture: Fixture
let hospitalId: HospitalId
let seed = 400
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(() => {
  hospitalId = (seed += 1) as HospitalId
  fixture = createFixture(db, `lines-${seed}`, hospitalId)
})

const booksAreRight = async () =>
  expect(await inHospital(db, hospitalId, (tx) => problemsOf(tx, hospitalId))).toEqual([])

describe('[N6] lines that go back', () => {
  const buy = async () => {
    const programmeId = await fixture.programme(chronicPackage(), 0)
    const personId = fixture.newId<'Person'>()
    const sale = { hospitalId, programmeId, personId, receiptNo: 'R-1' }
    const id = fixture.newId<'Entitlement'>()
    const sold = await fixture.benefits.entitlements.sellPackage({ ...sale, id }, ACTOR)
    await fixture.benefits.entitlements.decide(sold, YES, SECOND)
    return { programmeId, personId }
  }
  const [covered, other] = [line('GLU', 20_000, 2), line('X', 5_000)]

  it('take nothing of what lines that stay use of a package, and are told so again', async () => {
    const { programmeId, personId } = await buy()
    const order = await fixture.taken(personId, 25_000, [covered, other])
    expect(order.amountFen).toBe(20_000)
    const { source } = fixture.benefits
    const refund = fixture.refundOf(order, 5_000, [covered])
    expect(await source.refund(CALL, refund)).toEqual({ outcome: 'confirmed', moves: [] })
    expect(await source.refund(CALL, refund)).toEqual({ outcome: 'confirmed', moves: [] })
    expect(await source.queryRefund(CALL, refund)).toEqual({ outcome: 'confirmed', moves: [] })
    expect(await fixture.budget(programmeId)).toMatchObject({ usedFen: 20_000 })
    const on = { hospitalId, businessDate: businessDate('2026-11-21'), ownMoves: [] }
    expect(await source.statement(CALL, on)).toMatchObject({ lines: [{ kind: 'charge' }] })
    await source.refund(CALL, fixture.refundOf(order, 20_000, [other]))
    const [mine] = await fixture.benefits.entitlements.ofPerson(hospitalId, personId)
    expect(mine?.items).toEqual([{ code: 'GLU', most: 3, used: 0 }])
    expect(await fixture.budget(programmeId)).toMatchObject({ usedFen: 0 })
    await booksAreRight()
  })

  it('take of it what those who return later do not have', async () => {
    const { programmeId, personId } = await buy()
    const order = await fixture.taken(personId, 25_000, [covered, other])
    const refund = fixture.refundOf(order, 5_000, [covered], 2_000)
    expect(await fixture.benefits.source.refund(CALL, refund)).toMatchObject({
      moves: [{ parts: [{ kind: 'package', amountFen: 2_000 }] }],
    })
    expect(await fixture.budget(programmeId)).toMatchObject({ usedFen: 18_000 })
    await booksAreRight()
  })

  it.each(['release', 'refund'] as const)(
    'lock an entitlement before its budget, as a promise does: %s',
    async (verb) => {
      const programmeId = await fixture.programme(subsidy({ byGrant: true }), 10_000)
      const personId = fixture.newId<'Person'>()
      const { id } = await fixture.grant(programmeId, personId, 8_000)
      const order = await fixture.ordered(personId, 4_000)
      const { source } = fixture.benefits
      if (verb === 'refund') await source.charge(CALL, order)
      else await source.hold(CALL, order)
      let done: Promise<unknown> = Promise.resolve()
      await inHospital(db, hospitalId, async (tx) => {
        await sql`select from benefits.entitlement where hospital_id = ${hospitalId} and id = ${id}
          for update`.execute(tx)
        done =
          verb === 'refund'
            ? source.refund(CALL, fixture.refundOf(order, 2_000))
            : source.release(CALL, order)
        await somebodyWaitsFor(tx)
        await sql`select from benefits.budget where hospital_id = ${hospitalId}
          and programme_id = ${programmeId} for update nowait`.execute(tx)
      })
      await done
      expect(await fixture.budget(programmeId)).toMatchObject({ usedFen: 0, heldFen: 0 })
    },
  )
})

/** Until another transaction waits for a row that this one has locked. */
async function somebodyWaitsFor(tx: Tx): Promise<void> {
  const waits = async () => {
    const { rows } = await sql<{ waits: boolean }>`select exists (select from pg_locks
      where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))) as waits`.execute(tx)
    return rows[0]?.waits
  }
  await expect.poll(waits, { timeout: 10_000 }).toBe(true)
}
