import { join } from 'node:path'

import type { HospitalId } from '../../../kernel/id.ts'
import type { Clock } from '../../../kernel/time.ts'
import { type Db, inHospital } from '../../../platform/db.ts'
import { writeRows } from './extract.ts'
import { carriedOf, completeRun, insertCarried, insertDifferences } from './matching-store.ts'
import type { NormalisedRow } from './row.ts'
import { readResult, type RunCarried, type RunDifference } from './run-result.ts'
import { poolName } from './side-files.ts'

export type MatchingStage = 'begun' | 'comparing' | 'compared' | 'writing' | 'written' | 'complete'

const ROWS_AT_ONCE = 500

/** What a run carried over, as a file for each side of each relation: the name of the pool, and the file. */
export async function writePools(
  db: Db,
  hospitalId: HospitalId,
  runId: string | null,
  folder: string,
): Promise<[string, string][]> {
  if (runId === null) return []
  const pools = new Map<string, NormalisedRow[]>()
  for (let after = 0; ;) {
    const place = { after, limit: ROWS_AT_ONCE }
    const page = await inHospital(db, hospitalId, (tx) => carriedOf(tx, hospitalId, runId, place))
    for (const { relation, side, row } of page) {
      const name = poolName(relation, side)
      const rows = pools.get(name)
      if (rows) rows.push(row)
      else pools.set(name, [row])
    }
    after = page.at(-1)?.no ?? after
    if (page.length < ROWS_AT_ONCE) break
  }
  const files: [string, string][] = []
  for (const [name, rows] of pools) {
    const path = join(folder, `pool-${name}.csv`)
    await writeRows(path, [rows])
    files.push([name, path])
  }
  return files
}

type Writing = {
  db: Db
  clock: Clock
  onStage: ((stage: MatchingStage) => void) | undefined
}

/** Writes a result down in pieces, each in a transaction of its own; pieces that are there already stay as they are. */
export async function writeDown(
  { db, clock, onStage }: Writing,
  hospitalId: HospitalId,
  runId: string,
  path: string,
): Promise<void> {
  const differences: RunDifference[] = []
  const carried: RunCarried[] = []
  const flush = async (atLeast: number) => {
    if (differences.length >= atLeast) {
      const rows = differences.splice(0)
      await inHospital(db, hospitalId, (tx) => insertDifferences(tx, hospitalId, runId, rows))
      onStage?.('writing')
    }
    if (carried.length >= atLeast) {
      const rows = carried.splice(0)
      await inHospital(db, hospitalId, (tx) => insertCarried(tx, hospitalId, runId, rows))
    }
  }
  for await (const line of readResult(path)) {
    if ('difference' in line) differences.push(line.difference)
    else if ('carried' in line) carried.push(line.carried)
    else {
      await flush(1)
      onStage?.('written')
      const end = { runId, ...line.end, completedAt: clock.now() }
      await inHospital(db, hospitalId, (tx) => completeRun(tx, hospitalId, end))
      continue
    }
    await flush(ROWS_AT_ONCE)
  }
}
