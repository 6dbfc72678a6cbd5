import type { Fen } from '../../kernel/money.ts'
import { type BusinessDate, isBusinessDate } from '../../kernel/time.ts'
import type { Account, EntryId, HoldId, Transfer } from './entry.ts'

/** What one place of a batch asks for. */
export type LedgerRequest =
  | PostRequest
  | HoldRequest
  | PostHoldRequest
  | VoidHoldRequest
  | ExpireHoldRequest

/** 'next_open' books on the first open day after the one that is closed; 'refuse', the usual, says so and does nothing. */
export type OnClosedDate = 'refuse' | 'next_open'

export type PostRequest = {
  kind: 'post'
  businessDate: BusinessDate
  cause: string
  subject: string
  memo: string
  transfers: readonly Transfer[]
  onClosedDate?: OnClosedDate
}

export type HoldRequest = Transfer & {
  kind: 'hold'
  cause: string
  subject: string
  expiresAt?: Date
}

/** Posts what is held: all that is left of it, or `amountFen` of it. The rest is freed, or kept where that is said. */
export type PostHoldRequest = {
  kind: 'post_hold'
  holdId: HoldId
  businessDate: BusinessDate
  cause: string
  memo: string
  amountFen?: Fen
  rest?: 'free' | 'keep'
  onClosedDate?: OnClosedDate
}

export type VoidHoldRequest = { kind: 'void_hold'; holdId: HoldId }

/** Ends a hold whose time is over. */
export type ExpireHoldRequest = { kind: 'expire_hold'; holdId: HoldId }

/**
 * What became of a request. When several could be said, the first of this order is: malformed; exists and
 * exists_with_different; hold_not_found; already_posted and already_voided; expired; exceeds_held; closed_date;
 * insufficient; exceeds_limit; and posted, held or voided. (Of the sweep: not_expired, ended_as_expired.) That a cause was posted comes before all that is true only
 * now, so that who asks again learns it whatever has changed since.
 */
export type BatchResult =
  | { outcome: 'malformed'; problem: string }
  | { outcome: 'exists' | 'exists_with_different'; id: EntryId | HoldId }
  | { outcome: 'hold_not_found' | 'already_posted' | 'already_voided' | 'expired' | 'exceeds_held' }
  | { outcome: 'closed_date'; nextOpenDate: BusinessDate }
  | { outcome: 'insufficient'; availableFen: Fen }
  | { outcome: 'exceeds_limit'; roomFen: Fen }
  | { outcome: 'posted'; entryId: EntryId; movedTo?: BusinessDate }
  | { outcome: 'held'; holdId: HoldId }
  | { outcome: 'voided' | 'ended_as_expired' | 'not_expired' }

const MAX_TRANSFERS = 100
const MAX_CODE_LENGTH = 80
const MAX_TEXT_LENGTH = 2_000

/** What is wrong with a request whatever the books say, or null. */
export function problemOf(request: LedgerRequest): string | null {
  switch (request.kind) {
    case 'post':
      return textProblem(request) ?? dateProblem(request) ?? transfersProblem(request.transfers)
    case 'hold':
      if (request.credit.kind !== 'asset') return 'money is promised out of an asset'
      if (!(request.amountFen > 0)) return 'a hold is of more than nothing'
      return textProblem(request) ?? transferProblem(request)
    case 'post_hold':
      if (request.amountFen !== undefined && !isAmount(request.amountFen)) {
        return 'a part of a hold is of more than nothing'
      }
      return textProblem(request) ?? dateProblem(request)
    case 'void_hold':
    case 'expire_hold':
      return null
  }
}

function transfersProblem(transfers: readonly Transfer[]): string | null {
  if (transfers.length === 0 || transfers.length > MAX_TRANSFERS) {
    return `an entry has 1 to ${MAX_TRANSFERS} transfers`
  }
  for (const transfer of transfers) {
    const problem = transferProblem(transfer)
    if (problem) return problem
  }
  return null
}

function transferProblem({ debit, credit, amountFen }: Transfer): string | null {
  if (!isAmount(amountFen)) return 'a transfer moves more than nothing'
  if (debit.code === credit.code) return 'a transfer moves between two accounts (transfer_moves)'
  return codeProblem(debit) ?? codeProblem(credit)
}

const isAmount = (amountFen: Fen) => Number.isSafeInteger(amountFen) && amountFen > 0

const codeProblem = ({ code }: Account) =>
  code.length >= 1 && code.length <= MAX_CODE_LENGTH && !code.includes('\0')
    ? null
    : `the code of an account has 1 to ${MAX_CODE_LENGTH} characters`

function textProblem(texts: { cause: string; subject?: string; memo?: string }): string | null {
  if (texts.cause === '') return 'an entry has a cause'
  for (const text of [texts.cause, texts.subject ?? '', texts.memo ?? '']) {
    if (text.length > MAX_TEXT_LENGTH) return `a text has ${MAX_TEXT_LENGTH} characters at most`
    if (text.includes('\0')) return 'a text has no null character'
  }
  return null
}

const dateProblem = ({ businessDate }: { businessDate: BusinessDate }) =>
  isBusinessDate(businessDate) ? null : 'the business date is a day like 2026-11-21'
