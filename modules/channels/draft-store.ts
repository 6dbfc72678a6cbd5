import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import { checkJson, type DraftCheck, type DraftCheckResult } from './draft-check.ts'
import type { Draft, DraftId, DraftRun, DraftRunId } from './draft.ts'
import type { ChannelTables } from './tables.ts'

// Drafts and what the bench found out about them: the one place that reads or writes these tables.

const tables = (tx: Tx) => tx.withTables<ChannelTables>()

/** More than a hospital will ever write at one time. */
export const MOST_DRAFTS = 50

type DraftRow = Selectable<ChannelTables['channels.draft']>

/** Newest change first. */
export async function listDrafts(tx: Tx, hospitalId: HospitalId): Promise<Draft[]> {
  const rows = await tables(tx)
    .selectFrom('channels.draft')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MOST_DRAFTS)
    .execute()
  return rows.map(toDraft)
}

export async function findDraft(
  tx: Tx,
  hospitalId: HospitalId,
  id: DraftId,
): Promise<StoredDraft | null> {
  const row = await tables(tx)
    .selectFrom('channels.draft')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? { draft: toDraft(row), paramsSealed: row.params_sealed } : null
}

/** The same, locked until the transaction ends: whoever changes a draft, tests it or takes it live waits here. */
export async function lockDraft(
  tx: Tx,
  hospitalId: HospitalId,
  id: DraftId,
): Promise<StoredDraft | null> {
  const row = await tables(tx)
    .selectFrom('channels.draft')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? { draft: toDraft(row), paramsSealed: row.params_sealed } : null
}

export type StoredDraft = { draft: Draft; paramsSealed: string }

export async function insertDraft(
  tx: Tx,
  hospitalId: HospitalId,
  { draft, paramsSealed }: StoredDraft,
): Promise<void> {
  await tables(tx)
    .insertInto('channels.draft')
    .values({
      hospital_id: hospitalId,
      id: draft.id,
      created_at: draft.updatedAt,
      live_name: null,
      live_version: null,
      live_at: null,
      ...columnsOf(draft, paramsSealed),
    })
    .execute()
}

export async function updateDraft(
  tx: Tx,
  hospitalId: HospitalId,
  { draft, paramsSealed }: StoredDraft,
): Promise<void> {
  const { live } = draft
  await tables(tx)
    .updateTable('channels.draft')
    .set({
      ...columnsOf(draft, paramsSealed),
      live_name: live?.name ?? null,
      live_version: live?.version ?? null,
      live_at: live?.at ?? null,
    })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', draft.id)
    .executeTakeFirstOrThrow()
}

const columnsOf = (draft: Draft, paramsSealed: string) => ({
  name: draft.name,
  title_zh: draft.title.zh,
  title_en: draft.title.en,
  descriptor: draft.descriptor,
  params_sealed: paramsSealed,
  version: draft.version,
  updated_by: draft.updatedBy,
  updated_at: draft.updatedAt,
})

/** With all its runs. */
export async function deleteDraft(tx: Tx, hospitalId: HospitalId, id: DraftId): Promise<void> {
  await deleteRunsBefore(tx, hospitalId, id, null)
  await tables(tx)
    .deleteFrom('channels.draft')
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .execute()
}

export async function insertRun(tx: Tx, hospitalId: HospitalId, run: DraftRun): Promise<void> {
  await tables(tx)
    .insertInto('channels.draft_run')
    .values({
      hospital_id: hospitalId,
      id: run.id,
      draft_id: run.draftId,
      version: run.version,
      kind: run.kind,
      sandbox_url: run.sandboxUrl,
      method: run.method,
      count: run.count,
      status: run.status,
      reason: run.reason,
      started_by: run.startedBy,
      started_at: run.startedAt,
      touched_at: run.touchedAt,
      ended_at: run.endedAt,
    })
    .execute()
}

/** Newest first. */
export async function listRuns(
  tx: Tx,
  hospitalId: HospitalId,
  draftId: DraftId,
): Promise<DraftRun[]> {
  const rows = await tables(tx)
    .selectFrom('channels.draft_run')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('draft_id', '=', draftId)
    .orderBy('id', 'desc')
    .limit(KEPT_RUNS * 2)
    .execute()
  return rows.map(toRun)
}

