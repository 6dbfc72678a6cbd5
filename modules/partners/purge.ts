import type { HospitalId } from '../../kernel/id.ts'
import { addMs, type Clock, DAY_MS, MINUTE_MS } from '../../kernel/time.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { deleteOldEvents } from './event-store.ts'
import { deleteOldProofs } from './proof-store.ts'
import { deleteOldRequests } from './request-log-store.ts'
import { FAILURES_COUNT_MS } from './throttle.ts'

const KEPT_MS = 30 * DAY_MS
const TOKENS_KEPT_MS = DAY_MS
// Twice as long as they count, as a process may have another idea of the time.
const NONCES_KEPT_MS = 30 * MINUTE_MS
const BATCH = 1_000

/** Forgets what nobody needs any more, up to a thousand rows of each kind, so that no lock is held for long. */
export function createPurge({ db, clock }: { db: Db; clock: Clock }) {
  return { purgeExpired, purgeEvents }

  /** Tokens a day after their end, nonces, failed attempts, and requests after 30 days; returns how many. */
  async function purgeExpired(): Promise<number> {
    const now = clock.now()
    const proofs = {
      tokensExpired: addMs(now, -TOKENS_KEPT_MS),
      noncesUsed: addMs(now, -NONCES_KEPT_MS),
      attempted: addMs(now, -FAILURES_COUNT_MS),
    }
    const forgotten = await deleteOldProofs(db, proofs, BATCH)
    return forgotten + (await deleteOldRequests(db, addMs(now, -KEPT_MS), BATCH))
  }

  /** A hospital's events after 30 days, with their deliveries; returns how many events. */
  function purgeEvents(hospitalId: HospitalId): Promise<number> {
    const before = addMs(clock.now(), -KEPT_MS)
    return inHospital(db, hospitalId, (tx) => deleteOldEvents(tx, hospitalId, before, BATCH))
  }
}
