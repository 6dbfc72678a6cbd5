import type { HospitalId } from '../../kernel/id.ts'
import { addMs, type BusinessDate, businessDateOf } from '../../kernel/time.ts'
import type { Platform } from '../../platform/context.ts'
import type { Hub } from '../hub/create-hub.ts'

/**
 * Keeps the books in order: folds the ledger's totals and ends holds that have expired, and once a day looks whether
 * something came to a date that has its vouchers. To be called as often as one likes: it works every `everyMs` by the
 * clock, and at the first call. What fails is told, and the others are kept all the same.
 */
export function createBookKeeping(
  { ledger, accounting, hospitals, sources }: Kept,
  { db, clock }: Pick<Platform, 'db' | 'clock'>,
  everyMs: number,
  onError: (error: unknown) => void = () => undefined,
) {
  let workedAt: Date | null = null
  let vouchersOn: BusinessDate | null = null
  return { keepBooks }

  async function keepBooks(): Promise<void> {
    const now = clock.now()
    if (workedAt && now < addMs(workedAt, everyMs)) return
    workedAt = now
    const houses = (await hospitals.list()).map(({ id }) => id)
    const lenders = (await sources.credit.lenders()).map(({ lenderId }) => lenderId)
    for (const book of [...houses, ...lenders]) await told(() => ledger.tidyUp(db, book))
    const today = businessDateOf(now)
    if (vouchersOn === today) return
    for (const hospitalId of houses) await told(() => accounting.sweep(hospitalId))
    vouchersOn = today
  }

  async function told(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      onError(error)
    }
  }
}

type Kept = {
  ledger: Pick<Hub['ledger'], 'tidyUp'>
  accounting: Pick<Hub['accounting'], 'sweep'>
  hospitals: { list(): Promise<readonly { id: HospitalId }[]> }
  sources: { credit: Pick<Hub['sources']['credit'], 'lenders'> }
}
