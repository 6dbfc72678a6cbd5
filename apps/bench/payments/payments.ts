import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'

import type pg from 'pg'

import type { HospitalId } from '../../../kernel/id.ts'
import { assertSound, type Bed, onBed } from '../bed.ts'
import { type BenchResult, rate, time } from '../result.ts'
import { median, percentile } from '../statistics.ts'
import { payForAWhile } from './load.ts'
import { chooseRunner } from './run-script.ts'
import { type Script, scriptOfSameRows } from './script.ts'
import {
  perPayment,
  totalsOf,
  NOTHING,
  ofPayments,
  type Written,
  written,
  writtenOnceReported,
} from './written.ts'

const HOSPITAL = 1 as HospitalId
/** The bare side writes to rows of its own, so that the hub's can be checked afterwards. */
const OTHER_HOSPITAL = 2 as HospitalId
const HUB_PROCESS = 'apps/bench/hub-process.ts'
const WARM_UP_SECONDS = 2
/** Long enough to tell what one payment writes, on average. */
const COUNTED_SECONDS = 3

type Options = { seconds: number; concurrency: number; rounds: number }

/**
 * Full payments by the public API, on a hub of an api and a worker process and a database that is durable, beside a
 * bare program that writes the same rows into the same database. The two take turns, and the figures are the
 * medians of the rounds. Errors: throws when a payment fails, or an invariant does not hold afterwards.
 */
export async function benchPayments(options: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  return onBed({ hospitals: [HOSPITAL], payerCount: options.concurrency }, async (bed) => {
    const api = await bed.start('api', HUB_PROCESS, ['api'])
    const worker = await bed.start('worker', HUB_PROCESS, ['worker'])
    const hub = { url: String(api.message['url']), pids: [api.pid, worker.pid] }
    const result = await measure(bed, hub, options)
    await assertSound(bed.database)
    return { ...result, conditions: { ...result.conditions, 'load before': load } }
  })
}

async function measure(
  { database, client, payers }: Bed,
  { url, pids }: { url: string; pids: readonly number[] },
  { seconds, concurrency, rounds }: Options,
): Promise<BenchResult> {
  const pay = (forSeconds: number) =>
    payForAWhile({ url, hospitalId: HOSPITAL, payers, seconds: forSeconds })
  const { script, each } = await scriptOfWarmUp(client, pay)
  const bare = chooseRunner()
  const run = (forSeconds: number) =>
    bare.run({ url: database.appUrl, script, seconds: forSeconds, concurrency })
  const before = await written(client)
  const warmUp = await run(1)
  const same = perPayment(before, await written(client), warmUp.payments)
  const cpuBefore = cpuMsOf(pids)
  const ours: Measured[] = []
  const theirs: Measured[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(measured(await pay(seconds)))
    theirs.push(measured(await run(seconds)))
  }
  const paid = ours.reduce((sum, round) => sum + round.payments, 0)
  const both = (of: keyof Measured) =>
    [
      median(ours.map((round) => round[of])),
      { name: bare.name, value: median(theirs.map((round) => round[of])) },
    ] as const
  const figure = (make: typeof rate, name: string, of: keyof Measured, unit: string) => {
    const [value, beside] = both(of)
    return make(name, value, unit, beside)
  }
  return {
    bench: 'payments',
    figures: [
      figure(rate, 'full payments', 'perSecond', '/s'),
      figure(time, 'full payment, half within', 'p50Ms', 'ms'),
      figure(time, 'full payment, 99 % within', 'p99Ms', 'ms'),
    ],
    conditions: {
      rounds,
      'seconds each': seconds,
      'at once': concurrency,
      'payments in all': paid,
      'CPU of the hub per payment, ms': digits((cpuMsOf(pids) - cpuBefore) / paid),
      'rows added per payment': bothTexts(each, same, 'inserted'),
      'rows changed per payment': bothTexts(each, same, 'updated'),
      'transactions that write, per payment': `${digits(each.transactions)}, ${digits(same.transactions)}`,
      cores: cpus().length,
    },
  }
}

const bothTexts = (ours: Written, theirs: Written, of: 'inserted' | 'updated') =>
  `${digits(totalsOf(ours)[of])}, ${digits(totalsOf(theirs)[of])}`

const MS_PER_TICK = 10

/** User and system time so far, by the kernel's word: less troubled by other load than any wall clock. */
const cpuMsOf = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return sum + (Number(afterName[11]) + Number(afterName[12])) * MS_PER_TICK
  }, 0)

const digits = (value: number): string => value.toFixed(1)

type Measured = { payments: number; perSecond: number; p50Ms: number; p99Ms: number }

function measured(work: { payments: number; seconds: number; latenciesMs: number[] }): Measured {
  return {
    payments: work.payments,
    perSecond: work.payments / work.seconds,
    p50Ms: percentile(work.latenciesMs, 50),
    p99Ms: percentile(work.latenciesMs, 99),
  }
}

/** Warms the hub up, counts what it writes, and makes the script of that. */
async function scriptOfWarmUp(
  client: pg.Client,
  pay: (seconds: number) => ReturnType<typeof payForAWhile>,
): Promise<{ script: Script; each: Written }> {
  const warm = await pay(WARM_UP_SECONDS)
  await writtenOnceReported(client, NOTHING, warm.payments)
  const before = await written(client)
  const { payments, lastBillNo } = await pay(COUNTED_SECONDS)
  const after = await writtenOnceReported(client, before, payments)
  const each = ofPayments(perPayment(before, after, payments))
  const same = { hospitalId: HOSPITAL, other: OTHER_HOSPITAL, billNo: lastBillNo, each }
  return { script: await scriptOfSameRows(client, same), each }
}
