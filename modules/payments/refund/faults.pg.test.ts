import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import { inHospital } from '../../../platform/db.ts'
import type { PaymentId } from '../payment.ts'
import type { PaymentsWorld } from '../testing/world.ts'
import { bookProblems, createWorlds, paidPayment } from '../testing/worlds.ts'

// What goes wrong on the way back, by the numbers of the failure scenarios.

let worlds: Awaited<ReturnType<typeof createWorlds>>
let world: PaymentsWorld

beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())
beforeEach(() => void (world = worlds.newWorld()))

const STAFF = { name: 'staff:1', requestId: null }

const refundsAsked = () => world.wallet.asked.filter((said) => said.startsWith('refund'))

/** A payment of so many lines of one yuan, all of it by the payer. */
function paidByPayer(lines: number): Promise<PaymentId> {
  world.insurer.script.available = false
  return paidPayment(
    world,
    Array.from({ length: lines }, () => 100),
  )
}

it('F-58: a refund the channel keeps to itself for three days stays on its way, and is asked about', async () => {
  const id = await paidPayment(world, [10_000, 5_000])
  world.wallet.script.refundsWait = true
  await world.refund(id, 'B1', [2])
  for (let day = 1; day <= 3; day++) {
    const asked = world.wallet.asked.length
    await world.pass(DAY_MS)
    const { payerState, refunds, inTransitFen } = await world.picture(id)
    expect(payerState).toBe('returning')
    expect(inTransitFen).toBe(2_000)
    expect(refunds[0]).toMatchObject({ status: 'returning', attention: 'overdue' })
    expect(world.wallet.asked.length - asked).toBeGreaterThanOrEqual(48)
  }
  expect(refundsAsked()).toHaveLength(1)
  world.wallet.finishRefunds()
  await world.pass(30 * MINUTE_MS)
  expect((await world.picture(id)).payerState).toBe('part_refunded')
})

it('F-60: the fifty-first refund of one payment is refused before anybody is asked', async () => {
  const id = await paidByPayer(51)
  for (let lineNo = 1; lineNo <= 50; lineNo++) {
    await world.refund(id, 'B1', [lineNo])
    await world.pass(MINUTE_MS)
  }
  expect([refundsAsked().length, world.wallet.balanceFen()]).toEqual([50, 100])
  await expect(world.refund(id, 'B1', [51])).rejects.toMatchObject({
    code: 'payments.refund_too_many',
    params: { most: 50 },
  })
  expect(world.hospital.refunds()).toHaveLength(50)
  expect(refundsAsked()).toHaveLength(50)
  expect((await world.picture(id)).bills[0]?.refundingFen).toBe(5_000)
}, 60_000)

it('F-61: a payment goes back the way it came for 365 days, and then the window is named', async () => {
  const id = await paidByPayer(2)
  const { tenders } = await world.picture(id)
  world.clock.set(new Date((tenders[0]?.takenAt?.getTime() ?? 0) + 365 * DAY_MS))
  await world.refund(id, 'B1', [1])
  await world.pass(MINUTE_MS)
  expect((await world.picture(id)).payerState).toBe('part_refunded')
  const [asked, agreed] = [refundsAsked().length, world.hospital.refunds().length]
  await expect(world.refund(id, 'B1', [2])).rejects.toMatchObject({
    code: 'payments.refund_too_late',
    params: { days: 365 },
  })
  expect([refundsAsked().length, world.hospital.refunds().length]).toEqual([asked, agreed])
})

it('F-62: two refunds of one payment in one minute reach the channel a minute apart', async () => {
  const id = await paidByPayer(3)
  for (const lineNo of [1, 2]) {
    await world.refund(id, 'B1', [lineNo])
    await world.pass(SECOND_MS)
  }
  expect(refundsAsked()).toHaveLength(1)
  expect((await world.picture(id)).payerState).toBe('returning')
  await world.pass(2 * MINUTE_MS)
  const [first, second] = world.wallet.refunds()
  expect((second?.at.getTime() ?? 0) - (first?.at.getTime() ?? 0)).toBeGreaterThanOrEqual(MINUTE_MS)
  expect((await world.picture(id)).refunds.map(({ status }) => status)).toEqual([
    'succeeded',
    'succeeded',
  ])
  expect(await bookProblems(world)).toEqual([])
})

it('F-63: when the insurer gave back and the wallet does not answer, only the wallet is asked again', async () => {
  const id = await paidPayment(world, [10_000, 5_000])
  world.wallet.script.trouble = 'refuse_to_say'
  await world.refund(id, 'B1', [2])
  await world.pass(10 * MINUTE_MS)
  const { payerState, tenders } = await world.picture(id)
  expect(payerState).toBe('returning')
  expect(tenders.map(({ returnedFen }) => returnedFen)).toEqual([0, 9_000])
  world.wallet.script.trouble = null
  await world.pass(10 * MINUTE_MS)
  expect((await world.picture(id)).payerState).toBe('part_refunded')
  expect(new Set(refundsAsked()).size).toBe(1)
  expect(world.insurer.asked.filter((said) => said.startsWith('refund'))).toHaveLength(1)
  expect([world.insurer.paidFen(), world.wallet.balanceFen()]).toEqual([6_000, 4_000])
})

