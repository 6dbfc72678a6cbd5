import { addMs, type Clock, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Seal } from '../../platform/seal.ts'
import { blockedUntil, blockUntil, countFailure, forgetFailures } from './proof-store.ts'

export const FAILURES_COUNT_MS = HOUR_MS

// One client from one address may be wrong a few times; an address that tries many clients, some more.
const FREE_FAILURES = { client: 10, address: 50 } as const
const FIRST_WAIT_MS = 30 * SECOND_MS
const LONGEST_WAIT_MS = 15 * MINUTE_MS
const MOST_DOUBLINGS = 10

/**
 * Slows down who tries to guess a client's secret: after ten failures of one client from one address, or fifty of any
 * from one address, each is followed by a wait, 30 s first and then twice as long, up to 15 minutes. By address, so
 * that a stranger elsewhere cannot slow a client down.
 */
export function createThrottle({ db, clock, seal }: { db: Db; clock: Clock; seal: Seal }) {
  return { waitMs, failed, succeeded }

  /** How long this client must still wait at this address; 0 when it need not. */
  async function waitMs(clientId: string, address: string): Promise<number> {
    const now = clock.now()
    const until = await blockedUntil(db, Object.values(subjectsOf(clientId, address)), now)
    return until ? until.getTime() - now.getTime() : 0
  }

  async function failed(clientId: string, address: string): Promise<void> {
    const subjects = subjectsOf(clientId, address)
    for (const kind of ['client', 'address'] as const) {
      const now = clock.now()
      const forgottenBefore = addMs(now, -FAILURES_COUNT_MS)
      const failures = await countFailure(db, subjects[kind], { now, forgottenBefore })
      const wait = waitAfter(failures - FREE_FAILURES[kind])
      if (wait > 0) await blockUntil(db, subjects[kind], addMs(now, wait))
    }
  }

  async function succeeded(clientId: string, address: string): Promise<void> {
    await forgetFailures(db, subjectsOf(clientId, address).client)
  }

  // Digests, as addresses may be of people.
  function subjectsOf(clientId: string, address: string) {
    return {
      client: seal.blindIndex('partners.failed_attempt.client', `${clientId}|${address}`),
      address: seal.blindIndex('partners.failed_attempt.address', address),
    }
  }
}

function waitAfter(excess: number): number {
  if (excess < 0) return 0
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(excess, MOST_DOUBLINGS))
}
