import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { AlipaySdk } from 'alipay-sdk'
import { unzipSync } from 'fflate'
import iconv from 'iconv-lite'
import { request } from 'undici'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { SECOND_MS } from '../../../kernel/time.ts'
import type { AlipaySimulator } from './index.ts'
import {
  APP_ID,
  BUYER_ID,
  CONTENT_KEY,
  type KeyPair,
  makeKeyPair,
  type Receiver,
  SELLER_ID,
  START,
  startChecked,
  startReceiver,
  testClock,
  type TestClock,
  testOptions,
} from './testing/bed.ts'

// The official client, which knows nothing of the simulator. It reads the machine's clock, so that is set to the
// virtual one; and it writes its timestamps in the zone of the machine, so that is set to Beijing's.

let dir: string
let keys: { app: KeyPair; platform: KeyPair; root: KeyPair }
let clock: TestClock
let simulator: AlipaySimulator
let receiver: Receiver

beforeAll(() => {
  vi.stubEnv('TZ', 'Asia/Shanghai')
  dir = mkdtempSync(join(tmpdir(), 'alipay-sdk-'))
  keys = {
    app: makeKeyPair(dir, 'app'),
    platform: makeKeyPair(dir, 'platform'),
    root: makeKeyPair(dir, 'root'),
  }
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(dir, { recursive: true })
})
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(async () => {
  await simulator.stop()
  await receiver.stop()
  vi.useRealTimers()
})

async function start(byCertificate: boolean): Promise<AlipaySdk> {
  clock = testClock(START, (now) => vi.setSystemTime(now))
  receiver = await startReceiver()
  simulator = await startChecked(testOptions(keys, { clock, byCertificate }))
  const common = {
    appId: APP_ID,
    privateKey: keys.app.privateKeyPem,
    keyType: 'PKCS8' as const,
    gateway: `${simulator.url}/gateway.do`,
    encryptKey: CONTENT_KEY,
  }
  if (!byCertificate)
    return new AlipaySdk({ ...common, alipayPublicKey: keys.platform.publicKeyPem })
  return new AlipaySdk({
    ...common,
    appCertContent: keys.app.certificatePem,
    alipayPublicCertContent: keys.platform.certificatePem,
    alipayRootCertContent: keys.root.certificatePem,
  })
}

const order = (outTradeNo: string, more: object = {}) => ({
  notifyUrl: `${receiver.url}/notify`,
  bizContent: {
    out_trade_no: outTradeNo,
    total_amount: '50.00',
    subject: '门诊缴费',
    ...more,
  },
})
const about = (outTradeNo: string, more: object = {}) => ({
  bizContent: { out_trade_no: outTradeNo, ...more },
})

