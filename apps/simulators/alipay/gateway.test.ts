import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { request } from 'undici'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../kernel/time.ts'
import type { Fault, FaultPoint } from '../kit/simulator.ts'
import type { AlipaySimulator } from './index.ts'
import {
  BUYER_ID,
  type KeyPair,
  makeKeyPair,
  POOR_BUYER_ID,
  startChecked,
  testClock,
  type TestClock,
  testOptions,
} from './testing/bed.ts'
import { testMerchant, type TestMerchant } from './testing/merchant.ts'

let dir: string
let keys: { app: KeyPair; platform: KeyPair; root: KeyPair }
let clock: TestClock
let simulator: AlipaySimulator
let merchant: TestMerchant
let asked: FaultPoint[]
let nextFault: Fault | null

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'alipay-gateway-'))
  const pair = (name: string) => makeKeyPair(dir, name)
  keys = { app: pair('app'), platform: pair('platform'), root: pair('root') }
})
afterAll(() => rmSync(dir, { recursive: true }))
beforeEach(() => open(':memory:'))
afterEach(() => simulator.stop())

async function open(databaseFile: string) {
  clock = testClock()
  asked = []
  nextFault = null
  simulator = await startChecked(
    testOptions(keys, {
      clock,
      databaseFile,
      faults(point) {
        asked.push(point)
        const fault = nextFault
        nextFault = null
        return fault
      },
    }),
  )
  merchant = testMerchant(simulator.url, clock, keys)
}

const order = (outTradeNo: string, more: object = {}) => ({
  out_trade_no: outTradeNo,
  total_amount: '50.00',
  subject: '门诊缴费',
  ...more,
})
const ask = async (method: string, content: object) =>
  (await merchant.ask(`alipay.trade.${method}`, content)).node
const created = async (outTradeNo: string) => {
  await ask('create', order(outTradeNo, { buyer_id: BUYER_ID }))
  return { outTradeNo }
}
const paid = async (outTradeNo: string) =>
  expect(await simulator.pay(await created(outTradeNo), BUYER_ID)).toBe('paid')

describe('a request', () => {
  const query = { out_trade_no: 'NONE' }
  it('is answered under a signature over its very characters', async () => {
    const answer = await merchant.ask('alipay.trade.precreate', order('A1'))
    expect(answer).toMatchObject({ isSigned: true, node: { code: '10000', msg: 'Success' } })
    expect(answer.text).toContain('https:\\/\\/qr.alipay.com\\/')
  })

  it.each<[string, Record<string, string | undefined>, string]>([
    ['app_id', { app_id: '2021000000009999' }, 'isv.invalid-app-id'],
    ['app_id', { app_id: undefined }, 'isv.missing-app-id'],
    ['sign', { sign: 'AAAA' }, 'isv.invalid-signature'],
    ['sign', { sign: undefined }, 'isv.missing-signature'],
    ['sign_type', { sign_type: 'RSA' }, 'isv.invalid-signature-type'],
    ['biz_content', { biz_content: '{"out_trade_no":"X"}' }, 'isv.invalid-signature'],
    ['an unsigned value more', { notify_url: 'http://127.0.0.1:1' }, 'isv.invalid-signature'],
  ])('with a wrong %s is refused', async (_what, change, subCode) => {
    const { node, status } = await merchant.ask('alipay.trade.query', query, { change })
    expect({ status, subCode: node['sub_code'] }).toEqual({ status: 200, subCode })
  })

  it.each<[string, object | string, Record<string, string>, string]>([
    ['an old timestamp', query, { timestamp: '2026-11-21 09:00:00' }, 'isv.invalid-timestamp'],
    ['no time', query, { timestamp: 'now' }, 'isv.invalid-timestamp'],
    ['another charset', query, { charset: 'GBK' }, 'isv.invalid-charset'],
    ['another version', query, { version: '3.0' }, 'isv.invalid-parameter'],
    ['no JSON', '{', {}, 'isv.invalid-parameter'],
    ['a list', '[]', {}, 'isv.invalid-parameter'],
    ['nothing', '', {}, 'isv.missing-parameter'],
    ['bad encryption', 'x', { encrypt_type: 'AES' }, 'isv.decryption-error-unknown'],
    ['a number for a text', { out_trade_no: 7 }, {}, 'ACQ.INVALID_PARAMETER'],
    ['no number at all', {}, {}, 'ACQ.INVALID_PARAMETER'],
    ['a number too long', { out_trade_no: 'x'.repeat(65) }, {}, 'ACQ.INVALID_PARAMETER'],
  ])('with %s is refused', async (_what, content, more, subCode) => {
    const { node, isSigned } = await merchant.ask('alipay.trade.query', content, { more })
    expect({ isSigned, subCode: node['sub_code'] }).toEqual({ isSigned: true, subCode })
  })

  it.each([
    { total_amount: '0.00' },
    { total_amount: '1.234' },
    { total_amount: '-1.00' },
    { total_amount: '100000000.01' },
    { subject: '' },
    { subject: 'a&b' },
    { time_expire: '2026-11-21 09:29:59' },
    { time_expire: 'soon' },
    { out_trade_no: 'a-b' },
    { seller_id: '2088000000000000' },
  ])('to order %o is refused', async (more) => {
    expect(await ask('precreate', order('A1', more))).toMatchObject({
      code: '40004',
      sub_code: 'ACQ.INVALID_PARAMETER',
    })
  })

  it('for a method that is none is refused', async () => {
    const { node } = await merchant.ask('alipay.trade.steal', query)
    expect(node).toMatchObject({ code: '40002', sub_code: 'isv.invalid-method' })
  })
})

