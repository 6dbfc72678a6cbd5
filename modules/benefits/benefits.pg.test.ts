import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate, instantAt } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { balancesOf } from '../ledger/index.ts'
import { problemsOf } from '../ledger/testing/checks.ts'
import {
  ACTOR,
  CALL,
  chronicPackage,
  createFixture,
  type Fixture,
  line,
  points,
  SECOND,
  subsidy,
  vouchers,
  YES,
} from './testing/fixture.ts'

let db: TestDatabase
let fixture: Fixture
let hospitalId: HospitalId
let seed = 100
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(() => {
  hospitalId = (seed += 1) as HospitalId
  fixture = createFixture(db, `benefits-${seed}`, hospitalId)
})

const page = { before: undefined, limit: 50 }

const balance = async (code: string) => {
  const accounts = await inHospital(db, hospitalId, (tx) => balancesOf(tx, hospitalId))
  const account = accounts.find((one) => one.code === code)
  return account ? account.debitFen - account.creditFen : null
}

const booksAreRight = async () =>
  expect(await inHospital(db, hospitalId, (tx) => problemsOf(tx, hospitalId))).toEqual([])

describe('[N6] a budget', () => {
  it('for ten is promised to exactly ten of forty who come at once', async () => {
    const id = await fixture.programme(subsidy({ sharePpm: 1_000_000 }), 10_000)
    const orders = []
    for (let i = 0; i < 40; i++) {
      orders.push(await fixture.ordered(fixture.newId<'Person'>(), 1_000))
    }
    const { source } = fixture.benefits
    const answers = await Promise.all(orders.map((order) => source.hold(CALL, order)))
    expect(answers.filter(({ outcome }) => outcome === 'held')).toHaveLength(10)
    expect(
      answers.filter((answer) => answer.outcome === 'declined' && answer.code === 'budget_used_up'),
    ).toHaveLength(30)
    expect(await fixture.budget(id)).toMatchObject({ heldFen: 10_000, usedFen: 0 })
    await booksAreRight()
  })

  it('is promised, used, freed and given back in step with the ledger', async () => {
    const id = await fixture.programme(subsidy(), 100_000)
    const { source } = fixture.benefits
    const order = await fixture.taken(fixture.newId<'Person'>(), 10_000)
    const freed = await fixture.ordered(fixture.newId<'Person'>(), 6_000)
    expect(await source.hold(CALL, freed)).toEqual({ outcome: 'held' })
    expect(await fixture.budget(id)).toMatchObject({ usedFen: 5_000, heldFen: 3_000 })
    expect(await source.query(CALL, freed)).toEqual({ outcome: 'absent' })
    expect(await source.release(CALL, freed)).toEqual({ outcome: 'released' })
    expect(await source.charge(CALL, freed)).toMatchObject({
      outcome: 'declined',
      code: 'released',
    })
    const refund = fixture.refundOf(order, 2_000)
    const moves = [{ parts: [{ kind: 'subsidy', amountFen: 2_000 }], ourNo: refund.refundNo }]
    expect(await source.refund(CALL, refund)).toMatchObject({ outcome: 'confirmed', moves })
    expect(await source.refund(CALL, refund)).toMatchObject({ outcome: 'confirmed', moves })
    expect(await source.queryRefund(CALL, refund)).toMatchObject({ outcome: 'confirmed', moves })
    const tooMuch = fixture.refundOf(order, 3_001)
    expect(await source.refund(CALL, tooMuch)).toMatchObject({ code: 'over_charge' })
    expect(await fixture.budget(id)).toMatchObject({ usedFen: 3_000, heldFen: 0 })
    expect(await balance(`budget/${id}`)).toBe(97_000)
    await booksAreRight()
  })

  it('gives back to its funder only what is free, and each document once', async () => {
    const programmeId = await fixture.programme(subsidy(), 10_000)
    await fixture.taken(fixture.newId<'Person'>(), 8_000)
    const { allotTo } = fixture.benefits.programmes
    const key = { hospitalId, programmeId }
    const back = (amount: number, document: string) =>
      allotTo(key, { amountFen: fen(amount), document }, ACTOR)
    await expect(back(-6_001, '2号')).rejects.toMatchObject({ code: 'benefits.budget_used_up' })
    await expect(back(5, '1号')).rejects.toMatchObject({ code: 'benefits.document_used' })
    await back(-6_000, '2号')
    expect(await balance(`budget/${programmeId}`)).toBe(0)
  })

  it('of a programme that has ended promises nothing new, and takes what was promised', async () => {
    const programmeId = await fixture.programme(subsidy(), 10_000)
    const { source, programmes } = fixture.benefits
    const [held, quoted] = [
      await fixture.ordered(fixture.newId<'Person'>(), 1_000),
      await fixture.ordered(fixture.newId<'Person'>(), 1_000),
    ]
    await source.hold(CALL, held)
    await programmes.end({ hospitalId, programmeId }, '到期', ACTOR)
    expect(await source.hold(CALL, quoted)).toMatchObject({ code: 'programme_ended' })
    expect(await source.charge(CALL, held)).toMatchObject({ outcome: 'confirmed' })
    const again = programmes.end({ hospitalId, programmeId }, '到期', ACTOR)
    await expect(again).rejects.toMatchObject({ code: 'benefits.programme_ended' })
  })
})

