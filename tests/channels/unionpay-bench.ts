import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { request } from 'undici'

import { createUnionPay, readUnionPayParams } from '../../adapters/channels/unionpay/index.ts'
import type { Fault } from '../../apps/simulators/kit/simulator.ts'
import {
  makeUnionPayKeys,
  startUnionPay,
  type UnionPaySimulator,
} from '../../apps/simulators/unionpay/index.ts'
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
  Channel,
  ChargeOrder,
  PayerAction,
  PayMethod,
  RawNotice,
} from '../../modules/payments/index.ts'

// UnionPay's adapter with the simulator behind it.

const START = '2026-11-21T09:30:00+08:00'
export const CARD = '6217001210024455220'
const OTHER_CARD = '6225888800001234'
const [OWN, OTHER] = ['898340183980105', '777290058110048'] as const
const HOSPITALS: Record<string, HospitalId> = { [OWN]: 1 as HospitalId, [OTHER]: 2 as HospitalId }

export const keys = makeUnionPayKeys(new Date(START), seededRandom('unionpay keys'), [OWN, OTHER])

export type SignMethod = '01' | '11' | '12'
const SECURE_KEYS: Record<string, string> = {
  [OWN]: 'shared-key-of-one',
  [OTHER]: 'shared-key-of-two',
}

export type UnionPayBench = ChannelBench & {
  simulator: UnionPaySimulator
  /** The channel itself; `channel` waits for the end of an order that it cannot release before. */
  impatient: Channel
  setNow(instant: Date): void
}

type Options = { signMethod?: SignMethod; voidSameDay?: boolean; start?: string }

export async function openUnionPayBench(
  method: PayMethod,
  { signMethod = '01', voidSameDay = true, start = START }: Options = {},
): Promise<UnionPayBench> {
  let now = new Date(start)
  let nextFault: Fault | null = null
  const clock: Clock = { now: () => now }
  const inbox = await openInbox()
  const simulator = await startUnionPay({
    clock,
    random: seededRandom(`unionpay bench ${method}`),
    faults(point) {
      if (point.operation.startsWith('notify') || nextFault === null) return null
      const fault = nextFault
      nextFault = null
      return fault
    },
    databaseFile: ':memory:',
    port: 0,
    signer: keys.signer,
    merchants: [OWN, OTHER].map((merId) => ({
      merId,
      name: `第${HOSPITALS[merId]}医院`,
      feePpm: 6_000,
      ...merchantProof(merId, signMethod),
    })),
    cards: [
      { cardNo: CARD, holder: '王芳', balanceFen: fen(1_000_000_000) },
      { cardNo: OTHER_CARD, holder: '李强', balanceFen: fen(100) },
    ],
  })
  const channelOf = (merId: string): Channel =>
    createUnionPay(paramsOf({ merId, signMethod, voidSameDay, method }, simulator.url, inbox.url), {
      clock,
      timeoutMs: 5_000,
    })
  const newId = createNewId(clock, seededRandom(`unionpay orders ${method}`))
  const orderOf = (merId: string, changes: Partial<ChargeOrder> = {}): ChargeOrder => {
    const tenderId = newId<'Tender'>()
    const hospitalId = HOSPITALS[merId] ?? (1 as HospitalId)
    const amountFen = changes.amountFen ?? fen(12_345)
    const token = method === 'barcode' ? simulator.payCode(CARD) : null
    return {
      hospitalId,
      paymentId: newId<'Payment'>(),
      tenderId,
      tradeNo: tradeNoOf(hospitalId, tenderId),
      amountFen,
      parts: [{ kind: 'self_pay', amountFen }],
      quoteReference: null,
      description: '门诊费用 MZ20261121001',
      payerAccount: null,
      method,
      presence: { token, ip: '127.0.0.1', returnUrl: 'http://127.0.0.1:3000/pay' },
      createdAt: clock.now(),
      expiresAt: addMs(clock.now(), 15 * MINUTE_MS),
      ...changes,
    }
  }
  const pass = async (ms: number) => {
    now = addMs(now, ms)
    await simulator.runDue()
  }
  const pay = async (merId: string, order: ChargeOrder, action: PayerAction | null) => {
    if (method === 'barcode') return pass(3_000)
    await payWith(simulator, merId, order, action)
  }
  const noticesSoFar = async (): Promise<RawNotice[]> => {
    await simulator.runDue()
    return inbox.received.map((notice) => ({ ...notice, hospitalId: 1 as HospitalId }))
  }
  const impatient = channelOf(OWN)
  return {
    channel: patient(impatient, clock, pass),
    impatient,
    simulator,
    method,
    clock,
    setNow: (instant) => void (now = instant),
    newOrder: (changes) => orderOf(OWN, changes),
    pay: (order, action) => pay(OWN, order, action),
    notices: noticesSoFar,
    // To charge on the page asks nothing of UnionPay, so nothing can go wrong with it.
    trouble: method === 'page' ? null : (kind) => void (nextFault = { kind }),
    async endDay() {
      now = instantAt(addDays(businessDateOf(now), 2), '12:30:00')
      await simulator.runDue()
    },
    books: (order) => Promise.resolve(booksOf(simulator, order)),
    pass,
    isUnseenBeforePaying: true,
    async foreignNotices() {
      const order = orderOf(OTHER)
      const call = { hospitalId: order.hospitalId, trace: () => {} }
      const answer = await channelOf(OTHER).charge(call, order)
      if (answer.outcome === 'pending') await pay(OTHER, order, answer.payerAction)
      return noticesSoFar()
    },
    secrets: [CARD, ...secretsOf(signMethod)],
    async close() {
      const problems = simulator.checkBooks()
      await simulator.stop()
      await inbox.close()
      if (problems.length > 0) throw new Error(problems.join('; '))
    },
  }
}

