import { afterAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { addDays, businessDate, instantAt } from '../../kernel/time.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { StatementLine } from '../payments/index.ts'
import { HOSPITAL, reconciliationWorld } from './testing/world.ts'

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

it('others are told of each difference once, and of each time the day is closed', async () => {
  world.hospital.script.loses = true
  await world.pay('B1')
  world.hospital.script.loses = false
  await world.passTo(NEXT, '10:20:00')
  const [difference] = await world.differences(D)
  expect(world.told).toEqual([
    {
      hospitalId: HOSPITAL,
      differenceId: difference?.id,
      date: D,
      source: 'his',
      class: 'ours_only',
      oursFen: 10_000,
      theirsFen: 0,
    },
    { hospitalId: HOSPITAL, date: D, closedAt: expect.stringMatching(/^2026-11-21T/) },
  ])
})

describe('differences with the hospital', () => {
  it('[B3] a lost write-back is told again and verified by the hospital’s list', async () => {
    world.hospital.script.loses = true
    await world.pay('B1')
    world.hospital.script.loses = false
    await world.passTo(NEXT, '00:10:00')
    await world.settle()
    expect(world.hospital.book).toHaveLength(1)
    expect(await shortly()).toEqual(['his ours_only charge repaired'])
    expect(await world.differences(D)).toMatchObject([{ repair: 'tell_hospital', present: false }])
    await world.passTo(NEXT, '10:20:00')
    expect(await world.day(D)).toMatchObject({ status: 'closed' })
    expect(await world.cases()).toEqual([])
  })

  it('a lost refund is told again', async () => {
    const id = await world.pay('B1')
    world.hospital.script.loses = true
    await world.refund(id, 'B1')
    world.hospital.script.loses = false
    await world.passTo(NEXT, '00:20:00')
    expect(await shortly()).toEqual(['his ours_only return repaired'])
    expect(world.hospital.book.map(({ kind }) => kind)).toEqual(['payment', 'refund'])
  })

  it('a hospital that says done and lists nothing is a person’s in the end', async () => {
    world.hospital.script.loses = true
    await world.pay('B1')
    await world.passTo(AFTER, '00:09:00')
    expect(await world.cases()).toEqual([])
    await world.passTo(AFTER, '00:30:00')
    expect(await world.differences(D)).toMatchObject([{ status: 'in_case', tries: 3 }])
    expect(await world.cases()).toMatchObject([{ class: 'ours_only', amountFen: 10_000 }])
    // It turns up: the review of the next morning sees it, and nobody needs to look any more.
    world.hospital.script.loses = false
    await world.dependencies.payments.tellHospitalAgain(
      HOSPITAL,
      (await world.differences(D))[0]?.paymentId as never,
      'B1',
    )
    await world.passTo(AFTER, '10:41:00')
    expect(await shortly()).toEqual(['his ours_only charge repaired'])
    expect(await world.cases()).toMatchObject([{ resolution: 'counterpart_arrived' }])
  })

  it.each(['void', 'paid by another'])(
    '[B3] what was paid and can never be delivered goes back: the bill is %s',
    async (what) => {
      world.hospital.script.loses = true
      await world.pay('B1')
      world.hospital.script.loses = false
      if (what === 'void') world.hospital.voidBill('B1')
      else world.hospital.payBill('B1', 'ANOTHER')
      await world.passTo(NEXT, '00:10:00')
      await world.settle()
      expect([world.wallet.balanceFen(), world.insurer.paidFen()]).toEqual([0, 0])
      expect(await world.differences(D)).toMatchObject([
        { status: 'repaired', repair: 'give_back' },
      ])
      expect(await world.inTransitFen()).toBe(0)
      await world.passTo(AFTER, '10:45:00')
      expect(await world.day(D)).toMatchObject({ status: 'closed' })
      expect(await world.day(NEXT)).toMatchObject({ status: 'closed' })
      expect(await world.cases()).toEqual([])
    },
  )

  it('what the hospital has delivered after all is not given back by the machine', async () => {
    const id = await world.pay('B1')
    // It lists nothing and says paid by another, while the bill itself is paid by this very payment.
    world.hospital.script.relist = () => []
    world.hospital.script.refuses = 'bill_already_paid'
    await world.passTo(NEXT, '00:20:00')
    expect(await world.differences(D)).toMatchObject([
      { status: 'in_case', repair: 'give_back', repairDetail: 'bill_is_paid_by_it' },
    ])
    expect(world.wallet.balanceFen()).toBe(4_000)
    expect(await world.cases()).toMatchObject([
      { class: 'ours_only', subject: `payment:${id}`, reason: 'bill_is_paid_by_it' },
    ])
  })

  it('a payment that only the hospital has, its answer lost, is gone on with', async () => {
    world.clock.set(instantAt(D, '23:50:00'))
    const id = await world.order('B1')
    world.wallet.payAll()
    world.hospital.script.isSilent = true
    await world.passTo(NEXT, '00:09:59')
    expect(await world.statusOf(id)).toBe('settling')
    world.hospital.script.isSilent = false
    await world.passTo(NEXT, '01:00:00')
    expect(await world.statusOf(id)).toBe('succeeded')
    expect(await shortly()).toEqual(['his theirs_only charge repaired'])
  })

  it('a payment we undid and the hospital kept is a person’s, whose word ends it', async () => {
    const id = await world.order('B1')
    world.wallet.payAll()
    world.hospital.script.refuses = 'bill_void'
    await world.passTo(D, '10:30:00')
    expect(await world.statusOf(id)).toBe('failed')
    world.hospital.book.push({
      kind: 'payment',
      paymentNo: tradeNoOf(HOSPITAL, id),
      refundNo: null,
      billNo: 'B1',
      receiptNo: 'RC',
      amountFen: fen(10_000),
      at: world.clock.now(),
      tenders: [],
    })
    await world.passTo(NEXT, '10:20:00')
    expect(await shortly()).toEqual(['his status charge in_case'])
    expect(await world.day(D)).toMatchObject({ status: 'closed' })
    const [open] = await world.cases('open')
    expect(open).toMatchObject({ class: 'status', subject: `payment:${id}`, amountFen: 10_000 })
    expect(open?.dueAt).toEqual(instantAt(NEXT, '10:00:00'))

    const finance = { name: 'staff:finance', requestId: null }
    const word = { resolution: 'corrected_by_hospital' as const, note: '医院已作废收据' }
    await world.reconciliation.takeCase(HOSPITAL, open?.id as never, finance)
    await world.reconciliation.resolveCase(HOSPITAL, open?.id as never, word, finance)
    await world.reconciliation.resolveCase(HOSPITAL, open?.id as never, word, finance)
    expect(await shortly()).toEqual(['his status charge explained'])
    await world.reconciliation.rerun(HOSPITAL, D, finance)
    await world.settle()
    expect(await shortly()).toEqual(['his status charge explained'])
    expect(await world.cases()).toMatchObject([{ status: 'resolved', owner: 'staff:finance' }])
  })
})

describe('differences with a provider', () => {
  it('[B3] money only the wallet knows of is written down and given back', async () => {
    const id = await world.order('B1')
    await world.passTo(D, '10:20:00')
    expect(await world.statusOf(id)).toBe('closed')
    world.wallet.payAll(true) // after the close, and no notice comes
    await world.passTo(NEXT, '10:20:00')
    expect(await shortly()).toEqual(['wechat theirs_only charge repaired'])
    expect(world.wallet.balanceFen()).toBe(0)
    expect(await world.inTransitFen()).toBe(0)
    expect(await world.day(D)).toMatchObject({ status: 'closed' })
    const charge = (await world.comparison(D, 'wechat'))?.figures.charge
    expect([charge?.ours, charge?.theirs]).toEqual([
      { count: 1, amountFen: 4_000 },
      { count: 1, amountFen: 4_000 },
    ])
    await world.passTo(AFTER, '10:20:00')
    expect(await world.day(NEXT)).toMatchObject({ status: 'closed' })
  })

  it('a refund accepted before midnight and done after it stands on two days, and is explained', async () => {
    const id = await world.pay('B1')
    world.clock.set(instantAt(D, '23:59:00'))
    world.wallet.script.refundsWait = true
    await world.refund(id, 'B1')
    await world.passTo(NEXT, '00:01:00')
    world.wallet.finishRefunds()
    await world.passTo(AFTER, '11:00:00')
    expect(await shortly(D)).toEqual(['wechat cross_day return explained'])
    expect(await shortly(NEXT)).toEqual(['wechat cross_day return explained'])
    expect(await world.cases()).toEqual([])
    expect(await world.day(D)).toMatchObject({ status: 'closed' })
    expect(await world.day(NEXT)).toMatchObject({ status: 'closed' })
    const gap = (await world.comparison(D, 'wechat'))?.figures.return.gaps.cross_day
    expect(gap).toEqual({ count: 1, amountFen: 4_000 })
  })

  it('a charge that the wallet lists a day late waits for that list, and is no case', async () => {
    await world.pay('B1')
    const late: StatementLine[] = []
    world.wallet.script.relist = (lines, date) => {
      if (date === D) late.push(...lines)
      return date === D ? [] : date === NEXT ? [...lines, ...late.slice(0, 1)] : lines
    }
    await world.passTo(NEXT, '23:00:00')
    expect(await shortly(D)).toEqual(['wechat ours_only charge repairing'])
    expect(await world.day(D)).toMatchObject({ status: 'compared' })
    await world.passTo(AFTER, '10:30:00')
    expect((await shortly(D)).toSorted()).toEqual([
      'wechat cross_day charge explained',
      'wechat ours_only charge explained',
    ])
    expect(await shortly(NEXT)).toEqual(['wechat cross_day charge explained'])
    expect(await world.cases()).toEqual([])
    expect(await world.day(D)).toMatchObject({ status: 'closed' })
  })

  it('a charge the wallet never lists is a case once tomorrow’s list lacks it too', async () => {
    const id = await world.pay('B1')
    world.wallet.script.relist = (lines, date) => (date === D ? [] : lines)
    await world.passTo(AFTER, '10:09:00')
    expect(await world.cases()).toEqual([])
    await world.passTo(AFTER, '10:30:00')
    expect(await world.cases()).toMatchObject([
      { class: 'ours_only', subject: `payment:${id}`, source: 'wechat', amountFen: 4_000 },
    ])
  })

  it('other amounts, a number twice, strangers and another hospital’s numbers are cases', async () => {
    await world.pay('B1')
    await world.pay('B2')
    const foreignNo = tradeNoOf(2 as never, world.newId<'Tender'>())
    world.wallet.script.relist = (lines, date) => {
      const [first, second] = lines
      if (date !== D || !first || !second) return lines
      const line = (ourNo: string) => ({ ...first, ourNo, providerNo: `W-${ourNo}` })
      const altered = { ...first, amountFen: fen(first.amountFen + 100) }
      return [altered, second, second, line(foreignNo), line('STRANGER')]
    }
    await world.passTo(NEXT, '10:20:00')
    expect((await shortly()).toSorted()).toEqual([
      'wechat amount charge in_case',
      'wechat duplicate charge in_case',
      'wechat foreign charge in_case',
      'wechat theirs_only charge in_case',
    ])
    const cases = await world.cases('open')
    expect(Object.fromEntries(cases.map((c) => [c.class, c.amountFen]))).toEqual({
      amount: 100,
      duplicate: 4_000,
      foreign: 4_000,
      theirs_only: 4_000,
    })
    const charge = (await world.comparison(D, 'wechat'))?.figures.charge
    expect([charge?.ours.amountFen, charge?.theirs.amountFen]).toEqual([8_000, 20_100])
    expect(await world.day(D)).toMatchObject({ status: 'closed' })
  })

  it('a settlement that only the insurer has is reversed by its own number', async () => {
    await world.pay('B1')
    const stranger = {
      kind: 'charge' as const,
      ourNo: 'H37020000001202611201200000099',
      providerNo: 'S99',
      amountFen: fen(777),
      at: world.clock.now(),
    }
    // A message number is the insurer's to give, whatever it looks like.
    const lookalike = { ...stranger, ourNo: tradeNoOf(2 as never, world.newId<'Tender'>()) }
    world.insurer.script.strangers = [stranger, lookalike]
    await world.passTo(NEXT, '10:20:00')
    const reversed = new Set(world.insurer.script.reversed)
    expect(reversed).toEqual(new Set([stranger.ourNo, lookalike.ourNo]))
    expect(await shortly()).toEqual([
      'insurance theirs_only charge repaired',
      'insurance theirs_only charge repaired',
    ])
    expect(await world.statements(D, 'insurance')).toHaveLength(2)
    expect(await world.day(D)).toMatchObject({ status: 'closed' })
  })

  it('an insurer that compared by itself is asked again when ours has changed since', async () => {
    await world.pay('B1')
    world.insurer.script.forgets.add('H37020000001202611201030000001')
    world.clock.set(instantAt(D, '23:59:00'))
    await world.order('B2')
    world.wallet.payAll()
    world.insurer.script.isSilent = true
    await world.passTo(NEXT, '11:00:00')
    expect(await shortly()).toEqual(['insurance ours_only charge repairing'])
    world.insurer.script.isSilent = false
    await world.passTo(AFTER, '10:15:00')
    // B2 turned out to be settled on the day, after the insurer had compared without it.
    expect((await world.comparison(D, 'insurance'))?.figures.charge.ours.count).toBe(2)
    expect(await shortly()).toEqual(['insurance ours_only charge in_case'])
    expect(await world.statements(D, 'insurance')).toHaveLength(2)
  })

  it('what the insurer does not reverse, or denies, is a person’s', async () => {
    await world.pay('B1')
    world.insurer.script.reversal = { outcome: 'refused', reason: '已清算' }
    world.insurer.script.strangers = [
      {
        kind: 'charge',
        ourNo: 'H37020000001202611201200000099',
        providerNo: 'S99',
        amountFen: fen(777),
        at: world.clock.now(),
      },
    ]
    world.insurer.script.forgets.add('H37020000001202611201030000001')
    await world.passTo(AFTER, '10:30:00')
    expect((await world.cases('open')).map((c) => [c.class, c.amountFen, c.reason])).toEqual([
      ['ours_only', 6_000, 'ours_only'],
      ['theirs_only', 777, '已清算'],
    ])
  })
})
