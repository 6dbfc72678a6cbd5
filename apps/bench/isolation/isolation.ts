import { rm, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import type pg from 'pg'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { assertSound, type Bed, onBed } from '../bed.ts'
import { payForAWhile } from '../payments/load.ts'
import { type BenchResult, time } from '../result.ts'
import { percentile } from '../statistics.ts'
import { openSidePayers } from './side.ts'

/** Those who are measured pay at the first; the slow channel is at both, as a provider in trouble is everywhere. */
const HOSPITALS = [1, 2] as HospitalId[]
const [MEASURED] = HOSPITALS
const HUB_PROCESS = 'apps/bench/hub-process.ts'
const SLOW_PER_SECOND = 2
const WARM_UP_SECONDS = 2
const TARGET_PERCENT = 10

type Options = { seconds: number; concurrency: number; rounds: number }

/**
 * What a channel that does not answer costs the payers of another one: their payments while it hangs, beside the same
 * while it answers at once. In both its own payers come as often, at two hospitals. The two take turns in one hub of an
 * api and a worker process. Errors: throws when a payment fails, of either channel, or an invariant does not hold.
 */
export async function benchIsolation(options: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  const payerCount = options.concurrency + 1
  return onBed({ hospitals: HOSPITALS, payerCount }, async (bed) => {
    const slowWhile = join(bed.folder, 'slow')
    const settings = JSON.stringify({ slowWhile })
    const api = await bed.start('api', HUB_PROCESS, ['api', settings])
    await bed.start('worker', HUB_PROCESS, ['worker', settings])
    const taken = await takeTurns(bed, { url: String(api.message['url']), slowWhile }, options)
    await assertSound(bed.database)
    return resultOf(taken, { ...options, load })
  })
}

/** Has both sides pay in turn. `payers` are one of the slow channel, and those who are measured. */
export async function takeTurns(
  { client, payers }: Pick<Bed, 'client' | 'payers'>,
  { url, slowWhile }: { url: string; slowWhile: string },
  { seconds, rounds }: Pick<Options, 'seconds' | 'rounds'>,
): Promise<Taken> {
  assert(MEASURED, 'there is a hospital')
  const [sidePayer, ...others] = payers
  assert(sidePayer, 'somebody pays by the slow channel')
  const pay = (forSeconds: number) =>
    payForAWhile({ url, hospitalId: MEASURED, payers: others, seconds: forSeconds })
  await pay(WARM_UP_SECONDS)
  const side = await openSidePayers({ url, payer: sidePayer })
  const taken: Taken = { without: [], with: [], sidePayments: 0 }
  for (let round = 0; round < rounds; round++) {
    for (const isSlow of [false, true]) {
      if (isSlow) await writeFile(slowWhile, '')
      const coming = side.come(HOSPITALS, SLOW_PER_SECOND, seconds)
      const { latenciesMs } = await pay(seconds)
      await coming
      await rm(slowWhile, { force: true })
      taken[isSlow ? 'with' : 'without'].push(...latenciesMs)
      await untilAllPaid(client)
    }
  }
  await side.close()
  return { ...taken, sidePayments: side.begun() }
}

const ALL_PAID_WITHIN_MS = 60_000
const LOOK_EVERY_MS = 200

/** Once the channel answers again, whoever waited for it has paid a little later: no turn begins with the last one's. */
export async function untilAllPaid(client: pg.Client): Promise<void> {
  const giveUpAt = performance.now() + ALL_PAID_WITHIN_MS
  for (;;) {
    const { rows } = await client.query<{ open: string }>(
      "select count(*) as open from payments.payment where status <> 'succeeded'",
    )
    if (Number(rows[0]?.open) === 0) return
    assert(performance.now() < giveUpAt, `all have paid in a minute, but ${rows[0]?.open}`)
    await delay(LOOK_EVERY_MS)
  }
}

/** Times of payments of the channel that answers, and how many were begun through the other one. */
export type Taken = { without: number[]; with: number[]; sidePayments: number }

/** Pure: how much longer the same share of payments took. */
export function resultOf(
  taken: Taken,
  { seconds, concurrency, rounds, load }: Options & { load: number },
): BenchResult {
  const figure = (name: string, percent: number) =>
    time(name, percentile(taken.with, percent), 'ms', {
      name: 'the same while it answers',
      value: percentile(taken.without, percent),
    })
  return {
    bench: 'isolation',
    figures: [
      figure("others' payment while a channel hangs, half within", 50),
      figure("others' payment while a channel hangs, 99 % within", 99),
    ],
    conditions: {
      'change of the 99 %, %': changePercent(taken, 99),
      'target, % at most': TARGET_PERCENT,
      'payments measured': `${taken.without.length} without, ${taken.with.length} with`,
      'payments by the slow channel': taken.sidePayments,
      'begun there, a second': `${SLOW_PER_SECOND} at each of ${HOSPITALS.length} hospitals`,
      rounds,
      'seconds each': seconds,
      'at once': concurrency,
      cores: cpus().length,
      'load before': load,
    },
  }
}

const changePercent = (taken: Taken, percent: number): number =>
  Math.round((percentile(taken.with, percent) / percentile(taken.without, percent) - 1) * 100)
