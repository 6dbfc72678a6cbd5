import Type from 'typebox'

import { tradeNoOf } from '../../../kernel/trade-no.ts'
import { Instant, nullable, Uuid } from '../../../platform/http/schemas.ts'
import { HospitalParam } from '../schemas.ts'
import { REFUND_REQUEST_STATUSES, REVIEW_REASONS } from './approval-rule.ts'
import type { RefundRequestRow } from './approval-store.ts'

// What the routes of refunds that take two people take and give.

// As in the constraints of the table.
const MOST_ALONE_FEN = 20_000_000
const MOST_A_DAY = 500
const MOST_OF_HIS_FEN = 100_000_000

export const RefundRequestView = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'The refund it becomes has the same' }),
    hospitalId: HospitalParam,
    paymentId: Uuid,
    paymentNo: Type.String(),
    billNo: Type.String(),
    lineNos: Type.Array(Type.Integer(), { description: 'None for the whole bill' }),
    amountFen: Type.Integer({ description: 'Fen. To give back' }),
    reason: Type.String(),
    why: Type.Array(Type.Enum([...REVIEW_REASONS]), {
      description:
        'amount: above what one person may give back of a payment. late: of an old payment. often: the asker has begun many today',
    }),
    status: Type.Enum([...REFUND_REQUEST_STATUSES]),
    requestedBy: Type.String({ examples: ['staff:0190b3a0-0000-7000-8000-00000000000f'] }),
    decidedBy: nullable(Type.String()),
    decisionNote: nullable(Type.String()),
    createdAt: Instant,
    decidedAt: nullable(Instant),
  },
  { $id: 'RefundRequest' },
)

const limits = {
  aboveFen: nullable(
    Type.Integer({
      minimum: 0,
      maximum: MOST_ALONE_FEN,
      description:
        'Fen. More than this of one payment takes two people; null: no amount is too large for one',
    }),
  ),
  lateAfterDays: nullable(
    Type.Integer({
      minimum: 0,
      maximum: 365,
      description: 'Days. Of a payment that succeeded longer ago; null: of any age',
    }),
  ),
  mostADay: nullable(
    Type.Integer({
      minimum: 0,
      maximum: MOST_A_DAY,
      description: 'How many one person may begin on a day; null: any number',
    }),
  ),
}

const HisAbove = nullable(
  Type.Integer({
    minimum: 0,
    maximum: MOST_OF_HIS_FEN,
    description:
      "Fen. More than this of one payment the hospital's system does not get back without people; null: any amount",
  }),
)

export const NewRefundRule = Type.Object(
  { ...limits, hisAboveFen: Type.Optional(HisAbove) },
  { additionalProperties: false },
)

const Rule = Type.Object({ ...limits, hisAboveFen: HisAbove })

export const RefundRuleView = Type.Object({
  ...limits,
  hisAboveFen: HisAbove,
  proposal: Type.Union(
    [
      Type.Object({ id: Uuid, rule: Rule, proposedBy: Type.String(), createdAt: Instant }),
      Type.Null(),
    ],
    { description: 'A looser rule that waits for a second person' },
  ),
})

export const RuleDecision = Type.Object(
  { isAgreed: Type.Boolean() },
  { additionalProperties: false },
)

export const RefundRequestsQuery = Type.Object({
  status: Type.Optional(Type.Array(Type.Enum([...REFUND_REQUEST_STATUSES]), { maxItems: 4 })),
  paymentId: Type.Optional(Uuid),
  before: Type.Optional(Uuid),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
})

export const Refusal = Type.Object(
  { note: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
)

export const viewOfRefundRequest = (row: RefundRequestRow) => ({
  id: row.id,
  hospitalId: row.hospital_id,
  paymentId: row.payment_id,
  paymentNo: tradeNoOf(row.hospital_id, row.payment_id),
  billNo: row.bill_no,
  lineNos: [...row.line_nos],
  amountFen: row.amount_fen,
  reason: row.reason,
  why: [...row.why],
  status: row.status,
  requestedBy: row.requested_by,
  decidedBy: row.decided_by,
  decisionNote: row.decision_note,
  createdAt: row.created_at.toISOString(),
  decidedAt: row.decided_at?.toISOString() ?? null,
})
