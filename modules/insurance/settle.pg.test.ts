import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { ChargeOrder } from '../payments/index.ts'
import {
  chargeOrder,
  createFixture,
  type Fixture,
  HOSPITAL,
  IN_FLIGHT_MS,
  PARTS,
  payable,
  settled,
} from './testing/fixture.ts'
import type { Fault } from './testing/memory-centre.ts'

let db: TestDatabase
let fixture: Fixture
let seed = 0
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(() => void (fixture = createFixture(db, `settle-${seed++}`)))

const CHARGED_FEN = 24_040
const sent = (infno: string) => fixture.centre.log.filter((message) => message.infno === infno)

async function quoted(): Promise<ChargeOrder> {
  const request = fixture.quoteRequest()
  return chargeOrder(request, await fixture.start().quote(fixture.call, request))
}

describe('a charge', () => {
  it('[N1] settles what was quoted, under the message number', async () => {
    const { move, order, insurance } = await settled(fixture)
    const [settlement] = fixture.centre.settlements
    expect(move).toEqual({
      kind: 'charge',
      ourNo: settlement?.msgid,
      providerNo: settlement?.setlId,
      parts: PARTS,
      at: settlement?.at,
    })
    expect(await insurance.charge(fixture.call, order)).toEqual({ outcome: 'confirmed', move })
    expect(await fixture.start().query(fixture.call, order)).toEqual({ outcome: 'confirmed', move })
    expect(sent('2207')).toHaveLength(1)
    const record = await insurance.claimRecord(HOSPITAL, order.paymentId)
    expect(record).toMatchObject({ status: 'settled', settlements: [{ status: 'done' }] })
  })

  it('of other figures than quoted is money all the same', async () => {
    const order = await quoted()
    fixture.centre.settlesFen = fen(100)
    expect(await fixture.start().charge(fixture.call, order)).toMatchObject({
      outcome: 'confirmed',
      move: { parts: [{ kind: 'pooled', amountFen: 100 }, PARTS[1]] },
    })
  })

  it('that is refused is declined, and stays so', async () => {
    const order = await quoted()
    fixture.centre.fault('2207', { refuse: '账户已冻结' })
    const declined = { outcome: 'declined', code: 'refused', reason: '账户已冻结' }
    expect(await fixture.start().charge(fixture.call, order)).toEqual(declined)
    expect(await fixture.start().charge(fixture.call, order)).toEqual(declined)
    expect(await fixture.start().query(fixture.call, order)).toEqual(declined)
    expect(await fixture.start().release(fixture.call, order)).toEqual({ outcome: 'released' })
    expect(sent('2207')).toHaveLength(1)
  })

  it.each<[string, string, (order: ChargeOrder) => ChargeOrder]>([
    ['without a quote', 'not_quoted', (o) => ({ ...o, paymentId: fixture.newId<'Payment'>() })],
    ['of another quote', 'quote_superseded', (o) => ({ ...o, quoteReference: 'X.1.1' })],
    ['of other parts', 'quote_superseded', (o) => ({ ...o, parts: o.parts.slice(1) })],
  ])('%s is declined before anything is sent', async (_what, code, change) => {
    const order = change(await quoted())
    expect(await fixture.start().charge(fixture.call, order)).toMatchObject({
      outcome: 'declined',
      code,
    })
    expect(sent('2207')).toHaveLength(0)
  })

  it('asked for by many at once settles once', async () => {
    const order = await quoted()
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => fixture.start().charge(fixture.call, order)),
    )
    expect(answers.every((a) => a.outcome === 'confirmed' || a.outcome === 'unknown')).toBe(true)
    expect(await fixture.start().charge(fixture.call, order)).toMatchObject({
      outcome: 'confirmed',
    })
    expect(fixture.centre.paidFen()).toBe(CHARGED_FEN)
    expect(sent('2207')).toHaveLength(1)
  })
})

