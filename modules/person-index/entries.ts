import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import type { Seal } from '../../platform/seal.ts'
import type { PersonId } from '../identity/index.ts'
import type { PersonIndexDependencies } from './dependencies.ts'
import { blockingKeys } from './matching/keys.ts'
import { type MatchRecord, readRecord } from './matching/records.ts'
import { findProgress, saveEntries, saveProgress } from './store.ts'

const PURPOSE = 'person_index.block'
/** 52 bits: whole numbers that are exact everywhere, and too few to be more than a place to look. */
const HEX_DIGITS = 13

/** Under which numbers somebody is looked for. */
export const digestsOf = (seal: Seal, record: MatchRecord): number[] => [
  ...new Set(
    blockingKeys(record).map((key) =>
      Number.parseInt(seal.blindIndex(PURPOSE, key).slice(0, HEX_DIGITS), 16),
    ),
  ),
]

const CATCH_UP = 'registered'
/** Ids grow with time, but a transaction may commit a little later than one with a larger id. */
const SETTLED_MS = MINUTE_MS

/** Puts people where they are found. */
export function createEntries({ db, clock, seal, identity }: PersonIndexDependencies) {
  return { enter, catchUp }

  /** People whose data are new or have changed; those that are not there are passed over. */
  async function enter(personIds: readonly PersonId[]): Promise<void> {
    await enterFacts(await identity.factsOf(personIds))
  }

  /** Enters some of those that registered since the last time, in order; returns how many. None, and all are entered. */
  async function catchUp(limit: number): Promise<number> {
    const after = await findProgress(db, CATCH_UP)
    const before = firstIdAt(addMs(clock.now(), -SETTLED_MS))
    const people = (await identity.factsAfter(after, limit)).filter(
      ({ personId }) => personId < before,
    )
    const last = people.at(-1)
    if (!last) return 0
    await enterFacts(people)
    await db.transaction().execute((tx) => saveProgress(tx, CATCH_UP, last.personId))
    return people.length
  }

  async function enterFacts(people: Awaited<ReturnType<typeof identity.factsOf>>): Promise<void> {
    if (people.length === 0) return
    const entered_at = clock.now()
    const rows = people.map(({ personId, ...facts }) => ({
      person_id: personId,
      digests: digestsOf(seal, readRecord(facts)),
      entered_at,
    }))
    await db.transaction().execute((tx) => saveEntries(tx, rows))
  }
}

/** Ids made before a moment are below it, as a UUIDv7 begins with the milliseconds. */
function firstIdAt(instant: Date): string {
  const hex = instant.getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-`
}
