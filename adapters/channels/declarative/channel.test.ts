import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId, Id } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { seededRandom } from '../../../kernel/random.ts'
import type { Channel, ChargeOrder, RefundOrder } from '../../../modules/payments/index.ts'
import type { ExplainStep } from '../../../platform/descriptor/explain.ts'
import type { Exchange } from '../../../platform/exchange.ts'
import { createDeclarativeChannel, readDeclarativeParams } from './index.ts'
import type { Descriptor } from './schema.ts'
import { benchClock, descriptorOf, orderMaker } from './testing/bench-kit.ts'
import {
  macOf,
  ok,
  PARTNER,
  type Reply,
  SECRET,
  startScriptedWallet,
} from './testing/scripted-wallet.ts'

const clock = benchClock()
const HOSPITAL = 1 as HospitalId
const newOrder = orderMaker(clock, 'page', 'channel test')
let wallet: Awaited<ReturnType<typeof startScriptedWallet>>
let channel: Channel
let exchanges: Exchange[]
let steps: ExplainStep[]
let order: ChargeOrder
let refund: RefundOrder
const call = { hospitalId: HOSPITAL, trace: (exchange: Exchange) => void exchanges.push(exchange) }

beforeAll(async () => {
  wallet = await startScriptedWallet(clock)
})
afterAll(() => wallet.stop())
beforeEach(() => {
  wallet.heard.length = 0
  wallet.tell()
  exchanges = []
  steps = []
  channel = channelOf(descriptorOf('cross-border-wallet'))
  order = newOrder(HOSPITAL)
  refund = {
    charge: order,
    chargeProviderNo: 'W1',
    refundId: order.tenderId as string as Id<'Refund'>,
    refundNo: newOrder(HOSPITAL).tradeNo,
    amountFen: fen(2_345),
    remaining: [],
    reason: '退药',
    requestedAt: clock.now(),
  }
})

const paramsOf = (changes: Record<string, string> = {}) => ({
  partnerNo: PARTNER,
  partnerSecret: SECRET,
  baseUrl: wallet.url,
  notifyUrl: 'https://hub.example/v1/hospitals/1/notices/cross_border',
  ...changes,
})

const channelOf = (descriptor: Descriptor, changes: Record<string, string> = {}) =>
  createDeclarativeChannel(descriptor, readDeclarativeParams(descriptor, paramsOf(changes)), {
    clock,
    random: seededRandom('channel'),
    timeoutMs: 1_000,
    explain: (step) => void steps.push(step),
  })

const captured = (changes: object = {}): Reply =>
  ok({
    reference: order.tradeNo,
    state: 'CAPTURED',
    amount: { value: 12_345, currency: 'CNY' },
    walletReference: 'W1',
    capturedAt: '2026-11-21T09:31:00+08:00',
    ...changes,
  })

const refused = (status: number, code: string): Reply => ({
  status,
  json: { error: { code, message: '说明' } },
})

const queried = async (reply: Reply) => {
  wallet.tell(reply)
  return channel.query(call, order)
}

