import type { HospitalId } from '../../kernel/id.ts'
import { addMs } from '../../kernel/time.ts'
import type { Platform } from '../../platform/context.ts'
import type { Hub } from '../hub/create-hub.ts'

/**
 * Seals what was written since, of every hospital and lender. To be called as often as one likes: it works every
 * `everyMs` by the clock, and at the first call. Returns how much was sealed. A log that does not agree with what was signed is
 * told of each time, and the others are sealed all the same.
 */
export function createSealingTurns(
  { sealing, hospitals, sources }: Sealed,
  { clock }: Pick<Platform, 'clock'>,
  everyMs: number,
  onError: (error: unknown) => void = () => undefined,
) {
  let workedAt: Date | null = null
  return { sealDue }

  async function sealDue(): Promise<number> {
    const now = clock.now()
    if (workedAt && now < addMs(workedAt, everyMs)) return 0
    workedAt = now
    let total = 0
    for (const book of await booksOf()) {
      try {
        total += await sealing.sealNext(book)
      } catch (error) {
        onError(error)
      }
    }
    return total
  }

  async function booksOf(): Promise<HospitalId[]> {
    const lenders = await sources.credit.lenders()
    return [
      ...(await hospitals.list()).map(({ id }) => id),
      ...lenders.map(({ lenderId }) => lenderId),
    ]
  }
}

/** What of the hub is sealed, and by whom. */
type Sealed = {
  sealing: Pick<Hub['sealing'], 'sealNext'>
  sources: { credit: Pick<Hub['sources']['credit'], 'lenders'> }
  hospitals: { list(): Promise<readonly { id: HospitalId }[]> }
}
