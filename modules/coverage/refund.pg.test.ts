import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { businessDateOf } from '../../kernel/time.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { Move, RefundAnswer } from '../payments/index.ts'
import {
  createFixture,
  type Fixture,
  HOSPITAL,
  LINES,
  policy,
  refundOrder,
  settled,
} from './testing/fixture.ts'
import type { Fault } from './testing/memory-insurer.ts'

let db: TestDatabase
let seed = 0
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

const PAYS = 16_000
/** The line of 100.00 goes back; the medical insurance has given back 50.00 of it, so that 150.00 are left. */
const REST = LINES.slice(0, 1)
const REST_PAYS = 12_000

async function bound(options?: { refundsParts: boolean }): Promise<Fixture> {
  const fixture = createFixture(db, `coverage-refund-${seed++}`, options)
  await fixture.bind()
  return fixture
}

const movesOf = (answer: RefundAnswer | { outcome: 'absent' }): readonly Move[] => {
  if (answer.outcome !== 'confirmed') throw new Error(JSON.stringify(answer))
  return answer.moves
}

describe('a refund', () => {
  it('[N3] of everything returns the settlement once', async () => {
    const fixture = await bound()
    const { order, move } = await settled(fixture)
    const whole = refundOrder(fixture, order, fen(20_000))
    const answer = await fixture.start().refund(fixture.call, whole)
    expect(movesOf(answer)).toEqual([
      {
        kind: 'return',
        ourNo: whole.refundNo,
        providerNo: 'hyb-R3',
        parts: move.parts,
        at: fixture.clock.now(),
      },
    ])
    expect(await fixture.start().refund(fixture.call, whole)).toEqual(answer)
    expect(await fixture.start().queryRefund(fixture.call, whole)).toEqual(answer)
    expect(fixture.insurer.paidFen()).toBe(0)
    const another = refundOrder(fixture, order, fen(20_000))
    expect(await fixture.start().queryRefund(fixture.call, another)).toEqual({ outcome: 'absent' })
    expect(await fixture.start().refund(fixture.call, another)).toMatchObject({
      outcome: 'declined',
      code: 'not_settled',
    })
  })

  it('of lines returns the whole and charges the smaller share of what is left', async () => {
    const fixture = await bound()
    const { order, move } = await settled(fixture)
    const part = refundOrder(fixture, order, fen(5_000), REST)
    const moves = movesOf(await fixture.start().refund(fixture.call, part))
    expect(moves.map(({ kind, parts }) => [kind, parts[0]?.amountFen])).toEqual([
      ['return', PAYS],
      ['charge', REST_PAYS],
    ])
    expect(fixture.insurer.paidFen()).toBe(REST_PAYS)
    expect([...fixture.insurer.orders.values()].at(-1)).toMatchObject({
      leftFen: 15_000,
      paid: { pooledFen: 15_000, accountFen: 0, otherPoliciesFen: 0 },
    })
    // The charge that was told stays what it was, and the rest can still go back.
    expect(await fixture.start().query(fixture.call, order)).toEqual({ outcome: 'confirmed', move })
    const rest = refundOrder(fixture, order, fen(15_000))
    expect(movesOf(await fixture.start().refund(fixture.call, rest))).toHaveLength(1)
    expect(fixture.insurer.paidFen()).toBe(0)
  })

  it('of lines takes a part back where the insurer can', async () => {
    const fixture = await bound({ refundsParts: true })
    const { order } = await settled(fixture)
    const part = refundOrder(fixture, order, fen(5_000), REST)
    const moves = movesOf(await fixture.start().refund(fixture.call, part))
    expect(moves).toMatchObject([{ kind: 'return', parts: [{ amountFen: PAYS - REST_PAYS }] }])
    const rest = refundOrder(fixture, order, fen(15_000))
    expect(movesOf(await fixture.start().refund(fixture.call, rest))).toMatchObject([
      { parts: [{ amountFen: REST_PAYS }] },
    ])
    expect(fixture.insurer.paidFen()).toBe(0)
  })

  it('leaves all given back when the insurer will not settle what remains', async () => {
    const fixture = await bound()
    const { order } = await settled(fixture)
    fixture.insurer.policies.set('CARD', [policy('P-1', { state: 'lapsed' })])
    const part = refundOrder(fixture, order, fen(5_000), REST)
    expect(movesOf(await fixture.start().refund(fixture.call, part))).toMatchObject([
      { kind: 'return', parts: [{ amountFen: PAYS }] },
    ])
    expect(fixture.insurer.paidFen()).toBe(0)
  })

  it('tells an insurer nothing more once the consent is withdrawn', async () => {
    const fixture = await bound()
    const given = await fixture.consent('policy_check')
    const { order } = await settled(fixture)
    await fixture.start().withdraw(HOSPITAL, fixture.personId, given.id, fixture.actor)
    const part = refundOrder(fixture, order, fen(5_000), REST)
    expect(movesOf(await fixture.start().refund(fixture.call, part))).toHaveLength(1)
    expect(fixture.insurer.log.filter((verb) => verb === 'advance')).toHaveLength(1)
  })

  it('that the insurer refuses is declined, and the settlement stands', async () => {
    const fixture = await bound()
    const { order } = await settled(fixture)
    fixture.insurer.fault('refund', { refuse: 'refused', message: '已结案' })
    const whole = refundOrder(fixture, order, fen(20_000))
    const declined = { outcome: 'declined', code: 'refused', reason: '已结案' }
    expect(await fixture.start().refund(fixture.call, whole)).toEqual(declined)
    expect(await fixture.start().queryRefund(fixture.call, whole)).toEqual(declined)
    expect(fixture.insurer.paidFen()).toBe(PAYS)
    const again = refundOrder(fixture, order, fen(20_000))
    expect((await fixture.start().refund(fixture.call, again)).outcome).toBe('confirmed')
  })

  const steps = ['refund', 'advance', 'confirm'] as const
  const faults: Fault[] = ['lost_answer', 'lost_request', 'crash_after', 'crash_before', 'late']
  it.each(steps.flatMap((verb) => faults.map((fault) => [verb, fault] as const)))(
    'goes on where %s was left (%s)',
    async (verb, fault) => {
      const fixture = await bound()
      const { order } = await settled(fixture)
      fixture.insurer.fault(verb, fault)
      const part = refundOrder(fixture, order, fen(5_000), REST)
      const first = await fixture
        .start()
        .refund(fixture.call, part)
        .catch(() => ({ outcome: 'crashed' }))
      expect(['unknown', 'crashed']).toContain(first.outcome)
      const moves = movesOf(await fixture.start().queryRefund(fixture.call, part))
      expect(moves.map(({ parts }) => parts[0]?.amountFen)).toEqual([PAYS, REST_PAYS])
      fixture.insurer.deliverLate()
      expect(fixture.insurer.paidFen()).toBe(REST_PAYS)
    },
  )

  it('asked for ten times in one moment moves once', async () => {
    const fixture = await bound()
    const { order } = await settled(fixture)
    const part = refundOrder(fixture, order, fen(5_000), REST)
    await Promise.all(Array.from({ length: 10 }, () => fixture.start().refund(fixture.call, part)))
    expect(movesOf(await fixture.start().refund(fixture.call, part))).toHaveLength(2)
    expect(fixture.insurer.paidFen()).toBe(REST_PAYS)
  })
})

