import type { HospitalId } from '../../kernel/id.ts'
import { type Clock, SECOND_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { every } from '../../platform/every.ts'
import type { QueueDependencies } from './dependencies.ts'
import { queueErrors } from './errors.ts'
import type { LineId } from './lines.ts'
import { readSight } from './reading.ts'
import type { Sight } from './sight.ts'
import { revisionsOf } from './store.ts'

export type Live = ReturnType<typeof createLive>

/** Somebody who sees a line live: told whenever it is another, and from time to time since waiting grows shorter by itself. */
export type Watcher = {
  hospitalId: HospitalId
  /** Whose it is, for the limit of one: a person, a session of the staff, a screen. */
  owner: string
  lineIds: () => readonly LineId[]
  onSight: (sight: Sight) => void
}

const MOST_IN_A_HOSPITAL = 5_000
const MOST_OF_ONE = 6
/** A change of another process is seen no later than this, and waiting times are made anew after so long. */
const LOOK_EVERY_MS = 500
const STALE_MS = 15 * SECOND_MS

/**
 * Lines as they are, to those who watch. A line is read once for each revision, however many watch it. A change in this
 * process is looked for at once; one of another process, and a lost call, twice a second by one query for each hospital.
 */
export function createLive(deps: QueueDependencies) {
  const watchers = new Map<HospitalId, Set<Watcher>>()
  const seen: Seen = new Map()
  const looking = new Map<HospitalId, { again: boolean }>()
  let stopLooking: (() => void) | null = null
  return { watch, look, count, stop }

  /** Returns what ends it. Errors: too_many_streams. */
  function watch(watcher: Watcher): () => void {
    const { hospitalId, owner } = watcher
    const others = watchers.get(hospitalId) ?? new Set()
    const own = [...others].filter((other) => other.owner === owner).length
    if (others.size >= MOST_IN_A_HOSPITAL) {
      throw queueErrors.too_many_streams({ most: MOST_IN_A_HOSPITAL })
    }
    if (own >= MOST_OF_ONE) throw queueErrors.too_many_streams({ most: MOST_OF_ONE })
    others.add(watcher)
    watchers.set(hospitalId, others)
    stopLooking ??= every(LOOK_EVERY_MS, () => {
      for (const id of watchers.keys()) look(id)
    })
    return () => {
      others.delete(watcher)
      if (others.size === 0) watchers.delete(hospitalId)
      if (watchers.size === 0) stop()
    }
  }

  /** Looks whether lines of a hospital have changed; looks that come while one runs are one. */
  function look(hospitalId: HospitalId): void {
    if (!watchers.has(hospitalId)) return
    const running = looking.get(hospitalId)
    if (running) {
      running.again = true
      return
    }
    const state = { again: true }
    looking.set(hospitalId, state)
    void (async () => {
      while (state.again) {
        state.again = false
        // A database that is away for a moment is asked again at the next look.
        await tell(deps, hospitalId, [...(watchers.get(hospitalId) ?? [])], seen).catch(
          () => undefined,
        )
      }
      looking.delete(hospitalId)
    })()
  }

  function count(hospitalId: HospitalId): number {
    return watchers.get(hospitalId)?.size ?? 0
  }

  function stop(): void {
    stopLooking?.()
    stopLooking = null
    seen.clear()
  }
}

type Seen = Map<string, { revision: number; atMs: number }>

/** Those who watch lines of a hospital are told which have changed. */
async function tell(
  deps: QueueDependencies,
  hospitalId: HospitalId,
  watchers: readonly Watcher[],
  seen: Seen,
): Promise<void> {
  const ids = [...new Set(watchers.flatMap(({ lineIds }) => lineIds()))]
  if (ids.length === 0) return
  const revisions = await inHospital(deps.db, hospitalId, (tx) => revisionsOf(tx, hospitalId, ids))
  for (const [id, revision] of revisions) {
    const known = seen.get(keyOf(hospitalId, id))
    if (known && known.revision >= revision && !isStale(known, deps.clock)) continue
    const sight = await readSight(deps, { hospitalId, id })
    const atMs = deps.clock.now().getTime()
    seen.set(keyOf(hospitalId, id), { revision: sight.line.revision, atMs })
    for (const watcher of watchers) if (watcher.lineIds().includes(id)) watcher.onSight(sight)
  }
}

const keyOf = (hospitalId: HospitalId, id: LineId): string => `${hospitalId}:${id}`

const isStale = ({ atMs }: { atMs: number }, clock: Clock): boolean =>
  clock.now().getTime() - atMs >= STALE_MS
