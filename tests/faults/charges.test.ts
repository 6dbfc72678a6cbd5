import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Payment } from '../../contract/client.ts'
import { assert } from '../../kernel/assert.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { type Bed, openBed } from '../journeys/bad-input/bed.ts'
import type { Answered, Asked, Between } from '../journeys/bad-input/go-between.ts'
import {
  confirm,
  payFenOf,
  payInWallet,
  type Payer,
  quoteNew,
  seePayment,
  signInPayer,
} from '../journeys/bad-input/payer.ts'
import { signedByWallet } from '../journeys/bad-input/signing.ts'

// What the wallet does wrong while it is to take money, over HTTP: each ends in money taken once, or not at all.

// A whole system starts, on a machine that may have other work.
const STARTS_WITHIN_MS = 180_000

let bed: Bed
let payer: Payer
beforeAll(async () => void (bed = await openBed('faults of charges')), STARTS_WITHIN_MS)
beforeEach(async () => void (payer = await signInPayer(bed, { insured: true })))
afterAll(() => bed.stop())

const isOrder = ({ method, path }: Asked) =>
  method === 'POST' && path.endsWith('/pay/transactions/jsapi')
const isQuery = ({ path }: Asked) => path.includes('/pay/transactions/out-trade-no/')
const numberOf = ({ body }: Asked) =>
  (JSON.parse(body.toString('utf8')) as { out_trade_no: string }).out_trade_no

/** Every order the wallet was sent since then, by our number. */
const ordersSince = (heard: number) => bed.toWallet.heard.slice(heard).filter(isOrder).map(numberOf)

const saying = (body: string, status = 200): Answered => ({
  status,
  headers: signedByWallet(bed, body, bed.clock.now()),
  body: Buffer.from(body),
})

async function passing(ms: number, stepMs = 5 * SECOND_MS): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    bed.clock.advance(stepMs)
    await bed.rest()
  }
}

const see = ({ id }: Payment) => seePayment(payer.caller, id)

async function cancel({ id }: Payment): Promise<void> {
  const { status } = await payer.caller.post(`payments/${id}/cancellation`, {})
  expect(status).toBe(200)
}

const PAID_ONCE = { status: 'succeeded', inTransitFen: 0, leftToTakeFen: 0, problems: [] }

async function endOf(payment: Payment) {
  const seen = await see(payment)
  const { status, inTransitFen, tenders } = seen
  const leftToTakeFen = payFenOf(seen) - (tenders[0]?.takenFen ?? 0)
  return { status, inTransitFen, leftToTakeFen, problems: bed.region.wechat.checkBooks() }
}

it('F-27: an order whose answer is swallowed is asked for again by its number, and is one order', async () => {
  const heard = bed.toWallet.heard.length
  const orders = bed.region.wechat.orders().length
  const swallows: Between = async (asked, passOn) => {
    const answer = await passOn()
    return isOrder(asked) ? new Promise<never>(() => {}) : answer
  }
  // The hub waits for its answer as long as it is told to: five seconds.
  const payment = await bed.toWallet.during(swallows, async () =>
    confirm(payer, await quoteNew(bed, payer)),
  )
  expect((await see(payment)).payerState).toBe('processing')
  await passing(10 * SECOND_MS)
  const found = await see(payment)
  expect(found.payerState).toBe('to_pay')
  expect(new Set(ordersSince(heard)).size).toBe(1)
  expect(bed.region.wechat.orders()).toHaveLength(orders + 1)
  await payInWallet(bed, payer, found)
  await passing(10 * SECOND_MS)
  expect(await endOf(payment)).toEqual(PAID_ONCE)
})

it('F-30: an order that is paid between our last question and its closing is paid', async () => {
  const payment = await confirm(payer, await quoteNew(bed, payer))
  let closings = 0
  const paysFirst: Between = async (asked, passOn) => {
    if (asked.path.endsWith('/close') && closings++ === 0) {
      await payInWallet(bed, payer, await see(payment))
    }
    return passOn()
  }
  await bed.toWallet.during(paysFirst, () => cancel(payment))
  await passing(10 * SECOND_MS)
  expect(closings).toBe(1)
  expect(await endOf(payment)).toEqual(PAID_ONCE)
})

