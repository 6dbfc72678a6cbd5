import type { HospitalId } from '../../kernel/id.ts'
import { addDays, addMs, type BusinessDate, businessDateOf, DAY_MS } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { chargesByDay, movesOfDay } from '../payments/index.ts'
import {
  dayRange,
  expectedBefore,
  expectLists,
  insertDay,
  lockDay,
  readAnew,
  updateDay,
} from './day-store.ts'
import { HIS } from './day.ts'
import type { ReconciliationDependencies } from './dependencies.ts'
import { reconciliationErrors } from './errors.ts'
import { firstLookAt, lastFinishedDate } from './timetable.ts'
import { daySubject } from './work-case.ts'

/** No hospital is older with us; a longer way back would be a wrong date. */
const MOST_DAYS_BACK = 3_660

/** Every finished date since the first payment has its row, once, however long nobody looked. */
export async function addFinishedDays(
  dependencies: ReconciliationDependencies,
  hospitalId: HospitalId,
): Promise<void> {
  const { db, clock, payments } = dependencies
  const now = clock.now()
  const last = lastFinishedDate(now)
  const range = await inHospital(db, hospitalId, (tx) => dayRange(tx, hospitalId))
  if (range && range.last >= last) return
  const began = await payments.firstPaymentOn(hospitalId)
  if (!began) return
  const earliest = businessDateOf(addMs(now, -MOST_DAYS_BACK * DAY_MS))
  const sources = await sourcesOf(dependencies, hospitalId)
  // Where nobody can be asked nothing would be compared, and that must not look like agreement.
  if (sources.length === 0) return
  for (let date = began < earliest ? earliest : began; date <= last; date = addDays(date, 1)) {
    if (range && date >= range.first && date <= range.last) continue
    await inHospital(db, hospitalId, async (tx) => {
      const expected = expectedFor(date, await withMovers(tx, hospitalId, date, sources))
      await insertDay(tx, hospitalId, date, expected, now)
    })
  }
}

/**
 * Has all lists of a finished day read again, those of parties that came since among them, and the day compared
 * anew. Asked twice, it is done once more. Errors: throws day_not_over, day_not_found.
 */
export async function rerunDay(
  dependencies: ReconciliationDependencies,
  hospitalId: HospitalId,
  date: BusinessDate,
  actor: Actor,
): Promise<void> {
  const { db, clock, audit } = dependencies
  const now = clock.now()
  if (date > lastFinishedDate(now)) throw reconciliationErrors.day_not_over({ date })
  const sources = await sourcesOf(dependencies, hospitalId)
  await inHospital(db, hospitalId, async (tx) => {
    const day = await lockDay(tx, hospitalId, date)
    const expected = expectedFor(date, await withMovers(tx, hospitalId, date, sources))
    await expectLists(tx, hospitalId, date, expected)
    await readAnew(tx, day, now)
    await updateDay(tx, day, { due_at: now }, now)
    const fact = { action: 'reconciliation.rerun_day', subject: daySubject(date) }
    await audit(tx, hospitalId, actor, fact)
  })
}

/** Who is to give a list: every provider of the hospital, and its own system. */
async function sourcesOf(
  { providersOf, systemOf }: ReconciliationDependencies,
  hospitalId: HospitalId,
): Promise<string[]> {
  const providers = await providersOf(hospitalId)
  const system = await systemOf(hospitalId)
  return [...providers.keys(), ...(system ? [HIS] : [])]
}

/**
 * Also whoever moved money of the hospital's on that day and is not connected any more: a day does not agree without
 * the list of a party that was part of it. It stays missing until somebody brings it or says why.
 */
async function withMovers(
  tx: Tx,
  hospitalId: HospitalId,
  date: BusinessDate,
  sources: readonly string[],
): Promise<string[]> {
  const charged = (await chargesByDay(tx, hospitalId, date, date)).map(({ channel }) => channel)
  const all = new Set([...sources, ...charged])
  // One that only gave back that day has been asked for lists before, as it took the money once.
  for (const source of await expectedBefore(tx, hospitalId, date)) {
    if (all.has(source) || source === HIS) continue
    const moves = await movesOfDay(tx, hospitalId, date, source)
    if (moves.length > 0) all.add(source)
  }
  return [...all]
}

const expectedFor = (date: BusinessDate, sources: readonly string[]) =>
  sources.map((source) => ({ source, firstLookAt: firstLookAt(date, source) }))
