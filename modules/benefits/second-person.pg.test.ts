import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate, instantAt } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { problemsOf } from '../ledger/testing/checks.ts'
import { ACTOR, createFixture, type Fixture, SECOND, subsidy, YES } from './testing/fixture.ts'

let db: TestDatabase
let fixture: Fixture
let hospitalId: HospitalId
let seed = 300
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(() => {
  hospitalId = (seed += 1) as HospitalId
  fixture = createFixture(db, `second-${seed}`, hospitalId)
})

const booksAreRight = async () =>
  expect(await inHospital(db, hospitalId, (tx) => problemsOf(tx, hospitalId))).toEqual([])

const page = { before: undefined, limit: 50 }

describe('[N6] a programme', () => {
  it('runs once another person than who proposed it agrees', async () => {
    const { programmes } = fixture.benefits
    const id = fixture.newId<'BenefitProgramme'>()
    const key = { hospitalId, programmeId: id }
    const wish = {
      hospitalId,
      id,
      name: { zh: '补助', en: 'Aid' },
      funder: { kind: 'region' as const, code: '330106', name: '西湖区' },
      terms: subsidy(),
      startsOn: businessDate('2026-01-01'),
      endsOn: businessDate('2026-12-31'),
    }
    const open = { ...subsidy(), rule: { anyOf: [[]] } }
    await expect(programmes.create({ ...wish, terms: open }, ACTOR)).rejects.toMatchObject({
      code: 'benefits.programme_wrong',
      params: { fields: 'perYearMostFen' },
    })
    await programmes.create(wish, ACTOR)
    const gives = { amountFen: fen(1_000), document: '1号' }
    await expect(programmes.allotTo(key, gives, ACTOR)).rejects.toMatchObject({
      code: 'benefits.programme_not_running',
    })
    await expect(programmes.decide(key, YES, ACTOR)).rejects.toMatchObject({
      code: 'benefits.decided_by_same_person',
    })
    await programmes.decide(key, YES, SECOND)
    await expect(programmes.decide(key, YES, SECOND)).rejects.toMatchObject({
      code: 'benefits.programme_decided',
    })
    expect((await programmes.get(key)).programme.status).toBe('active')
    const other = { ...wish, id: fixture.newId<'BenefitProgramme'>() }
    await programmes.create(other, ACTOR)
    const otherKey = { hospitalId, programmeId: other.id }
    await programmes.decide(otherKey, { agrees: false, reason: '重复' }, SECOND)
    expect((await programmes.get(otherKey)).programme.status).toBe('refused')
  })

  it('is allotted more than one person may in a year by two, also in slices', async () => {
    const { programmes } = fixture.benefits
    const programmeId = await fixture.programme(subsidy(), 600_000)
    const key = { hospitalId, programmeId }
    const give = (amount: number, document: string, actor = ACTOR) =>
      programmes.allotTo(key, { amountFen: fen(amount), document }, actor)
    expect(await give(400_000, '2号')).toEqual({ proposalId: null })
    const { proposalId } = await give(1, '3号')
    if (proposalId === null) throw new Error('above what one person may')
    await expect(give(1, '3号')).rejects.toMatchObject({ code: 'benefits.document_used' })
    expect(await programmes.allotmentProposals(hospitalId)).toMatchObject([{ document: '3号' }])
    expect(await fixture.budget(programmeId)).toMatchObject({ allottedFen: 1_000_000 })
    const proposal = { hospitalId, id: proposalId }
    await expect(programmes.decideAllotment(proposal, YES, ACTOR)).rejects.toMatchObject({
      code: 'benefits.decided_by_same_person',
    })
    await programmes.decideAllotment(proposal, YES, SECOND)
    await expect(programmes.decideAllotment(proposal, YES, SECOND)).rejects.toMatchObject({
      code: 'benefits.allotment_decided',
    })
    expect(await fixture.budget(programmeId)).toMatchObject({ allottedFen: 1_000_001 })
    expect(await programmes.allotments(key, page)).toHaveLength(3)
    // What was agreed to does not count as given alone by who agreed.
    expect(await give(1_000_000, '4号', SECOND)).toEqual({ proposalId: null })
    await booksAreRight()
  })
})

describe('[N6] an entitlement', () => {
  it('needs a second person also where small ones come to a large one', async () => {
    const id = await fixture.programme(subsidy({ byGrant: true }), 1_000_000)
    const personId = fixture.newId<'Person'>()
    const give = async (amount: number, no: number, to = personId) =>
      (await fixture.grant(id, to, amount, `批-${no}`)).status
    const atOnce = await Promise.all([1, 2, 3].map((no) => give(100_000, no)))
    expect(atOnce.toSorted()).toEqual(['active', 'active', 'proposed'])
    const others = []
    for (const no of [4, 5, 6, 7, 8]) {
      others.push(await give(200_000, no, fixture.newId<'Person'>()))
    }
    expect(others).toEqual(['active', 'active', 'active', 'active', 'proposed'])
    fixture.clock.set(instantAt(businessDate('2026-11-22')))
    expect(await give(1, 9)).toBe('proposed')
    expect(await give(200_000, 10, fixture.newId<'Person'>())).toBe('active')
    fixture.clock.set(instantAt(businessDate('2026-12-31')))
    expect(await give(1, 11)).toBe('proposed')
  })
})
