import { sql } from 'kysely'

import type { HospitalId } from '../../../kernel/id.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import type { MatchingClass } from './classes.ts'
import type { MatchingRules } from './rules.ts'
import type { RunCarried, RunDifference, RunSummary } from './run-result.ts'
import type { Side } from './side-files.ts'
import type { MatchingTables } from './tables.ts'

// Runs over whole files: the one place that writes these tables.

export type MatchingRun = {
  runId: string
  businessDate: BusinessDate
  status: 'running' | 'complete'
  summary: RunSummary | null
  digest: string | null
  startedAt: Date
  completedAt: Date | null
}

const tables = (tx: Tx) => tx.withTables<MatchingTables>()

export async function findRun(
  tx: Tx,
  hospitalId: HospitalId,
  runId: string,
): Promise<MatchingRun | null> {
  const row = await tables(tx)
    .selectFrom('reconciliation.matching_run')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('run_id', '=', runId)
    .executeTakeFirst()
  return row
    ? {
        runId: row.run_id,
        businessDate: row.business_date,
        status: row.status,
        summary: row.summary,
        digest: row.digest,
        startedAt: row.started_at,
        completedAt: row.completed_at,
      }
    : null
}

type Begun = {
  runId: string
  businessDate: BusinessDate
  rules: MatchingRules
  sides: readonly Side[]
  startedAt: Date
}

/** Leaves a run alone that was begun before. */
export async function insertRun(tx: Tx, hospitalId: HospitalId, run: Begun): Promise<void> {
  await tables(tx)
    .insertInto('reconciliation.matching_run')
    .values({
      hospital_id: hospitalId,
      run_id: run.runId,
      business_date: run.businessDate,
      rules: JSON.stringify(run.rules),
      sides: JSON.stringify(run.sides.map(({ name, sha256 }) => ({ name, sha256 }))),
      status: 'running',
      summary: null,
      digest: null,
      started_at: run.startedAt,
      completed_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function completeRun(
  tx: Tx,
  hospitalId: HospitalId,
  run: { runId: string; summary: RunSummary; digest: string; completedAt: Date },
): Promise<void> {
  await tables(tx)
    .updateTable('reconciliation.matching_run')
    .set({
      status: 'complete',
      summary: JSON.stringify(run.summary),
      digest: run.digest,
      completed_at: run.completedAt,
    })
    .where('hospital_id', '=', hospitalId)
    .where('run_id', '=', run.runId)
    .where('status', '=', 'running')
    .execute()
}

/** Those that are there already stay as they are: the same run finds the same. */
export async function insertDifferences(
  tx: Tx,
  hospitalId: HospitalId,
  runId: string,
  differences: readonly RunDifference[],
): Promise<void> {
  await tables(tx)
    .insertInto('reconciliation.matching_difference')
    .values(
      differences.map((found) => ({
        hospital_id: hospitalId,
        run_id: runId,
        no: found.no,
        relation: found.relation,
        class: found.class,
        kind: found.kind,
        key: found.key,
        sides: JSON.stringify(found.sides),
        at_stake_fen: found.atStakeFen,
        repair: found.repair,
        rule: found.rule,
        evidence: JSON.stringify(found.evidence),
        is_counted: found.isCounted,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function insertCarried(
  tx: Tx,
  hospitalId: HospitalId,
  runId: string,
  carried: readonly RunCarried[],
): Promise<void> {
  await tables(tx)
    .insertInto('reconciliation.matching_carried')
    .values(
      carried.map(({ no, relation, side, row }) => ({
        hospital_id: hospitalId,
        run_id: runId,
        no,
        relation,
        side,
        row: JSON.stringify(row),
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** The last complete run by these rules of the latest of the dates, both with them: its carried rows are tried again with the next. */
export async function newestRunId(
  tx: Tx,
  hospitalId: HospitalId,
  { rulesId, from, to }: { rulesId: string; from: BusinessDate; to: BusinessDate },
): Promise<string | null> {
  const row = await tables(tx)
    .selectFrom('reconciliation.matching_run')
    .select('run_id')
    .where('hospital_id', '=', hospitalId)
    .where(sql<string>`rules->>'id'`, '=', rulesId)
    .where('business_date', '>=', from)
    .where('business_date', '<=', to)
    .where('status', '=', 'complete')
    .orderBy('business_date', 'desc')
    .orderBy('completed_at', 'desc')
    .orderBy('run_id')
    .limit(1)
    .executeTakeFirst()
  return row?.run_id ?? null
}

export async function carriedOf(
  tx: Tx,
  hospitalId: HospitalId,
  runId: string,
  { after, limit }: { after: number; limit: number },
): Promise<RunCarried[]> {
  return tables(tx)
    .selectFrom('reconciliation.matching_carried')
    .select(['no', 'relation', 'side', 'row'])
    .where('hospital_id', '=', hospitalId)
    .where('run_id', '=', runId)
    .where('no', '>', after)
    .orderBy('no')
    .limit(limit)
    .execute()
}

/** In their order; `after` is the last number of the page before. */
export async function differencesOf(
  tx: Tx,
  hospitalId: HospitalId,
  runId: string,
  { after, limit, class: cls }: { after: number; limit: number; class?: MatchingClass },
): Promise<RunDifference[]> {
  const rows = await tables(tx)
    .selectFrom('reconciliation.matching_difference')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('run_id', '=', runId)
    .where('no', '>', after)
    .$if(cls !== undefined, (query) => query.where('class', '=', cls as MatchingClass))
    .orderBy('no')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    no: row.no,
    relation: row.relation,
    class: row.class,
    kind: row.kind,
    key: row.key,
    sides: row.sides,
    atStakeFen: row.at_stake_fen,
    repair: row.repair,
    rule: row.rule,
    evidence: row.evidence,
    isCounted: row.is_counted,
  }))
}
