import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import {
  createWechatPay,
  readWechatPayParams,
  type WechatPay,
  type WechatPayParams,
} from '../../adapters/channels/wechatpay/index.ts'
import { type Fault, type FaultPlan, noFaults } from '../../apps/simulators/kit/simulator.ts'
import type { PlatformKeyOptions } from '../../apps/simulators/wechatpay/certificates.ts'
import { startWechatPay, type WechatPaySimulator } from '../../apps/simulators/wechatpay/index.ts'
import { createNewId, type HospitalId } from '../../kernel/id.ts'
import { addFen, fen } from '../../kernel/money.ts'
import { type Random, seededRandom } from '../../kernel/random.ts'
import {
  addDays,
  addMs,
  businessDateOf,
  type Clock,
  instantAt,
  MINUTE_MS,
} from '../../kernel/time.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import type { ChannelBench } from '../../modules/channels/suite/channel-bench.ts'
import type {
  ChargeOrder,
  PayerAction,
  PayerPresence,
  RawNotice,
} from '../../modules/payments/index.ts'

// WeChat Pay's adapter with the simulator behind it.

type WechatMethod = 'account' | 'qr_code' | 'page' | 'app' | 'barcode'
type SignType = 'MD5' | 'HMAC-SHA256'

export type WechatBench = ChannelBench & {
  channel: WechatPay
  simulator: WechatPaySimulator
  pass(ms: number): Promise<void>
  /** Of the merchant whose channel it is, for the adapter's other clients. */
  params: WechatPayParams
  deps: { clock: Clock; random: Random; timeoutMs: number }
  /** Every notice that came to the merchants' server. */
  inbox(): Promise<readonly RawNotice[]>
  /** What the merchants' server answers: 204 unless told. */
  answerNotices(status: number): void
}

export type BenchOptions = {
  platform?: Partial<PlatformKeyOptions>
  params?: Record<string, unknown>
  signType?: SignType
  start?: Date
  /** By how much the merchant's clock is ahead of WeChat's. */
  skewMs?: number
  /** 国密: the merchants' keys and WeChat's are of SM2. */
  isNational?: boolean
  /** What goes wrong with WeChat's notices. */
  noticeFault?: FaultPlan
}

