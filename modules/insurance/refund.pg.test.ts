import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { RefundAnswer } from '../payments/index.ts'
import {
  createFixture,
  type Fixture,
  HOSPITAL,
  IN_FLIGHT_MS,
  LINES,
  PARTS,
  refundOrder,
  settled,
} from './testing/fixture.ts'
import type { Fault } from './testing/memory-centre.ts'

let db: TestDatabase
let fixture: Fixture
let seed = 0
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(() => void (fixture = createFixture(db, `refund-${seed++}`)))

const sent = (infno: string) => fixture.centre.log.filter((message) => message.infno === infno)
const moves = (answer: RefundAnswer) => (answer.outcome === 'confirmed' ? answer.moves : [])

/** Class A only remains: 300.00, of which the fund pays 140.00 and the account its 50.00. */
const REMAINING = LINES.slice(0, 1)
const SMALLER = [{ kind: 'pooled', amountFen: fen(14_000) }, PARTS[1]]

describe('a refund of all', () => {
  it('cancels the settlement and tells the return', async () => {
    const { order } = await settled(fixture)
    const refund = refundOrder(fixture, order)
    const answer = await fixture.start().refund(fixture.call, refund)
    const [, cancellation] = fixture.centre.settlements
    expect(answer).toEqual({
      outcome: 'confirmed',
      moves: [
        {
          kind: 'return',
          ourNo: cancellation?.msgid,
          providerNo: cancellation?.setlId,
          parts: PARTS,
          at: cancellation?.at,
        },
      ],
    })
    expect(await fixture.start().refund(fixture.call, refund)).toEqual(answer)
    expect(await fixture.start().queryRefund(fixture.call, refund)).toEqual(answer)
    expect(sent('2208')).toHaveLength(1)
    expect(fixture.centre.paidFen()).toBe(0)
  })

  it('leaves the charge known: it was taken, whatever came of it', async () => {
    const { order, move } = await settled(fixture)
    await fixture.start().refund(fixture.call, refundOrder(fixture, order))
    expect(await fixture.start().query(fixture.call, order)).toEqual({ outcome: 'confirmed', move })
  })

  it('that is refused is declined, and another may be asked for later', async () => {
    const { order } = await settled(fixture)
    fixture.centre.fault('2208', { refuse: '已清算' })
    const refund = refundOrder(fixture, order)
    const declined = { outcome: 'declined', code: 'refused', reason: '已清算' }
    expect(await fixture.start().refund(fixture.call, refund)).toEqual(declined)
    expect(await fixture.start().refund(fixture.call, refund)).toEqual(declined)
    const later = refundOrder(fixture, order)
    expect((await fixture.start().refund(fixture.call, later)).outcome).toBe('confirmed')
  })

  it.each<Fault>(['lost_answer', 'crash_after'])(
    'whose answer is lost (%s) is found',
    async (fault) => {
      const { order } = await settled(fixture)
      fixture.centre.fault('2208', fault)
      const refund = refundOrder(fixture, order)
      await fixture
        .start()
        .refund(fixture.call, refund)
        .catch(() => null)
      const answer = await fixture.start().queryRefund(fixture.call, refund)
      expect(moves(answer as RefundAnswer)).toMatchObject([{ kind: 'return', parts: PARTS }])
      expect(sent('2208')).toHaveLength(1)
    },
  )

  it('whose answer is lost and cannot be found is undone and done again', async () => {
    const { order } = await settled(fixture)
    fixture.centre.findsByVisit = false
    fixture.centre.fault('2208', 'lost_answer')
    const refund = refundOrder(fixture, order)
    expect((await fixture.start().refund(fixture.call, refund)).outcome).toBe('unknown')
    expect((await fixture.start().refund(fixture.call, refund)).outcome).toBe('confirmed')
    expect(sent('2208')).toHaveLength(2)
    expect(fixture.centre.paidFen()).toBe(0)
    expect(fixture.centre.people.get('TOKEN')?.balanceFen).toBe(5_000)
  })

  it.each<Fault>(['lost_request', 'crash_before'])(
    'that never arrived (%s) is sent again',
    async (fault) => {
      const { order } = await settled(fixture)
      fixture.centre.fault('2208', fault)
      const refund = refundOrder(fixture, order)
      await fixture
        .start()
        .refund(fixture.call, refund)
        .catch(() => null)
      expect((await fixture.start().refund(fixture.call, refund)).outcome).toBe('unknown')
      fixture.clock.advance(IN_FLIGHT_MS)
      expect((await fixture.start().refund(fixture.call, refund)).outcome).toBe('confirmed')
      expect(fixture.centre.paidFen()).toBe(0)
    },
  )

  it('that arrives when it was given up stays in doubt: the second refusal proves nothing', async () => {
    const { order } = await settled(fixture)
    fixture.centre.fault('2208', 'late')
    const refund = refundOrder(fixture, order)
    await fixture.start().refund(fixture.call, refund)
    fixture.clock.advance(IN_FLIGHT_MS)
    fixture.centre.fault('2208', 'crash_before')
    await fixture
      .start()
      .refund(fixture.call, refund)
      .catch(() => null)
    fixture.centre.deliverLate()
    fixture.clock.advance(IN_FLIGHT_MS)
    const answer = await fixture.start().refund(fixture.call, refund)
    expect(answer).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringContaining('in doubt'),
    })
  })
})

