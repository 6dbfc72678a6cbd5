import { generateKeyPairSync } from 'node:crypto'

import { type AlipaySimulator, startAlipay } from '../../../../apps/simulators/alipay/index.ts'
import { type Fault, noFaults } from '../../../../apps/simulators/kit/simulator.ts'
import type { HospitalId } from '../../../../kernel/id.ts'
import { addFen, fen } from '../../../../kernel/money.ts'
import { seededRandom } from '../../../../kernel/random.ts'
import type { ChannelBench } from '../../../../modules/channels/suite/channel-bench.ts'
import type { ChargeOrder, PayerAction } from '../../../../modules/payments/index.ts'
import { createDeclarativeChannel, readDeclarativeParams } from '../index.ts'
import { type BenchClock, benchClock, descriptorOf, openInbox, orderMaker } from './bench-kit.ts'

// Alipay as a descriptor, before the same simulator as the coded adapter.

const newKeys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

const appKeys = newKeys()
const platformKeys = newKeys()
const BUYER_ID = '2088102146225135'
const OWN = {
  hospitalId: 1 as HospitalId,
  appId: '2021000000000001',
  sellerId: '2088021109625633',
}
const OTHER = {
  hospitalId: 2 as HospitalId,
  appId: '2021000000000002',
  sellerId: '2088021109625640',
}
type Merchant = typeof OWN

export async function openAlipayBench(): Promise<ChannelBench> {
  const clock = benchClock()
  const inbox = await openInbox({ status: 200, body: 'success' })
  let nextFault: Fault | null = null
  const simulator = await startSimulator(clock, () => {
    const fault = nextFault
    nextFault = null
    return fault
  })
  const channelOf = (merchant: Merchant) => channelFor(merchant, clock, simulator.url, inbox.url)
  const orderOf = orderMaker(clock, 'qr_code', 'alipay')
  const pay = async (_order: ChargeOrder, action: PayerAction | null) => {
    const qrCode = action?.kind === 'qr_code' ? action.content : ''
    const outcome = await simulator.pay({ qrCode }, BUYER_ID)
    if (outcome !== 'paid') throw new Error(`the wallet says ${outcome}`)
  }
  const later = async (move: () => void) => {
    move()
    await simulator.runDue()
  }
  const received = async () => {
    await simulator.runDue()
    return inbox.received.map((notice) => ({ ...notice, hospitalId: OWN.hospitalId }))
  }
  return {
    channel: channelOf(OWN),
    method: 'qr_code',
    clock,
    newOrder: (changes) => orderOf(OWN.hospitalId, changes),
    pay,
    notices: received,
    trouble: (kind) => void (nextFault = { kind }),
    endDay: () => later(() => clock.toNextDay('10:30:00')),
    books: (order) => Promise.resolve(booksOf(simulator, order)),
    pass: (ms) => later(() => clock.advance(ms)),
    async foreignNotices() {
      const order = orderOf(OTHER.hospitalId)
      const call = { hospitalId: OTHER.hospitalId, trace: () => {} }
      const answer = await channelOf(OTHER).charge(call, order)
      if (answer.outcome === 'pending') await pay(order, answer.payerAction)
      return received()
    },
    secrets: [appKeys.privateKey.split('\n')[1] ?? '', BUYER_ID],
    isUnseenBeforePaying: true,
    async close() {
      const problems = simulator.checkBooks()
      await simulator.stop()
      await inbox.close()
      if (problems.length > 0) throw new Error(problems.join('; '))
    },
  }
}

const startSimulator = (clock: BenchClock, nextFault: () => Fault | null) =>
  startAlipay({
    clock,
    random: seededRandom('declared alipay'),
    faults: (point) => (point.operation === 'notify' ? noFaults(point) : nextFault()),
    databaseFile: ':memory:',
    port: 0,
    apps: [OWN, OTHER].map(({ hospitalId, appId, sellerId }) => ({
      appId,
      sellerId,
      name: `第${hospitalId}医院`,
      appPublicKeyPem: appKeys.publicKey,
      feePpm: 6_000,
    })),
    platform: { privateKeyPem: platformKeys.privateKey },
    wallets: [
      {
        buyerId: BUYER_ID,
        openId: '074a1CcTG1LelxKe4xQC0zgNdId0nxi95b5lsNpazWYoCo5',
        logonId: '138****0001',
        name: '王芳',
        balanceFen: fen(1_000_000_000),
      },
    ],
    cancelEndsUnscannedCode: true,
  })

function channelFor(merchant: Merchant, clock: BenchClock, baseUrl: string, inboxUrl: string) {
  const descriptor = descriptorOf('alipay-precreate')
  const params = readDeclarativeParams(descriptor, {
    appId: merchant.appId,
    sellerId: merchant.sellerId,
    appPrivateKey: appKeys.privateKey,
    alipayPublicKey: platformKeys.publicKey,
    productCode: 'QR_CODE_OFFLINE',
    cancelEndsUnscannedCode: 'yes',
    baseUrl,
    notifyUrl: `${inboxUrl}/v1/hospitals/${merchant.hospitalId}/notices/alipay`,
  })
  const random = seededRandom('declared alipay channel')
  return createDeclarativeChannel(descriptor, params, { clock, random, timeoutMs: 5_000 })
}

function booksOf(simulator: AlipaySimulator, { tradeNo }: ChargeOrder) {
  const trades = simulator.trades().filter((t) => t.outTradeNo === tradeNo && t.paidAt !== null)
  const refunds = simulator.refunds().filter((refund) => refund.outTradeNo === tradeNo)
  return {
    takenFen: addFen(...trades.map((trade) => trade.totalFen)),
    returnedFen: addFen(...refunds.map((refund) => refund.amountFen)),
  }
}
