import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { problemsOf } from '../ledger/testing/checks.ts'
import { walletContract } from './testing/terms.ts'
import { createWorld, FIRST, SECOND } from './testing/world.ts'

const MONDAY = businessDate('2026-03-02')
const TUESDAY = businessDate('2026-03-03')

let db: TestDatabase
let hospitalId = 300 as HospitalId
let world: ReturnType<typeof createWorld>
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(() => {
  hospitalId = (hospitalId + 1) as HospitalId
  world = createWorld(db, hospitalId, '2026-03-03T10:30:00+08:00')
})

const take = (date: string) => world.settlement.takeInDate(hospitalId, businessDate(date))
const standing = () => world.settlement.standing(hospitalId)
const sound = async () =>
  expect(await inHospital(db, hospitalId, (tx) => problemsOf(tx, hospitalId))).toEqual([])

describe('[B4] what a provider is to pay', () => {
  it('is charges less returns and the fees as billed, and comes to the bank', async () => {
    await world.agree('wechat')
    world.setList('wechat', MONDAY, [10_000, 20_000, -5_000], 150)
    await take(MONDAY)
    await take(MONDAY)
    const [batch] = await world.settlement.batches(hospitalId, { from: MONDAY, to: MONDAY })
    expect(batch).toMatchObject({
      version: 1,
      payout_fen: 24_850,
      fee_fen: 150,
      contract_fee_fen: 150,
      expected_on: TUESDAY,
      late_on: '2026-03-04',
      status: 'expected',
    })
    expect(await world.balances()).toEqual({
      'clearing/wechat': 24_850,
      'receivable/wechat/self_pay': -25_000,
      'fees/wechat': 150,
    })
    expect(await world.receive([['R1', 24_850, TUESDAY]])).toEqual([
      { bankRef: 'R1', variant: 1, outcome: 'recorded' },
    ])
    expect(await world.receive([['R1', 24_850, TUESDAY]])).toMatchObject([{ outcome: 'known' }])
    expect(await world.balances()).toMatchObject({
      'clearing/wechat': 0,
      'bank/main': 24_850,
      'suspense/receipts': 0,
    })
    expect(await world.statuses(MONDAY, MONDAY)).toEqual([`wechat ${MONDAY} received`])
    const told = await world.told()
    expect(told).toMatchObject([
      ['batch_changed', { status: 'expected', payoutFen: 24_850 }],
      ['batch_changed', { status: 'received', receivedFen: 24_850 }],
    ])
    await sound()
  })

  it('names the fees that differ from the contract and books them as they are billed', async () => {
    await world.agree('wechat')
    const list = world.setList('wechat', MONDAY, [10_000, 20_000], 181)
    list.lines = list.lines.map((line, i) => ({ ...line, feeFen: fen(i === 0 ? 61 : 120) }))
    await take(MONDAY)
    const key = { hospitalId, provider: 'wechat', date: MONDAY }
    const { batch, differences } = await world.settlement.batch(key)
    expect(batch).toMatchObject({ fee_fen: 181, contract_fee_fen: 180, payout_fen: 29_819 })
    expect(differences).toMatchObject([{ line_no: 1, billed_fen: 61, contract_fen: 60 }])
    expect(await world.told()).toContainEqual([
      'fee_differs',
      { ...key, billedFen: 181, contractFen: 180 },
    ])
  })

  it('is another version when the list is another one, posted as the difference', async () => {
    await world.agree('wechat')
    world.setList('wechat', MONDAY, [10_000], 60)
    await take(MONDAY)
    await world.receive([['R1', 9_940, TUESDAY]])
    world.setList('wechat', MONDAY, [10_000, -4_000], 36)
    await take(MONDAY)
    expect(await world.statuses(MONDAY, MONDAY)).toEqual([`wechat ${MONDAY} over`])
    expect(await world.balances()).toMatchObject({
      'clearing/wechat': -3_976,
      'fees/wechat': 36,
      'receivable/wechat/self_pay': -6_000,
    })
    expect(await standing()).toMatchObject({
      expectedFen: 5_964,
      receivedFen: 9_940,
      overFen: 3_976,
    })
    await sound()
  })

  it('waits for a contract, which two persons make', async () => {
    world.setList('wechat', MONDAY, [10_000], 60)
    await take(MONDAY)
    expect(await world.statuses(MONDAY, MONDAY)).toEqual([`wechat ${MONDAY} no_contract`])
    expect(await world.balances()).toEqual({})
    const content = walletContract({
      payout: 'gross',
      shares: [
        { party: 'hospital', ppm: 900_000 },
        { party: 'platform', ppm: 66_667 },
        { party: 'terminals', ppm: 33_333 },
      ],
    })
    const terms = { kind: 'contract' as const, name: 'wechat', validFrom: MONDAY, content }
    const id = await world.settlement.proposeTerms(hospitalId, terms, FIRST)
    const decision = { agrees: true, reason: 'as signed' }
    await expect(world.settlement.decideTerms({ hospitalId, id }, decision, FIRST)).rejects.toThrow(
      'decided_by_same_person',
    )
    await world.settlement.decideTerms({ hospitalId, id }, decision, SECOND)
    await expect(
      world.settlement.decideTerms({ hospitalId, id }, decision, SECOND),
    ).rejects.toThrow('terms_decided')
    expect(await world.statuses(MONDAY, MONDAY)).toEqual([`wechat ${MONDAY} expected`])
    expect(await world.balances()).toEqual({
      'clearing/wechat': 10_000,
      'receivable/wechat/self_pay': -10_000,
      'fees/wechat': 60,
      'owed/fees/wechat': -60,
      'shares/platform': 663,
      'owed/shares/platform': -663,
      'shares/terminals': 331,
      'owed/shares/terminals': -331,
    })
    await sound()
  })
})

