import type { ProvenReply, Unknown } from './client.ts'

// What Alipay says, and what it means to the hub: all of it, as tables. Only proven answers come here; whatever no
// table names is 'unknown'.

export type Refusal<Outcome extends string> = Outcome extends string
  ? { outcome: Outcome; code: string; reason: string }
  : never

/** The first row that fits decides; ANY leaves the finer code open. */
type Row<Outcome extends string> = readonly [
  code: string,
  subCode: string,
  outcome: Outcome | 'unknown',
  ourCode: string,
]

const ANY = '*'

export const SUCCESS = '10000'
/** Of a barcode: the payer has to enter the password first. */
export const WAITING_FOR_PAYER = '10003'

// Nothing was decided: the same question may be asked again.
const UNDECIDED = [
  ['20000', ANY, 'unknown', 'system_error'],
  ['40004', 'ACQ.SYSTEM_ERROR', 'unknown', 'system_error'],
  ['40004', 'AQC.SYSTEM_ERROR', 'unknown', 'system_error'], // so spelt in Alipay's own list
  ['40004', 'SYSTEM_ERROR', 'unknown', 'system_error'],
] as const

/**
 * A new charge. declined: this request did nothing, and would not at another try. ask: it may speak of an earlier
 * try of the same number, so the query decides, and only when that knows of none is it declined.
 */
export const CHARGE_REFUSALS: readonly Row<'declined' | 'ask'>[] = [
  ...UNDECIDED,
  ['20001', ANY, 'declined', 'not_authorised'],
  ['40001', ANY, 'declined', 'param_missing'],
  ['40002', 'isv.invalid-signature', 'declined', 'sign_error'],
  ['40002', ANY, 'declined', 'param_error'],
  ['40006', ANY, 'declined', 'no_permission'],
  ['40004', 'ACQ.TRADE_HAS_SUCCESS', 'ask', 'already_paid'],
  ['40004', 'ACQ.TRADE_HAS_CLOSE', 'ask', 'order_closed'],
  ['40004', 'ACQ.CONTEXT_INCONSISTENT', 'ask', 'order_differs'],
  ['40004', 'ACQ.INVALID_PARAMETER', 'ask', 'param_error'],
  ['40004', 'ACQ.ACCESS_FORBIDDEN', 'ask', 'no_permission'],
  ['40004', 'ACQ.EXIST_FORBIDDEN_WORD', 'ask', 'forbidden_word'],
  ['40004', 'ACQ.PARTNER_ERROR', 'ask', 'merchant_error'],
  ['40004', 'ACQ.TOTAL_FEE_EXCEED', 'ask', 'amount_limit'],
  ['40004', 'ACQ.PAYMENT_AUTH_CODE_INVALID', 'ask', 'auth_code_invalid'],
  ['40004', 'ACQ.BUYER_BALANCE_NOT_ENOUGH', 'ask', 'balance_not_enough'],
  ['40004', 'ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH', 'ask', 'balance_not_enough'],
  ['40004', 'ACQ.ERROR_BALANCE_PAYMENT_DISABLE', 'ask', 'balance_disabled'],
  ['40004', 'ACQ.BUYER_SELLER_EQUAL', 'ask', 'payer_is_merchant'],
  ['40004', 'ACQ.TRADE_BUYER_NOT_MATCH', 'ask', 'wrong_payer'],
  ['40004', 'ACQ.BUYER_ENABLE_STATUS_FORBID', 'ask', 'payer_disabled'],
  ['40004', 'ACQ.BUYER_NOT_EXIST', 'ask', 'payer_unknown'],
  ['40004', 'ACQ.PULL_MOBILE_CASHIER_FAIL', 'ask', 'cashier_failed'],
  ['40004', 'ACQ.MOBILE_PAYMENT_SWITCH_OFF', 'ask', 'payer_switched_off'],
  ['40004', 'ACQ.PAYMENT_FAIL', 'ask', 'payment_failed'],
  ['40004', 'ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR', 'ask', 'payer_limit'],
  ['40004', 'ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR', 'ask', 'payer_limit'],
  ['40004', 'ACQ.BEYOND_PAY_RESTRICTION', 'ask', 'merchant_limit'],
  ['40004', 'ACQ.BEYOND_PER_RECEIPT_RESTRICTION', 'ask', 'merchant_limit'],
  ['40004', 'ACQ.PRODUCT_AMOUNT_LIMIT_ERROR', 'ask', 'agreement_limit'],
  ['40004', 'ACQ.AGREEMENT_NOT_EXIST', 'ask', 'agreement_ended'],
  ['40004', 'ACQ.AGREEMENT_INVALID', 'ask', 'agreement_ended'],
  ['40004', 'ACQ.AGREEMENT_STATUS_NOT_NORMAL', 'ask', 'agreement_ended'],
  ['40004', 'ACQ.MERCHANT_AGREEMENT_NOT_EXIST', 'ask', 'merchant_agreement'],
  ['40004', 'ACQ.MERCHANT_AGREEMENT_INVALID', 'ask', 'merchant_agreement'],
]

