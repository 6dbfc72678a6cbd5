import type { HospitalId } from '../../kernel/id.ts'
import { addDays, type BusinessDate, earliest } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { createAdjusting } from './adjustment/adjust.ts'
import { addFinishedDays, rerunDay } from './calendar.ts'
import { nextReminderAt } from './case-store.ts'
import { createCaseWork } from './case-work.ts'
import { endCaseOf, openCase } from './cases.ts'
import { closeDay, closingOf, closingStanding, reopenDay } from './closing/close-day.ts'
import { createCrossChecks } from './cross-check/cross-checks.ts'
import { dayRange, dueDates, nextDueAt as earliestDue } from './day-store.ts'
import { workOnDay } from './day-work.ts'
import type { ReconciliationDependencies } from './dependencies.ts'
import { createListHandlers } from './list-files.ts'
import { remindOverdue } from './reminders.ts'
import { dayBeginsAt } from './timetable.ts'
import { createHandlers } from './wake.ts'
import { type CaseClass, daySubject, type NewCase, type OwnEnd } from './work-case.ts'

export type Reconciliation = ReturnType<typeof createReconciliation>

const DAYS_AT_ONCE = 31
/** Of whole files under comparison, for whoever starts without saying where. */
const USUAL_FOLDER = '.data/matching'

type CaseKey = { subject: string; class: CaseClass }
type DayKey = { hospitalId: HospitalId; date: BusinessDate }

/** Compares every finished business date of a hospital with what its providers and its own system say. */
export function createReconciliation(dependencies: ReconciliationDependencies) {
  const { db, clock, payments, onError, matchingFolder = USUAL_FOLDER } = dependencies
  const crossChecks = createCrossChecks(dependencies, matchingFolder)
  return {
    sweep,
    nextDueAt: (hospitalId: HospitalId) =>
      inHospital(db, hospitalId, (tx) => nextDueIn(tx, hospitalId)),
    nextDueIn,
    rerun: (hospitalId: HospitalId, date: BusinessDate, actor: Actor) =>
      rerunDay(dependencies, hospitalId, date, actor),
    closeDay: (key: DayKey, note: string | null, actor: Actor) =>
      closeDay(dependencies, key, note, actor),
    reopenDay: (key: DayKey, reason: string, actor: Actor) =>
      reopenDay(dependencies, key, reason, actor),
    closingStanding: (key: DayKey) => closingStanding(dependencies, key),
    closingOf: (key: DayKey, version: number) => closingOf(dependencies, key, version),
    adjusting: createAdjusting(dependencies),
    crossChecks,
    /** For what others of the hub leave to a person, in their transaction; one open case of a subject and class. */
    callPerson: (tx: Tx, hospitalId: HospitalId, wanted: NewCase) =>
      openCase(tx, dependencies, hospitalId, wanted),
    /** It needs nobody any more; without an open case, does nothing. */
    endCall: (tx: Tx, hospitalId: HospitalId, about: CaseKey, end: OwnEnd) =>
      endCaseOf(tx, dependencies, hospitalId, about, end),
    ...createHandlers(dependencies),
    ...createListHandlers(dependencies, crossChecks),
    ...createCaseWork(dependencies),
  }

  /**
   * Works on whatever of this hospital is due, whoever left it; returns how many days that were. A day that fails
   * shows why and is tried again later; the others are worked on all the same.
   */
  async function sweep(hospitalId: HospitalId): Promise<number> {
    await addFinishedDays(dependencies, hospitalId)
    const dates = await inHospital(db, hospitalId, (tx) =>
      dueDates(tx, hospitalId, clock.now(), DAYS_AT_ONCE),
    )
    const failures: unknown[] = []
    for (const date of dates) {
      await workOnDay(dependencies, hospitalId, date).catch((error: unknown) => {
        if (onError) onError(error, { hospitalId, subject: daySubject(date) })
        else failures.push(error)
      })
    }
    const reminded = await remindOverdue(dependencies, hospitalId)
    if (failures.length > 0) throw failures[0]
    return dates.length + reminded
  }

  /** When something of this hospital is due next; null before its first payment. */
  async function nextDueIn(tx: Tx, hospitalId: HospitalId): Promise<Date | null> {
    const range = await dayRange(tx, hospitalId)
    const nextDay = range ? addDays(range.last, 1) : await payments.firstPaymentOn(hospitalId)
    if (!nextDay) return null
    const due = earliest([await earliestDue(tx, hospitalId), await nextReminderAt(tx, hospitalId)])
    const moments = [clock.now(), due && due < dayBeginsAt(nextDay) ? due : dayBeginsAt(nextDay)]
    return moments.reduce((latest, moment) => (moment > latest ? moment : latest))
  }
}
