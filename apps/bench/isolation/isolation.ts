import { rm, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import type pg from 'pg'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { assertSound, type Bed, onBed } from '../bed.ts'
import { CHANNEL as USUAL, payForAWhile } from '../payments/load.ts'
import { type BenchResult, time } from '../result.ts'
import { percentile } from '../statistics.ts'
import { openSidePayers } from './side.ts'
import { SLOW } from './slow.ts'

/** Those who are measured pay at the first. */
const MEASURED = 1 as HospitalId
const OTHER = 2 as HospitalId
/** A channel in trouble is so at every hospital; a hospital's system only at its own. */
const SIDES = {
  channel: { hospitals: [MEASURED, OTHER], channel: SLOW },
  system: { hospitals: [OTHER], channel: USUAL },
} as const
type Side = keyof typeof SIDES
const HUB_PROCESS = 'apps/bench/hub-process.ts'
const SLOW_PER_SECOND = 2
const WARM_UP_SECONDS = 2
const TARGET_PERCENT = 10

type Options = { seconds: number; concurrency: number; rounds: number }

/**
 * What a channel that does not answer costs the payers of another one, and a hospital's system the payers of another
 * hospital: their payments while it hangs, beside the same while it answers at once. In both its own payers come as often.
 * The two take turns in one hub of an api and a worker process. Errors: throws when a payment fails, of either side, or
 * an invariant does not hold.
 */
export async function benchIsolation(options: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  const payerCount = options.concurrency + 1
  return onBed({ hospitals: [MEASURED, OTHER], payerCount }, async (bed) => {
    const files = { channel: join(bed.folder, 'slow'), system: join(bed.folder, 'silent') }
    const silentSystemWhile = { hospitalId: OTHER, file: files.system }
    const settings = JSON.stringify({ slowWhile: files.channel, silentSystemWhile })
    const api = await bed.start('api', HUB_PROCESS, ['api', settings])
    await bed.start('worker', HUB_PROCESS, ['worker', settings])
    const url = String(api.message['url'])
    const channel = await takeTurns(
      bed,
      { url, slowWhile: files.channel, side: 'channel' },
      options,
    )
    const system = await takeTurns(bed, { url, slowWhile: files.system, side: 'system' }, options)
    await assertSound(bed.database)
    return resultOf({ channel, system }, { ...options, load })
  })
}

/** Has both sides pay in turn. `payers` are one of the slow channel, and those who are measured. */
export async function takeTurns(
  { client, payers }: Pick<Bed, 'client' | 'payers'>,
  { url, slowWhile, side: which }: { url: string; slowWhile: string; side: Side },
  { seconds, rounds }: Pick<Options, 'seconds' | 'rounds'>,
): Promise<Taken> {
  const { hospitals, channel } = SIDES[which]
  const [sidePayer, ...others] = payers
  assert(sidePayer, 'somebody pays by the slow channel')
  const pay = (forSeconds: number) =>
    payForAWhile({ url, hospitalId: MEASURED, payers: others, seconds: forSeconds })
  await pay(WARM_UP_SECONDS)
  const side = await openSidePayers({ url, payer: sidePayer, channel })
  const taken: Taken = { without: [], with: [], sidePayments: 0 }
  for (let round = 0; round < rounds; round++) {
    for (const isSlow of [false, true]) {
      if (isSlow) await writeFile(slowWhile, '')
      const coming = side.come(hospitals, SLOW_PER_SECOND, seconds)
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

/** Pure: how much longer the same share of payments took, for each that hung. */
export function resultOf(
  taken: Record<Side, Taken>,
  { seconds, concurrency, rounds, load }: Options & { load: number },
): BenchResult {
  const sides = Object.entries(taken) as [Side, Taken][]
  return {
    bench: 'isolation',
    figures: sides.flatMap(([side, times]) => figuresOf(side, times)),
    conditions: {
      ...Object.fromEntries(sides.flatMap(([side, times]) => conditionsOf(side, times))),
      'target, % at most': TARGET_PERCENT,
      'begun there, a second': `${SLOW_PER_SECOND} at each hospital`,
      rounds,
      'seconds each': seconds,
      'at once': concurrency,
      cores: cpus().length,
      'load before': load,
    },
  }
}

const WORDS: Record<Side, string> = {
  channel: 'a channel',
  system: 'another hospital’s system',
}

const figuresOf = (side: Side, taken: Taken) =>
  ([50, 99] as const).map((percent) =>
    time(
      `others' payment while ${WORDS[side]} hangs, ${percent === 50 ? 'half' : '99 %'} within`,
      percentile(taken.with, percent),
      'ms',
      { name: 'the same while it answers', value: percentile(taken.without, percent) },
    ),
  )

const conditionsOf = (side: Side, taken: Taken): [string, string | number][] => [
  [`change of the 99 % by the ${side}, %`, changePercent(taken, 99)],
  [
    `payments measured beside the ${side}`,
    `${taken.without.length} without, ${taken.with.length} with`,
  ],
  [`payments by the slow ${side}`, taken.sidePayments],
]

const changePercent = (taken: Taken, percent: number): number =>
  Math.round((percentile(taken.with, percent) / percentile(taken.without, percent) - 1) * 100)
