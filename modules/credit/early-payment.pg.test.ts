import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Id } from '../../kernel/id.ts'
import { MINUTE_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { problemsOf } from '../ledger/testing/checks.ts'
import { BANK, createFixture, type Fixture } from './testing/fixture.ts'

let db: TestDatabase
let fixture: Fixture
let seed = 0
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(async () => void (fixture = await createFixture(db, `early-${seed++}`)))

/** A visit with something drawn, and what can be done with it. */
async function visited(amount = 30_000) {
  const personId = await fixture.person(BANK)
  const visit = await fixture.agree(personId, 50_000, BANK)
  const order = await fixture.drawn(personId, amount)
  const key = { lenderId: BANK, visitId: visit.id }
  const pay = (repaymentId: Id<never> = fixture.newId<never>()) =>
    fixture.credit.payVisitEarly({ ...key, personId, repaymentId })
  const settle = () => fixture.credit.settleVisit(key, 'left')
  const use = async () => {
    const { reservedFen, drawnFen } = await fixture.line(personId, BANK)
    return [reservedFen, drawnFen]
  }
  return { personId, key, order, pay, settle, use }
}

describe('an early payment', () => {
  it('repays what was drawn, and no loan is made', async () => {
    const { pay, settle, use, key } = await visited()
    expect(await pay()).toMatchObject({ status: 'repaid', settledFen: 30_000 })
    expect(await use()).toEqual([0, 0])
    expect(await settle()).toMatchObject({ status: 'repaid' })
    await fixture.credit.sweep(BANK)
    expect(await fixture.credit.visit(key)).toMatchObject({ status: 'repaid' })
    expect(fixture.loans.opened).toEqual([])
  })

  it('sent twice is made once', async () => {
    const { pay } = await visited()
    const repaymentId = fixture.newId<never>()
    await pay(repaymentId)
    expect(await pay(repaymentId)).toMatchObject({ status: 'repaid' })
    expect(fixture.bank.repayments.size).toBe(1)
  })

  it('comes too late once the visit is settled', async () => {
    const { pay, settle } = await visited()
    await settle()
    await expect(pay()).rejects.toThrow('credit.visit_over')
    expect(fixture.bank.repayments.size).toBe(0)
  })

  it('that is refused leaves the visit open, with what was kept for it', async () => {
    const { pay, use, key, settle } = await visited()
    fixture.bank.fault('repay', { refuse: 'no_money' })
    await expect(pay()).rejects.toThrow('credit.repayment_refused')
    expect(await fixture.credit.visit(key)).toMatchObject({ status: 'open', unusedFen: 20_000 })
    expect(await use()).toEqual([20_000, 30_000])
    expect(await settle()).toMatchObject({ status: 'settled' })
  })

  it.each(['lost_answer', 'lost_request'] as const)(
    'in doubt (%s) keeps the settlement waiting until the lender says what became of it',
    async (fault) => {
      const { pay, settle, key, use } = await visited()
      fixture.bank.fault('repay', fault)
      expect(await pay()).toMatchObject({ status: 'paying' })
      expect(await settle()).toMatchObject({ status: 'paying', endCause: 'left' })
      await expect(pay()).rejects.toThrow('credit.visit_in_payment')
      fixture.clock.advance(2 * MINUTE_MS)
      await fixture.credit.sweep(BANK)
      await fixture.credit.sweep(BANK)
      const isPaid = fault === 'lost_answer'
      expect(await fixture.credit.visit(key)).toMatchObject({
        status: isPaid ? 'repaid' : 'settled',
      })
      expect(fixture.loans.opened).toHaveLength(isPaid ? 0 : 1)
      expect(await use()).toEqual(isPaid ? [0, 0] : [0, 30_000])
    },
  )

  it('waits for charges and refunds under way, and they for it', async () => {
    const { personId, pay, order } = await visited()
    const next = await fixture.ordered(personId, 1_000)
    await fixture.credit.source.hold(fixture.call, next)
    await expect(pay()).rejects.toThrow('credit.visit_in_payment')
    await fixture.credit.source.release(fixture.call, next)
    fixture.bank.fault('repay', 'lost_answer')
    await pay()
    const refund = fixture.refundOf(order, 1_000)
    expect(await fixture.credit.source.refund(fixture.call, refund)).toEqual({
      outcome: 'pending',
    })
  })

  it('of somebody else’s visit, or of nothing, is refused', async () => {
    const { key } = await visited()
    const stranger = {
      ...key,
      personId: fixture.newId<'Person'>(),
      repaymentId: fixture.newId<never>(),
    }
    await expect(fixture.credit.payVisitEarly(stranger)).rejects.toThrow('visit_not_found')
    const personId = await fixture.person(BANK)
    const empty = await fixture.agree(personId, 1_000, BANK)
    const wish = {
      lenderId: BANK,
      visitId: empty.id,
      personId,
      repaymentId: fixture.newId<never>(),
    }
    await expect(fixture.credit.payVisitEarly(wish)).rejects.toThrow('visit_nothing_drawn')
  })
})

it('F-50 of an early payment and a settlement at once exactly one wins', async () => {
  const winners = new Set<string>()
  for (let round = 0; round < 12; round++) {
    const { pay, settle, key, use } = await visited(10_000 + round)
    const loansBefore = fixture.loans.opened.length
    const paidBefore = fixture.bank.repayments.size
    const racers = [
      () => pay().catch((error: unknown) => String(error)),
      () => settle().catch((error: unknown) => String(error)),
      () => fixture.credit.sweep(BANK),
    ]
    await Promise.all((round % 2 === 0 ? racers : racers.toReversed()).map((race) => race()))
    const visit = await fixture.credit.visit(key)
    const loans = fixture.loans.opened.length - loansBefore
    const paid = fixture.bank.repayments.size - paidBefore
    expect([visit?.status, loans, paid, await use()]).toEqual(
      visit?.status === 'repaid'
        ? ['repaid', 0, 1, [0, 0]]
        : ['settled', 1, 0, [0, 10_000 + round]],
    )
    winners.add(visit?.status ?? '')
  }
  expect(winners.size).toBeGreaterThan(0)
  expect(await inHospital(db, BANK, (tx) => problemsOf(tx, BANK))).toEqual([])
})
