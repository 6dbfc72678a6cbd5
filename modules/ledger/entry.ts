import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'

export type EntryId = Id<'Entry'>
export type HoldId = Id<'Hold'>

/** asset: what others owe the hospital. liability: what it owes. income: what it has earned. */
export type AccountKind = 'asset' | 'liability' | 'income'

/** An account is named by its code, and opened by its first use. */
export type Account = { code: string; kind: AccountKind }

/** Moves an amount above zero from the credited account to the debited one. */
export type Transfer = { debit: Account; credit: Account; amountFen: Fen }

/** The transfers of one fact. `cause` is unique in the hospital: one fact is posted once. */
export type NewEntry = {
  hospitalId: HospitalId
  businessDate: BusinessDate
  cause: string
  subject: string
  memo: string
  transfers: readonly Transfer[]
}

/**
 * 'exists': this very entry was posted before, nothing to do. 'exists_with_different': the cause was
 * posted with other transfers, which is for a person to look at.
 */
export type PostResult =
  | { outcome: 'posted'; entryId: EntryId }
  | { outcome: 'exists'; entryId: EntryId }
  | { outcome: 'exists_with_different'; entryId: EntryId }

/** An amount promised out of the credited account, an asset, and not to be promised again. */
export type NewHold = Transfer & { hospitalId: HospitalId; cause: string; subject: string }

export type HoldResult =
  | { outcome: 'held'; holdId: HoldId }
  | { outcome: 'exists'; holdId: HoldId }
  | { outcome: 'exists_with_different'; holdId: HoldId }
  | { outcome: 'insufficient'; availableFen: Fen }

export type HoldEnd = 'posted' | 'voided'

export type EndHoldResult =
  | { outcome: 'ended'; entryId: EntryId | null }
  | { outcome: 'already'; end: HoldEnd }
  | { outcome: 'hold_not_found' }

/** True when both lists move the same amounts between the same accounts in the same order. */
export const sameTransfers = (
  a: readonly Transfer[],
  b: readonly { debit: string; credit: string; amountFen: Fen }[],
): boolean =>
  a.length === b.length &&
  a.every((transfer, i) => {
    const other = b[i]
    return (
      other !== undefined &&
      transfer.debit.code === other.debit &&
      transfer.credit.code === other.credit &&
      transfer.amountFen === other.amountFen
    )
  })

export type AccountTotals = { account: Account; debitFen: Fen; creditFen: Fen }

/** What the transfers add to each account, sorted by code, so that rows are locked in one order. */
export function totalsByAccount(transfers: readonly Transfer[]): AccountTotals[] {
  const totals = new Map<string, { account: Account; debitFen: number; creditFen: number }>()
  const add = (account: Account, debitFen: number, creditFen: number) => {
    const known = totals.get(account.code) ?? { account, debitFen: 0, creditFen: 0 }
    known.debitFen += debitFen
    known.creditFen += creditFen
    totals.set(account.code, known)
  }
  for (const { debit, credit, amountFen } of transfers) {
    add(debit, amountFen, 0)
    add(credit, 0, amountFen)
  }
  return [...totals.values()].toSorted((a, b) =>
    a.account.code < b.account.code ? -1 : 1,
  ) as AccountTotals[]
}
