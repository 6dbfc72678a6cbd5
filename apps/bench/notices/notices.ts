import { cpus, loadavg } from 'node:os'

import type pg from 'pg'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import type { Hub } from '../../hub/create-hub.ts'
import { onBed } from '../bed.ts'
import { type BenchResult, type Figure, time } from '../result.ts'
import { percentile } from '../statistics.ts'
import { arriveAt, mostPerSecond } from './arrivals.ts'
import { createSigner, type Signer } from './signed.ts'

const HOSPITAL = 1 as HospitalId
/** The bare route keeps rows of its own hospital, so that both can be counted. */
const OTHER = 2 as HospitalId
/** What is aimed at: 99 % acknowledged within so many ms. */
const LIMIT_MS = 300
/** Nobody listens on port 9 of this machine: hospital, bank and wallet are down. */
export const DEAD_URL = 'http://127.0.0.1:9'
const PROBES = 300
/** Of what is acknowledged at most, so that it is a rate that the machine carries. */
const RATE_PERCENT = 40

type Options = { seconds: number; concurrency: number; rounds: number }

/**
 * How fast a channel's notice is acknowledged while the hospital's system, the bank and the worker are down: signed notices
 * of WeChat Pay to the api process as it runs anywhere, at a steady rate, beside the limit and beside a bare route that
 * inserts the same row. The two routes take turns. Errors: throws when a notice is not acknowledged, or not kept.
 */
export async function benchNotices({ seconds, rounds }: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  const signer = createSigner(DEAD_URL)
  const hospitals = [HOSPITAL, OTHER]
  const enter = (hub: Hub) => connectToNobody(hub, signer)
  return onBed({ hospitals, payerCount: 0, enter }, async (bed) => {
    const { client, database } = bed
    const api = await bed.start('api', 'apps/api/main.ts')
    const ours = `${String(api.message['url'])}/v1/hospitals/${HOSPITAL}/notices/wechat`
    const most = await mostPerSecond(ours, signer.notices(HOSPITAL, PROBES))
    const options = JSON.stringify({
      databaseUrl: database.appUrl,
      hospitalId: OTHER,
      content: await contentOfOne(client),
    })
    const bare = await bed.start('bare', 'apps/bench/bare-process.ts', [options])
    const theirs = String(bare.message['url'])
    await mostPerSecond(theirs, signer.notices(OTHER, PROBES))
    const perSecond = Math.max(Math.floor((most * RATE_PERCENT) / 100), 1)
    const turns = { seconds, rounds, perSecond }
    const taken = await takeTurns({ ours, theirs }, signer, turns)
    await assertKept(client, PROBES + taken.ours.length)
    return resultOf(taken, { ...turns, most, load })
  })
}

/** The hospital's system and its channel, both at an address where nobody is. */
export async function connectToNobody(
  { hospitals }: Hub,
  { params, systemParams }: Signer,
): Promise<void> {
  await hospitals.saveConnection(HOSPITAL, 'wechat', 'wechatpay', params)
  await hospitals.saveConnection(HOSPITAL, 'his', 'standard', systemParams)
}

/** Sends to both in turn. A notice is signed right before its turn, as it is believed for some minutes only. */
export async function takeTurns(
  { ours, theirs }: { ours: string; theirs: string },
  signer: Signer,
  { seconds, rounds, perSecond }: Turns,
): Promise<Taken> {
  const taken: Taken = { ours: [], theirs: [] }
  const count = Math.max(Math.floor(seconds * perSecond), 1)
  for (let round = 0; round < rounds; round++) {
    const first = signer.notices(HOSPITAL, count)
    taken.ours.push(...(await arriveAt(ours, first, perSecond)))
    const second = signer.notices(OTHER, count)
    taken.theirs.push(...(await arriveAt(theirs, second, perSecond)))
  }
  return taken
}

type Turns = { seconds: number; rounds: number; perSecond: number }

/** How long each took to be acknowledged, in ms. */
export type Taken = { ours: number[]; theirs: number[] }

/** What we keep of a notice, for the bare route to keep as much. */
export async function contentOfOne(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ content: string }>(
    'select content::text as content from platform.inbox limit 1',
  )
  const [row] = rows
  assert(row, 'a notice was kept')
  return row.content
}

/** What is acknowledged is kept, and waits for the worker. */
export async function assertKept(client: pg.Client, sent: number): Promise<void> {
  const { rows } = await client.query<{ count: string }>(
    'select count(*) from platform.inbox where hospital_id = $1 and done_at is null',
    [HOSPITAL],
  )
  assert(Number(rows[0]?.count) === sent, `${sent} notices are kept, but ${rows[0]?.count}`)
}

/** Pure: each share of ours beside the same of the bare route, and the one that has a limit beside that. */
export function resultOf(taken: Taken, how: Turns & { most: number; load: number }): BenchResult {
  const beside = (percent: number): Figure =>
    time(`notice acknowledged, ${percent} % within`, percentile(taken.ours, percent), 'ms', {
      name: 'a bare route that inserts the same row',
      value: percentile(taken.theirs, percent),
    })
  const limit = { name: 'the limit', value: LIMIT_MS }
  return {
    bench: 'notices',
    figures: [
      beside(50),
      beside(99),
      time('notice acknowledged, 99 % within', percentile(taken.ours, 99), 'ms', limit),
    ],
    conditions: {
      'down meanwhile': "worker, hospital's system, channel",
      'notices a second': how.perSecond,
      'most a second, 8 at once': Math.round(how.most),
      'notices acknowledged and kept': taken.ours.length,
      rounds: how.rounds,
      'seconds each': how.seconds,
      cores: cpus().length,
      'load before': how.load,
    },
  }
}