/**
 * UnionPay closes no order: it is released once its time is over, and until then the channel says that it does not
 * know. The checks want an answer now, so whoever asks here lets that time go by, as the hub does.
 */
const patient = (channel: Channel, clock: Clock, pass: (ms: number) => Promise<void>): Channel => ({
  ...channel,
  async release(call, order) {
    const answer = await channel.release(call, order)
    const mustWait =
      answer.outcome === 'unknown' && /can be paid until|respCode 35/.test(answer.reason)
    if (!mustWait) return answer
    const overAt = addMs(order.expiresAt, 2 * MINUTE_MS)
    await pass(Math.max(0, overAt.getTime() - clock.now().getTime()))
    return channel.release(call, order)
  },
})

const merchantProof = (merId: string, signMethod: SignMethod) =>
  signMethod === '01'
    ? { certificatePem: keyOf(merId).certificatePem }
    : { signMethod, secureKey: SECURE_KEYS[merId] ?? '' }

const keyOf = (merId: string) => {
  const key = keys.merchants.find((merchant) => merchant.merId === merId)
  if (key === undefined) throw new Error(`no key of ${merId}`)
  return key
}

const secretsOf = (signMethod: SignMethod): string[] =>
  signMethod === '01' ? [keyOf(OWN).privateKeyPem.split('\n')[1] ?? ''] : [SECURE_KEYS[OWN] ?? '']

const paramsOf = (
  chosen: { merId: string; signMethod: SignMethod; voidSameDay: boolean; method: PayMethod },
  url: string,
  inboxUrl: string,
) =>
  readUnionPayParams({
    merId: chosen.merId,
    signing:
      chosen.signMethod === '01'
        ? {
            method: '01',
            privateKeyPem: keyOf(chosen.merId).privateKeyPem,
            certificatePem: keyOf(chosen.merId).certificatePem,
          }
        : { method: chosen.signMethod, secureKey: SECURE_KEYS[chosen.merId] },
    trustedCertificatePems:
      chosen.signMethod === '01' ? [keys.rootCertificatePem, keys.middleCertificatePem] : [],
    signerNames: ['中国银联股份有限公司'],
    gatewayUrl: url,
    fileUrl: url,
    backUrl: `${inboxUrl}/v1/hospitals/1/notices/unionpay`,
    frontUrl: 'http://127.0.0.1:3000/pay',
    methods: [chosen.method],
    pageChannelType: '08',
    terminalId: null,
    voidSameDay: chosen.voidSameDay,
    settlementCutOff: '23:00:00',
    fileReadyFrom: '09:00:00',
  })

/** What a payer does with what the hub shows: posts the form, scans the code, hands over the tn. */
async function payWith(
  simulator: UnionPaySimulator,
  merId: string,
  order: ChargeOrder,
  action: PayerAction | null,
): Promise<void> {
  if (action?.kind === 'form') {
    const body = new URLSearchParams(action.fields).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const page = await request(action.url, { method: 'POST', headers, body })
    const text = await page.body.text()
    if (page.statusCode !== 200) throw new Error(`the page says ${page.statusCode}: ${text}`)
  }
  const outcome = await simulator.pay(targetOf(merId, order, action), CARD)
  if (outcome !== 'paid') throw new Error(`UnionPay says ${outcome}`)
}

function targetOf(merId: string, order: ChargeOrder, action: PayerAction | null) {
  switch (action?.kind) {
    case 'qr_code':
      return { qrCode: action.content }
    case 'app':
      return { tn: action.params['tn'] ?? '' }
    case 'form':
      return { merId, orderId: order.tradeNo }
    default:
      throw new Error(`a payer at UnionPay has nothing to do with ${action?.kind ?? 'nothing'}`)
  }
}

function booksOf(simulator: UnionPaySimulator, { tradeNo }: ChargeOrder) {
  const all = simulator.transactions()
  const paid = all.filter((txn) => txn.orderId === tradeNo && txn.queryId !== null)
  const numbers = new Set(paid.map((txn) => txn.queryId))
  const returns = all.filter((txn) => txn.origQueryId !== null && numbers.has(txn.origQueryId))
  const reversed = paid.filter((txn) => txn.state === 'reversed')
  return {
    takenFen: addFen(...paid.map((txn) => txn.amountFen)),
    returnedFen: addFen(...[...returns, ...reversed].map((txn) => txn.amountFen)),
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
      response.writeHead(200).end('ok')
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
