import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { request } from 'undici'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { Formatter, Wechatpay } from 'wechatpay-axios-plugin'
import WxPay from 'wechatpay-node-v3'

import { type BusinessDate, instantAt, SECOND_MS } from '../../../kernel/time.ts'
import type { WechatPaySimulator } from './index.ts'
import {
  API_V3_KEY,
  APPID,
  MCHID,
  OPENID,
  START,
  startChecked,
  startReceiver,
  testClock,
  type TestClock,
  testMerchant,
  testOptions,
} from './testing/bed.ts'

// Two clients written by others, who know nothing of the simulator. They read the machine's clock,
// so it is set to the virtual one.

const PUBLIC_KEY_ID = 'PUB_KEY_ID_0119000001092026112100000001'
let dir: string
let merchantPair: Pair
let platformPair: Pair
let clock: TestClock
let simulator: WechatPaySimulator
let receiver: Awaited<ReturnType<typeof startReceiver>>

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'wechat-sdk-'))
  merchantPair = makePair('merchant')
  platformPair = makePair('platform')
})
afterAll(() => rmSync(dir, { recursive: true }))

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(async () => {
  await simulator.stop()
  await receiver.stop()
  vi.useRealTimers()
})

type Pair = { key: string; certificate: string; publicKey: string; serial: string }

function makePair(name: string): Pair {
  const [key, certificate] = [join(dir, `${name}.key`), join(dir, `${name}.pem`)]
  const to = ['-keyout', key, '-out', certificate, '-days', '3650', '-subj', `/CN=${name}`]
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...to]
  execFileSync('openssl', made, { stdio: 'pipe' })
  const pem = readFileSync(certificate, 'utf8')
  const { publicKey, serialNumber: serial } = new X509Certificate(pem)
  return {
    key: readFileSync(key, 'utf8'),
    certificate: pem,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    serial,
  }
}

async function start(signAs: 'public_key' | 'certificate') {
  clock = testClock(START, (now) => vi.setSystemTime(now))
  receiver = await startReceiver()
  const options = testOptions({ clock })
  const merchants = options.merchants.map((merchant) => ({
    ...merchant,
    merchantPublicKeyPem: merchantPair.certificate,
    merchantSerial: merchantPair.serial,
  }))
  simulator = await startChecked({
    ...options,
    merchants,
    platformKey: {
      privateKeyPem: platformPair.key,
      publicKeyId: PUBLIC_KEY_ID,
      certificatePem: platformPair.certificate,
      signAs,
    },
  })
}

const order = (outTradeNo: string) => ({
  appid: APPID,
  mchid: MCHID,
  description: '门诊缴费',
  out_trade_no: outTradeNo,
  notify_url: `${receiver.url}/notify`,
  amount: { total: 5_000, currency: 'CNY' },
})
const nextMorning = () => clock.set(instantAt('2026-11-22' as BusinessDate, '10:00:00'))

