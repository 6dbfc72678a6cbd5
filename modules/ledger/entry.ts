import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'

export type EntryId = Id<'Entry'>
export type HoldId = Id<'Hold'>

/**
 * asset: what is the hospital's or owed to it. liability: what it owes. equity: what is its own. income: what it has
 * earned. expense: what it has spent. Assets and expenses stand on the debit side, the others on the credit side.
 */
export type AccountKind = 'asset' | 'liability' | 'equity' | 'income' | 'expense'

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
 * posted with other transfers, which is for a person to look at. `movedTo` is there when the day the entry
 * was meant for is closed: it stands on that day instead, and keeps the one it was meant for.
 */
export type PostResult =
  | { outcome: 'posted'; entryId: EntryId; movedTo?: BusinessDate }
  | { outcome: 'exists'; entryId: EntryId }
  | { outcome: 'exists_with_different'; entryId: EntryId }

/**
 * An amount promised out of the credited account, an asset, and not to be promised again. From `expiresAt` on it is
 * free again and cannot be posted; without one it is held until it is ended.
 */
export type NewHold = Transfer & {
  hospitalId: HospitalId
  cause: string
  subject: string
  expiresAt?: Date
}

export type HoldResult =
  | { outcome: 'held'; holdId: HoldId }
  | { outcome: 'exists'; holdId: HoldId }
  | { outcome: 'exists_with_different'; holdId: HoldId }
  | { outcome: 'insufficient'; availableFen: Fen }

export type HoldEnd = 'posted' | 'voided' | 'expired'

export type EndHoldResult =
  | { outcome: 'ended'; entryId: EntryId | null; movedTo?: BusinessDate }
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
