import { cpus, loadavg } from 'node:os'

import type pg from 'pg'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { randomBelow, seededRandom } from '../../../kernel/random.ts'
import { addDays, addMs, businessDate, DAY_MS, HOUR_MS } from '../../../kernel/time.ts'
import { type BalanceAt, balanceOf } from '../../../modules/ledger/index.ts'
import { type Db, inHospital, openDb } from '../../../platform/db.ts'
import { onBed } from '../bed.ts'
import { type BenchResult, type Figure, time } from '../result.ts'
import { median, percentile } from '../statistics.ts'

const HOSPITAL = 1 as HospitalId
const USUAL_ENTRIES = 10_000_000
const ENTRIES_AT_ONCE = 500_000
/** Each has something in every hour of every day, and the till has all of it: more is not to be read of one account. */
const ACCOUNTS = 100
const DAYS = 400
const FIRST_DAY = businessDate('2025-01-01')
const FIRST_MS = Date.UTC(2025, 0, 1)
const QUESTIONS = 500
const LIMIT_MS = 10

type Options = { rounds: number; rows?: number }

/**
 * How long the balance of any account takes, of now, of the end of any date and of any instant, when so many entries are
 * there. They are written as the ledger would have, not posted. Errors: throws when a balance is not what was written.
 */
export async function benchBalances({
  rounds,
  rows = USUAL_ENTRIES,
}: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  return onBed({ hospitals: [], payerCount: 0 }, async (bed) => {
    const everyMs = Math.max(1, Math.floor((DAYS * DAY_MS) / rows))
    await enterEntries(bed.client, rows, everyMs)
    const db = openDb({ url: bed.database.appUrl, role: 'yiqiao_app', maxConnections: 1 })
    try {
      await assertTillAddsUp(db, { rows, everyMs })
      const figures: Figure[] = []
      for (const kind of ['now', 'date', 'instant'] as const) {
        const took: number[] = []
        await timesOf(db, kind, 20) // the first prepare the statement
        for (let round = 0; round < rounds; round++) {
          took.push(...(await timesOf(db, kind, QUESTIONS)))
        }
        const limit = { name: 'limit', value: LIMIT_MS }
        figures.push(
          time(`a balance of ${NAMES[kind]}, half within`, median(took), 'ms', limit),
          time(`a balance of ${NAMES[kind]}, 99 % within`, percentile(took, 99), 'ms', limit),
        )
      }
      const conditions = { entries: rows, accounts: ACCOUNTS + 1, days: DAYS, rounds }
      return {
        bench: 'balances',
        figures,
        conditions: { ...conditions, cores: cpus().length, 'load before': load },
      }
    } finally {
      await db.destroy()
    }
  })
}

const NAMES = { now: 'now', date: 'any date', instant: 'any instant' } as const

/** Entry by entry from the first day on, each a fen from an account to the till; and their sums, as they are folded. */
async function enterEntries(client: pg.Client, rows: number, everyMs: number): Promise<void> {
  await client.query(
    `insert into ledger.account (hospital_id, code, kind, debit_fen, credit_fen, held_fen)
      select $1::int, 'owed/' || n, 'liability', 0, 0, 0 from generate_series(0, $2::int - 1) n
      union all select $1::int, 'till', 'asset', 0, 0, 0`,
    [HOSPITAL, ACCOUNTS],
  )
  for (let from = 0; from < rows; from += ENTRIES_AT_ONCE) {
    await client.query(ENTER, [
      HOSPITAL,
      from,
      Math.min(from + ENTRIES_AT_ONCE, rows) - 1,
      FIRST_MS,
      everyMs,
      ACCOUNTS,
    ])
  }
  await client.query(
    `update ledger.account a set debit_fen = s.debit_fen, credit_fen = s.credit_fen
      from (select account, sum(debit_fen) as debit_fen, sum(credit_fen) as credit_fen
        from ledger.hour_total group by account) s where s.account = a.code`,
  )
  await client.query(
    'vacuum analyze ledger.hour_total, ledger.entry, ledger.transfer, ledger.account',
  )
}

const ENTER = `
  with made as materialized (
    select i, 'owed/' || i % $6::int as account, at,
      (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '70008000' || lpad(to_hex(i), 12, '0'))::uuid
        as id,
      (at at time zone 'UTC')::date as day, date_trunc('hour', at, 'UTC') as hour
    from generate_series($2::bigint, $3::bigint) i
    cross join lateral (select to_timestamp(($4::bigint + i * $5::bigint) / 1000.0) as at) moment
  ), entries as (
    insert into ledger.entry (hospital_id, id, business_date, cause, subject, memo, created_at)
    select $1::int, id, day, 'payment:' || id || ':succeeded', 'payment:' || id, '', at from made
  ), transfers as (
    insert into ledger.transfer (hospital_id, entry_id, line_no, debit_account, credit_account, amount_fen)
    select $1::int, id, 1, 'till', account, 1 from made
  )
  insert into ledger.hour_total as h
    (hospital_id, account, business_date, posted_hour, debit_fen, credit_fen)
  select $1::int, side.account, day, hour, sum(side.debit), sum(side.credit)
  from made cross join lateral (values ('till', 1, 0), (made.account, 0, 1)) side (account, debit, credit)
  group by side.account, day, hour
  on conflict (hospital_id, account, business_date, posted_hour) do update
  set debit_fen = h.debit_fen + excluded.debit_fen, credit_fen = h.credit_fen + excluded.credit_fen`

const balance = (db: Db, code: string, at?: BalanceAt) =>
  inHospital(db, HOSPITAL, (tx) => balanceOf(tx, HOSPITAL, code, at))

async function assertTillAddsUp(db: Db, of: { rows: number; everyMs: number }): Promise<void> {
  const half = addMs(new Date(FIRST_MS), (DAYS / 2) * DAY_MS)
  const untilHalf = Math.min(of.rows, Math.ceil((half.getTime() - FIRST_MS) / of.everyMs))
  const [now, then, atInstant] = [
    await balance(db, 'till'),
    await balance(db, 'till', { date: addDays(FIRST_DAY, DAYS / 2 - 1) }),
    await balance(db, 'till', { instant: addMs(half, -1) }),
  ]
  assert(now?.debitFen === of.rows, 'the till has a fen of each entry')
  assert(then?.debitFen === untilHalf, 'and those of half of the days at their end')
  assert(atInstant?.debitFen === untilHalf, 'and at their last instant')
}

const random = seededRandom('balances')

async function timesOf(db: Db, kind: keyof typeof NAMES, count: number): Promise<number[]> {
  const took: number[] = []
  for (let no = 0; no < count; no++) {
    const code = no % 10 === 0 ? 'till' : `owed/${randomBelow(random, ACCOUNTS)}`
    const date = addDays(FIRST_DAY, randomBelow(random, DAYS))
    const instant = new Date(FIRST_MS + randomBelow(random, DAYS * 24) * HOUR_MS + HOUR_MS / 2)
    const at = { now: undefined, date: { date }, instant: { instant } }[kind]
    const startedAt = performance.now()
    const found = await balance(db, code, at)
    took.push(performance.now() - startedAt)
    assert(found, 'the account is there')
  }
  return took
}
