import type { HospitalId } from '../../kernel/id.ts'
import { addMs, type Clock, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import type { Department } from './hospital.ts'
import { departmentsReadAt, listDepartments } from './store.ts'

/** Departments as the hospital's system listed them at `readAt`; stale where it was asked since and did not answer. */
export type Directory = { departments: Department[]; readAt: Date | null; stale: boolean }

const FRESH_MS = 10 * MINUTE_MS
/** Somebody is waiting for the page; what comes later is there for the next. */
const WAITED_FOR_MS = 1_500
/** A hospital that is silent is left in peace for so long. */
const ASKED_AGAIN_MS = 30 * SECOND_MS

type Dependencies = {
  db: Db
  clock: Clock
  /** Waits in real time. Without it, the hospital's answer is waited for to its end. */
  pause?: (ms: number) => Promise<void>
  /** Asks the hospital and takes its list over. Errors: throws when it cannot. */
  sync: (hospitalId: HospitalId) => Promise<unknown>
  isConnected: (hospitalId: HospitalId) => Promise<boolean>
}

/**
 * Reads departments through what is kept. Whoever looks when that is old has the hospital asked, all who look at once
 * by one question, and gets the old list when the answer is slow or does not come: a dead hospital costs one look in
 * half a minute.
 */
export function createDirectory(dependencies: Dependencies) {
  const { db, clock, pause, sync, isConnected } = dependencies
  const asking = new Map<HospitalId, Promise<boolean>>()
  const silentUntil = new Map<HospitalId, Date>()
  return { of }

  async function of(hospitalId: HospitalId): Promise<Directory> {
    const readAt = await inHospital(db, hospitalId, (tx) => departmentsReadAt(tx, hospitalId))
    const stale = !isFresh(readAt) && !(await refreshed(hospitalId))
    return inHospital(db, hospitalId, async (tx) => ({
      departments: await listDepartments(tx, hospitalId),
      readAt: await departmentsReadAt(tx, hospitalId),
      stale,
    }))
  }

  function isFresh(readAt: Date | null): boolean {
    const ageMs = readAt === null ? FRESH_MS : clock.now().getTime() - readAt.getTime()
    return ageMs >= 0 && ageMs < FRESH_MS
  }

  /** Whether it is as the hospital says it now; true too for one without a system, which nobody can ask. */
  async function refreshed(hospitalId: HospitalId): Promise<boolean> {
    if (clock.now() < (silentUntil.get(hospitalId) ?? NEVER)) return false
    if (!(await isConnected(hospitalId))) return true
    const answered = asking.get(hospitalId) ?? ask(hospitalId)
    asking.set(hospitalId, answered)
    if (!pause) return answered
    return Promise.race([answered, pause(WAITED_FOR_MS).then(() => false)])
  }

  async function ask(hospitalId: HospitalId): Promise<boolean> {
    try {
      await sync(hospitalId)
      silentUntil.delete(hospitalId)
      return true
    } catch {
      // Who asked sees that it is stale; the exchange itself is kept by sync.
      silentUntil.set(hospitalId, addMs(clock.now(), ASKED_AGAIN_MS))
      return false
    } finally {
      asking.delete(hospitalId)
    }
  }
}

const NEVER = new Date(0)
