import { rm } from 'node:fs/promises'

import { AppError } from '../../../kernel/error.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { ZERO } from '../../../kernel/money.ts'
import { addMs, MINUTE_MS } from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import { endCaseOf, openCase } from '../cases.ts'
import type { ReconciliationDependencies } from '../dependencies.ts'
import type { MatchingRun } from '../matching/matching-store.ts'
import type { Matching } from '../matching/matching.ts'
import type { RunDifference, RunSummary } from '../matching/run-result.ts'
import { RESOLUTIONS } from '../work-case.ts'
import {
  type CrossCheckCase,
  casesOfCrossCheck,
  type CrossCheckKey,
  endCrossCheck,
  knownToDiffer,
} from './cross-check-store.ts'
import { crossCheckPrefix, type FoundCase, foundCases, tooMany } from './found-cases.ts'
import { folderOf, gatherSides } from './inputs.ts'
import { type CrossCheckPlan, inputsOf } from './plan.ts'
import { planOf } from './plans.ts'

const RETRY_MS = 10 * MINUTE_MS
const AT_ONCE = 500
const MOST_LOOKED_THROUGH = 5_000
const MOST_REASON = 200

type Checking = { dependencies: ReconciliationDependencies; matching: Matching; folder: string }

/** Compares what there is of a claimed date, and lets it go. */
export async function check(
  { dependencies, matching, folder }: Checking,
  key: CrossCheckKey,
  begunAt: Date,
): Promise<void> {
  const { db, clock } = dependencies
  const { hospitalId, businessDate } = key
  const place = folderOf(folder, key)
  const end = (tx: Tx, outcome: Parameters<typeof endCrossCheck>[2]) =>
    endCrossCheck(tx, key, outcome, { begunAt, now: clock.now() })
  try {
    const plan = await inHospital(db, hospitalId, (tx) => planOf(tx, key))
    const gathered = plan && (await gatherSides(dependencies, key, plan, place))
    if (!plan || !gathered?.sides) {
      const reason = gathered?.waitsFor ?? 'no cross-check is agreed on'
      const waiting = { status: 'waiting' as const, reason, dueAt: null }
      await inHospital(db, hospitalId, (tx) => end(tx, waiting))
      return
    }
    const run = await matching.run(hospitalId, businessDate, gathered.sides, plan.rules)
    const differences = await listedOf(matching, hospitalId, run)
    await inHospital(db, hospitalId, async (tx) => {
      const found = await casesOf(tx, key, plan, { summary: run.summary, differences })
      await giveToPersons(tx, dependencies, key, found)
      await end(tx, { status: 'complete', runId: run.runId, reason: null, dueAt: null })
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    await inHospital(db, hospitalId, async (tx) => {
      if (!isRefusal(error)) {
        return end(tx, { status: 'waiting', reason, dueAt: addMs(clock.now(), RETRY_MS) })
      }
      await tellOfFailure(tx, dependencies, key, reason)
      await end(tx, { status: 'failed', reason, dueAt: null })
    })
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

/** What the rows themselves do not allow is a person's; anything else is tried again. */
const isRefusal = (error: unknown): boolean =>
  error instanceof AppError && error.kind !== 'unavailable'

async function tellOfFailure(
  tx: Tx,
  dependencies: ReconciliationDependencies,
  { hospitalId, name, businessDate }: CrossCheckKey,
  reason: string,
): Promise<void> {
  const subject = `${crossCheckPrefix(name, businessDate)}failed`
  const about = { class: 'cross_check' as const, subject, businessDate, source: null }
  const failed = { ...about, amountFen: ZERO, reason: reason.slice(0, MOST_REASON) }
  await openCase(tx, dependencies, hospitalId, failed)
}

/** None where there are more than anybody could look through: then the run itself is the case. */
async function listedOf(
  matching: Matching,
  hospitalId: HospitalId,
  { runId, summary }: MatchingRun,
): Promise<RunDifference[] | null> {
  if (summary && summary.differences > MOST_LOOKED_THROUGH) return null
  const all: RunDifference[] = []
  for (;;) {
    const page = { after: all.at(-1)?.no ?? 0, limit: AT_ONCE }
    const rows = await matching.differences(hospitalId, runId, page)
    all.push(...rows)
    if (rows.length < AT_ONCE) return all
  }
}

/** Opens what is found anew, ends what is not found any more, and leaves alone what a person has resolved as it is. */
async function giveToPersons(
  tx: Tx,
  dependencies: ReconciliationDependencies,
  { hospitalId, name, businessDate }: CrossCheckKey,
  found: readonly FoundCase[],
): Promise<void> {
  const subjectPrefix = crossCheckPrefix(name, businessDate)
  const place = { subjectPrefix, date: businessDate }
  const before = await casesOfCrossCheck(tx, hospitalId, place)
  const subjects = new Set(found.map(({ subject }) => subject))
  for (const { subject, status } of before) {
    if (status !== 'open' || subjects.has(subject)) continue
    const gone = { class: 'cross_check' as const, subject }
    await endCaseOf(tx, dependencies, hospitalId, gone, 'counterpart_arrived')
  }
  const resolved = new Set(before.filter(isByPerson).map(sameAs))
  for (const one of found) {
    const { subject, amountFen, reason } = one
    if (resolved.has(sameAs({ subject, amount_fen: amountFen, reason }))) continue
    const about = { class: 'cross_check' as const, businessDate, source: null }
    await openCase(tx, dependencies, hospitalId, { ...about, ...one })
  }
}

const sameAs = ({ subject, amount_fen, reason }: Omit<CrossCheckCase, 'status' | 'resolution'>) =>
  JSON.stringify([subject, amount_fen, reason])

const isByPerson = ({ resolution }: CrossCheckCase): boolean =>
  RESOLUTIONS.some((one) => one === resolution)

async function casesOf(
  tx: Tx,
  { hospitalId, name, businessDate }: CrossCheckKey,
  plan: CrossCheckPlan,
  { summary, differences }: { summary: RunSummary | null; differences: RunDifference[] | null },
): Promise<FoundCase[]> {
  const about = { name, date: businessDate }
  if (!differences) return [tooMany(about, summary)]
  const sources = inputsOf(plan).map(([, { source }]) => source)
  const numbers = differences.flatMap(({ key }) => (key === null ? [] : [key]))
  const looked = { sources, numbers, date: businessDate }
  const known = await knownToDiffer(tx, hospitalId, looked)
  return foundCases(about, differences, ({ kind, key }) => known.has(`${kind} ${key}`))
}
