import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { request } from 'undici'

import {
  type AlipayParams,
  createAlipay,
  readAlipayParams,
} from '../../adapters/channels/alipay/index.ts'
import {
  type AlipayOptions,
  type AlipaySimulator,
  startAlipay,
} from '../../apps/simulators/alipay/index.ts'
import { type Fault, noFaults } from '../../apps/simulators/kit/simulator.ts'
import { createNewId, type HospitalId } from '../../kernel/id.ts'
import { addFen, fen } from '../../kernel/money.ts'
import { seededRandom } from '../../kernel/random.ts'
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
  PayMethod,
  RawNotice,
} from '../../modules/payments/index.ts'

// Alipay's adapter with the simulator behind it.

export const newKeys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

const appKeys = newKeys()
const platformKeys = newKeys()

const START = '2026-11-21T09:30:00+08:00'
export const BUYER_ID = '2088102146225135'
export const OPEN_ID = '074a1CcTG1LelxKe4xQC0zgNdId0nxi95b5lsNpazWYoCo5'
const CONTENT_KEY = 'aa4BtZ4tspm2wnXLb1ThQA=='
const CODE_LIFE_MS = 15 * MINUTE_MS

const MERCHANTS = [
  { hospitalId: 1 as HospitalId, appId: '2021000000000001', sellerId: '2088021109625633' },
  { hospitalId: 2 as HospitalId, appId: '2021000000000002', sellerId: '2088021109625640' },
]
type Merchant = (typeof MERCHANTS)[number]

export type AlipayBench = ChannelBench & {
  simulator: AlipaySimulator
  params: AlipayParams
  /** Lets time go by, and nothing come due in it. */
  advance(ms: number): void
  /** What goes wrong with the next call. */
  strike(fault: Fault): void
}

export type BenchOptions = {
  params?: Partial<AlipayParams>
  simulator?: Partial<AlipayOptions>
}

export async function openAlipayBench(
  method: PayMethod,
  options: BenchOptions = {},
): Promise<AlipayBench> {
  let now = new Date(START)
  let nextFault: Fault | null = null
  const clock: Clock = { now: () => now }
  const random = seededRandom(`alipay bench ${method}`)
  const inbox = await openInbox()
  const simulator = await startAlipay({
    clock,
    random,
    faults(point) {
      if (point.operation === 'notify' || nextFault === null) return noFaults(point)
      const fault = nextFault
      nextFault = null
      return fault
    },
    databaseFile: ':memory:',
    port: 0,
    apps: appsOf(options, inbox.url),
    platform: { privateKeyPem: platformKeys.privateKey },
    wallets: [
      {
        buyerId: BUYER_ID,
        openId: OPEN_ID,
        logonId: '138****0001',
        name: '王芳',
        balanceFen: fen(1_000_000_000),
      },
    ],
    cancelEndsUnscannedCode: true,
    ...options.simulator,
  })
  const urls = { gateway: `${simulator.url}/gateway.do`, inbox: inbox.url }
  const paramsFor = (merchant: Merchant) =>
    readAlipayParams({ ...paramsOf(merchant, method, urls), ...options.params })
  const channelOf = (merchant: Merchant) =>
    createAlipay(paramsFor(merchant), { clock, timeoutMs: 5_000 })
  const orderOf = orderMaker(clock, method, simulator)
  const [own, other] = MERCHANTS as [Merchant, Merchant]
  const pay = (order: ChargeOrder, action: PayerAction | null) => payWith(simulator, order, action)
  const heard = async () => {
    await simulator.runDue()
    return inbox.received.map((notice) => ({ ...notice, hospitalId: own.hospitalId }))
  }
  return {
    channel: channelOf(own),
    params: paramsFor(own),
    simulator,
    method,
    clock,
    newOrder: (changes) => orderOf(own, changes),
    pay,
    notices: heard,
    trouble: (kind) => void (nextFault = { kind }),
    strike: (fault) => void (nextFault = fault),
    async endDay() {
      now = instantAt(addDays(businessDateOf(now), 1), '10:30:00')
      await simulator.runDue()
    },
    books: (order) => Promise.resolve(booksOf(simulator, order)),
    async pass(ms) {
      now = addMs(now, ms)
      await simulator.runDue()
    },
    advance: (ms) => void (now = addMs(now, ms)),
    async foreignNotices() {
      const order = orderOf(other, { hospitalId: other.hospitalId })
      const call = { hospitalId: other.hospitalId, trace: () => {} }
      const answer = await channelOf(other).charge(call, order)
      if (answer.outcome === 'pending') await pay(order, answer.payerAction)
      return heard()
    },
    secrets: [appKeys.privateKey.split('\n')[1] ?? '', OPEN_ID, BUYER_ID],
    isUnseenBeforePaying: method !== 'account' && method !== 'barcode',
    async close() {
      const problems = simulator.checkBooks()
      await simulator.stop()
      await inbox.close()
      if (problems.length > 0) throw new Error(problems.join('; '))
    },
  }
}

