import type { HospitalId, Id } from '../../../kernel/id.ts'
import type { Fen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { Account, NewEntry, Transfer } from '../../ledger/index.ts'
import { type PartKind, receivable } from '../../payments/index.ts'
import type { CaseId } from '../day.ts'
import type { CaseClass, WorkCase } from '../work-case.ts'

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

const EITHER = ADJUSTMENT_KINDS

/** What can be proposed for a case: none where no amount stands between ours and a provider's. */
export const adjustmentsOf = ({ class: cls, source }: WorkCase): readonly AdjustmentKind[] =>
  source === null || source === 'his' ? [] : (KINDS_OF_CLASS[cls] ?? [])

const KINDS_OF_CLASS: Partial<Record<CaseClass, readonly AdjustmentKind[]>> = {
  theirs_only: SURPLUS,
  duplicate: SURPLUS,
  foreign: SURPLUS,
  ours_only: ['write_off_shortage'],
  amount: EITHER,
  status: EITHER,
}
