import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import {
  APPID,
  MCHID,
  OPENID,
  OTHER_MCHID,
  POOR_OPENID,
  PUBLIC_KEY_ID,
  startTestBed,
  type TestBed,
  testMerchant,
} from './testing/bed.ts'

let bed: TestBed
beforeEach(async () => {
  bed = await startTestBed()
})
afterEach(() => bed.stop())

const JSAPI = '/v3/pay/transactions/jsapi'
const NATIVE = '/v3/pay/transactions/native'
const byNo = (outTradeNo: string, mchid = MCHID) =>
  `/v3/pay/transactions/out-trade-no/${outTradeNo}?mchid=${mchid}`
const closeOf = (outTradeNo: string) => `/v3/pay/transactions/out-trade-no/${outTradeNo}/close`

describe('the life of an order', () => {
  it('is placed, paid and found by both of its numbers, every answer signed', async () => {
    const body = bed.order({
      attach: 'visit 7',
      scene_info: { device_id: 'kiosk-3', payer_client_ip: '10.0.0.1' },
    })
    const placed = await bed.merchant.post(JSAPI, body)
    expect(placed).toMatchObject({ status: 200, isSigned: true, numericCode: 0 })
    expect(placed.headers['wechatpay-serial']).toBe(PUBLIC_KEY_ID)
    const { prepay_id: prepayId } = placed.json as { prepay_id: string }
    expect(prepayId).toMatch(/^wx20261121093000[0-9a-f]{20}$/)

    const unpaid = await bed.merchant.get(byNo(body.out_trade_no))
    expect(unpaid.json).toMatchObject({ trade_state: 'NOTPAY', attach: 'visit 7' })
    expect(unpaid.json).not.toHaveProperty('transaction_id')

    expect(await bed.simulator.pay({ prepayId }, OPENID)).toBe('paid')
    expect(await bed.simulator.pay({ prepayId }, OPENID)).toBe('already_paid')
    const paid = await bed.merchant.get(byNo(body.out_trade_no))
    expect(paid.isSigned).toBe(true)
    expect(paid.json).toEqual({
      appid: APPID,
      mchid: MCHID,
      out_trade_no: body.out_trade_no,
      transaction_id: expect.stringMatching(/^\d{28}$/),
      trade_type: 'JSAPI',
      trade_state: 'SUCCESS',
      trade_state_desc: '支付成功',
      bank_type: 'OTHERS',
      attach: 'visit 7',
      success_time: '2026-11-21T09:30:00+08:00',
      payer: { openid: OPENID },
      amount: { total: 2850, payer_total: 2850, currency: 'CNY', payer_currency: 'CNY' },
      scene_info: { device_id: 'kiosk-3' },
      promotion_detail: [],
    })
    const { transaction_id: transactionId } = paid.json as { transaction_id: string }
    const byId = await bed.merchant.get(`/v3/pay/transactions/id/${transactionId}?mchid=${MCHID}`)
    expect(byId.json).toEqual(paid.json)
  })

  it('takes the money from the wallet and credits the merchant less the fee', async () => {
    await bed.placeAndPay({ amount: { total: 2_850 } })
    expect(bed.simulator.wallet(OPENID)?.balanceFen).toBe(100_000_000 - 2_850)
    expect(bed.simulator.merchantBalance(MCHID)).toBe(2_850 - 17) // 17.1 rounds to 17
    await bed.placeAndPay({ amount: { total: 250 } })
    expect(bed.simulator.balances().get('fees')).toBe(17 + 2) // 1.5 rounds up
  })

  it('closes with 204 and an empty signed body, and then refuses payment', async () => {
    const body = bed.order()
    const placed = await bed.merchant.post(JSAPI, body)
    const { prepay_id: prepayId } = placed.json as { prepay_id: string }
    const closed = await bed.merchant.post(closeOf(body.out_trade_no), { mchid: MCHID })
    expect(closed).toMatchObject({ status: 204, text: '', isSigned: true })
    expect(await bed.simulator.pay({ prepayId }, OPENID)).toBe('closed')
    const again = await bed.merchant.post(closeOf(body.out_trade_no), { mchid: MCHID })
    expect(again.status).toBe(204)
  })

  it('closes by itself when time_expire has passed', async () => {
    const body = bed.order({ time_expire: '2026-11-21T09:45:00+08:00' })
    const placed = await bed.merchant.post(JSAPI, body)
    const { prepay_id: prepayId } = placed.json as { prepay_id: string }
    bed.clock.advance(15 * MINUTE_MS - SECOND_MS)
    expect((await bed.merchant.get(byNo(body.out_trade_no))).json).toMatchObject({
      trade_state: 'NOTPAY',
    })
    bed.clock.advance(SECOND_MS)
    expect((await bed.merchant.get(byNo(body.out_trade_no))).json).toMatchObject({
      trade_state: 'CLOSED',
    })
    expect(await bed.simulator.pay({ prepayId }, OPENID)).toBe('expired')
    const again = await bed.merchant.post(JSAPI, body)
    expect(again).toMatchObject({ status: 400, numericCode: 268447914 })
  })

  it('lives seven days when the merchant says nothing', async () => {
    const body = bed.order()
    await bed.merchant.post(JSAPI, body)
    bed.clock.advance(7 * DAY_MS)
    expect((await bed.merchant.get(byNo(body.out_trade_no))).json).toMatchObject({
      trade_state: 'CLOSED',
    })
  })

  it('gives a native order a code that anyone may pay within two hours', async () => {
    const { payer: _payer, ...body } = bed.order()
    const placed = await bed.merchant.post(NATIVE, body)
    const { code_url: codeUrl } = placed.json as { code_url: string }
    expect(codeUrl).toMatch(/^weixin:\/\/wxpay\/bizpayurl\?pr=[0-9a-z]+$/)
    bed.clock.advance(2 * HOUR_MS)
    expect(await bed.simulator.pay({ codeUrl }, OPENID)).toBe('expired')
    const fresh = await bed.merchant.post(NATIVE, body)
    const { code_url: freshUrl } = fresh.json as { code_url: string }
    expect(freshUrl).not.toBe(codeUrl)
    expect(await bed.simulator.pay({ codeUrl: freshUrl }, OPENID)).toBe('paid')
    const found = await bed.merchant.get(byNo(body.out_trade_no))
    expect(found.json).toMatchObject({ trade_type: 'NATIVE', payer: { openid: OPENID } })
  })
})

