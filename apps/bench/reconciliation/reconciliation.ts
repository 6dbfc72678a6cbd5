import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { businessDate } from '../../../kernel/time.ts'
import {
  createMatching,
  type MatchingRules,
  runChild,
  TWO_SIDES_RULES,
} from '../../../modules/reconciliation/index.ts'
import { openDb } from '../../../platform/db.ts'
import { systemClock } from '../../../platform/system.ts'
import { onBed } from '../bed.ts'
import { type BenchResult, type Figure, time } from '../result.ts'
import { median } from '../statistics.ts'
import { bareJoin, seededOf, SIDES, writeFiles } from './files.ts'

const ROWS = 1_000_000
const DATE = businessDate('2026-11-20')
const HOSPITAL = 1 as HospitalId
const ENGINE = { memoryLimitMb: 1_024, threads: 2 }
const MOST_OPEN = 300_000
const TIMEOUT_MS = 900_000

/** What is aimed at: beside the bare join, megabytes, milliseconds for four sides of ten million, growth over linear. */
const LIMITS = { bareJoins: 2, memoryMb: 2_048, fourWaysMs: 60_000, growth: 1.2 }

type Options = { rounds: number; rows?: number }
type Taken = {
  ms: number[]
  bareMs: number[]
  bareAmountsMs: number[]
  /** Of the processor: what the machine's other work does not lengthen. */
  processorMs: number[]
  bareProcessorMs: number[]
  peakMb: number
}

/**
 * Two sides of `rows` rows each, in files, with 0.1 % seeded differences: compared by ours and by the bare join of the
 * same files, in turn. Then four sides, with what differs written to the database. Errors: throws when a seeded
 * difference is not found, or one that was not seeded is.
 */
