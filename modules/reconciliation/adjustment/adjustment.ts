import type { HospitalId, Id } from '../../../kernel/id.ts'
import { addFen, type Fen, fen, subtractFen, ZERO } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { Account, NewEntry, Transfer } from '../../ledger/index.ts'
import { type PartKind, receivable } from '../../payments/index.ts'
import { type CaseId, type Difference, HIS } from '../day.ts'
import type { WorkCase } from '../work-case.ts'

export type AdjustmentId = Id<'Adjustment'>

/** How a case is closed in the books: proposed by one person, decided by another. */
export type Adjustment = {
  id: AdjustmentId
  caseId: CaseId
  kind: AdjustmentKind
  provider: string
  part: PartKind
  amountFen: Fen
  reason: string
  proposedBy: string
  proposedAt: Date
  /** Null while it waits. */
  decision: AdjustmentDecision | null
}

export type AdjustmentDecision = {
  outcome: 'approved' | 'declined' | 'withdrawn'
  note: string | null
  entryId: Id<'Entry'> | null
  decidedBy: string
  decidedAt: Date
}

export const ADJUSTMENT_KINDS = [
  'hang_surplus', // 长款挂账: the provider has more than we know of; it is kept aside until it is known whose it is
  'return_surplus', // 长款退还: what was kept aside has gone back by the provider
  'surplus_to_income', // 长款转收入: nobody asked for it in the time that the rules give
  'write_off_shortage', // 短款核销: the provider has less than we booked, and it will not come
] as const

export type AdjustmentKind = (typeof ADJUSTMENT_KINDS)[number]

/** Money that a provider has of nobody known. */
export const surplus = (provider: string): Account => ({
  code: `surplus/${provider}`,
  kind: 'liability',
})
const OTHER_INCOME: Account = { code: 'income/surplus', kind: 'income' }
const SHORTAGE: Account = { code: 'expense/shortage', kind: 'expense' }

export const takesFromSurplus = (kind: AdjustmentKind): boolean =>
  kind === 'return_surplus' || kind === 'surplus_to_income'

const ACCOUNTS: Record<
  AdjustmentKind,
  (provider: string, part: PartKind) => Pick<Transfer, 'debit' | 'credit'>
> = {
  hang_surplus: (provider, part) => ({
    debit: receivable(provider, part),
    credit: surplus(provider),
  }),
  return_surplus: (provider, part) => ({
    debit: surplus(provider),
    credit: receivable(provider, part),
  }),
  surplus_to_income: (provider) => ({ debit: surplus(provider), credit: OTHER_INCOME }),
  write_off_shortage: (provider, part) => ({
    debit: SHORTAGE,
    credit: receivable(provider, part),
  }),
}

/** In the books of the case's own day; of a closed one, the ledger moves it to the next that is open. */
export const entryOfAdjustment = (
  { hospitalId, subject, businessDate }: CaseFacts,
  { id, kind, provider, part, amountFen, reason }: Adjustment,
): NewEntry => ({
  hospitalId,
  businessDate,
  cause: `adjustment:${id}`,
  subject,
  memo: reason,
  transfers: [{ ...ACCOUNTS[kind](provider, part), amountFen }],
})

type CaseFacts = {
  hospitalId: HospitalId
  subject: string
  businessDate: BusinessDate
}

const SURPLUS = ['hang_surplus', 'return_surplus', 'surplus_to_income'] as const
const SHORTAGES = ['write_off_shortage'] as const

/** What a provider has more than we know of, or less, by what a case is about. */
export type Gap = { is: 'surplus' | 'shortage'; amountFen: Fen }

/**
 * Pure: what stands between ours and a provider's in a case, all that it is about taken together: a charge raises what
 * the provider owes, a return lowers it. Null where nothing does.
 */
export function gapOf({ source }: Pick<WorkCase, 'source'>, differences: readonly Difference[]) {
  if (source === null || source === HIS) return null
  const open = differences.filter((each) => each.source === source && each.present)
  const net = open.reduce<Fen>((sum, { kind, oursFen, theirsFen }) => {
    const more = subtractFen(theirsFen, oursFen)
    return kind === 'charge' ? addFen(sum, more) : subtractFen(sum, more)
  }, ZERO)
  if (net === 0) return null
  const gap: Gap = { is: net > 0 ? 'surplus' : 'shortage', amountFen: fen(Math.abs(net)) }
  return gap
}

/** What can be proposed for a gap. */
export const adjustmentsOf = (gap: Gap | null): readonly AdjustmentKind[] =>
  gap === null ? [] : gap.is === 'surplus' ? SURPLUS : SHORTAGES