describe('payment', () => {
  it('is refused to strangers, the poor and closed wallets, and leaves no trace', async () => {
    const mine = await bed.merchant.post(JSAPI, bed.order())
    const poor = await bed.merchant.post(JSAPI, bed.order({ payer: { openid: POOR_OPENID } }))
    const idOf = (answer: { json: unknown }) => (answer.json as { prepay_id: string }).prepay_id
    expect(await bed.simulator.pay({ prepayId: idOf(mine) }, POOR_OPENID)).toBe('wrong_payer')
    expect(await bed.simulator.pay({ prepayId: idOf(poor) }, POOR_OPENID)).toBe('insufficient')
    expect(await bed.simulator.pay({ prepayId: 'wx0' }, OPENID)).toBe('unknown_order')
    bed.simulator.topUp(POOR_OPENID, fen(10_000))
    bed.simulator.closeWallet(POOR_OPENID)
    expect(await bed.simulator.pay({ prepayId: idOf(poor) }, POOR_OPENID)).toBe('wallet_closed')
    expect(bed.simulator.notices()).toEqual([])
    expect(bed.simulator.merchantBalance(MCHID)).toBe(0)
  })
})

describe('re-entry with the same number', () => {
  it('with the same body gives a fresh token for the same order, whatever the order of keys', async () => {
    const body = bed.order()
    const first = await bed.merchant.post(JSAPI, body)
    const turned = Object.fromEntries(Object.entries(body).toReversed())
    const second = await bed.merchant.post(JSAPI, turned)
    expect(second.status).toBe(200)
    expect(second.json).not.toEqual(first.json)
    expect(bed.simulator.orders()).toHaveLength(1)
    const { prepay_id: prepayId } = first.json as { prepay_id: string }
    expect(await bed.simulator.pay({ prepayId }, OPENID)).toBe('paid')
    const third = await bed.merchant.post(JSAPI, body)
    expect(third).toMatchObject({ status: 400, numericCode: 268498689 })
  })

  it('with another body or by another endpoint is refused', async () => {
    const body = bed.order()
    await bed.merchant.post(JSAPI, body)
    const other = await bed.merchant.post(JSAPI, { ...body, amount: { total: 1, currency: 'CNY' } })
    expect(other).toMatchObject({ status: 400, numericCode: 268498688, isSigned: true })
    expect(other.json).toMatchObject({ code: 'INVALID_REQUEST' })
    const { payer: _payer, ...native } = body
    expect((await bed.merchant.post(NATIVE, native)).numericCode).toBe(268498688)
  })
})

