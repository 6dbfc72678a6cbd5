import type { HospitalId } from '../../kernel/id.ts'
import { addMs, type BusinessDate, businessDateOf, HOUR_MS, instantAt } from '../../kernel/time.ts'
import type { Platform } from '../../platform/context.ts'
import { purgeIdempotencyKeys } from '../../platform/http/idempotency.ts'
import type { Hub } from '../hub/create-hub.ts'

const EVERY_MS = HOUR_MS

const QUIET_FROM = '02:00:00'
const QUIET_UNTIL = '05:00:00'

// Of each table in one hour, and of a thousand rows at most: enough for 120,000 money requests of a hospital in a
// day, and never so many that what is due waits for it. What is left waits for the next hour.
const MOST_BATCHES = 5
const PEOPLE_AT_ONCE = 1_000

/**
 * Forgets what nobody needs any more: sessions, failed logins, the keys of money requests, and what applications
 * proved, asked and were told. To be called as
 * often as one likes: it works once an hour by the clock, and at the first call. Returns how many rows went.
 * Errors: throws what the database throws; what is left is then tried an hour later.
 */
export function createHousekeeping(
  { identity, personIndex, hospitals, partners, sources, connections, booking }: Household,
  platform: Platform,
  onError: (error: unknown) => void = () => undefined,
) {
  let workedAt: Date | null = null
  let settledOn: BusinessDate | null = null
  return { keepHouse }

  async function keepHouse(): Promise<number> {
    const now = platform.clock.now()
    if (workedAt && now < addMs(workedAt, EVERY_MS)) return 0
    workedAt = now
    let total = await inBatches(() => identity.purgeExpired())
    total += await inBatches(() => partners.purgeExpired())
    if (personIndex) {
      await inBatches(() => personIndex.catchUp(PEOPLE_AT_ONCE))
      await personIndex.learnNames()
    }
    for (const { id } of await hospitals.list()) {
      total += await inBatches(() => purgeIdempotencyKeys(platform, id))
      total += await inBatches(() => partners.purgeEvents(id))
      total += await inBatches(() => sources.benefits.keepHouse(id))
      total += await inBatches(() => sources.coverage.forgetBills(id))
      if (booking) total += await inBatches(() => booking.purge(id))
    }
    for (const { lenderId } of await sources.credit.lenders()) {
      total += await inBatches(() => purgeIdempotencyKeys(platform, lenderId))
    }
    await settleBatches(now)
    return total
  }

  /** Once a night, when next to nobody pays: what is charged meanwhile makes a terminal's totals differ from its bank's. */
  async function settleBatches(now: Date): Promise<void> {
    const today = businessDateOf(now)
    const isNight = now >= instantAt(today, QUIET_FROM) && now < instantAt(today, QUIET_UNTIL)
    if (!isNight || settledOn === today) return
    settledOn = today
    // Whoever pays by card now does so in another process: here the lines are opened for this.
    for (const { id } of await hospitals.list()) await connections.channels.of(id)
    for (const {
      hospitalId,
      channel,
      terminal,
      reason,
    } of await connections.bankLines.settleBatches()) {
      onError(new Error(`hospital ${hospitalId}: ${channel} ${terminal} is not settled: ${reason}`))
    }
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
  /** Those who registered by themselves come to be found; at a desk it is done at once. */
  personIndex?: Pick<Hub['personIndex'], 'catchUp' | 'learnNames'>
  partners: Pick<Hub['partners'], 'purgeExpired' | 'purgeEvents'>
  booking?: Pick<Hub['booking'], 'purge'>
  sources: {
    benefits: Pick<Hub['sources']['benefits'], 'keepHouse'>
    coverage: Pick<Hub['sources']['coverage'], 'forgetBills'>
    credit: Pick<Hub['sources']['credit'], 'lenders'>
  }
  connections: {
    channels: { of(hospitalId: HospitalId): Promise<unknown> }
    bankLines: Pick<Hub['connections']['bankLines'], 'settleBatches'>
  }
  hospitals: { list(): Promise<readonly { id: HospitalId }[]> }
}
