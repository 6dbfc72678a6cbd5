import type { HospitalId, Id, NewId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate, Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { Publish } from '../../platform/events.ts'
import type { Actor } from '../../platform/principal.ts'
import type { HospitalBilling } from '../hospitals/index.ts'
import type { ReversalAnswer } from '../insurance/index.ts'
import type { Ledger } from '../ledger/index.ts'
import type {
  OnError,
  PaymentId,
  Payments,
  PaymentStatus,
  ProviderCall,
  ProvidersOf,
  Refund,
  RefundId,
  TenderId,
} from '../payments/index.ts'

/** What the module stands on. */
export type ReconciliationDependencies = {
  db: Db
  clock: Clock
  newId: NewId
  audit: Audit
  publish: Publish
  providersOf: ProvidersOf
  systemOf: (hospitalId: HospitalId) => Promise<HospitalBilling | null>
  payments: PaymentRepairs & PaymentReads
  ledger: Pick<Ledger, 'post'>
  /** Has the insurer void a settlement that only it knows. Errors: throws insurance's errors where that must not be. */
  reverseUnknown?: (call: ProviderCall, msgid: string) => Promise<ReversalAnswer>
  /** The list of a source and date that came as a file and counts; null for none. */
  listFile?: (
    hospitalId: HospitalId,
    source: string,
    date: BusinessDate,
  ) => Promise<ListFile | null>
  /** Where whole files are compared. */
  matchingFolder?: string
  /** Others who keep books of a day, which close and open with it. */
  books?: BooksOfDays
  /** Hears of every day that could not be worked on; without it a sweep throws the first of them at its end. */
  onError?: OnError
}

/** A list that was taken in as a file. `bytes`: normalised, as `matching/row.ts` has it. */
export type ListFile = {
  sha256: string
  bytes: () => AsyncIterable<Uint8Array>
  rows: () => AsyncIterable<readonly ListFileRow[]>
}

export type ListFileRow = {
  kind: 'charge' | 'return' | 'fee' | 'payout'
  ourNo: string | null
  providerNo: string | null
  amountFen: Fen
  feeFen: Fen | null
  occurredAt: Date | null
}

/** The books of a business date: closed, they take nothing more, and what comes late is booked on the next open date. */
export type BooksOfDays = {
  /** How much of what the date's books must have is still not there. */
  missing(tx: Tx, hospitalId: HospitalId, date: BusinessDate): Promise<number>
  close(tx: Tx, hospitalId: HospitalId, date: BusinessDate, actor: Actor): Promise<void>
  reopen(tx: Tx, hospitalId: HospitalId, date: BusinessDate, actor: Actor): Promise<void>
}

/** What may be done about a payment, each safe to do again. */
export type PaymentRepairs = Pick<
  Payments,
  'recheck' | 'advanceRefund' | 'tellHospitalAgain' | 'tellRefundAgain' | 'giveBack'
>

/** What is to be known of payments besides their moves. Each answers null for what is not there. */
export type PaymentReads = {
  /** The business date on which the hospital's first payment was begun: reconciliation begins with it. */
  firstPaymentOn(hospitalId: HospitalId): Promise<BusinessDate | null>
  /** The payment whose charge at a provider carries this tender's number, and the refund of such a part. */
  paymentOfTender(hospitalId: HospitalId, id: TenderId): Promise<PaymentId | null>
  refundOfPart(hospitalId: HospitalId, id: Id<'RefundPart'>): Promise<RefundId | null>
  standingOf(hospitalId: HospitalId, id: PaymentId): Promise<PaymentStanding | null>
  refundStandingOf(hospitalId: HospitalId, id: RefundId): Promise<RefundStanding | null>
}

/** `keptFen`: taken and not given back. */
export type PaymentStanding = { status: PaymentStatus; keptFen: Fen }

export type RefundStanding = { status: Refund['status']; paymentId: PaymentId; amountFen: Fen }

/** Nothing more will happen to it by itself. */
export const isOverForPayment = (status: string): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'closed'

export const isOverForRefund = (status: string): boolean =>
  status === 'succeeded' || status === 'refused'