describe('what an order may say', () => {
  it.each([
    ['an unknown parameter', { surprise: 1 }, 'PARAM_ERROR', 270924358],
    ['an unknown nested parameter', { amount: { total: 1, x: 1 } }, 'PARAM_ERROR', 270924358],
    ['a description of 128', { description: '门'.repeat(128) }, 'PARAM_ERROR', 268435464],
    ['an empty description', { description: '' }, 'PARAM_ERROR', 268435464],
    ['a number of 5', { out_trade_no: 'A1234' }, 'PARAM_ERROR', 268435464],
    ['a number of 33', { out_trade_no: 'A'.repeat(33) }, 'PARAM_ERROR', 268435464],
    ['a number with a space', { out_trade_no: 'MZ 2026 1' }, 'PARAM_ERROR', 268435461],
    ['an amount of zero', { amount: { total: 0 } }, 'PARAM_ERROR', 268435464],
    ['an amount of a half', { amount: { total: 0.5 } }, 'PARAM_ERROR', 268435461],
    ['an amount as text', { amount: { total: '100' } }, 'PARAM_ERROR', 268435461],
    ['an amount past 2^53', { amount: { total: 2 ** 53 } }, 'PARAM_ERROR', 268435461],
    ['no amount', { amount: undefined }, 'PARAM_ERROR', 268435461],
    ['dollars', { amount: { total: 1, currency: 'USD' } }, 'PARAM_ERROR', 268435461],
    ['a notify_url with a query', { notify_url: 'https://a.cn/n?x=1' }, 'PARAM_ERROR', 268435461],
    ['a plain http notify_url', { notify_url: 'http://a.cn/n' }, 'PARAM_ERROR', 268435461],
    ['no url at all', { notify_url: 'here' }, 'PARAM_ERROR', 268435461],
    ['a past time_expire', { time_expire: '2026-11-21T09:30:00+08:00' }, 'PARAM_ERROR', 268435464],
    ['30 February', { time_expire: '2027-02-30T09:30:00+08:00' }, 'PARAM_ERROR', 268435461],
    ['no payer', { payer: undefined }, 'PARAM_ERROR', 268501013],
    ['a payer without openid', { payer: {} }, 'PARAM_ERROR', 268501013],
    ['an unknown openid', { payer: { openid: 'nobody' } }, 'PARAM_ERROR', 268501013],
    ['an appid of another', { appid: 'wx7777777777777777' }, 'APPID_MCHID_NOT_MATCH', 268445527],
    ['a merchant of another', { mchid: OTHER_MCHID }, 'INVALID_REQUEST', 268447843],
    ['profit sharing', { settle_info: { profit_sharing: true } }, 'NO_AUTH', 0],
    ['a control character', { attach: 'a\u0000b' }, 'PARAM_ERROR', 268435461],
    ['half a character', { attach: 'a\ud800b' }, 'PARAM_ERROR', 268435461],
    ['an array for an object', { amount: [] }, 'PARAM_ERROR', 268435461],
  ])('refuses %s', async (_what, overrides, code, numericCode) => {
    const answer = await bed.merchant.post(JSAPI, bed.order(overrides))
    expect(answer).toMatchObject({ isSigned: true, numericCode, json: { code } })
    expect(answer.status).toBe(code === 'NO_AUTH' ? 403 : 400)
    expect(bed.simulator.orders()).toEqual([])
  })

  it('names the field of a mistake', async () => {
    const answer = await bed.merchant.post(JSAPI, bed.order({ amount: { total: 0 } }))
    expect(answer.json).toEqual({
      code: 'PARAM_ERROR',
      message: expect.any(String),
      detail: { field: '/amount/total', value: '0', issue: '不得小于 1', location: 'body' },
    })
  })

  it('takes the longest of everything, and every optional field', async () => {
    const answer = await bed.merchant.post(
      JSAPI,
      bed.order({
        out_trade_no: 'aZ09_-|*'.repeat(4),
        description: '门'.repeat(127),
        attach: '附'.repeat(128),
        goods_tag: 'WXG',
        support_fapiao: false,
        time_expire: '2026-11-21T10:00:00+08:00',
        detail: {
          cost_price: 2_850,
          invoice_id: 'I1',
          goods_detail: [{ merchant_goods_id: 'G1', quantity: 1, unit_price: 2_850 }],
        },
        scene_info: { payer_client_ip: '10.0.0.1', store_info: { id: 'S1', name: '一楼' } },
        settle_info: { profit_sharing: false },
      }),
    )
    expect(answer.status).toBe(200)
    const no = encodeURIComponent('aZ09_-|*'.repeat(4))
    expect((await bed.merchant.get(byNo(no))).status).toBe(200)
  })
})