describe('[N6] the source', () => {
  it('does the same however often and however much at once it is asked', async () => {
    const id = await fixture.programme(subsidy(), 100_000)
    const order = await fixture.ordered(fixture.newId<'Person'>(), 10_000)
    const { source } = fixture.benefits
    const answers = await Promise.all(Array.from({ length: 8 }, () => source.charge(CALL, order)))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await fixture.budget(id)).toMatchObject({ usedFen: 5_000, heldFen: 0 })
  })

  it('never charges a number that was released before it was known', async () => {
    await fixture.programme(subsidy(), 100_000)
    const order = await fixture.ordered(fixture.newId<'Person'>(), 10_000)
    const { source } = fixture.benefits
    expect(await source.release(CALL, order)).toEqual({ outcome: 'released' })
    expect(await source.charge(CALL, order)).toMatchObject({ outcome: 'declined' })
    const strange = { ...order, quoteReference: fixture.newId<'BenefitQuote'>() }
    const { tradeNo } = await fixture.ordered(fixture.newId<'Person'>(), 10_000)
    expect(await source.hold(CALL, { ...strange, tradeNo })).toMatchObject({ code: 'not_quoted' })
  })

  it('keeps to a cap that two payments of one person reach at once', async () => {
    await fixture.programme(subsidy({ perYearMostFen: fen(5_000) }), 100_000)
    const personId = fixture.newId<'Person'>()
    const orders = [
      await fixture.ordered(personId, 10_000),
      await fixture.ordered(personId, 10_000),
    ]
    const { source } = fixture.benefits
    const answers = await Promise.all(orders.map((order) => source.hold(CALL, order)))
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual(['declined', 'held'])
    await booksAreRight()
  })

  it('lists the day by its own rows', async () => {
    await fixture.programme(subsidy(), 100_000)
    const order = await fixture.taken(fixture.newId<'Person'>(), 10_000)
    await fixture.benefits.source.refund(CALL, fixture.refundOf(order, 500))
    const on = { hospitalId, businessDate: businessDate('2026-11-21'), ownMoves: [] }
    expect(await fixture.benefits.source.statement(CALL, on)).toMatchObject({
      outcome: 'lines',
      lines: [
        { kind: 'charge', ourNo: order.tradeNo, amountFen: 5_000 },
        { kind: 'return', amountFen: 500 },
      ],
    })
  })
})