const newKeys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
const newNationalKeys = () =>
  generateKeyPairSync('ec', {
    namedCurve: 'SM2',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

const rsa = { merchant: newKeys(), platform: newKeys() }
const national = { merchant: newNationalKeys(), platform: newNationalKeys() }
const keysOf = ({ isNational = false }: BenchOptions) => (isNational ? national : rsa)

const START = '2026-11-21T09:30:00+08:00'
export const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o'
const PUBLIC_KEY_ID = 'PUB_KEY_ID_0119000001092026112100000001'
const NATIONAL_KEY_ID = 'PUB_KEY_ID_0119000001092026112100000002'
export const ID_NUMBER = '44030019000101123x'
export const CHILD = { name: '王小明', idNumber: '440300201801011239' }

const merchantOf = (id: number, mchid: string) => ({
  hospitalId: id as HospitalId,
  mchid,
  appid: 'wx8888888888888888',
  mobileAppid: 'wx7777777777777777',
  serial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
  apiV3Key: `Yiqiao-APIv3-key-of-32-letters-${id}`,
  apiV2Key: `Yiqiao-APIv2-key-of-32-letters-${id}`,
})
const OWN = merchantOf(1, '1900000109')
const OTHER = merchantOf(2, '1900000208')
type Merchant = typeof OWN

export async function openWechatBench(
  method: WechatMethod,
  options: BenchOptions = {},
): Promise<WechatBench> {
  let now = options.start ?? new Date(START)
  let nextFault: Fault | null = null
  const clock: Clock = { now: () => now }
  const random = seededRandom(`wechat bench ${method}`)
  const inbox = await openInbox()
  const simulator = await startWechatPay({
    clock,
    random,
    faults(point) {
      if (point.operation.startsWith('notify')) return (options.noticeFault ?? noFaults)(point)
      if (nextFault === null) return null
      const fault = nextFault
      nextFault = null
      return fault
    },
    databaseFile: ':memory:',
    port: 0,
    merchants: [OWN, OTHER].map(({ hospitalId, serial, ...merchant }) => ({
      ...merchant,
      name: `第${hospitalId}医院`,
      merchantPublicKeyPem: keysOf(options).merchant.publicKey,
      merchantSerial: serial,
      feePpm: 6_000,
    })),
    platformKey: {
      privateKeyPem: rsa.platform.privateKey,
      publicKeyId: PUBLIC_KEY_ID,
      national: { privateKeyPem: national.platform.privateKey, publicKeyId: NATIONAL_KEY_ID },
      ...options.platform,
    },
    wallets: [
      {
        openid: OPENID,
        name: '王芳',
        balanceFen: fen(1_000_000_000),
        insured: { idNumber: ID_NUMBER, family: [CHILD] },
      },
    ],
  })
  const urls = { baseUrl: simulator.url, inboxUrl: inbox.url }
  const deps = {
    clock: { now: () => addMs(now, options.skewMs ?? 0) },
    random,
    timeoutMs: 5_000,
  }
  const readParams = (merchant: Merchant) =>
    readWechatPayParams(paramsOf(merchant, method, urls, options))
  const channelOf = (merchant: Merchant) => createWechatPay(readParams(merchant), deps)
  const newOrder = orderMaker(clock, method, simulator)
  const noticesToUs = async () => {
    await simulator.runDue()
    return inbox.received.map((notice) => ({ ...notice, hospitalId: OWN.hospitalId }))
  }
  const foreignNotices = async () => {
    const order = newOrder(OTHER)
    const call = { hospitalId: OTHER.hospitalId, trace: () => {} }
    const answer = await channelOf(OTHER).charge(call, order)
    if (answer.outcome === 'pending') await pay(simulator, OTHER, order, answer.payerAction)
    return noticesToUs()
  }
  return {
    channel: channelOf(OWN),
    simulator,
    params: readParams(OWN),
    deps,
    inbox: noticesToUs,
    answerNotices: (status) => void (inbox.status = status),
    method,
    clock,
    newOrder: (changes) => newOrder(OWN, changes),
    pay: (order, action) => pay(simulator, OWN, order, action),
    // Of a scanned code WeChat sends none, and of its refunds it does.
    notices: method === 'barcode' ? null : noticesToUs,
    ...(method === 'barcode' ? {} : { foreignNotices }),
    trouble: (kind) => void (nextFault = { kind }),
    async endDay() {
      now = instantAt(addDays(businessDateOf(now), 1), '10:30:00')
      await simulator.runDue()
    },
    books: (order) => Promise.resolve(booksOf(simulator, order)),
    async pass(ms) {
      now = addMs(now, ms)
      await simulator.runDue()
    },
    secrets: [OWN.apiV3Key, OWN.apiV2Key, keysOf(options).merchant.privateKey.split('\n')[1] ?? ''],
    async close() {
      const problems = simulator.checkBooks()
      await simulator.stop()
      await inbox.close()
      if (problems.length > 0) throw new Error(problems.join('; '))
    },
  }
}

const paramsOf = (
  merchant: Merchant,
  method: WechatMethod,
  { baseUrl, inboxUrl }: { baseUrl: string; inboxUrl: string },
  options: BenchOptions,
) => ({
  mchid: merchant.mchid,
  appid: merchant.appid,
  mobileAppid: merchant.mobileAppid,
  merchantSerial: merchant.serial,
  merchantPrivateKeyPem: keysOf(options).merchant.privateKey,
  apiV3Key: merchant.apiV3Key,
  cryptography: options.isNational ? 'SM' : 'RSA',
  platformKeys: [
    {
      id: options.isNational ? NATIONAL_KEY_ID : PUBLIC_KEY_ID,
      publicKeyPem: keysOf(options).platform.publicKey,
    },
  ],
  medicalInsurance: {
    institutionNo: 'H44030000001',
    institutionName: '第1医院',
    cityId: '440300',
    channelNo: null,
    callbackUrl: `${inboxUrl}/v1/hospitals/${merchant.hospitalId}/notices/wechat-insurance`,
    isTestEnvironment: false,
  },
  baseUrl,
  backupUrl: null,
  notifyUrl: `${inboxUrl}/v1/hospitals/${merchant.hospitalId}/notices/wechat`,
  methods: [method],
  barcode:
    method === 'barcode'
      ? {
          apiV2Key: merchant.apiV2Key,
          signType: options.signType ?? 'HMAC-SHA256',
          merchantCertificatePem: null,
        }
      : null,
  ...options.params,
})

function orderMaker(clock: Clock, method: WechatMethod, simulator: WechatPaySimulator) {
  const newId = createNewId(clock, seededRandom(`wechat orders ${method}`))
  return ({ hospitalId }: Merchant, changes: Partial<ChargeOrder> = {}): ChargeOrder => {
    const tenderId = newId<'Tender'>()
    const amountFen = changes.amountFen ?? fen(12_345)
    return {
      hospitalId,
      paymentId: newId<'Payment'>(),
      tenderId,
      tradeNo: tradeNoOf(hospitalId, tenderId),
      amountFen,
      parts: [{ kind: 'self_pay', amountFen }],
      quoteReference: null,
      description: '门诊费用 MZ20261121001',
      payerAccount: method === 'account' ? OPENID : null,
      method,
      presence: presenceOf(method, simulator),
      createdAt: clock.now(),
      expiresAt: addMs(clock.now(), 15 * MINUTE_MS),
      ...changes,
    }
  }
}

function presenceOf(method: WechatMethod, simulator: WechatPaySimulator): PayerPresence | null {
  if (method === 'page') {
    return { token: null, ip: '203.0.113.7', returnUrl: 'https://hub.example/pay?id=1&back=2' }
  }
  return method === 'barcode'
    ? { token: simulator.showAuthCode(OPENID), ip: '203.0.113.7', returnUrl: null }
    : null
}

async function pay(
  simulator: WechatPaySimulator,
  { mchid }: Merchant,
  { tradeNo: outTradeNo }: ChargeOrder,
  action: PayerAction | null,
): Promise<void> {
  const target = action === null ? { scannedOrder: { mchid, outTradeNo } } : targetOf(action)
  const outcome = await simulator.pay(target, OPENID)
  if (outcome !== 'paid') throw new Error(`the wallet says ${outcome}`)
}

function targetOf(action: PayerAction) {
  switch (action.kind) {
    case 'wechat_jsapi':
      return { prepayId: (action.params['package'] ?? '').replace('prepay_id=', '') }
    case 'qr_code':
      return { codeUrl: action.content }
    case 'page':
      return { h5Url: action.url }
    case 'app':
      return { prepayId: action.params['prepayId'] ?? '' }
    default:
      throw new Error(`a payer at WeChat has nothing to do with ${action.kind}`)
  }
}

function booksOf(simulator: WechatPaySimulator, { tradeNo }: ChargeOrder) {
  const orders = simulator.orders().filter((order) => {
    const hasMoney = order.paidAt !== null && order.state !== 'REVOKED'
    return order.outTradeNo === tradeNo && hasMoney
  })
  const refunds = simulator.refunds().filter((refund) => refund.outTradeNo === tradeNo)
  return {
    takenFen: addFen(...orders.map((order) => order.totalFen)),
    returnedFen: addFen(...refunds.map((refund) => refund.amountFen)),
  }
}

/** The merchants' server: it keeps what comes and acknowledges it. */
async function openInbox() {
  const received: Omit<RawNotice, 'hospitalId'>[] = []
  const own = { received, status: 204 }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks) })
      response.writeHead(own.status).end()
    })
  })
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return Object.assign(own, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  })
}
