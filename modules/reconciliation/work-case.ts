import type { Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { PaymentId, RefundId } from '../payments/index.ts'
import { type CaseId, type Difference, type DifferenceClass, DIFFERENCE_CLASSES } from './day.ts'

/** What needs a person: what it is about, what is at stake, whose it is and until when. */
export type WorkCase = {
  readonly id: CaseId
  readonly class: CaseClass
  readonly subject: string
  readonly businessDate: BusinessDate
  readonly source: string | null
  readonly amountFen: Fen
  readonly reason: string
  readonly status: 'open' | 'resolved'
  readonly owner: string | null
  readonly dueAt: Date
  readonly resolution: string | null
  readonly openedAt: Date
  readonly resolvedAt: Date | null
}

export type CaseNote = { id: Id<'CaseNote'>; at: Date; actor: string; text: string }

/** A counterpart on the day before or after explains itself: it is no case. */
export const CASE_CLASSES = [
  ...DIFFERENCE_CLASSES.filter(
    (cls): cls is Exclude<DifferenceClass, 'cross_day'> => cls !== 'cross_day',
  ),
  'statement_missing',
  'statement_refused',
  'payment_attention',
  'refund_attention',
  'notice_unread',
  'claim_attention',
  'cross_check',
  'payout_late',
  'payout_differs',
  'receipt_unexplained',
] as const

export type CaseClass = (typeof CASE_CLASSES)[number]

/** How a person may end a case. Each needs a note that says why. */
export const RESOLUTIONS = [
  'corrected_by_provider',
  'corrected_by_hospital',
  'refunded',
  'written_off',
  'not_ours',
  'no_difference',
  'appealed',
  'patient_pays',
  'hospital_bears',
] as const

export type Resolution = (typeof RESOLUTIONS)[number]

/** What an insurer does not pay after all is somebody's: it is never just a difference between lists. */
const OF_A_CLAIM: readonly Resolution[] = ['appealed', 'patient_pays', 'hospital_bears']

/** How a case of a class may be ended by a person. */
export const resolutionsOf = (cls: CaseClass): readonly Resolution[] =>
  cls === 'claim_attention' ? OF_A_CLAIM : RESOLUTIONS.filter((one) => !OF_A_CLAIM.includes(one))

/** How a case ends without one. */
export type OwnEnd = 'counterpart_arrived' | 'statement_arrived' | 'ended'

/** What is written down when a case is to be opened. */
export type NewCase = {
  class: CaseClass
  subject: string
  businessDate: BusinessDate
  source: string | null
  amountFen: Fen
  reason: string
}

export const paymentSubject = (id: PaymentId) => `payment:${id}`
export const refundSubject = (id: RefundId) => `refund:${id}`
export const claimSubject = (id: string) => `coverage_claim:${id}`
export const noticeSubject = (id: string) => `notice:${id}`
export const daySubject = (date: BusinessDate) => `reconciliation_day:${date}`
/** A list that comes as a file. */
export const fileSubject = (date: BusinessDate, source: string) =>
  `statement_file:${date}:${source}`
export const payoutSubject = (provider: string, date: BusinessDate) =>
  `settlement:${provider}:${date}`
export const receiptSubject = (account: string, bankRef: string, variant: number) =>
  `receipt:${account}:${bankRef}:${variant}`
export const statementSubject = (date: BusinessDate, source: string) =>
  `statement:${date}:${source}`

/** One payment has one case of a class, whichever lists show it. */
export const differenceSubject = ({ paymentId, source, kind, ourNo }: Difference): string =>
  paymentId ? paymentSubject(paymentId) : `line:${source}:${kind}:${ourNo}`
