import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Trace } from '../../platform/exchange.ts'

/**
 * What the hub asks of a commercial insurer 商保 that pays at the hospital. No national interface exists, so
 * each insurer has an adapter, and all adapters speak this.
 *
 * An adapter only translates. It never throws for an answer it understands. 'refused' is the insurer's own no,
 * given on the matter itself. Whatever else is not a clear yes is 'unknown': silence, HTML, an answer out of shape,
 * a refused sign-in, figures that do not add up. A verb that changes something at the insurer carries our number,
 * and the same number means the same thing: asked again it answers what it answered, and acts once.
 */
export interface Insurer {
  /** 'huiyibao': stands in policies and settlements, and never changes. At most 32 characters. */
  readonly code: string
  /** For the payer: 'XX健康'. */
  readonly name: string
  /** True when a part of a settlement can be given back; otherwise all of it is, and the rest is settled anew. */
  readonly refundsParts: boolean
  /** All policies of a person as they are today; empty when the insurer knows none of them. */
  policiesOf(call: InsurerCall, holder: Holder): Promise<InsurerAnswer<Policy[]>>
  /** 预理赔: what it would pay of a bill under one policy. Promises nothing until it is confirmed. */
  advance(call: InsurerCall, request: AdvanceRequest): Promise<InsurerAnswer<Advance>>
  /**
   * 理赔: pays what was advanced under the same `orderNo`, to the fen; what it can no longer pay so it refuses with the
   * code of `REFUSALS` that fits.
   */
  confirm(call: InsurerCall, request: ConfirmRequest): Promise<InsurerAnswer<Settled>>
  /** What became of an order; null when the insurer is sure to have none of that number. */
  query(call: InsurerCall, order: OrderNos): Promise<InsurerAnswer<KnownOrder | null>>
  /** Voids an advance that was not confirmed. 'refused' when it was, or was voided in some other way. */
  cancel(call: InsurerCall, order: OrderNos): Promise<InsurerAnswer>
  /** Gives back a settlement, the whole of it or where `refundsParts` a part. */
  refund(call: InsurerCall, request: ReturnRequest): Promise<InsurerAnswer<Returned>>
  /** What became of a return; null when the insurer is sure to have none of that number. */
  queryRefund(call: InsurerCall, request: ReturnNos): Promise<InsurerAnswer<Returned | null>>
  /** Hands in the papers of a settlement. More papers for the same claim come under a `submissionNo` of their own. */
  submitClaim(
    call: InsurerCall,
    submission: ClaimSubmission,
  ): Promise<InsurerAnswer<{ claimNo: string }>>
  /** How the insurer sees the claim now. */
  claimState(call: InsurerCall, claim: { claimNo: string }): Promise<InsurerAnswer<ClaimState>>
  /** All that moved on a closed day, by the insurer's books. An untrustworthy file is refused whole. */
  statement(
    call: InsurerCall,
    day: { date: BusinessDate },
  ): Promise<InsurerAnswer<DayStatement> | UnreadableStatement>
}

export type InsurerCall = {
  trace: Trace
  /** Ends the call early; its answer is 'unknown' then. */
  signal: AbortSignal | null
}

export type InsurerAnswer<T = null> =
  | { outcome: 'ok'; data: T }
  /** `code` is one of `REFUSALS`; `message` is the insurer's own words, for a person to read. */
  | { outcome: 'refused'; code: Refusal; message: string }
  | { outcome: 'unknown'; reason: string }

/** Why an insurer says no; whatever fits none of the others is 'refused'. */
export const REFUSALS = [
  'policy_unknown',
  'policy_lapsed', // ended, suspended or unpaid: also between advance and confirm
  'waiting_period',
  'not_covered',
  'limit_reached',
  'advance_expired', // to be asked anew
  'figures_changed', // it would pay something else than was advanced
  'order_unknown',
  'already_settled',
  'already_returned',
  'not_ready', // of a statement or a claim: ask later
  'refused',
] as const

export type Refusal = (typeof REFUSALS)[number]

/** By what a person is known to the insurer. */
export type Holder = { name: string; idCardNo: string }

export type Policy = {
  policyNo: string // at most 64 characters
  product: { code: string; name: string }
  state: PolicyState
  /** Both days are covered. */
  validFrom: BusinessDate
  validUntil: BusinessDate
  terms: PolicyTerms
}

export type PolicyState = 'in_force' | 'suspended' | 'lapsed'

/** What of a bill a policy pays, as far as the insurer tells it. Its own figures always win. */
export type PolicyTerms = {
  /** Borne by the person in a policy year before the insurer pays, and how much of it is used up. */
  deductibleFen: Fen
  deductibleUsedFen: Fen
  /** Share of what is above the deductible, in parts per million. */
  ratioPpm: number
  /** The most it pays in a policy year, and what of it is paid. */
  capFen: Fen
  paidFen: Fen
  /** First day after the waiting period 等待期; null when there is none. */
  waitingUntil: BusinessDate | null
  /** What it does not pay for: codes of charge categories and classes of the medical insurance. */
  excludedCategories: readonly string[]
  excludedClasses: readonly InsuranceClass[]
}

