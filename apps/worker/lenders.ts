import { addDays, type BusinessDate, businessDateOf, type Clock } from '../../kernel/time.ts'
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
  return { workOff }

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
  credit: Pick<Hub['sources']['credit'], 'lenders' | 'sweep'>
  loans: Pick<Hub['sources']['loans'], 'resolveRepayments' | 'closeDay' | 'debitDue'>
}
