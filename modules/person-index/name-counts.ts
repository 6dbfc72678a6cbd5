import { addMs, DAY_MS, HOUR_MS } from '../../kernel/time.ts'
import type { SealedColumn } from '../../platform/reseal.ts'
import type { SealPlace } from '../../platform/seal.ts'
import type { PersonIndexDependencies } from './dependencies.ts'
import {
  frequenciesOf,
  type Frequencies,
  type NameCounts,
  tallyNames,
  unknownFrequencies,
} from './matching/frequencies.ts'
import { readName } from './matching/names.ts'
import { type CountsRow, findCounts, saveCounts } from './store.ts'

/** People that are asked, anywhere in the region; many more say little more. */
const NAMES_COUNTED = 50_000
const COUNTED_EVERY_MS = DAY_MS
/** For so long a process goes by what it read. */
const READ_EVERY_MS = HOUR_MS

const PLACE: SealPlace = {
  purpose: 'person_index.name_counts',
  owner: 'region',
  row: 'region',
}

type NameCountsDependencies = Pick<PersonIndexDependencies, 'db' | 'clock' | 'seal'> & {
  identity: Pick<PersonIndexDependencies['identity'], 'someNames'>
}

/** How common names are: counted by one worker, known to all processes. */
export function createNameCounts({ db, clock, seal, identity }: NameCountsDependencies) {
  let read: { at: Date; countedAt: Date | null; frequencies: Frequencies } | null = null
  return { learnNames, frequencies }

  /** Counts and stores them, unless that was done within a day; returns how many people were counted now. */
  async function learnNames(): Promise<number> {
    const now = clock.now()
    const before = await findCounts(db)
    if (before && before.counted_at > addMs(now, -COUNTED_EVERY_MS)) return 0
    const names = await identity.someNames(NAMES_COUNTED)
    const counts = tallyNames(names.map((name) => readName(name).folded))
    await saveCounts(db, {
      region: 'region',
      counts_sealed: seal.seal(PLACE, JSON.stringify([...counts.byName])),
      counted: counts.counted,
      counted_at: now,
    })
    read = null
    return counts.counted
  }

  /** As they were last stored; until names are counted all are taken as usual. */
  async function frequencies(): Promise<Frequencies> {
    const now = clock.now()
    if (read && read.at > addMs(now, -READ_EVERY_MS)) return read.frequencies
    const row = await findCounts(db)
    const isSame = read !== null && read.countedAt?.getTime() === row?.counted_at.getTime()
    const known = isSame && read ? read.frequencies : row ? openCounts(row) : unknownFrequencies
    read = { at: now, countedAt: row?.counted_at ?? null, frequencies: known }
    return known
  }

  function openCounts({ counts_sealed, counted }: CountsRow): Frequencies {
    const stored = JSON.parse(seal.open(PLACE, counts_sealed)) as [string, number][]
    const counts: NameCounts = { byName: new Map(stored), counted }
    return frequenciesOf(counts)
  }
}

/** To be put under another key. */
export const sealedNameCounts: SealedColumn = {
  table: 'person_index.name_counts',
  column: 'counts_sealed',
  key: ['region'],
  rowsOf: 'region',
  place: () => PLACE,
}
