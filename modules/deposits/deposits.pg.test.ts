import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { fen, ZERO } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import { createAudit } from '../../platform/audit.ts'
import { noCanaries } from '../../platform/canary.ts'
import { inHospital } from '../../platform/db.ts'
import { systemActor } from '../../platform/principal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { balancesOf, createLedger } from '../ledger/index.ts'
import { problemsOf } from '../ledger/testing/checks.ts'
import type { ChargeOrder, Payable, ProviderCall, QuoteRequest } from '../payments/index.ts'
import { type DepositAccountId, type PersonId, splitBack, USUAL_DEPOSIT_RULES } from './account.ts'
import type { DepositLow } from './dependencies.ts'
import { createDeposits } from './deposits.ts'

const ACTOR = systemActor('cashier')
const SECOND = systemActor('finance')
const CALL: ProviderCall = { hospitalId: 1 as HospitalId, trace: () => undefined }

let db: TestDatabase
let world: ReturnType<typeof createWorld>
let seed = 200
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(() => void (world = createWorld((seed += 1) as HospitalId)))

function createWorld(hospitalId: HospitalId) {
  const { clock, newId } = testPlatform('2026-11-21T10:00:00+08:00', `deposits-${hospitalId}`)
  const told: DepositLow[] = []
  const deposits = createDeposits({
    db,
    clock,
    newId,
    audit: createAudit({ clock, newId }),
    ledger: createLedger({ clock, newId, canaries: noCanaries }),
    rules: USUAL_DEPOSIT_RULES,
    onLow: async (_tx, low) => void told.push(low),
  })
  const personId: PersonId = newId<'Person'>()
  const open = (lowFen = 0) =>
    deposits.openInpatient(
      {
        hospitalId,
        id: newId<'DepositAccount'>(),
        personId,
        stayNo: 'S-1',
        custody: { bank: 'haiyue', accountNo: 'C-1' },
        lowFen: fen(lowFen),
      },
      ACTOR,
    )
  const topUp = (accountId: DepositAccountId, amount: number, no = '1', channel = 'wechat') =>
    inHospital(db, hospitalId, (tx) => {
      const payment = { cause: `${channel}:${no}`, channel, channelNo: no, amountFen: fen(amount) }
      return deposits.topUp(tx, { hospitalId, accountId, ...payment })
    })
  const requestOf = (left: number, visitNo = 'S-1'): QuoteRequest => ({
    hospitalId,
    paymentId: newId<'Payment'>(),
    personId,
    payables: [{ visitNo } as Payable],
    useAccount: false,
    wanted: null,
    left: Promise.resolve({ leftFen: fen(left), paid: [] }),
  })
  function orderOf(accountId: string | null, amount: number): ChargeOrder {
    const tenderId = newId<'Tender'>()
    return {
      hospitalId,
      paymentId: newId<'Payment'>(),
      tenderId,
      tradeNo: tradeNoOf(hospitalId, tenderId),
      amountFen: fen(amount),
      parts: [{ kind: 'deposit', amountFen: fen(amount) }],
      quoteReference: accountId,
      description: '住院费用',
      payerAccount: null,
      method: null,
      presence: null,
      createdAt: clock.now(),
      expiresAt: clock.now(),
    }
  }
  function refundOf(charge: ChargeOrder, amount: number) {
    const refundId = newId<'Refund'>()
    const refundNo = tradeNoOf(hospitalId, refundId)
    const about = { chargeProviderNo: `D${charge.tradeNo}`, remaining: [], reason: '退药' }
    return {
      charge,
      refundId,
      refundNo,
      amountFen: fen(amount),
      requestedAt: clock.now(),
      ...about,
    }
  }
  const figures = async (accountId: DepositAccountId) => {
    const { account } = await deposits.account({ hospitalId, accountId })
    return [account.balanceFen, account.heldFen]
  }
  return {
    hospitalId,
    newId,
    told,
    deposits,
    personId,
    open,
    topUp,
    requestOf,
    orderOf,
    refundOf,
    figures,
  }
}

const booksAreRight = async () =>
  expect(await inHospital(db, world.hospitalId, (tx) => problemsOf(tx, world.hospitalId))).toEqual(
    [],
  )