describe('a refund of some lines', () => {
  it('cancels the settlement and settles the rest anew', async () => {
    const { order } = await settled(fixture)
    const refund = refundOrder(fixture, order, REMAINING)
    const answer = await fixture.start().refund(fixture.call, refund)
    const [, cancellation, anew] = fixture.centre.settlements
    expect(moves(answer)).toEqual([
      expect.objectContaining({ kind: 'return', ourNo: cancellation?.msgid, parts: PARTS }),
      expect.objectContaining({ kind: 'charge', ourNo: anew?.msgid, parts: SMALLER }),
    ])
    expect(fixture.centre.log.slice(6).map((message) => message.infno)).toEqual([
      '2208',
      '2205',
      '2204',
      '2206',
      '2207',
    ])
    expect(await fixture.start().refund(fixture.call, refund)).toEqual(answer)
    expect(fixture.centre.paidFen()).toBe(19_000)
    const { totals, lines } = await fixture.start().explain(HOSPITAL, order.paymentId)
    expect([totals?.totalFen, lines.map((line) => line.lineNo)]).toEqual([30_000, [1]])
  })

  it('can be followed by one of all that is left', async () => {
    const { order } = await settled(fixture)
    await fixture.start().refund(fixture.call, refundOrder(fixture, order, LINES.slice(0, 2)))
    await fixture.start().refund(fixture.call, refundOrder(fixture, order, REMAINING))
    const last = await fixture.start().refund(fixture.call, refundOrder(fixture, order))
    expect(moves(last)).toMatchObject([{ kind: 'return', parts: SMALLER }])
    expect(fixture.centre.paidFen()).toBe(0)
  })

  it.each(['2204', '2206', '2207'])(
    'gives back all when %s is refused for what remains',
    async (infno) => {
      const { order } = await settled(fixture)
      fixture.centre.fault(infno, { refuse: '待遇冻结' }, { refuse: '待遇冻结' })
      const refund = refundOrder(fixture, order, REMAINING)
      const answer = await fixture.start().refund(fixture.call, refund)
      expect(moves(answer)).toMatchObject([{ kind: 'return', parts: PARTS }])
      expect(await fixture.start().refund(fixture.call, refund)).toEqual(answer)
      expect(fixture.centre.paidFen()).toBe(0)
    },
  )

  it('settles by the identity card where the voucher is refused by then', async () => {
    const { order } = await settled(fixture)
    fixture.centre.fault('2206', { refuse: '令牌已失效' })
    const answer = await fixture
      .start()
      .refund(fixture.call, refundOrder(fixture, order, REMAINING))
    expect(moves(answer)).toHaveLength(2)
    expect(fixture.centre.credentialKinds.slice(-2)).toEqual(['voucher', 'id_card'])
  })

  it('gives back all when the insurance would pay nothing of what remains', async () => {
    const { order } = await settled(fixture, { ...fixture.quoteRequest(), useAccount: false })
    const refund = refundOrder(fixture, order, LINES.slice(2))
    const answer = await fixture.start().refund(fixture.call, refund)
    expect(moves(answer)).toMatchObject([{ kind: 'return', parts: [PARTS[0]] }])
  })

  it.each(['2208', '2204', '2206', '2207'])(
    'asks again under another number when %s is refused for its number alone',
    async (infno) => {
      const { order } = await settled(fixture)
      const refund = refundOrder(fixture, order, REMAINING)
      const refusal = { refuse: '[msgid] 报文ID已用于交易2205' }
      // The voucher and the identity card each ask.
      fixture.centre.fault(infno, refusal, ...(infno === '2206' ? [refusal] : []))
      const before = sent(infno).length
      expect((await fixture.start().refund(fixture.call, refund)).outcome).toBe('unknown')
      fixture.clock.advance(IN_FLIGHT_MS)
      const answer = await fixture.start().refund(fixture.call, refund)
      expect(moves(answer)).toMatchObject([
        { kind: 'return', parts: PARTS },
        { kind: 'charge', parts: SMALLER },
      ])
      const numbers = sent(infno)
        .slice(before)
        .map(({ msgid }) => msgid)
      expect(new Set(numbers).size).toBe(numbers.length)
      expect(numbers.length).toBeGreaterThan(1)
    },
  )

  it('waits for another that is under way', async () => {
    const { order } = await settled(fixture)
    fixture.centre.fault('2206', 'lost_request')
    const first = refundOrder(fixture, order, REMAINING)
    expect((await fixture.start().refund(fixture.call, first)).outcome).toBe('unknown')
    const second = refundOrder(fixture, order)
    expect((await fixture.start().refund(fixture.call, second)).outcome).toBe('unknown')
    expect(await fixture.start().queryRefund(fixture.call, second)).toEqual({ outcome: 'absent' })
    expect((await fixture.start().refund(fixture.call, first)).outcome).toBe('confirmed')
    expect((await fixture.start().refund(fixture.call, second)).outcome).toBe('confirmed')
  })

  const STEPS = ['2208', '2205', '2204', '2206', '2207'] as const
  const FAULTS = ['lost_request', 'lost_answer', 'crash_before', 'crash_after'] as const
  const cases = STEPS.flatMap((step) =>
    FAULTS.flatMap((fault) =>
      (['same', 'refused'] as const).flatMap((repeats) =>
        [true, false].map((finds) => [step, fault, repeats, finds] as const),
      ),
    ),
  )

  it.each(cases)(
    'interrupted at %s by %s goes on (a repeat gets: %s; found by visit: %s)',
    async (step, fault, repeats, finds) => {
      const { order } = await settled(fixture)
      const { centre, call, clock } = fixture
      centre.repeats = repeats
      centre.findsByVisit = finds
      centre.fault(step, fault)
      const refund = refundOrder(fixture, order, REMAINING)
      const first = await fixture
        .start()
        .refund(call, refund)
        .catch(() => null)
      expect(first?.outcome).not.toBe('confirmed')
      for (let i = 0; i < 3; i++) {
        clock.advance(IN_FLIGHT_MS)
        await fixture.start().refund(call, refund)
      }
      const answer = await fixture.start().refund(call, refund)
      expect(moves(answer)).toMatchObject([
        { kind: 'return', parts: PARTS },
        { kind: 'charge', parts: SMALLER },
      ])
      expect(centre.paidFen()).toBe(19_000)
    },
  )
})

describe('no refund', () => {
  it('of what was never settled', async () => {
    const { order } = await settled(fixture)
    const other = { ...order, paymentId: fixture.newId<'Payment'>() }
    const refund = refundOrder(fixture, other)
    expect(await fixture.start().queryRefund(fixture.call, refund)).toEqual({ outcome: 'absent' })
    expect(await fixture.start().refund(fixture.call, refund)).toMatchObject({
      outcome: 'declined',
      code: 'not_settled',
    })
  })

  it('of what has gone back already', async () => {
    const { order } = await settled(fixture)
    await fixture.start().refund(fixture.call, refundOrder(fixture, order))
    expect(await fixture.start().refund(fixture.call, refundOrder(fixture, order))).toMatchObject({
      outcome: 'declined',
      code: 'not_settled',
    })
  })

  it('was asked for', async () => {
    const { order } = await settled(fixture)
    const refund = refundOrder(fixture, order)
    expect(await fixture.start().queryRefund(fixture.call, refund)).toEqual({ outcome: 'absent' })
  })
})
