import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { seededRandom } from '../../kernel/random.ts'
import { addDays } from '../../kernel/time.ts'
import { extractLines, extractOwn } from '../../modules/reconciliation/matching/extract.ts'
import { createMatching } from '../../modules/reconciliation/matching/matching.ts'
import type { Side } from '../../modules/reconciliation/matching/side-files.ts'
import type { MatchingStage } from '../../modules/reconciliation/matching/written.ts'
import {
  PLANTED_DATE,
  PLANTED_RULES,
  plantSides,
  writeSides,
} from '../../modules/reconciliation/testing/planted-sides.ts'
import { inHospital } from '../../platform/db.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'

const ROOT = join(import.meta.dirname, '../..')
const HOSPITAL = 1 as HospitalId
const { clock } = testPlatform()

let folder = ''
let sides: Side[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matching-'))
  const { rows } = plantSides(seededRandom('kept'), 6_000, 20)
  sides = await writeSides(folder, rows)
})
afterAll(() => rm(folder, { recursive: true }))

const newMatching = async (
  db: TestDatabase,
  onStage?: (stage: MatchingStage, about?: { pid?: number }) => void,
) => {
  const place = join(folder, new URL(db.url).pathname)
  await mkdir(place, { recursive: true })
  const matching = createMatching({
    db,
    clock,
    folder: place,
    memoryLimitMb: 256,
    ...(onStage ? { onStage } : {}),
  })
  return { matching, place, run: () => matching.run(HOSPITAL, PLANTED_DATE, sides, PLANTED_RULES) }
}

/** All that a run has left, without its times. */
const kept = (db: TestDatabase) =>
  inHospital(db, HOSPITAL, async (tx) => {
    const rows = async (table: string) =>
      (
        await sql<{ row: unknown }>`select to_jsonb(t) - 'started_at' - 'completed_at' as row
          from ${sql.raw(table)} t where hospital_id = ${HOSPITAL} order by to_jsonb(t)::text`.execute(
          tx,
        )
      ).rows
    return JSON.stringify([
      await rows('reconciliation.matching_run'),
      await rows('reconciliation.matching_difference'),
      await rows('reconciliation.matching_carried'),
    ])
  })

describe('a run', () => {
  it('keeps what differs, and asked for again does nothing again', async () => {
    await using db = await createTestDatabase()
    const stages: MatchingStage[] = []
    const { matching, run, place } = await newMatching(db, (stage) => stages.push(stage))
    const first = await run()
    expect(first.status).toBe('complete')
    const { summary } = first
    const found = await matching.differences(HOSPITAL, first.runId, { after: 0, limit: 10_000 })
    expect(found).toHaveLength(summary?.differences ?? 0)
    expect(found.length).toBeGreaterThan(500)
    const fees = await matching.differences(HOSPITAL, first.runId, {
      after: 0,
      limit: 100,
      class: 'fee',
    })
    expect(fees).toHaveLength(20)
    expect(fees[0]).toMatchObject({ repair: 'hang', atStakeFen: 1, rule: 'our_no' })
    expect(summary?.classes.fee).toEqual({ count: 20, atStakeFen: 20 })
    expect(await readdir(place)).toEqual([])
    const before = await kept(db)
    const count = stages.length
    expect(await run()).toEqual(first)
    expect(stages).toHaveLength(count)
    expect(await kept(db)).toBe(before)
  }, 240_000)

  it('carries rows over at the cut-off, and makes them a difference when nobody has them the next day', async () => {
    await using db = await createTestDatabase()
    const { matching, run } = await newMatching(db)
    const today = await run()
    expect(today.summary?.carried).toBeGreaterThan(0)
    const next = addDays(PLANTED_DATE, 1)
    const empty = await writeSides(await mkdtemp(join(folder, 'next-')), {
      hub: [],
      provider: [late(20)],
      his: [],
      bank: [],
    })
    const tomorrow = await matching.run(HOSPITAL, next, empty, PLANTED_RULES)
    const found = await matching.differences(HOSPITAL, tomorrow.runId, { after: 0, limit: 1_000 })
    const inTransit = found.filter(({ relation }) => relation === 'trades')
    expect(new Set(inTransit.map((d) => d.class))).toEqual(
      new Set(['provider_missing', 'provider_only']),
    )
    expect(inTransit.filter((d) => d.class === 'provider_missing')).toHaveLength(20)
    expect(inTransit.filter((d) => d.class === 'provider_only')).toHaveLength(1)
    expect(tomorrow.runId).not.toBe(today.runId)
  }, 240_000)

  it('says that it stopped when the process that compares is killed, and goes on when asked again', async () => {
    await using db = await createTestDatabase()
    const { run } = await newMatching(db, (stage, about) => {
      if (stage === 'comparing' && about?.pid) process.kill(about.pid, 'SIGKILL')
    })
    await expect(run()).rejects.toMatchObject({ code: 'reconciliation.matching_stopped' })
    const again = await newMatching(db)
    expect((await again.run()).status).toBe('complete')
  }, 240_000)

  it('leaves the same rows wherever it is killed', async () => {
    await using undisturbed = await createTestDatabase()
    const { run } = await newMatching(undisturbed)
    await run()
    const expected = await kept(undisturbed)
    const kills = ['begun', 'comparing', 'compared', 'writing', 'writing 2', 'written'] as const
    await using db = await createTestDatabase()
    const { place, run: finish } = await newMatching(db)
    for (const kill of kills) {
      const [stage = '', at = '1'] = kill.split(' ')
      const signal = await runAndKill([
        db.url,
        place,
        PLANTED_DATE,
        stage,
        at,
        JSON.stringify(sides),
      ])
      expect(`${kill}: ${String(signal)}`).toBe(`${kill}: SIGKILL`)
    }
    await finish()
    expect(await kept(db)).toBe(expected)
  }, 300_000)
})

