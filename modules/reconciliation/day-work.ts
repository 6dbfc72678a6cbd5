import type { HospitalId } from '../../kernel/id.ts'
import { subtractFen } from '../../kernel/money.ts'
import { addDays, addMs, type BusinessDate, MINUTE_MS } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { saveExchanges } from '../../platform/exchange.ts'
import { systemActor } from '../../platform/principal.ts'
import { recordArrival } from './arrive.ts'
import { openCase } from './cases.ts'
import { compareDay } from './compare-day.ts'
import { arrivalsOf, findArrival, lockDay, readAnew, updateDay } from './day-store.ts'
import { type Day, type Difference } from './day.ts'
import { type DayState, type DayStep, decide } from './decide.ts'
import type { ReconciliationDependencies } from './dependencies.ts'
import { openDifferences, updateDifference } from './difference-store.ts'
import { fetchList } from './fetch-list.ts'
import { tryRepair } from './repair.ts'
import { nextReviewAt, RETRY_MS } from './timetable.ts'
import { type CaseClass, daySubject, differenceSubject, statementSubject } from './work-case.ts'

const SYSTEM = systemActor('reconciliation')

/** Longer than any step takes; who is dead by then loses the day to another. */
const LEASE_MS = 2 * MINUTE_MS
/** One look at a day does at most this much: the rest is done by the next. */
const MOST_STEPS = 2_000

/**
 * Moves a day on until it must wait: decide, call nobody inside a transaction, write down what came of it. What
 * was cut off anywhere is taken up by another from the rows alone.
 */
export async function workOnDay(
  dependencies: ReconciliationDependencies,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
): Promise<void> {
  if (!(await claim(dependencies, hospitalId, businessDate))) return
  try {
    for (let step = 0; step < MOST_STEPS; step++) {
      const next = await nextStep(dependencies, hospitalId, businessDate)
      if (next === 'rest') return
      await take(dependencies, hospitalId, businessDate, next)
    }
    await leave(dependencies, hospitalId, businessDate, null)
  } catch (error) {
    // One day that cannot be worked on must not keep the others from it, and shows why.
    const reason = error instanceof Error ? error.message : String(error)
    await leave(dependencies, hospitalId, businessDate, reason)
    throw error
  }
}

/** False when another works on the day. */
async function claim(
  { db, clock }: ReconciliationDependencies,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
): Promise<boolean> {
  return inHospital(db, hospitalId, async (tx) => {
    const day = await lockDay(tx, hospitalId, businessDate)
    const now = clock.now()
    if (day.inWorkUntil !== null && day.inWorkUntil > now) return false
    await updateDay(tx, day, { in_work_until: addMs(now, LEASE_MS) }, now)
    return true
  })
}

/** Does what needs no call, and returns what is to be done outside; 'rest' when the day must wait. */
async function nextStep(
  dependencies: ReconciliationDependencies,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
): Promise<OutsideStep | 'rest'> {
  return inHospital(dependencies.db, hospitalId, async (tx) => {
    let day = await lockDay(tx, hospitalId, businessDate)
    const now = dependencies.clock.now()
    for (let step = 0; step < MOST_STEPS; step++) {
      const decision = decide(await load(tx, dependencies, day), now)
      switch (decision.do) {
        case 'open_case':
          await giveToPerson(tx, dependencies, day, decision.difference, decision.reason)
          break
        case 'close':
          day = await close(tx, dependencies, day, now)
          break
        case 'review':
          await readAnew(tx, day, now)
          day = await updateDay(tx, day, { review_at: nextReviewAt(businessDate, now) }, now)
          break
        case 'wait': {
          const { until: due_at, status } = decision
          const rest = { due_at, status, in_work_until: null, last_error: null }
          await updateDay(tx, day, rest, now)
          return 'rest'
        }
        default:
          await updateDay(tx, day, { in_work_until: addMs(now, LEASE_MS) }, now)
          return decision
      }
    }
    // More cases than one transaction should open: the next one goes on.
    await updateDay(tx, day, { due_at: now, in_work_until: null }, now)
    return 'rest'
  })
}

