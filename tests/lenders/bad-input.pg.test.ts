import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { HOUR_MS, MINUTE_MS } from '../../kernel/time.ts'
import {
  BANK,
  BUILT_IN,
  createFixture,
  type Fixture,
} from '../../modules/credit/testing/fixture.ts'
import { problemsOf } from '../../modules/ledger/testing/checks.ts'
import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'

// A bank's part of a payment, where it goes wrong, by the numbers of the failure scenarios.

let db: TestDatabase
let fixture: Fixture
let seed = 0
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(async () => void (fixture = await createFixture(db, `bad-input-${seed++}`)))

/** What is reserved and drawn of a person's line. */
async function use(personId: Awaited<ReturnType<Fixture['person']>>, of = BANK) {
  const { reservedFen, drawnFen } = await fixture.line(personId, of)
  return [reservedFen, drawnFen]
}

const booksOf = (lenderId: typeof BANK) =>
  inHospital(db, lenderId, (tx) => problemsOf(tx, lenderId))

describe('F-47 what was promised of a line, when the rest fails', () => {
  it('is free with the release, and the bank has lent nothing', async () => {
    const { credit, call, bank } = fixture
    const personId = await fixture.person(BANK)
    const order = await fixture.ordered(personId, 5_000, true)
    expect(await credit.source.hold(call, order)).toEqual({ outcome: 'held' })
    expect(await use(personId)).toEqual([5_000, 0])
    expect(await credit.source.release(call, order)).toEqual({ outcome: 'released' })
    expect(await use(personId)).toEqual([0, 0])
    expect([bank.draws.size, bank.log.includes('draw')]).toEqual([0, false])
  })

  it('goes back to its visit while that is open, and is free with it', async () => {
    const { credit, call } = fixture
    const personId = await fixture.person(BANK)
    const visit = await fixture.agree(personId, 20_000, BANK)
    const order = await fixture.ordered(personId, 5_000)
    await credit.source.hold(call, order)
    await credit.source.release(call, order)
    expect(await use(personId)).toEqual([20_000, 0])
    await credit.settleVisit({ lenderId: BANK, visitId: visit.id }, 'left')
    expect(await use(personId)).toEqual([0, 0])
  })
})

describe.each([BUILT_IN, BANK])('F-48 a draw of lender %i', (lenderId) => {
  it('of more than was promised is refused, and of what was promised it is made', async () => {
    const { credit, call } = fixture
    const personId = await fixture.person(lenderId)
    const order = await fixture.ordered(personId, 5_000, true)
    await credit.source.hold(call, order)
    const more = { ...order, amountFen: order.amountFen + 1 } as typeof order
    expect(await credit.source.charge(call, more)).toMatchObject({
      outcome: 'declined',
      code: 'reused',
    })
    expect(await use(personId, lenderId)).toEqual([5_000, 0])
    expect((await credit.source.charge(call, order)).outcome).toBe('confirmed')
    expect(await use(personId, lenderId)).toEqual([0, 5_000])
  })

  it('whose promise is over is refused, and is promised anew only by a consent of its own', async () => {
    const { credit, call, clock } = fixture
    const personId = await fixture.person(lenderId)
    await fixture.agree(personId, 20_000, lenderId)
    const order = await fixture.ordered(personId, 5_000)
    clock.advance(14 * HOUR_MS)
    await credit.sweep(lenderId)
    expect(await credit.source.charge(call, order)).toMatchObject({
      outcome: 'declined',
      code: 'visit_over',
    })
    expect(await use(personId, lenderId)).toEqual([0, 0])
    // Without a word of the payer there is nothing to draw; agreed again, there is.
    const unasked = await credit.source.quote(call, fixture.quoteRequest(personId, 5_000))
    expect(unasked.outcome).toBe('not_available')
    await fixture.agree(personId, 20_000, lenderId, 'V-1')
    const anew = await fixture.ordered(personId, 5_000)
    await credit.source.hold(call, anew)
    expect((await credit.source.charge(call, anew)).outcome).toBe('confirmed')
  })
})

describe('F-49 a bank that is down at 23:00', () => {
  it('is asked again under the same number, and has lent once when it is back', async () => {
    const { credit, call, clock, bank, loans } = fixture
    const personId = await fixture.person(BANK)
    const visit = await fixture.agree(personId, 20_000, BANK)
    const key = { lenderId: BANK, visitId: visit.id }
    const order = await fixture.ordered(personId, 5_000)
    await credit.source.hold(call, order)
    clock.advance(13 * HOUR_MS - MINUTE_MS)
    bank.fault('draw', 'lost_request', 'lost_request', 'lost_answer')
    expect((await credit.source.charge(call, order)).outcome).toBe('unknown')
    clock.advance(MINUTE_MS)
    await credit.sweep(BANK)
    // The day's end waits for it: nothing is settled without what may have been drawn.
    expect(await credit.visit(key)).toMatchObject({ status: 'closing', endCause: 'end_of_day' })
    expect((await credit.source.charge(call, order)).outcome).toBe('unknown')
    expect((await credit.source.charge(call, order)).outcome).toBe('unknown')
    const known = await credit.source.query(call, order)
    expect(known.outcome).toBe('confirmed')
    expect(await credit.source.charge(call, order)).toEqual(known)
    expect(bank.draws.size).toBe(1)
    await credit.sweep(BANK)
    expect(await credit.visit(key)).toMatchObject({ status: 'settled', settledFen: 5_000 })
    expect(loans.opened.map(({ principalFen }) => principalFen)).toEqual([5_000])
    expect(await use(personId)).toEqual([0, 5_000])
    expect(await booksOf(BANK)).toEqual([])
  })
})