/** The query and the ending of an agreement. Only this says that none holds: any other refusal says nothing. */
export const AGREEMENT_REFUSALS: readonly Row<'absent'>[] = [
  ...UNDECIDED,
  ['40004', 'USER_AGREEMENT_NOT_EXIST', 'absent', 'agreement_not_exist'],
  ['40004', 'ACQ.USER_AGREEMENT_NOT_EXIST', 'absent', 'agreement_not_exist'], // so written by some of its services
]

/** The query of a trade. Only this says that there is none: any other refusal says nothing. */
export const QUERY_REFUSALS: readonly Row<'absent'>[] = [
  ...UNDECIDED,
  ['40004', 'ACQ.TRADE_NOT_EXIST', 'absent', 'trade_not_exist'],
]

/** The closing of a trade that waits, and the cancelling of one that may or may not be there. */
export const END_REFUSALS: readonly Row<'absent' | 'ask'>[] = [
  ...UNDECIDED,
  ['40004', 'ACQ.TRADE_NOT_EXIST', 'absent', 'trade_not_exist'],
  ['40004', 'ACQ.TRADE_STATUS_ERROR', 'ask', 'trade_status'],
  ['40004', 'ACQ.REASON_TRADE_STATUS_INVALID', 'ask', 'trade_status'],
  ['40004', 'ACQ.REASON_ILLEGAL_STATUS', 'ask', 'trade_status'],
  ['40004', 'ACQ.TRADE_HAS_SUCCESS', 'ask', 'trade_status'],
  ['40004', 'ACQ.TRADE_HAS_CLOSE', 'ask', 'trade_status'],
  ['40004', 'ACQ.TRADE_HAS_FINISHED', 'ask', 'trade_status'],
  ['40004', 'ACQ.CANCEL_NOT_ALLOWED', 'ask', 'cancel_not_allowed'],
  ['40004', 'ACQ.TRADE_CANCEL_TIME_OUT', 'ask', 'cancel_not_allowed'],
  ['40004', 'ACQ.REASON_TRADE_REFUND_FEE_ERR', 'ask', 'cancel_not_allowed'],
  ['40004', 'ACQ.SELLER_BALANCE_NOT_ENOUGH', 'ask', 'not_enough'],
]

/**
 * A refund. All is checked by asking, as an earlier try of the same number may have got through; what not even asking
 * would get past, as a wrong signature, stays unknown until it is repaired, and then the refund goes on.
 */
