import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import { overdueCases, setReminder } from './case-store.ts'
import type { ReconciliationDependencies } from './dependencies.ts'
import { caseDeadline } from './timetable.ts'

const CASES_AT_ONCE = 100
/** After these nobody is reminded any more: the console shows how long a case has been open. */
const MOST_REMINDERS = 5

/** Tells of open cases past their deadline, and again after as much time as a case has; returns how many it told of. */
export function remindOverdue(
  { db, clock, publish }: ReconciliationDependencies,
  hospitalId: HospitalId,
): Promise<number> {
  return inHospital(db, hospitalId, async (tx) => {
    const now = clock.now()
    const cases = await overdueCases(tx, hospitalId, now, CASES_AT_ONCE)
    for (const { id, class: cls, amountFen, owner, reminders } of cases) {
      const reminderNo = reminders + 1
      const next = reminderNo < MOST_REMINDERS ? caseDeadline(now) : null
      await setReminder(tx, hospitalId, id, { reminders: reminderNo, remindAt: next })
      const told = { hospitalId, caseId: id, class: cls, amountFen, owner, reminderNo }
      await publish(tx, 'reconciliation.case_overdue', told)
    }
    return cases.length
  })
}