describe.each(['public_key', 'certificate'] as const)('wechatpay-axios-plugin, by %s', (signAs) => {
  it('orders, queries, refunds, closes and reads a bill', async () => {
    await start(signAs)
    const client = new Wechatpay({
      mchid: MCHID,
      serial: merchantPair.serial,
      privateKey: merchantPair.key,
      certs:
        signAs === 'public_key'
          ? { [PUBLIC_KEY_ID]: platformPair.publicKey }
          : { [platformPair.serial]: platformPair.certificate },
      baseURL: `${simulator.url}/`,
    })
    const post = (path: string, data: object) => client.chain(path).post<unknown>(data)
    const get = (path: string, config: object) => client.chain(path).get<unknown>(config)

    const jsapi = { ...order('AXIOS0001'), payer: { openid: OPENID } }
    const placed = await post('v3/pay/transactions/jsapi', jsapi)
    expect(placed.status).toBe(200)
    const { prepay_id: prepayId } = placed.data as { prepay_id: string }
    expect(await simulator.pay({ prepayId }, OPENID)).toBe('paid')

    const found = await get('v3/pay/transactions/out-trade-no/AXIOS0001', {
      params: { mchid: MCHID },
    })
    expect(found.data).toMatchObject({ trade_state: 'SUCCESS', amount: { total: 5_000 } })

    const refund = {
      out_trade_no: 'AXIOS0001',
      out_refund_no: 'AXIOSR001',
      amount: { refund: 1_000, total: 5_000, currency: 'CNY' },
    }
    const refunded = await post('v3/refund/domestic/refunds', refund)
    expect(refunded.data).toMatchObject({ status: 'PROCESSING' })

    await post('v3/pay/transactions/native', order('AXIOS0002'))
    const close = 'v3/pay/transactions/out-trade-no/AXIOS0002/close'
    expect((await post(close, { mchid: MCHID })).status).toBe(204)
    const mismatch = post('v3/pay/transactions/native', order('AXIOS0001'))
    await expect(mismatch).rejects.toMatchObject({
      response: { status: 400, data: { code: 'INVALID_REQUEST' } },
    })

    nextMorning()
    await simulator.runDue()
    const asked = await get('v3/bill/tradebill', {
      params: { bill_date: '2026-11-21' },
    })
    const ticket = asked.data as { download_url: string; hash_value: string }
    const target = new URL(ticket.download_url)
    const file = await get(target.pathname.slice(1), {
      params: Object.fromEntries(target.searchParams),
      responseType: 'arraybuffer',
    })
    const bytes = Buffer.from(file.data as ArrayBuffer)
    expect(createHash('sha1').update(bytes).digest('hex')).toBe(ticket.hash_value)
    // This client takes three bytes of byte-order mark for granted.
    const bill = Formatter.castCsvBill(Buffer.concat([Buffer.from('\ufeff'), bytes])) as {
      rows: Record<string, string>[]
      summary: Record<string, string>
    }
    expect(bill.rows).toMatchObject([
      { 商户订单号: 'AXIOS0001', 订单金额: '50.00', 交易状态: 'SUCCESS' },
      { 商户退款单号: 'AXIOSR001', 退款金额: '10.00', 交易状态: 'REFUND' },
    ])
    expect(bill.summary).toMatchObject({ 总交易单数: '2', 订单总金额: '50.00' })
  })

  it('does not believe an answer that is tampered with', async () => {
    await start(signAs)
    const serial = signAs === 'public_key' ? PUBLIC_KEY_ID : platformPair.serial
    const client = new Wechatpay({
      mchid: MCHID,
      serial: merchantPair.serial,
      privateKey: merchantPair.key,
      certs: { [serial]: merchantPair.publicKey },
      baseURL: `${simulator.url}/`,
    })
    const placed = client.chain('v3/pay/transactions/native').post(order('AXIOS0003'))
    await expect(placed).rejects.toThrow("Verify the response's data")
  })
})

