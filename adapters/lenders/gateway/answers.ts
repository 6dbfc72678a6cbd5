import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { instantAt, isBusinessDate } from '../../../kernel/time.ts'
import type { LenderAnswer, LenderRefusal, None } from '../../../modules/credit/index.ts'

// The answers of the interface, as far as the hub reads them. Fields that are not named here are let be.

export type Refused = Extract<LenderAnswer<never>, { outcome: 'refused' }>
export type Unknown = Extract<LenderAnswer<never>, { outcome: 'unknown' }>

export const ok = <T>(data: T): LenderAnswer<T> => ({ outcome: 'ok', data })

export const none: None = { outcome: 'none' }

export const refused = (code: LenderRefusal, reason: string): Refused => ({
  outcome: 'refused',
  code,
  reason,
})

export const unknown = (reason: string): Unknown => ({ outcome: 'unknown', reason })

/** What the bank decided. 9999, and what is not here, is no decision. */
export const REFUSED_BY_CODE: Readonly<Record<number, LenderRefusal>> = {
  1001: 'other',
  1002: 'reused',
  1999: 'other',
  3001: 'not_found',
  3002: 'not_signed',
  3003: 'suspended',
  3004: 'ended',
  3005: 'overdue',
  3006: 'over_limit',
  3007: 'hospital_limit',
  3008: 'not_eligible',
  3009: 'other',
  4001: 'not_found',
  4002: 'amount_wrong',
  4003: 'no_money',
  4004: 'other',
}

export const NO_ACCOUNT = 3001
export const NO_SUCH_NUMBER = 4001
export const NOT_READY = 5001

const STATUS = { done: 200, failed: 201, closed: 400, flushed: 500 } as const

const Text = Type.String({ minLength: 1, maxLength: 64 })
const MaybeText = Type.String({ maxLength: 64 })
/** Whole fen. */
const Amount = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 })
const Days = Type.Integer({ minimum: 0, maximum: 100_000 })
const Moment = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2} ([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d$' })
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })

export const AuthorityData = Compile(
  Type.Object({
    accountNo: Text,
    creditsAmt: Amount,
    loanedAmt: Amount,
    remainingAmt: Amount,
    overdueDays: Days,
    signStatus: Type.Enum(['0', '1', '2', '3']),
  }),
)

export const GrantData = Compile(
  Type.Object({ applyNo: Text, accountNo: Text, creditsAmt: Amount }),
)

export const SignedData = Compile(
  Type.Object({ accountNo: Text, signStatus: Type.Enum(['1', '2']), signTime: Moment }),
)

export const EndedData = Compile(
  Type.Object({ accountNo: Text, signStatus: Type.Enum(['3']), endTime: Moment }),
)

export const DrawnData = Compile(
  Type.Object({
    transNo: Text,
    sFlowId: Text,
    cash: Amount,
    status: Type.Enum([STATUS.done]),
    transTime: Moment,
  }),
)

/** What a query says of a number whose order failed, or was closed before it came. */
const FailedData = Compile(
  Type.Object({
    status: Type.Enum([STATUS.failed]),
    failCode: Type.Integer(),
    failMsg: Type.String({ maxLength: 500 }),
  }),
)

const ClosedData = Compile(Type.Object({ status: Type.Enum([STATUS.closed]) }))

export const FlushedData = Compile(
  Type.Object({
    flushNo: Text,
    flushFlowId: Text,
    sFlowId: Text,
    cash: Amount,
    status: Type.Enum([STATUS.flushed]),
    flushTime: Moment,
  }),
)

export const BillsData = Compile(
  Type.Object({
    accountNo: Text,
    billList: Type.Array(
      Type.Object({
        billNo: Text,
        visitNo: MaybeText,
        hospCode: Text,
        billAmt: Amount,
        leftAmt: Amount,
        dueDate: Type.Union([Day, Type.Literal('')]),
        overdueDays: Days,
      }),
      { maxItems: 10_000 },
    ),
  }),
)

export const RepayCreatedData = Compile(
  Type.Object({ repayNo: Text, repayBillNo: Text, repaymentAmt: Amount }),
)

export const RepaidData = Compile(
  Type.Object({
    repayNo: Text,
    payFlowId: Text,
    cash: Amount,
    status: Type.Enum([STATUS.done]),
    payTime: Moment,
  }),
)

export const StatementData = Compile(
  Type.Object({
    hospCode: Text,
    date: Day,
    totalCount: Type.Integer({ minimum: 0 }),
    netAmt: Type.Integer(),
    listSha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    list: Type.Array(
      Type.Object({
        type: Type.Enum(['CONSUME', 'FLUSH']),
        transNo: Text,
        sFlowId: Text,
        cash: Amount,
        transTime: Moment,
      }),
    ),
  }),
)

/** '2026-11-21 10:00:03', the wall clock in Shanghai; null for a day that does not exist. */
export function momentOf(text: string): Date | null {
  const [date = '', time = ''] = text.split(' ')
  return isBusinessDate(date) ? instantAt(date, time) : null
}

/** What a query says when there is nothing: failed for good, or closed so that nothing comes. Null when it says neither. */
export function readEnd(data: unknown): Refused | None | null {
  if (ClosedData.Check(data)) return none
  if (!FailedData.Check(data)) return null
  const { failCode, failMsg } = data
  return refused(REFUSED_BY_CODE[failCode] ?? 'other', `${failCode} ${failMsg}`)
}
