import { randomUUID } from 'node:crypto'
import { cpus, loadavg } from 'node:os'

import { Pool } from 'undici'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { type Bed, onBed, type Payer } from '../bed.ts'
import { newBillNo, signIn, untilUp } from '../payments/load.ts'
import { type BenchResult, time } from '../result.ts'
import { percentile } from '../statistics.ts'

const HOSPITAL = 1 as HospitalId
const HUB_PROCESS = 'apps/bench/hub-process.ts'
const WARM_UP_SECONDS = 2
/** What is aimed at, over and above the slowest source's own time. */
const LIMIT_MS = 300
/** How long the slowest source takes: at once, and as an insurer over a busy line. */
const SOURCE_MS = [0, 200] as const

type Options = { seconds: number; concurrency: number; rounds: number }

/**
 * How long a payer waits for the plan of a payment over and above the slowest source's own time, beside the limit that is
 * aimed at. An api process for each source's time, on one database, take turns. Errors: throws when a plan is not made, or
 * not kept.
 */
export async function benchQuotes(options: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  return onBed({ hospitals: [HOSPITAL], payerCount: options.concurrency }, async (bed) => {
    const apis: QuotingApi[] = []
    for (const sourceMs of SOURCE_MS) {
      const settings = JSON.stringify({ quoteMs: sourceMs })
      const api = await bed.start(`api-${sourceMs}`, HUB_PROCESS, ['api', settings])
      apis.push({ url: String(api.message['url']), sourceMs })
    }
    const quoted = await quoteInTurns(bed, apis, options)
    return resultOf(quoted, { ...options, load })
  })
}

type QuotingApi = { url: string; sourceMs: number }

/** By the source's own time in ms, how long each quote took. */
export type Quoted = ReadonlyMap<number, number[]>

/** Has the apis quote in turn. Errors: throws when there are not as many payments as were answered. */
export async function quoteInTurns(
  { client, payers }: Pick<Bed, 'client' | 'payers'>,
  apis: readonly QuotingApi[],
  { seconds, rounds, warmUpSeconds = WARM_UP_SECONDS }: TurnOptions,
): Promise<Quoted> {
  const quoted = new Map(apis.map(({ sourceMs }) => [sourceMs, [] as number[]]))
  let total = 0
  for (const { url } of apis) {
    total += (await quoteForAWhile({ url, payers, seconds: warmUpSeconds })).length
  }
  for (let round = 0; round < rounds; round++) {
    for (const { url, sourceMs } of apis) {
      const tookMs = await quoteForAWhile({ url, payers, seconds })
      quoted.get(sourceMs)?.push(...tookMs)
      total += tookMs.length
    }
  }
  const { rows } = await client.query<{ count: string }>('select count(*) from payments.payment')
  assert(Number(rows[0]?.count) === total, `${total} plans are kept, but ${rows[0]?.count}`)
  return quoted
}

type TurnOptions = { seconds: number; rounds: number; warmUpSeconds?: number }

async function quoteForAWhile({ url, payers, seconds }: WhileOptions): Promise<number[]> {
  const api = new Pool(url, { connections: payers.length, pipelining: 1 })
  try {
    await untilUp(api)
    const cookies: string[] = []
    for (const payer of payers) cookies.push(await signIn(api, payer))
    const tookMs: number[] = []
    const startedAt = performance.now()
    await Promise.all(
      cookies.map(async (cookie) => {
        while (performance.now() - startedAt < seconds * 1_000) {
          const beganAt = performance.now()
          await quoteOnce(api, cookie)
          tookMs.push(performance.now() - beganAt)
        }
      }),
    )
    return tookMs
  } finally {
    await api.close()
  }
}

type WhileOptions = { url: string; payers: readonly Payer[]; seconds: number }

async function quoteOnce(api: Pool, cookie: string): Promise<void> {
  const path = `/v1/hospitals/${HOSPITAL}/payments`
  const { statusCode, body } = await api.request({
    method: 'POST',
    path,
    headers: {
      cookie,
      'x-yiqiao-app': 'patient',
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify({
      bills: [{ billNo: newBillNo(), version: 1 }],
      channel: 'wechat',
      useAccount: true,
    }),
  })
  const text = await body.text()
  assert(statusCode === 201, `a plan is made: ${statusCode} ${text}`)
}

/** Pure: what is ours of the time, as what the slowest source took is not. */
export function resultOf(
  quoted: Quoted,
  { seconds, concurrency, rounds, load }: Options & { load: number },
): BenchResult {
  const figures = [...quoted].flatMap(([sourceMs, tookMs]) =>
    [50, 99].map((percent) =>
      time(
        `quote beyond a source of ${sourceMs} ms, ${percent} % within`,
        Math.max(percentile(tookMs, percent) - sourceMs, 0),
        'ms',
        { name: 'the limit', value: LIMIT_MS },
      ),
    ),
  )
  const counts = [...quoted].map(([sourceMs, tookMs]) => `${tookMs.length} of ${sourceMs} ms`)
  return {
    bench: 'quotes',
    figures,
    conditions: {
      'quotes measured': counts.join(', '),
      rounds,
      'seconds each': seconds,
      'at once': concurrency,
      cores: cpus().length,
      'load before': load,
    },
  }
}
