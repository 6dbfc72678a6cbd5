import type { BusinessDate } from '../../../kernel/time.ts'
import { inHospital, type Tx, violatedConstraint } from '../../../platform/db.ts'
import { changeArrival, lockArrival } from '../arrival-store.ts'
import type { StatementFilesDependencies } from '../dependencies.ts'
import { compareLists } from '../normal/changes.ts'
import type { Normalised, Refused } from '../normal/normalise.ts'
import { NORMAL_HEADER } from '../normal/writer.ts'
import { findStanding, insertFile, supersede } from '../statement-file-store.ts'
import { type Changes, type FileResult, isThere, type StatementFile } from '../statement-file.ts'
import type { Taking, TakeRequest } from './request.ts'

// What becomes of a file that was read: its row, the arrival it belongs to, and the version before it.

/** Keeps why a file is not taken. A bad file takes nothing away from the good one before it. */
export async function refuseFile(
  dependencies: StatementFilesDependencies,
  request: TakeRequest,
  base: FileBase,
  refused: Refused,
): Promise<Taking> {
  const { db, clock } = dependencies
  const { code, reason, lineNo } = refused
  const businessDate = request.businessDate ?? null
  const file = newFile(
    dependencies,
    { ...base, businessDate },
    { status: 'refused', code, reason, lineNo },
  )
  await inHospital(db, request.hospitalId, async (tx) => {
    await insertFile(tx, file)
    await note(dependencies, tx, request, file, { code, reason })
    if (businessDate === null) return
    const key = { ...base, businessDate }
    const arrival = await lockArrival(tx, key)
    if (!arrival || isThere(arrival.state)) return
    const last_error = `${code}: ${reason}`
    await changeArrival(tx, key, { state: 'refused', last_error }, clock.now())
  })
  return { outcome: 'refused', file } as const
}

/** Makes a list the one that stands, as the next version of its day. */
export async function takeFile(
  dependencies: StatementFilesDependencies,
  request: TakeRequest,
  base: DatedBase,
  read: Normalised,
): Promise<Taking> {
  for (;;) {
    const taking = await tryToTake(dependencies, request, base, read).catch((error: unknown) => {
      // Somebody else took another file of this day in the same moment.
      if (ONE_AT_A_TIME.has(violatedConstraint(error) ?? '')) return null
      throw error
    })
    if (taking) return taking
  }
}

/** Null when the version it was compared with is no longer the one that stands. */
async function tryToTake(
  dependencies: StatementFilesDependencies,
  request: TakeRequest,
  base: DatedBase,
  read: Normalised,
): Promise<Taking | null> {
  const { db, clock, onTaken } = dependencies
  const { hospitalId, source, businessDate } = base
  const standing = await inHospital(db, hospitalId, (tx) =>
    findStanding(tx, hospitalId, source, businessDate),
  )
  const before = standing && takenOf(standing)
  if (standing && before?.normalSha256 === read.sha256) return { outcome: 'known', file: standing }
  const changes = before && (await changesBetween(dependencies, before, read))
  const file = newFile(dependencies, base, {
    status: 'taken',
    version: (before?.version ?? 0) + 1,
    normalSha256: read.sha256,
    encoding: read.encoding,
    totals: read.totals,
    otherColumns: read.otherColumns,
    changes,
  })
  return inHospital(db, hospitalId, async (tx) => {
    const arrival = await lockArrival(tx, base)
    const now = await findStanding(tx, hospitalId, source, businessDate)
    if (now?.id !== standing?.id) return null
    if (now) await supersede(tx, hospitalId, now.id)
    await insertFile(tx, file)
    await note(
      dependencies,
      tx,
      request,
      file,
      changes ? { replaces: now?.id ?? null, ...changes } : {},
    )
    if (arrival) {
      const state = now ? 'reissued' : 'arrived'
      const over = { due_at: null, next_try_at: null, last_error: null }
      await changeArrival(tx, base, { state, file_id: file.id, ...over }, clock.now())
    }
    await onTaken?.(tx, file)
    return { outcome: 'taken', file } as const
  })
}

async function changesBetween(
  { store }: StatementFilesDependencies,
  before: Taken,
  read: Normalised,
): Promise<Changes> {
  const [old, young] = [await store.open(before.normalSha256), await store.open(read.sha256)]
  const draft = await store.draft()
  try {
    await draft.write(Buffer.from(`change,${NORMAL_HEADER}\n`))
    const rows = Math.max(before.totals.rows, read.totals.rows)
    const lists = { before: () => old.stream(), after: () => young.stream(), rows }
    const counts = await compareLists(lists, (line) => draft.write(Buffer.from(line)))
    return { ...counts, sha256: (await draft.keep()).sha256 }
  } catch (error) {
    await draft.discard()
    throw error
  }
}

const newFile = (
  { newId, clock }: StatementFilesDependencies,
  base: FileBase & { businessDate: BusinessDate | null },
  result: FileResult,
): StatementFile => ({ id: newId<'StatementFile'>(), takenAt: clock.now(), ...base, result })

function note(
  { audit }: StatementFilesDependencies,
  tx: Tx,
  { hospitalId, actor }: TakeRequest,
  file: StatementFile,
  more: Record<string, string | number | null>,
): Promise<void> {
  const { source, businessDate, sha256 } = file
  return audit(tx, hospitalId, actor, {
    action: file.result.status === 'refused' ? 'statements.refuse' : 'statements.take',
    subject: `statement_file:${file.id}`,
    detail: { ...more, source, businessDate, file: sha256 },
  })
}

const ONE_AT_A_TIME = new Set(['file_one_stands', 'file_version_once'])

export type FileBase = Omit<StatementFile, 'id' | 'takenAt' | 'result' | 'businessDate'>
export type DatedBase = FileBase & { businessDate: BusinessDate }
type Taken = Extract<FileResult, { status: 'taken' | 'superseded' }>

const takenOf = ({ result }: StatementFile): Taken | null =>
  result.status === 'refused' ? null : result
