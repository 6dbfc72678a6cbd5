import { createHash } from 'node:crypto'
import { access, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { addDays, type BusinessDate, type Clock } from '../../../kernel/time.ts'
import { type Db, inHospital } from '../../../platform/db.ts'
import type { MatchingClass } from './classes.ts'
import { DAY_RULES } from './default-rules.ts'
import {
  differencesOf,
  findRun,
  insertRun,
  type MatchingRun,
  newestRunId,
} from './matching-store.ts'
import { readRules } from './rules.ts'
import { type ChildFigures, runChild } from './run-child.ts'
import type { Side } from './side-files.ts'
import { type MatchingStage, writeDown, writePools } from './written.ts'

export type MatchingDependencies = {
  db: Db
  clock: Clock
  /** For files of runs that are under way, and for what the engine's memory does not hold. */
  folder: string
  memoryLimitMb?: number
  threads?: number
  mostOpen?: number
  timeoutMs?: number
  /** Hears how far a run is: the process that compares, and what it took. */
  onStage?: (stage: MatchingStage, about?: { pid?: number } & Partial<ChildFigures>) => void
}

export type Matching = ReturnType<typeof createMatching>

/** Changes when the same rows and rules would come to another result. */
const ENGINE_VERSION = 1

const DEFAULTS = { memoryLimitMb: 1_024, threads: 2, mostOpen: 300_000, timeoutMs: 1_800_000 }

/** Compares the files of all sides of a hospital's day, and keeps what differs. */
export function createMatching(dependencies: MatchingDependencies) {
  const { db, clock, folder, onStage } = dependencies
  const limits = { ...DEFAULTS, ...dependencies }
  return {
    run,
    found: (hospitalId: HospitalId, runId: string) =>
      inHospital(db, hospitalId, (tx) => findRun(tx, hospitalId, runId)),
    differences: (
      hospitalId: HospitalId,
      runId: string,
      page: { after: number; limit: number; class?: MatchingClass },
    ) => inHospital(db, hospitalId, (tx) => differencesOf(tx, hospitalId, runId, page)),
  }

  /**
   * Runs the rules over the sides. Whoever dies at whatever point, the same call again comes to the same rows: a run is
   * named by everything its result depends on, what was compared is not compared again, and what was written stays.
   *
   * Errors: throws matching_rules_invalid, matching_side_unreadable or matching_too_different for what cannot be
   * compared, and matching_stopped when memory, disk or time did not suffice: safe to ask again.
   */
  async function run(
    hospitalId: HospitalId,
    businessDate: BusinessDate,
    sides: readonly Side[],
    ruleData: unknown = DAY_RULES,
  ): Promise<MatchingRun> {
    const rules = readRules(ruleData)
    const before = {
      rulesId: rules.id,
      from: addDays(businessDate, -rules.carryOver.days),
      to: addDays(businessDate, -1),
    }
    const poolRun = await inHospital(db, hospitalId, (tx) => newestRunId(tx, hospitalId, before))
    const runId = runIdOf({ hospitalId, businessDate, rules, sides, poolRun })
    const known = await inHospital(db, hospitalId, (tx) => findRun(tx, hospitalId, runId))
    if (known?.status === 'complete') return known
    const begun = { runId, businessDate, rules, sides, startedAt: clock.now() }
    await inHospital(db, hospitalId, (tx) => insertRun(tx, hospitalId, begun))
    onStage?.('begun')
    const place = join(folder, `${hospitalId}-${runId}`)
    const result = join(place, 'result.ndjson')
    if (!(await isThere(result))) {
      await rm(place, { recursive: true, force: true })
      await mkdir(place, { recursive: true })
      const pools = await writePools(db, hospitalId, poolRun, place)
      const { memoryLimitMb, threads, mostOpen, timeoutMs } = limits
      const engine = { memoryLimitMb, threads, folder: place }
      const job = { sides, rules, businessDate, mostOpen, engine, pools, path: result }
      const onStart = (pid: number) => onStage?.('comparing', { pid })
      const figures = await runChild(job, { timeoutMs, onStart })
      onStage?.('compared', figures)
    }
    await writeDown({ db, clock, onStage }, hospitalId, runId, result)
    await rm(place, { recursive: true, force: true })
    const complete = await inHospital(db, hospitalId, (tx) => findRun(tx, hospitalId, runId))
    assert(complete, 'a run that was written down is there')
    onStage?.('complete')
    return complete
  }
}

type Depends = {
  hospitalId: HospitalId
  businessDate: BusinessDate
  rules: unknown
  sides: readonly Side[]
  poolRun: string | null
}

function runIdOf({ sides, ...about }: Depends): string {
  const content = sides
    .map(({ name, sha256 }) => `${name} ${sha256}`)
    .toSorted()
    .join('\n')
  const all = JSON.stringify({ ...about, content, engine: ENGINE_VERSION })
  return createHash('sha256').update(all).digest('hex')
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
