import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Payment } from '../../contract/client.ts'
import { assert } from '../../kernel/assert.ts'
import { addMs, SECOND_MS } from '../../kernel/time.ts'
import { type Bed, FOREIGN, openBed, OURS } from './bad-input/bed.ts'
import { inGb18030 } from './bad-input/bills.ts'
import { askOwner, unchanged } from './bad-input/books.ts'
import type { Answered, Between } from './bad-input/go-between.ts'
import {
  confirm,
  payFenOf,
  payInWallet,
  type Payer,
  quoteNew,
  seePayment,
  signInPayer,
} from './bad-input/payer.ts'
import { merchantOf, signedByWallet, walletHeaders } from './bad-input/signing.ts'

// A payer has paid, and what the wallet answers when it is asked about it cannot be believed. Nothing is recorded, what
// it said is kept for finance to see, it is asked again, and its right answer counts.

let bed: Bed
let payer: Payer
beforeAll(async () => {
  bed = await openBed('bad wallet')
  payer = await signInPayer(bed, { insured: true })
})
afterAll(() => bed.stop())

const json = (body: string | Buffer, headers: Record<string, string>, status = 200): Answered => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: Buffer.from(body as string),
})

/** A wallet that answers something else than it would, and signs it. */
const saying =
  (change: (text: string) => string | Buffer): Between =>
  async (_asked, passOn) => {
    const text = (await passOn()).body.toString('utf8')
    const other = change(text)
    assert(other !== text, 'the answer is another')
    return json(other, signedByWallet(bed, other, bed.clock.now()))
  }

/** The wallet's own answer, with other headers. */
const signing =
  (headersOf: (text: string) => Record<string, string>): Between =>
  async (_asked, passOn) => {
    const text = (await passOn()).body.toString('utf8')
    return json(text, headersOf(text))
  }

const page =
  (status: number): Between =>
  async () =>
    json('<html><h1>502 Bad Gateway</h1></html>', { 'content-type': 'text/html' }, status)

/** The wallet tells that there is news, and is asked. */
const NOTICED = { mayAsk: true, apartFrom: ['platform.inbox'] }

const TOTAL = /"total":(\d+)/
const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`

describe('an answer about a paid order', () => {
  it.each<[string, Between]>([
    ['in dollars', saying((text) => text.replace('"currency":"CNY"', '"currency":"USD"'))],
    ['of "12" fen', saying((text) => text.replace(TOTAL, '"total":"12"'))],
    ['of half a fen', saying((text) => text.replace(TOTAL, '"total":$1.5'))],
    ['of nothing', saying((text) => text.replace(TOTAL, '"total":0'))],
    ['of less than nothing', saying((text) => text.replace(TOTAL, '"total":-$1'))],
    ['of no amount', saying((text) => text.replace(TOTAL, '"sum":$1'))],
    [
      'that is of another order',
      saying((text) => text.replace(/"out_trade_no":"[^"]*/, '"out_trade_no":"X')),
    ],
    [
      'that is of a foreign hospital’s merchant',
      saying((text) => text.replace(merchantOf(bed, OURS).mchid, merchantOf(bed, FOREIGN).mchid)),
    ],
    ['F-35: of a state nobody knows', saying((text) => text.replace('"SUCCESS"', '"GIFTED"'))],
    ['that is truncated', saying((text) => text.slice(0, -20))],
    ['in GB 18030', saying(inGb18030)],
    ['that is nested too deep', saying(() => deep)],
    ['of 3 MB', saying((text) => text + ' '.repeat(3 * 1024 * 1024))],
    ['that is HTML', page(200)],
    ['that is an error page', page(502)],
    ['S-24: that is not signed', signing(() => ({}))],
    [
      'that was changed since it was signed',
      signing((text) => signedByWallet(bed, `${text} `, bed.clock.now())),
    ],
    [
      'that is signed by another',
      signing((text) => {
        const { privateKeyPem } = merchantOf(bed, OURS)
        const serial = bed.secrets.wechat.platform.publicKeyId
        return walletHeaders(text, bed.clock.now(), { privateKeyPem, serial })
      }),
    ],
    [
      'that was signed five minutes and a second ago',
      signing((text) => signedByWallet(bed, text, addMs(bed.clock.now(), -301 * SECOND_MS))),
    ],
  ])('%s', async (_what, line) => {
    const payment = await confirm(payer, await quoteNew(bed, payer))
    await bed.rest()
    await payInWallet(bed, payer, payment)
    await bed.toWallet.during(line, () => unchanged(bed, () => bed.rest(), NOTICED))
    const waiting = await seePayment(payer.caller, payment.id)
    expect(waiting).toMatchObject({ payerState: 'to_pay', inTransitFen: 0, attention: null })
    expect(await lastExchange(payment)).toMatchObject({
      operation: 'GET /v3/pay/transactions/out-trade-no/{out_trade_no}',
      outcome: 'unknown',
      response: expect.stringMatching(/./) as string,
    })

    bed.clock.set(new Date(waiting.nextLookAt ?? 0))
    await bed.rest()
    const { status, tenders } = await seePayment(payer.caller, payment.id)
    expect([status, tenders[0]?.takenFen]).toEqual(['succeeded', payFenOf(payment)])
  })
})

async function lastExchange({ id }: Payment) {
  const [last] = await askOwner<{ operation: string; outcome: string; response: string }>(
    bed,
    `select operation, outcome, response from platform.exchange
     where subject = $1 and system = 'wechat' and direction = 'out' order by id desc limit 1`,
    [`payment:${id}`],
  )
  return last
}
