import type { Loan } from '../../../contract/client.ts'
import { nextDueOf, scheduledFenOf } from './schedule.ts'
import type { RepaymentWish } from './use-credit.ts'

/** How much somebody may repay at once. `amountFen` is null where they say it themselves. */
export type Choice =
  | { kind: 'due' | 'next' | 'full'; amountFen: number }
  | { kind: 'other'; amountFen: null }

/** Pure: what is due comes first, then as much as the next instalment, all of it, and an amount of one's own. */
export function choicesOf(loan: Loan): Choice[] {
  const { owedNowFen, owedInFullFen } = loan
  if (owedInFullFen <= 0) return []
  const next = nextDueOf(loan)
  const nextFen = next ? scheduledFenOf(next) : 0
  const isPart = (fen: number) => fen > 0 && fen < owedInFullFen
  return [
    ...(isPart(owedNowFen) ? [{ kind: 'due' as const, amountFen: owedNowFen }] : []),
    ...(owedNowFen === 0 && isPart(nextFen) ? [{ kind: 'next' as const, amountFen: nextFen }] : []),
    { kind: 'full', amountFen: owedInFullFen },
    ...(owedInFullFen > 1 ? [{ kind: 'other' as const, amountFen: null }] : []),
  ]
}

/** What is sent for a choice; null while the amount of one's own is none that can be repaid. */
export function wishOf(
  { kind, amountFen }: Choice,
  ownFen: number | null,
  mostFen: number,
): RepaymentWish | null {
  if (amountFen !== null) return { scope: kind === 'next' ? 'partial' : scopeOf(kind), amountFen }
  if (ownFen === null || ownFen < 1 || ownFen > mostFen) return null
  return { scope: 'partial', amountFen: ownFen }
}

const scopeOf = (kind: Choice['kind']): RepaymentWish['scope'] => (kind === 'due' ? 'due' : 'full')
