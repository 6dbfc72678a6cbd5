import Type from 'typebox'

import { Fen, Instant, nullable, Uuid } from '../../platform/http/schemas.ts'
import { TENDER_PARTS } from './money.ts'
import { PAYMENT_STATUSES, TENDER_STATUSES } from './payment.ts'
import { PAY_METHODS } from './provider.ts'
import { REFUND_CAUSES, REFUND_STATUSES } from './refund/refund.ts'

// What the routes of payments take and give, as JSON Schema.

export const HospitalParam = Type.Integer({ minimum: 1, maximum: 1_679_615 })
export const Day = Type.String({ format: 'date', examples: ['2026-11-21'] })
const PartKind = Type.Enum([...TENDER_PARTS])

const Part = Type.Object({ kind: PartKind, amountFen: Fen('Of this part.') })

export const Action = Type.Union([
  Type.Object({
    kind: Type.Literal('wechat_jsapi'),
    params: Type.Record(Type.String(), Type.String()),
  }),
  Type.Object({ kind: Type.Literal('alipay_trade'), tradeNo: Type.String() }),
  Type.Object({ kind: Type.Literal('qr_code'), content: Type.String() }),
  Type.Object({ kind: Type.Literal('page'), url: Type.String() }),
  Type.Object({
    kind: Type.Literal('form'),
    url: Type.String(),
    fields: Type.Record(Type.String(), Type.String()),
  }),
  Type.Object({ kind: Type.Literal('app'), params: Type.Record(Type.String(), Type.String()) }),
])

const TenderView = Type.Object({
  tenderNo: Type.Integer(),
  provider: Type.String({ examples: ['wechat', 'insurance'] }),
  phase: Type.Enum(['payer', 'settle', 'hold']),
  method: nullable(Type.Enum([...PAY_METHODS])),
  status: Type.Enum([...TENDER_STATUSES]),
  amountFen: Fen('Planned.'),
  takenFen: Fen('Taken by the provider so far.'),
  returnedFen: Fen('Given back so far.'),
  parts: Type.Array(Part),
  providerNo: nullable(Type.String()),
  takenAt: nullable(Instant),
  declineCode: nullable(Type.String({ description: 'Why the provider said no, in its words' })),
  payerAction: nullable(Action),
})

const BillView = Type.Object({
  billNo: Type.String(),
  version: Type.Integer(),
  title: Type.String(),
  totalFen: Fen('Of the bill.'),
  refundingFen: Fen('Of its lines that were or are being given back.'),
  receiptNo: nullable(Type.String()),
  guidance: Type.Array(Type.String()),
  lines: Type.Array(
    Type.Object({
      lineNo: Type.Integer(),
      name: Type.String(),
      spec: Type.String(),
      unit: Type.String(),
      chargeCategory: Type.String(),
      insuranceClass: Type.Enum(['A', 'B', 'C']),
      unitPriceFen: Fen('Of one unit.'),
      quantity: Type.Integer(),
      amountFen: Fen('Of the line.'),
    }),
  ),
})

export const RefundView = Type.Object(
  {
    id: Uuid,
    paymentId: Uuid,
    cause: Type.Enum([...REFUND_CAUSES]),
    status: Type.Enum([...REFUND_STATUSES]),
    billNo: nullable(Type.String()),
    lineNos: Type.Array(Type.Integer()),
    amountFen: Fen('To give back: of the lines, by whomever they were paid.'),
    parts: Type.Array(
      Type.Object({
        provider: Type.String(),
        kind: PartKind,
        amountFen: Fen('Gone back so far; below zero for one that took more in a new settlement.'),
      }),
    ),
    toPayerFen: nullable(
      Fen("By the payer's channel; null until the others have said what they take back."),
    ),
    reason: Type.String(),
    refusalCode: nullable(Type.String()),
    receiptNo: nullable(Type.String()),
    attention: nullable(Type.String()),
    declineCode: nullable(
      Type.String({ description: 'Why a provider said no; only then can it be asked again' }),
    ),
    createdAt: Instant,
    approvedAt: nullable(Instant),
    returnedAt: nullable(Instant),
  },
  { $id: 'Refund' },
)

const Reason = Type.Object({
  code: Type.String(),
  params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
})

const Title = Type.Object({ zh: Type.String(), en: Type.String() })

