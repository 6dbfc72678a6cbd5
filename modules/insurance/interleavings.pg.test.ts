import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { type Move, totalOf } from '../payments/index.ts'
import {
  chargeOrder,
  createFixture,
  type Fixture,
  IN_FLIGHT_MS,
  LINES,
  refundOrder,
} from './testing/fixture.ts'
import type { Fault } from './testing/memory-centre.ts'

// Whatever is lost, late or dies, and in whatever order payments asks: in the end both sides have the
// same money, and no visit was ever paid for twice.

let db: TestDatabase
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

const fault = fc.constantFrom<Fault>('lost_request', 'lost_answer', 'crash_before', 'crash_after', {
  refuse: '系统维护',
})
const infno = fc.constantFrom('2207', '2207', '2208', '2601', '5203', '2204', '2205', '2206')
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('fault' as const), infno, fault }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('charge', 'charge', 'query', 'release', 'partial', 'whole'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const) }) },
)
type Step = { do: string; infno?: string; fault?: Fault }

let run = 0

it('the money agrees in the end, and never was there twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 14 }),
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom('same' as const, 'refused' as const),
      async (steps, finds, givesBack, repeats) => {
        const fixture = createFixture(db, `interleaving-${run++}`)
        const { centre } = fixture
        centre.findsByVisit = finds
        centre.repeats = repeats
        const ledger = await play(fixture, steps, givesBack)
        expect(centre.paidFen()).toBe(balanceOf(ledger))
        expect(standingPerVisit(fixture)).toBeLessThanOrEqual(1)
      },
    ),
    { numRuns: 60 },
  )
}, 120_000)

async function play(
  fixture: Fixture,
  steps: readonly Step[],
  givesBack: boolean,
): Promise<Map<string, Move>> {
  const { centre, call, clock } = fixture
  const request = fixture.quoteRequest()
  const order = chargeOrder(request, await fixture.start().quote(call, request))
  const partial = refundOrder(fixture, order, LINES.slice(0, 1))
  const whole = refundOrder(fixture, order)
  const ledger = new Map<string, Move>()
  const note = (moves: readonly Move[]) => {
    for (const move of moves) ledger.set(move.ourNo, move)
  }
  const ask = async (verb: string) => {
    const insurance = fixture.start()
    if (verb === 'charge' || verb === 'query' || verb === 'release') {
      const answer = await insurance[verb](call, order)
      if (answer.outcome === 'confirmed') note([answer.move])
      return answer.outcome
    }
    const refund = verb.toLowerCase().includes('partial') ? partial : whole
    const answer = verb.startsWith('query')
      ? await insurance.queryRefund(call, refund)
      : await insurance.refund(call, refund)
    if (answer.outcome === 'confirmed') note(answer.moves)
    return answer.outcome
  }
  for (const { do: verb, ...what } of steps) {
    if (what.infno && what.fault) centre.fault(what.infno, what.fault)
    else if (verb === 'wait') clock.advance(IN_FLIGHT_MS)
    else await ask(verb).catch(onlyCrashes)
    expect(standingPerVisit(fixture)).toBeLessThanOrEqual(1)
  }
  centre.heal()
  const begun = ['query', 'queryPartial', 'queryWhole']
  for (const verb of [...begun, ...(givesBack ? ['partial', 'whole', 'release'] : [])]) {
    for (let tries = 0; tries < 6; tries++) {
      clock.advance(IN_FLIGHT_MS)
      const outcome = await ask(verb)
      if (outcome !== 'unknown') break
      expect(tries).toBeLessThan(5)
    }
  }
  return ledger
}

function onlyCrashes(error: unknown) {
  if (!String(error).includes('crashed')) throw error
}

const balanceOf = (ledger: ReadonlyMap<string, Move>): number =>
  [...ledger.values()].reduce(
    (sum, move) => sum + (move.kind === 'charge' ? 1 : -1) * totalOf(move.parts),
    0,
  )

function standingPerVisit({ centre }: Fixture): number {
  const standing = centre.settlements.filter((s) => s.kind === 'charge' && s.standing)
  const counts = [...centre.visits.keys()].map(
    (id) => standing.filter((settlement) => settlement.mdtrtId === id).length,
  )
  return Math.max(0, ...counts)
}