describe('the query of a charge', () => {
  it('tells the money exactly, over a signed request', async () => {
    expect(await queried(captured())).toEqual({
      outcome: 'confirmed',
      move: {
        kind: 'charge',
        ourNo: order.tradeNo,
        providerNo: 'W1',
        parts: [{ kind: 'self_pay', amountFen: 12_345 }],
        at: new Date('2026-11-21T09:31:00+08:00'),
      },
    })
    expect(wallet.heard).toMatchObject([
      { method: 'GET', path: `/xb/v1/payments/${order.tradeNo}`, isSigned: true },
    ])
  })

  it.each([
    ['OPEN', { outcome: 'pending', payerAction: null }],
    ['CANCELLED', { outcome: 'declined', code: 'closed', reason: 'state CANCELLED' }],
    ['EXPIRED', { outcome: 'declined', code: 'closed', reason: 'state EXPIRED' }],
  ])('state %s', async (state, expected) => {
    expect(await queried(captured({ state }))).toEqual(expected)
  })

  it.each<[string, () => Reply]>([
    ['a state in no table', () => captured({ state: 'DISPUTED' })],
    ['a state that is a word of objects', () => captured({ state: 'constructor' })],
    ['no state', () => captured({ state: null })],
    ['another number', () => captured({ reference: 'X'.repeat(30) })],
    ['another currency', () => captured({ amount: { value: 12_345, currency: 'USD' } })],
    ['half a fen', () => captured({ amount: { value: 0.5, currency: 'CNY' } })],
    ['no money', () => captured({ amount: { value: 0, currency: 'CNY' } })],
    ['an amount as text', () => captured({ amount: { value: '12345', currency: 'CNY' } })],
    ['no number of theirs', () => captured({ walletReference: undefined })],
    ['a day that does not exist', () => captured({ capturedAt: '2026-02-30T00:00:00+08:00' })],
    ['a moment without a zone', () => captured({ capturedAt: '2026-11-21T09:31:00' })],
    ['a page of HTML', () => ({ status: 200, text: '<html>502</html>' })],
    ['a list', () => ok([])],
    ['nothing', () => ({ status: 200, text: '' })],
    ['an error nobody knows', () => refused(418, 'TEAPOT')],
    ['a known code under another status', () => refused(400, 'PAYMENT_NOT_FOUND')],
    ['trouble', () => refused(503, 'UNAVAILABLE')],
    ['no proof', () => ({ ...(captured() as object), proof: 'none' }) as Reply],
    ['a wrong proof', () => ({ ...(captured() as object), proof: 'wrong' }) as Reply],
    ['an old proof', () => ({ ...(captured() as object), proof: 'old' }) as Reply],
    [
      'the proof of another answer',
      () => ({ ...(captured() as object), proof: 'of_another_request' }) as Reply,
    ],
    ['an altered body', () => ({ ...(captured() as object), proof: 'altered' }) as Reply],
    [
      'a refusal without proof',
      () => ({ status: 404, json: { error: { code: 'PAYMENT_NOT_FOUND' } }, proof: 'none' }),
    ],
    ['silence', () => 'silence'],
    ['a closed connection', () => 'hang_up'],
    ['more than there is room for', () => ({ status: 200, text: 'x'.repeat(3 * 1024 * 1024) })],
  ])('%s is unknown', async (_what, reply) => {
    expect((await queried(reply())).outcome).toBe('unknown')
    expect(exchanges).toMatchObject([{ system: 'cross_border', outcome: 'unknown' }])
  })

  it('says absent only to the refusal that means it', async () => {
    expect(await queried(refused(404, 'PAYMENT_NOT_FOUND'))).toEqual({ outcome: 'absent' })
  })

  it('is unknown when an expression does not come to an end, or fails', async () => {
    const descriptor = descriptorOf('cross-border-wallet')
    for (const read of [
      '($f := function($x) { $f($x + 1) }; $f(1))',
      '{ "state": $fen("no amount") }',
      '{ "state": body }',
      '"CAPTURED"',
    ]) {
      const { answer } = descriptor.query
      const query = { ...descriptor.query, answer: { ...answer, read } }
      channel = channelOf({
        ...descriptor,
        query,
        limits: { ...descriptor.limits, expressionMs: 200 },
      })
      expect((await queried(captured())).outcome).toBe('unknown')
    }
  })
})

