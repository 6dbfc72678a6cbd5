import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import type { Payment } from '../../contract/client.ts'
import { assert } from '../../kernel/assert.ts'
import { addMs, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { openDb } from '../../platform/db.ts'
import { administer } from '../../platform/testing/admin.ts'
import { type Bed, openBed, OURS } from '../journeys/bad-input/bed.ts'
import { askOwner, countRows } from '../journeys/bad-input/books.ts'
import { type Answer, type Headers, send, signInFinance } from '../journeys/bad-input/client.ts'
import type { Asked, Between } from '../journeys/bad-input/go-between.ts'
import {
  confirm,
  payFenOf,
  payInWallet,
  type Payer,
  quoteNew,
  seePayment,
  signInPayer,
} from '../journeys/bad-input/payer.ts'
import { merchantOf, noticeText, signedByWallet } from '../journeys/bad-input/signing.ts'

// The wallet's notices in bad hours: too many, too early, too late, never, or while we are not well ourselves.

// A whole system starts, on a machine that may have other work.
const STARTS_WITHIN_MS = 180_000

let bed: Bed
let payer: Payer
beforeAll(async () => {
  bed = await openBed('faults of notices')
  payer = await signInPayer(bed, { insured: true })
}, STARTS_WITHIN_MS)
afterAll(() => bed.stop())

const isNotice = ({ path }: Asked) => path.endsWith('/notices/wechat')

/** The line to the hub is dead for notices. */
const blackhole: Between = async (asked, passOn) =>
  isNotice(asked) ? { status: 503, headers: {}, body: Buffer.alloc(0) } : passOn()

/** An order that was paid, with the wallet's own notice of it, which nobody has got yet. */
async function paidUnheard(): Promise<{ payment: Payment; deliver: () => Promise<Answer> }> {
  const payment = await confirm(payer, await quoteNew(bed, payer))
  const heard = bed.toHub.heard.length
  await bed.toHub.during(blackhole, async () => {
    await payInWallet(bed, payer, payment)
    await bed.region.runDue()
  })
  const notice = bed.toHub.heard.slice(heard).findLast(isNotice)
  assert(notice, 'the wallet tells of what was paid')
  const headers: Headers = { 'content-type': 'application/json' }
  for (const [name, value] of Object.entries(notice.headers)) {
    if (name.startsWith('wechatpay-') && typeof value === 'string') headers[name] = value
  }
  const body = notice.body.toString('utf8')
  return { payment, deliver: () => send(`${bed.hubUrl}${notice.path}`, 'POST', headers, body) }
}

/** Taken once, by our books and by the wallet's, and the hospital has it. */
const PAID_ONCE = {
  status: 'succeeded',
  inTransitFen: 0,
  leftToTakeFen: 0,
  charges: 1,
  problems: [],
}

async function endOf({ id }: Payment) {
  const seen = await seePayment(payer.caller, id)
  const { status, inTransitFen, tenders } = seen
  const moves = await askOwner(
    bed,
    `select 1 from payments.move where payment_id = $1 and tender_no = 1 and kind = 'charge'`,
    [id],
  )
  const outside = [bed.region.wechat, ...bed.region.his.values()]
  return {
    status,
    inTransitFen,
    leftToTakeFen: payFenOf(seen) - (tenders[0]?.takenFen ?? 0),
    charges: moves.length,
    problems: outside.flatMap((simulator) => simulator.checkBooks()),
  }
}

it('F-16: a notice that comes fifty times at once is acknowledged each time and posted once', async () => {
  const { payment, deliver } = await paidUnheard()
  const kept = await countRows(bed, 'platform.inbox')
  const answers = await Promise.all(Array.from({ length: 50 }, deliver))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 204))
  expect(await countRows(bed, 'platform.inbox')).toBe(kept + 1)
  await bed.rest()
  expect(await endOf(payment)).toEqual(PAID_ONCE)
})

it('F-17: a notice that comes before the answer to our order finds the order', async () => {
  const plan = await quoteNew(bed, payer)
  let told: string[] = []
  /** The payer pays and we are told, all while the answer is on its way. */
  const slow: Between = async ({ path }, passOn) => {
    const answer = await passOn()
    if (!path.endsWith('/pay/transactions/jsapi')) return answer
    const { prepay_id: prepayId } = JSON.parse(answer.body.toString('utf8')) as {
      prepay_id: string
    }
    expect(await bed.region.wechat.pay({ prepayId }, payer.person.openid)).toBe('paid')
    const heard = bed.toHub.heard.length
    await bed.region.runDue()
    told = bed.toHub.heard.slice(heard).map(({ path }) => path)
    return answer
  }
  const payment = await bed.toWallet.during(slow, () => confirm(payer, plan))
  expect(told).toEqual([`/v1/hospitals/${OURS}/notices/wechat`])
  await bed.rest()
  expect(await endOf(payment)).toEqual(PAID_ONCE)
  const rows = await askOwner<{ last_error: string | null }>(
    bed,
    `select last_error from platform.inbox order by received_at desc limit 1`,
  )
  expect(rows).toEqual([{ last_error: null }])
})