export async function benchReconciliation({ rounds, rows = ROWS }: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  const folder = await mkdtemp(join(tmpdir(), 'yiqiao-matching-'))
  try {
    const tenth = Math.round(rows / 10)
    const small = await twoWays(folder, tenth, rounds)
    const large = await twoWays(folder, rows, rounds)
    const four = await fourWays(folder, rows)
    const growth = median(large.ms) / median(small.ms) / 10
    const limit = { name: 'the limit' }
    return {
      bench: 'reconciliation',
      figures: [
        ...besideBare(`two_way_${shortly(rows)}`, large),
        besideLimit(`two_way_${shortly(rows)}, memory`, large.peakMb, 'MB', LIMITS.memoryMb),
        time(`two_way, ${shortly(tenth)} to ${shortly(rows)}, over linear`, growth, 'times', {
          ...limit,
          value: LIMITS.growth,
        }),
        besideLimit(`four_way_${shortly(rows)}`, four.ms, 'ms', LIMITS.fourWaysMs),
        besideLimit(`four_way_${shortly(rows)}, memory`, four.peakMb, 'MB', LIMITS.memoryMb),
      ],
      conditions: {
        'rows of each side': rows,
        'differences seeded': Object.values(seededOf(rows)).reduce((sum, count) => sum + count, 0),
        'limit beside the bare join, times': LIMITS.bareJoins,
        'memory given to the engine, MB': ENGINE.memoryLimitMb,
        rounds,
        cores: cpus().length,
        'load before': load,
        'load after': loadavg()[0] ?? 0,
      },
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const besideLimit = (name: string, value: number, unit: string, limit: number): Figure =>
  time(name, value, unit, { name: 'the limit', value: limit })

const besideBare = (name: string, taken: Taken): Figure[] => [
  time(name, median(taken.ms), 'ms', {
    name: 'bare join of the same columns',
    value: median(taken.bareMs),
  }),
  time(`${name}, processor`, median(taken.processorMs), 'ms', {
    name: 'bare join of the same columns',
    value: median(taken.bareProcessorMs),
  }),
  time(name, median(taken.ms), 'ms', {
    name: 'bare join of amounts only',
    value: median(taken.bareAmountsMs),
  }),
]

const shortly = (rows: number): string =>
  rows % 1_000_000 === 0 ? `${rows / 1_000_000}m` : `${Math.round(rows / 1_000)}k`

async function twoWays(folder: string, rows: number, rounds: number): Promise<Taken> {
  const sides = await writeFiles(folder, rows, ['hub', 'provider'])
  const taken: Taken = {
    ms: [],
    bareMs: [],
    bareAmountsMs: [],
    processorMs: [],
    bareProcessorMs: [],
    peakMb: 0,
  }
  const { hubLacks, providerLacks, amount, fee } = seededOf(rows)
  for (let round = 0; round < rounds; round++) {
    const amounts = await bareJoin(sides, { folder, columns: 'amounts' })
    const all = await bareJoin(sides, { folder, columns: 'all' })
    assertSame('the bare join', all.counts, [hubLacks, providerLacks, amount, fee])
    taken.bareAmountsMs.push(amounts.tookMs)
    taken.bareMs.push(all.tookMs)
    const path = join(folder, `result-${rows}-${round}.ndjson`)
    const job = {
      sides,
      rules: TWO_WAYS,
      businessDate: DATE,
      mostOpen: MOST_OPEN,
      engine: { ...ENGINE, folder },
      pools: [],
      path,
    }
    const startedAt = performance.now()
    const { processorMs, peakMemoryMb } = await runChild(job, { timeoutMs: TIMEOUT_MS })
    taken.ms.push(performance.now() - startedAt)
    assertClasses(rows, classesOf(path), TWO_WAY_CLASSES)
    taken.processorMs.push(processorMs)
    taken.bareProcessorMs.push(all.processorMs)
    taken.peakMb = Math.max(taken.peakMb, peakMemoryMb)
  }
  return taken
}

type Classes = Partial<Record<string, { count: number }>>

/** Of a result, whose last line sums it up. */
function classesOf(path: string): Classes {
  const last = readFileSync(path, 'utf8').trimEnd().split('\n').at(-1) ?? ''
  const { end } = JSON.parse(last) as { end: { summary: { classes: Classes } } }
  return end.summary.classes
}

/** Through all that a run is: the process of its own, and what differs in the database. */
async function fourWays(folder: string, rows: number) {
  const sides = await writeFiles(folder, rows, SIDES)
  return onBed({ hospitals: [], payerCount: 0 }, async (bed) => {
    const db = openDb({ url: bed.database.appUrl, role: 'yiqiao_app' })
    try {
      let peakMb = 0
      const matching = createMatching({
        db,
        clock: systemClock,
        folder,
        ...ENGINE,
        mostOpen: MOST_OPEN,
        onStage: (_stage, about) => (peakMb = Math.max(peakMb, about?.peakMemoryMb ?? 0)),
      })
      const startedAt = performance.now()
      const run = await matching.run(HOSPITAL, DATE, sides, FOUR_WAYS)
      assertClasses(rows, run.summary?.classes ?? {}, FOUR_WAY_CLASSES)
      return { ms: performance.now() - startedAt, peakMb }
    } finally {
      await db.destroy()
    }
  })
}

const TWO_WAY_CLASSES = { providerOnly: 'provider_only', hubOnly: 'hub_only' } as const
const FOUR_WAY_CLASSES = { providerOnly: 'provider_only', hubOnly: 'provider_missing' } as const

/** Every seeded difference by its class, and no other. */
function assertClasses(
  rows: number,
  classes: Classes,
  names: typeof TWO_WAY_CLASSES | typeof FOUR_WAY_CLASSES,
): void {
  const { hubLacks, providerLacks, amount, fee } = seededOf(rows)
  const expected = {
    [names.providerOnly]: hubLacks,
    [names.hubOnly]: providerLacks,
    amount_provider: amount,
    fee,
  }
  const found = Object.fromEntries(
    Object.entries(classes).map(([name, facts]) => [name, facts?.count]),
  )
  const sorted = (of: Record<string, unknown>) =>
    JSON.stringify(Object.entries(of).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  assert(sorted(found) === sorted(expected), `found ${sorted(found)} of ${sorted(expected)}`)
}

const assertSame = (what: string, found: readonly number[], expected: readonly number[]): void =>
  assert(found.join() === expected.join(), `${what} finds ${expected.join()}, not ${found.join()}`)

const [TRADES] = TWO_SIDES_RULES.relations
const ALL_COLUMNS = ['provider_no', 'fee_fen', 'account', 'business_date'] as const

const same = (sides: string[]): MatchingRules['relations'] =>
  TRADES?.form === 'rows'
    ? [{ ...TRADES, sides, same: ALL_COLUMNS.map((column) => ({ column, sides })) }]
    : []

const TWO_WAYS: MatchingRules = { ...TWO_SIDES_RULES, relations: same(['hub', 'provider']) }

const FOUR_WAYS: MatchingRules = {
  ...TWO_SIDES_RULES,
  id: 'four_ways',
  sides: [
    ...TWO_SIDES_RULES.sides,
    { name: 'his', role: 'his' },
    { name: 'insurer', role: 'party' },
  ],
  relations: same([...SIDES]).map((relation) =>
    relation.form === 'rows'
      ? {
          ...relation,
          key: {
            id: 'our_no',
            columns: Object.fromEntries(SIDES.map((side) => [side, 'our_no' as const])),
          },
        }
      : relation,
  ),
}