async function take(
  dependencies: ReconciliationDependencies,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  step: OutsideStep,
): Promise<void> {
  switch (step.do) {
    case 'fetch':
      return fetchAndRecord(dependencies, hospitalId, businessDate, step.source)
    case 'compare':
      return compareDay(dependencies, hospitalId, businessDate, step.source)
    case 'repair':
      return tryRepair(dependencies, hospitalId, step.difference, step.repair)
  }
}

async function fetchAndRecord(
  dependencies: ReconciliationDependencies,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  source: string,
): Promise<void> {
  const { db, newId } = dependencies
  const { fetched, exchanges } = await fetchList(dependencies, hospitalId, businessDate, source)
  await inHospital(db, hospitalId, async (tx) => {
    const day = await lockDay(tx, hospitalId, businessDate)
    const subject = statementSubject(businessDate, source)
    await saveExchanges(tx, newId, hospitalId, subject, exchanges)
    const arrival = await findArrival(tx, hospitalId, businessDate, source)
    if (arrival) await recordArrival(tx, dependencies, day, arrival, fetched)
  })
}

async function load(
  tx: Tx,
  { reverseUnknown }: ReconciliationDependencies,
  day: Day,
): Promise<DayState> {
  const { hospitalId, businessDate } = day
  const nextDay = await arrivalsOf(tx, hospitalId, addDays(businessDate, 1))
  return {
    day,
    arrivals: await arrivalsOf(tx, hospitalId, businessDate),
    open: await openDifferences(tx, hospitalId, businessDate),
    nextDay: new Map(nextDay.map(({ source, status }) => [source, status])),
    canReverse: new Set(reverseUnknown ? ['insurance'] : []),
  }
}

async function giveToPerson(
  tx: Tx,
  dependencies: ReconciliationDependencies,
  { hospitalId, businessDate }: Day,
  difference: Difference,
  reason: string,
): Promise<void> {
  const { source, oursFen, theirsFen } = difference
  const caseId = await openCase(tx, dependencies, hospitalId, {
    class: difference.class as CaseClass,
    subject: differenceSubject(difference),
    businessDate,
    source,
    amountFen:
      oursFen > theirsFen ? subtractFen(oursFen, theirsFen) : subtractFen(theirsFen, oursFen),
    reason,
  })
  const changes = { status: 'in_case' as const, case_id: caseId, next_try_at: null }
  await updateDifference(tx, hospitalId, difference.id, changes)
}

async function close(
  tx: Tx,
  { audit, publish }: ReconciliationDependencies,
  day: Day,
  now: Date,
): Promise<Day> {
  const { hospitalId, businessDate } = day
  const review_at = nextReviewAt(businessDate, now)
  const closed = { status: 'closed' as const, closed_at: now, review_at }
  const fact = { action: 'reconciliation.close_day', subject: daySubject(businessDate) }
  await audit(tx, hospitalId, SYSTEM, fact)
  const told = { hospitalId, date: businessDate, closedAt: now.toISOString() }
  await publish(tx, 'reconciliation.day_closed', told)
  return updateDay(tx, day, closed, now)
}

/** Lets the day go before it has come to rest. */
async function leave(
  { db, clock }: ReconciliationDependencies,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  last_error: string | null,
): Promise<void> {
  await inHospital(db, hospitalId, async (tx) => {
    const day = await lockDay(tx, hospitalId, businessDate)
    const now = clock.now()
    const due_at = last_error === null ? now : addMs(now, RETRY_MS)
    await updateDay(tx, day, { due_at, in_work_until: null, last_error }, now)
  })
}

type OutsideStep = Extract<DayStep, { do: 'fetch' | 'compare' | 'repair' }>
