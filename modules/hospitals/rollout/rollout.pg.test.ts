import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import type { HospitalId } from '../../../kernel/id.ts'
import { inHospital } from '../../../platform/db.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../../platform/testing/database.ts'
import { replaceDepartments, upsertHospital } from '../store.ts'
import { createRollouts, type Rollouts } from './rollout.ts'

const { clock, newId } = testPlatform()
const IT = { name: 'staff:it', requestId: null }
let db: TestDatabase
let rollouts: Rollouts
let hospitalId = 0 as HospitalId
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(async () => {
  hospitalId = (hospitalId + 1) as HospitalId
  rollouts = createRollouts({ db, clock, newId })
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
  const back = await rollouts.rollBack(hospitalId, { to: 1, after: 2, note: '回退' }, IT)
  expect(back).toMatchObject({ ...PILOT, note: '回退', version: 3 })
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
  const nowhere = rollouts.rollBack(hospitalId, { to: 7, after: 2, note: 'x' }, IT)
  await expect(nowhere).rejects.toMatchObject({ code: 'hospitals.rollout_not_found' })
})

it('another process hears of a change within five seconds', async () => {
  const other = createRollouts({ db, clock, newId })
  expect(await other.isOn(hospitalId, 'payment', 'D2')).toBe(true)
  await rollouts.change(hospitalId, PILOT, 0, IT)
  expect(await other.isOn(hospitalId, 'payment', 'D2')).toBe(true)
  clock.advance(5_000)
  expect(await other.isOn(hospitalId, 'payment', 'D2')).toBe(false)
})