describe('a trade', () => {
  it('is made once, by the same words', async () => {
    const first = await ask('create', order('T1', { buyer_id: BUYER_ID }))
    expect(await ask('create', order('T1', { buyer_id: BUYER_ID }))).toEqual(first)
    const other = order('T1', { buyer_id: BUYER_ID, total_amount: '50.01' })
    expect(await ask('create', other)).toMatchObject({ sub_code: 'ACQ.CONTEXT_INCONSISTENT' })
  })

  it('is paid by whom it is for, with money that is there', async () => {
    const target = await created('T2')
    expect(await simulator.pay(target, POOR_BUYER_ID)).toBe('wrong_payer')
    expect(await simulator.pay(target, BUYER_ID)).toBe('paid')
    expect(await simulator.pay(target, BUYER_ID)).toBe('already_paid')
    expect(await simulator.pay({ outTradeNo: 'NONE' }, BUYER_ID)).toBe('unknown_trade')
    await ask('precreate', order('T3'))
    const { qrCode } = simulator.trades().at(-1) ?? {}
    expect(await simulator.pay({ qrCode: qrCode ?? '' }, POOR_BUYER_ID)).toBe('insufficient')
    expect(await simulator.pay({ qrCode: qrCode ?? '' }, '2088000000000000')).toBe('unknown_wallet')
    simulator.topUp(POOR_BUYER_ID, fen(5_000))
    expect(await simulator.pay({ qrCode: qrCode ?? '' }, POOR_BUYER_ID)).toBe('paid')
    expect(await ask('precreate', order('T3'))).toMatchObject({ sub_code: 'ACQ.TRADE_HAS_SUCCESS' })
  })

  it('closes by itself when its time is over', async () => {
    await ask('create', order('T4', { buyer_id: BUYER_ID, time_expire: '2026-11-21 09:35:00' }))
    clock.advance(5 * MINUTE_MS)
    expect(await ask('query', { out_trade_no: 'T4' })).toMatchObject({
      trade_status: 'TRADE_CLOSED',
    })
    expect(await simulator.pay({ outTradeNo: 'T4' }, BUYER_ID)).toBe('expired')
  })

  it('is not there while nobody scanned its code', async () => {
    await ask('precreate', order('T5'))
    for (const method of ['query', 'close', 'refund'])
      expect(
        await ask(method, { out_trade_no: 'T5', refund_amount: '1.00', out_request_no: 'R' }),
      ).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' })
    const cancelled = await ask('cancel', { out_trade_no: 'T5' })
    expect(cancelled).toMatchObject({ code: '10000', retry_flag: 'N' })
    expect(cancelled).not.toHaveProperty('action')
  })

  it('is cancelled by closing or by giving back, and both are told again', async () => {
    await created('T6')
    await paid('T7')
    for (let i = 0; i < 2; i++) {
      expect(await ask('cancel', { out_trade_no: 'T6' })).toMatchObject({ action: 'close' })
      expect(await ask('cancel', { out_trade_no: 'T7' })).toMatchObject({ action: 'refund' })
    }
    await paid('T8')
    clock.advance(DAY_MS + 1)
    expect(await ask('cancel', { out_trade_no: 'T8' })).toMatchObject({
      sub_code: 'ACQ.TRADE_CANCEL_TIME_OUT',
    })
  })
})

