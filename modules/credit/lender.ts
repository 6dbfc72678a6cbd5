import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Trace } from '../../platform/exchange.ts'
import type { CreditVisitId, LenderId, PersonId, ProductId, RepaymentWay, Scene } from './terms.ts'

/**
 * What a bank that lends against visits offers over its own interface: authority, signing, draws and their reversal,
 * bills, repayments, and its list of a day. A bank that only wants the ledger has the built-in lender instead.
 *
 * Every verb that changes something carries our number and may be asked again with it: it then has the same effect as
 * once, and the same answer. Silence or an answer that cannot be read is 'unknown', never 'refused'. No verb throws for
 * what the bank says.
 */
export interface Lender {
  readonly lenderId: LenderId
  /** What the bank grants a person now. 'none' when it has no agreement with them. */
  authority(call: LenderCall, holder: Holder): Promise<LenderAnswer<Authority> | None>
  /** Asks for a line on the terms of a product, with the person's consent. */
  apply(call: LenderCall, request: LineRequest): Promise<LenderAnswer<LineGrant>>
  /** Makes the agreement hold: from then on draws are taken. */
  sign(call: LenderCall, request: SignRequest): Promise<LenderAnswer<Signed>>
  /** Gives the agreement up. Refused while something is owed. */
  end(call: LenderCall, holder: Holder): Promise<LenderAnswer<{ endedAt: Date }>>
  /** Lends an amount for a bill of a hospital. 'refused': over the limit, suspended, ended. */
  draw(call: LenderCall, order: DrawOrder): Promise<LenderAnswer<Drawn>>
  /** What became of a draw. 'none' when the bank is sure that there is none, and will be none by this order. */
  queryDraw(call: LenderCall, order: DrawOrder): Promise<LenderAnswer<Drawn> | None>
  /** Takes a draw back, in whole or in part: the limit is free again by as much. */
  reverseDraw(call: LenderCall, order: ReversalOrder): Promise<LenderAnswer<Reversed>>
  queryReversal(call: LenderCall, order: ReversalOrder): Promise<LenderAnswer<Reversed> | None>
  /** What a person owes, one bill for each visit or single draw, open ones first. */
  bills(call: LenderCall, holder: Holder): Promise<LenderAnswer<LenderBill[]>>
  /** Announces a repayment: nothing is taken yet. The bank says how much it comes to. */
  createRepayment(
    call: LenderCall,
    order: RepaymentOrder,
  ): Promise<LenderAnswer<{ amountFen: Fen; lenderNo: string }>>
  /** Takes the announced amount from the person's account at the bank. */
  payRepayment(call: LenderCall, order: RepaymentOrder): Promise<LenderAnswer<Repaid>>
  /** 'none' when nothing was taken for it, and nothing will be by this order. */
  queryRepayment(call: LenderCall, order: RepaymentOrder): Promise<LenderAnswer<Repaid> | None>
  /** The bank's own list of a closed business date at one hospital. */
  dayStatement(call: LenderCall, request: DayRequest): Promise<DayAnswer>
}

export type LenderCall = { trace: Trace }

export type LenderAnswer<T> =
  | { outcome: 'ok'; data: T }
  /** The bank understood and will not. Asking again with the same number gets the same answer. */
  | { outcome: 'refused'; code: LenderRefusal; reason: string }
  | { outcome: 'unknown'; reason: string }

export type None = { outcome: 'none' }

export const LENDER_REFUSALS = [
  'over_limit',
  'hospital_limit',
  'not_signed',
  'suspended',
  'ended',
  'overdue',
  'not_eligible',
  'amount_wrong',
  'not_found',
  'reused', // our number came before with other content
  'no_money', // the account a repayment is taken from has not enough
  'other',
] as const

export type LenderRefusal = (typeof LENDER_REFUSALS)[number]

/** A person as a bank knows them: by the number of the agreement, once there is one. */
export type Holder = { personId: PersonId; accountNo: string }

export type SignStatus = 'unsigned' | 'signed' | 'suspended' | 'ended'

/** All in fen. `remainingFen` may be less than limit less loaned: the bank keeps what is promised. */
export type Authority = {
  accountNo: string
  limitFen: Fen
  loanedFen: Fen
  remainingFen: Fen
  /** 0 when nothing is overdue. */
  overdueDays: number
  signStatus: SignStatus
}

/** Who applies, as identity has verified them. Never kept by this module. */
export type Applicant = { personId: PersonId; name: string; idCardNo: string; phone: string | null }

export type LineRequest = {
  /** Our number, 30 capitals and digits: made from the lender's book and the application. */
  applicationNo: string
  productId: ProductId
  applicant: Applicant
  /** What our own decision would grant by the bands that the bank agreed to. A bank may grant less, or refuse. */
  wantedFen: Fen
  consent: { textVersion: string; textSha256: string; givenAt: Date }
}

export type LineGrant = { accountNo: string; limitFen: Fen }

export type SignRequest = {
  applicationNo: string
  accountNo: string
  personId: PersonId
  /** How what is drawn is repaid, until the person chooses otherwise. */
  way: RepaymentWay
}

export type Signed = { signedAt: Date }

export type DrawOrder = {
  /** Our number, 30 capitals and digits. */
  drawNo: string
  holder: Holder
  productId: ProductId
  amountFen: Fen
  careHospitalId: HospitalId
  scene: Scene
  /** All draws of one visit come to one bill; null for a draw that is settled by itself. */
  visitId: CreditVisitId | null
  /** Hospital and bill number; no diagnosis, no department. */
  description: string
  requestedAt: Date
}

export type Drawn = { lenderNo: string; amountFen: Fen; at: Date }

export type ReversalOrder = {
  reversalNo: string
  draw: DrawOrder
  drawLenderNo: string
  amountFen: Fen
  requestedAt: Date
}

export type Reversed = { lenderNo: string; amountFen: Fen; at: Date }

export type LenderBill = {
  billNo: string
  visitId: CreditVisitId | null
  careHospitalId: HospitalId
  principalFen: Fen
  outstandingFen: Fen
  dueOn: BusinessDate | null
  overdueDays: number
}

export type RepaymentOrder = {
  repaymentNo: string
  holder: Holder
  /** 'partial' of an amount; 'full': one bill in whole; 'remaining': all that the person owes. */
  scope: 'partial' | 'full' | 'remaining'
  /** The visit, or the draw by our number, whose bill it is; null for 'remaining'. */
  about: { visitId: CreditVisitId } | { drawNo: string } | null
  /** What the payer was told. A bank to which it comes otherwise refuses with 'amount_wrong'. */
  amountFen: Fen
  requestedAt: Date
}

export type Repaid = { lenderNo: string; amountFen: Fen; at: Date }

export type DayRequest = { careHospitalId: HospitalId; businessDate: BusinessDate }

export type DayLine = {
  kind: 'draw' | 'reversal'
  ourNo: string
  lenderNo: string
  amountFen: Fen
  at: Date
}

export type DayAnswer =
  /** The whole list; `content` as it came, for evidence. */
  | { outcome: 'lines'; lines: DayLine[]; content: string }
  | { outcome: 'not_ready'; reason: string; notBefore?: Date }
  | {
      outcome: 'refused'
      code: 'truncated' | 'hash' | 'sums' | 'encoding' | 'layout'
      reason: string
    }
  | { outcome: 'unknown'; reason: string }
