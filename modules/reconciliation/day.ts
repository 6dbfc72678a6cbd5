import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Move, PaymentId, RefundId } from '../payments/index.ts'

/** The hospital's own system among the parties whose lists are compared; the others are providers by name. */
export const HIS = 'his'

export type MoveKind = Move['kind']

/** One finished business date of one hospital, on its way to being closed. */
export type Day = {
  readonly hospitalId: HospitalId
  readonly businessDate: BusinessDate
  readonly status: DayStatus
  readonly dueAt: Date | null
  readonly inWorkUntil: Date | null
  readonly reviewAt: Date | null
  readonly closedAt: Date | null
  readonly lastError: string | null
  readonly version: number
}

export const DAY_STATUSES = [
  'open', // nobody was asked yet
  'gathering', // some list is not there
  'compared', // all lists are there; differences are being worked off
  'closed', // every difference is repaired, explained or in a case
] as const

export type DayStatus = (typeof DAY_STATUSES)[number]

/** What is expected of one party for a day. */
export type Arrival = {
  readonly source: string
  readonly status: ArrivalStatus
  readonly newestVersion: number
  readonly receivedAt: Date | null
  readonly comparedVersion: number
  readonly comparedAt: Date | null
  readonly compareDue: boolean
  readonly silences: number
  readonly refusals: number
  readonly refusalCode: string | null
  readonly reason: string | null
  readonly nextTryAt: Date | null
}

export const ARRIVAL_STATUSES = ['waiting', 'received', 'refused', 'missing'] as const

export type ArrivalStatus = (typeof ARRIVAL_STATUSES)[number]

/** A row of a party's list. `basis` agreed: ours, which a party that compares by itself agreed to. */
export type ListLine = {
  kind: MoveKind
  ourNo: string
  providerNo: string
  amountFen: Fen
  at: Date | null
  basis: 'stated' | 'agreed'
  /** As billed, below zero when it is given back; null or absent where the list does not say it in whole fen. */
  feeFen?: Fen | null
}

/** What we hold against a party's list: a move at a provider, or a bill settled or refunded at the hospital. */
export type OwnRow = {
  kind: MoveKind
  ourNo: string
  amountFen: Fen
  at: Date
  paymentId: PaymentId
  refundId: RefundId | null
}

export const DIFFERENCE_CLASSES = [
  'ours_only',
  'theirs_only',
  'amount',
  'status', // they have as a charge what we have as a return, or have what we undid
  'duplicate', // the same number again in their list
  'foreign', // theirs, under a number of another hospital
  'cross_day', // the counterpart stands on the day before or after
] as const

export type DifferenceClass = (typeof DIFFERENCE_CLASSES)[number]

export const DIFFERENCE_STATUSES = [
  'found',
  'repairing',
  'repaired',
  'explained',
  'in_case',
] as const

export type DifferenceStatus = (typeof DIFFERENCE_STATUSES)[number]

/** A repair that is safe to do again. Each asks or tells somebody; none guesses. */
export const REPAIRS = [
  'recheck_payment', // the provider is asked, what it took is written down, and given back or gone on with
  'continue_refund',
  'reverse_settlement', // the insurer voids a settlement that nobody else knows
  'tell_hospital',
  'tell_hospital_of_refund',
  'give_back', // paid and not delivered
] as const

export type Repair = (typeof REPAIRS)[number]

/** What the last try of a repair came to. running: begun, and its end is waited for. */
export type RepairOutcome = 'done' | 'running' | 'refused' | 'unknown'

export type DifferenceId = Id<'Difference'>
export type CaseId = Id<'Case'>

export type Difference = {
  readonly id: DifferenceId
  readonly businessDate: BusinessDate
  readonly source: string
  readonly class: DifferenceClass
  readonly kind: MoveKind
  readonly ourNo: string
  readonly providerNo: string | null
  readonly oursFen: Fen
  readonly theirsFen: Fen
  readonly oursLines: number
  readonly theirsLines: number
  readonly otherDate: BusinessDate | null
  readonly paymentId: PaymentId | null
  readonly refundId: RefundId | null
  readonly present: boolean
  readonly status: DifferenceStatus
  readonly repair: Repair | null
  readonly repairOutcome: RepairOutcome | null
  readonly repairDetail: string | null
  readonly tries: number
  readonly nextTryAt: Date | null
  readonly caseId: CaseId | null
  readonly foundAt: Date
  readonly resolvedAt: Date | null
}

/** Neither ended nor with a person: the machine still works on it. */
export const isOpen = ({ status }: Pick<Difference, 'status'>): boolean =>
  status === 'found' || status === 'repairing'

/** A row of the hospital's list is known by payment and bill; a refund by its own number. */
export const hisChargeNo = (paymentNo: string, billNo: string): string => `${paymentNo}/${billNo}`

/** Reads hisChargeNo back. */
export function readHisChargeNo(ourNo: string): { paymentNo: string; billNo: string } {
  const at = ourNo.indexOf('/')
  return { paymentNo: ourNo.slice(0, at), billNo: ourNo.slice(at + 1) }
}
