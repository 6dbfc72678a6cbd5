import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Trace } from '../../platform/exchange.ts'
import type { Payable, PayableLine } from './bill-desk.ts'
import type { TenderPart } from './money.ts'

/**
 * Whoever serves a tender: a payment channel, an insurer, later a credit line or a deposit book.
 *
 * All of them speak these few verbs, so that the saga, the refund, the in-doubt resolver and the
 * reconciliation are written once. A provider opens no transaction of payments and knows no ledger. It
 * never throws for an answer it understands, and answers 'unknown' whenever it cannot be sure: a
 * timeout is not a refusal. Every verb may be asked again with the same order and then has the same
 * effect as once.
 */
export interface Provider {
  /** 'wechat', 'insurance': stands in tenders, facts, accounts and reports. */
  readonly name: string
  /**
   * 'payer': the payer must act, in their own time, and pays first. 'settle': takes without anybody
   * acting, once the payer has paid. 'hold': the same, and it promises its part before the payer is asked for theirs.
   */
  readonly phase: Phase
  charge(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer>
  /** What became of a charge. 'absent' when the provider is sure that there is none. */
  query(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer | { outcome: 'absent' }>
  /**
   * Makes sure that a charge of which no money is known will not happen any more, whether it reached
   * the provider or not. 'confirmed' when it turns out that money was taken.
   */
  release(call: ProviderCall, order: ChargeOrder): Promise<ReleaseAnswer>
  refund(call: ProviderCall, order: RefundOrder): Promise<RefundAnswer>
  queryRefund(call: ProviderCall, order: RefundOrder): Promise<RefundAnswer | { outcome: 'absent' }>
  /** The provider's own list of a closed business date, compared with ours where it compares itself. */
  statement(call: ProviderCall, request: StatementRequest): Promise<StatementAnswer>
}

export type Phase = 'payer' | 'settle' | 'hold'

/** A source that can say beforehand how much it will pay: it is asked first, the payer's channel pays the rest. */
export type FundingSource = SettlingSource | HoldingSource

type Source = Provider & {
  readonly place: SourcePlace
  quote(call: ProviderCall, request: QuoteRequest): Promise<QuoteAnswer>
}

/** What it pays is worked out from the bill's lines, also when some of them are given back: an insurer. */
export type SettlingSource = Source & { readonly phase: 'settle' }

/**
 * Has a limit that many draw on: credit, a budget, a deposit. It promises its part when the payer consents, takes it
 * when all others have paid, and gives back the amount it is told to, up to what it took; less only where the order says
 * which lines stay, and they use it.
 */
export type HoldingSource = Source & {
  readonly phase: 'hold'
  /**
   * Promises the order's amount, once, however often it is asked. What is held is taken by `charge` and given up by
   * `release`; a `charge` without a hold, as when it expired here meanwhile, is tried like a new one.
   */
  hold(call: ProviderCall, order: ChargeOrder): Promise<HoldAnswer>
}

/** Who pays before whom. What those before a source pay is known to it when it works out its own part. */
export const SOURCE_PLACES = [
  'medical_insurance',
  'commercial_insurance',
  'benefit',
  'deposit',
  'credit',
] as const

export type SourcePlace = (typeof SOURCE_PLACES)[number]

export type HoldAnswer =
  | { outcome: 'held' }
  /** The limit is used up, was lowered or ended: nothing is promised. */
  | { outcome: 'declined'; code: string; reason: string }
  | { outcome: 'unknown'; reason: string }

/** A way in which the payer pays the rest. */
export interface Channel extends Provider {
  readonly phase: 'payer'
  /** How a payer may pay here, the usual one first; never empty. */
  readonly methods: readonly PayMethod[]
  /**
   * Verifies and reads a notice. Errors: 'refused' for whatever is not proven to come from the
   * provider; nothing of it may be believed.
   */
  readNotice(request: RawNotice): NoticeReading
  /** What the provider wants to hear when its notice was kept; anything else is a refusal to it. */
  readonly noticeReply: NoticeReply
  /** 免密支付, where the contract covers it: charges of the method 'agreement', which `methods` never names. */
  readonly agreements?: Agreements
}

/**
 * A payer signs once with the provider; from then on the hub charges small amounts without them. Every verb may be
 * asked again with the same order. A charge by agreement carries the provider's number of it as `payerAccount`; what the
 * provider declines says 'agreement_ended' or 'agreement_limit' where that is why.
 */
export interface Agreements {
  /** The most that the contract lets one payment, and the payments of one day, be. */
  readonly most: AgreementLimits
  /** Makes what the payer's device needs to sign; nothing holds until the payer has. */
  sign(call: ProviderCall, order: AgreementOrder): Promise<SignAnswer>
  query(call: ProviderCall, order: AgreementOrder): Promise<AgreementAnswer>
  /** Ends it at the provider. 'absent' when the provider is sure that none holds now. */
  revoke(call: ProviderCall, order: AgreementOrder): Promise<RevokeAnswer>
}

export type AgreementLimits = { perPaymentFen: Fen; perDayFen: Fen }

export type AgreementOrder = {
  hospitalId: HospitalId
  agreementId: Id<'Agreement'>
  /** Our number for it at the provider: 30 capitals and digits, made from hospital and agreement. */
  signNo: string
  /** The provider's own number; null until it is known. */
  agreementNo: string | null
  /** Where the provider's page leads back to. */
  returnUrl: string | null
  expiresAt: Date
}

export type SignAnswer =
  | { outcome: 'pending'; payerAction: PayerAction }
  | { outcome: 'declined'; code: string; reason: string }
  | { outcome: 'unknown'; reason: string }

export type AgreementAnswer =
  | { outcome: 'active'; agreementNo: string; signedAt: Date | null; validUntil: Date | null }
  /** pending: the payer has begun to sign. suspended: it holds, and cannot be charged for now. */
  | { outcome: 'pending' | 'suspended' | 'ended' | 'absent' }
  | { outcome: 'unknown'; reason: string }

export type RevokeAnswer =
  | { outcome: 'revoked' | 'absent' }
  | { outcome: 'unknown'; reason: string }

/** How a payer pays at a channel; what their device needs for it comes as the tender's `PayerAction`. */
export const PAY_METHODS = [
  'account', // inside the provider's app, by the payer's account there: 公众号、小程序
  'qr_code', // the payer scans our code: 主扫
  'page', // in a browser, on the provider's page: H5
  'app', // in an app of ours, by the provider's SDK
  'barcode', // we scan the payer's code: 付款码
  'card', // at a terminal of the hospital: POS
  'counter', // to a person at the window: 现金
  'agreement', // by an agreement that the payer signed before: 免密
] as const

export type PayMethod = (typeof PAY_METHODS)[number]

export type NoticeReply = { status: 200 | 204; contentType: string; body: string }

export const isChannel = (provider: Provider): provider is Channel => 'readNotice' in provider

export const isHolding = (provider: Provider): provider is HoldingSource => 'hold' in provider

export type ProviderCall = { hospitalId: HospitalId; trace: Trace }

export type ChargeOrder = {
  hospitalId: HospitalId
  paymentId: Id<'Payment'>
  tenderId: Id<'Tender'>
  /** Our number for this charge at the provider: 30 capitals and digits, made from hospital and tender. */
  tradeNo: string
  amountFen: Fen
  parts: readonly TenderPart[]
  /** What the source gave with its quote and wants back now; null for a channel. */
  quoteReference: string | null
  /** For the payer's eyes and the provider's records: hospital and bill number, no diagnosis. */
  description: string
  /** The payer's account at the provider (openid), or their agreement; null where the provider needs none. */
  payerAccount: string | null
  /** How the payer of a channel's charge pays; null for a source. */
  method: PayMethod | null
  /**
   * What the payer's device gave together with the consent. It is used at once and never written down, so it is null
   * when the machine asks again by itself: a channel that cannot charge without it then says what became of the charge.
   */
  presence: PayerPresence | null
  createdAt: Date
  expiresAt: Date
}

/** `token`: the digits of a payer's barcode, or what a card terminal read. `returnUrl`: where the provider's page leads back to. */
export type PayerPresence = { token: string | null; ip: string | null; returnUrl: string | null }

/** One movement of money at a provider: what the books and the reconciliation are made of. */
export type Move = {
  kind: 'charge' | 'return'
  /** Our number for it at the provider, unique with `kind`; and the provider's own number. */
  ourNo: string
  providerNo: string
  parts: readonly TenderPart[]
  /** When it happened by the provider's word. Its day in Shanghai is the business date. */
  at: Date
}

export type ChargeAnswer =
  | { outcome: 'confirmed'; move: Move }
  | { outcome: 'pending'; payerAction: PayerAction | null }
  | { outcome: 'declined'; code: string; reason: string }
  | { outcome: 'unknown'; reason: string }

/** What the payer's device needs to let the payer pay. */
export type PayerAction =
  | { kind: 'wechat_jsapi'; params: Record<string, string> }
  | { kind: 'alipay_trade'; tradeNo: string }
  | { kind: 'qr_code'; content: string }
  /** The browser is sent there. */
  | { kind: 'page'; url: string }
  /** The browser posts the fields there. */
  | { kind: 'form'; url: string; fields: Record<string, string> }
  /** For the provider's SDK in an app. */
  | { kind: 'app'; params: Record<string, string> }

export type ReleaseAnswer =
  | { outcome: 'released' }
  | { outcome: 'confirmed'; move: Move }
  | { outcome: 'unknown'; reason: string }

export type RefundOrder = {
  charge: ChargeOrder
  chargeProviderNo: string
  refundId: Id<'Refund'>
  /** Our number for this return at the provider: 30 capitals and digits. */
  refundNo: string
  /**
   * What is to go back: of the lines that go back, as much as those before this one have not given back. A source that
   * settles works out its own share from `remaining`, with what of them those before it leave: less by just this.
   */
  amountFen: Fen
  /** The lines that stay charged, for a source that must settle them anew; empty when all goes back. */
  remaining: readonly PayableLine[]
  /**
   * For a source that promised, where lines stay charged: it may keep what they use of it. Absent: all of `amountFen` goes
   * back.
   */
  stays?: LinesThatStay
  reason: string
  requestedAt: Date
}

export type LinesThatStay = {
  /** What of them is left to this source and the other payers, once the insurers have paid theirs. */
  leftFen: Fen
  /** What must go back here all the same: those who return after this one do not have it. */
  leastBackFen: Fen
}

export type RefundAnswer =
  /** All that moved, in order: one return; or the whole settlement returned and a smaller one charged. */
  | { outcome: 'confirmed'; moves: readonly Move[] }
  | { outcome: 'pending' }
  | { outcome: 'declined'; code: string; reason: string }
  | { outcome: 'unknown'; reason: string }

export type QuoteRequest = {
  hospitalId: HospitalId
  paymentId: Id<'Payment'>
  personId: Id<'Person'>
  payables: readonly Payable[]
  useAccount: boolean
  /** What the payer said of this source: that it is to pay, that it is not; null when they said nothing. */
  wanted: boolean | null
  /**
   * What the sources before this one leave. All are asked at once: one that must first ask somebody does so, and
   * waits for this then. It never fails; a source that is too slow leaves all that it was to pay.
   */
  left: Promise<LeftToPay>
}

export type LeftToPay = {
  leftFen: Fen
  paid: readonly { provider: string; place: SourcePlace; parts: readonly TenderPart[] }[]
}

export type QuoteAnswer =
  | {
      outcome: 'quoted'
      parts: TenderPart[]
      quoteReference: string
      /** Why each part is there, for the payer: codes with amounts, worded by the web. */
      reasons: QuoteReason[]
    }
  /** The plan goes on without this source, and says why. */
  | { outcome: 'not_available'; code: string; reason: string }

export type QuoteReason = { code: string; params: Record<string, string | number> }

export type RawNotice = {
  hospitalId: HospitalId
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: Buffer
}

export type NoticeReading =
  | { outcome: 'refused'; code: NoticeRefusal }
  | {
      outcome: 'read'
      /** The same for every delivery of one notice. */
      dedupeKey: string
      about: NoticeAbout
      /** Redacted text for the timeline. */
      summary: string
    }

export type NoticeAbout =
  | { kind: 'charge'; tradeNo: string }
  | { kind: 'refund'; refundNo: string }
  | { kind: 'agreement'; signNo: string }

export type NoticeRefusal = 'signature' | 'timestamp' | 'unreadable' | 'foreign'

export type StatementRequest = {
  hospitalId: HospitalId
  businessDate: BusinessDate
  /** What our books say moved at this provider on that day. */
  ownMoves: readonly Move[]
}

export type StatementLine = {
  kind: 'charge' | 'return'
  ourNo: string
  providerNo: string
  amountFen: Fen
  at: Date | null
  /** As billed, below zero when it is given back; null or absent where the list does not say it in whole fen. */
  feeFen?: Fen | null
}

export type StatementAnswer =
  /** The whole list. `content` is kept as evidence. */
  | { outcome: 'lines'; lines: StatementLine[]; feeFen: Fen; content: string; sha256: string }
  /** The provider compared by itself: only what differs. */
  | {
      outcome: 'compared'
      agreed: number
      theirsOnly: StatementLine[]
      oursOnly: { kind: 'charge' | 'return'; ourNo: string }[]
      amountDiffers: { kind: 'charge' | 'return'; ourNo: string; theirsFen: Fen }[]
      content: string
      sha256: string
    }
  /** `notBefore`: the provider makes it later than others do, and nobody need ask or be told until then. */
  | { outcome: 'not_ready'; reason: string; notBefore?: Date }
  /** A file that cannot be trusted is refused whole: truncated, wrong hash, wrong sums, unreadable. */
  | { outcome: 'refused'; code: StatementRefusal; reason: string }
  | { outcome: 'unknown'; reason: string }

export type StatementRefusal = 'truncated' | 'hash' | 'sums' | 'encoding' | 'layout'
