import type { HospitalId } from '../../kernel/id.ts'
import { addDays, addMs, businessDateOf, DAY_MS, earliest, MINUTE_MS } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { changeAlert, lookedAt, openAlert, openAlerts, setLookedAt } from './alert-store.ts'
import { type Alert, alertsDueAt, alertSteps, type AlertStep, signalsOf } from './alert.ts'
import type { ChannelsDependencies } from './dependencies.ts'
import { forgetMinutes, newestMinute } from './health-store.ts'
import { type Health, SYNC_MS } from './health.ts'
import { differenceSignal } from './lists.ts'
import { findChannel } from './registry-store.ts'

/** Longer than the thirty days of a report, so that two of them can be held against each other. */
const KEPT_MS = 90 * DAY_MS
const FORGET_AT_ONCE = 2_000
/** How far back a list may come out anew; longer than lists are read again. */
const LISTS_DAYS = 30

/**
 * Looks after a hospital's channels: brings together what all processes counted, opens and closes alerts, marks those that
 * nobody answered in time, forgets old minutes. Returns when it is due again; null while nobody uses a channel.
 */
export function createHousekeeping(deps: ChannelsDependencies, health: Health) {
  const { db, clock } = deps
  return { keepHouse, nextDueAt, onListCompared }

  async function keepHouse(hospitalId: HospitalId): Promise<Date | null> {
    await health.sync(hospitalId)
    const now = clock.now()
    const signals = [...health.of(hospitalId)].flatMap(([name, own]) => signalsOf(name, own))
    await inHospital(db, hospitalId, async (tx) => {
      const open = await openAlerts(tx, hospitalId)
      const steps = alertSteps(open, signals, now, (alert) => alert.class !== 'differences')
      for (const step of steps) await take(deps, tx, hospitalId, step, now)
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
    return earliest([unseen, unwritten, alertsDueAt(open, looked ?? now)])
  }

  /** A list of a channel came out new, or otherwise than before: opens or closes its alarm. May be told the same twice. */
  async function onListCompared({ hospitalId, source }: ListCompared): Promise<void> {
    const now = clock.now()
    const today = businessDateOf(now)
    const lists = await deps.listsOf?.(
      hospitalId,
      source,
      addDays(today, -LISTS_DAYS),
      addDays(today, -1),
    )
    await inHospital(db, hospitalId, async (tx) => {
      const isChannel = (await findChannel(tx, hospitalId, source)) !== null
      const signal = isChannel && lists ? differenceSignal(source, lists.comparisons) : null
      const isOfList = (alert: Alert) => alert.class === 'differences' && alert.channel === source
      const open = (await openAlerts(tx, hospitalId)).filter(isOfList)
      const steps = alertSteps(open, signal ? [signal] : [], now)
      for (const step of steps) await take(deps, tx, hospitalId, step, now)
    })
  }
}

/** A minute is looked at when it is over, if nobody has done so since. Null when somebody has. */
function lookFor(minute: Date, looked: Date | null): Date | null {
  const over = addMs(minute, MINUTE_MS)
  return looked !== null && looked >= over ? null : over
}

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

/** What others tell of a list: `source` may be a party that is no channel. */
type ListCompared = { hospitalId: HospitalId; source: string }
