import { afterAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { addDays, businessDate, HOUR_MS, instantAt, MINUTE_MS } from '../../kernel/time.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { CaseId } from './day.ts'
import { HOSPITAL, reconciliationWorld } from './testing/world.ts'
import type { Resolution } from './work-case.ts'

const D = businessDate('2026-11-20')
const NEXT = addDays(D, 1)
const AFTER = addDays(D, 2)

let db: TestDatabase
let world: ReturnType<typeof reconciliationWorld>
const used: TestDatabase[] = []

beforeEach(async () => {
  db = await createTestDatabase()
  used.push(db)
  world = reconciliationWorld(db)
})
afterAll(async () => {
  for (const database of used) await database[Symbol.asyncDispose]()
})

const shortly = async (date = D) =>
  (await world.differences(date)).map((d) => `${d.source} ${d.class} ${d.kind} ${d.status}`)

describe('cases of payments', () => {
  it('F-20: of a notice that nobody could read, once', async () => {
    const event = { hospitalId: HOSPITAL, noticeId: 'n1', source: 'payments', error: 'no such' }
    await world.reconciliation.onNoticeGivenUp(event)
    await world.reconciliation.onNoticeGivenUp(event)
    expect(await world.cases('open')).toMatchObject([
      { class: 'notice_unread', subject: 'notice:n1', amountFen: 0, reason: 'no such' },
    ])
  })

  it('of a claim that its insurer refuses after settling, once, and ended by what happens to the claim', async () => {
    const event = { hospitalId: HOSPITAL, claimId: 'c1', payFen: fen(16_000) }
    const refused = { ...event, attention: 'refused_after_settlement' }
    const { onClaimAttention, resolveCase } = world.reconciliation
    await onClaimAttention(refused)
    await onClaimAttention(refused)
    const found = await world.cases('open')
    expect(found).toMatchObject([
      {
        class: 'claim_attention',
        subject: 'coverage_claim:c1',
        source: 'commercial',
        amountFen: 16_000,
        reason: 'refused_after_settlement',
      },
    ])
    await onClaimAttention({ ...event, attention: null })
    expect(await world.cases()).toMatchObject([{ status: 'resolved', resolution: 'ended' }])

    await onClaimAttention(refused)
    const id = (await world.cases('open'))[0]?.id as CaseId
    const finance = { name: 'staff:1', requestId: null }
    const end = (resolution: Resolution) =>
      resolveCase(HOSPITAL, id, { resolution, note: '已电话联系' }, finance)
    await expect(end('no_difference')).rejects.toMatchObject({
      code: 'reconciliation.resolution_wrong',
    })
    await end('patient_pays')
    expect(await world.cases('open')).toEqual([])
  })

  it('[B3] a payment or refund that needs an eye is a case, once, until it ends by itself', async () => {
    const id = await world.order('B1')
    world.wallet.payAll()
    world.hospital.script.isSilent = true
    await world.passMs(HOUR_MS)
    expect(await world.cases('open')).toMatchObject([
      {
        class: 'payment_attention',
        subject: `payment:${id}`,
        reason: 'overdue',
        amountFen: 10_000,
        businessDate: D,
      },
    ])
    const event = { hospitalId: HOSPITAL, paymentId: id, reason: 'overdue' }
    await world.reconciliation.onPaymentAttention(event)
    expect(await world.cases()).toHaveLength(1)

    world.hospital.script.isSilent = false
    await world.passMs(HOUR_MS)
    expect(await world.statusOf(id)).toBe('succeeded')
    expect(await world.cases()).toMatchObject([{ status: 'resolved', resolution: 'ended' }])
    // Told late, when it has ended already.
    await world.reconciliation.onPaymentAttention(event)
    expect(await world.cases('open')).toEqual([])

    world.wallet.script.refundsWait = true
    const refundId = await world.refund(id, 'B1')
    await world.passMs(HOUR_MS)
    expect(await world.cases('open')).toMatchObject([
      { class: 'refund_attention', subject: `refund:${refundId}`, amountFen: 10_000 },
    ])
    world.wallet.finishRefunds()
    await world.passMs(HOUR_MS)
    expect(await world.cases('open')).toEqual([])
  })

  it('F-68: money for an account that is closed is a case, with the channel’s word, until it is back', async () => {
    const id = await world.pay('B1')
    world.wallet.script.declinesRefunds = 'account_closed'
    const refundId = await world.refund(id, 'B1')
    await world.passMs(HOUR_MS)
    expect(await world.cases('open')).toMatchObject([
      {
        class: 'refund_attention',
        subject: `refund:${refundId}`,
        reason: 'account_closed',
        amountFen: 10_000,
      },
    ])
  })

  it('a giving back that takes long is a case until the money is back', async () => {
    world.hospital.script.loses = true
    await world.pay('B1')
    world.hospital.script.loses = false
    world.hospital.voidBill('B1')
    world.wallet.script.refundsWait = true
    await world.passTo(NEXT, '03:00:00')
    expect(await shortly()).toEqual(['his ours_only charge in_case'])
    const classes = (await world.cases('open')).map((c) => c.class)
    expect(classes.toSorted()).toEqual(['ours_only', 'refund_attention'])
    world.wallet.finishRefunds()
    await world.passTo(NEXT, '04:00:00')
    expect(await shortly()).toEqual(['his ours_only charge repaired'])
    expect(await world.cases('open')).toEqual([])
  })
})

describe('whatever happens to those who do the work', () => {
  /** A morning with something to repair at every party. */
  async function trouble(one: ReturnType<typeof reconciliationWorld>) {
    one.hospital.script.loses = true
    await one.pay('B1')
    await one.pay('B2')
    one.hospital.script.loses = false
    one.hospital.voidBill('B2')
    await one.order('B3')
    await one.passTo(D, '10:30:00')
    one.wallet.payAll(true)
    const line = { kind: 'charge' as const, providerNo: 'S99', at: one.clock.now() }
    const strange = { ...line, ourNo: 'H37020000001202611201200000099', amountFen: fen(777) }
    one.insurer.script.strangers = [strange]
    one.clock.set(instantAt(NEXT, '10:10:00'))
  }

  it('a worker that dies in any call leaves nothing that the next one does not bring to the same end', async () => {
    const first = reconciliationWorld(db)
    await trouble(first)
    let stops = 0
    const counting = first.make(counted(first, async () => void stops++))
    await counting.sweep(HOSPITAL)
    await first.passTo(NEXT, '10:35:00')
    const wanted = await first.picture(D)
    expect(wanted.days).toEqual([{ status: 'closed' }])
    expect(stops).toBeGreaterThan(16)

    for (let deadly = 1; deadly <= stops; deadly++) {
      const database = await createTestDatabase()
      used.push(database)
      const one = reconciliationWorld(database)
      await trouble(one)
      let passed = 0
      // The process stops here, before a call or after the other side has heard it, and writes nothing more.
      let die: () => void = () => undefined
      const died = new Promise<void>((resolve) => (die = resolve))
      const doomed = one.make(
        counted(one, () => {
          if (++passed < deadly) return Promise.resolve()
          die()
          return new Promise(() => undefined)
        }),
      )
      void doomed.sweep(HOSPITAL)
      await died
      await one.passTo(NEXT, '10:35:00')
      expect(await one.picture(D), `after dying at ${deadly}`).toEqual(wanted)
      expect([one.wallet.balanceFen(), one.insurer.paidFen()]).toEqual([
        first.wallet.balanceFen(),
        first.insurer.paidFen(),
      ])
    }
  }, 120_000)

  it('workers that take a day up at once do its work once', async () => {
    await trouble(world)
    const told: string[] = []
    const tellHospitalAgain: typeof world.payments.tellHospitalAgain = (h, p, billNo) => {
      told.push(billNo)
      return world.payments.tellHospitalAgain(h, p, billNo)
    }
    const payments = world.paymentsWith({ tellHospitalAgain })
    await Promise.all([1, 2, 3, 4].map(() => world.make({ payments }).sweep(HOSPITAL)))
    await world.passTo(NEXT, '10:35:00')
    expect(told.toSorted()).toEqual(['B1', 'B2'])
    expect(await world.day(D)).toMatchObject({ status: 'closed' })
  })

  it('a worker that comes back after its time changes nothing', async () => {
    world.hospital.script.loses = true
    await world.pay('B1')
    world.hospital.script.loses = false
    world.clock.set(instantAt(NEXT, '00:10:00'))
    let goOn: () => void = () => undefined
    let arrive: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (goOn = resolve))
    const arrived = new Promise<void>((resolve) => (arrive = resolve))
    const tellHospitalAgain: typeof world.payments.tellHospitalAgain = async (h, p, billNo) => {
      arrive()
      await gate
      return world.payments.tellHospitalAgain(h, p, billNo)
    }
    const slow = world.make({ payments: world.paymentsWith({ tellHospitalAgain }) })
    const late = slow.sweep(HOSPITAL)
    await arrived
    await world.passTo(NEXT, '00:15:00')
    expect(await shortly()).toEqual(['his ours_only charge repaired'])
    goOn()
    await late
    expect(await shortly()).toEqual(['his ours_only charge repaired'])
    expect(world.hospital.book).toHaveLength(1)
  })

  it('a day that cannot be worked on shows why, and the others are worked on', async () => {
    await world.pay('B1')
    const id = await world.order('B2')
    await world.hospital.desk.writeBack(
      { hospitalId: HOSPITAL, trace: () => undefined },
      {
        paymentNo: tradeNoOf(HOSPITAL, id),
        billNo: 'B2',
        version: 1,
        totalFen: fen(10_000),
        paidAt: world.clock.now(),
        parts: [],
        insuranceSettlementNo: null,
      },
    )
    world.clock.set(instantAt(AFTER, '11:00:00'))
    const standingOf = () => Promise.reject(new Error('the database is away'))
    const broken = world.make({ payments: world.paymentsWith({ standingOf }) })
    await expect(broken.sweep(HOSPITAL)).rejects.toThrow('the database is away')
    expect(await world.day(D)).toMatchObject({ last_error: 'the database is away' })
    expect(await world.day(NEXT)).toMatchObject({ status: 'closed' })
    await world.passMs(11 * MINUTE_MS)
    expect(await world.day(D)).toMatchObject({ status: 'closed', last_error: null })
  })

  it('shows nothing to another hospital', async () => {
    await world.pay('B1')
    await world.passTo(NEXT, '11:00:00')
    const actor = { name: 'staff:x', requestId: null }
    const foreign = world.reconciliation.rerun(2 as never, D, actor)
    await expect(foreign).rejects.toMatchObject({ code: 'reconciliation.day_not_found' })
    expect(await world.reconciliation.nextDueAt(2 as never)).toBeNull()
  })
})

/** The same dependencies, with `stop` around whatever leaves the process: before the other side hears it, and after. */
function counted(
  one: ReturnType<typeof reconciliationWorld>,
  stop: () => Promise<void>,
): Partial<typeof one.dependencies> {
  const heard =
    <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      await stop()
      const answer = await call(...args)
      await stop()
      return answer
    }
  const { payments, providersOf, reverseUnknown } = one.dependencies
  return {
    providersOf: async (hospitalId) => {
      const providers = await providersOf(hospitalId)
      const wrapped = [...providers].map(
        ([name, provider]) =>
          [name, { ...provider, statement: heard(provider.statement.bind(provider)) }] as const,
      )
      return new Map(wrapped)
    },
    systemOf: async () => ({
      ...one.hospital.system,
      dayList: heard((call, date) => one.hospital.system.dayList(call, date)),
      bill: heard((call, billNo) => one.hospital.system.bill(call, billNo)),
    }),
    payments: {
      ...payments,
      recheck: heard(payments.recheck),
      tellHospitalAgain: heard(payments.tellHospitalAgain),
      giveBack: heard(payments.giveBack),
    },
    ...(reverseUnknown ? { reverseUnknown: heard(reverseUnknown) } : {}),
  }
}
