import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Id } from '../../../kernel/id.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../kernel/time.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import { inHospital } from '../../../platform/db.ts'
import type { PaymentId } from '../payment.ts'
import { PERSON } from '../testing/hospital.ts'
import type { PaymentsWorld } from '../testing/world.ts'
import { bookProblems, createWorlds } from '../testing/worlds.ts'
import type { AgreementId } from './agreement.ts'
import { changeLimits, offersOf, revokeAgreement, signAgreement } from './agreements.ts'
import { agreementFor, byAgreement } from './charge.ts'
import { agreementView } from './view.ts'

const ACTOR = { name: 'person:test', requestId: null }
const LIMITS = { perPaymentFen: fen(10_000), perDayFen: fen(15_000) }

let worlds: Awaited<ReturnType<typeof createWorlds>>
let world: PaymentsWorld
let bills = 0

beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())
// The insurer pays nothing, so that what a bill says is what the payer pays.
beforeEach(() => void (world = worlds.newWorld({ sharePercent: 0 })))

const deps = () => world.payments.dependencies

const sign = (limits = LIMITS) =>
  signAgreement(
    deps(),
    {
      hospitalId: world.hospitalId,
      personId: PERSON,
      id: world.newId() as AgreementId,
      channel: 'wechat',
      limits,
      returnUrl: null,
    },
    ACTOR,
  )

const revoke = (id: AgreementId) => revokeAgreement(deps(), world.hospitalId, PERSON, id, ACTOR)
const view = (id: AgreementId) => agreementView(deps(), world.hospitalId, PERSON, id)

async function signed(limits = LIMITS): Promise<AgreementId> {
  const { id } = await sign(limits)
  world.wallet.signing.signAll()
  await world.pass(MINUTE_MS)
  return id
}

/** A plan of so much, by the agreement if one carries it. */
async function quoted(amountFen: number): Promise<PaymentId> {
  return world.quote([world.hospital.addBill(`B${++bills}`, [amountFen])])
}

async function paid(amountFen: number) {
  const id = await quoted(amountFen)
  await world.confirm(id)
  return stateOf(id)
}

async function stateOf(id: PaymentId) {
  const { payment, tenders, payerState } = await world.picture(id)
  const [tender] = tenders
  return { id, status: payment.status, payerState, method: tender?.method, tender: tender?.status }
}

const charges = () => world.wallet.asked.filter((question) => question.startsWith('charge'))

describe('[I3] signing', () => {
  it('leads the payer to a page, and holds once the provider says so', async () => {
    expect(await offersOf(deps(), world.hospitalId)).toMatchObject([{ channel: 'wechat' }])
    const { id, payerAction } = await sign()
    expect(payerAction).toMatchObject({ kind: 'page' })
    expect(await view(id)).toMatchObject({ state: 'signing', leftTodayFen: 0, agreementNo: null })
    expect((await paid(5_000)).method).toBe('account')
    world.wallet.signing.signAll()
    await world.pass(MINUTE_MS)
    const known = await view(id)
    expect(known).toMatchObject({ state: 'active', leftTodayFen: 15_000, usedTodayFen: 0 })
    expect(known.agreementNo).toMatch(/^\*{4}.{4}$/)
  })

  it('hears of it by a notice, without waiting for its turn', async () => {
    const { id } = await sign()
    world.wallet.signing.signAll()
    await world.notify({ id: 'n1', signNo: tradeNoOf(world.hospitalId, id) })
    expect((await view(id)).state).toBe('active')
  })

  it('begun twice it is one; an active one is not signed again', async () => {
    const [first, second] = await Promise.all([sign(), sign()])
    expect(second.id).toBe(first.id)
    world.wallet.signing.signAll()
    await world.pass(MINUTE_MS)
    await expect(sign()).rejects.toMatchObject({ code: 'payments.agreement_exists' })
  })

  it('is over when the payer never signs, and may be begun anew', async () => {
    const { id } = await sign()
    await world.pass(31 * MINUTE_MS)
    expect(await view(id)).toMatchObject({ state: 'revoked', endReason: 'not_signed' })
    expect((await sign()).id).not.toBe(id)
  })

  it('that comes true after it was given up is ended at the provider too', async () => {
    const { id } = await sign()
    await world.pass(31 * MINUTE_MS)
    world.wallet.signing.signAll()
    await world.notify({ id: 'n2', signNo: tradeNoOf(world.hospitalId, id) })
    expect(await view(id)).toMatchObject({ state: 'revoked' })
    expect(world.wallet.signing.signed()).toMatchObject([{ state: 'ended' }])
  })

  it('takes limits within the contract only', async () => {
    const wrong = { code: 'payments.agreement_limits_wrong' }
    await expect(sign({ ...LIMITS, perPaymentFen: fen(50_001) })).rejects.toMatchObject(wrong)
    await expect(sign({ ...LIMITS, perDayFen: fen(100_001) })).rejects.toMatchObject(wrong)
    await expect(sign({ ...LIMITS, perDayFen: fen(9_999) })).rejects.toMatchObject(wrong)
    const id = await signed()
    const change = (perPaymentFen: Fen) =>
      changeLimits(deps(), world.hospitalId, PERSON, id, { ...LIMITS, perPaymentFen }, ACTOR)
    await expect(change(fen(50_001))).rejects.toMatchObject(wrong)
    await change(fen(1_000))
    expect((await paid(2_000)).method).toBe('account')
    const stranger = world.newId() as Id<'Person'>
    await expect(
      changeLimits(deps(), world.hospitalId, stranger, id, LIMITS, ACTOR),
    ).rejects.toMatchObject({ code: 'payments.agreement_not_found' })
  })
})

