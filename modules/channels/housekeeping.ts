import type { HospitalId } from '../../kernel/id.ts'
import { addMs, DAY_MS, MINUTE_MS } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { changeAlert, lookedAt, openAlert, openAlerts, setLookedAt } from './alert-store.ts'
import { type Alert, alertsDueAt, alertSteps, type AlertStep, signalsOf } from './alert.ts'
import type { ChannelsDependencies } from './dependencies.ts'
import { forgetMinutes, newestMinute } from './health-store.ts'
import { type Health, SYNC_MS } from './health.ts'

/** Longer than the thirty days of a report, so that two of them can be held against each other. */
const KEPT_MS = 90 * DAY_MS
const FORGET_AT_ONCE = 2_000

/**
 * Looks after a hospital's channels: brings together what all processes counted, opens and closes alerts, marks those that
 * nobody answered in time, forgets old minutes. Returns when it is due again; null while nobody uses a channel.
 */
export function createHousekeeping(deps: ChannelsDependencies, health: Health) {
  const { db, clock } = deps
  return { keepHouse, nextDueAt }

  async function keepHouse(hospitalId: HospitalId): Promise<Date | null> {
    await health.sync(hospitalId)
    const now = clock.now()
    const signals = [...health.of(hospitalId)].flatMap(([name, own]) => signalsOf(name, own))
    await inHospital(db, hospitalId, async (tx) => {
      const open = await openAlerts(tx, hospitalId)
      for (const step of alertSteps(open, signals, now)) await take(deps, tx, hospitalId, step, now)
      await forgetMinutes(tx, hospitalId, addMs(now, -KEPT_MS), FORGET_AT_ONCE)
      await setLookedAt(tx, hospitalId, now)
    })
    return nextDueAt(hospitalId)
  }

  /** From the rows alone, but for what this process has not written yet. */
  async function nextDueAt(hospitalId: HospitalId): Promise<Date | null> {
    const now = clock.now()
    const { newest, looked, open } = await inHospital(db, hospitalId, async (tx) => ({
      newest: await newestMinute(tx, hospitalId),
      looked: await lookedAt(tx, hospitalId),
      open: await openAlerts(tx, hospitalId),
    }))
    const unseen = newest && lookFor(newest, looked)
    const unwritten = health.hasNews(hospitalId) ? addMs(looked ?? now, SYNC_MS) : null
    return earliest([unseen, unwritten, looked && alertsDueAt(open, looked)])
  }
}

/** A minute is looked at when it is over, if nobody has done so since. Null when somebody has. */
function lookFor(minute: Date, looked: Date | null): Date | null {
  const over = addMs(minute, MINUTE_MS)
  return looked !== null && looked >= over ? null : over
}

const earliest = (moments: readonly (Date | null)[]): Date | null =>
  moments.reduce<Date | null>(
    (first, moment) => (moment && (!first || moment < first) ? moment : first),
    null,
  )

async function take(
  { newId }: ChannelsDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  step: AlertStep,
  now: Date,
): Promise<void> {
  switch (step.do) {
    case 'open':
      await openAlert(tx, hospitalId, newAlert(newId<'ChannelAlert'>(), step.signal, now))
      break
    case 'see':
      await changeAlert(tx, hospitalId, step.id, { seen_at: now }, step.figures)
      break
    case 'close':
      await changeAlert(tx, hospitalId, step.id, { closed_at: now })
      break
    case 'mark_overdue':
      await changeAlert(tx, hospitalId, step.id, { overdue_at: now })
      break
  }
}

const newAlert = (
  id: Alert['id'],
  signal: Pick<Alert, 'channel' | 'class' | 'figures'>,
  now: Date,
): Alert => ({
  ...signal,
  id,
  openedAt: now,
  seenAt: now,
  closedAt: null,
  acknowledgedBy: null,
  acknowledgedAt: null,
  note: null,
  overdueAt: null,
})
