import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { keptFen, type PaymentId } from './payment.ts'
import type { Provider } from './provider.ts'
import { PERSON } from './testing/hospital.ts'
import { scriptedChannel } from './testing/wallet.ts'
import type { PaymentsWorld } from './testing/world.ts'
import { bookProblems, createWorlds, paidPayment } from './testing/worlds.ts'

// What channels and their notices do wrong, by the numbers of the failure scenarios.

let worlds: Awaited<ReturnType<typeof createWorlds>>
let world: PaymentsWorld

beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())
beforeEach(() => void (world = worlds.newWorld()))

const PAYER = { name: 'person:1', requestId: null }
const PAYER_FEN = 4_000

const quoted = (billNo = 'B1') => world.quote([world.hospital.addBill(billNo, [10_000])])

async function confirmed(billNo?: string): Promise<PaymentId> {
  const id = await quoted(billNo)
  await world.confirm(id)
  return id
}

const tradeNoOf = ({ wallet }: PaymentsWorld) => wallet.orders()[0]?.order.tradeNo ?? ''
const refundNoOf = ({ wallet }: PaymentsWorld) => wallet.refunds()[0]?.order.refundNo ?? ''
const charges = (asked: readonly string[]) => asked.filter((said) => said.startsWith('charge'))

const GIVEN_BACK = {
  payerState: 'returned',
  keptFen: 0,
  outsideFen: 0,
  inTransitFen: 0,
  problems: [],
}

/** What became of a payment: in its rows, outside, and in the books. */
async function endOf(id: PaymentId) {
  const { payerState, tenders } = await world.picture(id)
  const balances = await world.balances()
  return {
    payerState,
    keptFen: tenders.reduce((sum, tender) => sum + keptFen(tender), 0),
    outsideFen: world.wallet.balanceFen() + world.insurer.paidFen(),
    inTransitFen: balances['in-transit'],
    problems: await bookProblems(world),
  }
}

it('F-18: notices out of order take nothing back that is known', async () => {
  const id = await paidPayment(world, [10_000, 5_000])
  world.wallet.script.refundsWait = true
  await world.refund(id, 'B1', [2])
  world.wallet.finishRefunds()
  // Of the refund first, then of the payment, and once more the first word about it.
  await world.notify({ id: 'n2', refundNo: refundNoOf(world) })
  const after = await world.picture(id)
  expect(after.payerState).toBe('part_refunded')
  for (const notice of ['n1', 'n0']) {
    await world.notify({ id: notice, tradeNo: tradeNoOf(world), state: 'NOTPAY' })
    const { payerState, tenders, refunds } = await world.picture(id)
    expect({ payerState, tenders, refunds }).toEqual({
      payerState: after.payerState,
      tenders: after.tenders,
      refunds: after.refunds,
    })
  }
  expect(await world.balances()).toMatchObject({ 'in-transit': 0, income: -10_000 })
})

it('F-21: another amount than was ordered pays nothing: it stands in transit, somebody is called, and it goes back', async () => {
  const id = await confirmed()
  Object.assign(world.wallet.script, { paidFen: PAYER_FEN - 1, refundsWait: true })
  world.wallet.payAll()
  await world.notify({ id: 'n1', tradeNo: tradeNoOf(world) })
  await world.pass(SECOND_MS)
  const { payment, inTransitFen } = await world.picture(id)
  expect([payment.status, payment.attention]).toEqual(['compensating', 'amount_differs'])
  expect(inTransitFen).toBe(PAYER_FEN - 1)
  expect(await world.balances()).toMatchObject({ 'in-transit': 1 - PAYER_FEN })
  expect(await eventsNamed('payments.attention')).toBe(1)
  expect(charges(world.insurer.asked)).toEqual([])
  world.wallet.finishRefunds()
  await world.pass(MINUTE_MS)
  expect(await endOf(id)).toEqual(GIVEN_BACK)
})

describe('F-28: a channel that says that a charge failed', () => {
  it('and takes the money all the same is heard when the charge is closed, and all goes back', async () => {
    const { script } = world.wallet
    const id = await confirmed()
    script.saysFailed = true
    script.delay = async () => {
      script.delay = null
      world.wallet.payAll() // in the moment after it said so
    }
    await world.pass(2 * MINUTE_MS)
    expect(world.wallet.asked.map((said) => said.split(' ')[0])).toEqual([
      'charge',
      'query',
      'release',
      'refund',
    ])
    expect(await endOf(id)).toEqual(GIVEN_BACK)
  })

  it('is believed once it has closed it', async () => {
    const id = await confirmed()
    world.wallet.script.saysFailed = true
    await world.pass(2 * MINUTE_MS)
    expect((await world.picture(id)).payerState).toBe('not_charged')
    expect(world.wallet.orders()[0]?.state).toBe('closed')
  })

  it('and then nothing more does not hold the bill for ever', async () => {
    const id = await confirmed()
    world.wallet.script.saysFailed = true
    world.wallet.script.delay = async () => {
      world.wallet.script.trouble = 'refuse_to_say'
    }
    await world.pass(5 * MINUTE_MS)
    expect((await world.picture(id)).payerState).toBe('not_charged')
    expect(world.wallet.asked.filter((said) => said.startsWith('release'))).toHaveLength(5)
  })

  it('and is paid after the close gives back within two minutes of its notice', async () => {
    const id = await confirmed()
    world.wallet.script.saysFailed = true
    await world.pass(2 * MINUTE_MS)
    world.wallet.payAll(true)
    await world.notify({ id: 'n1', tradeNo: tradeNoOf(world) })
    await world.pass(2 * MINUTE_MS)
    expect(await endOf(id)).toEqual(GIVEN_BACK)
  })
})

