import { cpus, loadavg } from 'node:os'

import { assert } from '../../../kernel/assert.ts'
import { createNewId, type NewId } from '../../../kernel/id.ts'
import { type Credit, lenderId, type LenderId } from '../../../modules/credit/index.ts'
import type { ChargeOrder, PersonId } from '../../../modules/payments/index.ts'
import { openDb } from '../../../platform/db.ts'
import { systemClock, systemRandom } from '../../../platform/system.ts'
import { assertSound, type Bed, onBed } from '../bed.ts'
import { type BenchResult, type Figure, time } from '../result.ts'
import { median } from '../statistics.ts'
import { AMOUNT_FEN, CALL, enterLines, openLender, openVisits, orderFor } from './lines.ts'

const DRAWS = 500
/** As many as several processes have together. */
const CONNECTIONS = 32
const PLENTY_FEN = 1_000_000_000

type Options = { rounds: number; draws?: number }

const SETTINGS = [
  { name: 'in a visit', id: 900_001, inVisit: true },
  { name: 'each a loan of its own', id: 900_002, inVisit: false },
] as const

/**
 * Many draws at once on one person's line beside as many on a line each, promised and lent. The two sides take turns on
 * one database. Then a line that has only half of what is asked for is asked at once. Errors: throws when a draw fails,
 * when a limit is passed or not reached, and when a book does not agree afterwards.
 */
export async function benchDraws({ rounds, draws = DRAWS }: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  return onBed({ hospitals: [], payerCount: 0 }, async (bed) => {
    const figures: Figure[] = []
    const conditions: BenchResult['conditions'] = {}
    for (const { name, id, inVisit } of SETTINGS) {
      const taken = await turnsOf(bed, lenderId(id), { rounds, draws, inVisit })
      const beside = { name: 'on a line each', value: median(taken.each) }
      figures.push(time(`${draws} draws on one line, ${name}`, median(taken.one), 'ms', beside))
      conditions[`${name}: drawn of a line with half of it, fen`] = taken.drawnFen
    }
    await assertSound(bed.database)
    return {
      bench: 'draws',
      figures,
      conditions: {
        ...conditions,
        rounds,
        connections: CONNECTIONS,
        cores: cpus().length,
        'load before': load,
      },
    }
  })
}

type Turns = { rounds: number; draws: number; inVisit: boolean }

async function turnsOf(bed: Bed, lender: LenderId, { rounds, draws, inVisit }: Turns) {
  const db = openDb({
    url: bed.database.appUrl,
    role: 'yiqiao_app',
    maxConnections: CONNECTIONS,
  })
  try {
    const newId = createNewId(systemClock, systemRandom)
    const credit = await openLender(db, newId, lender)
    const people = async (count: number, limitFen: number) => {
      const personIds = await enterLines(bed.client, newId, {
        lenderId: lender,
        people: count,
        limitFen,
      })
      if (inVisit) await openVisits(credit, newId, { lenderId: lender, personIds })
      return personIds
    }
    const sides = { each: await people(draws, PLENTY_FEN), one: await people(1, PLENTY_FEN) }
    const took = { each: [] as number[], one: [] as number[] }
    await drawAll(credit, await ordersFor(credit, newId, sides.each, draws))
    for (let round = 0; round < rounds; round++) {
      for (const side of ['each', 'one'] as const) {
        const orders = await ordersFor(credit, newId, sides[side], draws)
        const { tookMs, drawn } = await drawAll(credit, orders)
        assert(drawn === draws, `all of ${draws} draws are lent, not ${drawn}`)
        took[side].push(tookMs)
      }
    }
    const half = Math.floor(draws / 2)
    const [poor] = await people(1, half * AMOUNT_FEN)
    assert(poor, 'one person was entered')
    const { drawn } = await drawAll(credit, await ordersFor(credit, newId, [poor], draws))
    assert(drawn === half, `a line of ${half} draws lends ${half}, not ${drawn}`)
    return { ...took, drawnFen: drawn * AMOUNT_FEN }
  } finally {
    await db.destroy()
  }
}

async function ordersFor(
  credit: Credit,
  newId: NewId,
  personIds: readonly PersonId[],
  draws: number,
): Promise<ChargeOrder[]> {
  const orders: ChargeOrder[] = []
  while (orders.length < draws) {
    const personId = personIds[orders.length % personIds.length]
    assert(personId, 'somebody draws')
    orders.push(await orderFor(credit, newId, personId))
  }
  return orders
}

/** All at once: each is promised, and lent as soon as it is. */
async function drawAll({ source }: Credit, orders: readonly ChargeOrder[]) {
  const startedAt = performance.now()
  const answers = await Promise.all(
    orders.map(async (order) => {
      const held = await source.hold(CALL, order)
      return held.outcome === 'held' ? source.charge(CALL, order) : held
    }),
  )
  const tookMs = performance.now() - startedAt
  const wrong = answers.find(({ outcome }) => outcome !== 'confirmed' && outcome !== 'declined')
  assert(!wrong, `a draw is lent or declined: ${JSON.stringify(wrong)}`)
  return { tookMs, drawn: answers.filter(({ outcome }) => outcome === 'confirmed').length }
}
