import {
  addDays,
  type BusinessDate,
  businessDateOf,
  type Clock,
  earliest,
  instantAt,
} from '../../kernel/time.ts'
import type { LenderId } from '../../modules/credit/index.ts'
import type { Hub } from '../hub/create-hub.ts'

/**
 * What is due at the lenders: visits that end, applications and repayments that nobody answered, and once a day, after
 * midnight, the close of yesterday and the debits of today. A lender that fails has its turn again at the next call.
 */
export function createLenders(
  { credit, loans }: Lending,
  { clock }: { clock: Clock },
  onError: (error: unknown) => void = () => undefined,
) {
  const closed = new Map<LenderId, BusinessDate>()
  return { workOff, nextDueAt }

  /** Returns how much there was to do. */
  async function workOff(): Promise<number> {
    let total = 0
    for (const { lenderId } of await credit.lenders()) {
      total += await workOffLender(lenderId).catch((error: unknown) => {
        onError(error)
        return 0
      })
    }
    return total
  }

  /** When a lender is to be looked at next, by a visit or by the end of the day; null for no lender. */
  async function nextDueAt(): Promise<Date | null> {
    const today = businessDateOf(clock.now())
    const moments: (Date | null)[] = []
    for (const { lenderId } of await credit.lenders()) {
      const isClosed = closed.get(lenderId) === addDays(today, -1)
      moments.push(
        await credit.nextDueAt(lenderId),
        instantAt(isClosed ? addDays(today, 1) : today),
      )
    }
    return earliest(moments)
  }

  async function workOffLender(lenderId: LenderId): Promise<number> {
    const done = (await credit.sweep(lenderId, onError)) + (await loans.resolveRepayments(lenderId))
    const yesterday = addDays(businessDateOf(clock.now()), -1)
    if (closed.get(lenderId) === yesterday) return done
    await loans.closeDay(lenderId, yesterday)
    await loans.debitDue(lenderId)
    closed.set(lenderId, yesterday)
    return done + 1
  }
}

type Lending = {
  credit: Pick<Hub['sources']['credit'], 'lenders' | 'sweep' | 'nextDueAt'>
  loans: Pick<Hub['sources']['loans'], 'resolveRepayments' | 'closeDay' | 'debitDue'>
}
