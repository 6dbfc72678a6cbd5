import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { businessDate, businessDateOf, DAY_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import {
  chargeOrder,
  createFixture,
  type Fixture,
  HOSPITAL,
  IN_FLIGHT_MS,
  leftOf,
  policy,
  quoted,
  settled,
} from './testing/fixture.ts'
import type { Fault } from './testing/memory-insurer.ts'

let db: TestDatabase
let fixture: Fixture
let seed = 0
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(async () => {
  fixture = createFixture(db, `coverage-settle-${seed++}`)
  await fixture.bind()
})

const sent = (verb: string) => fixture.insurer.log.filter((one) => one === verb)
const lapse = () => void fixture.insurer.policies.set('CARD', [policy('P-1', { state: 'lapsed' })])
/** 80 % of the 200.00 that the medical insurance leaves; the other insurer 80 % of the 40.00 after that. */
const PAYS = 16_000
const OTHER_PAYS = 3_200

describe('a quote', () => {
  it('[N3] asks about what the medical insurance leaves, after verifying the policy', async () => {
    const request = fixture.quoteRequest()
    expect(await fixture.start().quote(fixture.call, request)).toMatchObject({
      outcome: 'quoted',
      parts: [{ kind: 'commercial', amountFen: PAYS }],
      reasons: [{ code: 'commercial_pays', params: { product: '门诊险', amountFen: PAYS } }],
    })
    expect(fixture.insurer.log.slice(-2)).toEqual(['policiesOf', 'advance'])
    const [order] = fixture.insurer.orders.values()
    expect(order?.paid).toEqual({ pooledFen: 20_000, accountFen: 0, otherPoliciesFen: 0 })
    expect(order?.bill.lines.map((line) => line.leftFen)).toEqual([15_000, 5_000])
    expect(order?.bill.diagnosis).toBeNull()
  })

  it('verifies before it knows what is left', async () => {
    let leave: (left: ReturnType<typeof leftOf>) => void = () => undefined
    const left = new Promise<ReturnType<typeof leftOf>>((resolve) => void (leave = resolve))
    const answer = fixture.start().quote(fixture.call, { ...fixture.quoteRequest(), left })
    await expect.poll(() => sent('policiesOf').length).toBe(2)
    expect(sent('advance')).toHaveLength(0)
    leave(leftOf(10_000))
    expect(await answer).toMatchObject({ parts: [{ amountFen: 8_000 }] })
  })

  it('asks several policies in turn, each about what those before it leave', async () => {
    await fixture.bind('Q-1', 'other')
    const order = await quoted(fixture)
    expect(order.amountFen).toBe(PAYS + OTHER_PAYS)
    const [second] = fixture.other.orders.values()
    expect(second).toMatchObject({ leftFen: 4_000, paid: { otherPoliciesFen: PAYS } })
  })

  it('lets a package for the disease pay before an ordinary policy', async () => {
    await fixture.bind('Q-1', 'other')
    await fixture.start().putProduct({
      insurerCode: 'other',
      code: 'OP',
      kind: 'chronic_package',
      visitKinds: ['outpatient'],
      diagnosisPrefixes: ['I1'],
    })
    await quoted(fixture)
    const [first] = fixture.other.orders.values()
    expect(first?.leftFen).toBe(20_000)
    await fixture.start().putProduct({
      insurerCode: 'other',
      code: 'OP',
      kind: 'ordinary',
      visitKinds: ['outpatient'],
      diagnosisPrefixes: null,
    })
  })

  it('of the same asks no second advance', async () => {
    const request = fixture.quoteRequest()
    const first = await fixture.start().quote(fixture.call, request)
    expect(await fixture.start().quote(fixture.call, request)).toEqual(first)
    expect(fixture.insurer.orders.size).toBe(1)
  })

  it('of something else drops the advance before', async () => {
    const request = fixture.quoteRequest()
    const first = chargeOrder(request, await fixture.start().quote(fixture.call, request))
    const left = Promise.resolve(leftOf(10_000))
    await fixture.start().quote(fixture.call, { ...request, left })
    expect([...fixture.insurer.orders.values()].map(({ state }) => state)).toEqual([
      'cancelled',
      'advanced',
    ])
    expect(await fixture.start().charge(fixture.call, first)).toMatchObject({
      outcome: 'declined',
      code: 'quote_superseded',
    })
  })

  it.each([
    ['policy_lapsed', () => lapse()],
    [
      'waiting_period',
      () =>
        void fixture.insurer.policies.set('CARD', [
          policy('P-1', {
            terms: { ...policy('P-1').terms, waitingUntil: businessDate('2026-12-01') },
          }),
        ]),
    ],
    ['policy_lapsed', () => fixture.insurer.policies.delete('CARD')],
    ['insurer_unavailable', () => fixture.insurer.fault('policiesOf', 'lost_request')],
    ['insurer_unavailable', () => fixture.insurer.fault('advance', 'lost_answer')],
    ['insurer_unavailable', () => void (fixture.insurer.pays = () => fen(-1))],
    ['not_covered', () => fixture.insurer.fault('advance', { refuse: 'not_covered', message: '' })],
    ['nothing_covered', () => void (fixture.insurer.pays = () => fen(0))],
    ['not_connected', () => fixture.insurers.clear()],
  ])('says %s', async (code, trouble) => {
    trouble()
    const answer = await fixture.start().quote(fixture.call, fixture.quoteRequest())
    expect(answer).toMatchObject({ outcome: 'not_available', code })
  })

  it('is not made where nothing is left, nobody wants it, or nothing is bound', async () => {
    const { call, quoteRequest, personId, actor } = fixture
    const codeOf = async (request = quoteRequest()) => {
      const answer = await fixture.start().quote(call, request)
      return answer.outcome === 'not_available' ? answer.code : answer.outcome
    }
    expect(await codeOf(quoteRequest(leftOf(0)))).toBe('nothing_left')
    expect(await codeOf({ ...quoteRequest(), wanted: false })).toBe('not_wanted')
    const given = await fixture.consent('policy_check', ['diagnosis'])
    expect(await codeOf()).toBe('quoted')
    expect([...fixture.insurer.orders.values()].at(-1)?.bill.diagnosis?.code).toBe('I10')
    await fixture.start().withdraw(HOSPITAL, personId, given.id, actor)
    expect(await codeOf()).toBe('no_consent')
    const ours = { insurerCode: 'hyb', policyNo: 'P-1' }
    await fixture.start().unbind(HOSPITAL, personId, ours, actor)
    expect(await codeOf()).toBe('no_policy')
  })
})

describe('a charge', () => {
  it('[N3] confirms the very figures, and tells it again without doing it again', async () => {
    const { order, move } = await settled(fixture)
    expect(move).toEqual({
      kind: 'charge',
      ourNo: order.tradeNo,
      providerNo: 'hyb-S2',
      parts: [{ kind: 'commercial', amountFen: PAYS }],
      at: fixture.clock.now(),
    })
    const same = { outcome: 'confirmed', move }
    expect(await fixture.start().charge(fixture.call, order)).toEqual(same)
    expect(await fixture.start().query(fixture.call, order)).toEqual(same)
    expect(await fixture.start().release(fixture.call, order)).toEqual(same)
    expect(sent('confirm')).toHaveLength(1)
  })

  it.each<[string, () => Promise<void>]>([
    [
      'the consent was withdrawn',
      async () => {
        const { personId, actor } = fixture
        const given = await fixture.consent('policy_check')
        await fixture.start().withdraw(HOSPITAL, personId, given.id, actor)
      },
    ],
    [
      'the policy was unbound',
      async () => {
        const { personId, actor } = fixture
        const policyOf = { insurerCode: 'hyb', policyNo: 'P-1' }
        await fixture.start().unbind(HOSPITAL, personId, policyOf, actor)
      },
    ],
    ['the consent has run out', async () => fixture.clock.advance(91 * DAY_MS)],
  ])('takes nothing by a policy when %s since the quote', async (_since, happens) => {
    const order = await quoted(fixture)
    await happens()
    expect(await fixture.start().charge(fixture.call, order)).toMatchObject({
      outcome: 'declined',
      code: 'quote_superseded',
    })
    expect(sent('confirm')).toHaveLength(0)
    expect((await fixture.start().release(fixture.call, order)).outcome).toBe('released')
    expect(fixture.insurer.paidFen()).toBe(0)
  })

  it('policy lapsed between quote and settle: declined with the reason', async () => {
    const order = await quoted(fixture)
    lapse()
    const declined = { outcome: 'declined', code: 'refused', reason: '保单已失效' }
    expect(await fixture.start().charge(fixture.call, order)).toEqual(declined)
    expect(await fixture.start().query(fixture.call, order)).toEqual(declined)
    expect(await fixture.start().release(fixture.call, order)).toEqual({ outcome: 'released' })
    expect(fixture.insurer.paidFen()).toBe(0)
  })

  it('of two policies that one refuses gives back what the other paid', async () => {
    await fixture.bind('Q-1', 'other')
    const order = await quoted(fixture)
    fixture.other.policies.set('CARD', [policy('Q-1', { state: 'lapsed' })])
    fixture.insurer.fault('refund', 'lost_answer')
    expect((await fixture.start().charge(fixture.call, order)).outcome).toBe('unknown')
    expect((await fixture.start().query(fixture.call, order)).outcome).toBe('declined')
    expect(fixture.insurer.paidFen()).toBe(0)
    const day = { hospitalId: HOSPITAL, businessDate: businessDateOf(fixture.clock.now()) }
    const answer = await fixture.start().statement(fixture.call, { ...day, ownMoves: [] })
    expect(answer).toMatchObject({ outcome: 'lines', lines: [] })
  })

  it.each<Fault>(['lost_answer', 'crash_after'])(
    'whose answer is lost (%s) is found',
    async (fault) => {
      const order = await quoted(fixture)
      fixture.insurer.fault('confirm', fault)
      await fixture
        .start()
        .charge(fixture.call, order)
        .catch(() => null)
      expect(await fixture.start().query(fixture.call, order)).toMatchObject({
        outcome: 'confirmed',
      })
      expect(fixture.insurer.paidFen()).toBe(PAYS)
    },
  )

  it.each<Fault>(['lost_answer', 'crash_after', 'lost_request', 'crash_before'])(
    'asked again after %s settles once',
    async (fault) => {
      const order = await quoted(fixture)
      fixture.insurer.fault('confirm', fault)
      await fixture
        .start()
        .charge(fixture.call, order)
        .catch(() => null)
      expect((await fixture.start().charge(fixture.call, order)).outcome).toBe('confirmed')
      expect(fixture.insurer.paidFen()).toBe(PAYS)
    },
  )

  it('that never arrived is absent once it cannot be on its way any more', async () => {
    const { insurer, call, clock } = fixture
    const order = await quoted(fixture)
    insurer.fault('confirm', 'lost_request')
    expect((await fixture.start().charge(call, order)).outcome).toBe('unknown')
    expect((await fixture.start().query(call, order)).outcome).toBe('unknown')
    clock.advance(IN_FLIGHT_MS)
    expect(await fixture.start().query(call, order)).toEqual({ outcome: 'absent' })
    expect((await fixture.start().charge(call, order)).outcome).toBe('confirmed')
    expect(insurer.paidFen()).toBe(PAYS)
  })

  it('stays in doubt while nobody answers', async () => {
    const order = await quoted(fixture)
    fixture.insurer.fault('confirm', 'lost_answer', 'lost_request')
    fixture.insurer.fault('query', 'lost_answer')
    fixture.insurer.fault('cancel', 'lost_request')
    expect((await fixture.start().charge(fixture.call, order)).outcome).toBe('unknown')
    expect((await fixture.start().query(fixture.call, order)).outcome).toBe('unknown')
    expect((await fixture.start().charge(fixture.call, order)).outcome).toBe('unknown')
    expect((await fixture.start().release(fixture.call, order)).outcome).toBe('unknown')
    expect((await fixture.start().release(fixture.call, order)).outcome).toBe('confirmed')
  })

  it('whose second insurer is in doubt is completed or undone, never half', async () => {
    await fixture.bind('Q-1', 'other')
    const order = await quoted(fixture)
    fixture.other.fault('confirm', 'late')
    expect((await fixture.start().charge(fixture.call, order)).outcome).toBe('unknown')
    expect(await fixture.start().release(fixture.call, order)).toEqual({ outcome: 'released' })
    fixture.other.deliverLate()
    expect([fixture.insurer.paidFen(), fixture.other.paidFen()]).toEqual([0, 0])
  })
})

describe('a charge that the insurer settles at nothing', () => {
  it('is settled with no part, the same at every look', async () => {
    const order = await quoted(fixture)
    fixture.insurer.settlesFen = fen(0)
    const answer = await fixture.start().charge(fixture.call, order)
    expect(answer).toMatchObject({ outcome: 'confirmed', move: { parts: [] } })
    expect(await fixture.start().query(fixture.call, order)).toEqual(answer)
  })
})

describe('a release', () => {
  it.each(['order_unknown', 'refused', 'already_settled'] as const)(
    'of what was only quoted, which the insurer will not cancel (%s), is made all the same',
    async (code) => {
      const order = await quoted(fixture)
      fixture.insurer.fault('cancel', { refuse: code, message: '不能取消' })
      expect(await fixture.start().release(fixture.call, order)).toEqual({ outcome: 'released' })
      expect(fixture.insurer.paidFen()).toBe(0)
    },
  )

  it('of three policies of which one pays, one refuses and one expired there gives all back', async () => {
    await fixture.bind('Q-1', 'other')
    const order = await quoted(fixture)
    fixture.insurer.policies.set('CARD', [policy('P-1', { state: 'lapsed' })])
    fixture.other.fault('cancel', { refuse: 'order_unknown', message: '订单已过期' })
    expect((await fixture.start().charge(fixture.call, order)).outcome).toBe('declined')
    expect([fixture.insurer.paidFen(), fixture.other.paidFen()]).toEqual([0, 0])
  })

  it('of what was only quoted cancels it, and nothing can be charged any more', async () => {
    const order = await quoted(fixture)
    expect(await fixture.start().release(fixture.call, order)).toEqual({ outcome: 'released' })
    expect(await fixture.start().charge(fixture.call, order)).toMatchObject({
      outcome: 'declined',
      code: 'released',
    })
    const [advanced] = fixture.insurer.orders.values()
    expect(advanced?.state).toBe('cancelled')
  })

  it.each<[Fault, string, number]>([
    ['lost_answer', 'confirmed', PAYS],
    ['late', 'released', 0],
    ['lost_request', 'released', 0],
  ])('of a confirmation in doubt (%s) is %s', async (fault, outcome, paid) => {
    const order = await quoted(fixture)
    fixture.insurer.fault('confirm', fault)
    await fixture.start().charge(fixture.call, order)
    expect((await fixture.start().release(fixture.call, order)).outcome).toBe(outcome)
    fixture.insurer.deliverLate()
    expect(fixture.insurer.paidFen()).toBe(paid)
  })

  it('of a payment that never asked is released', async () => {
    const order = { ...(await quoted(fixture)), paymentId: fixture.newId<'Payment'>() }
    expect(await fixture.start().release(fixture.call, order)).toEqual({ outcome: 'released' })
  })
})

describe('at once', () => {
  it('twenty charges and releases in one moment settle at most once', async () => {
    const order = await quoted(fixture)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const coverage = fixture.start()
        return i % 2 === 0
          ? coverage.charge(fixture.call, order)
          : coverage.release(fixture.call, order)
      }),
    )
    const final = await fixture.start().query(fixture.call, order)
    const isPaid = final.outcome === 'confirmed'
    expect(fixture.insurer.paidFen()).toBe(isPaid ? PAYS : 0)
    const outcomes = new Set(answers.map(({ outcome }) => outcome))
    expect(outcomes.has('confirmed') && outcomes.has('released')).toBe(false)
  })
})

it('shows one hospital nothing of another', async () => {
  await settled(fixture)
  const count = await inHospital(db, 18 as typeof HOSPITAL, async (tx) => {
    const { rows } = await sql<{ n: number }>`select count(*) n from coverage.plan`.execute(tx)
    return rows[0]?.n
  })
  expect(count).toBe(0)
})
