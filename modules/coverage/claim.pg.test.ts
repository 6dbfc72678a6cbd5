import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { assert } from '../../kernel/assert.ts'
import { fen } from '../../kernel/money.ts'
import { DAY_MS, HOUR_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { listClaims, lowerClaim } from './claim-store.ts'
import {
  createFixture,
  document,
  type Fixture,
  HOSPITAL,
  refundOrder,
  settled,
} from './testing/fixture.ts'

let db: TestDatabase
let fixture: Fixture
let seed = 0
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(async () => {
  fixture = createFixture(db, `coverage-claim-${seed++}`)
  await fixture.bind()
})

const ALL = ['bill', 'items', 'receipt', 'summary'] as const

async function claim() {
  const { personId } = fixture
  const [found] = await inHospital(db, HOSPITAL, (tx) =>
    listClaims(tx, HOSPITAL, { personId, limit: 10 }),
  )
  assert(found, 'a settlement has its claim')
  return found
}

/** Looks at what is due, and at the claims of tests before too: they are other people's. */
const workOff = () => fixture.start().workOffClaims(HOSPITAL)

async function submitted() {
  await fixture.consent('claim_papers', [...ALL])
  const paid = await settled(fixture)
  await workOff()
  return paid
}

const decide = async (state: Parameters<Fixture['insurer']['claims']['set']>[1]) => {
  const { claimNo } = await claim()
  fixture.insurer.claims.set(claimNo ?? '', state)
  fixture.clock.advance(2 * HOUR_MS)
  await workOff()
}

/** What the other modules were told of a claim, in order. */
async function toldOf(claimId: string) {
  const { rows } = await inHospital(db, HOSPITAL, (tx) =>
    sql<{ payload: { attention: string | null; payFen: number } }>`
      select payload from platform.outbox where hospital_id = ${HOSPITAL}
        and name = 'coverage.claim_attention' and payload->>'claimId' = ${claimId}
      order by id`.execute(tx),
  )
  return rows.map(({ payload: { attention, payFen } }) => ({ claimId, attention, payFen }))
}

describe('the papers', () => {
  it('[N3] go to the insurer within one business day, and what becomes of them is followed', async () => {
    await submitted()
    const [sent] = fixture.insurer.submissions.values()
    expect(sent?.documents.map(({ kind }) => kind)).toEqual(ALL)
    expect(sent?.consent.version).toBe('2026-11')
    expect(String(sent?.documents[1]?.content)).toContain('药品2')
    expect(await claim()).toMatchObject({
      status: 'submitted',
      dueBy: new Date('2026-11-24T10:00:00+08:00'),
      sentKinds: ALL,
    })
    await decide({ state: 'accepted', decidedAt: fixture.clock.now() })
    expect(await claim()).toMatchObject({ status: 'accepted', dueAt: null, attention: null })
  })

  it('never go without consent, and go once it is given', async () => {
    await settled(fixture)
    await workOff()
    expect((await claim()).status).toBe('withheld')
    expect(fixture.insurer.submissions.size).toBe(0)
    await fixture.consent('claim_papers', ['items', 'diagnosis'])
    await workOff()
    const [sent] = fixture.insurer.submissions.values()
    expect(sent?.documents.map(({ kind }) => kind)).toEqual(['items'])
  })

  it('stop at once when the consent is withdrawn, or has expired', async () => {
    const given = await fixture.consent('claim_papers', [...ALL])
    await settled(fixture)
    fixture.insurer.fault('submitClaim', 'lost_request')
    await workOff()
    await fixture.start().withdraw(HOSPITAL, fixture.personId, given.id, fixture.actor)
    fixture.clock.advance(HOUR_MS)
    await workOff()
    expect((await claim()).status).toBe('withheld')
    await fixture.consent('claim_papers', [...ALL])
    fixture.clock.advance(91 * DAY_MS)
    await workOff()
    expect((await claim()).status).toBe('withheld')
    expect(fixture.insurer.submissions.size).toBe(0)
  })

  it.each(['lost_answer', 'lost_request'] as const)('go once when %s', async (fault) => {
    await fixture.consent('claim_papers', [...ALL])
    await settled(fixture)
    fixture.insurer.fault('submitClaim', fault)
    await workOff()
    expect((await claim()).status).toBe('waiting')
    fixture.clock.advance(HOUR_MS)
    await workOff()
    expect((await claim()).status).toBe('submitted')
    expect(fixture.insurer.submissions.size).toBe(1)
  })

  it('wait for the payment and for what is missing, and a person hears when it is late', async () => {
    await fixture.consent('claim_papers', [...ALL])
    fixture.others.papers = null
    await settled(fixture)
    await workOff()
    expect((await claim()).status).toBe('waiting')
    fixture.others.papers = [document('receipt')]
    fixture.clock.advance(HOUR_MS)
    await workOff()
    expect(fixture.insurer.submissions.size).toBe(0)
    fixture.others.papers = null
    fixture.clock.advance(DAY_MS)
    await workOff()
    expect(await claim()).toMatchObject({ status: 'waiting', attention: 'papers_late' })
    fixture.others.papers = [document('receipt')]
    fixture.clock.advance(2 * HOUR_MS)
    await workOff()
    expect(await claim()).toMatchObject({ sentKinds: ['bill', 'items', 'receipt'] })
  })
})

describe('the insurer', () => {
  it('wants more, and gets it under a number of its own', async () => {
    fixture.others.papers = [document('receipt'), document('summary')]
    await submitted()
    await decide({ state: 'more_wanted', wanted: ['summary'], reason: '请补小结' })
    expect(fixture.insurer.submissions.size).toBe(2)
    const more = [...fixture.insurer.submissions.values()].at(-1)
    expect(more?.documents.map(({ kind }) => kind)).toEqual(['summary'])
    expect(more?.claimNo).toBe((await claim()).claimNo)
  })

  it('wants what may not be sent: a person hears of it', async () => {
    await fixture.consent('claim_papers', ['bill'])
    await settled(fixture)
    await workOff()
    await decide({ state: 'more_wanted', wanted: ['summary'], reason: '请补小结' })
    expect(await claim()).toMatchObject({ status: 'more_wanted', attention: 'papers_missing' })
  })

  it('keeps what a person resolved, and what a refund lowered, while the insurer was being asked', async () => {
    await fixture.consent('claim_papers', [...ALL])
    await settled(fixture)
    fixture.clock.advance(3 * DAY_MS)
    fixture.insurer.fault('submitClaim', 'lost_request')
    await workOff()
    const before = await claim()
    expect(before.attention).toBe('papers_late')
    const { resolve } = fixture.start()
    fixture.insurer.meanwhile = async () => {
      await resolve(HOSPITAL, before.id, '已处理', { name: 'staff:1', requestId: null })
      await inHospital(db, HOSPITAL, (tx) => lowerClaim(tx, HOSPITAL, before.orderNo, fen(5_000)))
    }
    fixture.clock.advance(DAY_MS)
    await workOff()
    expect(fixture.insurer.meanwhile).toBeNull()
    expect(await claim()).toMatchObject({ resolution: '已处理', payFen: 5_000 })
  })

  it('refuses after the settlement: never silently, and a person closes it once', async () => {
    await submitted()
    await decide({ state: 'refused', decidedAt: fixture.clock.now(), reason: '既往症' })
    const refused = await claim()
    expect(refused).toMatchObject({
      status: 'refused',
      attention: 'refused_after_settlement',
      reason: '既往症',
    })
    const { resolve } = fixture.start()
    const finance = { name: 'staff:1', requestId: null }
    const told = { claimId: refused.id, payFen: refused.payFen }
    expect(await toldOf(refused.id)).toEqual([{ ...told, attention: 'refused_after_settlement' }])
    await resolve(HOSPITAL, refused.id, '已向患者收取', finance)
    expect((await toldOf(refused.id)).at(-1)).toEqual({ ...told, attention: null })
    await expect(resolve(HOSPITAL, refused.id, '再来', finance)).rejects.toThrow(
      'coverage.claim_needs_nobody',
    )
  })

  it('hears nothing more of a settlement that was given back', async () => {
    const { order } = await submitted()
    await fixture.start().refund(fixture.call, refundOrder(fixture, order, fen(20_000)))
    expect(await claim()).toMatchObject({ status: 'closed', dueAt: null })
  })
})

describe('binding', () => {
  const ours = { insurerCode: 'hyb', policyNo: 'X-9' }

  it('needs a consent to the text in force, and a policy that the insurer knows', async () => {
    const { bind, consent } = fixture.start()
    const { personId, actor } = fixture
    await expect(bind(HOSPITAL, personId, ours, actor)).rejects.toThrow('coverage.policy_unknown')
    const foreign = { insurerCode: 'other', policyNo: 'Q-1' }
    await expect(bind(HOSPITAL, personId, foreign, actor)).rejects.toThrow(
      'coverage.consent_missing',
    )
    await expect(
      bind(HOSPITAL, personId, { ...foreign, insurerCode: 'none' }, actor),
    ).rejects.toThrow('coverage.insurer_unknown')
    fixture.insurer.fault('policiesOf', 'lost_answer')
    await expect(bind(HOSPITAL, personId, ours, actor)).rejects.toThrow(
      'coverage.insurer_unavailable',
    )
    const wish = {
      insurerCode: 'hyb',
      purpose: 'claim_papers' as const,
      version: '2020-01',
      scope: ['bill' as const],
      expiresAt: new Date('2027-01-01T00:00:00+08:00'),
    }
    const give = (changes: object) =>
      consent(HOSPITAL, personId, { ...wish, version: '2026-11', ...changes }, actor)
    await expect(give({ version: '2020-01' })).rejects.toThrow('coverage.consent_outdated')
    await expect(give({ scope: ['diagnosis'] })).rejects.toThrow('coverage.consent_scope_empty')
    await expect(give({ expiresAt: fixture.clock.now() })).rejects.toThrow(
      'coverage.consent_expires_too_late',
    )
  })
})