describe('[N6] an entitlement', () => {
  it('above the limit needs a second person, who is not the first', async () => {
    const id = await fixture.programme(subsidy({ byGrant: true }), 1_000_000)
    const personId = fixture.newId<'Person'>()
    const proposed = await fixture.grant(id, personId, 300_000)
    expect(proposed.status).toBe('proposed')
    const { entitlements } = fixture.benefits
    const yes = { agrees: true, reason: '属实' }
    await expect(entitlements.decide(proposed, yes, ACTOR)).rejects.toMatchObject({
      code: 'benefits.decided_by_same_person',
    })
    await expect(fixture.ordered(personId, 1_000)).rejects.toThrow('benefit_not_granted')
    await entitlements.decide(proposed, yes, SECOND)
    await expect(entitlements.decide(proposed, yes, SECOND)).rejects.toMatchObject({
      code: 'benefits.entitlement_decided',
    })
    await fixture.taken(personId, 1_000)
    await expect(fixture.grant(id, personId, 1_000)).rejects.toMatchObject({
      code: 'benefits.entitlement_exists',
    })
  })

  it('of a voucher sets its worth aside, and revoked frees what is not used', async () => {
    const id = await fixture.programme(vouchers(), 5_000)
    const personId = fixture.newId<'Person'>()
    const voucher = await fixture.grant(id, personId, 3_000)
    await expect(fixture.grant(id, personId, 3_000, '批-2')).rejects.toMatchObject({
      code: 'benefits.budget_used_up',
    })
    const order = await fixture.taken(personId, 1_000)
    expect(await fixture.budget(id)).toMatchObject({ issuedFen: 2_000, usedFen: 1_000 })
    await fixture.benefits.entitlements.revoke(voucher, '不符', ACTOR)
    await fixture.benefits.source.refund(CALL, fixture.refundOf(order, 1_000))
    expect(await fixture.budget(id)).toMatchObject({ issuedFen: 0, usedFen: 0, heldFen: 0 })
    expect([await balance(`budget/${id}`), await balance(`vouchers/${id}`)]).toEqual([5_000, 0])
    await booksAreRight()
  })

  it('that expired is good again for what goes back to it', async () => {
    const id = await fixture.programme(vouchers(), 5_000)
    const personId = fixture.newId<'Person'>()
    await fixture.grant(id, personId, 3_000)
    const order = await fixture.taken(personId, 1_000)
    fixture.clock.set(instantAt(businessDate('2027-01-05')))
    expect(await fixture.benefits.entitlements.expire(hospitalId)).toBe(1)
    expect(await fixture.budget(id)).toMatchObject({ issuedFen: 0 })
    await fixture.benefits.source.refund(CALL, fixture.refundOf(order, 1_000))
    const [voucher] = await fixture.benefits.entitlements.ofPerson(hospitalId, personId)
    expect(voucher).toMatchObject({ status: 'active', validUntil: '2027-02-04', usedFen: 0 })
    expect(await fixture.budget(id)).toMatchObject({ issuedFen: 1_000 })
    await booksAreRight()
  })

  it('to a package is bought once for a receipt, used by units, and its units come back', async () => {
    const programmeId = await fixture.programme(chronicPackage(), 0)
    const personId = fixture.newId<'Person'>()
    const sale = { hospitalId, programmeId, personId, receiptNo: 'R-1' }
    const sell = () =>
      fixture.benefits.entitlements.sellPackage(
        { ...sale, id: fixture.newId<'Entitlement'>() },
        ACTOR,
      )
    const sold = await sell()
    expect(sold).toMatchObject({ status: 'proposed', needsSecond: true })
    await expect(sell()).rejects.toMatchObject({ code: 'benefits.entitlement_exists' })
    expect(await fixture.budget(programmeId)).toBe(null)
    const lines = [line('GLU', 6_000, 2)]
    await expect(fixture.ordered(personId, 6_000, lines)).rejects.toThrow('not quoted')
    const { decide } = fixture.benefits.entitlements
    await expect(decide(sold, YES, ACTOR)).rejects.toMatchObject({
      code: 'benefits.decided_by_same_person',
    })
    await decide(sold, YES, SECOND)
    expect(await fixture.budget(programmeId)).toMatchObject({ allottedFen: 36_500 })
    const order = await fixture.taken(personId, 6_000, [line('GLU', 6_000, 2)])
    const mine = async () => (await fixture.benefits.entitlements.ofPerson(hospitalId, personId))[0]
    expect((await mine())?.items).toEqual([{ code: 'GLU', most: 3, used: 2 }])
    await fixture.benefits.source.refund(CALL, fixture.refundOf(order, 3_000))
    expect((await mine())?.items).toEqual([{ code: 'GLU', most: 3, used: 1 }])
    await booksAreRight()
  })
})

describe('[N6] points', () => {
  const earn = (personId: ReturnType<typeof fixture.newId<'Person'>>, cause: string) =>
    inHospital(db, hospitalId, (tx) =>
      fixture.benefits.earnPoints(tx, { hospitalId, personId, event: 'health_station', cause }),
    )

  it('are earned once for a cause and up to the most of a year', async () => {
    await fixture.programme(points, 0)
    const personId = fixture.newId<'Person'>()
    const same = await Promise.all(Array.from({ length: 6 }, () => earn(personId, 'visit:1')))
    expect(same.toSorted((a, b) => b - a)).toEqual([60, 0, 0, 0, 0, 0])
    expect([await earn(personId, 'visit:2'), await earn(personId, 'visit:3')]).toEqual([60, 30])
    expect(await earn(personId, 'visit:4')).toBe(0)
  })

  it('are exchanged for a voucher as often as there are points, never more', async () => {
    await fixture.programme(points, 0)
    const programmeId = await fixture.programme(vouchers(), 5_000)
    const personId = fixture.newId<'Person'>()
    for (const cause of ['1', '2', '3']) await earn(personId, cause)
    const exchange = (id = fixture.newId<'Entitlement'>()) =>
      fixture.benefits.exchange({ hospitalId, personId, programmeId, offerCode: 'ten', id }, ACTOR)
    const results = await Promise.allSettled([exchange(), exchange(), exchange()])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const { lots } = await fixture.benefits.pointsOf(hospitalId, personId, page)
    expect(lots).toMatchObject([{ earned: 150, spent: 100, expired: 0 }])
    const [voucher] = await fixture.benefits.entitlements.ofPerson(hospitalId, personId)
    expect(voucher).toMatchObject({ kind: 'voucher', amountFen: 1_000, status: 'active' })
    expect(await exchange(voucher?.id)).toMatchObject({ id: voucher?.id })
    expect(await fixture.budget(programmeId)).toMatchObject({ issuedFen: 1_000 })
    await booksAreRight()
  })

  it('are gone after the last day of the next year', async () => {
    await fixture.programme(points, 0)
    const personId = fixture.newId<'Person'>()
    await earn(personId, 'visit:1')
    fixture.clock.set(instantAt(businessDate('2028-01-01')))
    const { lots, entries } = await fixture.benefits.pointsOf(hospitalId, personId, page)
    expect(lots).toMatchObject([{ earned: 60, expired: 60, expiresOn: '2027-12-31' }])
    expect(entries.map(({ kind, points: count }) => [kind, count])).toEqual([
      ['expired', 60],
      ['earned', 60],
    ])
  })
})
