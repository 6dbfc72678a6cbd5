import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { businessDate, HOUR_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { balancesOf } from '../ledger/index.ts'
import { problemsOf } from '../ledger/testing/checks.ts'
import { ACTOR, BANK, BUILT_IN, createFixture, type Fixture, HOSPITAL } from './testing/fixture.ts'

let db: TestDatabase
let fixture: Fixture
let seed = 0
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(async () => void (fixture = await createFixture(db, `credit-${seed++}`)))

const use = async (personId: Parameters<Fixture['line']>[0], of = BUILT_IN) => {
  const { reservedFen, drawnFen } = await fixture.line(personId, of)
  return [reservedFen, drawnFen]
}

describe('a quote', () => {
  it('offers what is left in an agreed visit without a word, and says what it costs', async () => {
    const personId = await fixture.person()
    await fixture.agree(personId, 50_000)
    const request = fixture.quoteRequest(personId, 30_000)
    const answer = await fixture.credit.source.quote(fixture.call, request)
    expect(answer).toMatchObject({
      outcome: 'quoted',
      parts: [{ kind: 'credit', amountFen: 30_000 }],
      reasons: [
        { code: 'credit_visit' },
        { code: 'credit_left', params: { leftFen: 70_000 } },
        { code: 'credit_free_until', params: { dueOn: '2026-12-21', freeDays: 30 } },
        { code: 'credit_apr_simple_irr', params: { ppm: 0, costFen: 0, way: 'next_month' } },
      ],
    })
  })

  it('without a visit offers only when it is wanted, and no more than the limit has', async () => {
    const personId = await fixture.person()
    const ask = (wanted: boolean | null) =>
      fixture.credit.source.quote(fixture.call, fixture.quoteRequest(personId, 130_000, wanted))
    expect(await ask(null)).toMatchObject({ outcome: 'not_available', code: 'not_agreed' })
    expect(await ask(false)).toMatchObject({ code: 'not_wanted' })
    expect(await ask(true)).toMatchObject({ parts: [{ amountFen: 100_000 }] })
  })

  it('offers nothing without a line, with a suspended one, or where the hospital has no limit left', async () => {
    const { credit, call, quoteRequest } = fixture
    const nobody = quoteRequest(fixture.newId<'Person'>(), 100, true)
    expect(await credit.source.quote(call, nobody)).toMatchObject({ code: 'no_line' })
    const personId = await fixture.person()
    await fixture.hospitalLimit(BUILT_IN, 0)
    expect(await credit.source.quote(call, quoteRequest(personId, 100, true))).toMatchObject({
      code: 'limit_used',
    })
  })

  it('of a bank follows what the bank says now', async () => {
    const personId = await fixture.person(BANK, 400_000)
    fixture.bank.limitFen = fen(20_000)
    const request = fixture.quoteRequest(personId, 50_000, true)
    expect(await fixture.credit.source.quote(fixture.call, request)).toMatchObject({
      parts: [{ amountFen: 20_000 }],
    })
  })
})

describe('a credit visit', () => {
  it('[N5] draws without a tap and is settled into one loan', async () => {
    const personId = await fixture.person()
    const visit = await fixture.agree(personId, 50_000)
    expect(await use(personId)).toEqual([50_000, 0])
    await fixture.drawn(personId, 30_000)
    expect(await use(personId)).toEqual([20_000, 30_000])
    const second = await fixture.drawn(personId, 35_000) // 15,000 more than was kept for it
    expect(await use(personId)).toEqual([0, 65_000])
    await fixture.credit.source.refund(fixture.call, fixture.refundOf(second, 5_000))
    expect(await use(personId)).toEqual([0, 60_000])

    const [settled] = await fixture.credit.endVisits(
      { personId, careHospitalId: HOSPITAL, visitNo: 'V-1' },
      'left',
    )
    expect(settled).toMatchObject({ id: visit.id, status: 'settled', settledFen: 60_000 })
    expect(fixture.loans.opened).toMatchObject([
      { principalFen: 60_000, dueOn: '2026-12-21', visitNo: 'V-1', way: 'next_month' },
    ])
    expect(await use(personId)).toEqual([0, 60_000])
    // Told again it is the same settlement.
    const again = await fixture.credit.settleVisit(
      { lenderId: BUILT_IN, visitId: visit.id },
      'end_of_day',
    )
    expect(again).toMatchObject({ status: 'settled', endCause: 'left' })
    expect(fixture.loans.opened).toHaveLength(1)
  })

  it('that has ended frees what was kept, and settles only when the payment under way has ended', async () => {
    const personId = await fixture.person()
    const visit = await fixture.agree(personId, 50_000)
    const order = await fixture.ordered(personId, 10_000)
    await fixture.credit.source.hold(fixture.call, order)
    const key = { lenderId: BUILT_IN, visitId: visit.id }
    expect(await fixture.credit.settleVisit(key, 'left')).toMatchObject({ status: 'closing' })
    expect(await use(personId)).toEqual([10_000, 0])
    expect(await fixture.credit.source.charge(fixture.call, order)).toMatchObject({
      outcome: 'confirmed',
    })
    await fixture.credit.sweep(BUILT_IN)
    expect(await fixture.credit.visit(key)).toMatchObject({
      status: 'settled',
      settledFen: 10_000,
    })
    expect(await use(personId)).toEqual([0, 10_000])
  })

  it('is settled at 23:00, and one of which nothing was drawn is empty', async () => {
    const [drawer, other] = [await fixture.person(), await fixture.person()]
    const visit = await fixture.agree(drawer)
    const unused = await fixture.agree(other)
    await fixture.drawn(drawer, 1_000)
    fixture.clock.advance(12 * HOUR_MS)
    await fixture.credit.sweep(BUILT_IN)
    expect(await fixture.credit.visit({ lenderId: BUILT_IN, visitId: visit.id })).toMatchObject({
      status: 'open',
    })
    fixture.clock.advance(HOUR_MS)
    await fixture.credit.sweep(BUILT_IN)
    const after = [visit, unused].map(({ id: visitId }) =>
      fixture.credit.visit({ lenderId: BUILT_IN, visitId }),
    )
    expect(await Promise.all(after)).toMatchObject([
      { status: 'settled', endCause: 'end_of_day' },
      { status: 'empty' },
    ])
    expect(await use(other)).toEqual([0, 0])
  })

  it('once over takes no more draws, also of a quote made before', async () => {
    const personId = await fixture.person()
    const visit = await fixture.agree(personId)
    const order = await fixture.ordered(personId, 10_000)
    await fixture.credit.settleVisit({ lenderId: BUILT_IN, visitId: visit.id }, 'left')
    expect(await fixture.credit.source.hold(fixture.call, order)).toMatchObject({
      outcome: 'declined',
      code: 'visit_over',
    })
    expect(await use(personId)).toEqual([0, 0])
  })

  it('is agreed once, within both limits, with the text that stands', async () => {
    const personId = await fixture.person()
    await fixture.agree(personId, 50_000)
    await expect(fixture.agree(personId, 1_000)).rejects.toThrow('credit.visit_exists')
    await expect(fixture.agree(personId, 60_000, BUILT_IN, 'V-2')).rejects.toThrow('over_limit')
    await fixture.hospitalLimit(BUILT_IN, 50_000)
    await expect(fixture.agree(personId, 10, BUILT_IN, 'V-2')).rejects.toThrow(
      'over_hospital_limit',
    )
    expect(await use(personId)).toEqual([50_000, 0])
  })
})

describe('limits', () => {
  it('limit lowered while reserved: keep what is reserved and refuse more', async () => {
    const personId = await fixture.person()
    await fixture.agree(personId, 50_000)
    const { id: lineId } = await fixture.line(personId)
    const by = { actor: { name: 'staff:x', requestId: null }, reason: 'lowered' }
    await fixture.credit.changeLine(
      { lenderId: BUILT_IN, lineId },
      { kind: 'limit', limitFen: fen(20_000) },
      by,
    )
    await fixture.drawn(personId, 50_000) // all of it was promised
    const more = fixture.quoteRequest(personId, 1)
    expect(await fixture.credit.source.quote(fixture.call, more)).toMatchObject({
      code: 'limit_used',
    })
    const changes = await fixture.credit.changesOf(BUILT_IN, lineId)
    expect(changes[0]).toMatchObject({ limit_before_fen: 100_000, limit_after_fen: 20_000 })
  })

  it('are never passed by 50 draws at once, of which each is made once', async () => {
    const personId = await fixture.person(BUILT_IN, 100_000)
    const orders = await Promise.all(
      Array.from({ length: 50 }, () => fixture.ordered(personId, 7_000, true)),
    )
    const twice = [...orders, ...orders.slice(0, 10)]
    const answers = await Promise.all(
      twice.map((order) => fixture.credit.source.charge(fixture.call, order)),
    )
    const made = new Set(
      answers.flatMap((answer) => (answer.outcome === 'confirmed' ? [answer.move.ourNo] : [])),
    )
    expect(made.size).toBe(14)
    expect(await use(personId)).toEqual([0, 98_000])
    expect(fixture.loans.opened).toHaveLength(14)
  })

  it('are guarded by the database too', async () => {
    const personId = await fixture.person(BUILT_IN, 100_000)
    const { id } = await fixture.line(personId)
    await expect(
      inHospital(db, BUILT_IN, (tx) =>
        sql`update credit.line set drawn_fen = 100001 where hospital_id = ${BUILT_IN} and id = ${id}`.execute(
          tx,
        ),
      ),
    ).rejects.toThrow('line_holds')
  })
})

describe('a draw', () => {
  it('is idempotent: held, charged and given back once, however often it is asked', async () => {
    const personId = await fixture.person()
    const order = await fixture.ordered(personId, 10_000, true)
    const { source } = fixture.credit
    for (let i = 0; i < 3; i++) await source.hold(fixture.call, order)
    expect(await use(personId)).toEqual([10_000, 0])
    const first = await source.charge(fixture.call, order)
    expect(await source.charge(fixture.call, order)).toEqual(first)
    expect(await source.query(fixture.call, order)).toEqual(first)
    const refund = fixture.refundOf(order, 4_000)
    const back = await source.refund(fixture.call, refund)
    expect(back).toMatchObject({
      outcome: 'confirmed',
      moves: [{ kind: 'return', parts: [{ kind: 'credit', amountFen: 4_000 }] }],
    })
    expect(await source.refund(fixture.call, refund)).toEqual(back)
    expect(await source.queryRefund(fixture.call, refund)).toEqual(back)
    expect(await use(personId)).toEqual([0, 6_000])
    const tooMuch = fixture.refundOf(order, 6_001)
    expect(await source.refund(fixture.call, tooMuch)).toMatchObject({ code: 'over_charge' })
  })

  it('that was released is never made', async () => {
    const personId = await fixture.person()
    const { source } = fixture.credit
    const [held, unheard] = [
      await fixture.ordered(personId, 1_000, true),
      await fixture.ordered(personId, 2_000, true),
    ]
    await source.hold(fixture.call, held)
    expect(await source.query(fixture.call, held)).toEqual({ outcome: 'absent' })
    for (const order of [held, unheard]) {
      expect(await source.release(fixture.call, order)).toEqual({ outcome: 'released' })
      expect(await source.charge(fixture.call, order)).toMatchObject({ code: 'released' })
    }
    expect(await use(personId)).toEqual([0, 0])
  })

  it.each(['lost_request', 'lost_answer'] as const)(
    'whose answer was lost (%s) is made once',
    async (fault) => {
      const { credit, bank, call } = fixture
      const personId = await fixture.person(BANK)
      const order = await fixture.ordered(personId, 5_000, true)
      bank.fault('draw', fault)
      expect(await credit.source.charge(call, order)).toMatchObject({ outcome: 'unknown' })
      expect(await use(personId, BANK)).toEqual([5_000, 0])
      const known = await credit.source.query(call, order)
      // A lost request is asked for again under its number: one silence must not cost the payer the credit.
      expect(known.outcome).toBe('confirmed')
      expect(await use(personId, BANK)).toEqual([0, 5_000])
      expect(bank.draws.size).toBe(1)
    },
  )

  it.each(['lost_request', 'lost_answer'] as const)(
    'in doubt (%s) that is not wanted any more is asked about and not asked for',
    async (fault) => {
      const { credit, bank, call } = fixture
      const personId = await fixture.person(BANK)
      const order = await fixture.ordered(personId, 5_000, true)
      bank.fault('draw', fault)
      await credit.source.charge(call, order)
      const isMade = fault === 'lost_answer'
      const released = await credit.source.release(call, order)
      expect(released.outcome).toBe(isMade ? 'confirmed' : 'released')
      expect(bank.log.filter((verb) => verb === 'draw')).toHaveLength(1)
      expect(await use(personId, BANK)).toEqual(isMade ? [0, 5_000] : [0, 0])
    },
  )

  it('on a line suspended since the quote says so', async () => {
    const personId = await fixture.person()
    const order = await fixture.ordered(personId, 5_000, true)
    const { id: lineId } = await fixture.line(personId)
    const by = { actor: ACTOR, reason: 'lost card' }
    await fixture.credit.changeLine({ lenderId: BUILT_IN, lineId }, { kind: 'suspended' }, by)
    const held = await fixture.credit.source.hold(fixture.call, order)
    expect(held).toMatchObject({ outcome: 'declined', code: 'line_suspended' })
  })

  it('that the bank refuses frees what was promised', async () => {
    const personId = await fixture.person(BANK)
    const order = await fixture.ordered(personId, 5_000, true)
    fixture.bank.fault('draw', { refuse: 'over_limit' })
    expect(await fixture.credit.source.charge(fixture.call, order)).toMatchObject({
      outcome: 'declined',
      code: 'over_limit',
    })
    expect(await use(personId, BANK)).toEqual([0, 0])
  })

  it('given back after the loan was repaid is the payer’s, in the lender’s book', async () => {
    const personId = await fixture.person()
    const order = await fixture.drawn(personId, 8_000, true)
    const [loan] = fixture.loans.opened
    fixture.loans.openFen.set(loan?.loanId ?? '', 3_000)
    await inHospital(db, BUILT_IN, (tx) =>
      fixture.credit.onRepaid(tx, {
        lenderId: BUILT_IN,
        personId,
        hospitalId: HOSPITAL,
        amountFen: fen(5_000),
      }),
    )
    const before = await owedToPayers()
    await fixture.credit.source.refund(fixture.call, fixture.refundOf(order, 7_000))
    expect(await use(personId)).toEqual([0, 0])
    expect((await owedToPayers()) - before).toBe(4_000)
  })

  const owedToPayers = async () => {
    const all = await inHospital(db, BUILT_IN, (tx) => balancesOf(tx, BUILT_IN))
    return all.find(({ code }) => code === 'owed/payers')?.creditFen ?? 0
  }
})

describe('the statement of a day', () => {
  it('lists the draws and returns of all lenders that serve the hospital', async () => {
    const [one, two] = [await fixture.person(), await fixture.person(BANK)]
    const first = await fixture.drawn(one, 1_000, true)
    const second = await fixture.drawn(two, 2_000, true)
    const refund = fixture.refundOf(second, 500)
    await fixture.credit.source.refund(fixture.call, refund)
    const answer = await fixture.credit.source.statement(fixture.call, {
      hospitalId: HOSPITAL,
      businessDate: businessDate('2026-11-21'),
      ownMoves: [],
    })
    if (answer.outcome !== 'lines') throw new Error(JSON.stringify(answer))
    const mine = answer.lines.filter(({ ourNo }) =>
      [first.tradeNo, second.tradeNo, refund.refundNo].includes(ourNo),
    )
    expect(mine).toMatchObject([
      { kind: 'charge', ourNo: first.tradeNo, amountFen: 1_000 },
      { kind: 'charge', ourNo: second.tradeNo, amountFen: 2_000 },
      { kind: 'return', ourNo: refund.refundNo, amountFen: 500 },
    ])
  })
})

it('leaves the lenders’ books in order', async () => {
  for (const lenderId of [BUILT_IN, BANK]) {
    expect(await inHospital(db, lenderId, (tx) => problemsOf(tx, lenderId))).toEqual([])
  }
})
