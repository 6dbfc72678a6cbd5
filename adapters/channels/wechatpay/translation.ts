import type { SignedReply } from './client.ts'
import type { Unknown } from './exchange.ts'
import type { Fields } from './xml.ts'

// What WeChat Pay says, and what it means to the hub: all of it, as tables. Only proven answers come here;
// whatever no table names is 'unknown'.

export type Refusal<Outcome extends string> = Outcome extends string
  ? { outcome: Outcome; code: string; reason: string }
  : never

/**
 * The first row that fits decides. `status` may be '4xx' or '5xx'; `numeric` is what follows the last
 * hyphen of the header Request-ID, finer than the code; ANY leaves a column open.
 */
export type Row<Outcome extends string> = readonly [
  status: number | '4xx' | '5xx',
  code: string,
  numeric: string,
  outcome: Outcome | 'unknown',
  ourCode: string,
]

export const ANY = '*'

// Nothing was decided: the same question may be asked again.
export const UNDECIDED = [
  ['5xx', ANY, ANY, 'unknown', 'system_error'],
  [429, ANY, ANY, 'unknown', 'rate_limited'],
  ['4xx', ANY, '268447840', 'unknown', 'rate_limited'],
  ['4xx', 'FREQUENCY_LIMITED', ANY, 'unknown', 'rate_limited'],
  ['4xx', 'SYSTEM_ERROR', ANY, 'unknown', 'system_error'],
] as const

/**
 * A new order. declined: this request did nothing, and would not at another try. paid: there is money, as
 * the query must show. ask: it may speak of an order from an earlier try, so the query decides.
 */
export const CHARGE_REFUSALS: readonly Row<'declined' | 'paid' | 'ask'>[] = [
  ...UNDECIDED,
  ['4xx', ANY, '268449538', 'paid', 'already_paid'],
  ['4xx', ANY, '268498689', 'paid', 'already_paid'],
  ['4xx', ANY, '268447914', 'declined', 'order_closed'],
  ['4xx', ANY, '268498688', 'ask', 'order_differs'],
  ['4xx', ANY, '268435461', 'declined', 'param_error'],
  ['4xx', ANY, '268435464', 'declined', 'param_error'],
  ['4xx', ANY, '270924358', 'declined', 'param_error'],
  ['4xx', ANY, '268501013', 'declined', 'openid_missing'],
  ['4xx', ANY, '268443715', 'declined', 'merchant_disabled'],
  ['4xx', ANY, '268448010', 'declined', 'merchant_restricted'],
  ['4xx', ANY, '268443699', 'declined', 'sign_error'],
  ['4xx', ANY, '268445527', 'declined', 'appid_mchid_not_match'],
  ['4xx', ANY, '268447843', 'declined', 'mchid_order_mismatch'],
  ['4xx', ANY, '268447845', 'declined', 'mchid_order_mismatch'],
  ['4xx', ANY, '268443701', 'declined', 'service_provider_relation'],
  ['4xx', ANY, '268443704', 'declined', 'service_provider_relation'],
  ['4xx', ANY, '268443705', 'declined', 'service_provider_relation'],
  [400, 'PARAM_ERROR', ANY, 'declined', 'param_error'],
  [400, 'APPID_MCHID_NOT_MATCH', ANY, 'declined', 'appid_mchid_not_match'],
  [400, 'INVALID_REQUEST', ANY, 'ask', 'invalid_request'],
  [401, 'SIGN_ERROR', ANY, 'declined', 'sign_error'],
  [403, 'NO_AUTH', ANY, 'declined', 'no_auth'],
  [403, 'RULE_LIMIT', ANY, 'declined', 'rule_limit'],
  [409, ANY, ANY, 'ask', 'duplicate'],
]

/** The query of an order. Only these two say that there is none: any other refusal says nothing. */
export const QUERY_REFUSALS: readonly Row<'absent'>[] = [
  ...UNDECIDED,
  [404, ANY, '268512771', 'absent', 'order_not_exist'],
  [404, 'ORDER_NOT_EXIST', ANY, 'absent', 'order_not_exist'],
]

/**
 * The closing of an order, which is answered with 204. An order that does not exist needs no closing: the
 * payer was never given what a later try might bring.
 */
export const CLOSE_REFUSALS: readonly Row<'released' | 'paid' | 'ask'>[] = [
  ...UNDECIDED,
  ['4xx', ANY, '268449538', 'paid', 'already_paid'],
  ['4xx', ANY, '268498689', 'paid', 'already_paid'],
  ['4xx', ANY, '268447914', 'ask', 'order_closed'],
  [404, ANY, '268512771', 'released', 'order_not_exist'],
  [404, 'ORDER_NOT_EXIST', ANY, 'released', 'order_not_exist'],
  [400, 'INVALID_REQUEST', ANY, 'ask', 'invalid_request'],
  [409, ANY, ANY, 'ask', 'duplicate'],
]

