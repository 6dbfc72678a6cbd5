import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { businessDate, instantAt, isBusinessDate } from '../../../kernel/time.ts'

// The answers of the interface, as far as the hub reads them. Fields that are not named here are let be.

const Text = Type.String({ minLength: 1, maxLength: 64 })
const Words = Type.String({ maxLength: 500 })
/** Whole fen. */
const Amount = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 })
const Moment = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2} ([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d$' })
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const Ppm = Type.Integer({ minimum: 0, maximum: 1_000_000 })

export const Policies = Compile(
  Type.Object({
    policyList: Type.Array(
      Type.Object({
        policyNo: Text,
        productCode: Text,
        productName: Type.String({ minLength: 1, maxLength: 200 }),
        policyStatus: Type.Enum(['1', '2', '3']),
        beginDate: Day,
        endDate: Day,
        waitingEndDate: Day,
        deductible: Amount,
        deductibleUsed: Amount,
        ratioPpm: Ppm,
        outsideRatioPpm: Ppm,
        limitAmount: Amount,
        paidAmount: Amount,
        excludedCategoryList: Type.Array(Text, { maxItems: 100 }),
      }),
      { maxItems: 200 },
    ),
  }),
)

export const FeesKept = Compile(Type.Object({ feeRecordNumber: Text }))

const Status = Type.Enum([0, 1, 2, 3, 4])

export const Order = Compile(
  Type.Object({
    requireCode: Text,
    directPayNo: Text,
    status: Status,
    directPayAmount: Type.Optional(Amount),
    refundedAmount: Type.Optional(Amount),
    reason: Type.Optional(Words),
    settlementNo: Type.Optional(Text),
    settleTime: Type.Optional(Moment),
  }),
)

export const Advanced = Compile(
  Type.Object({
    requireCode: Text,
    directPayNo: Text,
    status: Status,
    directPayAmount: Amount,
    deductibleAmount: Amount,
    feeShareList: Type.Array(Type.Object({ category: Text, amount: Amount }), { maxItems: 100 }),
    remark: Words,
    reason: Words,
    expireTime: Moment,
  }),
)

export const Refunded = Compile(
  Type.Object({
    refundNo: Text,
    directPayNo: Text,
    directRefundNo: Text,
    refundAmount: Amount,
    refundTime: Moment,
  }),
)

export const Submitted = Compile(Type.Object({ claimNo: Text }))

export const ClaimFound = Compile(
  Type.Object({
    claimNo: Text,
    claimStatus: Type.Enum(['submitted', 'accepted', 'more_wanted', 'refused']),
    wantedList: Type.Array(Type.Enum(['bill', 'items', 'receipt', 'summary']), { maxItems: 4 }),
    reason: Words,
    decideTime: Type.Optional(Moment),
  }),
)

export const Statement = Compile(
  Type.Object({
    date: Day,
    totalCount: Type.Integer({ minimum: 0 }),
    netAmount: Type.Integer(),
    listSha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    list: Type.Array(
      Type.Object({
        type: Type.Enum(['PAY', 'REFUND']),
        orderNo: Text,
        directPayNo: Text,
        businessNo: Text,
        amount: Amount,
        time: Moment,
      }),
    ),
  }),
)

/** '2026-11-21 10:00:03', the wall clock in Shanghai; null for a day that does not exist. */
export function momentOf(text: string | undefined): Date | null {
  const [date = '', time = ''] = (text ?? '').split(' ')
  return isBusinessDate(date) && time !== '' ? instantAt(date, time) : null
}

/** Null for a day that does not exist. */
export const dayOf = (text: string) => (isBusinessDate(text) ? businessDate(text) : null)