describe('an extract', () => {
  it('reads the newest version of each date’s list, page by page, and ours', async () => {
    await using db = await createTestDatabase()
    await inHospital(db, HOSPITAL, async (tx) => {
      for (const date of [PLANTED_DATE, addDays(PLANTED_DATE, 1)]) await addList(tx, date)
    })
    const about = { db, hospitalId: HOSPITAL, from: PLANTED_DATE, to: addDays(PLANTED_DATE, 1) }
    const path = join(folder, 'lines.csv')
    const side = await extractLines('provider', { ...about, source: 'wechatpay', path })
    const again = await extractLines('provider', { ...about, source: 'wechatpay', path })
    expect(again).toEqual(side)
    const own = await extractOwn('hub', {
      ...about,
      source: 'wechatpay',
      path: join(folder, 'own.csv'),
    })
    const { matching } = await newMatching(db)
    const rules = (await import('../../modules/reconciliation/matching/default-rules.ts'))
      .TWO_SIDES_RULES
    const run = await matching.run(HOSPITAL, PLANTED_DATE, [own, side], rules)
    expect(run.summary?.classes).toEqual({
      provider_only: { count: 12_000, atStakeFen: 12_000 * 100 },
    })
  }, 240_000)
})

async function addList(tx: Parameters<Parameters<typeof inHospital>[2]>[0], date: string) {
  const day = sql`${HOSPITAL}, ${date}::date`
  await sql`insert into reconciliation.day (hospital_id, business_date, status, version, created_at, updated_at)
    values (${day}, 'open', 0, ${clock.now()}, ${clock.now()})`.execute(tx)
  await sql`insert into reconciliation.arrival (hospital_id, business_date, source, status, newest_version,
      compared_version, compare_due, silences, refusals)
    values (${day}, 'wechatpay', 'received', 2, 0, true, 0, 0)`.execute(tx)
  for (const version of [1, 2]) {
    await sql`insert into reconciliation.statement (hospital_id, business_date, source, version, form, sha256,
        content, line_count, charge_fen, return_fen, received_at)
      values (${day}, 'wechatpay', ${version}, 'lines', 'x', '', 6000, 600000, 0, ${clock.now()})`.execute(
      tx,
    )
    await sql`insert into reconciliation.line (hospital_id, business_date, source, version, line_no, kind, our_no,
        provider_no, amount_fen, at, basis)
      select ${day}, 'wechatpay', ${version}, n, 'charge', ${date} || 'N' || n, 'T' || n, 100, null, 'stated'
      from generate_series(1, 6000) n`.execute(tx)
  }
}

const late = (n: number) => ({
  lineNo: 1,
  kind: 'charge' as const,
  ourNo: `Q${n}`,
  providerNo: null,
  amountFen: fen(100),
  feeFen: null,
  occurredAt: null,
  businessDate: addDays(PLANTED_DATE, 1),
  account: null,
  memo: null,
})

/** Runs in a process of its own until it dies, and says how it did. */
async function runAndKill(args: string[]): Promise<unknown> {
  const script = fileURLToPath(new URL('./matching-killed.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return signal ?? code
}
