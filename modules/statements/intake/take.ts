import { inHospital } from '../../../platform/db.ts'
import { findSchedule } from '../arrival-store.ts'
import { unpack, UNPACK_LIMITS } from '../containers/unpack.ts'
import type { IntakeLimits, StatementFilesDependencies } from '../dependencies.ts'
import { statementErrors } from '../errors.ts'
import type { FileStore, StoredFile } from '../files/folder.ts'
import type { Layouts } from '../layouts.ts'
import { type Normalised, normalise, type Refused } from '../normal/normalise.ts'
import { FileRefused } from '../refusal.ts'
import { SCAN_LIMITS } from '../scan/cutter.ts'
import { findSame } from '../statement-file-store.ts'
import type { Taking, TakeRequest } from './request.ts'
import { refuseFile, takeFile } from './settle.ts'

const INTAKE_LIMITS: IntakeLimits = {
  fileBytes: 2_147_483_648,
  scan: SCAN_LIMITS,
  unpack: UNPACK_LIMITS,
}

/**
 * Takes a file, whole or not at all: its bytes are kept first, then read by the layout, and its rows count from the moment
 * at which all its sums were right. Safe to be done again, and from several sides at once.
 *
 * Errors: throws statements.source_unknown without a layout, statements.file_too_large; what is wrong with the file itself
 * is no error but its result.
 */
export function createTake(dependencies: StatementFilesDependencies, layouts: Layouts) {
  const { db, store } = dependencies
  const limits: IntakeLimits = { ...INTAKE_LIMITS, ...dependencies.limits }
  return take

  async function take(request: TakeRequest, bytes: AsyncIterable<Uint8Array>): Promise<Taking> {
    const { hospitalId, source } = request
    const schedule = await inHospital(db, hospitalId, (tx) => findSchedule(tx, hospitalId, source))
    const name = request.layout ?? schedule?.layout
    if (name === undefined) throw statementErrors.source_unknown({ source })
    const layout = await layouts.get(hospitalId, name)
    const stored = await receive(store, bytes, limits.fileBytes)
    const asked = request.businessDate ?? null
    const base = {
      hospitalId,
      source,
      name: cleanName(request.name),
      way: request.way,
      sha256: stored.sha256,
      bytes: stored.size,
      layout: layout.name,
      layoutVersion: layout.version,
      takenBy: request.actor.name,
    }
    const known = await inHospital(db, hospitalId, (tx) => findSame(tx, base, asked))
    // A version that another one replaced and that now comes again is news.
    if (known && known.result.status !== 'superseded') return { outcome: 'known', file: known }
    const account = schedule?.account ?? null
    const read = await readFile(store, limits, stored, {
      layout,
      expected: { businessDate: asked, account },
    })
    if (read.outcome === 'refused') return refuseFile(dependencies, request, base, read)
    const { businessDate } = read
    if (businessDate === null) return refuseFile(dependencies, request, base, WITHOUT_DATE)
    return takeFile(dependencies, request, { ...base, businessDate }, read)
  }
}

async function receive(
  store: FileStore,
  bytes: AsyncIterable<Uint8Array>,
  mostBytes: number,
): Promise<StoredFile> {
  try {
    return await store.receive(bytes, mostBytes)
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    throw statementErrors.file_too_large({ most: mostBytes })
  }
}

/** The normalised file is in the store when the outcome is 'taken'. */
async function readFile(
  store: FileStore,
  limits: IntakeLimits,
  stored: StoredFile,
  options: Pick<Parameters<typeof normalise>[0], 'layout' | 'expected'>,
): Promise<Normalised | Refused> {
  const draft = await store.draft()
  try {
    const parts = await unpack(stored, options.layout, limits.unpack)
    const read = await normalise({ ...options, ...draft, parts, limits: limits.scan })
    await (read.outcome === 'taken' ? draft.keep() : draft.discard())
    return read
  } catch (error) {
    await draft.discard()
    if (!(error instanceof FileRefused)) throw error
    const { code, message: reason, lineNo } = error
    return { outcome: 'refused', code, reason, lineNo }
  }
}

const WITHOUT_DATE: Refused = {
  outcome: 'refused',
  code: 'date',
  reason: 'neither it nor its name says which day it is of',
  lineNo: null,
}

const LONGEST_NAME = 200

/** A name is shown and written down, and never a path. */
export function cleanName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const clean = last.replaceAll(/\p{Cc}/gu, ' ').trim()
  return clean === '' ? 'file' : clean.slice(0, LONGEST_NAME)
}