describe('[B4] what came', () => {
  it('is kept when nothing explains it, and found again by its list', async () => {
    await world.agree('wechat')
    await world.receive([
      ['R1', 9_940, TUESDAY],
      ['R2', 777, TUESDAY, '某公司'],
    ])
    expect(await world.balances()).toEqual({ 'bank/main': 10_717, 'suspense/receipts': -10_717 })
    world.setList('wechat', MONDAY, [10_000], 60)
    await take(MONDAY)
    expect(await world.statuses(MONDAY, MONDAY)).toEqual([`wechat ${MONDAY} received`])
    const range = { from: MONDAY, to: TUESDAY, onlyUnexplained: true }
    const left = await world.settlement.receipts(hospitalId, range)
    expect(left).toMatchObject([{ bank_ref: 'R2', amount_fen: 777, allocated_fen: 0 }])
    const told = (await world.told()).filter(([name]) => name === 'receipt_unexplained')
    expect(told).toHaveLength(2)
  })

  it('with a number that came before and other contents is kept beside it, for a person', async () => {
    await world.agree('wechat')
    world.setList('wechat', MONDAY, [10_000], 60)
    await take(MONDAY)
    await world.receive([['R1', 1, TUESDAY]])
    expect(await world.receive([['R1', 9_940, TUESDAY]])).toEqual([
      { bankRef: 'R1', variant: 2, outcome: 'variant' },
    ])
    expect(await world.statuses(MONDAY, MONDAY)).toEqual([`wechat ${MONDAY} expected`])
    const key = { hospitalId, account: 'main', bankRef: 'R1', variant: 2 }
    const to = { provider: 'wechat', date: MONDAY, amountFen: fen(9_940) }
    await expect(
      world.settlement.assign(key, { ...to, amountFen: fen(9_941) }, FIRST),
    ).rejects.toThrow('receipt_used_up')
    await expect(
      world.settlement.assign(key, { ...to, amountFen: fen(-1) }, FIRST),
    ).rejects.toThrow('wrong_direction')
    await world.settlement.assign(key, to, FIRST)
    expect(await world.statuses(MONDAY, MONDAY)).toEqual([`wechat ${MONDAY} received`])
    await sound()
  })

  it('is late after its day, short when too little came, and whole when the rest does', async () => {
    await world.agree('wechat')
    world.setList('wechat', MONDAY, [10_000], 60)
    await take(MONDAY)
    expect(await world.settlement.nextDueAt(hospitalId)).toEqual(
      new Date('2026-03-05T00:00:00+08:00'),
    )
    await world.receive([['R1', 9_900, TUESDAY]])
    expect(await world.settlement.sweep(hospitalId)).toBe(0)
    world.clock.set(new Date('2026-03-05T00:00:00+08:00'))
    expect(await world.settlement.sweep(hospitalId)).toBe(1)
    expect(await world.statuses(MONDAY, MONDAY)).toEqual([`wechat ${MONDAY} short`])
    const told = (await world.told()).map(([, event]) => 'status' in event && event.status)
    expect(told).toEqual(['expected', false, 'late', 'short'])
    await world.receive([['R2', 40, '2026-03-05']])
    expect(await world.statuses(MONDAY, MONDAY)).toEqual([`wechat ${MONDAY} received`])
    expect(await world.settlement.sweep(hospitalId)).toBe(0)
    expect(await world.settlement.nextDueAt(hospitalId)).toBeNull()
  })
})

it('[B4] what banks keep in custody is held against what is owed, day by day', async () => {
  const owe = (cause: string, amount: number, date: string) =>
    inHospital(db, hospitalId, (tx) =>
      world.ledger.post(tx, {
        hospitalId,
        businessDate: businessDate(date),
        cause,
        subject: 'deposit:1',
        memo: '',
        transfers: [
          {
            debit: { code: 'custody/1', kind: 'asset' },
            credit: { code: 'owed/depositors', kind: 'liability' },
            amountFen: fen(amount),
          },
        ],
      }),
    )
  await owe('a', 500, '2026-03-01')
  await owe('b', 70, MONDAY)
  await owe('c', 9, TUESDAY)
  const tell = (date: string, balance: number, account = 'custody-1') =>
    world.settlement.tellCustody(
      hospitalId,
      { account, date: businessDate(date), balanceFen: fen(balance) },
      FIRST,
    )
  await tell('2026-03-01', 500)
  await tell(MONDAY, 500)
  await tell(MONDAY, 520)
  await tell(MONDAY, 20, 'custody-2')
  await expect(tell(TUESDAY, 1)).rejects.toThrow('day_not_over')
  const range = { from: businessDate('2026-03-01'), to: TUESDAY }
  expect(await world.settlement.custodyDays(hospitalId, range)).toMatchObject([
    { date: '2026-03-01', balanceFen: 500, owedFen: 500, differenceFen: 0 },
    { date: MONDAY, balanceFen: 540, owedFen: 570, differenceFen: -30 },
  ])
})
