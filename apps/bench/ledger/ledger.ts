import { cpus, loadavg } from 'node:os'

import pg from 'pg'

import { assert } from '../../../kernel/assert.ts'
import { createNewId, type HospitalId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { randomBelow, seededRandom } from '../../../kernel/random.ts'
import { businessDateOf, SECOND_MS } from '../../../kernel/time.ts'
import {
  createLedger,
  createPoster,
  type HoldId,
  type Ledger,
  type LedgerRequest,
} from '../../../modules/ledger/index.ts'
import { noCanaries } from '../../../platform/canary.ts'
import { type Db, openDb } from '../../../platform/db.ts'
import { systemClock, systemRandom } from '../../../platform/system.ts'
import { assertSound, type Bed, onBed } from '../bed.ts'
import { type BenchResult, type Figure, rate, time } from '../result.ts'
import { median, percentile } from '../statistics.ts'
import { assertPeerAddsUp, movePeer, openPeer } from './peer.ts'

const HOSPITAL = 1 as HospitalId
const ACCOUNTS = 100_000
const BATCH = 1_000
/** Of each batch so many promise something, and so many end what the batch before has promised. */
const HOLDS = 50
const SINGLE_PER_SECOND = 500
const SINGLE_LIMITS_MS = { p50: 1, p99: 5 }

type Options = { rounds: number; seconds: number; concurrency: number; rows?: number }

/**
 * Entries by postBatch, with holds and a named result each, beside a function that moves one transfer at a time, on one
 * hot account and between many; the two sides take turns in one database. Then single entries at a fixed rate. Errors:
 * throws when a request is refused, and when the books of either side do not add up afterwards.
 */
export async function benchLedger(options: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  const accounts = options.rows ?? ACCOUNTS
  return onBed({ hospitals: [HOSPITAL], payerCount: 0 }, async (bed) => {
    const sides = await openSides(bed, options.concurrency, accounts)
    const figures: Figure[] = []
    try {
      for (const name of ['hot_account', 'random_accounts'] as const) {
        const spread = name === 'hot_account' ? 1 : Math.floor(accounts / 2)
        const taken = await takeTurns(sides, spread, options)
        const beside = { name: 'one transfer at a time in plpgsql', value: median(taken.peer) }
        figures.push(
          rate(`${name}, entries of batches of ${BATCH}`, median(taken.ours), '/s', beside),
        )
      }
      // What the batches have left to do, the server would do meanwhile.
      await bed.client.query(
        'vacuum analyze ledger.entry, ledger.transfer, ledger.rollup, ledger.hold',
      )
      await bed.client.query('checkpoint')
      await singles(sides, 1)
      figures.push(...figuresOfSingles(await singles(sides, Math.max(options.seconds, 2))))
      await sides.ledger.tidyUp(sides.db, HOSPITAL)
    } finally {
      await sides.close()
    }
    await assertPeerAddsUp(bed.client)
    await assertSound(bed.database)
    return { bench: 'ledger', figures, conditions: conditionsOf(options, accounts, load) }
  })
}

const conditionsOf = (options: Options, accounts: number, load: number) => ({
  ...options,
  accounts,
  batch: BATCH,
  'holds and ends of holds in a batch': 2 * HOLDS,
  sealing: 'in the background, not in this run',
  cores: cpus().length,
  'load before': Number(load.toFixed(1)),
})

type Sides = {
  db: Db
  ledger: Ledger
  peers: pg.Pool
  close: () => Promise<void>
}

async function openSides(bed: Bed, concurrency: number, accounts: number): Promise<Sides> {
  await openPeer(bed.client, accounts)
  await bed.client.query(
    `insert into ledger.account (hospital_id, code, kind, debit_fen, credit_fen, held_fen)
      select $1, 'bench/' || k.name || '/' || n, k.kind, 0, 0, 0 from generate_series(0, $2::int / 2) n
      cross join (values ('till', 'asset'), ('owed', 'liability')) k (name, kind)`,
    [HOSPITAL, accounts],
  )
  await bed.client.query('analyze ledger.account')
  const db = openDb({
    url: bed.database.appUrl,
    role: 'yiqiao_app',
    maxConnections: concurrency + 1,
  })
  const newId = createNewId(systemClock, systemRandom)
  const ledger = createLedger({ clock: systemClock, newId, canaries: noCanaries })
  const peers = new pg.Pool({ connectionString: bed.database.ownerUrl, max: concurrency })
  const close = async () => {
    await db.destroy()
    await peers.end()
  }
  return { db, ledger, peers, close }
}

async function takeTurns(sides: Sides, spread: number, { rounds, seconds, concurrency }: Options) {
  const taken = { ours: [] as number[], peer: [] as number[] }
  for (let round = 0; round <= rounds; round++) {
    const ours = await rateOf({ seconds, concurrency }, () => ourWorker(sides, spread))
    const peer = await rateOf({ seconds, concurrency }, () => peerWorker(sides, spread))
    if (round === 0) continue // the first warms both up
    taken.ours.push(ours)
    taken.peer.push(peer)
  }
  return taken
}

/** How much so many workers do a second, together. */
async function rateOf(
  { seconds, concurrency }: { seconds: number; concurrency: number },
  newWorker: () => () => Promise<number>,
): Promise<number> {
  const startedAt = performance.now()
  const until = startedAt + seconds * SECOND_MS
  const counts = await Promise.all(
    Array.from({ length: concurrency }, async () => {
      const work = newWorker()
      let done = 0
      while (performance.now() < until) done += await work()
      return done
    }),
  )
  const tookMs = performance.now() - startedAt
  return (counts.reduce((sum, count) => sum + count, 0) * SECOND_MS) / tookMs
}

const till = (n: number) => ({ code: `bench/till/${n}`, kind: 'asset' as const })
const owed = (n: number) => ({ code: `bench/owed/${n}`, kind: 'liability' as const })

let causes = 0

function ourWorker({ db, ledger }: Sides, spread: number): () => Promise<number> {
  let held: HoldId[] = []
  return async () => {
    const requests = requestsOf(spread, held)
    const results = await ledger.postBatch(db, HOSPITAL, requests)
    held = results.flatMap((result) => (result.outcome === 'held' ? [result.holdId] : []))
    const refused = results.find(({ outcome }) => outcome !== 'posted' && outcome !== 'held')
    // Nothing has come on an account before the first batch, so that a promise of it may be refused.
    assert(!refused || refused.outcome === 'insufficient', `posted, not ${refused?.outcome}`)
    return results.length
  }
}

function requestsOf(spread: number, held: readonly HoldId[]): LedgerRequest[] {
  const businessDate = today()
  const ends = held.map(
    (holdId) => ({ kind: 'post_hold', holdId, businessDate, ...fact() }) as const,
  )
  const promises = Array.from({ length: HOLDS }, () => holdOf(spread))
  const posts = Array.from({ length: BATCH - ends.length - HOLDS }, () => postOf(spread))
  return [...ends, ...posts, ...promises]
}

const today = () => businessDateOf(systemClock.now())

const fact = () => ({ cause: `bench:${(causes += 1)}`, subject: 'bench', memo: 'bench' })

const holdOf = (spread: number): LedgerRequest => ({
  kind: 'hold',
  debit: owed(0),
  credit: till(anyOf(spread)),
  amountFen: fen(1),
  ...fact(),
})

const postOf = (spread: number): LedgerRequest => ({
  kind: 'post',
  businessDate: today(),
  transfers: [{ debit: till(anyOf(spread)), credit: owed(anyOf(spread)), amountFen: fen(100) }],
  ...fact(),
})

function peerWorker({ peers }: Sides, spread: number): () => Promise<number> {
  return async () => {
    const client = await peers.connect()
    try {
      for (let i = 0; i < 20; i++) {
        await movePeer(client, 2 * anyOf(spread), 2 * anyOf(spread) + 1)
      }
      return 20
    } finally {
      client.release()
    }
  }
}

const random = seededRandom('ledger')
const anyOf = (spread: number) => randomBelow(random, Math.max(spread, 1))

/** Requests that come one by one, at a fixed rate whatever becomes of them, through the poster. */
async function singles({ db, ledger }: Sides, seconds: number): Promise<number[]> {
  const poster = createPoster(db, ledger)
  const tookMs: number[] = []
  const under: Promise<unknown>[] = []
  const startedAt = performance.now()
  const count = SINGLE_PER_SECOND * seconds
  for (let i = 0; i < count; i++) {
    const dueAt = startedAt + (i * SECOND_MS) / SINGLE_PER_SECOND
    while (performance.now() < dueAt) await new Promise((resolve) => setImmediate(resolve))
    under.push(
      poster.request(HOSPITAL, postOf(1)).then(() => tookMs.push(performance.now() - dueAt)),
    )
  }
  await Promise.all(under)
  return tookMs
}

function figuresOfSingles(tookMs: readonly number[]): Figure[] {
  return ([50, 99] as const).map((percent) => {
    const limit = SINGLE_LIMITS_MS[`p${percent}`]
    const beside = { name: `limit at ${SINGLE_PER_SECOND}/s`, value: limit }
    return time(`one entry, p${percent}`, percentile(tookMs, percent), 'ms', beside)
  })
}
