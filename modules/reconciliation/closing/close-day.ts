import type { HospitalId } from '../../../kernel/id.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import { countOpenCases } from '../case-store.ts'
import { arrivalsOf, lockDay } from '../day-store.ts'
import type { ReconciliationDependencies } from '../dependencies.ts'
import { openDifferences } from '../difference-store.ts'
import { reconciliationErrors } from '../errors.ts'
import { lastFinishedDate } from '../timetable.ts'
import { daySubject } from '../work-case.ts'
import { type Check, checklistOf } from './checklist.ts'
import { type Closing, closingsOf, insertClosing, insertReopening } from './closing-store.ts'
import { changesBetween, digestOf, type FigureChange } from './day-facts.ts'
import { factsOfDay } from './read-facts.ts'

type DayKey = { hospitalId: HospitalId; date: BusinessDate }

export type ClosingStanding = {
  checklist: Check[]
  isLocked: boolean
  /** The newest first. */
  closings: Closing[]
  /** What came out otherwise since the newest closing: figures of a late list, say. */
  changedSince: FigureChange[]
}

/** How a day stands to its closing. Errors: day_not_found. */
export const closingStanding = (
  deps: ReconciliationDependencies,
  { hospitalId, date }: DayKey,
): Promise<ClosingStanding> =>
  inHospital(deps.db, hospitalId, async (tx) => {
    const closings = await closingsOf(tx, hospitalId, date)
    const [newest] = closings
    const now = newest && (await factsOfDay(tx, hospitalId, date))
    return {
      checklist: await checklist(deps, tx, { hospitalId, date }),
      isLocked: newest !== undefined && newest.reopened === null,
      closings,
      changedSince: newest && now ? changesBetween(newest.facts.figures, now.figures) : [],
    }
  })

/**
 * Finance closes a day: its figures are kept as they stand, and the books of the date take nothing more. With cases
 * that people still have it needs a note that says why. Returns the version, from 1.
 *
 * Errors: day_not_found, day_not_over, day_locked, day_not_ready (with the checks that are open), note_needed.
 */
export async function closeDay(
  deps: ReconciliationDependencies,
  { hospitalId, date }: DayKey,
  note: string | null,
  actor: Actor,
): Promise<number> {
  const { db, clock, audit } = deps
  if (date > lastFinishedDate(clock.now())) throw reconciliationErrors.day_not_over({ date })
  return inHospital(db, hospitalId, async (tx) => {
    await lockDay(tx, hospitalId, date)
    const [newest] = await closingsOf(tx, hospitalId, date)
    if (newest && newest.reopened === null) throw reconciliationErrors.day_locked({ date })
    mayClose(date, await checklist(deps, tx, { hospitalId, date }), note)
    const facts = await factsOfDay(tx, hospitalId, date)
    const version = (newest?.version ?? 0) + 1
    const [closedBy, closedAt] = [actor.name, clock.now()]
    const closing = { version, facts, digest: digestOf(facts), note, closedBy, closedAt }
    await insertClosing(tx, { hospitalId, date }, closing)
    await deps.books?.close(tx, hospitalId, date, actor)
    await audit(tx, hospitalId, actor, {
      action: 'reconciliation.lock_day',
      subject: daySubject(date),
      detail: { version, digest: closing.digest, note },
    })
    return version
  })
}

function mayClose(date: BusinessDate, checks: readonly Check[], note: string | null): void {
  const open = checks.filter(({ outcome }) => outcome === 'open').map(({ name }) => name)
  if (open.length > 0) throw reconciliationErrors.day_not_ready({ date, open: open.join(' ') })
  const isWarned = checks.some(({ outcome }) => outcome === 'warned')
  if (isWarned && note === null) throw reconciliationErrors.note_needed({ date })
}

/** Ends the newest closing, which is kept. Errors: day_not_found, day_not_locked. */
export async function reopenDay(
  deps: ReconciliationDependencies,
  { hospitalId, date }: DayKey,
  reason: string,
  actor: Actor,
): Promise<void> {
  const { db, clock, audit } = deps
  await inHospital(db, hospitalId, async (tx) => {
    await lockDay(tx, hospitalId, date)
    const [newest] = await closingsOf(tx, hospitalId, date)
    if (!newest || newest.reopened) throw reconciliationErrors.day_not_locked({ date })
    const { version } = newest
    const reopening = { at: clock.now(), by: actor.name, reason }
    await insertReopening(tx, { hospitalId, date }, version, reopening)
    await deps.books?.reopen(tx, hospitalId, date, actor)
    await audit(tx, hospitalId, actor, {
      action: 'reconciliation.reopen_day',
      subject: daySubject(date),
      detail: { version, reason },
    })
  })
}

/** One version with what changed from the one before. Errors: closing_not_found. */
export const closingOf = (
  deps: ReconciliationDependencies,
  { hospitalId, date }: DayKey,
  version: number,
): Promise<{ closing: Closing; changes: FigureChange[] }> =>
  inHospital(deps.db, hospitalId, async (tx) => {
    const closings = await closingsOf(tx, hospitalId, date)
    const closing = closings.find((each) => each.version === version)
    if (!closing) throw reconciliationErrors.closing_not_found({ date, version })
    const before = closings.find((each) => each.version === version - 1)
    const { figures } = closing.facts
    return { closing, changes: before ? changesBetween(before.facts.figures, figures) : [] }
  })

async function checklist(
  { books }: ReconciliationDependencies,
  tx: Tx,
  { hospitalId, date }: DayKey,
): Promise<Check[]> {
  const lists = await arrivalsOf(tx, hospitalId, date)
  const open = await openDifferences(tx, hospitalId, date)
  return checklistOf({
    lists,
    openDifferences: open.filter(({ status }) => status !== 'in_case').length,
    openCases: await countOpenCases(tx, hospitalId, date),
    missingInBooks: (await books?.missing(tx, hospitalId, date)) ?? 0,
  })
}
