import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Payment, Timeline } from '../../contract/client.ts'
import { assert } from '../../kernel/assert.ts'
import { addMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { type Bed, FOREIGN, openBed, OURS } from './bad-input/bed.ts'
import { askOwner, countRows, unchanged } from './bad-input/books.ts'
import { type Answer, type Caller, type Headers, send, signInFinance } from './bad-input/client.ts'
import {
  confirm,
  payFenOf,
  payInWallet,
  payNewBill,
  type Payer,
  quoteNew,
  seePayment,
  signInPayer,
} from './bad-input/payer.ts'
import { refuses, type Row } from './bad-input/problem.ts'
import { merchantOf, noticeText, signedByWallet, walletHeaders } from './bad-input/signing.ts'

// Notices of the wallet that are not what they should be. What is not proven is refused and not kept. What is proven is
// kept, whatever it says, and believed in nothing but that there may be news: the wallet itself is asked.

let bed: Bed
let payer: Payer
let finance: Caller
/** Agreed to and not paid: the wallet has the order. */
let waiting: Payment
let waitingNo: string
let paid: Payment

beforeAll(async () => {
  bed = await openBed('bad notices')
  payer = await signInPayer(bed, { insured: true })
  finance = await signInFinance(bed, OURS)
  paid = await payNewBill(bed, payer)
  waiting = await confirm(payer, await quoteNew(bed, payer))
  waitingNo = bed.region.wechat.orders().at(-1)?.outTradeNo ?? ''
  await bed.rest()
})
afterAll(() => bed.stop())

let eventNo = 0
beforeEach(() => void eventNo++)

/** What the wallet would tell of the waiting order, had it been paid. */
const transaction = (changes: object = {}) => ({
  appid: merchantOf(bed, OURS).appid,
  mchid: merchantOf(bed, OURS).mchid,
  out_trade_no: waitingNo,
  transaction_id: '4200000001202611230000000099',
  trade_type: 'JSAPI',
  trade_state: 'SUCCESS',
  success_time: '2026-11-23T09:00:00+08:00',
  amount: { ...inYuan, total: payFenOf(waiting), payer_total: payFenOf(waiting) },
  ...changes,
})
const inYuan = { currency: 'CNY', payer_currency: 'CNY' }

const eventId = () => `EV-${eventNo}`
const PAID = 'TRANSACTION.SUCCESS'
const textOf = (content: object | string, event = PAID) =>
  noticeText(eventId(), event, content, merchantOf(bed, OURS))

const deliver = (body: string, headers: Headers, at = OURS, provider = 'wechat'): Promise<Answer> =>
  send(`${bed.hubUrl}/v1/hospitals/${at}/notices/${provider}`, 'POST', headers, body)

const deliverSigned = (body: string, at = OURS) =>
  deliver(body, signedByWallet(bed, body, bed.clock.now()), at)

type InboxRow = {
  attempts: number
  last_error: string | null
  done_at: Date | null
  due_at: Date | null
  content: { about: { tradeNo: string }; summary: string }
}

const keptNotice = async (id = eventId()) => {
  const rows = await askOwner<InboxRow>(bed, 'select * from platform.inbox where dedupe_key = $1', [
    `wechat:${id}`,
  ])
  expect(rows.length).toBeLessThanOrEqual(1)
  return rows[0] ?? null
}

const theBed = () => bed
const REFUSED = 'payments.notice_refused'

/** A notice that is not believed, and why. */
const unproven = (what: string, work: () => Promise<Answer>, reason: string): Row => [
  what,
  work,
  401,
  REFUSED,
  { reason },
]

/** It is written down, and whoever is asked says nothing new. */
const KEPT = { mayAsk: true, apartFrom: ['platform.inbox'] }

describe('S-23: a proven notice that is wrong is kept, and the wallet is asked', () => {
  it.each<[string, (fen: number) => object]>([
    ['of one fen', () => ({ amount: { ...inYuan, total: 1, payer_total: 1 } })],
    ['of ten times the amount', (fen) => ({ amount: { ...inYuan, total: fen * 10 } })],
    ['of less than nothing', (fen) => ({ amount: { ...inYuan, total: -fen } })],
    ['of "12"', () => ({ amount: { ...inYuan, total: '12' } })],
    ['of no amount', () => ({ amount: undefined })],
    ['in dollars', (fen) => ({ amount: { total: fen, currency: 'USD', payer_currency: 'USD' } })],
    ['of the right amount that nobody has paid', () => ({})],
  ])('%s', async (_what, changesFor) => {
    const asked = bed.toWallet.heard.length
    const body = textOf(transaction(changesFor(payFenOf(waiting))))
    const answer = await unchanged(
      bed,
      async () => {
        const delivered = await deliverSigned(body)
        await bed.rest()
        return delivered
      },
      KEPT,
    )
    expect(answer.status).toBe(204)
    expect(await keptNotice()).toMatchObject({
      attempts: 1,
      last_error: null,
      done_at: bed.clock.now(),
      content: { about: { kind: 'charge', tradeNo: waitingNo } },
    })
    const questions = bed.toWallet.heard.slice(asked).map(({ method, path }) => `${method} ${path}`)
    expect(questions).toEqual([expect.stringContaining(`GET /v3/pay/transactions/out-trade-no/`)])
    expect((await seePayment(payer.caller, waiting.id)).payerState).toBe('to_pay')
  })

  it('and stands in the payment’s history, for finance to see', async () => {
    const answer = await finance.get(`payments/${waiting.id}/timeline`)
    const { events } = answer.body as unknown as Timeline
    const notices = events.filter(({ kind }) => kind === 'notice')
    expect(notices).toHaveLength(7)
    expect(notices[0]).toMatchObject({
      outcome: 'kept',
      request: expect.stringContaining(waitingNo),
    })
  })

  it('about a payment that is over, too', async () => {
    const [order] = bed.region.wechat.orders()
    assert(order, 'the paid payment has an order')
    const wrong = transaction({
      out_trade_no: order.outTradeNo,
      amount: { ...inYuan, total: 1 },
    })
    await unchanged(
      bed,
      async () => {
        expect((await deliverSigned(textOf(wrong))).status).toBe(204)
        await bed.rest()
      },
      KEPT,
    )
    expect(await keptNotice()).toMatchObject({ last_error: null })
  })
})

describe('F-20: a notice about what is not ours is kept with its error, for a person', () => {
  const unknownNo = (hospital: string) => `${hospital}01M82YNFM0EFDB6XETTBDEY3B9`

  it.each([
    ['an order that nobody made', unknownNo('0001'), /there is no tender/],
    ['an order of a foreign hospital', unknownNo('0002'), /not a number of this hospital/],
    ['a number that is none of ours', 'CAFE-2026-0001', /not a number of this hospital/],
  ])('%s', async (_what, tradeNo, error) => {
    const work = async () => {
      const wrong = transaction({ out_trade_no: tradeNo })
      expect((await deliverSigned(textOf(wrong))).status).toBe(204)
      await bed.rest()
    }
    await unchanged(bed, work, { apartFrom: ['platform.inbox'] })
    expect(await keptNotice()).toMatchObject({
      attempts: 1,
      done_at: null,
      last_error: expect.stringMatching(error),
      content: { about: { kind: 'charge', tradeNo } },
    })
  })
})

const strangersKey = () => merchantOf(bed, OURS).privateKeyPem

/** The notice of a payment that was never made, by somebody who is not the wallet. */
const forged = (
  what: string,
  forge: (body: string, good: Headers) => Headers,
  bodyOf = (body: string) => body,
): Row =>
  unproven(
    what,
    () => {
      const body = textOf(transaction())
      return deliver(bodyOf(body), forge(body, signedByWallet(bed, body, bed.clock.now())))
    },
    'signature',
  )

refuses('S-22: a forged notice', theBed, [
  forged('signed by another, under the wallet’s name', (body) => {
    const serial = bed.secrets.wechat.platform.publicKeyId
    return walletHeaders(body, bed.clock.now(), { privateKeyPem: strangersKey(), serial })
  }),
  forged('signed by another, under a name of its own', (body) => {
    const stranger = { privateKeyPem: strangersKey(), serial: 'PUB_KEY_ID_STRANGER' }
    return walletHeaders(body, bed.clock.now(), stranger)
  }),
  forged(
    'changed since it was signed',
    (_body, good) => good,
    (body) => `${body} `,
  ),
  forged('with the signature of another time', (_body, good) => ({
    ...good,
    'wechatpay-timestamp': String(Number(good['wechatpay-timestamp']) + 1),
  })),
  forged('with a signature that is none', (_body, good) => ({
    ...good,
    'wechatpay-signature': 'bm90IGEgc2lnbmF0dXJl',
  })),
  forged('F-23: with the wallet’s probe in place of a signature', (_body, good) => ({
    ...good,
    'wechatpay-signature': `WECHATPAY/SIGNTEST/${good['wechatpay-signature']}`,
  })),
  forged('without any signature', () => ({})),
])

const at = (differenceMs: number) => {
  const body = textOf(transaction())
  return deliver(body, signedByWallet(bed, body, addMs(bed.clock.now(), differenceMs)))
}
const toProvider = (provider: string) => {
  const body = textOf(transaction())
  return deliver(body, signedByWallet(bed, body, bed.clock.now()), OURS, provider)
}
const UNKNOWN = 'payments.channel_unknown'

refuses('F-22: a signed notice that is none for us', theBed, [
  unproven(
    'sealed for a foreign hospital',
    () => deliverSigned(noticeText(eventId(), PAID, transaction(), merchantOf(bed, FOREIGN))),
    'unreadable',
  ),
  unproven(
    'of a foreign hospital’s merchant',
    () => deliverSigned(textOf(transaction({ mchid: merchantOf(bed, FOREIGN).mchid }))),
    'foreign',
  ),
  unproven(
    'of another app',
    () => deliverSigned(textOf(transaction({ appid: 'wx0000000000000000' }))),
    'foreign',
  ),
  unproven(
    'of ours, at a foreign hospital’s address',
    () => deliverSigned(textOf(transaction()), FOREIGN),
    'unreadable',
  ),
  unproven('of no event we know', () => deliverSigned(textOf('{}', 'COUPON.SEND')), 'unreadable'),
  unproven('with HTML in it', () => deliverSigned(textOf('<html></html>')), 'unreadable'),
  unproven('without an order', () => deliverSigned(textOf('{"mchid":"1"}')), 'unreadable'),
  ['of a wallet we have not', () => toProvider('alipay'), 400, UNKNOWN, { channel: 'alipay' }],
  ['of no wallet', () => toProvider('insurance'), 400, UNKNOWN, { channel: 'insurance' }],
  [
    'of 2 MB',
    () => deliverSigned(JSON.stringify({ id: 'x'.repeat(2 * 1024 * 1024) })),
    413,
    'http.body_too_large',
  ],
  [
    'nested too deep',
    () => deliverSigned(`{"id":${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
    400,
    'http.json_too_deep',
  ],
  ['that is cut short', () => deliverSigned('{"id":"EV-1","eve'), 400, 'http.invalid_json'],
  ['that is HTML', () => deliverSigned('<html>502</html>'), 400, 'http.invalid_json'],
])

refuses('S-22: an old notice', theBed, [
  unproven('of five minutes and a second', () => at(-301 * SECOND_MS), 'timestamp'),
  unproven('of a day', () => at(-24 * HOUR_MS), 'timestamp'),
  unproven('from five minutes and a second ahead', () => at(301 * SECOND_MS), 'timestamp'),
])

it('a notice of five minutes is not old', async () => {
  expect((await at(-5 * MINUTE_MS)).status).toBe(204)
  await bed.rest()
})

describe('a replayed notice', () => {
  /** The wallet's own notice of the paid payment, as it went over the line. */
  const original = () => {
    const [notice] = bed.toHub.heard.filter(({ path }) => path.endsWith('/notices/wechat'))
    assert(notice, 'the wallet has told of the paid payment')
    const headers = Object.entries(notice.headers).flatMap(([name, value]): [string, string][] =>
      name.startsWith('wechatpay-') && typeof value === 'string' ? [[name, value]] : [],
    )
    return { body: notice.body.toString('utf8'), headers: Object.fromEntries(headers) }
  }

  it('is acknowledged as often as it comes, kept once, and changes nothing', async () => {
    expect(paid.status).toBe('succeeded')
    const { body, headers } = original()
    const { id } = JSON.parse(body) as { id: string }
    const kept = await keptNotice(id)
    const before = await countRows(bed, 'platform.inbox')
    const asked = bed.toWallet.heard.length
    await unchanged(bed, async () => {
      for (let time = 0; time < 3; time++) {
        expect((await deliver(body, headers)).status).toBe(204)
        await bed.rest()
      }
    })
    expect(await keptNotice(id)).toEqual(kept)
    expect(await countRows(bed, 'platform.inbox')).toBe(before)
    expect(bed.toWallet.heard.length).toBe(asked)
  })

  it('is refused at a foreign hospital', async () => {
    const { body, headers } = original()
    const answer = await unchanged(bed, () => deliver(body, headers, FOREIGN))
    expect(answer).toBeProblem(401, REFUSED, { reason: 'unreadable' })
  })

  it('is refused when it is older than five minutes', async () => {
    const { body, headers } = original()
    bed.clock.advance(5 * MINUTE_MS)
    await unchanged(bed, async () => expect((await deliver(body, headers)).status).toBe(204))
    bed.clock.advance(SECOND_MS)
    const answer = await unchanged(bed, () => deliver(body, headers))
    expect(answer).toBeProblem(401, REFUSED, { reason: 'timestamp' })
  })
})

it('nothing is lost by all of it: the order is paid, and what the wallet says of it counts', async () => {
  await payInWallet(bed, payer, await seePayment(payer.caller, waiting.id))
  await bed.rest()
  const { status, tenders } = await seePayment(payer.caller, waiting.id)
  expect(status).toBe('succeeded')
  expect(tenders[0]?.takenFen).toBe(payFenOf(waiting))
})

it('a wrong amount told of a paid order is not believed, and what was paid is', async () => {
  const payment = await confirm(payer, await quoteNew(bed, payer))
  const tradeNo = bed.region.wechat.orders().at(-1)?.outTradeNo
  const told = transaction({ out_trade_no: tradeNo, amount: { ...inYuan, total: 1 } })
  await payInWallet(bed, payer, payment)
  expect((await deliverSigned(textOf(told))).status).toBe(204)
  await bed.rest()
  const { status, tenders } = await seePayment(payer.caller, payment.id)
  expect([status, tenders[0]?.takenFen]).toEqual(['succeeded', payFenOf(payment)])
})

it('a notice about what is not ours is tried for an hour and more, and then stays', async () => {
  const body = textOf(transaction({ out_trade_no: 'CAFE-2026-0002' }))
  expect((await deliverSigned(body)).status).toBe(204)
  for (let hour = 0; hour < 4; hour++) {
    for (let minute = 0; minute < 60; minute += 10) {
      await bed.rest()
      bed.clock.advance(10 * MINUTE_MS)
    }
  }
  expect(await keptNotice()).toMatchObject({ attempts: 12, done_at: null, due_at: null })
})
