import { cpus, loadavg } from 'node:os'

import { assert } from '../../../kernel/assert.ts'
import { createNewId } from '../../../kernel/id.ts'
import { createIdentity } from '../../../modules/identity/index.ts'
import {
  countNames,
  createPersonIndex,
  matchLists,
  type PersonIndex,
  readRecord,
  USUAL_MODEL,
} from '../../../modules/person-index/index.ts'
import { createAudit } from '../../../platform/audit.ts'
import { openDb } from '../../../platform/db.ts'
import { createPublish } from '../../../platform/events.ts'
import { createSeal } from '../../../platform/seal.ts'
import { systemClock, systemRandom } from '../../../platform/system.ts'
import { onBed } from '../bed.ts'
import { type BenchResult, type Figure, rate, time } from '../result.ts'
import { median, percentile } from '../statistics.ts'
import { inventPeople, type LabelledRecord } from './people.ts'
import { enterRegion, type Region } from './region.ts'

const RESOLVE_LIMIT_MS = 10
const MATCH_LIMIT_MS = 50
/** A million against a million in ten minutes. */
const BULK_LIMIT_PER_SECOND = 2_000_000 / 600
const RESOLVED = 2_000
const MATCHED = 500
const MOST_IN_A_FILE = 1_000_000
const DEFAULT_PEOPLE = 200_000

type Options = { rounds: number; rows?: number }

/**
 * One card of a region with `rows` people and five media each: how long a medium takes to be somebody's, how long it takes
 * to find who a newcomer might be, and how fast two files are matched; each beside its limit.
 * Errors: throws when a medium finds somebody else, when newcomers are not found, and when strangers are.
 */
export async function benchPersons({
  rounds,
  rows = DEFAULT_PEOPLE,
}: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  return onBed({ hospitals: [], payerCount: 0 }, async ({ client, database }) => {
    const db = openDb({ url: database.appUrl, role: 'yiqiao_app', maxConnections: 4 })
    try {
      const parts = partsOn(db, rows)
      const region = await enterRegion(client, parts, rows)
      await parts.index.learnNames()
      const resolved = await timesOf(rounds, () => resolveMedia(parts.identity, region))
      const matched = await timesOf(rounds, () => matchNewcomers(parts.index, region))
      const file = Math.min(MOST_IN_A_FILE, Math.ceil(rows / 2))
      const bulk = matchFiles(file)
      return {
        bench: 'persons',
        figures: [
          ...both('medium resolved', resolved, RESOLVE_LIMIT_MS),
          ...both('newcomer matched', matched, MATCH_LIMIT_MS),
          rate('records of two files matched', bulk.perSecond, '/s', {
            name: 'limit: a million with a million in ten minutes',
            value: BULK_LIMIT_PER_SECOND,
          }),
        ],
        conditions: {
          people: region.people,
          media: region.media,
          'people that can be opened': region.real.length,
          'records in each file': file,
          'pairs linked of the files': bulk.found,
          rounds,
          cores: cpus().length,
          'load before': load,
        },
      }
    } finally {
      await db.destroy()
    }
  })
}

function partsOn(db: ReturnType<typeof openDb>, population: number) {
  const newId = createNewId(systemClock, systemRandom)
  const seal = createSeal(systemRandom.bytes(32), systemRandom)
  const platform = { db, clock: systemClock, random: systemRandom, newId, seal }
  const identity = createIdentity(platform)
  const publish = createPublish({ ...platform, wake: () => undefined })
  const audit = createAudit(platform)
  const index = createPersonIndex({
    ...platform,
    audit,
    publish,
    identity,
    trail: null,
    population,
  })
  return { identity, index }
}

async function timesOf(rounds: number, round: () => Promise<number[]>): Promise<number[][]> {
  // What comes first fills caches that a running hub has full.
  await round()
  const times: number[][] = []
  for (let n = 0; n < rounds; n++) times.push(await round())
  return times
}

async function resolveMedia(
  identity: ReturnType<typeof partsOn>['identity'],
  { real }: Region,
): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < RESOLVED; n++) {
    const one = real[(n * 7_919) % real.length]
    assert(one, 'the region has people')
    const startedAt = performance.now()
    const found = await identity.resolveMedium({ kind: 'social_card', value: one.cardNo })
    times.push(performance.now() - startedAt)
    assert(found?.personId === one.personId, 'a medium finds its holder')
  }
  return times
}

/** Half of them are there, written otherwise; the other half are not. */
async function matchNewcomers(index: PersonIndex, { real }: Region): Promise<number[]> {
  const times: number[] = []
  let found = 0
  for (let n = 0; n < MATCHED; n++) {
    const one = real[(n * 7_907) % real.length]
    assert(one, 'the region has people')
    const isNew = n % 2 === 1
    const asked = isNew ? strangerLike(one.record) : { ...one.record, phone: null }
    const startedAt = performance.now()
    const matches = await index.match(asked)
    times.push(performance.now() - startedAt)
    const isFirst = matches[0]?.candidate.personId === one.personId
    if (!isNew && isFirst && matches[0]?.grade === 'certain') found += 1
    assert(!isNew || matches.every(({ grade }) => grade !== 'certain'), 'a stranger is nobody')
  }
  assert(found > MATCHED * 0.48, `who is there is found: ${found} of ${MATCHED / 2}`)
  return times
}

/** Born on the same day with the same surname: as many keys in common as a stranger can have. */
const strangerLike = (record: LabelledRecord): LabelledRecord => ({
  ...record,
  name: `${Array.from(record.name)[0] ?? ''}鑫淼`,
  idNumber: null,
  phone: null,
  address: null,
})

/** The second file has half of the people of the first, written otherwise, and as many others. Reading is measured too. */
function matchFiles(size: number): { perSecond: number; found: number } {
  const [first, second] = [[], []] as [LabelledRecord[], LabelledRecord[]]
  let last = -1
  for (const row of inventPeople({ people: size, duplicateShare: 0.5, seed: 1 })) {
    ;(row.truth === last ? second : first).push(row)
    last = row.truth
  }
  const known = second.length
  for (const row of inventPeople({ people: size - known, duplicateShare: 0, seed: 2 })) {
    second.push(row)
  }
  const startedAt = performance.now()
  const [left, right] = [first.map(readRecord), second.map(readRecord)]
  const frequencies = countNames(left.map(({ name }) => name.folded))
  const weighing = { model: USUAL_MODEL, frequencies, population: size }
  let found = 0
  for (const match of matchLists(left, right, weighing)) found += Number(match.grade === 'certain')
  const seconds = (performance.now() - startedAt) / 1_000
  assert(found > known * 0.85 && found <= known, `who is in both is found: ${found} of ${known}`)
  return { perSecond: (left.length + right.length) / seconds, found }
}

const both = (name: string, times: readonly number[][], limitMs: number): Figure[] => {
  const limit = { name: 'limit', value: limitMs }
  const of = (percent: number) => median(times.map((round) => percentile(round, percent)))
  return [
    time(`${name}, half within`, of(50), 'ms', limit),
    time(`${name}, 99 % within`, of(99), 'ms', limit),
  ]
}