it('F-66: the hospital takes lines back while the patient wants all: each line goes back once', async () => {
  const id = await paidPayment(world, [6_000, 3_000, 1_000])
  const { hospitalId, newId } = world
  const wish = { hospitalId, paymentId: id, billNo: 'B1', reason: '退药' }
  const ofHospital = { ...wish, id: newId<'Refund'>(), lineNos: [2], requestNo: 'HIS-1' }
  const ofPatient = { ...wish, id: newId<'Refund'>(), lineNos: [], requestNo: null }
  const outcomes = await Promise.allSettled(
    [ofHospital, ofPatient].map((asked) => world.payments.requestRefund(asked, STAFF)),
  )
  const refusals = outcomes.flatMap((o) => (o.status === 'rejected' ? [codeOf(o.reason)] : []))
  expect(refusals).toHaveLength(1)
  expect(['payments.refund_running', 'payments.refund_lines_refunded']).toContain(refusals[0])
  await world.pass(MINUTE_MS)
  await expect(world.refund(id, 'B1', [])).rejects.toMatchObject({
    code: 'payments.refund_lines_refunded',
  })
  const isLeft = outcomes[0]?.status === 'fulfilled'
  if (isLeft) await world.refund(id, 'B1', [1, 3])
  await world.pass(MINUTE_MS)
  const { payerState, refunds } = await world.picture(id)
  expect(payerState).toBe('refunded')
  expect(refunds.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(10_000)
  expect([world.insurer.paidFen(), world.wallet.balanceFen()]).toEqual([0, 0])
})

it('F-68: money for an account that is closed stays in transit, and somebody is called', async () => {
  const id = await paidPayment(world, [10_000, 5_000])
  world.wallet.script.declinesRefunds = 'account_closed'
  await world.refund(id, 'B1', [2])
  const asked = refundsAsked().length
  await world.pass(DAY_MS)
  const { refunds, inTransitFen } = await world.picture(id)
  expect(refunds[0]).toMatchObject({ status: 'returning', attention: 'account_closed' })
  expect(inTransitFen).toBe(2_000)
  expect(await world.balances()).toMatchObject({ 'in-transit': -2_000 })
  expect(await eventsNamed('refunds.attention')).toBe(1)
  expect(refundsAsked()).toHaveLength(asked) // nobody hopes that it opens again
})

describe('F-70: a merchant’s account that lacks the money', () => {
  beforeEach(() => void (world.wallet.script.declinesRefunds = 'not_enough'))

  it('calls finance once, and is asked again by itself until it has been filled', async () => {
    const id = await paidPayment(world, [10_000, 5_000])
    await world.refund(id, 'B1', [2])
    await world.pass(2 * 60 * MINUTE_MS)
    const { payerState, refunds } = await world.picture(id)
    expect(payerState).toBe('returning')
    expect(refunds[0]).toMatchObject({ status: 'returning', attention: 'not_enough' })
    expect(await eventsNamed('refunds.attention')).toBe(1)
    const tries = refundsAsked().length
    expect(tries).toBeGreaterThan(5)
    expect(tries).toBeLessThan(20)
    world.wallet.script.declinesRefunds = null
    await world.pass(30 * MINUTE_MS)
    const after = await world.picture(id)
    expect(after.payerState).toBe('part_refunded')
    expect(after.refunds[0]?.attention).toBeNull()
    expect(new Set(refundsAsked()).size).toBe(1)
    expect(await world.balances()).toMatchObject({ 'in-transit': 0, income: -10_000 })
    expect(await bookProblems(world)).toEqual([])
  })

  it('holds a payment that came to nothing until it has given back', async () => {
    world.insurer.script.declines = true
    const id = await paidPayment(world)
    await world.pass(60 * MINUTE_MS)
    expect((await world.picture(id)).payerState).toBe('returning')
    world.wallet.script.declinesRefunds = null
    await world.pass(60 * MINUTE_MS)
    expect((await world.picture(id)).payerState).toBe('returned')
    expect(world.wallet.balanceFen()).toBe(0)
    expect(await bookProblems(world)).toEqual([])
  })
})

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code

async function eventsNamed(name: string): Promise<number> {
  const { rows } = await inHospital(world.db, world.hospitalId, (tx) =>
    sql<{ n: number }>`select count(*) as n from platform.outbox
      where hospital_id = ${world.hospitalId} and name = ${name}`.execute(tx),
  )
  return rows[0]?.n ?? 0
}
