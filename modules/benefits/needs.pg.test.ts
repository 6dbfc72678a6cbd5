import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate, instantAt } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { createHttp } from '../../platform/http/server.ts'
import type { Principal } from '../../platform/principal.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { problemsOf } from '../ledger/testing/checks.ts'
import { isNeedRegistered } from './needs.ts'
import type { PersonId } from './programme.ts'
import { benefitRoutes } from './routes.ts'
import { ACTOR, CALL, createFixture, points, subsidy } from './testing/fixture.ts'

const HERE = 301 as HospitalId
const TODAY = businessDate('2026-11-21')

let db: TestDatabase
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

const listOf = (people: readonly PersonId[], changes: object = {}) => ({
  hospitalId: HERE,
  foundBy: 'civil_affairs' as const,
  document: '民发〔2026〕11号',
  validFrom: businessDate('2026-01-01'),
  validUntil: businessDate('2026-12-31'),
  people: people.map((personId) => ({ personId, kind: 'minimum_living' as const })),
  ...changes,
})

it('[N6] whom a list names is in need until its end, entered once however often it is told', async () => {
  const { newId, benefits } = createFixture(db, 'need-1', HERE)
  const [a, b, c] = [newId<'Person'>(), newId<'Person'>(), newId<'Person'>()]
  const told = await Promise.all([1, 2, 3].map(() => benefits.needs.enter(listOf([a, b]), ACTOR)))
  expect(new Set(told.flat().map(({ id }) => id)).size).toBe(2)
  const on = (personId: PersonId, day = TODAY) => isNeedRegistered(db, personId, day)
  expect([await on(a), await on(b), await on(c)]).toEqual([true, true, false])
  expect(await on(a, businessDate('2027-01-01'))).toBe(false)
  expect(await on(a, businessDate('2025-12-31'))).toBe(false)
})

it('[N6] a paper told otherwise enters nobody, and a period that is over is refused', async () => {
  const { newId, benefits } = createFixture(db, 'need-2', HERE)
  const [a, b] = [newId<'Person'>(), newId<'Person'>()]
  await benefits.needs.enter(listOf([a]), ACTOR)
  const otherwise = listOf([b, a], { validUntil: businessDate('2027-06-30') })
  await expect(benefits.needs.enter(otherwise, ACTOR)).rejects.toThrow('benefits.need_differs')
  expect(await isNeedRegistered(db, b, TODAY)).toBe(false)
  for (const validUntil of ['2025-12-31', '2026-11-20', '2029-12-31']) {
    const wrong = listOf([b], { document: validUntil, validUntil: businessDate(validUntil) })
    await expect(benefits.needs.enter(wrong, ACTOR)).rejects.toThrow('need_period_wrong')
  }
})

it('[N6] an entry is ended with a reason, by the hospital that made it, once', async () => {
  const { newId, benefits } = createFixture(db, 'need-3', HERE)
  const personId = newId<'Person'>()
  const [row] = await benefits.needs.enter(listOf([personId]), ACTOR)
  const end = { hospitalId: HERE, personId, id: row?.id ?? newId<'Need'>(), reason: '已退出低保' }
  const stranger = { ...end, hospitalId: 302 as HospitalId }
  await expect(benefits.needs.end(stranger, ACTOR)).rejects.toThrow('benefits.need_not_found')
  await benefits.needs.end(end, ACTOR)
  await expect(benefits.needs.end(end, ACTOR)).rejects.toThrow('benefits.need_over')
  expect(await isNeedRegistered(db, personId, TODAY)).toBe(false)
  expect(await benefits.needs.ofPerson(HERE, personId)).toMatchObject([
    { end_reason: '已退出低保' },
  ])
  expect(await benefits.needs.ofPerson(302 as HospitalId, personId)).toEqual([])
})

it('[N6] a subsidy for people in need pays for those of the register and nobody else', async () => {
  const fixture = createFixture(db, 'need-4', HERE)
  const { newId, benefits, deps } = fixture
  deps.factsOf = async (_hospitalId, personId) => ({
    ...fixture.facts,
    inNeed: await isNeedRegistered(db, personId, TODAY),
  })
  const rule = { anyOf: [[{ fact: 'inNeed' as const, is: true }]] }
  await fixture.programme(subsidy({ rule }), 100_000)
  const [poor, other] = [newId<'Person'>(), newId<'Person'>()]
  await benefits.needs.enter(listOf([poor]), ACTOR)
  expect(await benefits.source.quote(CALL, fixture.requestOf(poor, 1_000))).toMatchObject({
    outcome: 'quoted',
  })
  expect(await benefits.source.quote(CALL, fixture.requestOf(other, 1_000))).toMatchObject({
    outcome: 'not_available',
  })
})

it('budget exhausted by a race of 200: as many are paid as it has, and not one more', async () => {
  const hospitalId = 303 as HospitalId
  const fixture = createFixture(db, 'race-200', hospitalId)
  const id = await fixture.programme(subsidy({ sharePpm: 1_000_000 }), 60_500)
  const orders = []
  for (let i = 0; i < 200; i++) {
    orders.push(await fixture.ordered(fixture.newId<'Person'>(), 1_000))
  }
  const { source } = fixture.benefits
  const answers = await Promise.all(
    orders.map(async (order) => {
      const held = await source.hold(CALL, order)
      return held.outcome === 'held' ? source.charge(CALL, order) : held
    }),
  )
  const confirmed = answers.filter(({ outcome }) => outcome === 'confirmed')
  const usedUp = answers.filter(
    (answer) => answer.outcome === 'declined' && answer.code === 'budget_used_up',
  )
  expect([confirmed.length, usedUp.length]).toEqual([60, 140])
  expect(await fixture.budget(id)).toMatchObject({ usedFen: fen(60_000), heldFen: 0 })
  expect(await inHospital(db, hospitalId, (tx) => problemsOf(tx, hospitalId))).toEqual([])
}, 120_000)

it('[N6] the hospital tells of a check-up by its number, which is rewarded once; staff enter who is in need', async () => {
  const hospitalId = 304 as HospitalId
  const fixture = createFixture(db, 'point-events', hospitalId)
  const { clock, newId, benefits } = fixture
  await fixture.programme(points, 0)
  clock.set(instantAt(TODAY, '10:00:00'))
  let principal: Principal = { kind: 'his', hospitalId }
  const app = await createHttp({ newId, logger: false, authenticate: async () => principal })
  await app.register(benefitRoutes({ benefits, platform: { db, clock, newId } }))
  await app.ready()
  const post = async (path: string, payload: object) => {
    const url = `/hospitals/${hospitalId}/${path}`
    const answer = await app.inject({ method: 'POST', url, payload })
    return [answer.statusCode, answer.json<Record<string, unknown>>()] as const
  }
  const personId = newId<'Person'>()
  const event = { personId, event: 'health_station', evidence: 'HS-1' }
  expect(await post('point-events', event)).toEqual([200, { points: 60 }])
  expect(await post('point-events', event)).toEqual([200, { points: 0 }])
  const list = {
    foundBy: 'hospital',
    document: '社工-7',
    validFrom: '2026-11-01',
    validUntil: '2027-10-31',
    people: [{ personId, kind: 'severe_disability' }],
  }
  expect((await post('people-in-need', list))[0]).toBe(403)
  principal = { kind: 'staff', staffId: newId<'Staff'>(), hospitalId, roles: ['finance'] }
  const [status, body] = await post('people-in-need', list)
  expect([status, body]).toMatchObject([200, { items: [{ personId, document: '社工-7' }] }])
  await app.close()
})
