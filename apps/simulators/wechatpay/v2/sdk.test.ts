import { request } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Wechatpay } from 'wechatpay-axios-plugin'

import { SECOND_MS } from '../../../../kernel/time.ts'
import {
  API_V2_KEY,
  APPID,
  MCHID,
  merchantKeys,
  OPENID,
  platformKeys,
  POOR_OPENID,
  PUBLIC_KEY_ID,
  startTestBed,
  type TestBed,
} from '../testing/bed.ts'
import { signFields, writeXml } from './wire.ts'

// API v2 as a client sees it that was written by others.

let bed: TestBed
beforeEach(async () => void (bed = await startTestBed()))
afterEach(() => bed.stop())

type Answer = Record<string, string>

/** What comes back for a path, whether it succeeded or was refused. */
async function ask(path: string, data: Record<string, unknown>): Promise<Answer> {
  const client = new Wechatpay({
    mchid: MCHID,
    serial: 'A1',
    privateKey: merchantKeys.privateKey,
    certs: { [PUBLIC_KEY_ID]: platformKeys.publicKey },
    secret: API_V2_KEY,
    baseURL: `${bed.simulator.url}/`,
  })
  const own = { appid: APPID, mch_id: MCHID, sign_type: 'HMAC-SHA256', ...data }
  try {
    return (await client.chain(path).post<Answer>(own)).data
  } catch (error) {
    return (error as { response: { data: Answer } }).response.data
  }
}

const scan = (outTradeNo: string, code: string, changes: object = {}) =>
  ask('v2/pay/micropay', {
    body: '门诊缴费 <1> & "2"',
    out_trade_no: outTradeNo,
    total_fee: '5000',
    spbill_create_ip: '203.0.113.7',
    auth_code: code,
    ...changes,
  })
const query = (outTradeNo: string) => ask('v2/pay/orderquery', { out_trade_no: outTradeNo })
const reverse = (outTradeNo: string) => ask('v2/secapi/pay/reverse', { out_trade_no: outTradeNo })
const code = (openid = OPENID) => bed.simulator.showAuthCode(openid)

describe('付款码支付', () => {
  it.each(['MD5', 'HMAC-SHA256'])('takes the money, signed by %s', async (signType) => {
    const paid = await scan('SCAN00001', code(), { sign_type: signType })
    expect(paid).toMatchObject({
      result_code: 'SUCCESS',
      trade_type: 'MICROPAY',
      total_fee: '5000',
      openid: OPENID,
      time_end: '20261121093000',
    })
    expect(await query('SCAN00001')).toMatchObject({
      trade_state: 'SUCCESS',
      transaction_id: paid['transaction_id'],
    })
    const byV3 = await bed.merchant.get(
      `/v3/pay/transactions/out-trade-no/SCAN00001?mchid=${MCHID}`,
    )
    expect(byV3.json).toMatchObject({ trade_state: 'SUCCESS', trade_type: 'MICROPAY' })
    expect(bed.simulator.notices()).toEqual([])
  })

  it('asks for the password above a thousand yuan, for half a minute', async () => {
    const big = { total_fee: '100001' }
    expect(await scan('SCAN00002', code(), big)).toMatchObject({ err_code: 'USERPAYING' })
    expect(await query('SCAN00002')).toMatchObject({ trade_state: 'USERPAYING' })
    const scannedOrder = { mchid: MCHID, outTradeNo: 'SCAN00002' }
    expect(await bed.simulator.pay({ scannedOrder }, POOR_OPENID)).toBe('wrong_payer')
    expect(await bed.simulator.pay({ scannedOrder }, OPENID)).toBe('paid')

    const late = code()
    expect(await scan('SCAN00003', late, big)).toMatchObject({ err_code: 'USERPAYING' })
    bed.clock.advance(30 * SECOND_MS)
    expect(await query('SCAN00003')).toMatchObject({ trade_state: 'PAYERROR' })
  })

  it('knows its own numbers again', async () => {
    const shown = code()
    await scan('SCAN00004', shown)
    expect(await scan('SCAN00004', shown)).toMatchObject({ err_code: 'ORDERPAID' })
    const other = await scan('SCAN00004', shown, { total_fee: '1' })
    expect(other).toMatchObject({ err_code: 'INVALID_REQUEST' })
    await bed.merchant.post('/v3/pay/transactions/jsapi', bed.order({ out_trade_no: 'SCAN00005' }))
    expect(await scan('SCAN00005', code())).toMatchObject({ err_code: 'OUT_TRADE_NO_USED' })
  })

  it('refuses codes that are none, are old or were used, and wallets without the money', async () => {
    expect(await scan('SCAN00006', '130000000000000001')).toMatchObject({
      err_code: 'AUTH_CODE_INVALID',
    })
    const old = code()
    bed.clock.advance(60 * SECOND_MS)
    expect(await scan('SCAN00007', old)).toMatchObject({ err_code: 'AUTHCODEEXPIRE' })
    const used = code()
    await scan('SCAN00008', used)
    expect(await scan('SCAN00009', used)).toMatchObject({ err_code: 'AUTHCODEEXPIRE' })
    expect(await scan('SCAN00010', code(POOR_OPENID))).toMatchObject({ err_code: 'NOTENOUGH' })
    expect(await scan('SCAN00011', code(), { total_fee: '0' })).toMatchObject({
      err_code: 'PARAM_ERROR',
    })
  })
})

