import type { HospitalId } from '../../kernel/id.ts'
import { type Clock, SECOND_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
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
  const seen = new Map<string, { revision: number; atMs: number }>()
  const looking = new Map<HospitalId, { again: boolean }>()
  let timer: NodeJS.Timeout | null = null
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
    timer ??= setInterval(() => {
      for (const id of watchers.keys()) look(id)
    }, LOOK_EVERY_MS).unref()
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
        await lookOnce(hospitalId).catch(() => undefined)
      }
      looking.delete(hospitalId)
    })()
  }

  async function lookOnce(hospitalId: HospitalId): Promise<void> {
    const here = [...(watchers.get(hospitalId) ?? [])]
    const ids = [...new Set(here.flatMap(({ lineIds }) => lineIds()))]
    if (ids.length === 0) return
    const revisions = await inHospital(deps.db, hospitalId, (tx) =>
      revisionsOf(tx, hospitalId, ids),
    )
    for (const [id, revision] of revisions) {
      const known = seen.get(keyOf(hospitalId, id))
      if (known && known.revision >= revision && !isStale(known, deps.clock)) continue
      const sight = await readSight(deps, { hospitalId, id })
      const { revision: read } = sight.line
      seen.set(keyOf(hospitalId, id), { revision: read, atMs: deps.clock.now().getTime() })
      for (const watcher of here) if (watcher.lineIds().includes(id)) watcher.onSight(sight)
    }
  }

  function count(hospitalId: HospitalId): number {
    return watchers.get(hospitalId)?.size ?? 0
  }

  function stop(): void {
    if (timer) clearInterval(timer)
    timer = null
    seen.clear()
  }
}

const keyOf = (hospitalId: HospitalId, id: LineId): string => `${hospitalId}:${id}`

const isStale = ({ atMs }: { atMs: number }, clock: Clock): boolean =>
  clock.now().getTime() - atMs >= STALE_MS
