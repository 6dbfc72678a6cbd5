import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import type { Payment } from '../../contract/client.ts'
import { assert } from '../../kernel/assert.ts'
import { MINUTE_MS } from '../../kernel/time.ts'
import { type Bed, openBed, OURS } from '../journeys/bad-input/bed.ts'
import { askOwner } from '../journeys/bad-input/books.ts'
import { type Caller, signInFinance } from '../journeys/bad-input/client.ts'
import type { Between } from '../journeys/bad-input/go-between.ts'
import { payNewBill, type Payer, seePayment, signInPayer } from '../journeys/bad-input/payer.ts'

// Refunds that are asked for too often at once, and those of which we are told before we are answered, over HTTP.

// A whole system starts, on a machine that may have other work.
const STARTS_WITHIN_MS = 180_000

let bed: Bed
let payer: Payer
let finance: Caller
beforeAll(async () => void (bed = await openBed('faults of refunds')), STARTS_WITHIN_MS)
beforeEach(async () => {
  payer = await signInPayer(bed, { insured: true })
  finance = await signInFinance(bed, OURS)
})
afterAll(() => bed.stop())

const see = ({ id }: Payment) => seePayment(payer.caller, id)

const billOf = ({ bills: [bill] }: Payment) => {
  assert(bill, 'a payment is of a bill')
  return bill
}

const askFor = (payment: Payment, lineNos: number[], key: string = randomUUID()) =>
  finance.post(
    `payments/${payment.id}/refunds`,
    { billNo: billOf(payment).billNo, lineNos, reason: '患者退费' },
    { 'idempotency-key': key },
  )

async function passing(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    bed.clock.advance(MINUTE_MS)
    await bed.rest()
  }
}

/** What the wallet gave back of a payment, by its own books. */
async function returnedByWallet({ id }: Payment): Promise<number> {
  const tenders = await askOwner<{ no: string }>(
    bed,
    'select charge_our_no as no from payments.tender where payment_id = $1 and tender_no = 1',
    [id],
  )
  return bed.region.wechat
    .refunds()
    .filter(({ outTradeNo }) => tenders.some(({ no }) => no === outTradeNo))
    .reduce((sum, { amountFen }) => sum + amountFen, 0)
}

async function expectAllBack(payment: Payment): Promise<void> {
  const seen = await see(payment)
  const wallet = seen.tenders[0]
  expect([seen.payerState, seen.inTransitFen]).toEqual(['refunded', 0])
  expect(await returnedByWallet(payment)).toBe(wallet?.takenFen)
  expect(seen.refunds.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(payment.totalFen)
  expect(bed.region.wechat.checkBooks()).toEqual([])
}

it('F-56: a hundred partial refunds at once give back no fen more than was paid', async () => {
  const payment = await payNewBill(bed, payer)
  const lineNos = billOf(payment).lines.map(({ lineNo }) => lineNo)
  const wave = () =>
    Promise.all(
      Array.from({ length: 100 }, (_, i) => askFor(payment, [lineNos[i % lineNos.length] ?? 1])),
    )
  for (let round = 0; round <= lineNos.length; round++) {
    const answers = await wave()
    const refused = answers.filter(({ status }) => status !== 202)
    for (const { status, body } of refused) {
      expect(status).toBe(409)
      expect(body['code']).toMatch(/^payments\.refund_(running|lines_refunded)$/)
    }
    expect(refused.length).toBeGreaterThanOrEqual(answers.length - lineNos.length)
    expect(await returnedByWallet(payment)).toBeLessThanOrEqual(payment.totalFen)
    await passing(2)
  }
  await expectAllBack(payment)
}, 120_000)

it('F-67: a refund that is clicked twice, and by two operators, is one', async () => {
  const payment = await payNewBill(bed, payer)
  const key = randomUUID()
  const [first, again, other] = await Promise.all([
    askFor(payment, [], key),
    askFor(payment, [], key),
    askFor(payment, []),
  ])
  const accepted = [first, again, other].filter(({ status }) => status === 202)
  expect(new Set(accepted.map(({ body }) => body['id'])).size).toBe(1)
  for (const { status } of [first, again, other]) expect([202, 409]).toContain(status)
  expect([first?.status, other?.status]).toContain(409)
  await passing(2)
  expect((await see(payment)).refunds).toHaveLength(1)
  const repeated = await askFor(payment, [], key)
  expect([first, again]).toContainEqual(repeated)
  await expectAllBack(payment)
})

it('F-69: the notice of a refund that comes before the answer to it finds the refund', async () => {
  const payment = await payNewBill(bed, payer)
  let told: string[] | null = null
  /** The wallet gives back and tells us, and a worker reads it, all while the answer is on its way. */
  const slow: Between = async ({ method, path }, passOn) => {
    const answer = await passOn()
    const isRefund = method === 'POST' && path.endsWith('/refund/domestic/refunds')
    if (!isRefund || told !== null) return answer
    told = []
    const heard = bed.toHub.heard.length
    bed.clock.advance(MINUTE_MS)
    await bed.rest()
    told = bed.toHub.heard.slice(heard).map(({ path: at }) => at)
    return answer
  }
  const asked = await bed.toWallet.during(slow, () => askFor(payment, []))
  expect(asked.status).toBe(202)
  expect(told).toContain(`/v1/hospitals/${OURS}/notices/wechat`)
  await passing(2)
  await expectAllBack(payment)
  const unread = await askOwner(
    bed,
    'select last_error from platform.inbox where last_error is not null or done_at is null',
  )
  expect(unread).toEqual([])
})
