import { createHash } from 'node:crypto'

import type { HospitalId } from '../../kernel/id.ts'
import { ZERO } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { endCaseWithoutGround } from './cases.ts'
import { compare, type Compared, type ComparedDay, type KnownNumber, unmatched } from './compare.ts'
import { findArrival, lockDay, updateArrival } from './day-store.ts'
import { type Arrival, type CaseId, type Day, type Difference, HIS } from './day.ts'
import type { ReconciliationDependencies } from './dependencies.ts'
import { differencesOf, saveMerge } from './difference-store.ts'
import type { Identity } from './identity.ts'
import { lookUp } from './look-up.ts'
import { mergeDifferences } from './merge.ts'
import { digestOf, keptHereFen, ownRows, ownRowsNearby } from './own-rows.ts'
import {
  findStatement,
  insertComparison,
  linesOf,
  nearbyLines,
  newestComparison,
  type Statement,
} from './statement-store.ts'

/**
 * Compares a party's newest list of a day with our rows, and takes the result over. What is behind numbers that only
 * they have is looked up first, where the numbers are ours to give: an insurer's messages have their own. The comparison
 * itself reads everything anew in the transaction that writes.
 */
export async function compareDay(
  dependencies: ReconciliationDependencies,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  source: string,
): Promise<void> {
  const { db, payments, providersOf } = dependencies
  const before = await inHospital(db, hospitalId, async (tx) => {
    const arrival = await findArrival(tx, hospitalId, businessDate, source)
    return arrival && unmatched(await sidesOf(tx, hospitalId, businessDate, arrival))
  })
  const isChannel = (await providersOf(hospitalId)).get(source)?.phase === 'payer'
  const lines = source === HIS || isChannel ? (before?.theirs ?? []) : []
  const known = await lookUp(payments, hospitalId, source, lines)
  await inHospital(db, hospitalId, async (tx) => {
    const day = await lockDay(tx, hospitalId, businessDate)
    const arrival = await findArrival(tx, hospitalId, businessDate, source)
    if (arrival?.compareDue) await compareList(tx, dependencies, day, arrival, known)
  })
}

async function compareList(
  tx: Tx,
  dependencies: ReconciliationDependencies,
  day: Day,
  arrival: Arrival,
  known: ReadonlyMap<string, KnownNumber>,
): Promise<void> {
  const { hospitalId, businessDate } = day
  const { source, newestVersion } = arrival
  const now = dependencies.clock.now()
  const statement = await findStatement(tx, hospitalId, businessDate, source, newestVersion)
  if (!statement) return
  const sides = await sidesOf(tx, hospitalId, businessDate, arrival)
  // A party that compared by itself did so with what we had then: now it must be asked again.
  if (statement.form === 'compared' && statement.comparedWith !== digestOf(sides.own)) {
    await updateArrival(tx, day, source, { compare_due: false, next_try_at: now })
    return
  }
  const nearby = await nearbyOf(tx, day, source, sides)
  const compared = compare({ businessDate, ...sides, nearby, known })
  const differences = await differencesOf(tx, hospitalId, businessDate, source)
  const merge = mergeDifferences(differences, compared.differences, now)
  const list = { hospitalId, businessDate, source }
  const opened = await saveMerge(tx, dependencies.newId, list, merge, now)
  for (const difference of opened) await tellOpened(tx, dependencies, hospitalId, difference)
  const cases = new Set(merge.changed.map(({ caseId }) => caseId))
  for (const { id, caseId } of differences) {
    // One that is found anew has left its case: that case has lost its ground too.
    if (caseId && merge.changed.some((changed) => changed.id === id)) cases.add(caseId)
  }
  for (const caseId of [...cases].filter((id): id is CaseId => id !== null)) {
    await endCaseWithoutGround(tx, dependencies, hospitalId, caseId)
  }
  const identity = await withKept(tx, list, compared.identity)
  if (await keepComparison(tx, day, statement, { ...compared, identity }, now)) {
    await dependencies.publish(tx, 'reconciliation.list_compared', {
      hospitalId,
      date: businessDate,
      source,
    })
  }
  await updateArrival(tx, day, source, {
    compare_due: false,
    compared_version: newestVersion,
    compared_at: now,
  })
}

/** Nothing is written where nothing is kept here: what was compared before is the same comparison. */
async function withKept(
  tx: Tx,
  {
    hospitalId,
    businessDate,
    source,
  }: Pick<Day, 'hospitalId' | 'businessDate'> & { source: string },
  identity: Identity,
): Promise<Identity> {
  const kept = source === HIS ? await keptHereFen(tx, hospitalId, businessDate) : ZERO
  return kept === ZERO ? identity : { ...identity, keptHereFen: kept }
}

function tellOpened(
  tx: Tx,
  { publish }: ReconciliationDependencies,
  hospitalId: HospitalId,
  difference: Difference,
): Promise<void> {
  const { id: differenceId, businessDate: date, source, oursFen, theirsFen } = difference
  const told = { hospitalId, differenceId, date, source, class: difference.class }
  return publish(tx, 'reconciliation.difference_opened', { ...told, oursFen, theirsFen })
}

async function sidesOf(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  { source, newestVersion }: Arrival,
): Promise<Pick<ComparedDay, 'own' | 'theirs'>> {
  return {
    own: await ownRows(tx, hospitalId, businessDate, source),
    theirs: await linesOf(tx, hospitalId, businessDate, source, newestVersion),
  }
}

/** Only for numbers that one side lacks, so that a day that agrees reads nothing of its neighbours. */
async function nearbyOf(
  tx: Tx,
  { hospitalId, businessDate }: Day,
  source: string,
  sides: Pick<ComparedDay, 'own' | 'theirs'>,
): Promise<ComparedDay['nearby']> {
  const { ours, theirs } = unmatched(sides)
  const numbers = [...ours, ...theirs].map((row) => row.ourNo)
  const own = theirs.length > 0 ? await ownRowsNearby(tx, hospitalId, businessDate, source) : []
  return { own, theirs: await nearbyLines(tx, hospitalId, businessDate, source, numbers) }
}

/** A comparison with the same result as the one before is the same comparison: false for that. */
async function keepComparison(
  tx: Tx,
  { hospitalId, businessDate }: Day,
  { source, version: statementVersion }: Statement,
  { differences, identity }: Compared,
  comparedAt: Date,
): Promise<boolean> {
  const newest = await newestComparison(tx, hospitalId, businessDate, source)
  const digest = createHash('sha256')
    .update(JSON.stringify([statementVersion, identity, differences]))
    .digest('hex')
  if (newest?.digest === digest) return false
  const version = (newest?.version ?? 0) + 1
  const comparison = { version, statementVersion, figures: identity, digest, comparedAt }
  await insertComparison(tx, hospitalId, businessDate, source, comparison)
  return true
}
