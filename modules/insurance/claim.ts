import { assert } from '../../kernel/assert.ts'
import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Figures, LineFigures } from './figures.ts'
import type { MedType, ReversibleInfno, Staff } from './insurance-centre.ts'

export type ClaimId = Id<'Claim'>

/**
 * One payment's way through the insurance: a visit at the centre, its fee lines, what the centre would
 * pay, what it paid, and what became of that.
 */
export type Claim = {
  readonly hospitalId: HospitalId
  readonly id: ClaimId
  readonly paymentId: Id<'Payment'>
  readonly personId: Id<'Person'>
  readonly status: ClaimStatus
  /** Our number for the visit at the centre (ipt_otp_no); a new one for every new start. */
  readonly visitNo: string
  readonly progress: VisitProgress
  /** The batch of fee lines in force (chrg_bchno), and its place among the batches of this claim. */
  readonly batchNo: string
  readonly batchSeq: number
  /** Digest of what is claimed: another one needs a new visit. */
  readonly contentHash: string
  readonly bills: readonly ClaimedBill[]
  readonly totalFen: Fen
  readonly medType: MedType
  readonly useAccount: boolean
  readonly psnNo: string | null
  readonly insutype: string | null
  readonly insuredRegion: string | null
  readonly mdtrtId: string | null
  /** Of somebody who is insured in another area: the filing by which their own area pays. */
  readonly filing: Filing | null
  /** The message of which the answer is not known; asking again repeats it under its number. */
  readonly intent: Intent | null
  /** The latest word of the centre: of 2206, then of the settlement that stands. */
  readonly figures: Figures | null
  /** The settlement that the payment was told of; it may have been replaced since. */
  readonly chargedMsgid: string | null
  /** The settlement that stands, or is being made. */
  readonly settledMsgid: string | null
  readonly refundId: Id<'Refund'> | null
  readonly declineCode: string | null
  readonly declineReason: string | null
  readonly createdAt: Date
}

/** Who ordered the lines of a bill: needed again when what remains of it is settled anew. */
export type ClaimedBill = { billNo: string; department: Staff; doctor: Staff; billedAt: string }

/** 异地就医备案, as the centre listed it when it was looked up. */
export type Filing = {
  no: string | null
  kind: string | null
  from: BusinessDate
  to: BusinessDate | null
}

/** How far the visit is known to the centre: 2201, 2203, 2204. */
export type VisitProgress = 'opened' | 'registered' | 'informed' | 'uploaded'

export type Intent = { infno: string; msgid: string }

export type ClaimStatus =
  | 'quoting'
  | 'quoted'
  | 'settling'
  | 'settled'
  | 'declined'
  | 'released'
  | 'refunding'
  | 'returned'

export type ClaimEvent =
  | 'visit_begun'
  | 'quoted'
  | 'settle_sent'
  | 'settled'
  | 'settle_refused'
  | 'settle_voided'
  | 'released'
  | 'refund_begun'
  | 'refund_refused'
  | 'resettled'
  | 'returned'

/**
 * Every move a claim can make; what is not listed cannot happen.
 *
 *   quoting ─▶ quoted ─▶ settling ─▶ settled ◀─▶ refunding ─▶ returned
 *   settling ─▶ quoted     the centre is sure that nothing was settled: it may be tried again
 *   settling ─▶ declined   and from quoting, quoted and declined ─▶ released
 */
const CLAIM_NEXT: Record<ClaimStatus, Partial<Record<ClaimEvent, ClaimStatus>>> = {
  quoting: { visit_begun: 'quoting', quoted: 'quoted', released: 'released' },
  quoted: {
    visit_begun: 'quoting',
    quoted: 'quoted',
    settle_sent: 'settling',
    released: 'released',
  },
  settling: { settled: 'settled', settle_refused: 'declined', settle_voided: 'quoted' },
  settled: { refund_begun: 'refunding' },
  declined: { released: 'released' },
  refunding: { refund_refused: 'settled', resettled: 'settled', returned: 'returned' },
  released: {},
  returned: {},
}

export const allows = (claim: Claim, event: ClaimEvent): boolean =>
  CLAIM_NEXT[claim.status][event] !== undefined

/** Asserts that the move is possible: callers look at the status first. */
export function moveClaim(claim: Claim, event: ClaimEvent, changes: Partial<Claim> = {}): Claim {
  const status = CLAIM_NEXT[claim.status][event]
  assert(status, `${event} does not happen to a ${claim.status} claim`)
  return { ...claim, ...changes, status }
}

/** Money was taken for this claim at some time, whatever became of it. */
export const wasSettled = (claim: Claim): boolean =>
  claim.status === 'settled' || claim.status === 'refunding' || claim.status === 'returned'

