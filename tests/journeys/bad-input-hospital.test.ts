import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Payment } from '../../contract/client.ts'
import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addMs, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { type Bed, FOREIGN, openBed, OURS } from './bad-input/bed.ts'
import { inGb18030 } from './bad-input/bills.ts'
import { askOwner, unchanged } from './bad-input/books.ts'
import { type Answer, type Caller, send, signInFinance } from './bad-input/client.ts'
import type { Answered, Asked, Between } from './bad-input/go-between.ts'
import {
  billFor,
  confirm,
  hisOf,
  payFenOf,
  payInWallet,
  payNewBill,
  type Payer,
  quoteNew,
  seePayment,
  signInPayer,
  wishFor,
} from './bad-input/payer.ts'
import { refuses, type Row } from './bad-input/problem.ts'
import { hisAnswerHeaders, hisRequestHeaders, hospitalKeys } from './bad-input/signing.ts'

// A hospital's system that answers HTML, or what cannot be believed: who asked is told that the hospital cannot be
// reached, nothing changes, and what it was told or asked is told and asked again. And its own requests, when they are
// forged, old, sent twice or wrong.

let bed: Bed
let payer: Payer
let newcomer: Payer
let finance: Caller
let paid: Payment
let paidElsewhere: Payment

beforeAll(async () => {
  bed = await openBed('bad hospital')
  payer = await signInPayer(bed, { insured: true, cardOf: [OURS, FOREIGN] })
  newcomer = await signInPayer(bed, { insured: true, not: payer.person })
  finance = await signInFinance(bed, OURS)
  paid = await payNewBill(bed, payer)
  paidElsewhere = await payNewBill(bed, payer, FOREIGN)
})
afterAll(() => bed.stop())

const PAGE: Answered = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: Buffer.from('<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>'),
}

/** A page of HTML in place of the hospital's system: nothing is done there. */
const html: Between = async () => PAGE
const errorPage: Between = async () => ({ ...PAGE, status: 502 })
/** It is done there, and a page of HTML is answered. */
const htmlAfterwards: Between = async (_asked, passOn) => {
  await passOn()
  return PAGE
}

const lastExchange = async (subject: string) => {
  const [last] = await askOwner<{ operation: string; response: string; outcome: string }>(
    bed,
    `select operation, response, outcome from platform.exchange
     where subject = $1 and system = 'his' order by id desc limit 1`,
    [subject],
  )
  return last
}

const UNAVAILABLE = 'billing.hospital_unavailable'

describe.each([
  ['HTML', html],
  ['an error page', errorPage],
])('a hospital’s system that answers %s', (_what, line) => {
  it('to a patient it is to find', async () => {
    const bill = billFor(bed, newcomer)
    const ask = () => newcomer.caller.post('payments', wishFor(bill))
    const answer = await bed.toHis.during(line, () => unchanged(bed, ask))
    expect(answer).toBeProblem(503, 'identity.hospital_unavailable')
  })

  it('to a payer who wants to see what is owed: it shows what it knew, and says so', async () => {
    const bill = billFor(bed, payer)
    const known = await payer.caller.get('bills')
    expect(known.body['stale']).toBe(false)
    const ask = () => payer.caller.get('bills')
    const answer = await bed.toHis.during(line, () => unchanged(bed, ask))
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({ ...known.body, stale: true })
    expect(JSON.stringify(answer.body)).toContain(bill.billNo)
  })

  it('to a plan: the same request has its plan when the hospital is back', async () => {
    const bill = billFor(bed, payer)
    const key = { 'idempotency-key': randomUUID() }
    const ask = () => payer.caller.post('payments', wishFor(bill), key)
    const answer = await bed.toHis.during(line, () => unchanged(bed, ask))
    expect(answer).toBeProblem(503, UNAVAILABLE)
    const kept = await lastExchange('hospital:1')
    expect(kept?.response).toContain('no JSON')
    expect((await ask()).status).toBe(201)
  })

  it('to what the payer agrees to: the same request is agreed to when the hospital is back', async () => {
    const plan = await quoteNew(bed, payer)
    const key = { 'idempotency-key': randomUUID() }
    const wish = { payFen: payFenOf(plan) }
    const ask = () => payer.caller.post(`payments/${plan.id}/confirmation`, wish, key)
    const answer = await bed.toHis.during(line, () => unchanged(bed, ask))
    expect(answer).toBeProblem(503, UNAVAILABLE)
    expect(await ask()).toMatchObject({ status: 200, body: { payerState: 'to_pay' } })
  })
})

