import { eachAtOnce } from '../../kernel/at-once.ts'
import { addMs, type Clock } from '../../kernel/time.ts'
import type { Hub } from '../hub/create-hub.ts'

/**
 * Looks for new bills of the visits that are agreed on credit, at whole multiples of `everyMs`, so that all looks of a
 * moment are one. A visit that fails has its turn again at the next look.
 */
export function createVisitBillLooks(
  { sources: { credit }, visitBills }: Looked,
  { clock, everyMs, atOnce, onError = () => undefined }: LookOptions,
) {
  let lookedAt: Date | null = null
  return { look, nextDueAt }

  /** Returns how many payments were begun. */
  async function look(): Promise<number> {
    const moment = wholeMoment(clock.now())
    if (lookedAt?.getTime() === moment.getTime()) return 0
    lookedAt = moment
    let begun = 0
    for (const { lenderId } of await credit.lenders()) {
      for await (const visits of credit.openVisits(lenderId)) {
        await eachAtOnce(visits, atOnce, async (visit) => {
          const paid = await visitBills.payBillsOf(visit).catch((error: unknown) => {
            onError(error)
            return 0
          })
          begun += paid
        })
      }
    }
    return begun
  }

  /** Null while no visit is open. */
  async function nextDueAt(): Promise<Date | null> {
    for (const { lenderId } of await credit.lenders()) {
      for await (const _page of credit.openVisits(lenderId)) {
        const now = wholeMoment(clock.now())
        return lookedAt?.getTime() === now.getTime() ? addMs(now, everyMs) : now
      }
    }
    return null
  }

  function wholeMoment(now: Date): Date {
    return new Date(now.getTime() - (now.getTime() % everyMs))
  }
}

type Looked = {
  sources: { credit: Pick<Hub['sources']['credit'], 'lenders' | 'openVisits'> }
  visitBills: Pick<Hub['visitBills'], 'payBillsOf'>
}

type LookOptions = {
  clock: Clock
  everyMs: number
  atOnce: number
  onError?: ((error: unknown) => void) | undefined
}
