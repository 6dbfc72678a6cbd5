import { ANY, type Row, UNDECIDED } from '../translation.ts'

// The refusals of 医保混合支付, by the same rules as the tables of the channel.

/** A new order. ask: there is one by this number already, so the query decides. */
export const ORDER_REFUSALS: readonly Row<'declined' | 'ask'>[] = [
  ...UNDECIDED,
  ['4xx', ANY, '268512536', 'ask', 'already_exists'],
  ['4xx', 'ALREADY_EXISTS', ANY, 'ask', 'already_exists'],
  ['4xx', ANY, '268510603', 'declined', 'openid_differs'],
  ['4xx', ANY, '268510604', 'declined', 'openid_differs'],
  ['4xx', ANY, '268545961', 'declined', 'id_differs'],
  ['4xx', ANY, '268545962', 'declined', 'name_differs'],
  ['4xx', ANY, '268545963', 'declined', 'no_insurance_card'],
  ['4xx', ANY, '268545964', 'declined', 'no_relative'],
  ['4xx', ANY, '268547120', 'declined', 'authorization_refused'],
  ['4xx', ANY, '268545967', 'declined', 'bureau_refused'],
  ['4xx', ANY, '268510610', 'declined', 'bureau_refused'],
  ['4xx', ANY, '268529477', 'declined', 'total_differs'],
  ['4xx', ANY, '268529476', 'declined', 'cash_differs'],
  ['4xx', ANY, '268529481', 'declined', 'mixed_differs'],
  ['4xx', ANY, '268529474', 'declined', 'fields_do_not_fit'],
  ['4xx', ANY, '268529475', 'declined', 'fields_do_not_fit'],
  ['4xx', ANY, '268435461', 'declined', 'param_error'],
  ['4xx', ANY, '268435464', 'declined', 'param_error'],
  ['4xx', ANY, '270924358', 'declined', 'param_error'],
  ['4xx', ANY, '268443699', 'declined', 'sign_error'],
  [400, 'PARAM_ERROR', ANY, 'declined', 'param_error'],
  [401, 'SIGN_ERROR', ANY, 'declined', 'sign_error'],
  [403, 'NO_AUTH', ANY, 'declined', 'no_auth'],
  [400, 'INVALID_REQUEST', ANY, 'ask', 'invalid_request'],
  ['4xx', 'RULE_LIMIT', ANY, 'ask', 'rule_limit'],
  [409, ANY, ANY, 'ask', 'duplicate'],
]

export const ORDER_QUERY_REFUSALS: readonly Row<'absent'>[] = [
  ...UNDECIDED,
  ['4xx', ANY, '268529515', 'absent', 'order_not_exist'],
  [404, 'ORDER_NOT_EXIST', ANY, 'absent', 'order_not_exist'],
]

/** What the insurance gave back is told until it was heard; declined: it will not be heard like this. */
export const REFUND_NOTICE_REFUSALS: readonly Row<'declined'>[] = [
  ...UNDECIDED,
  ['4xx', ANY, '268443699', 'unknown', 'sign_error'],
  [401, ANY, ANY, 'unknown', 'sign_error'],
  ['4xx', ANY, '268529515', 'declined', 'order_not_exist'],
  [404, ANY, ANY, 'declined', 'order_not_exist'],
  [400, 'PARAM_ERROR', ANY, 'declined', 'param_error'],
  [400, 'INVALID_REQUEST', ANY, 'declined', 'invalid_request'],
  ['4xx', 'RULE_LIMIT', ANY, 'declined', 'rule_limit'],
  [403, 'NO_AUTH', ANY, 'declined', 'no_auth'],
]
