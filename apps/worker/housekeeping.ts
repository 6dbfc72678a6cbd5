import type { HospitalId } from '../../kernel/id.ts'
import { addMs, HOUR_MS } from '../../kernel/time.ts'
import type { Platform } from '../../platform/context.ts'
import { purgeIdempotencyKeys } from '../../platform/http/idempotency.ts'
import type { Hub } from '../hub/create-hub.ts'

const EVERY_MS = HOUR_MS

// Of each table in one hour, and of a thousand rows at most: enough for 120,000 money requests of a hospital in a
// day, and never so many that what is due waits for it. What is left waits for the next hour.
const MOST_BATCHES = 5

/**
 * Forgets what nobody needs any more: sessions, failed logins, the keys of money requests, and what applications
 * proved, asked and were told. To be called as
 * often as one likes: it works once an hour by the clock, and at the first call. Returns how many rows went.
 * Errors: throws what the database throws; what is left is then tried an hour later.
 */
export function createHousekeeping(
  { identity, hospitals, partners }: Household,
  platform: Platform,
) {
  let workedAt: Date | null = null
  return { keepHouse }

  async function keepHouse(): Promise<number> {
    const now = platform.clock.now()
    if (workedAt && now < addMs(workedAt, EVERY_MS)) return 0
    workedAt = now
    let total = await inBatches(() => identity.purgeExpired())
    total += await inBatches(() => partners.purgeExpired())
    for (const { id } of await hospitals.list()) {
      total += await inBatches(() => purgeIdempotencyKeys(platform, id))
      total += await inBatches(() => partners.purgeEvents(id))
    }
    return total
  }
}

async function inBatches(forgetSome: () => Promise<number>): Promise<number> {
  let total = 0
  for (let batch = 0; batch < MOST_BATCHES; batch++) {
    const forgotten = await forgetSome()
    if (forgotten === 0) return total
    total += forgotten
  }
  return total
}

/** What of the hub has something to forget. */
type Household = {
  identity: Pick<Hub['identity'], 'purgeExpired'>
  partners: Pick<Hub['partners'], 'purgeExpired' | 'purgeEvents'>
  hospitals: { list(): Promise<readonly { id: HospitalId }[]> }
}
