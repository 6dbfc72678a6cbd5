import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import type { Payment } from '../../contract/client.ts'
import { MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { type Bed, openBed, OURS } from '../journeys/bad-input/bed.ts'
import { askOwner } from '../journeys/bad-input/books.ts'
import type { Answered, Asked, Between } from '../journeys/bad-input/go-between.ts'
import {
  billFor,
  confirm,
  payFenOf,
  payInWallet,
  type Payer,
  quoteNew,
  seePayment,
  signInPayer,
  wishFor,
} from '../journeys/bad-input/payer.ts'
import { hisAnswerHeaders, hospitalKeys, signedByWallet } from '../journeys/bad-input/signing.ts'

// What the wallet and the hospital's system answer when it is anything at all: nothing falls over, and nothing is
// believed that does not say what it must.

// A whole system starts, on a machine that may have other work.
const STARTS_WITHIN_MS = 180_000

let bed: Bed
let payer: Payer
beforeAll(async () => void (bed = await openBed('faults of replies')), STARTS_WITHIN_MS)
beforeEach(async () => void (payer = await signInPayer(bed, { insured: true })))
afterAll(() => bed.stop())

const see = ({ id }: Payment) => seePayment(payer.caller, id)

const REPLY = {
  status: fc.constantFrom(200, 204, 302, 400, 401, 403, 404, 429, 500, 502),
  signed: fc.boolean(),
}
const TEXTS = [
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', 'null', '[]', '<html></html>', '{"constructor":{}}', 'x'.repeat(100_000)),
]

/** Anything, and what looks like an answer about an order. */
const WALLET_REPLY = fc.record({
  ...REPLY,
  body: fc.oneof(
    ...TEXTS,
    fc
      .record({
        trade_state: fc.oneof(fc.jsonValue(), fc.constantFrom('SUCCESS', 'REFUND')),
        out_trade_no: fc.jsonValue(),
        amount: fc.jsonValue(),
        success_time: fc.jsonValue(),
        transaction_id: fc.jsonValue(),
      })
      .map((told) => JSON.stringify(told)),
  ),
})

const HIS_REPLY = fc.record({
  ...REPLY,
  body: fc.oneof(
    ...TEXTS,
    fc
      .record({
        code: fc.constantFrom('OK', 'ok', 'NEW'),
        message: fc.jsonValue(),
        data: fc.jsonValue(),
      })
      .map((told) => JSON.stringify(told)),
  ),
})

type Reply = { status: number; signed: boolean; body: string }

const answering =
  (
    { status, signed, body }: Reply,
    sign: (asked: Asked, body: string) => Record<string, string>,
  ): Between =>
  async (asked): Promise<Answered> => {
    const text = status === 204 ? '' : body
    const headers = signed ? sign(asked, text) : { 'content-type': 'text/html' }
    return { status, headers, body: Buffer.from(text) }
  }

it('S-24: an answer that is not signed gives the payer nothing to pay', async () => {
  const unsigned: Between = async (_asked, passOn) => {
    const { status, body } = await passOn()
    return { status, headers: { 'content-type': 'application/json' }, body }
  }
  const payment = await bed.toWallet.during(unsigned, async () =>
    confirm(payer, await quoteNew(bed, payer)),
  )
  const seen = await see(payment)
  expect([seen.payerState, seen.tenders[0]?.payerAction]).toEqual(['processing', null])
  bed.clock.advance(10 * SECOND_MS)
  await bed.rest()
  expect((await see(payment)).payerState).toBe('to_pay')
})

it('S-63: whatever the wallet answers, nothing falls over and nobody is taken to have paid', async () => {
  const payment = await confirm(payer, await quoteNew(bed, payer))
  const signs = (_asked: Asked, body: string) => signedByWallet(bed, body, bed.clock.now())
  await fc.assert(
    fc.asyncProperty(WALLET_REPLY, async (reply) => {
      const heard = bed.toWallet.heard.length
      await bed.toWallet.during(answering(reply, signs), async () => {
        bed.clock.advance(SECOND_MS)
        await askAboutIt(payment)
      })
      expect(bed.toWallet.heard.length).toBeGreaterThan(heard)
      const { status, tenders, inTransitFen } = await see(payment)
      expect([status, tenders[0]?.takenFen, inTransitFen]).toEqual(['charging', 0, 0])
    }),
    { numRuns: 40, examples: [[{ status: 500, signed: false, body: 'a\0b' }]] },
  )
  await payInWallet(bed, payer, await see(payment))
  await askAboutIt(payment)
  bed.clock.advance(MINUTE_MS)
  await bed.rest()
  const { status, tenders } = await see(payment)
  expect([status, tenders[0]?.takenFen]).toEqual(['succeeded', payFenOf(payment)])
}, 120_000)

it('S-63: whatever the hospital’s system answers about a bill, nothing falls over and nothing is planned', async () => {
  const bill = billFor(bed, payer)
  const signs = (asked: Asked, body: string) =>
    hisAnswerHeaders(hospitalKeys(bed, OURS), asked, body, bed.clock.now())
  await fc.assert(
    fc.asyncProperty(HIS_REPLY, async (reply) => {
      const answer = await bed.toHis.during(answering(reply, signs), () =>
        payer.caller.post('payments', wishFor(bill)),
      )
      expect([answer.status, answer.body['code']]).toEqual([503, 'billing.hospital_unavailable'])
    }),
    { numRuns: 40, examples: [[{ status: 500, signed: false, body: 'a\0b' }]] },
  )
  expect((await payer.caller.post('payments', wishFor(bill))).status).toBe(201)
}, 120_000)

/** Makes the machine look at a payment now. */
async function askAboutIt({ id }: Payment): Promise<void> {
  await askOwner(bed, 'update payments.payment set retry_at = null, due_at = $2 where id = $1', [
    id,
    bed.clock.now(),
  ])
  await bed.rest()
}