describe.each([
  { mode: 'public key', byCertificate: false },
  { mode: 'certificate', byCertificate: true },
])('the official client, by $mode', ({ byCertificate }) => {
  it('orders, queries, refunds, closes and reads a bill', async () => {
    const sdk = await start(byCertificate)
    const exec = (method: string, params: object) =>
      sdk.exec(method, { ...params }, { validateSign: true })

    const created = await exec(
      'alipay.trade.create',
      order('SDK0001', { buyer_id: BUYER_ID, product_code: 'JSAPI_PAY' }),
    )
    expect(created).toMatchObject({ code: '10000', outTradeNo: 'SDK0001' })
    const tradeNo = String(created['tradeNo'])
    expect(await simulator.pay({ tradeNo }, BUYER_ID)).toBe('paid')
    expect(await exec('alipay.trade.query', about('SDK0001'))).toMatchObject({
      tradeStatus: 'TRADE_SUCCESS',
      totalAmount: '50.00',
      buyerUserId: BUYER_ID,
      sendPayDate: '2026-11-21 09:30:00',
    })

    const refund = about('SDK0001', { refund_amount: '12.30', out_request_no: 'SDKR1' })
    const refunded = { code: '10000', refundFee: '12.30' }
    expect(await exec('alipay.trade.refund', refund)).toMatchObject({
      ...refunded,
      fundChange: 'Y',
    })
    expect(await exec('alipay.trade.refund', refund)).toMatchObject({
      ...refunded,
      fundChange: 'N',
    })
    const asked = about('SDK0001', { out_request_no: 'SDKR1', query_options: ['gmt_refund_pay'] })
    expect(await exec('alipay.trade.fastpay.refund.query', asked)).toMatchObject({
      refundStatus: 'REFUND_SUCCESS',
      gmtRefundPay: '2026-11-21 09:30:00',
    })

    const coded = await exec('alipay.trade.precreate', order('SDK0002'))
    expect(coded['qrCode']).toMatch(/^https:\/\/qr\.alipay\.com\//)
    expect(await exec('alipay.trade.close', about('SDK0002'))).toMatchObject({
      code: '40004',
      subCode: 'ACQ.TRADE_NOT_EXIST',
    })

    clock.set(new Date('2026-11-22T10:00:00+08:00'))
    const bill = await exec('alipay.data.dataservice.bill.downloadurl.query', {
      bizContent: { bill_type: 'trade', bill_date: '2026-11-21' },
    })
    await expectBill(String(bill['billDownloadUrl']))
  })

  it('proves notices', async () => {
    const sdk = await start(byCertificate)
    await sdk.exec('alipay.trade.precreate', order('SDK0003'))
    const [trade] = simulator.trades()
    expect(await simulator.pay({ qrCode: trade?.qrCode ?? '' }, BUYER_ID)).toBe('paid')
    await simulator.runDue()
    const [notice = {}] = receiver.received
    expect(notice).toMatchObject({
      trade_status: 'TRADE_SUCCESS',
      out_trade_no: 'SDK0003',
      seller_id: SELLER_ID,
      buyer_id: BUYER_ID,
    })
    expect(sdk.checkNotifySignV2(notice)).toBe(true)
    expect(sdk.checkNotifySignV2({ ...notice, total_amount: '5.00' })).toBe(false)
  })

  it('sends a payer to the page, and signs for an app', async () => {
    const sdk = await start(byCertificate)
    const content = order('SDK0004', { product_code: 'QUICK_WAP_WAY' })
    const url = sdk.pageExecute('alipay.trade.wap.pay', 'GET', content)
    const opened = await request(url)
    await opened.body.dump()
    expect(opened.statusCode).toBe(302)
    const page = await request(`${simulator.url}${String(opened.headers['location'])}`)
    expect(await page.body.text()).toContain('门诊缴费')

    const signed = sdk.sdkExecute('alipay.trade.app.pay', order('SDK0005'))
    expect(await simulator.pay({ orderString: signed }, BUYER_ID)).toBe('paid')
    const altered = sdk
      .sdkExecute('alipay.trade.app.pay', order('SDK0006'))
      .replace('50.00', '0.01')
    expect(await simulator.pay({ orderString: altered }, BUYER_ID)).toBe('refused')
  })

  it('encrypts its content', async () => {
    const sdk = await start(byCertificate)
    const answer = await sdk.exec('alipay.trade.precreate', {
      ...order('SDK0007'),
      needEncrypt: true,
    })
    expect(answer).toMatchObject({ code: '10000', outTradeNo: 'SDK0007' })
  })
})

it('refuses another key, another certificate and an old timestamp', async () => {
  const sdk = await start(true)
  const refused = async (client: AlipaySdk) =>
    (await client.exec('alipay.trade.query', about('X')))['subCode']
  const config = {
    appId: APP_ID,
    keyType: 'PKCS8' as const,
    gateway: `${simulator.url}/gateway.do`,
  }
  const stranger = new AlipaySdk({ ...config, privateKey: keys.platform.privateKeyPem })
  expect(await refused(stranger)).toBe('isv.invalid-signature')
  const bare = new AlipaySdk({ ...config, privateKey: keys.app.privateKeyPem })
  expect(await refused(bare)).toBe('isv.invalid-signature')
  vi.setSystemTime(new Date(clock.now().getTime() - 601 * SECOND_MS))
  expect(await refused(sdk)).toBe('isv.invalid-timestamp')
})

/** Opened by programs of others, and within the thirty seconds. */
async function expectBill(url: string) {
  const file = await request(url)
  const entries = Object.entries(unzipSync(new Uint8Array(await file.body.arrayBuffer())))
  const gbk = (bytes: Uint8Array) => iconv.decode(Buffer.from(bytes), 'gbk')
  const names = entries.map(([name]) => gbk(Buffer.from(name, 'latin1')))
  expect(names).toEqual([
    `${SELLER_ID}0156_20261121_业务明细.csv`,
    `${SELLER_ID}0156_20261121_业务明细(汇总).csv`,
  ])
  const text = gbk(entries[0]?.[1] ?? new Uint8Array())
  expect(text).toContain('#交易合计：1笔，商家实收共50.00元，商家优惠共0.00元')
  expect(text).toContain('#退款合计：1笔，商家实收退款共-12.30元，商家优惠退款共0.00元')
  expect(text).toContain('SDKR1\t,0.07,')
  clock.advance(31 * SECOND_MS)
  const late = await request(url)
  await late.body.dump()
  expect(late.statusCode).toBe(404)
}
