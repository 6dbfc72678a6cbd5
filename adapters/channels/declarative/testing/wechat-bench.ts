import { generateKeyPairSync } from 'node:crypto'

import { type Fault, noFaults } from '../../../../apps/simulators/kit/simulator.ts'
import {
  startWechatPay,
  type WechatPaySimulator,
} from '../../../../apps/simulators/wechatpay/index.ts'
import type { HospitalId } from '../../../../kernel/id.ts'
import { addFen, fen } from '../../../../kernel/money.ts'
import { seededRandom } from '../../../../kernel/random.ts'
import type { ChannelBench } from '../../../../modules/channels/suite/channel-bench.ts'
import type { ChargeOrder, PayerAction } from '../../../../modules/payments/index.ts'
import type { ExplainStep } from '../../../../platform/descriptor/explain.ts'
import { createDeclarativeChannel, readDeclarativeParams } from '../index.ts'
import { type BenchClock, benchClock, descriptorOf, openInbox, orderMaker } from './bench-kit.ts'

// WeChat Pay as a descriptor, before the same simulator as the coded adapter.

const newKeys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

const merchantKeys = newKeys()
const platformKeys = newKeys()
const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o'
const PUBLIC_KEY_ID = 'PUB_KEY_ID_0119000001092026112100000001'
const APPID = 'wx8888888888888888'
const SERIAL = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1'
const OWN = { hospitalId: 1 as HospitalId, mchid: '1900000109', apiV3Key: 'K'.repeat(31) + '1' }
const OTHER = { hospitalId: 2 as HospitalId, mchid: '1900000208', apiV3Key: 'K'.repeat(31) + '2' }
type Merchant = typeof OWN

export async function openWechatBench(
  explain?: (step: ExplainStep) => void,
): Promise<ChannelBench & { simulator: WechatPaySimulator }> {
  const clock = benchClock()
  const inbox = await openInbox()
  let nextFault: Fault | null = null
  const simulator = await startSimulator(clock, () => {
    const fault = nextFault
    nextFault = null
    return fault
  })
  const urls = { baseUrl: simulator.url, inbox: inbox.url }
  const channelOf = (merchant: Merchant) => channelFor(merchant, clock, urls, explain)
  const orderOf = orderMaker(clock, 'qr_code', 'wechat')
  const pay = async (_order: ChargeOrder, action: PayerAction | null) => {
    const codeUrl = action?.kind === 'qr_code' ? action.content : ''
    const outcome = await simulator.pay({ codeUrl }, OPENID)
    if (outcome !== 'paid') throw new Error(`the wallet says ${outcome}`)
  }
  const received = () => inbox.received.map((notice) => ({ ...notice, hospitalId: OWN.hospitalId }))
  return {
    channel: channelOf(OWN),
    simulator,
    method: 'qr_code',
    clock,
    newOrder: (changes) => orderOf(OWN.hospitalId, changes),
    pay,
    async notices() {
      await simulator.runDue()
      return received()
    },
    trouble: (kind) => void (nextFault = { kind }),
    async endDay() {
      clock.toNextDay('10:30:00')
      await simulator.runDue()
    },
    books: (order) => Promise.resolve(booksOf(simulator, order)),
    async pass(ms) {
      clock.advance(ms)
      await simulator.runDue()
    },
    async foreignNotices() {
      const order = orderOf(OTHER.hospitalId)
      const call = { hospitalId: OTHER.hospitalId, trace: () => {} }
      const answer = await channelOf(OTHER).charge(call, order)
      if (answer.outcome === 'pending') await pay(order, answer.payerAction)
      await simulator.runDue()
      return received()
    },
    secrets: [OWN.apiV3Key, merchantKeys.privateKey.split('\n')[1] ?? ''],
    async close() {
      const problems = simulator.checkBooks()
      await simulator.stop()
      await inbox.close()
      if (problems.length > 0) throw new Error(problems.join('; '))
    },
  }
}

const startSimulator = (clock: BenchClock, nextFault: () => Fault | null) =>
  startWechatPay({
    clock,
    random: seededRandom('declared wechat'),
    faults: (point) => (point.operation.startsWith('notify') ? noFaults(point) : nextFault()),
    databaseFile: ':memory:',
    port: 0,
    merchants: [OWN, OTHER].map(({ hospitalId, ...merchant }) => ({
      ...merchant,
      appid: APPID,
      name: `第${hospitalId}医院`,
      merchantPublicKeyPem: merchantKeys.publicKey,
      merchantSerial: SERIAL,
      feePpm: 6_000,
    })),
    platformKey: { privateKeyPem: platformKeys.privateKey, publicKeyId: PUBLIC_KEY_ID },
    wallets: [{ openid: OPENID, name: '王芳', balanceFen: fen(1_000_000_000) }],
  })

function channelFor(
  { hospitalId, mchid, apiV3Key }: Merchant,
  clock: BenchClock,
  urls: { baseUrl: string; inbox: string },
  explain?: (step: ExplainStep) => void,
) {
  const descriptor = descriptorOf('wechat-native')
  const params = readDeclarativeParams(descriptor, {
    mchid,
    appid: APPID,
    merchantSerial: SERIAL,
    merchantPrivateKey: merchantKeys.privateKey,
    apiV3Key,
    platformKeyId: PUBLIC_KEY_ID,
    platformPublicKey: platformKeys.publicKey,
    baseUrl: urls.baseUrl,
    notifyUrl: `${urls.inbox}/v1/hospitals/${hospitalId}/notices/wechat`,
  })
  const random = seededRandom(`declared wechat channel ${mchid}`)
  const deps = { clock, random, timeoutMs: 5_000, ...(explain ? { explain } : {}) }
  return createDeclarativeChannel(descriptor, params, deps)
}

function booksOf(simulator: WechatPaySimulator, { tradeNo }: ChargeOrder) {
  const orders = simulator.orders().filter((o) => o.outTradeNo === tradeNo && o.paidAt !== null)
  const refunds = simulator.refunds().filter((refund) => refund.outTradeNo === tradeNo)
  return {
    takenFen: addFen(...orders.map((order) => order.totalFen)),
    returnedFen: addFen(...refunds.map((refund) => refund.amountFen)),
  }
}
