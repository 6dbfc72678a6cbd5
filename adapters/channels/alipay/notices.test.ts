import { createSign } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { testPlatform } from '../../../platform/testing/clock.ts'
import { createAlipay } from './index.ts'
import {
  ALIPAY_NO,
  alipay,
  APP_ID,
  BUYER_ID,
  paramsFor,
  REFUND_NO,
  SELLER_ID,
  stranger,
  TRADE_NO,
  tracedCall,
} from './testing/gateway.ts'

const { clock } = testPlatform()
const { hospitalId } = tracedCall()
const channel = createAlipay(paramsFor('http://127.0.0.1:1/gateway.do'), {
  clock,
  timeoutMs: 1_000,
})

const VALUES: Record<string, string> = {
  notify_time: '2026-11-21 10:02:05',
  notify_type: 'trade_status_sync',
  notify_id: '91722adff935e8cfa58b3aabf4dead6ibe',
  app_id: APP_ID,
  charset: 'utf-8',
  version: '1.0',
  sign_type: 'RSA2',
  trade_no: ALIPAY_NO,
  out_trade_no: TRADE_NO,
  buyer_id: BUYER_ID,
  seller_id: SELLER_ID,
  trade_status: 'TRADE_SUCCESS',
  total_amount: '123.45',
  subject: '门诊缴费 100% + 1',
  fund_bill_list: '[{"amount":"123.45","fundChannel":"ALIPAYACCOUNT"}]',
  gmt_payment: '2026-11-21 10:02:03',
}
const REFUND = {
  out_biz_no: REFUND_NO,
  refund_fee: '23.45',
  gmt_refund: '2026-11-21 11:00:09.123',
}

function bodyOf(
  changes: Record<string, string | undefined> = {},
  { version = 'V1', key = alipay.privateKey } = {},
): string {
  const all = Object.entries({ ...VALUES, ...changes }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  )
  const text = all
    .filter(([name]) => version === 'V2' || name !== 'sign_type')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  const sign = createSign('RSA-SHA256').update(text).sign(key, 'base64')
  return new URLSearchParams([...all, ['sign', sign]]).toString()
}

const read = (body: string | Buffer) =>
  channel.readNotice({ hospitalId, headers: {}, body: Buffer.from(body as string) })

it('is read when it is signed, with or without its sign_type', () => {
  for (const version of ['V1', 'V2']) {
    expect(read(bodyOf({}, { version }))).toEqual({
      outcome: 'read',
      dedupeKey: '91722adff935e8cfa58b3aabf4dead6ibe',
      about: { kind: 'charge', tradeNo: TRADE_NO },
      summary: `TRADE_SUCCESS out_trade_no ${TRADE_NO}`,
    })
  }
})

it('is decoded once: what looks encoded in a value stays as it is', () => {
  expect(read(bodyOf({ subject: '%E4%B8%AD %2B +' }))).toMatchObject({ outcome: 'read' })
})

describe('of a refund', () => {
  it.each(['TRADE_SUCCESS', 'TRADE_CLOSED'])('is about it, with trade_status %s', (status) => {
    expect(read(bodyOf({ ...REFUND, trade_status: status }))).toMatchObject({
      about: { kind: 'refund', refundNo: REFUND_NO },
      summary: expect.stringContaining(REFUND_NO),
    })
  })

  it('that a cancelling made, or without its number, is about the trade', () => {
    for (const out_biz_no of [TRADE_NO, undefined]) {
      expect(read(bodyOf({ ...REFUND, out_biz_no }))).toMatchObject({
        about: { kind: 'charge', tradeNo: TRADE_NO },
      })
    }
  })
})

it.each<[string, string, string]>([
  ['signed by a stranger', bodyOf({}, { key: stranger.privateKey }), 'signature'],
  ['altered', bodyOf().replace('123.45', '999.99'), 'signature'],
  ['with one value more', `${bodyOf()}&extra=1`, 'signature'],
  ['without signature', bodyOf().replace(/&sign=[^&]*/, ''), 'signature'],
  ['by an algorithm that is not read', bodyOf({ sign_type: 'RSA' }), 'signature'],
  ['of another application', bodyOf({ app_id: '2021000000000099' }), 'foreign'],
  ['of another merchant', bodyOf({ seller_id: '2088021109625999' }), 'foreign'],
  ['without merchant', bodyOf({ seller_id: undefined }), 'foreign'],
  ['without our number', bodyOf({ out_trade_no: undefined }), 'unreadable'],
  ['without its own number', bodyOf({ notify_id: undefined }), 'unreadable'],
  ['without amount', bodyOf({ total_amount: undefined }), 'unreadable'],
  ['with an amount that is none', bodyOf({ total_amount: '1e9' }), 'unreadable'],
  ['with one value twice', `${bodyOf()}&sign=x`, 'unreadable'],
  ['with half an escape', 'a=%E4%B8', 'unreadable'],
  ['too long', `a=${'x'.repeat(70_000)}`, 'unreadable'],
  ['of nothing', '', 'signature'],
])('%s is refused', (_what, body, code) => {
  expect(read(body)).toEqual({ outcome: 'refused', code })
})

it('is answered with seven letters', () => {
  expect(channel.noticeReply).toEqual({ status: 200, contentType: 'text/plain', body: 'success' })
})
