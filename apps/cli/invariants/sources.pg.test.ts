import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import {
  CALL,
  createFixture,
  HOSPITAL,
  subsidy,
  vouchers,
} from '../../../modules/benefits/testing/fixture.ts'
import { createDeposits, USUAL_DEPOSIT_RULES } from '../../../modules/deposits/index.ts'
import { inHospital } from '../../../platform/db.ts'
import { systemActor } from '../../../platform/principal.ts'
import { createTestDatabase, type TestDatabase } from '../../../platform/testing/database.ts'
import { checkInvariants } from './check.ts'

const ACTOR = systemActor('test')

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database[Symbol.asyncDispose]())

it('I17 and I18 hold while budgets and deposits are promised, used and given back', async () => {
  const fixture = createFixture(database, 'invariants')
  const { clock, deps, benefits, newId } = fixture
  await sql`insert into hospitals.hospital
    (id, insurance_code, name, short_name, level, status, created_at, updated_at)
    values (${HOSPITAL}, 'H33010000001', '海岳医院', '海岳', '三级甲等', 'active', ${clock.now()}, ${clock.now()})`.execute(
    database,
  )
  const personId = newId<'Person'>()
  await fixture.programme(subsidy(), 50_000)
  await fixture.grant(await fixture.programme(vouchers(), 9_000), personId, 3_000)
  const taken = await fixture.taken(personId, 4_000)
  await benefits.source.refund(CALL, fixture.refundOf(taken, 3_200))
  await benefits.source.hold(CALL, await fixture.ordered(personId, 2_000))

  const deposits = createDeposits({
    ...deps,
    rules: USUAL_DEPOSIT_RULES,
    onLow: async () => undefined,
  })
  const custody = { bank: 'haiyue', accountNo: 'C-1' }
  const wish = { hospitalId: HOSPITAL, id: newId<'DepositAccount'>(), personId, custody }
  const account = await deposits.openInpatient({ ...wish, stayNo: 'S-1', lowFen: fen(0) }, ACTOR)
  const key = { hospitalId: HOSPITAL, accountId: account.id }
  const payment = { cause: 'wechat:1', channel: 'wechat', channelNo: '1', amountFen: fen(5_000) }
  await inHospital(database, HOSPITAL, (tx) => deposits.topUp(tx, { ...key, ...payment }))
  const order = {
    ...taken,
    tradeNo: fixture.refundOf(taken, 1).refundNo,
    quoteReference: account.id,
  }
  const draw = { ...order, amountFen: fen(2_000) }
  await deposits.source.charge(CALL, draw)
  await deposits.source.refund(CALL, fixture.refundOf(draw, 500))
  await deposits.giveRestBack(key, ACTOR)

  const only = ['I1', 'I1c', 'I17', 'I18']
  const results = await checkInvariants({ url: database.url, now: clock.now(), only })
  expect(results.map(({ id, state, sample }) => [id, state, sample])).toEqual(
    only.map((id) => [id, 'held', []]),
  )
  const figures = results.map(({ figure }) => figure).slice(2)
  expect(figures[0]).toMatch(/^2 budgets: ¥590\.00 allotted/)
  expect(figures[1]).toMatch(/^1 deposits: ¥35\.00 left, ¥35\.00 of it promised/)
})
