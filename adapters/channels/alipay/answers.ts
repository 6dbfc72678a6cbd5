import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { type Fen, parseYuan } from '../../../kernel/money.ts'
import { instantAt, isBusinessDate } from '../../../kernel/time.ts'

// The answers of the gateway, as far as the hub reads them. Fields that are not named here are let be.

const Text = Type.String({ minLength: 1, maxLength: 256 })
const Address = Type.String({ minLength: 1, maxLength: 2_048 })
const Yuan = Type.String({ pattern: '^\\d{1,11}(\\.\\d{1,2})?$' })
const Moment = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}$' })

export const Precreated = Compile(Type.Object({ out_trade_no: Text, qr_code: Address }))

export const Created = Compile(Type.Object({ out_trade_no: Text, trade_no: Text }))

/** What alipay.trade.pay says of money that was taken at once. */
export const PaidAtOnce = Compile(
  Type.Object({
    out_trade_no: Text,
    trade_no: Text,
    total_amount: Yuan,
    gmt_payment: Moment,
  }),
)

export const Trade = Compile(
  Type.Object({
    out_trade_no: Text,
    trade_no: Text,
    trade_status: Text,
    total_amount: Yuan,
    /** When the money came; not there while none has. */
    send_pay_date: Type.Optional(Moment),
    buyer_pay_amount: Type.Optional(Type.String()),
  }),
)

/** An agreement as the query tells it. */
export const AgreementFound = Compile(
  Type.Object({
    agreement_no: Text,
    status: Text,
    external_agreement_no: Type.Optional(Type.String()),
    sign_time: Type.Optional(Type.String()),
    invalid_time: Type.Optional(Type.String()),
  }),
)

export const Cancelled = Compile(
  Type.Object({
    out_trade_no: Text,
    retry_flag: Type.Enum(['Y', 'N']),
    /** What the cancelling did; not there when there was no trade. */
    action: Type.Optional(Type.String()),
  }),
)

export const Refunded = Compile(
  Type.Object({
    out_trade_no: Text,
    trade_no: Text,
    fund_change: Type.Enum(['Y', 'N']),
    gmt_refund_pay: Type.Optional(Moment),
  }),
)

/** `refund_status` is not there, or empty, as long as a refund has not succeeded. */
export const RefundFound = Compile(
  Type.Object({
    out_trade_no: Type.Optional(Type.String()),
    trade_no: Type.Optional(Type.String()),
    out_request_no: Type.Optional(Type.String()),
    refund_status: Type.Optional(Type.String()),
    refund_amount: Type.Optional(Type.String()),
    gmt_refund_pay: Type.Optional(Type.String()),
  }),
)

export const BillAddress = Compile(Type.Object({ bill_download_url: Address }))

const Operation = {
  auth_no: Text,
  out_request_no: Text,
  operation_id: Text,
  amount: Yuan,
  status: Text,
  gmt_trans: Type.Optional(Type.String()),
  payer_user_id: Type.Optional(Type.String()),
  payer_open_id: Type.Optional(Type.String()),
}

export const FundOperation = Compile(Type.Object(Operation))

export const FundOperationFound = Compile(
  Type.Object({
    ...Operation,
    operation_type: Text,
    rest_amount: Yuan,
    total_freeze_amount: Yuan,
    total_pay_amount: Yuan,
  }),
)

export const Voucher = Compile(Type.Object({ out_order_no: Text, code_value: Address }))

/** '2026-11-21 10:00:03', the wall clock in Shanghai; null for a day or an hour that does not exist. */
export function momentOf(text: string | undefined): Date | null {
  const [, date = '', time = ''] =
    /^(\S{10}) ((?:[01]\d|2[0-3])(?::[0-5]\d){2})$/.exec(text ?? '') ?? []
  return isBusinessDate(date) ? instantAt(date, time) : null
}

/** Yuan of zero or more, or null. */
export function yuanOf(text: string): Fen | null {
  const amount = parseYuan(text)
  return amount !== null && amount >= 0 ? amount : null
}

/** Yuan above zero, or null. */
export function amountOf(text: string | undefined): Fen | null {
  const amount = parseYuan(text ?? '')
  return amount !== null && amount > 0 ? amount : null
}
