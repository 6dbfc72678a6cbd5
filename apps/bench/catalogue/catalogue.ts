import { cpus, loadavg } from 'node:os'

import { assert } from '../../../kernel/assert.ts'
import { seededRandom } from '../../../kernel/random.ts'
import { businessDate } from '../../../kernel/time.ts'
import {
  type BillLine,
  type CatalogueIndex,
  indexCatalogue,
  splitLines,
} from '../../../modules/catalogue/index.ts'
import { type BenchResult, time } from '../result.ts'
import { percentile } from '../statistics.ts'
import { billOf, catalogueOf, ENTRIES, LINES } from './bills.ts'

/** What is aimed at for a bill of a thousand lines. */
const LIMIT_MS = 20
/** So many different bills take turns, and nothing is remembered from one to the next. */
const BILLS = 20
const WARM_UP_MS = 500

type Options = { seconds: number; rounds: number }

/**
 * A thousand lines of a bill matched to a catalogue of a hundred thousand entries and split, beside the limit: as bills come, and as
 * the worst that could, where no line has a code and every name has a slip. In one thread, each line from its text on.
 * Errors: throws when lines of the ordinary bill are mostly not matched, or a split does not add up.
 */
export async function benchCatalogue({ seconds, rounds }: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  const random = seededRandom('catalogue')
  const entries = catalogueOf(random)
  const startedAt = performance.now()
  const index = indexCatalogue(entries)
  const indexMs = performance.now() - startedAt
  const billsOf = (slips: boolean) =>
    Array.from({ length: BILLS }, () => billOf(random, entries, { slips }))
  const [usual, worst] = [billsOf(false), billsOf(true)]
  const matched = usual.flatMap((bill) => split(index, bill)).filter((line) => line.entryCode)
  assert(matched.length > BILLS * LINES * 0.6, 'most lines of a usual bill are matched')
  const usualMs: number[] = []
  const worstMs: number[] = []
  for (const bills of [usual, worst]) timesMs(index, bills, WARM_UP_MS)
  for (let round = 0; round < rounds; round++) {
    usualMs.push(...timesMs(index, usual, seconds * 1_000))
    worstMs.push(...timesMs(index, worst, seconds * 1_000))
  }
  const beside = { name: 'the limit for 1,000 lines', value: LIMIT_MS }
  return {
    bench: 'catalogue',
    figures: [
      time('1,000 lines as they come, half within', percentile(usualMs, 50), 'ms', beside),
      time('1,000 lines as they come, 99 % within', percentile(usualMs, 99), 'ms', beside),
      time('1,000 misspelt, no codes, half within', percentile(worstMs, 50), 'ms', beside),
      time('1,000 misspelt, no codes, 99 % within', percentile(worstMs, 99), 'ms', beside),
    ],
    conditions: {
      'entries of the catalogue': ENTRIES,
      lines: LINES,
      'different bills': BILLS,
      'lines matched without a person, in a thousand': Math.round(matched.length / BILLS),
      'making the catalogue ready, ms': Math.round(indexMs),
      'bills timed': usualMs.length + worstMs.length,
      rounds,
      'seconds each': seconds,
      cores: cpus().length,
      'load before': load,
    },
  }
}

const RULES = {
  level: '3',
  on: businessDate('2026-11-23'),
  acceptFrom: 900,
  known: new Map<string, string | null>(),
} as const

const split = (index: CatalogueIndex, bill: readonly BillLine[]) => splitLines(index, bill, RULES)

function timesMs(index: CatalogueIndex, bills: readonly BillLine[][], forMs: number): number[] {
  const startedAt = performance.now()
  const times: number[] = []
  while (performance.now() - startedAt < forMs || times.length < bills.length) {
    const bill = bills[times.length % bills.length] ?? []
    const from = performance.now()
    const lines = split(index, bill)
    times.push(performance.now() - from)
    assert(
      lines.every(
        (line) =>
          line.ownFen + line.overLimitFen + line.firstShareFen + line.inScopeFen === line.amountFen,
      ),
      'every line adds up',
    )
  }
  return times
}
