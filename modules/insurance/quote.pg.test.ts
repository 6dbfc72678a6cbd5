import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { createFixture, type Fixture, LINES, PARTS, payable } from './testing/fixture.ts'
import { insured } from './testing/memory-centre.ts'

let db: TestDatabase
let fixture: Fixture
let seed = 0
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(() => void (fixture = createFixture(db, `quote-${seed++}`)))

const infnos = () => fixture.centre.log.map((message) => message.infno)

describe('a quote', () => {
  it('registers the visit, uploads the lines and tells what the insurance pays, and why', async () => {
    const answer = await fixture.start().quote(fixture.call, fixture.quoteRequest())
    expect(answer).toMatchObject({
      outcome: 'quoted',
      parts: PARTS,
      reasons: [
        { code: 'own_expense', params: { amountFen: 850 } },
        { code: 'first_share', params: { amountFen: 800 } },
        { code: 'in_scope', params: { amountFen: 37_200 } },
        { code: 'deductible', params: { amountFen: 10_000 } },
        { code: 'fund_share', params: { ratioBp: 7_000, amountFen: 19_040 } },
        { code: 'account', params: { usedFen: 5_000, leftFen: 0 } },
      ],
    })
    expect(infnos()).toEqual(['1101', '2201', '2203', '2204', '2206'])
  })

  it('without the account leaves the account alone', async () => {
    const request = fixture.quoteRequest([payable()], false)
    const answer = await fixture.start().quote(fixture.call, request)
    expect(answer).toMatchObject({ parts: [PARTS[0]] })
  })

  it('asked again asks only for the figures', async () => {
    const request = fixture.quoteRequest()
    const first = await fixture.start().quote(fixture.call, request)
    const again = await fixture.start().quote(fixture.call, request)
    expect(again).toEqual(first)
    expect(infnos().slice(5)).toEqual(['2206'])
  })

  it('asked again with other lines begins a visit anew, and drops the old one', async () => {
    const request = fixture.quoteRequest()
    await fixture.start().quote(fixture.call, request)
    const other = { ...request, payables: [payable(LINES.slice(0, 1))] }
    const answer = await fixture.start().quote(fixture.call, other)
    expect(answer).toMatchObject({
      outcome: 'quoted',
      parts: [{ amountFen: 14_000 }, { amountFen: 5_000 }],
    })
    expect(fixture.centre.visits.size).toBe(1)
  })

  it('uses the identity card where there is no voucher', async () => {
    fixture.holder.voucherToken = null
    fixture.centre.people.set('CARD', { psnNo: 'P1', ...insured(fen(0), '390') })
    const answer = await fixture.start().quote(fixture.call, fixture.quoteRequest())
    expect(answer.outcome).toBe('quoted')
  })

  it('explains each line', async () => {
    const request = fixture.quoteRequest()
    const insurance = fixture.start()
    await insurance.quote(fixture.call, request)
    const { status, insutype, totals, lines } = await insurance.explain(
      request.hospitalId,
      request.paymentId,
    )
    expect({ status, insutype, total: totals?.totalFen }).toEqual({
      status: 'quoted',
      insutype: '310',
      total: 38_850,
    })
    expect(lines.map((l) => [l.lineNo, l.level, l.ownFen, l.firstShareFen, l.inScopeFen])).toEqual([
      [1, 'A', 0, 0, 30_000],
      [2, 'B', 0, 800, 7_200],
      [3, 'C', 850, 0, 0],
    ])
  })

  it('gives no explanation of a payment that never asked', async () => {
    const reads = fixture.start()
    await expect(
      reads.explain(fixture.call.hospitalId, fixture.newId<'Payment'>()),
    ).rejects.toThrow('insurance.claim_not_found')
  })
})