describe('a charge', () => {
  const page = () =>
    ok({
      state: 'OPEN',
      reference: order.tradeNo,
      checkoutUrl: 'https://wallet.example/checkout/1',
    })

  it('gives the payer the page, and is the same request at every try', async () => {
    wallet.tell(page(), page())
    const answer = {
      outcome: 'pending',
      payerAction: { kind: 'page', url: 'https://wallet.example/checkout/1' },
    }
    expect(await channel.charge(call, order)).toEqual(answer)
    clock.advance(1_000)
    expect(await channel.charge(call, order)).toEqual(answer)
    const [first, second] = wallet.heard
    expect(first).toMatchObject({ method: 'PUT', isSigned: true })
    expect(second?.body).toBe(first?.body)
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      amount: { value: 12_345, currency: 'CNY' },
    })
  })

  it('takes no page that is no address', async () => {
    wallet.tell(ok({ state: 'OPEN', checkoutUrl: 'javascript:alert(1)' }))
    expect((await channel.charge(call, order)).outcome).toBe('unknown')
  })

  it('asks when the refusal may speak of an earlier try', async () => {
    wallet.tell(refused(409, 'DIFFERENT_CONTENT'), captured())
    expect((await channel.charge(call, order)).outcome).toBe('confirmed')
    wallet.tell(refused(409, 'DIFFERENT_CONTENT'), refused(404, 'PAYMENT_NOT_FOUND'))
    expect(await channel.charge(call, order)).toMatchObject({
      outcome: 'declined',
      code: 'order_differs',
    })
    wallet.tell(refused(409, 'ALREADY_CAPTURED'), refused(404, 'PAYMENT_NOT_FOUND'))
    expect((await channel.charge(call, order)).outcome).toBe('unknown')
  })

  it('declines what it can never do, and asks nobody', async () => {
    const tooMuch = { ...order, amountFen: fen(100_000_001) }
    expect(await channel.charge(call, tooMuch)).toMatchObject({ code: 'amount_out_of_limits' })
    expect(await channel.charge(call, { ...order, method: 'card' })).toMatchObject({
      code: 'method_not_offered',
    })
    expect(wallet.heard).toEqual([])
  })

  it('asks the backup when the first host cannot be reached, and only then', async () => {
    const descriptor = descriptorOf('cross-border-wallet')
    channel = channelOf(descriptor, { baseUrl: 'http://127.0.0.1:9', backupUrl: wallet.url })
    wallet.tell(page())
    expect((await channel.charge(call, order)).outcome).toBe('pending')
    expect(exchanges.map(({ outcome }) => outcome)).toEqual(['unknown', 'pending'])
    channel = channelOf(descriptor, { backupUrl: 'http://127.0.0.1:9' })
    wallet.tell('hang_up')
    expect((await channel.charge(call, order)).outcome).toBe('unknown')
    expect(exchanges.length).toBe(3)
  })
})

describe('a release', () => {
  it.each<[string, () => Reply[], string]>([
    ['done', () => [ok({ reference: order.tradeNo, state: 'CANCELLED' })], 'released'],
    ['of another number', () => [ok({ reference: 'OTHER', state: 'CANCELLED' })], 'unknown'],
    ['paid meanwhile', () => [refused(409, 'ALREADY_CAPTURED'), captured()], 'confirmed'],
    [
      'said to be paid, and not to be found',
      () => [refused(409, 'ALREADY_CAPTURED'), captured({ state: 'OPEN' })],
      'unknown',
    ],
    ['in another state', () => [ok({ reference: order.tradeNo, state: 'OPEN' })], 'unknown'],
  ])('%s', async (_what, replies, outcome) => {
    wallet.tell(...replies())
    expect((await channel.release(call, order)).outcome).toBe(outcome)
  })
})

describe('a refund', () => {
  const returned = (changes: object = {}) =>
    ok({
      refundReference: refund.refundNo,
      paymentReference: order.tradeNo,
      walletReference: 'R1',
      state: 'COMPLETED',
      amount: { value: 2_345, currency: 'CNY' },
      createdAt: '2026-11-21T10:00:00+08:00',
      ...changes,
    })

  it('is one move under our number', async () => {
    wallet.tell(returned())
    expect(await channel.refund(call, refund)).toMatchObject({
      outcome: 'confirmed',
      moves: [
        { kind: 'return', ourNo: refund.refundNo, providerNo: 'R1', parts: [{ amountFen: 2_345 }] },
      ],
    })
  })

  it.each<[string, () => Reply[], string]>([
    ['pending', () => [returned({ state: 'PENDING' })], 'pending'],
    ['rejected', () => [returned({ state: 'REJECTED' })], 'declined'],
    ['in a state in no table', () => [returned({ state: 'PARTLY' })], 'unknown'],
    ['of another payment', () => [returned({ paymentReference: 'OTHER' })], 'unknown'],
    ['under another number', () => [returned({ refundReference: 'OTHER' })], 'unknown'],
    ['more than is left', () => [refused(422, 'AMOUNT_NOT_AVAILABLE')], 'declined'],
    [
      'sent before with other words',
      () => [refused(409, 'DIFFERENT_CONTENT'), returned()],
      'confirmed',
    ],
    [
      'refused, and not to be found',
      () => [refused(409, 'DIFFERENT_CONTENT'), refused(404, 'REFUND_NOT_FOUND')],
      'declined',
    ],
  ])('%s', async (_what, replies, outcome) => {
    wallet.tell(...replies())
    expect((await channel.refund(call, refund)).outcome).toBe(outcome)
  })
})