describe('[I3] a small payment', () => {
  it('takes one tap: it succeeds without the payer acting in the wallet', async () => {
    const id = await signed()
    expect(await paid(8_000)).toMatchObject({ status: 'succeeded', method: 'agreement' })
    expect(await view(id)).toMatchObject({ usedTodayFen: 8_000, leftTodayFen: 7_000 })
    expect(await bookProblems(world)).toEqual([])
  })

  it('over a limit is paid in the ordinary way by itself', async () => {
    await signed()
    expect(await paid(10_001)).toMatchObject({ method: 'account', payerState: 'to_pay' })
    expect((await paid(10_000)).method).toBe('agreement')
    expect((await paid(5_001)).method).toBe('account')
    expect((await paid(5_000)).method).toBe('agreement')
  })

  it('has the whole limit again on the next day', async () => {
    await signed()
    await paid(10_000)
    expect((await paid(10_000)).method).toBe('account')
    await world.pass(DAY_MS)
    expect((await paid(10_000)).method).toBe('agreement')
  })

  it('two at once never exceed the limit of the day', async () => {
    const id = await signed()
    const plans = await Promise.all([8_000, 7_001, 7_000, 6_000].map(quoted))
    await Promise.all(plans.map((plan) => world.confirm(plan)))
    const states = await Promise.all(plans.map(stateOf))
    const agreed = states.filter(({ method }) => method === 'agreement')
    const others = states.filter(({ method }) => method === 'account')
    expect(agreed.length).toBeGreaterThan(0)
    expect(agreed.every(({ status }) => status === 'succeeded')).toBe(true)
    expect(others.every(({ payerState }) => payerState === 'to_pay')).toBe(true)
    const { usedTodayFen } = await view(id)
    expect(usedTodayFen).toBeLessThanOrEqual(15_000)
    expect(world.wallet.balanceFen()).toBe(usedTodayFen)
  })

  it('that the provider finds too large goes on in the ordinary way, under the same number', async () => {
    const id = await signed()
    world.wallet.signing.script.limitFen = 3_000
    const payment = await paid(4_000)
    expect(payment).toMatchObject({ method: 'account', payerState: 'to_pay' })
    expect(new Set(charges()).size).toBe(1)
    expect(await view(id)).toMatchObject({ state: 'active', usedTodayFen: 0 })
    world.wallet.payAll()
    await world.pass(MINUTE_MS)
    expect(await stateOf(payment.id)).toMatchObject({ status: 'succeeded', method: 'account' })
    expect(await bookProblems(world)).toEqual([])
  })

  it('whose answer is lost is taken once', async () => {
    const id = await signed()
    world.wallet.script.trouble = 'lose_answer'
    const payment = await paid(8_000)
    expect(payment).toMatchObject({ status: 'charging', tender: 'asked' })
    expect((await view(id)).usedTodayFen).toBe(8_000)
    world.wallet.script.trouble = null
    await world.pass(MINUTE_MS)
    expect((await stateOf(payment.id)).status).toBe('succeeded')
    expect(world.wallet.balanceFen()).toBe(8_000)
  })

  it('for which the payer wished a method is paid by that', async () => {
    await signed()
    const wish = { hospitalId: world.hospitalId, personId: PERSON, method: 'page' as const }
    const way = { provider: 'wechat', method: 'page' as const, payerAccount: null }
    expect(await byAgreement(deps(), wish, way, fen(100))).toBe(way)
  })
})