/**
 * A refund. declined speaks of this refund itself. A refusal that speaks of us is checked by asking, as an
 * earlier try of the same number may have got through; and a wrong signature could not even ask, so it
 * stays unknown until the key is repaired, and then the refund goes on.
 */
export const REFUND_REFUSALS: readonly Row<'declined' | 'ask'>[] = [
  ...UNDECIDED,
  ['4xx', ANY, '268443699', 'unknown', 'sign_error'],
  [401, ANY, ANY, 'unknown', 'sign_error'],
  ['4xx', ANY, '268435461', 'declined', 'param_error'],
  ['4xx', ANY, '268435464', 'declined', 'param_error'],
  ['4xx', ANY, '270924358', 'declined', 'param_error'],
  ['4xx', ANY, '268512771', 'ask', 'order_not_exist'],
  ['4xx', ANY, '268443715', 'ask', 'merchant_disabled'],
  ['4xx', ANY, '268448010', 'ask', 'merchant_restricted'],
  ['4xx', ANY, '268447843', 'ask', 'mchid_order_mismatch'],
  ['4xx', ANY, '268447845', 'ask', 'mchid_order_mismatch'],
  ['4xx', ANY, '268498688', 'ask', 'refund_differs'],
  [400, 'PARAM_ERROR', ANY, 'declined', 'param_error'],
  [403, 'NOT_ENOUGH', ANY, 'declined', 'not_enough'],
  [400, 'INVALID_REQUEST', ANY, 'ask', 'invalid_request'],
  [400, 'APPID_MCHID_NOT_MATCH', ANY, 'ask', 'appid_mchid_not_match'],
  [403, 'NO_AUTH', ANY, 'ask', 'no_auth'],
  [403, 'RULE_LIMIT', ANY, 'ask', 'rule_limit'],
  [404, 'ORDER_NOT_EXIST', ANY, 'ask', 'order_not_exist'],
  [404, 'RESOURCE_NOT_EXISTS', ANY, 'ask', 'order_not_exist'],
  [409, ANY, ANY, 'ask', 'duplicate'],
]

export const REFUND_QUERY_REFUSALS: readonly Row<'absent'>[] = [
  ...UNDECIDED,
  [404, 'RESOURCE_NOT_EXISTS', ANY, 'absent', 'refund_not_exist'],
]

/** 异常退款. Nothing moves by a refusal, and a person asked for it: all that is understood is told. */
export const ABNORMAL_REFUSALS: readonly Row<'declined'>[] = [
  ...UNDECIDED,
  ['4xx', ANY, '268443699', 'unknown', 'sign_error'],
  [401, ANY, ANY, 'unknown', 'sign_error'],
  [400, 'PARAM_ERROR', ANY, 'declined', 'param_error'],
  [400, 'INVALID_REQUEST', ANY, 'declined', 'invalid_request'],
  [403, 'NO_AUTH', ANY, 'declined', 'no_auth'],
  [403, 'NOT_ENOUGH', ANY, 'declined', 'not_enough'],
  [403, 'RULE_LIMIT', ANY, 'declined', 'rule_limit'],
  [404, 'RESOURCE_NOT_EXISTS', ANY, 'declined', 'refund_not_exist'],
]

export const BILL_REFUSALS: readonly Row<'not_ready'>[] = [
  ...UNDECIDED,
  ['4xx', 'NO_STATEMENT_EXIST', ANY, 'not_ready', 'no_statement_exist'],
  ['4xx', 'STATEMENT_CREATING', ANY, 'not_ready', 'statement_creating'],
]

/** trade_state. REFUND says that money came and that some of it goes back: the charge stands. */
export const TRADE_STATES: ReadonlyMap<string, StateMeaning> = new Map([
  ['SUCCESS', { outcome: 'confirmed', code: 'paid' }],
  ['REFUND', { outcome: 'confirmed', code: 'paid' }],
  ['NOTPAY', { outcome: 'pending', code: 'not_paid' }],
  ['USERPAYING', { outcome: 'pending', code: 'payer_is_paying' }],
  ['CLOSED', { outcome: 'declined', code: 'closed' }],
  ['REVOKED', { outcome: 'declined', code: 'revoked' }],
  ['PAYERROR', { outcome: 'declined', code: 'pay_error' }],
])

/** status of a refund. ABNORMAL: the payer's account cannot take it, so people must find another way. */
export const REFUND_STATES: ReadonlyMap<string, StateMeaning> = new Map([
  ['SUCCESS', { outcome: 'confirmed', code: 'returned' }],
  ['PROCESSING', { outcome: 'pending', code: 'processing' }],
  ['CLOSED', { outcome: 'declined', code: 'closed' }],
  ['ABNORMAL', { outcome: 'declined', code: 'abnormal' }],
])