describe('a charge, further', () => {
  it('that settles nothing of what was quoted is no money, and nothing to build on', async () => {
    const request = fixture.quoteRequest([payable()], false)
    const order = chargeOrder(request, await fixture.start().quote(fixture.call, request))
    fixture.centre.settlesFen = fen(0)
    expect((await fixture.start().charge(fixture.call, order)).outcome).toBe('unknown')
    expect((await fixture.start().query(fixture.call, order)).outcome).toBe('unknown')
  })

  it('whose worker was taken for dead writes nothing when its answer comes after all', async () => {
    const { centre, call, clock } = fixture
    const order = await quoted()
    let answer: () => void = () => undefined
    centre.fault('2207', { answerAfter: new Promise((resolve) => void (answer = resolve)) })
    const slow = fixture.start().charge(call, order)
    for (let i = 0; i < 500 && centre.paidFen() === 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect((await fixture.start().query(call, order)).outcome).toBe('unknown')
    clock.advance(30_000)
    centre.findsByVisit = false
    expect(await fixture.start().query(call, order)).toEqual({ outcome: 'absent' })
    answer()
    expect((await slow).outcome).toBe('unknown')
    expect(await fixture.start().query(call, order)).toEqual({ outcome: 'absent' })
    expect(centre.paidFen()).toBe(0)
  })
})

describe('F-44 a charge (2207) whose answer is lost', () => {
  const FAULTS: Fault[] = ['lost_answer', 'crash_after']

  it.each(FAULTS)('(%s) is found by asking', async (fault) => {
    const order = await quoted()
    fixture.centre.fault('2207', fault)
    await fixture
      .start()
      .charge(fixture.call, order)
      .catch(() => null)
    expect(await fixture.start().query(fixture.call, order)).toMatchObject({
      outcome: 'confirmed',
      move: { parts: PARTS },
    })
    expect(sent('2601')).toHaveLength(0)
  })

  it.each(FAULTS)('(%s) is found by charging again: nothing is sent twice', async (fault) => {
    const order = await quoted()
    fixture.centre.fault('2207', fault)
    await fixture
      .start()
      .charge(fixture.call, order)
      .catch(() => null)
    expect((await fixture.start().charge(fixture.call, order)).outcome).toBe('confirmed')
    expect(sent('2207')).toHaveLength(1)
  })

  it('is reversed where the centre cannot find it, and may then be tried again', async () => {
    const order = await quoted()
    fixture.centre.findsByVisit = false
    fixture.centre.fault('2207', 'lost_answer')
    await fixture.start().charge(fixture.call, order)
    expect(await fixture.start().query(fixture.call, order)).toEqual({ outcome: 'absent' })
    expect(fixture.centre.paidFen()).toBe(0)

    expect((await fixture.start().charge(fixture.call, order)).outcome).toBe('confirmed')
    expect(fixture.centre.paidFen()).toBe(CHARGED_FEN)
    const numbers = sent('2207').map((message) => message.msgid)
    expect(new Set(numbers).size).toBe(2)
  })

  it.each(['5203', '2601'])('F-45 stays in doubt while %s gets no answer', async (infno) => {
    const order = await quoted()
    fixture.centre.findsByVisit = false
    fixture.centre.fault('2207', 'lost_answer')
    fixture.centre.fault(infno, 'lost_answer', 'lost_answer', 'lost_answer')
    await fixture.start().charge(fixture.call, order)
    expect((await fixture.start().query(fixture.call, order)).outcome).toBe('unknown')
    expect((await fixture.start().charge(fixture.call, order)).outcome).toBe('unknown')
    expect((await fixture.start().release(fixture.call, order)).outcome).toBe('unknown')
    expect(sent('2207')).toHaveLength(1)
  })

  it('stays in doubt when the centre refuses to reverse', async () => {
    const order = await quoted()
    fixture.centre.findsByVisit = false
    fixture.centre.fault('2207', 'lost_answer')
    fixture.centre.fault('2601', { refuse: '已清算，不能冲正' })
    await fixture.start().charge(fixture.call, order)
    expect(await fixture.start().release(fixture.call, order)).toEqual({
      outcome: 'unknown',
      reason: '已清算，不能冲正',
    })
  })
})

describe('a charge that never arrived', () => {
  it.each<Fault>(['lost_request', 'crash_before'])(
    '(%s) is absent once it cannot be on its way any more',
    async (fault) => {
      const { centre, call, clock } = fixture
      const order = await quoted()
      centre.fault('2207', fault)
      await fixture
        .start()
        .charge(call, order)
        .catch(() => null)
      expect((await fixture.start().query(call, order)).outcome).toBe('unknown')
      clock.advance(IN_FLIGHT_MS)
      expect(await fixture.start().query(call, order)).toEqual({ outcome: 'absent' })
      expect((await fixture.start().charge(call, order)).outcome).toBe('confirmed')
      expect(centre.paidFen()).toBe(CHARGED_FEN)
    },
  )

  it('and arrives while we ask is found, not sent again', async () => {
    const { centre, call, clock } = fixture
    const order = await quoted()
    centre.fault('2207', 'late')
    await fixture.start().charge(call, order)
    expect((await fixture.start().charge(call, order)).outcome).toBe('unknown')
    centre.deliverLate()
    clock.advance(IN_FLIGHT_MS)
    expect((await fixture.start().charge(call, order)).outcome).toBe('confirmed')
    expect(centre.paidFen()).toBe(CHARGED_FEN)
  })

  it('F-32: and arrives after all is closed by a reversal', async () => {
    const { centre, call, clock } = fixture
    const order = await quoted()
    centre.fault('2207', 'late')
    await fixture.start().charge(call, order)
    clock.advance(IN_FLIGHT_MS)
    centre.fault('2205', { refuse: '不能撤销' })
    centre.fault('2202', { refuse: '不能撤销' })
    expect((await fixture.start().release(call, order)).outcome).toBe('released')
    centre.deliverLate()
    expect(centre.paidFen()).toBe(CHARGED_FEN)
    const { reverseUnknown } = fixture.start()
    const msgid = sent('2207')[0]?.msgid ?? ''
    expect(await reverseUnknown(call, msgid)).toEqual({ outcome: 'reversed' })
    expect(centre.paidFen()).toBe(0)
    expect(await reverseUnknown(call, msgid)).toEqual({ outcome: 'nothing_there' })
  })
})

describe('a release', () => {
  it('F-32: of what was only quoted drops the visit, and nothing can be charged any more', async () => {
    const order = await quoted()
    expect(await fixture.start().release(fixture.call, order)).toEqual({ outcome: 'released' })
    expect(fixture.centre.visits.size).toBe(0)
    expect(await fixture.start().release(fixture.call, order)).toEqual({ outcome: 'released' })
    expect(await fixture.start().charge(fixture.call, order)).toMatchObject({
      outcome: 'declined',
      code: 'released',
    })
    expect(await fixture.start().query(fixture.call, order)).toEqual({ outcome: 'absent' })
  })

  it('does not depend on the centre taking the visit back', async () => {
    const order = await quoted()
    fixture.centre.fault('2205', 'lost_request')
    expect(await fixture.start().release(fixture.call, order)).toEqual({ outcome: 'released' })
  })

  it('of what was settled tells the money', async () => {
    const { order, move } = await settled(fixture)
    expect(await fixture.start().release(fixture.call, order)).toEqual({
      outcome: 'confirmed',
      move,
    })
  })

  it('of a settlement in doubt finds it', async () => {
    const order = await quoted()
    fixture.centre.fault('2207', 'lost_answer')
    await fixture.start().charge(fixture.call, order)
    expect((await fixture.start().release(fixture.call, order)).outcome).toBe('confirmed')
  })

  it('of a settlement in doubt that is not found reverses it first', async () => {
    const order = await quoted()
    fixture.centre.findsByVisit = false
    fixture.centre.fault('2207', 'lost_answer')
    await fixture.start().charge(fixture.call, order)
    expect(await fixture.start().release(fixture.call, order)).toEqual({ outcome: 'released' })
    expect(fixture.centre.paidFen()).toBe(0)
  })

  it('F-31: of a payment that never asked is released', async () => {
    const order = { ...(await quoted()), paymentId: fixture.newId<'Payment'>() }
    expect(await fixture.start().release(fixture.call, order)).toEqual({ outcome: 'released' })
  })
})

describe('reversing a message', () => {
  it('is not for a settlement in our books, nor for a message of somebody else', async () => {
    const { move } = await settled(fixture)
    const { reverseUnknown } = fixture.start()
    await expect(reverseUnknown(fixture.call, move.ourNo)).rejects.toThrow(
      'insurance.settlement_stands',
    )
    await expect(reverseUnknown(fixture.call, 'X')).rejects.toThrow('insurance.message_unknown')
  })
})

it('shows one hospital nothing of another', async () => {
  await settled(fixture)
  const count = await inHospital(db, 18 as typeof HOSPITAL, async (tx) => {
    const { rows } = await sql<{ n: number }>`select count(*) n from insurance.claim`.execute(tx)
    return rows[0]?.n
  })
  expect(count).toBe(0)
})