it('F-32: an order that reaches the wallet after it was cancelled charges nobody', async () => {
  const late: (() => Promise<Answered>)[] = []
  const delays: Between = async (asked, passOn) => {
    if (!isOrder(asked)) return passOn()
    late.push(passOn)
    return saying('{"code":"SYSTEM_ERROR","message":"系统错误"}', 500)
  }
  const payment = await bed.toWallet.during(delays, async () => {
    const begun = await confirm(payer, await quoteNew(bed, payer))
    await cancel(begun)
    await passing(MINUTE_MS)
    return begun
  })
  const heard = bed.toWallet.heard.length
  expect(await see(payment)).toMatchObject({ status: 'closed', payerState: 'closed' })
  const [arrives] = late
  assert(arrives, 'the order was on its way')
  const { prepay_id: prepayId } = JSON.parse((await arrives()).body.toString('utf8')) as {
    prepay_id: string
  }
  await passing(MINUTE_MS)
  expect(ordersSince(heard)).toEqual([])
  const [tender] = (await see(payment)).tenders
  expect(tender).toMatchObject({ status: 'released', payerAction: null, takenFen: 0 })
  // Whoever got hold of the order all the same, and paid it, has the money back.
  expect(await bed.region.wechat.pay({ prepayId }, payer.person.openid)).toBe('paid')
  await passing(2 * MINUTE_MS)
  const { payerState, tenders } = await see(payment)
  expect([payerState, tenders[0]?.returnedFen]).toEqual(['returned', tenders[0]?.takenFen])
})

describe('F-35: what the wallet has never said before', () => {
  it('as the state of an order is unknown for as long as it says so, and a person is called', async () => {
    const payment = await confirm(payer, await quoteNew(bed, payer))
    const gifted: Between = async (asked, passOn) => {
      const text = (await passOn()).body.toString('utf8')
      return isQuery(asked) && text.includes('"trade_state"')
        ? saying(text.replace(/"trade_state":"[A-Z]+"/, '"trade_state":"GIFTED"'))
        : saying('{"code":"SYSTEM_ERROR","message":"系统错误"}', 500)
    }
    await bed.toWallet.during(gifted, () => passing(HOUR_MS, 30 * SECOND_MS))
    payer = await signInPayer(bed, { insured: true })
    expect(await see(payment)).toMatchObject({
      status: 'charging',
      payerState: 'to_pay',
      attention: 'overdue',
    })
    await passing(HOUR_MS, MINUTE_MS)
    payer = await signInPayer(bed, { insured: true })
    expect((await see(payment)).payerState).toBe('not_charged')
  })

  it('as further fields is passed over', async () => {
    const payment = await confirm(payer, await quoteNew(bed, payer))
    await payInWallet(bed, payer, payment)
    const more: Between = async (asked, passOn) => {
      const answer = await passOn()
      if (!isQuery(asked) || answer.status !== 200) return answer
      const told = JSON.parse(answer.body.toString('utf8')) as object
      return saying(JSON.stringify({ ...told, gift: { of: ['a', 1, null] }, fee_rate: '0.60%' }))
    }
    await bed.toWallet.during(more, () => passing(10 * SECOND_MS))
    expect(await endOf(payment)).toEqual(PAID_ONCE)
  })
})

it('F-36: a wallet that turns us away is asked ever less often, under the same number, and then has the order', async () => {
  const heard = bed.toWallet.heard.length
  const at: number[] = []
  const turnsAway: Between = async (asked, passOn) => {
    if (!isOrder(asked)) return passOn()
    at.push(bed.clock.now().getTime() / SECOND_MS)
    return saying('{"code":"FREQUENCY_LIMITED","message":"频率超限"}', 429)
  }
  const payment = await bed.toWallet.during(turnsAway, async () => {
    const begun = await confirm(payer, await quoteNew(bed, payer))
    await passing(2 * MINUTE_MS, SECOND_MS)
    return begun
  })
  const waits = at.slice(1).map((moment, i) => moment - (at[i] ?? 0))
  expect(waits.length).toBeGreaterThanOrEqual(4)
  expect(waits).toEqual(waits.toSorted((a, b) => a - b))
  expect(waits.at(-1)).toBeGreaterThan(20)
  expect(new Set(ordersSince(heard)).size).toBe(1)
  await passing(2 * MINUTE_MS)
  expect((await see(payment)).payerState).toBe('to_pay')
})