describe('撤销', () => {
  it('gives back what was taken, once', async () => {
    await scan('SCAN00012', code())
    const before = bed.simulator.wallet(OPENID)?.balanceFen
    expect(await reverse('SCAN00012')).toMatchObject({ result_code: 'SUCCESS', recall: 'N' })
    expect(await reverse('SCAN00012')).toMatchObject({ result_code: 'SUCCESS', recall: 'N' })
    expect(bed.simulator.wallet(OPENID)?.balanceFen).toBe((before ?? 0) + 5_000)
    expect(bed.simulator.merchantBalance(MCHID)).toBe(0)
    expect(await query('SCAN00012')).toMatchObject({ trade_state: 'REVOKED' })
    expect(await scan('SCAN00012', code())).toMatchObject({ err_code: 'ORDERREVERSED' })
  })

  it('is for scanned codes only, which cannot be closed', async () => {
    expect(await reverse('SCAN00013')).toMatchObject({ err_code: 'TRADE_ERROR' })
    await bed.merchant.post('/v3/pay/transactions/jsapi', bed.order({ out_trade_no: 'SCAN00014' }))
    expect(await reverse('SCAN00014')).toMatchObject({ err_code: 'INVALID_REQUEST' })
    await scan('SCAN00015', code())
    const close = '/v3/pay/transactions/out-trade-no/SCAN00015/close'
    expect(await bed.merchant.post(close, { mchid: MCHID })).toMatchObject({
      status: 400,
      numericCode: 268449641,
    })
  })

  it('is refused for a payment of another day, or with a refund', async () => {
    await scan('SCAN00016', code())
    await scan('SCAN00017', code())
    await bed.merchant.post('/v3/refund/domestic/refunds', {
      out_trade_no: 'SCAN00017',
      out_refund_no: 'SCANR00017',
      amount: { refund: 1, total: 5_000, currency: 'CNY' },
    })
    expect(await reverse('SCAN00017')).toMatchObject({ err_code: 'INVALID_REQUEST' })
    bed.clock.advance(24 * 3_600 * SECOND_MS)
    expect(await reverse('SCAN00016')).toMatchObject({ err_code: 'REVERSE_EXPIRE' })
  })
})

describe('what is not signed or not XML', () => {
  const post = async (body: string) => {
    const response = await request(`${bed.simulator.url}/pay/orderquery`, { method: 'POST', body })
    return response.body.text()
  }
  const fields = { appid: APPID, mch_id: MCHID, nonce_str: 'a', out_trade_no: 'SCAN00018' }

  it.each([
    ['', 'XML格式错误'],
    ['{}', 'XML格式错误'],
    ['<xml><a>', 'XML格式错误'],
    ['<!DOCTYPE xml [<!ENTITY a "b">]><xml><a>&a;</a></xml>', 'XML格式错误'],
    [writeXml({ ...fields, mch_id: '1' }), 'mch_id参数格式错误'],
    [writeXml({ ...fields, appid: 'wx1' }), 'appid和mch_id不匹配'],
    [writeXml({ ...fields, sign: 'A'.repeat(32) }), '签名错误'],
    [writeXml({ ...fields, sign_type: 'SHA1' }), '签名类型错误'],
  ])('is refused without a signature: %s', async (body, words) => {
    const text = await post(body)
    expect(text).toContain('<return_code><![CDATA[FAIL]]></return_code>')
    expect(text).toContain(words)
    expect(text).not.toContain('<sign>')
  })

  it('carries what would end a field of XML', async () => {
    const strange = { ...fields, out_trade_no: ']]><x>' }
    const text = await post(writeXml({ ...strange, sign: signFields(strange, API_V2_KEY, 'MD5') }))
    expect(text).toContain('ORDERNOTEXIST')
  })
})
