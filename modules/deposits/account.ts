import type { HospitalId, Id } from '../../kernel/id.ts'
import { type Fen, minFen, subtractFen } from '../../kernel/money.ts'
import { type BusinessDate, businessDate } from '../../kernel/time.ts'

export type DepositAccountId = Id<'DepositAccount'>
export type PersonId = Id<'Person'>

export const ACCOUNT_KINDS = ['inpatient', 'outpatient'] as const

export type AccountKind = (typeof ACCOUNT_KINDS)[number]

/** A person's deposit for one stay at one hospital; or what is left of a prepayment of the time before the rule. */
export type DepositAccount = {
  hospitalId: HospitalId
  id: DepositAccountId
  personId: PersonId
  kind: AccountKind
  stayNo: string
  custody: { bank: string; accountNo: string }
  status: 'open' | 'closed'
  balanceFen: Fen
  heldFen: Fen
  lowFen: Fen
  openedAt: Date
  closedAt: Date | null
}

/** Whose a row is, where rows of several accounts stand in one list. */
export type OfAccount = {
  accountId: DepositAccountId
  personId: PersonId
  stayNo: string
}

export type TopUp = {
  id: Id<'TopUp'>
  accountId: DepositAccountId
  /** The payment it came by: one top-up for each. */
  cause: string
  channel: string
  channelNo: string
  amountFen: Fen
  returnedFen: Fen
  at: Date
}

export const freeOf = ({
  balanceFen,
  heldFen,
}: Pick<DepositAccount, 'balanceFen' | 'heldFen'>): Fen => subtractFen(balanceFen, heldFen)

export type DepositRules = {
  /** Off: hospitals may not take prepayments for outpatient care (国卫办财务发〔2025〕5号). */
  takesOutpatientPrepayment: boolean
  /** The day by which what is left of them is to be given back. */
  outpatientClearedBy: BusinessDate
}

export const USUAL_DEPOSIT_RULES: DepositRules = {
  takesOutpatientPrepayment: false,
  outpatientClearedBy: businessDate('2025-12-31'),
}

/**
 * Pure: of which payments how much goes back, the last one first, so that most goes back by a channel that still takes
 * returns. The parts add up to the amount: no more is left in an account than what came into it.
 */
export function splitBack(
  topUps: readonly Pick<TopUp, 'id' | 'amountFen' | 'returnedFen'>[],
  amountFen: Fen,
): { topUpId: Id<'TopUp'>; amountFen: Fen }[] {
  let leftFen = amountFen
  const parts: { topUpId: Id<'TopUp'>; amountFen: Fen }[] = []
  for (const { id, amountFen: cameFen, returnedFen } of topUps.toReversed()) {
    const backFen = minFen(leftFen, subtractFen(cameFen, returnedFen))
    if (backFen <= 0) continue
    leftFen = subtractFen(leftFen, backFen)
    parts.push({ topUpId: id, amountFen: backFen })
  }
  return parts
}
