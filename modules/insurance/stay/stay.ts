import { assert } from '../../../kernel/assert.ts'
import type { HospitalId, Id } from '../../../kernel/id.ts'
import type { Fen } from '../../../kernel/money.ts'
import type { Filing, Intent, MoneyMessage } from '../claim.ts'
import type { Figures, LineFigures } from '../figures.ts'
import type { Staff } from '../insurance-centre.ts'

export type StayId = Id<'Stay'>

/** One stay in hospital at the insurance. */
export type Stay = {
  readonly hospitalId: HospitalId
  readonly id: StayId
  readonly personId: Id<'Person'>
  /** The hospital's own number of it. */
  readonly stayNo: string
  readonly status: StayStatus
  readonly psnNo: string | null
  readonly insutype: string | null
  readonly insuredRegion: string | null
  readonly filing: Filing | null
  readonly mdtrtId: string | null
  readonly medType: string
  readonly useAccount: boolean
  readonly admission: { department: Staff; bed: string; doctor: Staff; admittedAt: string }
  /** The message of which the answer is not known; asking again repeats it under its number. */
  readonly intent: Intent | null
  readonly figures: Figures | null
  /** The settlement that stands, or is being made; and its cancellation while that is being made. */
  readonly settledMsgid: string | null
  readonly voidMsgid: string | null
  readonly voidInDoubt: boolean
  readonly reason: string | null
  readonly createdAt: Date
}

export type StayStatus =
  | 'admitting'
  | 'admitted'
  | 'discharged'
  | 'settling'
  | 'settled'
  | 'cancelling'
  | 'ended'

export type StayEvent =
  | 'admitted'
  | 'discharged'
  | 'discharge_cancelled'
  | 'settle_sent'
  | 'settled'
  | 'settle_voided'
  | 'cancel_sent'
  | 'cancel_voided'
  | 'cancelled'
  | 'ended'

/**
 * Every move a stay can make; what is not listed cannot happen.
 *
 *   admitting ─▶ admitted ◀─▶ discharged ◀─▶ settling ─▶ settled ◀─▶ cancelling ─▶ discharged
 *   From admitting and admitted ─▶ ended.
 */
const STAY_NEXT: Record<StayStatus, Partial<Record<StayEvent, StayStatus>>> = {
  admitting: { admitted: 'admitted', ended: 'ended' },
  admitted: { discharged: 'discharged', ended: 'ended' },
  discharged: { discharge_cancelled: 'admitted', settle_sent: 'settling' },
  settling: { settled: 'settled', settle_voided: 'discharged' },
  settled: { cancel_sent: 'cancelling' },
  cancelling: { cancelled: 'discharged', cancel_voided: 'settled' },
  ended: {},
}

export const stayAllows = (stay: Stay, event: StayEvent): boolean =>
  STAY_NEXT[stay.status][event] !== undefined

/** Asserts that the move is possible: callers look at the status first. */
export function moveStay(stay: Stay, event: StayEvent, changes: Partial<Stay> = {}): Stay {
  const status = STAY_NEXT[stay.status][event]
  assert(status, `${event} does not happen to a ${stay.status} stay`)
  return { ...stay, ...changes, status }
}

/** A stay that the centre knows. */
export type KnownStay = Stay & { psnNo: string; insutype: string; mdtrtId: string }

export function known(stay: Stay): KnownStay {
  const { psnNo, insutype, mdtrtId } = stay
  assert(psnNo !== null && insutype !== null && mdtrtId !== null, 'the stay is admitted')
  return { ...stay, psnNo, insutype, mdtrtId }
}

/** One message that moves money, 2304 or 2305, from before it is sent. */
export type StaySettlement = MoneyMessage & { readonly stayId: StayId }

/** A charged line, and the centre's word on it once it has one. */
export type StayLine = {
  lineId: string
  returnsLineId: string | null
  amountFen: Fen
  told: LineFigures | null
}