const appsOf = ({ params }: BenchOptions, inboxUrl: string): AlipayOptions['apps'] =>
  MERCHANTS.map(({ hospitalId, appId, sellerId }) => ({
    appId,
    sellerId,
    name: `第${hospitalId}医院`,
    appPublicKeyPem: appKeys.publicKey,
    feePpm: 6_000,
    contentKey: CONTENT_KEY,
    usesOpenId: params?.payerAccount === 'buyer_open_id',
    gatewayUrl: `${inboxUrl}/v1/hospitals/${hospitalId}/notices/alipay`,
  }))

const paramsOf = (
  { hospitalId, appId, sellerId }: Merchant,
  method: PayMethod,
  urls: { gateway: string; inbox: string },
) => ({
  appId,
  sellerId,
  appPrivateKeyPem: appKeys.privateKey,
  alipayPublicKeyPem: platformKeys.publicKey,
  certificates: null,
  contentKey: null,
  gatewayUrl: urls.gateway,
  notifyUrl: `${urls.inbox}/v1/hospitals/${hospitalId}/notices/alipay`,
  appAuthToken: null,
  methods: [method],
  payerAccount: 'buyer_id',
  opAppId: '2021000000000009',
  qrProductCode: 'QR_CODE_OFFLINE',
  cancelEndsUnscannedCode: true,
})

export const ENCRYPTED: Partial<AlipayParams> = { contentKey: CONTENT_KEY }

function orderMaker(clock: Clock, method: PayMethod, simulator: AlipaySimulator) {
  const newId = createNewId(clock, seededRandom(`alipay orders ${method}`))
  return ({ hospitalId }: Merchant, changes: Partial<ChargeOrder> = {}): ChargeOrder => {
    const tenderId = newId<'Tender'>()
    const amountFen = changes.amountFen ?? fen(12_345)
    const token = method === 'barcode' ? simulator.barcodeOf(BUYER_ID) : null
    return {
      hospitalId,
      paymentId: newId<'Payment'>(),
      tenderId,
      tradeNo: tradeNoOf(hospitalId, tenderId),
      amountFen,
      parts: [{ kind: 'self_pay', amountFen }],
      quoteReference: null,
      description: '门诊费用 MZ20261121001',
      payerAccount: method === 'account' ? BUYER_ID : null,
      method,
      presence: token === null ? null : { token, ip: null, returnUrl: null },
      createdAt: clock.now(),
      expiresAt: addMs(clock.now(), CODE_LIFE_MS),
      ...changes,
    }
  }
}

/** What the payer does with what their device was given: nothing here knows how the adapter made it. */
async function payWith(
  simulator: AlipaySimulator,
  { tradeNo: outTradeNo }: ChargeOrder,
  action: PayerAction | null,
): Promise<void> {
  if (action?.kind === 'page') {
    const response = await request(action.url)
    await response.body.dump()
    if (response.statusCode !== 302) throw new Error(`the page says ${response.statusCode}`)
  }
  const outcome = await simulator.pay(targetOf(outTradeNo, action), BUYER_ID)
  if (outcome !== 'paid') throw new Error(`the wallet says ${outcome}`)
}

function targetOf(outTradeNo: string, action: PayerAction | null) {
  switch (action?.kind) {
    case 'alipay_trade':
      return { tradeNo: action.tradeNo }
    case 'qr_code':
      return { qrCode: action.content }
    case 'app':
      return { orderString: action.params['orderStr'] ?? '' }
    default:
      return { outTradeNo }
  }
}

function booksOf(simulator: AlipaySimulator, { tradeNo }: ChargeOrder) {
  const trades = simulator.trades().filter((t) => t.outTradeNo === tradeNo && t.paidAt !== null)
  const refunds = simulator.refunds().filter((refund) => refund.outTradeNo === tradeNo)
  return {
    takenFen: addFen(...trades.map((trade) => trade.totalFen)),
    returnedFen: addFen(...refunds.map((refund) => refund.amountFen)),
  }
}

/** The merchants' server: it keeps what comes and acknowledges it. */
async function openInbox() {
  const received: Omit<RawNotice, 'hospitalId'>[] = []
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      received.push({ headers: incoming.headers, body: Buffer.concat(chunks) })
      response.writeHead(200, { 'content-type': 'text/plain' }).end('success')
    })
  })
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    received,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