export const REFUND_REFUSALS: readonly Row<'ask'>[] = [
  ...UNDECIDED,
  ['40004', 'ACQ.TRADE_NOT_EXIST', 'ask', 'trade_not_exist'],
  ['40004', 'ACQ.TRADE_STATUS_ERROR', 'ask', 'trade_status'],
  ['40004', 'ACQ.TRADE_HAS_FINISHED', 'ask', 'trade_finished'],
  ['40004', 'ACQ.TRADE_HAS_CLOSE', 'ask', 'trade_closed'],
  ['40004', 'ACQ.TRADE_NOT_ALLOW_REFUND', 'ask', 'not_refundable'],
  ['40004', 'ACQ.NOT_ALLOW_PARTIAL_REFUND', 'ask', 'not_in_part'],
  ['40004', 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL', 'ask', 'amount_past_rest'],
  ['40004', 'ACQ.REASON_TRADE_REFUND_FEE_ERR', 'ask', 'amount_past_rest'],
  ['40004', 'ACQ.REFUND_FEE_ERROR', 'ask', 'amount_past_rest'],
  ['40004', 'ACQ.DISCORDANT_REPEAT_REQUEST', 'ask', 'refund_differs'],
  ['40004', 'ACQ.SELLER_BALANCE_NOT_ENOUGH', 'ask', 'not_enough'],
  ['40004', 'ACQ.INVALID_PARAMETER', 'ask', 'param_error'],
  ['40004', 'ACQ.BUYER_ERROR', 'ask', 'payer_disabled'],
  ['40004', 'ACQ.BUYER_ENABLE_STATUS_FORBID', 'ask', 'payer_disabled'],
]

export const REFUND_QUERY_REFUSALS: readonly Row<'absent'>[] = [
  ...UNDECIDED,
  ['40004', 'ACQ.TRADE_NOT_EXIST', 'absent', 'trade_not_exist'],
]

/** The code stands with several prefixes in Alipay's own pages. */
export const BILL_REFUSALS: readonly Row<'not_ready'>[] = [
  ...UNDECIDED,
  ['40004', 'isp.bill_not_exist', 'not_ready', 'bill_not_exist'],
  ['40004', 'isv.bill_not_exist', 'not_ready', 'bill_not_exist'],
  ['40004', 'BILL_NOT_EXIST', 'not_ready', 'bill_not_exist'],
]

/** The freezing of a deposit. `ask` as for a charge: the operation is asked about. */
export const FREEZE_REFUSALS: readonly Row<'declined' | 'ask'>[] = [
  ...UNDECIDED,
  ['20001', ANY, 'declined', 'not_authorised'],
  ['40001', ANY, 'declined', 'param_missing'],
  ['40002', 'isv.invalid-signature', 'declined', 'sign_error'],
  ['40002', ANY, 'declined', 'param_error'],
  ['40006', ANY, 'declined', 'no_permission'],
  ['40004', 'ILLEGAL_ARGUMENT', 'ask', 'param_error'],
  ['40004', 'AUTH_CODE_INVALID', 'ask', 'auth_code_invalid'],
  ['40004', 'ACQ.PAYMENT_AUTH_CODE_INVALID', 'ask', 'auth_code_invalid'],
  ['40004', 'PAYER_BALANCE_NOT_ENOUGH', 'ask', 'balance_not_enough'],
  ['40004', 'PAYER_NOT_EXIST', 'ask', 'payer_unknown'],
  ['40004', 'PAYER_STATUS_ERROR', 'ask', 'payer_disabled'],
  ['40004', 'PAYER_PAYEE_EQUAL', 'ask', 'payer_is_merchant'],
  ['40004', 'ORDER_ALREADY_SUCCESS', 'ask', 'already_frozen'],
  ['40004', 'ORDER_ALREADY_CLOSED', 'ask', 'order_closed'],
  ['40004', 'REQUEST_AMOUNT_EXCEED', 'ask', 'amount_limit'],
  ['40004', 'INCONSISTENT_PARAM', 'ask', 'order_differs'],
]

/** The unfreezing, and the query of both. */
export const UNFREEZE_REFUSALS: readonly Row<'ask'>[] = [
  ...UNDECIDED,
  ['40004', 'ILLEGAL_ARGUMENT', 'ask', 'param_error'],
  ['40004', 'AUTH_ORDER_NOT_EXIST', 'ask', 'deposit_not_exist'],
  ['40004', 'AUTH_ORDER_HAS_FINISHED', 'ask', 'deposit_finished'],
  ['40004', 'ORDER_ALREADY_FINISH', 'ask', 'deposit_finished'],
  ['40004', 'REQUEST_AMOUNT_EXCEED', 'ask', 'amount_past_rest'],
  ['40004', 'INCONSISTENT_PARAM', 'ask', 'request_differs'],
]

export const OPERATION_QUERY_REFUSALS: readonly Row<'absent'>[] = [
  ...UNDECIDED,
  ['40004', 'AUTH_ORDER_NOT_EXIST', 'absent', 'deposit_not_exist'],
  ['40004', 'AUTH_OPERATION_NOT_EXIST', 'absent', 'operation_not_exist'],
]

/** What of a deposit's capture is not said by a charge. */
export const CAPTURE_REFUSALS: readonly Row<'declined' | 'ask'>[] = [
  ['40004', 'AUTH_ORDER_NOT_EXIST', 'ask', 'deposit_not_exist'],
  ['40004', 'AUTH_ORDER_HAS_FINISHED', 'ask', 'deposit_finished'],
  ['40004', 'ACQ.AUTH_NO_ERROR', 'ask', 'deposit_not_exist'],
  ['40004', 'ACQ.AUTH_AMOUNT_NOT_ENOUGH', 'ask', 'amount_past_rest'],
  ['40004', 'REQUEST_AMOUNT_EXCEED', 'ask', 'amount_past_rest'],
  ...CHARGE_REFUSALS,
]

/** What a refusal means by a table. `reason` holds Alipay's own words. */
export function refusalOf<Outcome extends string>(
  table: readonly Row<Outcome>[],
  { code, subCode, message }: ProvenReply,
): Refusal<Outcome> | Unknown {
  const said = [code, subCode, message].filter((text) => text !== '').join(' ')
  const reason = said.slice(0, MAX_REASON_LENGTH) || 'it says nothing'
  const row = table.find(
    ([rowCode, rowSubCode]) => rowCode === code && (rowSubCode === ANY || rowSubCode === subCode),
  )
  if (row === undefined || row[2] === 'unknown') return { outcome: 'unknown', reason }
  return { outcome: row[2], code: row[3], reason } as Refusal<Outcome>
}

const MAX_REASON_LENGTH = 300