describe('queries and closing', () => {
  it('know nothing of what is not there', async () => {
    const missing = await bed.merchant.get(byNo('NOTHING1'))
    expect(missing).toMatchObject({ status: 404, numericCode: 268512771, isSigned: true })
    expect(missing.json).toMatchObject({ code: 'ORDER_NOT_EXIST' })
    const byId = await bed.merchant.get(`/v3/pay/transactions/id/42?mchid=${MCHID}`)
    expect(byId.status).toBe(404)
    const close = await bed.merchant.post(closeOf('NOTHING1'), { mchid: MCHID })
    expect(close).toMatchObject({ status: 404, json: { code: 'ORDER_NOT_EXIST' } })
  })

  it('take no number that ends in a NUL for the one before it', async () => {
    const body = bed.order()
    await bed.merchant.post(JSAPI, body)
    const answer = await bed.merchant.get(byNo(`${body.out_trade_no}%00x`))
    expect(answer).toMatchObject({ status: 400, json: { detail: { location: 'url' } } })
  })

  it('keep merchants apart', async () => {
    const body = bed.order()
    await bed.merchant.post(JSAPI, body)
    const other = testMerchant(bed.simulator.url, bed.clock, OTHER_MCHID)
    expect((await other.get(byNo(body.out_trade_no, OTHER_MCHID))).status).toBe(404)
    expect(await other.get(byNo(body.out_trade_no, MCHID))).toMatchObject({
      status: 400,
      numericCode: 268447843,
    })
    const close = await other.post(closeOf(body.out_trade_no), { mchid: MCHID })
    expect(close.numericCode).toBe(268447843)
  })

  it('want the merchant and nothing else in the query', async () => {
    const none = await bed.merchant.get('/v3/pay/transactions/out-trade-no/MZ000001')
    expect(none).toMatchObject({ status: 400, json: { detail: { field: 'mchid' } } })
    expect((await bed.merchant.get(`${byNo('MZ000001')}&x=1`)).numericCode).toBe(270924358)
    expect((await bed.merchant.get(`${byNo('MZ000001')}&mchid=2`)).status).toBe(400)
  })

  it('do not close what is paid', async () => {
    const { body } = await bed.placeAndPay()
    const answer = await bed.merchant.post(closeOf(body.out_trade_no), { mchid: MCHID })
    expect(answer).toMatchObject({ status: 400, numericCode: 268449538 })
  })
})