/** One message that moves money, 2207 or 2208, from before it is sent. */
export type Settlement = MoneyMessage & {
  readonly claimId: ClaimId
  readonly refundId: Id<'Refund'> | null
}

/** What is known of any message that moves money: of a visit or of a stay. */
export type MoneyMessage = {
  readonly hospitalId: HospitalId
  readonly msgid: string
  readonly kind: 'charge' | 'return'
  readonly status: SettlementStatus
  readonly psnNo: string
  readonly mdtrtId: string
  readonly setlId: string | null
  readonly insutype: string
  /** 参保地 of the person; another area than the hospital's is cleared month by month (3260). */
  readonly insuredRegion: string | null
  readonly clrType: string | null
  readonly clrOptins: string | null
  readonly figures: Figures | null
  readonly sentAt: Date
  readonly settledAt: Date | null
}

/**
 * sent: the outcome is not known. done: money moved. refused: the centre's no. reversed: void by 2601.
 * absent: the centre knows of none.
 */
export type SettlementStatus = 'sent' | 'done' | 'refused' | 'reversed' | 'absent'

const SETTLEMENT_NEXT: Record<SettlementStatus, readonly SettlementStatus[]> = {
  sent: ['done', 'refused', 'reversed', 'absent'],
  // A message can reach the centre when nobody expects it any more; reconciliation then has it reversed.
  refused: ['reversed'],
  absent: ['reversed'],
  done: [],
  reversed: [],
}

export function moveSettlement<S extends MoneyMessage>(
  settlement: S,
  status: SettlementStatus,
  changes: Partial<MoneyMessage> = {},
): S {
  assert(canMoveSettlement(settlement, status), `${settlement.status} does not become ${status}`)
  return { ...settlement, ...changes, status }
}

export const canMoveSettlement = (settlement: MoneyMessage, status: SettlementStatus): boolean =>
  SETTLEMENT_NEXT[settlement.status].includes(status)

export const infnoOf = (settlement: MoneyMessage): ReversibleInfno =>
  settlement.kind === 'charge' ? '2207' : '2208'

/** One giving back: the whole settlement is cancelled, and what remains is settled anew. */
export type ClaimRefund = {
  readonly hospitalId: HospitalId
  readonly id: Id<'Refund'>
  readonly claimId: ClaimId
  readonly status: RefundStatus
  /** The settlement that is given back. */
  readonly oldMsgid: string
  /** The cancellation that is being made or was made. */
  readonly voidMsgid: string | null
  /** An earlier cancellation was never heard of: a refusal of a later one proves nothing. */
  readonly voidInDoubt: boolean
  /** The batch of what remains, and the message that uploads it while its answer is not known. */
  readonly batchNo: string | null
  readonly batchSeq: number | null
  readonly uploadMsgid: string | null
  /** The new settlement that is being made or was made; null when all was given back. */
  readonly newMsgid: string | null
  readonly reason: string | null
  readonly requestedAt: Date
}

export type RefundStatus = 'voiding' | 'voided' | 'uploaded' | 'resettling' | 'done' | 'declined'

export type RefundEvent =
  | 'voided'
  | 'void_refused'
  | 'uploaded'
  | 'resettle_sent'
  | 'resettle_voided'
  | 'resettled'
  | 'given_back_whole'

/**
 *   voiding ─▶ voided ─▶ uploaded ◀─▶ resettling ─▶ done
 *   From each of them ─▶ done when nothing is to be settled anew, or the centre refuses to.
 *   voiding ─▶ declined   the centre refuses to cancel: nothing has moved
 */
const REFUND_NEXT: Record<RefundStatus, Partial<Record<RefundEvent, RefundStatus>>> = {
  voiding: { voided: 'voided', given_back_whole: 'done', void_refused: 'declined' },
  voided: { uploaded: 'uploaded', given_back_whole: 'done' },
  uploaded: { resettle_sent: 'resettling', given_back_whole: 'done' },
  resettling: { resettle_voided: 'uploaded', resettled: 'done', given_back_whole: 'done' },
  done: {},
  declined: {},
}

export function moveRefund(
  refund: ClaimRefund,
  event: RefundEvent,
  changes: Partial<ClaimRefund> = {},
): ClaimRefund {
  const status = REFUND_NEXT[refund.status][event]
  assert(status, `${event} does not happen to a ${refund.status} refund`)
  return { ...refund, ...changes, status }
}

/** One fee line of a batch with the centre's word on it. */
export type ClaimLine = LineFigures & {
  batchSeq: number
  lineId: string
  billNo: string
  lineNo: number
}
