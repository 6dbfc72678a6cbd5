import { cpus, loadavg } from 'node:os'

import { assert } from '../../../kernel/assert.ts'
import { createSandbox } from '../../../platform/descriptor/expressions-sandbox.ts'
import { createExpressions } from '../../../platform/descriptor/expressions.ts'
import { type BenchResult, type Figure, time } from '../result.ts'
import { median, percentile } from '../statistics.ts'
import { billOf, FIELDS, MAPPING } from './bill.ts'

const ITEMS = 300
const LIMIT_MS = 5
const TIMES = 200
/** The interpreter is some twenty times as slow, and has nothing to show by being run as often. */
const TIMES_INTERPRETED = 20
const UNTIL_WARM = 20
const TIMEOUT_MS = 60_000
const MAX_CHARACTERS = 200_000

type Options = { rounds: number; items?: number }

/**
 * How long the mapping of a bill takes, its JSON included, beside what is aimed at and beside the same expression in
 * jsonata's own interpreter, in its sandbox. Errors: throws when the two do not give the same.
 */
export async function benchMapping({ rounds, items = ITEMS }: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  const bill = billOf(items)
  const expressions = createExpressions(TIMEOUT_MS, MAX_CHARACTERS)
  const sandbox = createSandbox(TIMEOUT_MS, MAX_CHARACTERS)
  const compiled = () => {
    const result = expressions.evaluate(MAPPING, bill)
    assert(result.ok, 'the mapping comes off')
    return result.value
  }
  const interpreted = () => {
    const said = sandbox.evaluate(MAPPING, JSON.stringify(bill))
    assert('value' in said && said.value !== null, 'the mapping comes off in the sandbox')
    return JSON.parse(said.value) as unknown
  }
  assert(
    JSON.stringify(compiled()) === JSON.stringify(interpreted()),
    'both ways give the same, in the same order',
  )
  repeat(UNTIL_WARM, compiled)
  const ours: Taken = { eachMs: [], processorMs: [] }
  const theirs: Taken = { eachMs: [], processorMs: [] }
  for (let round = 0; round < rounds; round++) {
    take(ours, TIMES, compiled)
    take(theirs, TIMES_INTERPRETED, interpreted)
  }
  return {
    bench: 'mapping',
    figures: figuresOf(ours, theirs),
    conditions: {
      'items of the bill': items,
      'fields of an item': FIELDS,
      'times in each round': `${TIMES}, interpreted ${TIMES_INTERPRETED}`,
      rounds,
      cores: cpus().length,
      'load before': load,
      'load after': loadavg()[0] ?? 0,
    },
  }
}

type Taken = { eachMs: number[]; processorMs: number[] }

function figuresOf(ours: Taken, theirs: Taken): Figure[] {
  const limit = { name: 'aimed at', value: LIMIT_MS }
  const inSandbox = (value: number) => ({ name: 'interpreted, in the sandbox', value })
  const processor = median(ours.processorMs)
  return [
    time('a bill mapped, processor time', processor, 'ms', limit),
    time('the same', processor, 'ms', inSandbox(median(theirs.processorMs))),
    time('a bill mapped, half within', median(ours.eachMs), 'ms', limit),
    time('the same', median(ours.eachMs), 'ms', inSandbox(median(theirs.eachMs))),
    time('a bill mapped, 99 % within', percentile(ours.eachMs, 99), 'ms', limit),
  ]
}

/** The processor's time is a mean of the round, as its clock is too coarse for one. */
function take(taken: Taken, times: number, work: () => unknown): void {
  const before = process.cpuUsage()
  repeat(times, () => {
    const from = performance.now()
    work()
    taken.eachMs.push(performance.now() - from)
  })
  const { user, system } = process.cpuUsage(before)
  taken.processorMs.push((user + system) / 1_000 / times)
}

function repeat(times: number, work: () => unknown): void {
  for (let i = 0; i < times; i++) work()
}