describe('no quote, by code', () => {
  it.each<[string, (f: Fixture) => void]>([
    ['not_insured', (f) => f.centre.people.clear()],
    ['not_insured', (f) => void f.centre.people.set('TOKEN', { psnNo: 'P1', ...insured(fen(0)) })],
    [
      'suspended',
      (f) => {
        const insurances = [{ insutype: '310', active: false }]
        f.centre.people.set('TOKEN', { psnNo: 'P1', insurances, balanceFen: fen(0) })
      },
    ],
    ['refused', (f) => f.centre.fault('2206', { refuse: '超过限额' })],
    ['refused', (f) => f.centre.fault('2203', { refuse: '诊断编码不符' })],
    ['hospital_share', (f) => void (f.centre.hospitalFen = fen(100))],
    ['centre_unavailable', (f) => f.centre.fault('1101', 'lost_request')],
    ['centre_unavailable', (f) => f.centre.fault('2206', 'lost_answer')],
  ])('%s', async (code, arrange) => {
    arrange(fixture)
    const answer = await fixture.start().quote(fixture.call, fixture.quoteRequest())
    expect(answer).toMatchObject({ outcome: 'not_available', code })
  })

  it('not_insured for a person nobody has verified', async () => {
    const request = { ...fixture.quoteRequest(), personId: fixture.newId<'Person'>() }
    const answer = await fixture.start().quote(fixture.call, request)
    expect(answer).toMatchObject({ code: 'not_insured' })
  })

  it('nothing_covered when both parts are zero', async () => {
    const request = fixture.quoteRequest([payable(LINES.slice(2))], false)
    expect(await fixture.start().quote(fixture.call, request)).toMatchObject({
      code: 'nothing_covered',
    })
  })
})

describe('a quote that was interrupted', () => {
  const STEPS = ['2201', '2203', '2204'] as const
  const FAULTS = ['lost_request', 'lost_answer', 'crash_before', 'crash_after'] as const
  const REPEATS = ['same', 'refused'] as const
  const cases = STEPS.flatMap((step) =>
    FAULTS.flatMap((fault) => REPEATS.map((repeats) => [step, fault, repeats] as const)),
  )

  it.each(cases)('at %s by %s goes on (a repeat gets: %s)', async (step, fault, repeats) => {
    const { centre, call } = fixture
    centre.repeats = repeats
    centre.fault(step, fault)
    const request = fixture.quoteRequest()
    const interrupted = await fixture
      .start()
      .quote(call, request)
      .catch(() => null)
    expect(interrupted?.outcome).not.toBe('quoted')

    const answer = await fixture.start().quote(call, request)
    expect(answer).toMatchObject({ outcome: 'quoted', parts: PARTS })
    const sent = centre.log.filter((message) => message.infno === step)
    // The second try was the same message; only where that was refused did a third one follow.
    const numbers = new Set(sent.map((message) => message.msgid))
    const isRefused = repeats === 'refused' && (fault === 'lost_answer' || fault === 'crash_after')
    expect(numbers.size).toBe(isRefused ? 2 : 1)
    // Whatever was left behind at the centre is nothing but visits; no line was charged twice.
    const lines = [...centre.visits.values()].map((visit) => visit.lineIds.size)
    expect(lines.filter((count) => count > 0)).toEqual([3])
  })

  it('by a worker that never came back goes on when its time is up', async () => {
    const { centre, call, clock } = fixture
    centre.fault('2203', 'hang')
    const request = fixture.quoteRequest()
    void fixture.start().quote(call, request)
    await until(() => centre.log.length === 2)
    expect(await fixture.start().quote(call, request)).toMatchObject({ code: 'centre_unavailable' })
    clock.advance(30_000)
    expect((await fixture.start().quote(call, request)).outcome).toBe('quoted')
  })
})

it('gives every message a number of its own, also with many at once and a clock that stands', async () => {
  const { centre, call } = fixture
  await Promise.all(
    Array.from({ length: 8 }, () => fixture.start().quote(call, fixture.quoteRequest())),
  )
  const msgids = centre.log.map((message) => message.msgid)
  expect(msgids).toHaveLength(40)
  expect(new Set(msgids).size).toBe(40)
})

async function until(isSo: () => boolean) {
  for (let i = 0; i < 500 && !isSo(); i++) await new Promise((r) => setTimeout(r, 10))
  expect(isSo()).toBe(true)
}
