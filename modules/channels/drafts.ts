import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import { type Db, inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { SealedColumn } from '../../platform/reseal.ts'
import type { Seal, SealPlace } from '../../platform/seal.ts'
import { type DraftCheck, type DraftCheckResult, keptSteps } from './draft-check.ts'
import {
  addCheck,
  deleteDraft,
  deleteOldRuns,
  endRun,
  findCheck,
  findDraft,
  insertDraft,
  insertRun,
  listChecks,
  listDrafts,
  listRuns,
  lockDraft,
  MOST_DRAFTS,
  updateDraft,
} from './draft-store.ts'
import {
  type Draft,
  type DraftId,
  type DraftRun,
  type DraftRunId,
  isRunning,
  type KeptParams,
  type RunStatus,
  testObstacle,
} from './draft.ts'
import { channelErrors } from './errors.ts'
import { findChannel } from './registry-store.ts'

export type ChannelDrafts = ReturnType<typeof createChannelDrafts>

export type DraftDependencies = {
  db: Db
  clock: Clock
  newId: NewId
  audit: Audit
  seal: Seal
}

/** What a descriptor says of itself, or the draft was begun as, while it cannot be read. */
export type DraftText = Pick<Draft, 'name' | 'title' | 'descriptor'>

/** How one draft stands: with its parameters, opened, and its runs, the newest first. */
export type OpenDraft = { draft: Draft; params: KeptParams; runs: DraftRun[] }

/**
 * Channels that a hospital is still describing, and what came of trying them. What a descriptor means is the adapter's to
 * say: here it is text that has a version, and the parameters are sealed, those of each draft under a key of its own.
 *
 * Errors: throws draft_not_found; draft_changed where `from` is not the draft's version any more.
 */
export function createChannelDrafts(deps: DraftDependencies) {
  const { db, clock } = deps
  return {
    list: (hospitalId: HospitalId): Promise<Draft[]> =>
      inHospital(db, hospitalId, (tx) => listDrafts(tx, hospitalId)),
    open: (hospitalId: HospitalId, id: DraftId): Promise<OpenDraft> =>
      inHospital(db, hospitalId, (tx) => open(deps, tx, hospitalId, id)),
    isRegistered: (hospitalId: HospitalId, name: string): Promise<boolean> =>
      inHospital(db, hospitalId, async (tx) => (await findChannel(tx, hospitalId, name)) !== null),
    create: (hospitalId: HospitalId, text: DraftText, actor: Actor): Promise<DraftId> =>
      inHospital(db, hospitalId, (tx) => create(deps, tx, hospitalId, text, actor)),
    change: (hospitalId: HospitalId, id: DraftId, change: DraftChange, actor: Actor) =>
      inHospital(db, hospitalId, (tx) => changeDraft(deps, tx, hospitalId, id, change, actor)),
    remove: (hospitalId: HospitalId, id: DraftId, actor: Actor): Promise<void> =>
      inHospital(db, hospitalId, (tx) => remove(deps, tx, hospitalId, id, actor)),
    beginRun: (hospitalId: HospitalId, id: DraftId, run: NewRun, actor: Actor) =>
      inHospital(db, hospitalId, (tx) => beginRun(deps, tx, hospitalId, id, run, actor)),
    addCheck: (hospitalId: HospitalId, runId: DraftRunId, check: DraftCheck): Promise<boolean> =>
      inHospital(db, hospitalId, (tx) =>
        addCheck(tx, hospitalId, runId, { ...check, steps: keptSteps(check.steps) }, clock.now()),
      ),
    endRun: (
      hospitalId: HospitalId,
      runId: DraftRunId,
      end: { status: Exclude<RunStatus, 'running'>; reason: string | null },
    ): Promise<void> =>
      inHospital(db, hospitalId, (tx) =>
        endRun(tx, hospitalId, runId, { ...end, now: clock.now() }),
      ),
    run: (hospitalId: HospitalId, id: DraftId, runId: DraftRunId): Promise<DraftRunWithChecks> =>
      inHospital(db, hospitalId, async (tx) => {
        const run = await runOf(tx, hospitalId, id, runId)
        return { run, checks: await listChecks(tx, hospitalId, runId) }
      }),
    check: (of: CheckOf): Promise<DraftCheck> =>
      inHospital(db, of.hospitalId, async (tx) => {
        await runOf(tx, of.hospitalId, of.id, of.runId)
        const check = await findCheck(tx, of.hospitalId, of.runId, of.position)
        if (!check) throw channelErrors.draft_run_not_found({ id: of.runId })
        return check
      }),
    goLive: (hospitalId: HospitalId, id: DraftId, live: GoneLive, actor: Actor): Promise<void> =>
      inHospital(db, hospitalId, (tx) => goLive(deps, tx, hospitalId, id, live, actor)),
  }
}

export type DraftRunWithChecks = {
  run: DraftRun
  checks: { position: number; result: DraftCheckResult; stepCount: number }[]
}

type CheckOf = { hospitalId: HospitalId; id: DraftId; runId: DraftRunId; position: number }

const subjectOf = (id: DraftId) => `channel-draft:${id}`

async function open(
  { seal, clock }: DraftDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  id: DraftId,
): Promise<OpenDraft> {
  const stored = await findDraft(tx, hospitalId, id)
  if (!stored) throw channelErrors.draft_not_found({ id })
  const params = openParams(seal, hospitalId, id, stored.paramsSealed)
  const runs = await listRuns(tx, hospitalId, id)
  return { draft: stored.draft, params, runs: runs.map((run) => asItStands(run, clock.now())) }
}

/** A run that died with its process is told as broken off, whatever its row says. */
const asItStands = (run: DraftRun, now: Date): DraftRun =>
  run.status === 'running' && !isRunning(run, now)
    ? { ...run, status: 'broken', reason: 'it was broken off', endedAt: run.touchedAt }
    : run

async function create(
  { clock, newId, audit, seal }: DraftDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  text: DraftText,
  actor: Actor,
): Promise<DraftId> {
  const id = newId<'ChannelDraft'>()
  if ((await listDrafts(tx, hospitalId)).length >= MOST_DRAFTS) {
    throw channelErrors.too_many_drafts({ most: MOST_DRAFTS })
  }
  const known = { id, version: 1, live: null, updatedBy: actor.name, updatedAt: clock.now() }
  const draft: Draft = { ...text, ...known }
  await insertDraft(tx, hospitalId, { draft, paramsSealed: sealParams(seal, hospitalId, id, {}) })
  await audit(tx, hospitalId, actor, {
    action: 'channels.create_draft',
    subject: subjectOf(id),
    detail: { name: text.name },
  })
  return id
}

/** `params` makes the parameters anew of what was kept, in the transaction that holds the draft. */
export type DraftChange = {
  from: number
  text?: DraftText
  params?: (kept: KeptParams) => KeptParams
}

async function changeDraft(
  { clock, audit, seal }: DraftDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  id: DraftId,
  { from, text, params }: DraftChange,
  actor: Actor,
): Promise<void> {
  const { draft, paramsSealed } = await lockedDraft(tx, hospitalId, id, from)
  const kept = openParams(seal, hospitalId, id, paramsSealed)
  const changed = params ? params(kept) : kept
  const isSameText = text === undefined || text.descriptor === draft.descriptor
  if (isSameText && JSON.stringify(changed) === JSON.stringify(kept)) return
  const known = { version: draft.version + 1, updatedBy: actor.name, updatedAt: clock.now() }
  await updateDraft(tx, hospitalId, {
    draft: { ...draft, ...text, ...known },
    paramsSealed: sealParams(seal, hospitalId, id, changed),
  })
  await audit(tx, hospitalId, actor, {
    action: 'channels.change_draft',
    subject: subjectOf(id),
    detail: { version: known.version, what: text ? 'descriptor' : 'parameters' },
  })
}

async function remove(
  { audit }: DraftDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  id: DraftId,
  actor: Actor,
): Promise<void> {
  const stored = await lockDraft(tx, hospitalId, id)
  if (!stored) throw channelErrors.draft_not_found({ id })
  await deleteDraft(tx, hospitalId, id)
  const { name } = stored.draft
  await audit(tx, hospitalId, actor, {
    action: 'channels.remove_draft',
    subject: subjectOf(id),
    detail: { name },
  })
}

export type NewRun = Pick<DraftRun, 'version' | 'kind' | 'sandboxUrl' | 'method' | 'count'>

/** Errors: throws draft_run_running, as two at one time would move each other's sandbox. */
async function beginRun(
  { clock, newId, audit }: DraftDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  id: DraftId,
  wanted: NewRun,
  actor: Actor,
): Promise<DraftRun> {
  const now = clock.now()
  await lockedDraft(tx, hospitalId, id, wanted.version)
  const runs = await listRuns(tx, hospitalId, id)
  const unended = runs.filter(({ status }) => status === 'running')
  if (unended.some((run) => isRunning(run, now))) throw channelErrors.draft_run_running({ id })
  for (const run of unended) {
    const end = { status: 'broken', reason: 'it was broken off', now } as const
    await endRun(tx, hospitalId, run.id, end)
  }
  const run: DraftRun = {
    ...wanted,
    id: newId<'ChannelDraftRun'>(),
    draftId: id,
    status: 'running',
    reason: null,
    startedBy: actor.name,
    startedAt: now,
    touchedAt: now,
    endedAt: null,
  }
  await insertRun(tx, hospitalId, run)
  await deleteOldRuns(tx, hospitalId, id)
  const { version, kind, sandboxUrl } = wanted
  await audit(tx, hospitalId, actor, {
    action: 'channels.test_draft',
    subject: subjectOf(id),
    detail: { version, kind, sandboxUrl },
  })
  return run
}

async function runOf(tx: Tx, hospitalId: HospitalId, id: DraftId, runId: DraftRunId) {
  const run = (await listRuns(tx, hospitalId, id)).find((each) => each.id === runId)
  if (!run) throw channelErrors.draft_run_not_found({ id: runId })
  return run
}

/** `connect` does what makes it live. It may be called again, and must then lead to the same. */
export type GoneLive = { name: string; version: number; connect: () => Promise<void> }

/** Errors: throws draft_not_tested when this very version has not passed the suite; what `connect` throws. */
async function goLive(
  { clock, audit }: DraftDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  id: DraftId,
  { name, version, connect }: GoneLive,
  actor: Actor,
): Promise<void> {
  const { draft, paramsSealed } = await lockedDraft(tx, hospitalId, id, version)
  const suites = (await listRuns(tx, hospitalId, id)).filter(({ kind }) => kind === 'suite')
  const obstacle = testObstacle(version, suites[0] ?? null)
  if (obstacle !== null) throw channelErrors.draft_not_tested({ why: obstacle })
  // While the draft is held, so that nobody changes what was tested before it is there.
  await connect()
  const live = { name, version, at: clock.now() }
  await updateDraft(tx, hospitalId, { draft: { ...draft, live }, paramsSealed })
  await audit(tx, hospitalId, actor, {
    action: 'channels.draft_live',
    subject: subjectOf(id),
    detail: { name, version },
  })
}

async function lockedDraft(tx: Tx, hospitalId: HospitalId, id: DraftId, from: number) {
  const stored = await lockDraft(tx, hospitalId, id)
  if (!stored) throw channelErrors.draft_not_found({ id })
  if (stored.draft.version !== from) throw channelErrors.draft_changed({ version: from })
  return stored
}

const sealParams = (seal: Seal, hospitalId: HospitalId, id: DraftId, params: KeptParams) =>
  seal.seal(placeOf(hospitalId, id), JSON.stringify(params))

const openParams = (seal: Seal, hospitalId: HospitalId, id: DraftId, sealed: string) =>
  JSON.parse(seal.open(placeOf(hospitalId, id), sealed)) as KeptParams

// A key for each draft: the parameters of one, put into the row of another, do not open there.
const placeOf = (hospitalId: HospitalId, id: DraftId): SealPlace => ({
  purpose: `channels.draft.${hospitalId}.${id}`,
  owner: hospitalId,
  row: id,
})

/** To be put under another key. */
export const sealedDrafts: SealedColumn = {
  table: 'channels.draft',
  column: 'params_sealed',
  key: ['hospital_id', 'id'],
  rowsOf: 'hospitals',
  place: ({ hospital_id, id }) => placeOf(Number(hospital_id) as HospitalId, id as DraftId),
}
