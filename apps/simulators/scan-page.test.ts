import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sm2 } from 'sm-crypto-v2'
import { request } from 'undici'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { seededRandom } from '../../kernel/random.ts'
import { HOUR_MS, toShanghaiText } from '../../kernel/time.ts'
import * as alipayBed from './alipay/testing/bed.ts'
import { testMerchant } from './alipay/testing/merchant.ts'
import { type GenericWallet, startGenericWallet } from './generic-wallet/index.ts'
import { type ScanPage, startScanPage } from './scan-page.ts'
import { scanWalletsOf } from './scan-wallets.ts'
import * as unionpayBed from './unionpay/testing/bed.ts'
import * as wechatBed from './wechatpay/testing/bed.ts'

// The phone, between the simulated wallets and merchants that speak each protocol with their own code.

const HUB_URL = 'http://127.0.0.1:7100'
const RETURN_URL = `${HUB_URL}/patient/payments/1/2?from=wallet&x="><script>`
const RMB_MERCHANT = '880100000001'
const RMB_KEY = '0123456789abcdeffedcba9876543210'
const rmbWalletKeys = sm2.generateKeyPairHex()
const rmbMerchantKeys = sm2.generateKeyPairHex()

let keyFolder: string
let keys: Record<'app' | 'platform' | 'root', alipayBed.KeyPair>
beforeAll(() => {
  keyFolder = mkdtempSync(join(tmpdir(), 'scan-keys-'))
  const make = (name: string) => alipayBed.makeKeyPair(keyFolder, name)
  keys = { app: make('app'), platform: make('platform'), root: make('root') }
})
afterAll(() => rmSync(keyFolder, { recursive: true }))

let clock: wechatBed.TestClock
let wechat: wechatBed.TestBed
let alipay: Awaited<ReturnType<typeof alipayBed.startChecked>>
let unionpay: unionpayBed.TestBed
let digitalRmb: GenericWallet
let page: ScanPage
let stops: (() => Promise<void>)[]

beforeEach(async () => {
  stops = []
  clock = wechatBed.testClock(wechatBed.START)
  wechat = await wechatBed.startTestBed({ clock })
  stops.push(() => wechat.stop())
  alipay = await alipayBed.startChecked(alipayBed.testOptions(keys, { clock }))
  stops.push(() => alipay.stop())
  unionpay = await unionpayBed.startTestBed({ clock: clock as never })
  stops.push(() => unionpay.stop())
  digitalRmb = await startDigitalRmb()
  stops.push(() => digitalRmb.stop())
  page = await startPage()
  stops.push(() => page.stop())
})
afterEach(async () => {
  for (const stop of stops.toReversed()) await stop()
})

const RICH = {
  openid: wechatBed.OPENID,
  buyerId: alipayBed.BUYER_ID,
  cardNo: unionpayBed.CARD,
}
const POOR = {
  openid: wechatBed.POOR_OPENID,
  buyerId: alipayBed.POOR_BUYER_ID,
  cardNo: unionpayBed.POOR_CARD,
}

const startPage = (payer = RICH) =>
  startScanPage({
    wallets: scanWalletsOf(
      { wechat: wechat.simulator, alipay, unionpay: unionpay.simulator, digitalRmb },
      payer,
    ),
    hubUrl: HUB_URL,
    port: 0,
  })

const startDigitalRmb = () =>
  startGenericWallet({
    clock,
    random: seededRandom('scan'),
    faults: () => null,
    databaseFile: ':memory:',
    port: 0,
    merchants: [{ merchantNo: RMB_MERCHANT, name: '市立医院', feePpm: 0 }],
    dialect: {
      kind: 'digital_rmb',
      keys: {
        privateKey: rmbWalletKeys.privateKey,
        merchants: { [RMB_MERCHANT]: { publicKey: rmbMerchantKeys.publicKey, sm4Key: RMB_KEY } },
      },
    },
  })

// A code of ¥28.50 at each wallet, good for a quarter of an hour.

async function wechatCode(description = '门诊缴费'): Promise<string> {
  const { payer: _none, ...order } = wechat.order({
    description,
    time_expire: '2026-11-21T09:45:00+08:00',
  })
  const placed = await wechat.merchant.post('/v3/pay/transactions/native', order)
  return (placed.json as { code_url: string }).code_url
}