describe('a refund', () => {
  const refund = (amount: string, requestNo: string) =>
    ask('refund', { out_trade_no: 'R1', refund_amount: amount, out_request_no: requestNo })

  it('goes on until all is given back, once for each number', async () => {
    await paid('R1')
    expect(await refund('20.00', 'a')).toMatchObject({ fund_change: 'Y', refund_fee: '20.00' })
    expect(await refund('20.00', 'a')).toMatchObject({ fund_change: 'N', refund_fee: '20.00' })
    expect(await refund('20.01', 'a')).toMatchObject({ sub_code: 'ACQ.DISCORDANT_REPEAT_REQUEST' })
    expect(await refund('30.01', 'b')).toMatchObject({ sub_code: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' })
    expect(await refund('30.00', 'b')).toMatchObject({ fund_change: 'Y', refund_fee: '50.00' })
    expect(await refund('30.00', 'b')).toMatchObject({ code: '10000', fund_change: 'N' })
    expect(await refund('0.01', 'c')).toMatchObject({ sub_code: 'ACQ.TRADE_HAS_CLOSE' })
    expect(await ask('query', { out_trade_no: 'R1' })).toMatchObject({
      trade_status: 'TRADE_CLOSED',
      send_pay_date: '2026-11-21 09:30:00',
    })
    expect(simulator.wallet(BUYER_ID)?.balanceFen).toBe(100_000_000)
    expect(simulator.merchantBalance('2088021109625633')).toBe(0)
  })

  it('names its time only when asked to, and nothing when there is none', async () => {
    await paid('R1')
    await refund('1.00', 'a')
    const about = { out_trade_no: 'R1', out_request_no: 'a' }
    expect(await ask('fastpay.refund.query', about)).not.toHaveProperty('gmt_refund_pay')
    const none = await ask('fastpay.refund.query', { ...about, out_request_no: 'z' })
    expect(none).toMatchObject({ code: '10000' })
    expect(none).not.toHaveProperty('refund_status')
  })
})

describe('faults', () => {
  const query = () => merchant.ask('alipay.trade.query', { out_trade_no: 'F1' })

  it('strike what they are planned for, by names that every run has', async () => {
    await created('F1')
    await query()
    expect(asked).toEqual([
      { simulator: 'alipay', operation: 'alipay.trade.create', key: '门诊缴费#1', attempt: 1 },
      { simulator: 'alipay', operation: 'alipay.trade.query', key: '门诊缴费#1', attempt: 1 },
    ])
    nextFault = { kind: 'refuse' }
    expect((await query()).node).toMatchObject({ code: '20000' })
    nextFault = { kind: 'decline', code: 'ACQ.TRADE_STATUS_ERROR' }
    expect((await query()).node).toMatchObject({ sub_code: 'ACQ.TRADE_STATUS_ERROR' })
    nextFault = { kind: 'garble' }
    expect((await query()).text).toContain('Bad Gateway')
    nextFault = { kind: 'slow', ms: 1 }
    expect((await query()).node).toMatchObject({ code: '10000' })
    for (const kind of ['drop', 'lose_answer'] as const) {
      nextFault = { kind }
      await expect(query()).rejects.toThrow(/./)
    }
    nextFault = { kind: 'lie' }
    await ask('close', { out_trade_no: 'F1' })
    expect((await query()).node).toMatchObject({ trade_status: 'WAIT_BUYER_PAY' })
  })
})

it('keeps its books across a restart', async () => {
  await simulator.stop()
  const file = join(dir, 'books.sqlite')
  await open(file)
  await paid('K1')
  const before = simulator.balances()
  await simulator.stop()
  await open(file)
  expect(simulator.balances()).toEqual(before)
  expect(simulator.trades()).toHaveLength(1)
  await paid('K2')
  expect(new Set(simulator.trades().map((trade) => trade.tradeNo)).size).toBe(2)
})

describe('the wallet page', () => {
  const get = async (path: string) => {
    const response = await request(`${simulator.url}${path}`)
    return { status: response.statusCode, text: await response.body.text() }
  }
  const post = async (fields: Record<string, string>) => {
    const response = await request(`${simulator.url}/wallet/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    })
    const text = await response.body.text()
    return { status: response.statusCode, text, to: response.headers['location'] }
  }
  const RETURN = 'http://127.0.0.1:5173/payments/1'

  it('shows the trade, pays it with the password, and leads back', async () => {
    await ask('create', order('W1', { subject: '<b>检查', buyer_id: BUYER_ID }))
    const trade_no = simulator.trades()[0]?.tradeNo ?? ''
    const query = new URLSearchParams({ trade_no, return_url: RETURN }).toString()
    const shown = await get(`/wallet/pay?${query}`)
    expect(shown.text).toContain('50.00')
    expect(shown.text).toContain('&#60;b&#62;检查')
    expect(shown.text).not.toContain('李强')
    const fields = { trade_no, return_url: RETURN, action: 'pay' }
    expect(await post({ ...fields, password: '000000' })).toMatchObject({ status: 422 })
    expect(await post({ ...fields, password: '123456' })).toMatchObject({ status: 303, to: RETURN })
    expect(await get(`/wallet/pay?${query}`)).toMatchObject({
      status: 409,
      text: expect.stringContaining('订单已支付'),
    })
  })

  it('lets whoever scanned a code say who they are', async () => {
    await ask('precreate', order('W2'))
    const code = simulator.trades()[0]?.qrCode ?? ''
    const shown = await get(`/wallet/pay?${new URLSearchParams({ code }).toString()}`)
    expect(shown.text).toContain('王芳')
    expect(shown.text).toContain('李强')
    const fields = { code, action: 'pay', password: '123456' }
    expect(await post({ ...fields, buyer_id: POOR_BUYER_ID })).toMatchObject({ status: 409 })
    expect(await post({ ...fields, buyer_id: BUYER_ID })).toMatchObject({ status: 200 })
    expect(simulator.trades()[0]?.state).toBe('TRADE_SUCCESS')
  })

  it('leads nowhere but to this machine, and knows no strange trade', async () => {
    await created('W3')
    const trade_no = simulator.trades()[0]?.tradeNo ?? ''
    for (const return_url of [
      'https://evil.example',
      'javascript:alert(1)',
      'http://127.0.0.1@evil',
    ]) {
      const query = new URLSearchParams({ trade_no, return_url }).toString()
      expect(await get(`/wallet/pay?${query}`)).toMatchObject({ status: 400 })
    }
    expect(await get('/wallet/pay?trade_no=1')).toMatchObject({ status: 404 })
    expect(await get('/wallet/pay')).toMatchObject({ status: 404 })
  })

  it("shows a payer's barcode, which pays", async () => {
    const { text } = await get(`/wallet/barcode?buyer_id=${BUYER_ID}`)
    const auth_code = /\d{18}/.exec(text)?.[0] ?? ''
    expect(await ask('pay', order('W4', { scene: 'bar_code', auth_code }))).toMatchObject({
      code: '10000',
      gmt_payment: '2026-11-21 09:30:00',
    })
    expect(await ask('pay', order('W5', { scene: 'bar_code', auth_code }))).toMatchObject({
      sub_code: 'ACQ.PAYMENT_AUTH_CODE_INVALID',
    })
    clock.advance(HOUR_MS)
    expect((await get('/wallet/barcode')).text).not.toMatch(/class="code"/)
  })
})
