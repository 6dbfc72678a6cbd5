import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { findSchedule, listArrivals, listSchedules, saveSchedule } from './arrival-store.ts'
import type { StatementFilesDependencies } from './dependencies.ts'
import { statementErrors } from './errors.ts'
import { createFetching } from './fetch/fetching.ts'
import { createArrivals } from './intake/arrivals.ts'
import { createDropIn, type DropInOptions } from './intake/drop-in.ts'
import { createTake } from './intake/take.ts'
import { problemOfPattern } from './layout/pattern.ts'
import { createLayouts } from './layouts.ts'
import { exportRows } from './normal/export.ts'
import { pageOfRows } from './normal/statement-rows.ts'
import { NORMAL_HEADER } from './normal/writer.ts'
import { type FileFilter, findFile, findStanding, listFiles } from './statement-file-store.ts'
import type { Schedule, StatementFile, StatementFileId } from './statement-file.ts'

export type StatementFiles = ReturnType<typeof createStatementFiles>

/** Takes the lists of all sources, watches for those that are expected, and keeps what came. */
export function createStatementFiles(dependencies: StatementFilesDependencies) {
  const { db, clock, audit } = dependencies
  const layouts = createLayouts(dependencies)
  const take = createTake(dependencies, layouts)
  const arrivals = createArrivals(dependencies)
  const schedulesOf = (hospitalId: HospitalId) =>
    inHospital(db, hospitalId, (tx) => listSchedules(tx, hospitalId))
  return {
    take,
    ...arrivals,
    ...createFetching(dependencies, take),
    layouts,
    schedulesOf,
    schedule,
    file,
    files: (hospitalId: HospitalId, filter: FileFilter) =>
      inHospital(db, hospitalId, (tx) => listFiles(tx, hospitalId, filter)),
    arrivalsBetween: (hospitalId: HospitalId, from: BusinessDate, to: BusinessDate) =>
      inHospital(db, hospitalId, (tx) => listArrivals(tx, hospitalId, from, to)),
    ...createReads(dependencies, file),
    /** A folder to be looked into by `poll`. */
    dropIn: (options: DropInOptions) =>
      createDropIn({
        ...options,
        clock,
        take,
        schedulesOf,
        ...(dependencies.onError ? { onError: dependencies.onError } : {}),
      }),
  }

  /** Errors: throws statements.schedule_wrong, statements.layout_not_found. */
  async function schedule(hospitalId: HospitalId, wish: Schedule, actor: Actor): Promise<void> {
    await layouts.get(hospitalId, wish.layout)
    const reason = problemOf(wish)
    if (reason) throw statementErrors.schedule_wrong({ reason })
    await inHospital(db, hospitalId, async (tx) => {
      const before = await findSchedule(tx, hospitalId, wish.source)
      await saveSchedule(tx, hospitalId, wish, clock.now())
      await audit(tx, hospitalId, actor, {
        action: 'statements.schedule',
        subject: `statement_schedule:${wish.source}`,
        detail: { layout: wish.layout, isActive: wish.isActive, isNew: before === null },
      })
    })
  }

  /** Errors: throws statements.file_not_found. */
  async function file(hospitalId: HospitalId, id: StatementFileId): Promise<StatementFile> {
    const found = await inHospital(db, hospitalId, (tx) => findFile(tx, hospitalId, id))
    if (!found) throw statementErrors.file_not_found({ id })
    return found
  }
}

/** What a file holds, for people and for whoever compares lists. */
function createReads(
  { db, store }: StatementFilesDependencies,
  file: (hospitalId: HospitalId, id: StatementFileId) => Promise<StatementFile>,
) {
  return { standing, content, rows, rowsPage, changes, changesPage }

  /** The list of a day that counts: the normalised file in the store. Null while there is none. */
  async function standing(hospitalId: HospitalId, source: string, date: BusinessDate) {
    const found = await inHospital(db, hospitalId, (tx) =>
      findStanding(tx, hospitalId, source, date),
    )
    if (!found || found.result.status === 'refused') return null
    return { file: found, normal: await store.open(found.result.normalSha256) }
  }

  /** The bytes as they came, of any file, a refused one too. */
  async function content(hospitalId: HospitalId, id: StatementFileId) {
    const found = await file(hospitalId, id)
    return { file: found, bytes: (await store.open(found.sha256)).stream() }
  }

  /** The rows for people, harmless to a spreadsheet. Errors: throws statements.file_not_taken for a refused file. */
  async function rows(hospitalId: HospitalId, id: StatementFileId) {
    return exportRows((await normalOf(hospitalId, id)).stream(), NORMAL_HEADER.split(','))
  }

  /** Some of the rows, in the file's order. Errors: as `rows`. */
  async function rowsPage(hospitalId: HospitalId, id: StatementFileId, page: PageQuery) {
    const normal = await normalOf(hospitalId, id)
    return pageOfRows(normal.stream(), { ...page, hasChange: false })
  }

  /** What this version says otherwise than the one before. Errors: throws statements.no_earlier_version. */
  async function changes(hospitalId: HospitalId, id: StatementFileId) {
    const listed = await changesOf(hospitalId, id)
    return exportRows(listed.stream(), ['change', ...NORMAL_HEADER.split(',')])
  }

  /** Some of them. Errors: as `changes`. */
  async function changesPage(hospitalId: HospitalId, id: StatementFileId, page: PageQuery) {
    const listed = await changesOf(hospitalId, id)
    return pageOfRows(listed.stream(), { ...page, hasChange: true })
  }

  async function normalOf(hospitalId: HospitalId, id: StatementFileId) {
    const { result } = await file(hospitalId, id)
    if (result.status === 'refused') throw statementErrors.file_not_taken({ code: result.code })
    return store.open(result.normalSha256)
  }

  async function changesOf(hospitalId: HospitalId, id: StatementFileId) {
    const { result } = await file(hospitalId, id)
    if (result.status === 'refused' || !result.changes) throw statementErrors.no_earlier_version()
    return store.open(result.changes.sha256)
  }
}

/** `after`: how many rows come before. */
type PageQuery = { after: number; limit: number }

function problemOf({ expectedAt, lateAt, missingAt, namePattern }: Schedule): string | null {
  const isTime = (text: string) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text)
  if (![expectedAt, lateAt, missingAt].every(isTime)) return 'times are like 09:30'
  if (expectedAt > lateAt || lateAt > missingAt) return 'expected, late, missing: in this order'
  if (namePattern === null) return null
  const problem = problemOfPattern(namePattern)
  return problem ?? (namePattern.includes('(?<date>') ? null : 'the pattern has no group "date"')
}