describe('the statement', () => {
  const request = ({ clock }: Fixture) => ({
    hospitalId: HOSPITAL,
    businessDate: businessDateOf(clock.now()),
    ownMoves: [],
  })

  it('names every movement by the number that the books have for it', async () => {
    const fixture = await bound()
    await fixture.bind('Q-1', 'other')
    const { order, move } = await settled(fixture)
    const part = refundOrder(fixture, order, fen(5_000), REST)
    const moves = [move, ...movesOf(await fixture.start().refund(fixture.call, part))]
    const answer = await fixture.start().statement(fixture.call, request(fixture))
    if (answer.outcome !== 'lines') throw new Error(JSON.stringify(answer))
    const told = ({ kind, ourNo, providerNo }: Pick<Move, 'kind' | 'ourNo' | 'providerNo'>) =>
      `${kind} ${ourNo} ${providerNo}`
    expect(new Map(answer.lines.map((line) => [told(line), line.amountFen]))).toEqual(
      new Map(moves.map((one) => [told(one), one.parts[0]?.amountFen])),
    )
  })

  it('keeps what only the insurer has, and waits for one that is not ready', async () => {
    const fixture = await bound()
    const { order } = await settled(fixture)
    const [known] = fixture.insurer.orders.values()
    if (!known) throw new Error('nothing settled')
    fixture.insurer.orders.set('FOREIGN', { ...known, orderNo: 'FOREIGN' })
    const answer = await fixture.start().statement(fixture.call, request(fixture))
    expect(answer).toMatchObject({ lines: [{ ourNo: order.tradeNo }, { ourNo: 'FOREIGN' }] })
    fixture.insurer.fault('statement', { refuse: 'not_ready', message: '未出账' })
    expect((await fixture.start().statement(fixture.call, request(fixture))).outcome).toBe(
      'not_ready',
    )
    fixture.insurer.fault('statement', 'lost_answer')
    expect((await fixture.start().statement(fixture.call, request(fixture))).outcome).toBe(
      'unknown',
    )
  })
})