describe('[P8] a deposit', () => {
  it('of ten days is promised to exactly ten of thirty draws that come at once', async () => {
    const { id } = await world.open()
    await world.topUp(id, 10_000)
    const orders = Array.from({ length: 30 }, () => world.orderOf(id, 1_000))
    const { source } = world.deposits
    const answers = await Promise.all(orders.map((order) => source.charge(CALL, order)))
    expect(answers.filter(({ outcome }) => outcome === 'confirmed')).toHaveLength(10)
    expect(
      answers.filter((one) => one.outcome === 'declined' && one.code === 'deposit_used_up'),
    ).toHaveLength(20)
    expect(await world.figures(id)).toEqual([0, 0])
    await booksAreRight()
  })

  it('takes a payment in once, however often it is told, and refuses the same one told otherwise', async () => {
    const { id } = await world.open()
    await Promise.all(Array.from({ length: 5 }, () => world.topUp(id, 500)))
    expect(await world.figures(id)).toEqual([500, 0])
    await expect(world.topUp(id, 501)).rejects.toMatchObject({ code: 'deposits.top_up_differs' })
    await expect(world.open()).rejects.toMatchObject({ code: 'deposits.account_exists' })
  })

  it('pays what is left of a bill of its stay, takes back, and frees what is not drawn', async () => {
    const { id } = await world.open()
    await world.topUp(id, 10_000)
    const { source } = world.deposits
    expect(await source.quote(CALL, world.requestOf(12_000))).toMatchObject({
      parts: [{ kind: 'deposit', amountFen: 10_000 }],
      quoteReference: id,
    })
    expect(await source.quote(CALL, world.requestOf(500, 'S-2'))).toMatchObject({
      code: 'no_deposit',
    })
    const [drawn, freed] = [world.orderOf(id, 4_000), world.orderOf(id, 6_000)]
    await source.hold(CALL, drawn)
    await source.hold(CALL, freed)
    expect(await world.figures(id)).toEqual([10_000, 10_000])
    const same = await Promise.all([1, 2, 3].map(() => source.charge(CALL, drawn)))
    expect(new Set(same.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await source.release(CALL, freed)).toEqual({ outcome: 'released' })
    expect(await source.charge(CALL, freed)).toMatchObject({
      outcome: 'declined',
      code: 'released',
    })
    const refund = world.refundOf(drawn, 1_000)
    await source.refund(CALL, refund)
    expect(await source.refund(CALL, refund)).toMatchObject({ outcome: 'confirmed' })
    expect(await source.refund(CALL, world.refundOf(drawn, 3_001))).toMatchObject({
      code: 'over_charge',
    })
    expect(await world.figures(id)).toEqual([7_000, 0])
    const request = {
      hospitalId: world.hospitalId,
      businessDate: businessDate('2026-11-21'),
      ownMoves: [],
    }
    const lines = [
      { kind: 'charge', ourNo: drawn.tradeNo, amountFen: 4_000 },
      { kind: 'return', ourNo: refund.refundNo, amountFen: 1_000 },
    ]
    expect(await source.statement(CALL, request)).toMatchObject({ lines })
    await booksAreRight()
  })

  it('never draws a number that was released before it was known', async () => {
    const { id } = await world.open()
    await world.topUp(id, 10_000)
    const order = world.orderOf(id, 1_000)
    await world.deposits.source.release(CALL, order)
    expect(await world.deposits.source.charge(CALL, order)).toMatchObject({ code: 'released' })
    const nowhere = world.orderOf(null, 1_000)
    expect(await world.deposits.source.hold(CALL, nowhere)).toMatchObject({ code: 'not_quoted' })
  })

  it('says once that it is low, and again after it was topped up', async () => {
    const { id } = await world.open(3_000)
    await world.topUp(id, 5_000)
    const { source } = world.deposits
    await source.charge(CALL, world.orderOf(id, 2_500))
    await source.charge(CALL, world.orderOf(id, 500))
    expect(world.told).toMatchObject([{ accountId: id, freeFen: 2_500, lowFen: 3_000 }])
    await world.topUp(id, 5_000, '2')
    await source.charge(CALL, world.orderOf(id, 5_000))
    expect(world.told).toHaveLength(2)
  })
})

describe('[P8] at discharge', () => {
  it('the rest goes back by the payments it came by, and each part is told once', async () => {
    const { id } = await world.open()
    const { hospitalId, deposits } = world
    const key = { hospitalId, accountId: id }
    await world.topUp(id, 3_000, '1', 'wechat')
    await world.topUp(id, 2_000, '1', 'alipay')
    const order = world.orderOf(id, 1_500)
    await deposits.source.hold(CALL, order)
    await expect(deposits.giveRestBack(key, ACTOR)).rejects.toMatchObject({
      code: 'deposits.draw_under_way',
    })
    await deposits.source.charge(CALL, order)
    const parts = await deposits.giveRestBack(key, ACTOR)
    expect(parts.map(({ amount_fen }) => amount_fen)).toEqual([2_000, 1_500])
    await expect(deposits.giveRestBack(key, ACTOR)).rejects.toMatchObject({
      code: 'deposits.nothing_left',
    })
    await expect(world.topUp(id, 1, '9')).rejects.toMatchObject({ code: 'deposits.account_closed' })
    expect(await deposits.source.charge(CALL, world.orderOf(id, 1))).toMatchObject({
      code: 'deposit_closed',
    })
    const done = (giveBackId: Id<'GiveBack'>, channelNo: string) =>
      inHospital(db, hospitalId, (tx) =>
        deposits.recordGivenBack(tx, { hospitalId, id: giveBackId, channelNo }, SECOND),
      )
    for (const part of [...parts, ...parts]) await done(part.id, `R-${part.id}`)
    const [first] = parts
    await expect(done(first?.id ?? world.newId(), 'other')).rejects.toMatchObject({
      code: 'deposits.give_back_done',
    })
    expect(await world.figures(id)).toEqual([0, 0])
    await deposits.source.refund(CALL, world.refundOf(order, 400))
    const late = await deposits.giveRestBack(key, ACTOR)
    expect(late.map(({ amount_fen, status }) => [amount_fen, status])).toContainEqual([
      400,
      'asked',
    ])
    await booksAreRight()
  })

  it('goes back by the word of another person, written down, and by one number once', async () => {
    const { hospitalId, deposits } = world
    const { id } = await world.open()
    await world.topUp(id, 300, '1')
    await world.topUp(id, 200, '2')
    const parts = await deposits.giveRestBack({ hospitalId, accountId: id }, ACTOR)
    const [one, two] = parts.map((part) => part.id)
    const done = (giveBackId: typeof one, actor = SECOND) =>
      inHospital(db, hospitalId, (tx) => {
        const back = { hospitalId, id: giveBackId ?? world.newId<'GiveBack'>(), channelNo: 'R-1' }
        return deposits.recordGivenBack(tx, back, actor)
      })
    await expect(done(one, ACTOR)).rejects.toMatchObject({
      code: 'deposits.give_back_by_same_person',
    })
    const both = await Promise.allSettled([done(one), done(two)])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'deposits.give_back_number_used' },
    })
    const [, held] = await world.figures(id)
    expect([200, 300]).toContain(held)
    const { rows } = await inHospital(db, hospitalId, (tx) =>
      sql<{
        done: string
      }>`select concat_ws(' ', a.actor, b.channel, b.channel_no, b.done_by) as done
        from platform.audit a, deposits.give_back b where a.action = 'deposits.given_back'
        and a.hospital_id = ${hospitalId} and b.hospital_id = ${hospitalId}
        and b.status = 'done'`.execute(tx),
    )
    expect(rows).toEqual([{ done: `${SECOND.name} wechat R-1 ${SECOND.name}` }])
    await booksAreRight()
  })

  it('two who close it at once list every fen once', async () => {
    const { id } = await world.open()
    await world.topUp(id, 3_000)
    const key = { hospitalId: world.hospitalId, accountId: id }
    const close = () => world.deposits.giveRestBack(key, ACTOR)
    const results = await Promise.allSettled([close(), close(), close()])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await world.figures(id)).toEqual([3_000, 3_000])
  })

  it('splits by payments, the last one first, to the fen', () => {
    const topUp = (id: string, amount: number, returned = 0) => ({
      id: id as Id<'TopUp'>,
      amountFen: fen(amount),
      returnedFen: fen(returned),
    })
    const topUps = [topUp('a', 100), topUp('b', 50, 20), topUp('c', 10, 10)]
    expect(splitBack(topUps, fen(70))).toEqual([
      { topUpId: 'b', amountFen: 30 },
      { topUpId: 'a', amountFen: 40 },
    ])
    expect(splitBack(topUps, ZERO)).toEqual([])
  })
})