const ChannelChoiceView = Type.Object(
  {
    channel: Type.String(),
    method: Type.Enum([...PAY_METHODS]),
    offered: Type.Array(
      Type.Object({
        channel: Type.String(),
        title: Title,
        method: Type.Enum([...PAY_METHODS]),
        reasons: Type.Array(Reason),
      }),
      { description: 'The ways to pay that were open, the best first, each with why' },
    ),
    notOffered: Type.Array(Type.Object({ channel: Type.String(), title: Title, reason: Reason })),
  },
  {
    description:
      'Null where the hospital leaves the choice to the payer, or nothing is left to pay',
  },
)

export const PaymentView = Type.Object(
  {
    id: Uuid,
    paymentNo: Type.String({ description: 'The number the hospital and its receipts know it by' }),
    hospitalId: HospitalParam,
    visitNo: Type.String(),
    status: Type.Enum([...PAYMENT_STATUSES]),
    payerState: Type.Enum([
      'to_confirm',
      'to_pay',
      'processing',
      'confirming',
      'succeeded',
      'returning',
      'returned',
      'part_refunded',
      'refunded',
      'not_charged',
      'closed',
    ]),
    totalFen: Fen('Of the bills; the tenders add up to it.'),
    inTransitFen: Fen("Taken, and neither the hospital's nor given back."),
    failureCode: nullable(Type.String()),
    attention: nullable(Type.String()),
    createdAt: Instant,
    expiresAt: Instant,
    paidAt: nullable(Instant),
    succeededAt: nullable(Instant),
    nextLookAt: nullable(Instant),
    sources: Type.Array(
      Type.Object({
        provider: Type.String(),
        available: Type.Boolean(),
        reasons: Type.Array(Reason),
      }),
    ),
    byCarer: Type.Boolean({ description: 'A carer of the family began it and pays' }),
    channelChoice: nullable(ChannelChoiceView),
    tenders: Type.Array(TenderView),
    bills: Type.Array(BillView),
    refunds: Type.Array(Type.Unsafe<Type.Static<typeof RefundView>>(Type.Ref('Refund'))),
    refundWishes: Type.Array(
      Type.Object({
        id: Uuid,
        billNo: Type.String(),
        lineNos: Type.Array(Type.Integer()),
        amountFen: Fen('To give back.'),
        isDeclined: Type.Boolean(),
        createdAt: Instant,
      }),
      { description: 'Refunds that wait for a second person of the hospital, or were declined' },
    ),
  },
  { $id: 'Payment' },
)

export const NewPayment = Type.Object(
  {
    bills: Type.Array(
      Type.Object(
        {
          billNo: Type.String({ minLength: 1, maxLength: 30 }),
          version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 20 },
    ),
    channel: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 30,
        examples: ['wechat'],
        description: "Without it, the one that the hospital's rules choose",
      }),
    ),
    method: Type.Optional(
      Type.Enum([...PAY_METHODS], {
        description: "How the payer pays there; without it, the channel's usual way",
      }),
    ),
    devices: Type.Optional(
      Type.Array(
        Type.String({
          pattern: '^(screen|browser|sdk|scanner|card_reader|window|app:[a-z0-9_-]{1,30})$',
          examples: ['browser', 'app:wechat'],
        }),
        {
          maxItems: 20,
          description: 'What is where the payer is: only what works there is proposed',
        },
      ),
    ),
    useAccount: Type.Boolean({ description: 'May the personal account 个人账户 pay' }),
    sources: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z0-9_-]{1,40}$' }), Type.Boolean(), {
        maxProperties: 20,
        examples: [{ credit: true, commercial: false }],
        description:
          'Sources of money that the payer wants, or does not; credit pays only where it is wanted',
      }),
    ),
  },
  { additionalProperties: false },
)

export const Confirmation = Type.Object(
  {
    payFen: Type.Integer({
      minimum: 0,
      maximum: 100_000_000,
      description: 'Fen. The amount on the button the payer pressed: what the channel is to take',
    }),
    token: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2_048,
        description: "The digits of the payer's barcode, or what a card terminal read. Never kept",
      }),
    ),
    returnUrl: Type.Optional(
      Type.String({
        maxLength: 500,
        pattern: '^https?://',
        description: "Where the provider's page leads back to",
      }),
    ),
  },
  { additionalProperties: false },
)