async function alipayCode(): Promise<string> {
  const { node } = await testMerchant(alipay.url, clock, keys).ask('alipay.trade.precreate', {
    out_trade_no: randomBytes(8).toString('hex'),
    total_amount: '28.50',
    subject: '门诊缴费',
    timeout_express: '15m',
  })
  return String(node['qr_code'])
}

const unionpayCode = async (): Promise<string> =>
  (await unionpay.back(unionpay.order()))['qrCode'] ?? ''

async function digitalRmbCode(): Promise<string> {
  const iv = randomBytes(16)
  const cipher = createCipheriv('sm4-cbc', Buffer.from(RMB_KEY, 'hex'), iv)
  const order = {
    orderNo: randomBytes(8).toString('hex'),
    amount: '28.50',
    subject: '门诊缴费',
    expireTime: '20261121094500',
    notifyUrl: 'http://127.0.0.1:9/notices',
  }
  const sealed = Buffer.concat([cipher.update(JSON.stringify(order)), cipher.final()])
  const envelope: Record<string, string> = {
    merchantNo: RMB_MERCHANT,
    timestamp: toShanghaiText(clock.now()).replaceAll(/\D/g, ''),
    nonce: randomBytes(16).toString('hex'),
    iv: iv.toString('base64'),
    data: sealed.toString('base64'),
  }
  const text = Object.keys(envelope)
    .sort()
    .map((name) => `${name}=${envelope[name]}`)
    .join('&')
  const user = { hash: true, userId: '1234567812345678' }
  const sign = sm2.doSignature(text, rmbMerchantKeys.privateKey, user)
  const response = await request(`${digitalRmb.url}/dcep/v1/orders.create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...envelope, sign }),
  })
  const answer = (await response.body.json()) as { iv: string; data: string }
  const ivOfAnswer = Buffer.from(answer.iv, 'base64')
  const decipher = createDecipheriv('sm4-cbc', Buffer.from(RMB_KEY, 'hex'), ivOfAnswer)
  const plain = [decipher.update(Buffer.from(answer.data, 'base64')), decipher.final()]
  return (JSON.parse(Buffer.concat(plain).toString('utf8')) as { payCode: string }).payCode
}

const CODES: [wallet: string, placeCode: () => Promise<string>][] = [
  ['微信支付', wechatCode],
  ['支付宝', alipayCode],
  ['云闪付', unionpayCode],
  ['数字人民币', digitalRmbCode],
]

type Fields = Record<string, string>

async function open(fields: Fields) {
  const response = await request(`${page.url}/scan?${new URLSearchParams(fields).toString()}`)
  return { ...response, status: response.statusCode, html: await response.body.text() }
}

async function submit(fields: Fields) {
  const response = await request(`${page.url}/scan`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  })
  return { ...response, status: response.statusCode, html: await response.body.text() }
}

const titleOf = (shown: { status: number; html: string }): string =>
  `${shown.status} ${/<h1>(.*)<\/h1>/.exec(shown.html)?.[1]}`

/** All that the wallets' merchants have been paid. */
const takenFen = (): number =>
  wechat.simulator.orders().reduce((sum, order) => sum + (order.paidAt ? order.totalFen : 0), 0) +
  alipay.trades().reduce((sum, trade) => sum + (trade.paidAt ? trade.totalFen : 0), 0) +
  unionpay.simulator
    .transactions()
    .reduce((sum, txn) => sum + (txn.state === 'done' ? txn.amountFen : 0), 0) +
  digitalRmb.totals(RMB_MERCHANT).takenFen

describe.each(CODES)('a code of %s', (walletName, placeCode) => {
  it('is read, paid, and paid once', async () => {
    const fields = { code: await placeCode(), return_url: RETURN_URL }
    const { status, html, headers } = await open(fields)
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    for (const text of [walletName, '市立医院', '门诊缴费', '28.50', '付款']) {
      expect(html).toContain(text)
    }
    expect(takenFen()).toBe(0)
    const paid = await submit(fields)
    expect(titleOf(paid)).toBe('200 支付成功')
    expect(paid.html).toContain(`href="${HUB_URL}/patient/payments/1/2?from=wallet&#38;x=&#34;`)
    expect(takenFen()).toBe(28_50)
    expect(titleOf(await submit(fields))).toBe('409 这个码已经付过了')
    expect(titleOf(await open(fields))).toBe('409 这个码已经付过了')
    expect(takenFen()).toBe(28_50)
  })

  it('says that it is too old', async () => {
    const code = await placeCode()
    clock.advance(HOUR_MS)
    expect(titleOf(await open({ code }))).toBe('409 这个码已过期')
    expect(titleOf(await submit({ code }))).toBe('409 这个码已过期')
    expect(takenFen()).toBe(0)
  })
})