const KEPT_RUNS = 10

/** Forgets the runs of a draft but the newest few. */
export async function deleteOldRuns(tx: Tx, hospitalId: HospitalId, draftId: DraftId) {
  const oldestKept = (await listRuns(tx, hospitalId, draftId))[KEPT_RUNS - 1]
  if (oldestKept) await deleteRunsBefore(tx, hospitalId, draftId, oldestKept.id)
}

async function deleteRunsBefore(
  tx: Tx,
  hospitalId: HospitalId,
  draftId: DraftId,
  before: DraftRunId | null,
): Promise<void> {
  const older = before === null ? sql`true` : sql`id < ${before}`
  await sql`delete from channels.draft_check where hospital_id = ${hospitalId} and run_id in
    (select id from channels.draft_run
      where hospital_id = ${hospitalId} and draft_id = ${draftId} and ${older})`.execute(tx)
  await sql`delete from channels.draft_run
    where hospital_id = ${hospitalId} and draft_id = ${draftId} and ${older}`.execute(tx)
}

/** Writes a check down while its run goes on. False when the run is there no more, or has ended. */
export async function addCheck(
  tx: Tx,
  hospitalId: HospitalId,
  runId: DraftRunId,
  { position, result, steps }: DraftCheck,
  now: Date,
): Promise<boolean> {
  const touched = await tables(tx)
    .updateTable('channels.draft_run')
    .set({ touched_at: now })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', runId)
    .where('status', '=', 'running')
    .executeTakeFirst()
  if (touched.numUpdatedRows === 0n) return false
  await tables(tx)
    .insertInto('channels.draft_check')
    .values({
      hospital_id: hospitalId,
      run_id: runId,
      position,
      result: checkJson(result),
      steps: checkJson(steps),
      step_count: steps.length,
    })
    .execute()
  return true
}

export async function endRun(
  tx: Tx,
  hospitalId: HospitalId,
  runId: DraftRunId,
  { status, reason, now }: { status: DraftRun['status']; reason: string | null; now: Date },
): Promise<void> {
  await tables(tx)
    .updateTable('channels.draft_run')
    .set({ status, reason, touched_at: now, ended_at: now })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', runId)
    .where('status', '=', 'running')
    .execute()
}

/** The results of a run in order, without their steps, which may be many. */
export async function listChecks(
  tx: Tx,
  hospitalId: HospitalId,
  runId: DraftRunId,
): Promise<{ position: number; result: DraftCheckResult; stepCount: number }[]> {
  return tables(tx)
    .selectFrom('channels.draft_check')
    .select(['position', 'result', 'step_count as stepCount'])
    .where('hospital_id', '=', hospitalId)
    .where('run_id', '=', runId)
    .orderBy('position')
    .execute()
}

export async function findCheck(
  tx: Tx,
  hospitalId: HospitalId,
  runId: DraftRunId,
  position: number,
): Promise<DraftCheck | null> {
  const row = await tables(tx)
    .selectFrom('channels.draft_check')
    .select(['position', 'result', 'steps'])
    .where('hospital_id', '=', hospitalId)
    .where('run_id', '=', runId)
    .where('position', '=', position)
    .executeTakeFirst()
  return row ?? null
}

const toDraft = (row: DraftRow): Draft => ({
  id: row.id,
  name: row.name,
  title: { zh: row.title_zh, en: row.title_en },
  descriptor: row.descriptor,
  version: row.version,
  live:
    row.live_name === null || row.live_version === null || row.live_at === null
      ? null
      : { name: row.live_name, version: row.live_version, at: row.live_at },
  updatedBy: row.updated_by,
  updatedAt: row.updated_at,
})

const toRun = (row: Selectable<ChannelTables['channels.draft_run']>): DraftRun => ({
  id: row.id,
  draftId: row.draft_id,
  version: row.version,
  kind: row.kind,
  sandboxUrl: row.sandbox_url,
  method: row.method,
  count: row.count,
  status: row.status,
  reason: row.reason,
  startedBy: row.started_by,
  startedAt: row.started_at,
  touchedAt: row.touched_at,
  endedAt: row.ended_at,
})