describe('F-34: a provider that does not find a charge it has taken', () => {
  it.each([1, 2, 4])('%i times over is asked on, and settles once', async (lagsFor) => {
    const id = await confirmed()
    Object.assign(world.insurer.script, { trouble: 'lose_answer', lagsFor })
    world.wallet.payAll()
    await world.pass(10 * MINUTE_MS)
    expect((await world.picture(id)).payerState).toBe('succeeded')
    expect(world.insurer.paidFen()).toBe(6_000)
    const sent = charges(world.insurer.asked)
    expect(new Set(sent).size).toBe(1) // under one number
    expect(await bookProblems(world)).toEqual([])
  })

  it('has the same order sent again where the payer is to act', async () => {
    const id = await quoted()
    world.wallet.script.trouble = 'refuse_to_say'
    await world.confirm(id)
    await world.pass(MINUTE_MS)
    world.wallet.script.trouble = null
    await world.pass(MINUTE_MS)
    expect((await world.picture(id)).payerState).toBe('to_pay')
    expect(new Set(charges(world.wallet.asked)).size).toBe(1)
  })
})

describe('F-39: a barcode whose payer must enter the password', () => {
  const byBarcode = async () => {
    const { hospitalId, newId, hospital, payments } = world
    const paymentId = newId<'Payment'>()
    const bills = [hospital.addBill('B1', [10_000])]
    const wish = { hospitalId, personId: PERSON, paymentId, bills, useAccount: true }
    await payments.quote({ ...wish, channel: 'wechat', method: 'barcode' }, PAYER)
    const presence = { token: '134567890123456789', ip: null, returnUrl: null }
    const consent = { payFen: fen(PAYER_FEN), presence }
    await payments.confirm(hospitalId, PERSON, paymentId, consent, PAYER)
    return paymentId
  }
  const released = () => world.wallet.asked.some((said) => said.startsWith('release'))

  it('is waited for 45 seconds and then taken back', async () => {
    const id = await byBarcode()
    await world.pass(44 * SECOND_MS)
    expect([(await world.picture(id)).payerState, released()]).toEqual(['to_pay', false])
    await world.pass(2 * SECOND_MS)
    expect([(await world.picture(id)).payerState, released()]).toEqual(['not_charged', true])
    expect(world.wallet.orders()[0]?.state).toBe('closed')
  })

  it('and does so while we ask last is paid', async () => {
    const id = await byBarcode()
    await world.pass(44 * SECOND_MS)
    world.wallet.payAll()
    await world.pass(MINUTE_MS)
    expect((await world.picture(id)).payerState).toBe('succeeded')
    expect(world.wallet.balanceFen()).toBe(PAYER_FEN)
  })

  it('and is taken after it was taken back all the same gets it back', async () => {
    const id = await byBarcode()
    await world.pass(MINUTE_MS)
    world.wallet.payAll(true)
    await world.payments.recheck(world.hospitalId, id)
    await world.pass(MINUTE_MS)
    expect(await endOf(id)).toEqual(GIVEN_BACK)
  })
})

describe('F-40: one bill and two channels', () => {
  const withSecondChannel = async () => {
    const alipay = scriptedChannel(world.clock, 'alipay')
    const { providersOf } = world.payments.dependencies
    const providers = (await providersOf(world.hospitalId)) as Map<string, Provider>
    providers.set('alipay', alipay.channel)
    return alipay
  }
  const quoteAtAlipay = async () => {
    const { hospitalId, newId, payments } = world
    const paymentId = newId<'Payment'>()
    const bills = [{ billNo: 'B1', version: 1 }]
    const wish = { hospitalId, personId: PERSON, paymentId, bills, useAccount: true }
    await payments.quote({ ...wish, channel: 'alipay' }, PAYER)
    return paymentId
  }

  it('is paid by the first that is agreed to: the second is never ordered', async () => {
    const alipay = await withSecondChannel()
    await confirmed()
    const second = await quoteAtAlipay()
    await expect(world.confirm(second)).rejects.toMatchObject({ code: 'payments.bill_in_payment' })
    expect(alipay.orders()).toEqual([])
  })

  it('that both take the money: the one that stands settles, the other gives it back, and both are shown', async () => {
    const alipay = await withSecondChannel()
    const first = await confirmed()
    await world.cancel(first)
    await world.pass(MINUTE_MS)
    const second = await quoteAtAlipay()
    await world.confirm(second)
    // The payer still has the first code open, and scans both.
    world.wallet.payAll(true)
    alipay.payAll()
    await world.notify({ id: 'n1', tradeNo: tradeNoOf(world) })
    await world.pass(2 * MINUTE_MS)
    expect((await world.picture(second)).payerState).toBe('succeeded')
    expect((await world.picture(first)).payerState).toBe('returned')
    expect([world.wallet.balanceFen(), alipay.balanceFen()]).toEqual([0, PAYER_FEN])
    expect(await world.balances()).toMatchObject({ 'in-transit': 0, income: -10_000 })
    expect(await bookProblems(world)).toEqual([])
  })
})

async function eventsNamed(name: string): Promise<number> {
  const { rows } = await inHospital(world.db, world.hospitalId, (tx) =>
    sql<{ n: number }>`select count(*) as n from platform.outbox
      where hospital_id = ${world.hospitalId} and name = ${name}`.execute(tx),
  )
  return rows[0]?.n ?? 0
}
