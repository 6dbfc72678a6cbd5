import type { components, operations } from '../../../contract/hub.d.ts'

type Schemas = components['schemas']

export type Payout = Schemas['SettlementPayout']
export type Batch = Schemas['SettlementBatch']
export type BatchVersion = Schemas['SettlementBatchVersion']
export type FeeDifference = Schemas['SettlementFeeDifference']
export type Allocation = Schemas['SettlementAllocation']
export type Receipt = Schemas['SettlementReceipt']
export type ReceiptUse = Schemas['SettlementReceiptUse']
export type ProviderStanding = Schemas['SettlementProviderStanding']
export type PayoutDay = Schemas['SettlementPayoutDay']
export type Standing = Schemas['SettlementStanding']

type NewTerms = operations['proposeSettlementTerms']['requestBody']['content']['application/json']
export type NewContract = Extract<NewTerms, { kind: 'contract' }>
export type NewCalendar = Extract<NewTerms, { kind: 'calendar' }>
export type Contract = NewContract['content']
export type Calendar = NewCalendar['content']

/** Of batches, and `open`: money is still to come, or nobody knows how much. */
export const PAYOUT_STATUSES = [
  'open',
  'no_contract',
  'expected',
  'late',
  'short',
  'over',
  'received',
] as const
export type PayoutStatus = (typeof PAYOUT_STATUSES)[number]

/** Still to come; below zero, to go back. */
export const openFenOf = ({ payoutFen, receivedFen }: Pick<Batch, 'payoutFen' | 'receivedFen'>) =>
  payoutFen - receivedFen

/** What of a receipt nothing explains yet. */
export const leftFenOf = ({
  amountFen,
  allocatedFen,
}: Pick<Receipt, 'amountFen' | 'allocatedFen'>) => amountFen - allocatedFen

/**
 * Pure: the batches a receipt may be of, the likeliest first: those that are open for exactly what is left of it, then those
 * of its account, then by due date as they come. Those that go the other way, or that no contract covers, are none.
 */
export function candidatesFor(receipt: Receipt, payouts: readonly Payout[]): Payout[] {
  const leftFen = leftFenOf(receipt)
  const rank = (payout: Payout) =>
    (openFenOf(payout) === leftFen ? 0 : 2) + (payout.account === receipt.account ? 0 : 1)
  return payouts
    .filter((payout) => payout.status !== 'no_contract')
    .filter((payout) => Math.sign(openFenOf(payout)) === Math.sign(leftFen))
    .toSorted((a, b) => rank(a) - rank(b))
}

/** Pure: of what is left of a receipt, so much as a batch is open for. Both go the same way. */
export const usualShareFen = (leftFen: number, openFen: number): number =>
  Math.abs(openFen) < Math.abs(leftFen) ? openFen : leftFen

/** Pure: what waits first, the oldest of it before the others; then the rest, the newest first. */
export function unexplainedFirst(receipts: readonly Receipt[]): Receipt[] {
  const open = receipts.filter(({ status }) => status === 'unexplained')
  const rest = receipts.filter(({ status }) => status !== 'unexplained')
  return [...open, ...rest.toReversed()]
}