/** A refusal of API v2, by its err_code: the first row that fits decides, as above. */
type V2Row<Outcome extends string> = readonly [
  code: string,
  outcome: Outcome | 'unknown',
  ourCode: string,
]

/**
 * 付款码支付. pending: the payer enters the password. ask: it may speak of an earlier try, so the query decides. What no
 * row names, SYSTEMERROR and BANKERROR among it, has decided nothing.
 */
export const MICROPAY_REFUSALS: readonly V2Row<'declined' | 'paid' | 'ask' | 'pending'>[] = [
  ['USERPAYING', 'pending', 'payer_is_paying'],
  ['ORDERPAID', 'paid', 'already_paid'],
  ['AUTHCODEEXPIRE', 'declined', 'auth_code_expired'],
  ['AUTH_CODE_ERROR', 'declined', 'auth_code_invalid'],
  ['AUTH_CODE_INVALID', 'declined', 'auth_code_invalid'],
  ['NOTENOUGH', 'declined', 'payer_not_enough'],
  ['NOTSUPORTCARD', 'declined', 'card_not_supported'],
  ['BUYER_MISMATCH', 'declined', 'payer_differs'],
  ['ORDERCLOSED', 'declined', 'order_closed'],
  ['ORDERREVERSED', 'declined', 'revoked'],
  ['RULELIMIT', 'declined', 'rule_limit'],
  ['NOAUTH', 'declined', 'no_auth'],
  ['APPID_NOT_EXIST', 'declined', 'appid_mchid_not_match'],
  ['MCHID_NOT_EXIST', 'declined', 'appid_mchid_not_match'],
  ['APPID_MCHID_NOT_MATCH', 'declined', 'appid_mchid_not_match'],
  ['PARAM_ERROR', 'declined', 'param_error'],
  ['LACK_PARAMS', 'declined', 'param_error'],
  ['XML_FORMAT_ERROR', 'declined', 'param_error'],
  ['NOT_UTF8', 'declined', 'param_error'],
  ['OUT_TRADE_NO_USED', 'ask', 'order_differs'],
  ['INVALID_REQUEST', 'ask', 'invalid_request'],
  ['TRADE_ERROR', 'ask', 'trade_error'],
]

export const ORDERQUERY_REFUSALS: readonly V2Row<'absent'>[] = [
  ['ORDERNOTEXIST', 'absent', 'order_not_exist'],
]

/** A reversal that is refused is decided by the query. */
export const REVERSE_REFUSALS: readonly V2Row<'ask'>[] = [
  ['ORDERNOTEXIST', 'ask', 'order_not_exist'],
  ['TRADE_ERROR', 'ask', 'trade_error'],
  ['INVALID_REQUEST', 'ask', 'invalid_request'],
  ['REVERSE_EXPIRE', 'ask', 'reverse_expired'],
]

export function v2RefusalOf<Outcome extends string>(
  table: readonly V2Row<Outcome>[],
  { err_code: code = '', err_code_des: words = '' }: Fields,
): Refusal<Outcome> | Unknown {
  const reason = `${code} ${words}`.trim().slice(0, MAX_REASON_LENGTH)
  const row = table.find(([wanted]) => wanted === code)
  if (row === undefined || row[1] === 'unknown') return { outcome: 'unknown', reason }
  return { outcome: row[1], code: row[2], reason } as Refusal<Outcome>
}

export type StateMeaning = { outcome: 'confirmed' | 'pending' | 'declined'; code: string }

/** What a refusal means by a table. `reason` holds WeChat's own words. */
export function refusalOf<Outcome extends string>(
  table: readonly Row<Outcome>[],
  reply: SignedReply,
): Refusal<Outcome> | Unknown {
  const { code, message } = errorOf(reply.json)
  const numeric = reply.requestId?.split('-').at(-1) ?? ''
  const said = [`HTTP ${reply.status}`, code, numeric, message].filter((text) => text !== '')
  const reason = said.join(' ').slice(0, MAX_REASON_LENGTH)
  const row = table.find(
    ([status, rowCode, rowNumeric]) =>
      fitsStatus(status, reply.status) &&
      (rowCode === ANY || rowCode === code) &&
      (rowNumeric === ANY || rowNumeric === numeric),
  )
  if (row === undefined || row[3] === 'unknown') return { outcome: 'unknown', reason }
  return { outcome: row[3], code: row[4], reason } as Refusal<Outcome>
}

const MAX_REASON_LENGTH = 300

const fitsStatus = (wanted: number | '4xx' | '5xx', status: number) =>
  typeof wanted === 'number' ? wanted === status : wanted === `${Math.floor(status / 100)}xx`

function errorOf(json: unknown): { code: string; message: string } {
  const error: { code?: unknown; message?: unknown } =
    typeof json === 'object' && json !== null ? json : {}
  return {
    code: typeof error.code === 'string' ? error.code : '',
    message: typeof error.message === 'string' ? error.message : '',
  }
}