it('a hospital’s system that answers HTML to who never saw a bill there shows none', async () => {
  const ask = () => newcomer.caller.get('bills')
  await newcomer.caller.post('payments', wishFor(billFor(bed, newcomer)))
  const answer = await bed.toHis.during(html, () => unchanged(bed, ask))
  expect(answer).toBeProblem(503, UNAVAILABLE)
})

describe.each([
  ['and takes nothing in', html],
  ['though it has taken it in', htmlAfterwards],
])('a hospital’s system that answers HTML to money, %s', (_what, line) => {
  it('a bill that is paid: the money is kept, the hospital told again, and it has it once', async () => {
    const payment = await confirm(payer, await quoteNew(bed, payer))
    const bill = () =>
      hisOf(bed)
        .bills({})
        .find((b) => b.billNo === payment.bills[0]?.billNo)
    await bed.toHis.during(line, async () => {
      await payInWallet(bed, payer, payment)
      await bed.rest()
      const waiting = await seePayment(payer.caller, payment.id)
      expect(waiting).toMatchObject({ payerState: 'confirming', inTransitFen: payment.totalFen })
      expect(await lastExchange(`payment:${payment.id}`)).toEqual({
        operation: 'bills.writeBack',
        response: `status 200, ${PAGE.body.length} bytes, no JSON`,
        outcome: 'unknown: not signed by the hospital',
      })
      const told = bed.toHis.heard.length
      await unchanged(bed, () => untilNextLook(payment.id), { mayAsk: true })
      expect(bed.toHis.heard.length).toBe(told + 1)
    })
    await untilNextLook(payment.id)
    const { status, inTransitFen, bills } = await seePayment(payer.caller, payment.id)
    expect([status, inTransitFen]).toEqual(['succeeded', 0])
    expect(bill()).toMatchObject({ status: 'paid', receiptNo: bills[0]?.receiptNo })
    expect(hisOf(bed).checkBooks()).toEqual([])
  })

  it('a bill that is given back: nothing goes back before the hospital has agreed', async () => {
    const payment = await payNewBill(bed, payer)
    const wish = { billNo: payment.bills[0]?.billNo, lineNos: [], reason: '患者退费' }
    await bed.toHis.during(line, async () => {
      const answer = await finance.post(`payments/${payment.id}/refunds`, wish)
      expect(answer).toMatchObject({ status: 202, body: { status: 'approving' } })
      expect((await lastExchange(`payment:${payment.id}`))?.outcome).toBe(
        'unknown: not signed by the hospital',
      )
      await bed.rest()
      const again = () => passing(10 * SECOND_MS)
      await unchanged(bed, again, { mayAsk: true })
    })
    for (let minute = 0; minute < 5; minute++) await passing(MINUTE_MS)
    const { payerState, refunds } = await seePayment(payer.caller, payment.id)
    expect([payerState, refunds.length]).toEqual(['refunded', 1])
  })
})

async function passing(ms: number): Promise<void> {
  bed.clock.advance(ms)
  await bed.rest()
}

/** Lets time go on until the machine looks at a payment again. */
async function untilNextLook(id: string): Promise<void> {
  const { nextLookAt } = await seePayment(payer.caller, id)
  assert(nextLookAt !== null, 'the payment is looked at again')
  bed.clock.set(new Date(nextLookAt))
  await bed.rest()
}