describe('a notice', () => {
  const noticeOf = (body: object, changes: Record<string, string> = {}) => {
    const text = JSON.stringify(body)
    const time = String(clock.now().getTime())
    const signature = macOf(`NOTICE\n${time}\nn\n${text}`)
    const headers = {
      'x-wallet-time': time,
      'x-wallet-nonce': 'n',
      'x-wallet-signature': signature,
      ...changes,
    }
    return channel.readNotice({ hospitalId: HOSPITAL, headers, body: Buffer.from(text) })
  }

  it('only says what to ask about', () => {
    expect(noticeOf({ id: 'N1', type: 'payment.captured', reference: 'T1' })).toEqual({
      outcome: 'read',
      dedupeKey: 'N1',
      about: { kind: 'charge', tradeNo: 'T1' },
      summary: 'payment.captured T1',
    })
    expect(noticeOf({ id: 'N2', type: 'refund.completed', reference: 'R1' })).toMatchObject({
      about: { kind: 'refund', refundNo: 'R1' },
    })
  })

  it.each([
    ['an event nobody knows', { id: 'N', type: 'payout.done', reference: 'T' }, {}, 'unreadable'],
    [
      'an event that is a word of objects',
      { id: 'N', type: 'toString', reference: 'T' },
      {},
      'unreadable',
    ],
    ['no number', { id: 'N', type: 'payment.captured' }, {}, 'unreadable'],
    ['a wrong signature', { id: 'N' }, { 'x-wallet-signature': '00' }, 'signature'],
    ['another time than was signed', { id: 'N' }, { 'x-wallet-time': '1' }, 'signature'],
  ])('%s is refused', (_what, body, changes, code) => {
    expect(noticeOf(body, changes)).toEqual({ outcome: 'refused', code })
  })

  it('of another moment is refused', () => {
    const time = String(clock.now().getTime() - 301_000)
    const signature = macOf(`NOTICE\n${time}\nn\n{}`)
    const headers = {
      'x-wallet-time': time,
      'x-wallet-nonce': 'n',
      'x-wallet-signature': signature,
    }
    expect(channel.readNotice({ hospitalId: HOSPITAL, headers, body: Buffer.from('{}') })).toEqual({
      outcome: 'refused',
      code: 'timestamp',
    })
  })
})

it('explains every step, with no secret in any of them', async () => {
  await queried(captured())
  expect(steps.map(({ step }) => step)).toEqual([
    'signature',
    'request',
    'proof',
    'reading',
    'response',
    'result',
  ])
  expect(steps[0]?.fields['text']).toContain(`GET\n/xb/v1/payments/${order.tradeNo}\n`)
  expect(JSON.stringify([steps, exchanges])).not.toContain(SECRET)
})

it('refuses params that do not fit, without saying what they were', () => {
  const descriptor = descriptorOf('cross-border-wallet')
  const fieldOf = (changes: Record<string, unknown>) => {
    try {
      readDeclarativeParams(descriptor, { ...paramsOf(), ...changes })
      return 'none'
    } catch (error) {
      const { field } = (error as { params: { field: string } }).params
      return String(error).includes('short') ? 'the value itself' : field
    }
  }
  expect(fieldOf({})).toBe('none')
  expect(fieldOf({ partnerSecret: 'short' })).toBe('/partnerSecret')
  expect(fieldOf({ partnerNo: 'a b' })).toBe('/partnerNo')
  expect(fieldOf({ baseUrl: 'https://wallet.example/api' })).toBe('/baseUrl')
  expect(fieldOf({ baseUrl: undefined })).toBe('/baseUrl')
  expect(fieldOf({ notifyUrl: 'https://hub.example/a?b=c' })).toBe('/notifyUrl')
  expect(fieldOf({ surplus: 'x' })).toBe('/surplus')
  expect(fieldOf({ backupUrl: '' })).toBe('none')
})