it.each(CODES.slice(0, 3))('says that a wallet of %s has too little', async (_name, placeCode) => {
  await page.stop()
  page = await startPage(POOR)
  const code = await placeCode()
  expect((await open({ code })).status).toBe(200)
  expect(titleOf(await submit({ code }))).toBe('409 余额不足')
  expect(takenFen()).toBe(0)
})

it('says that an order was closed meanwhile', async () => {
  const code = await wechatCode()
  const [order] = wechat.simulator.orders()
  await wechat.merchant.post(`/v3/pay/transactions/out-trade-no/${order?.outTradeNo}/close`, {
    mchid: wechatBed.MCHID,
  })
  expect(titleOf(await open({ code }))).toBe('409 订单已关闭')
  expect(titleOf(await submit({ code }))).toBe('409 订单已关闭')
})

it.each([
  ['of WeChat that nobody has ordered', 'weixin://wxpay/bizpayurl?pr=nobody'],
  ['of Alipay that nobody has ordered', 'https://qr.alipay.com/bax000000000000000000000000'],
  ['of digital RMB that nobody has ordered', `dcep://pay/${'0'.repeat(32)}`],
  ['of the real UnionPay', 'https://qr.95516.com/00010000/1'],
  ['that is a script', 'javascript:alert(1)'],
  ['that is HTML', '<script>alert(1)</script>'],
  ['that is too long', `weixin://wxpay/${'1'.repeat(2_000)}`],
])('does not know a code %s', async (_kind, code) => {
  for (const shown of [await open({ code }), await submit({ code })]) {
    expect(titleOf(shown)).toBe('404 认不出这个码')
    expect(shown.html).not.toContain('<script')
  }
})

it('does not take a merchant’s own number for a code', async () => {
  await wechatCode()
  const [order] = wechat.simulator.orders()
  expect((await submit({ code: order?.outTradeNo ?? '' })).status).toBe(404)
  expect(titleOf(await open({}))).toBe('400 没有要扫的码')
  expect(takenFen()).toBe(0)
})

it.each([
  'https://evil.example/',
  'http://127.0.0.1:7100.evil.example/',
  'http://127.0.0.1:7100@evil.example/',
  'http://user@127.0.0.1:7100/',
  'http://127.0.0.1:7101/',
  'https://127.0.0.1:7100/',
  '//evil.example/',
  'javascript:alert(1)',
  '',
])('leads nobody to "%s", and takes nothing', async (returnUrl) => {
  const fields = { code: await wechatCode(), return_url: returnUrl }
  for (const shown of [await open(fields), await submit(fields)]) {
    expect(titleOf(shown)).toBe('400 返回地址不被允许')
    expect(shown.html).not.toContain('href')
  }
  expect(takenFen()).toBe(0)
})

it('leads nobody to an address without end', async () => {
  const fields = { code: await wechatCode(), return_url: `${HUB_URL}/${'x'.repeat(3_000)}` }
  expect((await submit(fields)).status).toBe(400)
  expect(takenFen()).toBe(0)
})

it('leads back to this machine by its other name too', async () => {
  const fields = { code: await wechatCode(), return_url: 'http://localhost:7100/patient/' }
  expect((await open(fields)).html).toContain('href="http://localhost:7100/patient/"')
})

it('escapes everything that comes from outside', async () => {
  const code = await wechatCode('<img src=x onerror=alert(1)> & "科"')
  const { html } = await open({ code, return_url: RETURN_URL })
  expect(html).toContain('&#60;img src=x onerror=alert(1)&#62; &#38; &#34;科&#34;')
  expect(html).not.toMatch(/<img|<script/)
})

it('answers what is no visit in words too', async () => {
  const post = (contentType: string, body: string) =>
    request(`${page.url}/scan`, { method: 'POST', headers: { 'content-type': contentType }, body })
  const form = 'application/x-www-form-urlencoded'
  const answers = [
    await request(`${page.url}/`),
    await post('application/json', '{}'),
    await post(form, `code=${'x'.repeat(20_000)}`),
  ]
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 415, 413])
  for (const { headers, body } of answers) {
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(await body.text()).toContain('<h1>')
  }
})
