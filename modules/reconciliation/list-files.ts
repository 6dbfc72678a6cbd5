import { inHospital } from '../../platform/db.ts'
import type { Events } from '../../platform/events.ts'
import type { CrossChecks } from './cross-check/cross-checks.ts'
import { findArrival, lockDay, updateArrival, wakeDay } from './day-store.ts'
import type { ReconciliationDependencies } from './dependencies.ts'

/** What is to be done when a list has come as a file, or has been compared anew. Each may be told twice. */
export function createListHandlers(
  { db, clock }: ReconciliationDependencies,
  crossChecks: Pick<CrossChecks, 'wake'>,
) {
  return { onListTaken, onListCompared }

  async function onListTaken({ hospitalId, source, date }: Events['statements.taken']) {
    if (date === null) return
    await inHospital(db, hospitalId, async (tx) => {
      if (!(await findArrival(tx, hospitalId, date, source))) return
      const day = await lockDay(tx, hospitalId, date)
      const now = clock.now()
      await updateArrival(tx, day, source, { next_try_at: now, silences: 0, refusals: 0 })
      await wakeDay(tx, hospitalId, date, now)
    })
    await crossChecks.wake(hospitalId, { source, date })
  }

  async function onListCompared(event: Events['reconciliation.list_compared']): Promise<void> {
    await crossChecks.wake(event.hospitalId, event)
  }
}
