import { assert } from '../../kernel/assert.ts'
import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { Payable } from './bill-desk.ts'
import type { ChannelChoice } from './channel-choice.ts'
import type { TenderPart } from './money.ts'
import type { PayerAction, PayMethod, Phase, QuoteReason } from './provider.ts'

export type PaymentId = Id<'Payment'>
export type TenderId = Id<'Tender'>
export type PersonId = Id<'Person'>

/** One attempt of one payer to settle one or more bills of one visit, in full. */
export type Payment = {
  readonly hospitalId: HospitalId
  readonly id: PaymentId
  readonly personId: PersonId
  /** Who began it for them and pays: a member of the family; null: themself, or an application for them. */
  readonly carerId: PersonId | null
  readonly visitNo: string
  readonly status: PaymentStatus
  readonly totalFen: Fen
  readonly reasons: readonly SourceReasons[]
  readonly channelChoice: ChannelChoice | null
  readonly failureCode: string | null
  readonly attention: string | null
  readonly paidAt: Date | null
  readonly succeededAt: Date | null
  readonly expiresAt: Date
  readonly cancelRequestedAt: Date | null
  readonly confirmedAt: Date | null
  readonly settlingSince: Date | null
  readonly version: number
  readonly callNo: number
  readonly inCallUntil: Date | null
  readonly retryAt: Date | null
  readonly attempts: number
  readonly createdAt: Date
}

/** What a source said about its part of the plan, or why it has none. */
export type SourceReasons = { provider: string; available: boolean; reasons: QuoteReason[] }

export const PAYMENT_STATUSES = [
  'quoted', // the plan is shown, nothing has moved
  'charging', // the payer's turn
  'settling', // the payer has paid; insurer and hospital are told
  'succeeded', // the hospital has given its receipt
  'compensating', // what was begun is being undone
  'failed', // undone: money was taken and has gone back
  'closed', // nothing was ever taken
] as const

export type PaymentStatus = (typeof PAYMENT_STATUSES)[number]

/** Every move a payment can make; what is not listed cannot happen. Money that comes after the end is given back by a refund of its own. */
const NEXT: Record<PaymentStatus, readonly PaymentStatus[]> = {
  quoted: ['charging', 'compensating', 'closed'],
  charging: ['settling', 'compensating'],
  settling: ['succeeded', 'compensating'],
  compensating: ['failed', 'closed'],
  succeeded: [],
  failed: [],
  closed: [],
}

export const canMove = (from: PaymentStatus, to: PaymentStatus): boolean => NEXT[from].includes(to)

export const isOver = (status: PaymentStatus): boolean => NEXT[status].length === 0

export type Tender = {
  readonly tenderNo: number
  readonly id: TenderId
  readonly provider: string
  readonly phase: Phase
  readonly status: TenderStatus
  readonly amountFen: Fen
  readonly parts: readonly TenderPart[]
  readonly quoteReference: string | null
  readonly payerAccount: string | null
  readonly method: PayMethod | null // of the payer's tender only
  readonly payerAction: PayerAction | null
  readonly declineCode: string | null
  readonly absentAnswers: number // in a row: the source knew of no such charge; see decide.ts
  readonly chargeOurNo: string | null
  readonly chargeProviderNo: string | null
  readonly takenFen: Fen
  readonly returnedFen: Fen
  readonly takenAt: Date | null
}

/**
 * planned: nobody was asked. holding: a promise was asked for, the answer is not known. held: it is promised. asked: the wish is written down, the answer is not known. ordered: the provider
 * waits for the payer. taken: the money is there. declined, released: it will not come, and if it does
 * all the same, it is taken and given back.
 */
export const TENDER_STATUSES = [
  'planned',
  'holding',
  'held',
  'asked',
  'ordered',
  'taken',
  'declined',
  'released',
] as const

export type TenderStatus = (typeof TENDER_STATUSES)[number]

/** What a tender has that was not given back. */
export const keptFen = (tender: Tender): number => tender.takenFen - tender.returnedFen

export function tenderNumbered(tenders: readonly Tender[], tenderNo: number): Tender {
  const tender = tenders.find((t) => t.tenderNo === tenderNo)
  assert(tender, `the payment has tender ${tenderNo}`)
  return tender
}

/** A bill of a payment, as it was when the payer saw it. */
export type PaymentBill = {
  readonly billNo: string
  readonly version: number
  readonly title: string
  readonly totalFen: Fen
  readonly payable: Payable
  readonly writeBack: 'none' | 'asked' | 'done' | 'refused'
  readonly receiptNo: string | null
  readonly guidance: readonly string[]
  readonly refundingFen: Fen
}