export type InsuranceClass = 'A' | 'B' | 'C'

export type OrderNos = {
  /** Our number for one advance and its settlement: 30 capitals and digits, never used twice. */
  orderNo: string
  /** The insurer's own number (directPayNo); null until it is known. */
  insurerNo: string | null
}

export type AdvanceRequest = {
  orderNo: string
  holder: Holder
  policyNo: string
  bill: BillForInsurer
  /** What others pay of it: the medical insurance by part, and the policies before this one. */
  paid: { pooledFen: Fen; accountFen: Fen; otherPoliciesFen: Fen }
  /** The bill less all that is paid: the advance can be no more. */
  leftFen: Fen
}

/** One visit's charges. No diagnosis unless the person consented to it. */
export type BillForInsurer = {
  billNos: readonly string[]
  visitNo: string
  kind: VisitKind
  department: { code: string; name: string }
  diagnosis: { code: string; name: string } | null
  billedAt: Date
  totalFen: Fen
  lines: readonly BillLine[]
}

export type VisitKind = 'registration' | 'outpatient' | 'online'

export type BillLine = {
  /** Unique within the request: bill number and line. */
  lineId: string
  code: string
  nationalCode: string
  name: string
  chargeCategory: string
  insuranceClass: InsuranceClass
  quantity: number
  unitPriceFen: Fen
  amountFen: Fen
  /** What of it nobody has paid yet; the lines' sum is `leftFen`. */
  leftFen: Fen
}

/** `insurerNo` names it from now on. Amounts in whole fen; `payFen` may be 0: nothing of it is covered. */
export type Advance = {
  insurerNo: string
  payFen: Fen
  /** By the charge categories of the bill; adds up to `payFen`. Empty where the insurer only tells the sum. */
  byCategory: readonly { chargeCategory: string; payFen: Fen }[]
  /** Of this bill: how much went to the deductible; null where the insurer does not say. */
  deductibleFen: Fen | null
  /** After this it refuses with 'advance_expired'; null when it does not say. */
  expiresAt: Date | null
  /** In the insurer's words, for the payer; empty when it gives none. */
  remarks: readonly string[]
}

/** The very figures of the advance: an insurer that would pay anything else must refuse. */
export type ConfirmRequest = {
  orderNo: string
  insurerNo: string
  policyNo: string
  payFen: Fen
}

export type Settled = {
  insurerNo: string
  /** The insurer's number for the money that moved. */
  settlementNo: string
  payFen: Fen
  /** By the insurer's word; its day in Shanghai is the business date. */
  at: Date
}

/** status 0 待理赔, 1 已理赔, 2 已退款, 3 已取消, 4 失败 of the direct billing shape. */
export type KnownOrder =
  | { state: 'advanced'; insurerNo: string; payFen: Fen }
  | { state: 'settled'; settled: Settled; returnedFen: Fen }
  | { state: 'cancelled' | 'failed'; insurerNo: string }

export type ReturnNos = {
  /** Our number for this return: 30 capitals and digits. */
  refundNo: string
  orderNo: string
  insurerNo: string
}

export type ReturnRequest = ReturnNos & {
  /** All of the settlement, or less where `refundsParts`. */
  amountFen: Fen
  reason: string
}

export type Returned = {
  /** The insurer's number for this return. */
  returnNo: string
  amountFen: Fen
  at: Date
}

export type ClaimSubmission = {
  /** Our number for this handing in: 30 capitals and digits. */
  submissionNo: string
  orderNo: string
  insurerNo: string
  policyNo: string
  /** The insurer's number of the claim these papers are added to; null for the first ones. */
  claimNo: string | null
  /** The consent under which they are sent. */
  consent: { id: string; version: string }
  documents: readonly ClaimDocument[]
}

export const DOCUMENT_KINDS = ['bill', 'items', 'receipt', 'summary'] as const
export type DocumentKind = (typeof DOCUMENT_KINDS)[number]

export type ClaimDocument = {
  kind: DocumentKind
  documentNo: string
  title: string
  contentType: 'application/json' | 'application/pdf' | 'text/plain'
  content: Buffer
  /** Lower-case hex of the content's SHA-256. */
  sha256: string
}

export type ClaimState =
  | { state: 'submitted' }
  | { state: 'accepted'; decidedAt: Date }
  | { state: 'more_wanted'; wanted: readonly DocumentKind[]; reason: string }
  /** The insurer wants its money back: the person pays instead. */
  | { state: 'refused'; decidedAt: Date; reason: string }

export type DayStatement = {
  date: BusinessDate
  lines: readonly StatementEntry[]
  /** The file or answer as it came, kept as evidence. */
  content: string
}

/**
 * `ourNo` is the orderNo of a charge, the refundNo of a return; `insurerNo` is the settlementNo of a charge, the returnNo
 * of a return. Amounts are above zero.
 */
export type StatementEntry = {
  kind: 'charge' | 'return'
  ourNo: string
  insurerNo: string
  amountFen: Fen
  at: Date | null
}

export type UnreadableStatement = {
  outcome: 'unreadable'
  code: 'truncated' | 'hash' | 'sums' | 'encoding' | 'layout'
  reason: string
}
