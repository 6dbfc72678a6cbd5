import {
  addDays,
  addMs,
  type BusinessDate,
  businessDateOf,
  type Clock,
  earliest,
  instantAt,
  MINUTE_MS,
} from '../../kernel/time.ts'
import type { LenderId } from '../../modules/credit/index.ts'
import type { Hub } from '../hub/create-hub.ts'

/**
 * What is due at the lenders: visits that end, applications and repayments that nobody answered, and once a day, after
 * midnight, the close of every day that is over and the debits of today. What fails keeps nothing else waiting and has
 * its turn again: the close at the next call, debits after some minutes.
 */
export function createLenders(
  { credit, loans }: Lending,
  { clock }: { clock: Clock },
  onError: (error: unknown) => void = () => undefined,
) {
  const closed = new Map<LenderId, BusinessDate>()
  const debits = createDebits(loans, clock, onError)
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
        debits.againAt(lenderId),
      )
    }
    return earliest(moments)
  }

  async function workOffLender(lenderId: LenderId): Promise<number> {
    const swept = await attempt(() => credit.sweep(lenderId, onError))
    const days = await attempt(() => closeDays(lenderId))
    const repaid = await attempt(() => loans.resolveRepayments(lenderId, onError))
    // A debit is for what is owed when yesterday is closed.
    const debited = closed.has(lenderId) ? await attempt(() => debits.workOff(lenderId)) : 0
    return swept + days + repaid + debited
  }

  async function attempt(work: () => Promise<number>): Promise<number> {
    try {
      return await work()
    } catch (error) {
      onError(error)
      return 0
    }
  }

  async function closeDays(lenderId: LenderId): Promise<number> {
    const yesterday = addDays(businessDateOf(clock.now()), -1)
    if (closed.get(lenderId) === yesterday) return 0
    closed.delete(lenderId)
    const days = await loans.closeDaysTo(lenderId, yesterday)
    closed.set(lenderId, yesterday)
    return days
  }
}

/** The debits of a day, once; those of a lender at which one failed are tried again some minutes later. */
function createDebits(
  loans: Pick<Lending['loans'], 'debitDue'>,
  clock: Clock,
  onError: (error: unknown) => void,
) {
  const debited = new Map<LenderId, { on: BusinessDate; againAt: Date | null }>()
  return { workOff, againAt: (lenderId: LenderId) => debited.get(lenderId)?.againAt ?? null }

  async function workOff(lenderId: LenderId): Promise<number> {
    const now = clock.now()
    const on = businessDateOf(now)
    const last = debited.get(lenderId)
    if (last?.on === on && (last.againAt === null || last.againAt > now)) return 0
    let againAt: Date | null = null
    const note = (error: unknown) => {
      againAt = addMs(now, DEBIT_AGAIN_AFTER_MS)
      onError(error)
    }
    const tried = await loans.debitDue(lenderId, note).catch((error: unknown) => {
      note(error)
      return 0
    })
    debited.set(lenderId, { on, againAt })
    return tried
  }
}

const DEBIT_AGAIN_AFTER_MS = 10 * MINUTE_MS

type Lending = {
  credit: Pick<Hub['sources']['credit'], 'lenders' | 'sweep' | 'nextDueAt'>
  loans: Pick<Hub['sources']['loans'], 'resolveRepayments' | 'closeDaysTo' | 'debitDue'>
}
