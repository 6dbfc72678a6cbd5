import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import type { HospitalId } from '../../../kernel/id.ts'
import { inHospital } from '../../../platform/db.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../../platform/testing/database.ts'
import { replaceDepartments, upsertHospital } from '../store.ts'
import { createRolloutProposals, type RolloutProposals } from './proposals.ts'
import { createRollouts, type Rollouts } from './rollout.ts'
import { widens } from './terms.ts'

const { clock, newId } = testPlatform()
const IT = { name: 'staff:it', requestId: null }
const SECOND = { name: 'staff:it2', requestId: null }
let db: TestDatabase
let rollouts: Rollouts
let proposals: RolloutProposals
let hospitalId = 0 as HospitalId
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(async () => {
  hospitalId = (hospitalId + 1) as HospitalId
  rollouts = createRollouts({ db, clock, newId })
  proposals = createRolloutProposals({ db, clock, newId }, rollouts)
  const hospital = {
    id: hospitalId,
    insuranceCode: `H${hospitalId}`,
    name: '医院',
    shortName: '医院',
    level: '三级甲等',
    status: 'active' as const,
  }
  const departments = ['D1', 'D2'].map((code) => ({
    code,
    name: code,
    subjectCode: '',
    location: '',
    doctors: [],
  }))
  await inHospital(db, hospitalId, async (tx) => {
    await upsertHospital(tx, hospital, clock.now())
    await replaceDepartments(tx, hospitalId, departments, clock.now())
  })
})

const PILOT = { stage: 'pilot', scenes: ['payment'], departments: ['D1'], note: '试点' } as const

it('[H4] everything is on until something is said, and then what is said', async () => {
  expect(await rollouts.isOn(hospitalId, 'payment', 'D2')).toBe(true)
  await rollouts.change(hospitalId, PILOT, 0, IT)
  expect(await rollouts.isOn(hospitalId, 'payment', 'D1')).toBe(true)
  expect(await rollouts.isOn(hospitalId, 'payment', 'D2')).toBe(false)
  expect(await rollouts.isOn(hospitalId, 'booking', 'D1')).toBe(false)
  expect(await rollouts.isOn(hospitalId, 'payment', null)).toBe(false)
})

it('[H4] goes on department by department and scene by scene, and back again', async () => {
  await rollouts.change(hospitalId, PILOT, 0, IT)
  const wide = {
    ...PILOT,
    stage: 'expansion',
    scenes: ['payment', 'booking'],
    departments: null,
  } as const
  await rollouts.change(hospitalId, wide, 1, IT)
  expect(await rollouts.isOn(hospitalId, 'booking', 'D2')).toBe(true)
  const back = await proposals.wishBack(hospitalId, { to: 1, after: 2, note: '回退' }, IT)
  expect(back.rollout).toMatchObject({ ...PILOT, note: '回退', version: 3 })
  expect(await rollouts.isOn(hospitalId, 'booking', 'D2')).toBe(false)
  expect((await rollouts.list(hospitalId)).map(({ version }) => version)).toEqual([3, 2, 1])
})

it('lets one of two persons through, and no strange department', async () => {
  await rollouts.change(hospitalId, PILOT, 0, IT)
  const again = () => rollouts.change(hospitalId, PILOT, 0, IT)
  await expect(again()).rejects.toMatchObject({ code: 'hospitals.rollout_overtaken' })
  const both = await Promise.allSettled([1, 2].map(() => rollouts.change(hospitalId, PILOT, 1, IT)))
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  const strange = rollouts.change(hospitalId, { ...PILOT, departments: ['D9'] }, 2, IT)
  await expect(strange).rejects.toMatchObject({ code: 'hospitals.department_not_listed' })
  const nowhere = proposals.wishBack(hospitalId, { to: 7, after: 2, note: 'x' }, IT)
  await expect(nowhere).rejects.toMatchObject({ code: 'hospitals.rollout_not_found' })
})

it('[H4] is switched off by one person, and on by two', async () => {
  const first = await proposals.wish(hospitalId, PILOT, 0, IT)
  expect(first.rollout?.version).toBe(1)
  const wide = { ...PILOT, stage: 'expansion', departments: null } as const
  const { proposal } = await proposals.wish(hospitalId, wide, 1, IT)
  if (!proposal) throw new Error('to switch on waits')
  expect(await rollouts.isOn(hospitalId, 'payment', 'D2')).toBe(false)
  const another = proposals.wish(hospitalId, wide, 1, SECOND)
  await expect(another).rejects.toMatchObject({ code: 'hospitals.rollout_waits' })
  const alone = proposals.decide(hospitalId, { id: proposal.id, agrees: true }, IT)
  await expect(alone).rejects.toMatchObject({ code: 'hospitals.rollout_same_person' })
  expect(
    await proposals.decide(hospitalId, { id: proposal.id, agrees: true }, SECOND),
  ).toMatchObject({ version: 2, actor: SECOND.name, departments: null })
  expect(await rollouts.isOn(hospitalId, 'payment', 'D2')).toBe(true)
  const again = proposals.decide(hospitalId, { id: proposal.id, agrees: false }, SECOND)
  await expect(again).rejects.toMatchObject({ code: 'hospitals.rollout_proposal_decided' })
  expect(await proposals.waiting(hospitalId)).toMatchObject([
    { status: 'agreed', proposedBy: IT.name, decidedBy: SECOND.name },
  ])
})

it('[H4] a proposal is taken back by its proposer, and one that was overtaken is not carried out', async () => {
  await proposals.wish(hospitalId, PILOT, 0, IT)
  const wide = { ...PILOT, scenes: ['payment', 'booking'] } as const
  const first = await proposals.wish(hospitalId, wide, 1, IT)
  if (!first.proposal) throw new Error('to switch on waits')
  expect(
    await proposals.decide(hospitalId, { id: first.proposal.id, agrees: false }, IT),
  ).toBeNull()
  const { proposal } = await proposals.wish(hospitalId, wide, 1, IT)
  if (!proposal) throw new Error('to switch on waits')
  await proposals.wish(hospitalId, { ...PILOT, scenes: [] }, 1, SECOND)
  const late = proposals.decide(hospitalId, { id: proposal.id, agrees: true }, SECOND)
  await expect(late).rejects.toMatchObject({ code: 'hospitals.rollout_overtaken' })
  expect((await rollouts.list(hospitalId))[0]).toMatchObject({ version: 2, scenes: [] })
})

it.each([
  [null, PILOT, false],
  [PILOT, { ...PILOT, scenes: [] }, false],
  [PILOT, { ...PILOT, departments: [] }, false],
  [PILOT, { ...PILOT, departments: null }, true],
  [PILOT, { ...PILOT, departments: ['D2'] }, true],
  [PILOT, { ...PILOT, scenes: ['booking'] as const }, true],
  [{ ...PILOT, departments: null }, PILOT, false],
] as const)('[H4] from %o to %o switches something on: %s', (now, next, is) => {
  expect(widens(now, next)).toBe(is)
})

it('another process hears of a change within five seconds', async () => {
  const other = createRollouts({ db, clock, newId })
  expect(await other.isOn(hospitalId, 'payment', 'D2')).toBe(true)
  await rollouts.change(hospitalId, PILOT, 0, IT)
  expect(await other.isOn(hospitalId, 'payment', 'D2')).toBe(true)
  clock.advance(5_000)
  expect(await other.isOn(hospitalId, 'payment', 'D2')).toBe(false)
})