describe('[P8] a prepayment for outpatient care', () => {
  it('takes nothing in, is paid down or given back, and stands on the work list until then', async () => {
    const { hospitalId, deposits, personId, newId } = world
    const custody = { bank: 'haiyue', accountNo: 'C-2' }
    const left = { leftFen: fen(2_000), channel: 'cash', channelNo: 'OLD-1' }
    const wish = { hospitalId, id: newId<'DepositAccount'>(), personId, custody, ...left }
    const { id } = await deposits.bringForward(wish, ACTOR)
    await expect(world.topUp(id, 100)).rejects.toMatchObject({ code: 'deposits.outpatient_ended' })
    expect(await deposits.source.quote(CALL, world.requestOf(500, 'V-9'))).toMatchObject({
      quoteReference: id,
    })
    await deposits.source.charge(CALL, world.orderOf(id, 500))
    const list = () =>
      deposits.list(hospitalId, { before: undefined, limit: 10, onlyOutpatientLeft: true })
    expect(await list()).toMatchObject([{ id, balanceFen: 1_500 }])
    const [part] = await deposits.giveRestBack({ hospitalId, accountId: id }, ACTOR)
    const done = { hospitalId, id: part?.id ?? newId<'GiveBack'>(), channelNo: '转账-1' }
    await inHospital(db, hospitalId, (tx) => deposits.recordGivenBack(tx, done, SECOND))
    expect(await list()).toEqual([])
    const accounts = await inHospital(db, hospitalId, (tx) => balancesOf(tx, hospitalId))
    expect(accounts.filter(({ debitFen, creditFen }) => debitFen !== creditFen)).toEqual([])
    await booksAreRight()
  })
})