describe('a bill that cannot be believed', () => {
  /** A system that signs another answer than its own. */
  const saying =
    (change: (text: string) => string | Buffer): Between =>
    async (asked, passOn) => {
      const answer = await passOn()
      const text = answer.body.toString('utf8')
      const other = change(text)
      assert(other !== text, 'the answer is another')
      return signedAnswer(asked, other)
    }
  const signedAnswer = (asked: Asked, body: string | Buffer): Answered => ({
    status: 200,
    headers: hisAnswerHeaders(hospitalKeys(bed, OURS), asked, body, bed.clock.now()),
    body: Buffer.from(body as string),
  })
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`

  it.each<[string, Between]>([
    ['with a wrong amount', saying((text) => text.replace(/"totalFen":\d+/, '"totalFen":12'))],
    ['of "12" fen', saying((text) => text.replace(/"totalFen":(\d+)/, '"totalFen":"$1"'))],
    ['of half a fen', saying((text) => text.replace(/"totalFen":(\d+)/, '"totalFen":$1.5'))],
    ['of less than nothing', saying((text) => text.replace(/"totalFen":/, '"totalFen":-'))],
    ['that is another bill', saying((text) => text.replace(/"billNo":"[^"]*/, '"billNo":"X'))],
    ['in GB 18030', saying(inGb18030)],
    ['that is truncated', saying((text) => text.slice(0, -30))],
    [
      'that is nested too deep',
      saying((text) => text.replace(/"data":/, `"x":${deep},"data":${deep},"y":`)),
    ],
    ['of 5 MB', saying((text) => text + ' '.repeat(5 * 1024 * 1024))],
    ['that is no answer of the interface', saying(() => '{"ok":true}')],
    [
      'that was changed since it was signed',
      async (_asked, passOn) => {
        const answer = await passOn()
        const text = answer.body.toString('utf8').replace(/"totalFen":\d+/, '"totalFen":12')
        return { ...answer, body: Buffer.from(text) }
      },
    ],
    [
      'that answers another question',
      async (asked, passOn) => {
        const answer = await passOn()
        const headers = { ...asked.headers, 'x-yiqiao-nonce': 'anothernonceanothernonce' }
        return signedAnswer({ ...asked, headers }, answer.body)
      },
    ],
    [
      'signed by a foreign hospital',
      async (asked, passOn) => {
        const { body } = await passOn()
        const { privateKeyPem } = hospitalKeys(bed, FOREIGN)
        const { keyId } = hospitalKeys(bed, OURS)
        const at = bed.clock.now()
        const headers = hisAnswerHeaders({ keyId, privateKeyPem }, asked, body, at)
        return { status: 200, headers, body }
      },
    ],
  ])('%s', async (_what, line) => {
    const bill = billFor(bed, payer)
    const ask = () => payer.caller.post('payments', wishFor(bill))
    const answer = await bed.toHis.during(line, () => unchanged(bed, ask))
    expect(answer).toBeProblem(503, UNAVAILABLE)
  })
})

type How = {
  keys?: { keyId: string; privateKeyPem: string }
  at?: Date
  to?: HospitalId
  nonce?: string
}

/** A request of our hospital's system to our hospital's address, now and for the first time, unless told otherwise. */
function post(body: object | string, how: How = {}): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const { keys = hospitalKeys(bed, OURS), at = bed.clock.now(), to = OURS } = how
  const { nonce = newNonce() } = how
  const path = `/v1/hospitals/${to}/his/refund-requests`
  const headers = hisRequestHeaders(keys, { path, body: text, nonce, at })
  return send(bed.hubUrl + path, 'POST', headers, text)
}

const newNonce = () => randomUUID().replaceAll('-', '')
const wish = (changes: object = {}) => ({
  requestNo: 'TF0120261123000099',
  paymentNo: paid.paymentNo,
  billNo: paid.bills[0]?.billNo,
  lines: [],
  reason: '患者退费',
  ...changes,
})

const NOT_BELIEVED = [401, 'http.unauthenticated'] as const
const inSeconds = (seconds: number) => ({ at: addMs(bed.clock.now(), seconds * SECOND_MS) })
const ofForeignKey = () => ({
  keyId: hospitalKeys(bed, OURS).keyId,
  privateKeyPem: hospitalKeys(bed, FOREIGN).privateKeyPem,
})
const INVALID = 'http.invalid_request'

refuses('a hospital’s own request', () => bed, [
  ['forged with a foreign key', () => post(wish(), { keys: ofForeignKey() }), ...NOT_BELIEVED],
  [
    'of a foreign hospital, about a payment of ours',
    () => post(wish(), { keys: hospitalKeys(bed, FOREIGN) }),
    ...NOT_BELIEVED,
  ],
  ['of ours, at a foreign address', () => post(wish(), { to: FOREIGN }), ...NOT_BELIEVED],
  ['of five minutes and a second ago', () => post(wish(), inSeconds(-301)), ...NOT_BELIEVED],
  ['from five minutes and a second ahead', () => post(wish(), inSeconds(301)), ...NOT_BELIEVED],
  [
    'about an unknown bill',
    () => post(wish({ billNo: 'ZD0' })),
    400,
    'payments.refund_lines_unknown',
  ],
  [
    'about an unknown payment',
    () => post(wish({ paymentNo: 'P0' })),
    404,
    'payments.payment_not_found',
  ],
  [
    'about a foreign hospital’s payment',
    () => post(wish({ paymentNo: paidElsewhere.paymentNo })),
    404,
    'payments.payment_not_found',
  ],
  [
    'with "1" as a line',
    () => post(wish({ lines: [{ lineNo: '1' }] })),
    400,
    INVALID,
    { field: 'body/lines/0/lineNo', rule: 'type' },
  ],
  [
    'in another currency',
    () => post(wish({ currency: 'USD' })),
    400,
    INVALID,
    { field: 'body/currency', rule: 'additionalProperties' },
  ],
  [
    'of 2 MB',
    () => post(wish({ reason: 'x'.repeat(2 * 1024 * 1024) })),
    413,
    'http.body_too_large',
  ],
  [
    'nested too deep',
    () => post(`{"lines":${'['.repeat(40)}${']'.repeat(40)}}`),
    400,
    'http.json_too_deep',
  ],
  ['that is HTML', () => post('<html></html>'), 400, 'http.invalid_json'],
] satisfies Row[])

describe('a hospital’s own request that was taken', () => {
  const nonce = newNonce()

  it('is refused when it is replayed, byte for byte, and what it began goes its way', async () => {
    expect(await post(wish(), { nonce })).toMatchObject({ status: 202 })
    const replayed = await unchanged(bed, () => post(wish(), { nonce }))
    expect(replayed).toBeProblem(...NOT_BELIEVED)
    for (let minute = 0; minute < 5; minute++) await passing(MINUTE_MS)
    expect(await seePayment(payer.caller, paid.id)).toMatchObject({ payerState: 'refunded' })
    const at = addMs(bed.clock.now(), -5 * MINUTE_MS)
    expect(await unchanged(bed, () => post(wish(), { nonce, at }))).toBeProblem(...NOT_BELIEVED)
  })

  it('is acknowledged when it is sent again, newly signed, and gives nothing back twice', async () => {
    const ask = async () => {
      const repeated = await post(wish())
      await bed.rest()
      return repeated
    }
    const answer = await unchanged(bed, ask, { mayAsk: true })
    expect(answer).toMatchObject({ status: 202, body: { status: 'succeeded' } })
  })

  it('is refused when its number comes with something else', async () => {
    const answer = await unchanged(bed, () => post(wish({ lines: [{ lineNo: 1 }] })))
    expect(answer).toBeProblem(422, 'payments.refund_request_reused')
  })
})