export const NewRefund = Type.Object(
  {
    billNo: Type.String({ minLength: 1, maxLength: 30 }),
    lineNos: Type.Array(Type.Integer({ minimum: 1, maximum: 1_000 }), {
      maxItems: 200,
      description: 'None for the whole bill',
    }),
    reason: Type.String({ minLength: 1, maxLength: 80 }),
  },
  { additionalProperties: false },
)

export const HisRefundRequest = Type.Object(
  {
    requestNo: Type.String({ minLength: 1, maxLength: 32 }),
    paymentNo: Type.String({ minLength: 1, maxLength: 32 }),
    billNo: Type.String({ minLength: 1, maxLength: 30 }),
    lines: Type.Array(
      Type.Object(
        { lineNo: Type.Integer({ minimum: 1, maximum: 1_000 }) },
        { additionalProperties: false },
      ),
      { maxItems: 200 },
    ),
    reason: Type.String({ minLength: 1, maxLength: 80 }),
  },
  { additionalProperties: false },
)

export const ListQuery = Type.Object({
  status: Type.Optional(Type.Array(Type.Enum([...PAYMENT_STATUSES]), { maxItems: 7 })),
  createdOn: Type.Optional(Day),
  paidOn: Type.Optional(Day),
  billNo: Type.Optional(Type.String({ minLength: 1, maxLength: 30 })),
  attention: Type.Optional(Type.Boolean()),
  inTransit: Type.Optional(Type.Boolean()),
  before: Type.Optional(Uuid),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
})

export const RefundsQuery = Type.Object({
  status: Type.Optional(Type.Array(Type.Enum([...REFUND_STATUSES]), { maxItems: 5 })),
  cause: Type.Optional(Type.Array(Type.Enum([...REFUND_CAUSES]), { maxItems: 4 })),
  createdOn: Type.Optional(Day),
  returnedOn: Type.Optional(Day),
  attention: Type.Optional(Type.Boolean()),
  ofIncome: Type.Optional(
    Type.Boolean({ description: 'Only of payments that succeeded, as in the figures of a day' }),
  ),
  before: Type.Optional(Uuid),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
})

export const MoveView = Type.Object(
  {
    businessDate: Day,
    provider: Type.String(),
    kind: Type.Enum(['charge', 'return']),
    part: PartKind,
    ourNo: Type.String(),
    providerNo: Type.String(),
    amountFen: Fen('Of this part of the movement.'),
    paymentId: Uuid,
    refundId: nullable(Uuid),
    at: Instant,
  },
  { $id: 'Move' },
)

export const MoveQuery = Type.Object({
  date: Day,
  kind: Type.Optional(Type.Enum(['charge', 'return'])),
  provider: Type.Optional(Type.String({ maxLength: 30 })),
  part: Type.Optional(PartKind),
  after: Type.Optional(Type.String({ maxLength: 80 })),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
})

const Count = Type.Object({ count: Type.Integer() })
const CountAndFen = Type.Object({ count: Type.Integer(), amountFen: Fen('Sum.') })

export const DayView = Type.Object(
  {
    date: Day,
    succeeded: CountAndFen,
    refunded: CountAndFen,
    inTransit: CountAndFen,
    attention: Count,
    moves: Type.Array(
      Type.Object({
        provider: Type.String(),
        kind: Type.Enum(['charge', 'return']),
        part: PartKind,
        count: Type.Integer(),
        amountFen: Fen('Sum.'),
      }),
    ),
  },
  { $id: 'FinanceDay' },
)

export const TimelineView = Type.Object(
  {
    events: Type.Array(
      Type.Object({
        at: Instant,
        kind: Type.Enum(['ours', 'provider', 'notice', 'hospital', 'journal', 'person']),
        title: Type.String(),
        outcome: nullable(Type.String()),
        request: nullable(Type.String()),
        response: nullable(Type.String()),
        durationMs: nullable(Type.Integer()),
        journal: nullable(
          Type.Array(
            Type.Object({
              debit: Type.String(),
              credit: Type.String(),
              amountFen: Fen('Of the transfer.'),
            }),
          ),
        ),
      }),
    ),
  },
  { $id: 'Timeline' },
)
