import type { HospitalId } from '../../kernel/id.ts'
import { addMs, type Clock, SECOND_MS } from '../../kernel/time.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { CLOSED, stateAt } from './breaker.ts'
import type { ChannelHealth } from './channel-health.ts'
import { addMinutes, listBreakers, minutesSince, saveBreaker } from './health-store.ts'
import {
  countIn,
  giveBack,
  healthIn,
  type Memory,
  newMemory,
  takeIn,
  takeOut,
  windowStart,
} from './memory.ts'
import type { Observation } from './operation.ts'

/** A process hears of the others, and they of it, within this time. */
export const SYNC_MS = 10 * SECOND_MS

/** So many charges at once, of one process, try a channel that was down. */
const MOST_TRIALS = 2

export type Health = ReturnType<typeof createHealth>

/**
 * How every channel of every hospital fares: in the memory of this process and, by `sync`, in rows that all processes
 * share and a new one begins with. Reading it costs nothing; what others saw is at most ten seconds old.
 */
export function createHealth({ db, clock, onError }: Dependencies) {
  const memories = new Map<HospitalId, Memory>()
  const memoryOf = (hospitalId: HospitalId): Memory => {
    const memory = memories.get(hospitalId) ?? newMemory()
    memories.set(hospitalId, memory)
    return memory
  }
  return { clock, observe, of, fresh, keep, sync, hasNews, admit }

  /** Counts one call that has ended. */
  function observe(observation: Observation): void {
    countIn(memoryOf(observation.hospitalId), observation)
  }

  /** Every channel of which anything is known, as this process knows it now. */
  function of(hospitalId: HospitalId): ReadonlyMap<string, ChannelHealth> {
    return healthIn(memoryOf(hospitalId), clock.now())
  }

  /** Before a call: hears what the others saw, if it is time to. Never throws: money does not wait for figures. */
  async function fresh(hospitalId: HospitalId): Promise<void> {
    const { syncedAt } = memoryOf(hospitalId)
    if (syncedAt && clock.now() < addMs(syncedAt, SYNC_MS)) return
    await sync(hospitalId).catch(onError)
  }

  /** After a call: tells the others at once of a channel that went down or came back. Never throws. */
  async function keep(hospitalId: HospitalId): Promise<void> {
    if (memoryOf(hospitalId).changed.size > 0) await sync(hospitalId).catch(onError)
    else await fresh(hospitalId)
  }

  /** Writes what this process counted, and reads what all have. Errors: throws what the database throws; nothing is lost. */
  async function sync(hospitalId: HospitalId): Promise<void> {
    const memory = memoryOf(hospitalId)
    memory.syncing ??= exchange({ db, clock }, hospitalId, memory).finally(() => {
      memory.syncing = null
    })
    await memory.syncing
  }

  /** There is something that only this process knows. */
  function hasNews(hospitalId: HospitalId): boolean {
    const { pending, changed } = memoryOf(hospitalId)
    return pending.size > 0 || changed.size > 0
  }

  /** Whether a new charge may go to the channel. Whoever is let through calls `end` when the charge is over. */
  function admit(hospitalId: HospitalId, channel: string): Admission {
    const { breakers, trials } = memoryOf(hospitalId)
    const state = stateAt(breakers.get(channel)?.breaker ?? CLOSED, clock.now())
    if (state === 'closed') return { admitted: true, end: () => undefined }
    const running = trials.get(channel) ?? 0
    if (state === 'open' || running >= MOST_TRIALS) return { admitted: false }
    trials.set(channel, running + 1)
    return { admitted: true, end: () => void trials.set(channel, (trials.get(channel) ?? 1) - 1) }
  }
}

export type Admission = { admitted: true; end: () => void } | { admitted: false }

async function exchange(
  { db, clock }: { db: Db; clock: Clock },
  hospitalId: HospitalId,
  memory: Memory,
): Promise<void> {
  const now = clock.now()
  memory.syncedAt = now
  const { minutes, breakers } = takeOut(memory)
  try {
    const read = await inHospital(db, hospitalId, async (tx) => {
      await addMinutes(tx, hospitalId, minutes)
      for (const kept of breakers) await saveBreaker(tx, hospitalId, kept, now)
      return {
        minutes: await minutesSince(tx, hospitalId, windowStart(now)),
        breakers: await listBreakers(tx, hospitalId),
      }
    })
    takeIn(memory, read)
  } catch (error) {
    giveBack(memory, breakers)
    throw error
  }
}

type Dependencies = { db: Db; clock: Clock; onError: (error: unknown) => void }
