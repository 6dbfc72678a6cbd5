import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Id } from '../../kernel/id.ts'
import { DAY_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { exchangesAbout } from '../../platform/exchange.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { consentsOf, policiesOf } from './person-store.ts'
import { findPlan } from './store.ts'
import { createFixture, type Fixture, HOSPITAL, quoted, settled } from './testing/fixture.ts'

let db: TestDatabase
let fixture: Fixture
let seed = 0
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(() => void (fixture = createFixture(db, `coverage-cover-${seed++}`)))

const auditOf = async (action: string) => {
  const { rows } = await inHospital(db, HOSPITAL, (tx) =>
    sql<{ outcome: string; actor: string; detail: object }>`
      select outcome, actor, detail from platform.audit where hospital_id = ${HOSPITAL}
        and action = ${action} and subject = ${`person:${fixture.personId}`} order by id`.execute(
      tx,
    ),
  )
  return rows
}

describe('an insurer asked for the policies of a person', () => {
  const find = () => fixture.start().findPolicies(HOSPITAL, fixture.personId, 'hyb', fixture.actor)

  it('is an exchange that is kept, and stands in the audit with what came of it', async () => {
    const given = await fixture.consent('policy_check')
    const { insurer } = fixture
    const answers = insurer.policiesOf.bind(insurer)
    insurer.policiesOf = async (call, holder) => {
      const words = { request: '姓名 *三', response: '1 policy', outcome: 'ok' }
      const told = { system: 'hyb', operation: 'policies', direction: 'out' as const, ...words }
      call.trace({ ...told, startedAt: fixture.clock.now(), durationMs: 5 })
      return answers(call, holder)
    }
    await find()
    insurer.fault('policiesOf', 'lost_request')
    await expect(find()).rejects.toMatchObject({ code: 'coverage.insurer_unavailable' })
    const exchanges = await inHospital(db, HOSPITAL, (tx) =>
      exchangesAbout(tx, HOSPITAL, `person:${fixture.personId}`),
    )
    expect(exchanges).toMatchObject([{ operation: 'policies' }, { operation: 'policies' }])
    const detail = { insurerCode: 'hyb', consentId: given.id }
    expect(await auditOf('coverage.find_policies')).toMatchObject([
      { outcome: 'ok', actor: fixture.actor.name, detail },
      { outcome: 'unknown', actor: fixture.actor.name, detail },
    ])
  })

  it('is not asked, and nothing is written down, without a consent', async () => {
    await expect(find()).rejects.toMatchObject({ code: 'coverage.consent_missing' })
    expect(await auditOf('coverage.find_policies')).toEqual([])
  })
})

it('what cannot be written down is not done: consents, withdrawals, bindings', async () => {
  const { personId, actor } = fixture
  const mute = fixture.start({ audit: () => Promise.reject(new Error('no audit')) })
  const wish = {
    insurerCode: 'hyb',
    purpose: 'policy_check' as const,
    version: '2026-11',
    scope: [],
    expiresAt: new Date('2027-01-01T00:00:00Z'),
  }
  await expect(mute.consent(HOSPITAL, personId, wish, actor)).rejects.toThrow('no audit')
  expect(await consentsOf(db, personId)).toEqual([])
  const given = await fixture.consent('policy_check')
  await expect(mute.withdraw(HOSPITAL, personId, given.id, actor)).rejects.toThrow('no audit')
  expect(await consentsOf(db, personId)).toMatchObject([{ withdrawnAt: null }])
  const policy = { insurerCode: 'hyb', policyNo: 'P-1' }
  await expect(mute.bind(HOSPITAL, personId, policy, actor)).rejects.toThrow('no audit')
  expect(await policiesOf(db, personId)).toEqual([])
  await fixture.start().bind(HOSPITAL, personId, policy, actor)
  await expect(mute.unbind(HOSPITAL, personId, policy, actor)).rejects.toThrow('no audit')
  expect(await policiesOf(db, personId)).toHaveLength(1)
})

it('of a plan that came to nothing the diagnosis and the items are forgotten after 30 days', async () => {
  await fixture.bind()
  const { clock } = fixture
  const paid = await settled(fixture)
  const quotedOnly = await quoted(fixture)
  const given = await quoted(fixture)
  await fixture.start().release(fixture.call, given)
  const billOf = (paymentId: Id<'Payment'>) =>
    inHospital(db, HOSPITAL, async (tx) => (await findPlan(tx, HOSPITAL, paymentId))?.bill)
  const forget = () => fixture.start().forgetBills(HOSPITAL)
  clock.advance(29 * DAY_MS)
  await forget()
  expect((await billOf(given.paymentId))?.lines).toHaveLength(2)
  clock.advance(2 * DAY_MS)
  expect(await forget()).toBeGreaterThanOrEqual(2)
  expect(await forget()).toBe(0)
  for (const { paymentId } of [quotedOnly, given]) {
    expect(await billOf(paymentId)).toMatchObject({ diagnosis: { code: '' }, lines: [] })
  }
  // What was paid may still go back in parts, and its papers may still be asked for.
  expect((await billOf(paid.order.paymentId))?.lines).toHaveLength(2)
  expect(await fixture.start().charge(fixture.call, quotedOnly)).toMatchObject({
    outcome: 'declined',
  })
})