describe('wechatpay-node-v3', () => {
  const HOST = 'https://api.mch.weixin.qq.com'

  /** The client knows one host only; its requests are sent to the simulator instead. */
  function nodeClient() {
    const client = new WxPay({
      appid: APPID,
      mchid: MCHID,
      publicKey: Buffer.from(merchantPair.certificate),
      privateKey: Buffer.from(merchantPair.key),
      key: API_V3_KEY,
    })
    const seen: { headers: Record<string, string>; text: string }[] = []
    const send = async (url: string, method: 'GET' | 'POST', headers: object, body?: object) => {
      const response = await request(url.replace(HOST, simulator.url), {
        method,
        headers: headers as Record<string, string>,
        body: body ? JSON.stringify(body) : null,
      })
      const text = await response.body.text()
      seen.push({ headers: response.headers as Record<string, string>, text })
      const data: unknown = text.startsWith('{') ? JSON.parse(text) : text
      return { status: response.statusCode, data }
    }
    client.createHttp({
      get: (url, headers) => send(url, 'GET', headers),
      post: (url, params, headers) => send(url, 'POST', headers, params),
      upload: () => Promise.reject(new Error('nothing is uploaded here')),
    })
    return { client, seen }
  }

  it('orders, queries, refunds, closes, reads a bill and the certificate', async () => {
    await start('certificate')
    const { client, seen } = nodeClient()
    const { appid: _a, mchid: _m, ...jsapi } = order('NODE00001')
    const placed = await client.transactions_jsapi({ ...jsapi, payer: { openid: OPENID } })
    expect(placed.status).toBe(200)
    const invoke = placed.data as Record<string, string>
    const last = seen.at(-1)
    const verified = await client.verifySign({
      timestamp: last?.headers['wechatpay-timestamp'] ?? '',
      nonce: last?.headers['wechatpay-nonce'] ?? '',
      serial: last?.headers['wechatpay-serial'] ?? '',
      signature: last?.headers['wechatpay-signature'] ?? '',
      body: last?.text ?? '',
    })
    expect(verified).toBe(true)

    // What the client signed for the page opens the wallet.
    const page = await request(
      `${simulator.url}/wallet/pay?${new URLSearchParams({ ...invoke, return_url: receiver.url }).toString()}`,
    )
    expect(page.statusCode).toBe(200)
    await page.body.dump()
    const prepayId = invoke['package']?.slice('prepay_id='.length) ?? ''
    expect(await simulator.pay({ prepayId }, OPENID)).toBe('paid')

    const found = await client.query({ out_trade_no: 'NODE00001' })
    expect(found.data).toMatchObject({ trade_state: 'SUCCESS' })
    const byId = await client.query({ transaction_id: found.data.transaction_id as string })
    expect(byId.data).toEqual(found.data)

    const refunded = await client.refunds({
      out_trade_no: 'NODE00001',
      out_refund_no: 'NODER0001',
      notify_url: `${receiver.url}/refund`,
      amount: { refund: 1_000, total: 5_000, currency: 'CNY' },
    })
    expect(refunded.status).toBe(200)
    clock.advance(30 * SECOND_MS)
    await simulator.runDue()
    expect((await client.find_refunds('NODER0001')).data).toMatchObject({ status: 'SUCCESS' })

    const { appid: _b, mchid: _n, ...native } = order('NODE00002')
    expect((await client.transactions_native(native)).data.code_url).toMatch(/^weixin:/)
    expect((await client.close('NODE00002')).status).toBe(204)

    nextMorning()
    const bill = await client.tradebill({ bill_date: '2026-11-21', bill_type: 'ALL' })
    const url = (bill.data.download_url as string).replace(simulator.url, HOST)
    const file = await client.downloadBill(url)
    expect(createHash('sha1').update(String(file.data)).digest('hex')).toBe(bill.data.hash_value)
    const flow = await client.fundflowbill({ bill_date: '2026-11-21', account_type: 'BASIC' })
    expect(flow.status).toBe(200)

    const [certificate] = await client.get_certificates(API_V3_KEY)
    expect(certificate?.serial_no).toBe(platformPair.serial)
  })

  it('orders for a browser and for an app', async () => {
    await start('certificate')
    const { client } = nodeClient()
    const { appid: _a, mchid: _m, ...h5 } = order('NODE00004')
    const scene = { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } }
    const page = await client.transactions_h5({ ...h5, scene_info: scene } as never)
    const { h5_url: h5Url } = page.data as { h5_url: string }
    const withReturn = `${h5Url}&redirect_url=${encodeURIComponent('https://hub.example/')}`
    expect(await simulator.pay({ h5Url: withReturn }, OPENID)).toBe('paid')

    const { appid: _b, mchid: _n, ...app } = order('NODE00005')
    const opened = await client.transactions_app(app)
    const { prepayid: prepayId } = opened.data as { prepayid: string }
    expect(await simulator.pay({ prepayId }, OPENID)).toBe('paid')
    expect(simulator.orders().map(({ tradeType }) => tradeType)).toEqual(['MWEB', 'APP'])
  })

  it('opens and verifies notices', async () => {
    await start('certificate')
    const { client } = nodeClient()
    const { appid: _a, mchid: _m, ...native } = order('NODE00003')
    const placed = await client.transactions_native(native)
    const { code_url: codeUrl } = placed.data as { code_url: string }
    await simulator.pay({ codeUrl }, OPENID)
    await simulator.runDue()
    const [notice] = receiver.received
    const header = (name: string) => String(notice?.headers[`wechatpay-${name}`])
    const verified = await client.verifySign({
      timestamp: header('timestamp'),
      nonce: header('nonce'),
      serial: header('serial'),
      signature: header('signature'),
      body: notice?.text ?? '',
    })
    expect(verified).toBe(true)
    const { resource } = JSON.parse(notice?.text ?? '') as { resource: Record<string, string> }
    expect(
      client.decipher_gcm(
        resource['ciphertext'] ?? '',
        resource['associated_data'] ?? '',
        resource['nonce'] ?? '',
        API_V3_KEY,
      ),
    ).toMatchObject({ out_trade_no: 'NODE00003', trade_state: 'SUCCESS', trade_type: 'NATIVE' })
  })
})

it('serves no certificate where there is none', async () => {
  clock = testClock(START)
  receiver = await startReceiver()
  simulator = await startChecked(testOptions({ clock }))
  const answer = await testMerchant(simulator.url, clock).get('/v3/certificates')
  expect(answer).toMatchObject({ status: 404, json: { code: 'RESOURCE_NOT_EXISTS' } })
})
