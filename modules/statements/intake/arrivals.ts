import type { HospitalId } from '../../../kernel/id.ts'
import {
  addDays,
  addMs,
  type BusinessDate,
  businessDateOf,
  MINUTE_MS,
} from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import { systemActor } from '../../../platform/principal.ts'
import {
  addArrival,
  arrivalsToFetch,
  changeArrival,
  dueArrivals,
  lastArrivalDate,
  listArrivals,
  listSchedules,
  lockArrival,
  nextDueAt,
} from '../arrival-store.ts'
import type { FetchList, StatementFilesDependencies } from '../dependencies.ts'
import { type Arrival, isThere, type Schedule } from '../statement-file.ts'
import type { createTake } from './take.ts'
import { isExpected, momentsOf, newDates, standingAt } from './timetable.ts'

const ARRIVALS_AT_ONCE = 500
const RETRY_MS = 10 * MINUTE_MS

/** Watches what is expected: who is late is told once, and who can be asked is asked until the list is there. */
export function createArrivals(
  dependencies: StatementFilesDependencies,
  take: ReturnType<typeof createTake>,
) {
  const { db, clock, onError } = dependencies
  const fetchers: ReadonlyMap<string, FetchList> = dependencies.fetchers ?? new Map()
  return {
    sweep,
    dayStanding,
    nextDueIn: (tx: Tx, hospitalId: HospitalId) => nextDueOf(tx, hospitalId, clock.now()),
  }

  /** Does whatever of this hospital is due, whoever left it; returns how many lists that concerned. */
  async function sweep(hospitalId: HospitalId): Promise<number> {
    await inHospital(db, hospitalId, (tx) => addDates(dependencies, tx, hospitalId))
    const fetched = await fetchAll(hospitalId)
    const due = await inHospital(db, hospitalId, (tx) =>
      dueArrivals(tx, hospitalId, clock.now(), ARRIVALS_AT_ONCE),
    )
    for (const { source, businessDate } of due) {
      await inHospital(db, hospitalId, (tx) =>
        judge(dependencies, tx, { hospitalId, source, businessDate }),
      )
    }
    return fetched + due.length
  }

  async function fetchAll(hospitalId: HospitalId): Promise<number> {
    const failures: unknown[] = []
    const open = await inHospital(db, hospitalId, (tx) =>
      arrivalsToFetch(tx, hospitalId, [...fetchers.keys()], clock.now()),
    )
    for (const arrival of open) {
      await fetchOne(hospitalId, arrival).catch(async (error: unknown) => {
        const key = { hospitalId, ...arrival }
        const last_error = error instanceof Error ? error.message.slice(0, 500) : String(error)
        await inHospital(db, hospitalId, (tx) =>
          changeArrival(tx, key, { last_error }, clock.now()),
        )
        const subject = `statement:${arrival.businessDate}:${arrival.source}`
        if (onError) onError(error, { hospitalId, subject })
        else failures.push(error)
      })
    }
    if (failures.length > 0) throw failures[0]
    return open.length
  }

  /** The next try is written down before this one: whoever dies in it leaves it to be done again. */
  async function fetchOne(hospitalId: HospitalId, arrival: Arrival): Promise<void> {
    const { source, businessDate, tries } = arrival
    const now = clock.now()
    await inHospital(db, hospitalId, (tx) =>
      changeArrival(
        tx,
        { hospitalId, source, businessDate },
        { tries: tries + 1, next_try_at: addMs(now, RETRY_MS) },
        now,
      ),
    )
    const answer = await fetchers.get(source)?.(hospitalId, businessDate)
    if (answer?.outcome !== 'file') return
    const { name, bytes } = answer
    const actor = systemActor('statements')
    await take({ hospitalId, source, businessDate, name, way: 'fetched', actor }, bytes)
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
  const moments = [await nextDueAt(tx, hospitalId)]
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
