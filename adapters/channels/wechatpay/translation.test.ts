import { describe, expect, it } from 'vitest'

import {
  BILL_REFUSALS,
  CHARGE_REFUSALS,
  CLOSE_REFUSALS,
  QUERY_REFUSALS,
  REFUND_QUERY_REFUSALS,
  REFUND_REFUSALS,
  REFUND_STATES,
  refusalOf,
  TRADE_STATES,
} from './translation.ts'

const TABLES = {
  charge: CHARGE_REFUSALS,
  query: QUERY_REFUSALS,
  close: CLOSE_REFUSALS,
  refund: REFUND_REFUSALS,
  refundQuery: REFUND_QUERY_REFUSALS,
  bill: BILL_REFUSALS,
}
type Operation = keyof typeof TABLES

const meaning = (operation: Operation, status: number, code: string, numeric: string) =>
  refusalOf<string>(TABLES[operation], {
    status,
    json: { code, message: '说明' },
    requestId: `0888A1B2-C3-${numeric}`,
  }).outcome

// Every number of the merchant documentation, with the status and code it comes with, and what each
// operation makes of it: charge, query, close, refund, query of a refund.
const ASK = 'ask'
const NO = 'declined'
const PAID = 'paid'
const UNKNOWN = 'unknown'
const ABSENT = 'absent'
it.each<[string, number, string, string[]]>([
  ['268512771', 404, 'ORDER_NOT_EXIST', [UNKNOWN, ABSENT, 'released', ASK, UNKNOWN]],
  ['268447840', 403, 'RULE_LIMIT', [UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN]],
  ['268435461', 400, 'PARAM_ERROR', [NO, UNKNOWN, UNKNOWN, NO, UNKNOWN]],
  ['268435464', 400, 'PARAM_ERROR', [NO, UNKNOWN, UNKNOWN, NO, UNKNOWN]],
  ['268449538', 400, 'INVALID_REQUEST', [PAID, UNKNOWN, PAID, ASK, UNKNOWN]],
  ['268498689', 400, 'INVALID_REQUEST', [PAID, UNKNOWN, PAID, ASK, UNKNOWN]],
  ['270924358', 400, 'PARAM_ERROR', [NO, UNKNOWN, UNKNOWN, NO, UNKNOWN]],
  ['268443715', 403, 'NO_AUTH', [NO, UNKNOWN, UNKNOWN, ASK, UNKNOWN]],
  ['268447843', 400, 'INVALID_REQUEST', [NO, UNKNOWN, ASK, ASK, UNKNOWN]],
  ['268447845', 400, 'INVALID_REQUEST', [NO, UNKNOWN, ASK, ASK, UNKNOWN]],
  ['268447914', 400, 'INVALID_REQUEST', [NO, UNKNOWN, ASK, ASK, UNKNOWN]],
  ['268448010', 403, 'RULE_LIMIT', [NO, UNKNOWN, UNKNOWN, ASK, UNKNOWN]],
  ['268449641', 400, 'INVALID_REQUEST', [ASK, UNKNOWN, ASK, ASK, UNKNOWN]],
  ['268443699', 401, 'SIGN_ERROR', [NO, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN]],
  ['268501013', 400, 'PARAM_ERROR', [NO, UNKNOWN, UNKNOWN, NO, UNKNOWN]],
  ['268498688', 400, 'INVALID_REQUEST', [ASK, UNKNOWN, ASK, ASK, UNKNOWN]],
  ['268445527', 400, 'APPID_MCHID_NOT_MATCH', [NO, UNKNOWN, UNKNOWN, ASK, UNKNOWN]],
  ['268443701', 403, 'NO_AUTH', [NO, UNKNOWN, UNKNOWN, ASK, UNKNOWN]],
  ['268443704', 403, 'NO_AUTH', [NO, UNKNOWN, UNKNOWN, ASK, UNKNOWN]],
  ['268443705', 403, 'NO_AUTH', [NO, UNKNOWN, UNKNOWN, ASK, UNKNOWN]],
])('%s with HTTP %i %s', (numeric, status, code, expected) => {
  const operations: Operation[] = ['charge', 'query', 'close', 'refund', 'refundQuery']
  expect(operations.map((operation) => meaning(operation, status, code, numeric))).toEqual(expected)
})

// The number decides even where the code would say something else, or nothing.
it.each<[Operation, string, string]>([
  ['charge', '268447914', NO],
  ['charge', '268449538', PAID],
  ['charge', '268498688', ASK],
  ['charge', '268447840', UNKNOWN],
  ['charge', '268443701', NO],
  ['charge', '268443715', NO],
  ['charge', '268445527', NO],
  ['charge', '268447843', NO],
  ['close', '268447914', ASK],
  ['close', '268498689', PAID],
  ['refund', '268435461', NO],
  ['refund', '268443699', UNKNOWN],
  ['refund', '268443715', ASK],
])('%s: %s decides under any code', (operation, numeric, expected) => {
  for (const code of ['RULE_LIMIT', 'NEW_IN_2027', '']) {
    expect(meaning(operation, 403, code, numeric)).toBe(expected)
  }
})

describe('whatever no table names is unknown', () => {
  const operations = Object.keys(TABLES) as Operation[]
  it.each(operations)('%s', (operation) => {
    for (const status of [100, 200, 302, 400, 401, 403, 404, 418, 429, 500, 502, 503]) {
      expect(meaning(operation, status, 'NEW_IN_2027', '1')).toBe(UNKNOWN)
    }
    for (const status of [429, 500, 502, 503]) {
      for (const code of ['PARAM_ERROR', 'ORDER_NOT_EXIST', 'RESOURCE_NOT_EXISTS', 'NOT_ENOUGH']) {
        expect(meaning(operation, status, code, '268512771')).toBe(UNKNOWN)
      }
    }
  })

  it.each([undefined, null, [], 'text', 5, {}, { code: 5 }, { code: null, message: [] }])(
    'a body of %j',
    (json) => {
      const reply = { status: 400, json, requestId: null }
      expect(refusalOf(CHARGE_REFUSALS, reply)).toEqual({ outcome: UNKNOWN, reason: 'HTTP 400' })
    },
  )
})

it('keeps WeChat’s own words in the reason, within bounds', () => {
  const reply = { status: 403, json: { code: 'NO_AUTH', message: '商户无权限' }, requestId: 'A-1' }
  expect(refusalOf(CHARGE_REFUSALS, reply)).toEqual({
    outcome: 'declined',
    code: 'no_auth',
    reason: 'HTTP 403 NO_AUTH 1 商户无权限',
  })
  const long = { ...reply, json: { code: 'NO_AUTH', message: '长'.repeat(5_000) } }
  expect(refusalOf(CHARGE_REFUSALS, long).reason.length).toBeLessThanOrEqual(300)
})

it('knows every state of the documentation, and no other', () => {
  expect([...TRADE_STATES.keys()].toSorted()).toEqual(
    ['CLOSED', 'NOTPAY', 'PAYERROR', 'REFUND', 'REVOKED', 'SUCCESS', 'USERPAYING'].toSorted(),
  )
  expect([...REFUND_STATES.keys()].toSorted()).toEqual([
    'ABNORMAL',
    'CLOSED',
    'PROCESSING',
    'SUCCESS',
  ])
})