it('F-19: with every notice lost, all payments are found by asking within a minute', async () => {
  await bed.toHub.during(blackhole, async () => {
    const payments: Payment[] = []
    for (let i = 0; i < 5; i++) payments.push(await confirm(payer, await quoteNew(bed, payer)))
    bed.clock.advance(20 * SECOND_MS)
    await bed.rest()
    for (const payment of payments) await payInWallet(bed, payer, payment)
    const paidBefore = addMs(bed.clock.now(), MINUTE_MS)
    while (bed.clock.now() < paidBefore) {
      bed.clock.advance(5 * SECOND_MS)
      await bed.rest()
    }
    for (const payment of payments) expect(await endOf(payment)).toEqual(PAID_ONCE)
  })
})

it('F-24: a notice that comes while the database is down is not acknowledged, and counts when it comes again', async () => {
  const { payment, deliver } = await paidUnheard()
  const server = inject('postgresUrl')
  const name = new URL(bed.database.url).pathname.slice(1)
  const [own] = await askOwner<{ pid: number }>(bed, 'select pg_backend_pid() as pid')
  assert(own, 'the owner is connected')
  const others = `from pg_stat_activity where datname = '${name}' and pid <> ${own.pid}`
  await administer(server, `alter database ${name} with allow_connections false`)
  try {
    await administer(server, `select pg_terminate_backend(pid) ${others}`)
    while ((await askOwner(bed, `select 1 ${others}`)).length > 0) await aMoment()
    await aMoment()
    const refused = await deliver()
    expect(refused.status).toBeGreaterThanOrEqual(500)
  } finally {
    await administer(server, `alter database ${name} with allow_connections true`)
  }
  expect((await deliver()).status).toBe(204)
  await bed.rest()
  expect(await endOf(payment)).toEqual(PAID_ONCE)
})

it('F-25: what was acknowledged is done by another worker when the first dies over it', async () => {
  const { payment, deliver } = await paidUnheard()
  expect((await deliver()).status).toBe(204)
  const db = openDb({ url: bed.database.url, role: 'yiqiao_app' })
  const reached: string[] = []
  const dies: Between = async ({ path }, passOn) => {
    reached.push(path)
    await db.destroy()
    return passOn()
  }
  const work = () => bed.workerOn(db).workOffAll()
  await bed.toWallet.during(dies, () => work().catch(() => 0))
  expect(reached).toEqual([expect.stringContaining('/v3/pay/transactions/out-trade-no/')])
  expect((await seePayment(payer.caller, payment.id)).status).not.toBe('succeeded')
  for (let minute = 0; minute < 3; minute++) {
    bed.clock.advance(MINUTE_MS)
    await bed.workerOn(bed.database).workOffAll()
  }
  expect(await endOf(payment)).toEqual(PAID_ONCE)
})

it('F-26: a notice is acknowledged while the hospital hangs, as nobody waits for it', async () => {
  const [first, second] = [await paidUnheard(), await paidUnheard()]
  let letGo = () => {}
  const gone = new Promise<void>((resolve) => void (letGo = resolve))
  let reached = () => {}
  const hanging = new Promise<void>((resolve) => void (reached = resolve))
  const hangs: Between = async (_asked, passOn) => {
    reached()
    await gone
    return passOn()
  }
  await bed.toHis.during(hangs, async () => {
    expect((await first.deliver()).status).toBe(204)
    const working = bed.rest()
    await hanging
    // Nothing lets the hospital go before this one is acknowledged.
    expect((await second.deliver()).status).toBe(204)
    letGo()
    await working
  })
  bed.clock.advance(MINUTE_MS)
  await bed.rest()
  expect(await endOf(first.payment)).toEqual(PAID_ONCE)
  expect(await endOf(second.payment)).toEqual(PAID_ONCE)
})

it('F-20: a notice of an order nobody made is kept before it is acknowledged, and becomes a case', async () => {
  const { appid, mchid } = merchantOf(bed, OURS)
  const tradeNo = '000101M82YNFM0EFDB6XETTBDEY3B9'
  const body = noticeText(
    'EV-UNKNOWN',
    'TRANSACTION.SUCCESS',
    {
      appid,
      mchid,
      out_trade_no: tradeNo,
      transaction_id: '4200000001202611230000000099',
      trade_state: 'SUCCESS',
      success_time: '2026-11-23T09:00:00+08:00',
      amount: { total: 100, payer_total: 100, currency: 'CNY', payer_currency: 'CNY' },
    },
    merchantOf(bed, OURS),
  )
  const kept = await countRows(bed, 'platform.inbox')
  const path = `${bed.hubUrl}/v1/hospitals/${OURS}/notices/wechat`
  const answer = await send(path, 'POST', signedByWallet(bed, body, bed.clock.now()), body)
  expect(answer.status).toBe(204)
  expect(await countRows(bed, 'platform.inbox')).toBe(kept + 1)
  for (let minute = 0; minute < 4 * 60; minute += 10) {
    await bed.rest()
    bed.clock.advance(10 * MINUTE_MS)
  }
  const finance = await signInFinance(bed, OURS)
  const { status, body: cases } = await finance.get('reconciliation/cases?status=open')
  expect(status).toBe(200)
  expect(cases['items']).toContainEqual(
    expect.objectContaining({ class: 'notice_unread', status: 'open' }),
  )
})

/** A turn for whatever has arrived. */
const aMoment = () => new Promise((passed) => setTimeout(passed, 50))