describe('[I3] ending', () => {
  it('by the payer: nothing is charged any more, and the provider is told', async () => {
    const id = await signed()
    await revoke(id)
    expect(await view(id)).toMatchObject({ state: 'revoked', endReason: 'by_payer' })
    expect(world.wallet.signing.signed()).toMatchObject([{ state: 'ended' }])
    expect((await paid(1_000)).method).toBe('account')
  })

  it.each(['lose_answer', 'refuse_to_say'] as const)(
    'is asked about until it is known, and nothing is charged meanwhile: %s',
    async (trouble) => {
      const id = await signed()
      const plan = await quoted(2_000)
      world.wallet.signing.script.trouble = trouble
      await revoke(id)
      expect(await view(id)).toMatchObject({ state: 'revoking', leftTodayFen: 0 })
      await world.confirm(plan)
      expect(await stateOf(plan)).toMatchObject({ method: 'account', payerState: 'to_pay' })
      expect((await paid(1_000)).method).toBe('account')
      await world.pass(5 * MINUTE_MS)
      expect((await view(id)).state).toBe('revoking')
      world.wallet.signing.script.trouble = null
      await world.pass(HOUR_MS)
      expect((await view(id)).state).toBe('revoked')
      expect(world.wallet.signing.signed()).toMatchObject([{ state: 'ended' }])
    },
  )

  it('stops a charge that is in doubt from being sent again', async () => {
    const id = await signed()
    world.wallet.script.trouble = 'refuse_to_say'
    const payment = await paid(8_000)
    expect(payment.tender).toBe('asked')
    const sent = charges().length
    await revoke(id)
    world.wallet.script.trouble = null
    await world.pass(HOUR_MS)
    expect(charges()).toHaveLength(sent)
    expect(await stateOf(payment.id)).toMatchObject({ status: 'closed', tender: 'released' })
    expect(world.wallet.balanceFen()).toBe(0)
  })

  it('in the wallet: the next charge finds it ended, goes on in the ordinary way, and it is known', async () => {
    const id = await signed()
    world.wallet.signing.endAll()
    expect(await paid(2_000)).toMatchObject({ method: 'account', payerState: 'to_pay' })
    expect((await view(id)).state).toBe('unknown')
    await world.pass(MINUTE_MS)
    expect(await view(id)).toMatchObject({ state: 'revoked', endReason: 'by_provider' })
  })

  it('in the wallet is heard of by a notice; silence meanwhile is no yes', async () => {
    const id = await signed()
    world.wallet.signing.endAll()
    world.wallet.signing.script.trouble = 'refuse_to_say'
    await world.notify({ id: 'n3', signNo: tradeNoOf(world.hospitalId, id) })
    expect((await view(id)).state).toBe('unknown')
    expect((await paid(1_000)).method).toBe('account')
    world.wallet.signing.script.trouble = null
    await world.pass(HOUR_MS)
    expect((await view(id)).state).toBe('revoked')
  })

  it('one that is suspended is not charged, and is again when it holds again', async () => {
    const id = await signed()
    world.wallet.signing.script.suspended = true
    await world.notify({ id: 'n4', signNo: tradeNoOf(world.hospitalId, id) })
    expect((await view(id)).state).toBe('unknown')
    world.wallet.signing.script.suspended = false
    await world.pass(HOUR_MS)
    expect((await view(id)).state).toBe('active')
  })

  it('lets the payer sign anew at once, and the day is used as it was', async () => {
    const id = await signed()
    await paid(8_000)
    world.wallet.signing.script.trouble = 'refuse_to_say'
    await revoke(id)
    world.wallet.signing.script.trouble = null
    const next = await signed()
    expect(next).not.toBe(id)
    expect(await view(next)).toMatchObject({ state: 'active', leftTodayFen: 7_000 })
  })

  it('a process that died while asking is taken over', async () => {
    const id = await signed()
    const { signing } = world.wallet
    signing.script.trouble = 'break'
    await expect(revoke(id)).rejects.toThrow('broken')
    expect((await view(id)).state).toBe('revoking')
    signing.script.trouble = null
    await world.pass(HOUR_MS)
    expect((await view(id)).state).toBe('revoked')
  })
})

it('who asks finds the agreement that carries the amount, and no other', async () => {
  await signed()
  const { hospitalId, db, clock } = world
  const find = (amountFen: number, channel = 'wechat') =>
    inHospital(db, hospitalId, (tx) =>
      agreementFor(tx, hospitalId, PERSON, channel, fen(amountFen), clock.now()),
    )
  expect(await find(10_000)).toMatchObject({ leftTodayFen: 5_000 })
  expect(await find(10_001)).toBeNull()
  expect(await find(100, 'alipay')).toBeNull()
})

it('the table refuses a second live agreement and an active one without a number', async () => {
  const { hospitalId, db } = world
  const id = await signed()
  const write = (text: string) =>
    inHospital(db, hospitalId, (tx) => sql.raw(text).execute(tx)).then(
      () => 'written',
      (error: Error) => error.message,
    )
  const [again, without] = await Promise.all([
    write(`insert into payments.agreement select hospital_id, '${world.newId()}', person_id, channel,
      status, limit_per_payment_fen, limit_per_day_fen, agreement_no, end_reason, signed_at, valid_until,
      revoke_requested_at, revoked_at, expires_at, version, call_no, in_call_until, attempts, due_at,
      created_at, updated_at from payments.agreement where id = '${id}'`),
    write(`update payments.agreement set agreement_no = null where id = '${id}'`),
  ])
  expect(again).toContain('agreement_one_of_a_person')
  expect(without).toContain('agreement_active_is_named')
})
