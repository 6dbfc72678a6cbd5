import type { HospitalId } from '../../../kernel/id.ts'
import { addDays, type BusinessDate, businessDateOf } from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import {
  addArrival,
  changeArrival,
  dueArrivals,
  lastArrivalDate,
  listArrivals,
  listSchedules,
  lockArrival,
  nextDueAt,
} from '../arrival-store.ts'
import type { StatementFilesDependencies } from '../dependencies.ts'
import { nextFetchAt } from '../fetch/fetching-store.ts'
import { isThere, type Schedule } from '../statement-file.ts'
import { isExpected, momentsOf, newDates, standingAt } from './timetable.ts'

const ARRIVALS_AT_ONCE = 500

/** Watches what is expected: who is late is told once, and who is missing. */
export function createArrivals(dependencies: StatementFilesDependencies) {
  const { db, clock } = dependencies
  return {
    sweep,
    dayStanding,
    isAwaited,
    nextDueIn: (tx: Tx, hospitalId: HospitalId) => nextDueOf(tx, hospitalId, clock.now()),
  }

  /** Does whatever of this hospital is due, whoever left it; returns how many lists that concerned. */
  async function sweep(hospitalId: HospitalId): Promise<number> {
    await inHospital(db, hospitalId, (tx) => addDates(dependencies, tx, hospitalId))
    const due = await inHospital(db, hospitalId, (tx) =>
      dueArrivals(tx, hospitalId, clock.now(), ARRIVALS_AT_ONCE),
    )
    for (const { source, businessDate } of due) {
      await inHospital(db, hospitalId, (tx) =>
        judge(dependencies, tx, { hospitalId, source, businessDate }),
      )
    }
    return due.length
  }
}

async function addDates(
  { clock }: StatementFilesDependencies,
  tx: Tx,
  hospitalId: HospitalId,
): Promise<void> {
  const now = clock.now()
  for (const schedule of await listSchedules(tx, hospitalId)) {
    if (!schedule.isActive) continue
    const { source } = schedule
    const last = await lastArrivalDate(tx, hospitalId, source)
    for (const businessDate of newDates(schedule, last, now)) {
      const moments = momentsOf(schedule, businessDate)
      await addArrival(tx, { hospitalId, source, businessDate }, moments, now)
    }
  }
}

async function judge(
  { clock, onLate }: StatementFilesDependencies,
  tx: Tx,
  key: Key,
): Promise<void> {
  const arrival = await lockArrival(tx, key)
  if (!arrival) return
  const now = clock.now()
  const { state, alarm, isNewAlarm, dueAt } = standingAt(arrival, now)
  await changeArrival(tx, key, { state, alarm, due_at: dueAt }, now)
  if (isNewAlarm) await onLate?.(tx, key.hospitalId, { ...arrival, state, alarm })
}

/** When something of this hospital is due next; null while nothing is expected of anybody. */
async function nextDueOf(tx: Tx, hospitalId: HospitalId, now: Date): Promise<Date | null> {
  const moments = [await nextDueAt(tx, hospitalId), await nextFetchAt(tx, hospitalId)]
  for (const schedule of await listSchedules(tx, hospitalId)) {
    if (!schedule.isActive) continue
    const last = await lastArrivalDate(tx, hospitalId, schedule.source)
    moments.push(nextExpectedAt(schedule, last, now))
  }
  return moments.reduce((first, one) => (one && (!first || one < first) ? one : first), null)
}

/**
 * Whether all lists of a day are there. Without one of them the day is 未到账单, and never 平. A list nobody expects
 * yet, as its time has not come, is not there either.
 */
async function dayStanding(tx: Tx, hospitalId: HospitalId, date: BusinessDate) {
  const arrivals = await listArrivals(tx, hospitalId, date, date)
  const schedules = await listSchedules(tx, hospitalId)
  const awaited = schedules
    .filter((schedule) => schedule.isActive && isExpected(schedule, date))
    .filter(({ source }) => {
      const arrival = arrivals.find((one) => one.source === source)
      return !arrival || !isThere(arrival.state)
    })
    .map(({ source }) => source)
  return { isComplete: awaited.length === 0, awaited, arrivals }
}

/** Whether a list is expected and not there. Until the transaction ends, nobody takes it. */
async function isAwaited(tx: Tx, key: Key): Promise<boolean> {
  const arrival = await lockArrival(tx, key)
  return arrival !== null && !isThere(arrival.state)
}

const LOOK_AHEAD_DAYS = 20

function nextExpectedAt(schedule: Schedule, last: BusinessDate | null, now: Date): Date | null {
  let date = last === null ? schedule.firstDate : addDays(last, 1)
  const until = addDays(businessDateOf(now), LOOK_AHEAD_DAYS)
  for (; date <= until; date = addDays(date, 1)) {
    if (isExpected(schedule, date)) return momentsOf(schedule, date).expectedAt
  }
  return null
}

type Key = { hospitalId: HospitalId; source: string; businessDate: BusinessDate }
