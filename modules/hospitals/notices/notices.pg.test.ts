import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../../kernel/id.ts'
import { createPublish } from '../../../platform/events.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../../platform/testing/database.ts'
import type { HisNotice } from '../interface/notices.ts'
import { createHospitalNotices, type HospitalNotices } from './notices.ts'

const { clock, random, newId } = testPlatform()
const hospitalId = 1 as HospitalId
let db: TestDatabase
let notices: HospitalNotices
let woken = 0
beforeAll(async () => {
  db = await createTestDatabase()
  const platform = { db, clock, random, newId, wake: () => void (woken += 1) }
  notices = createHospitalNotices({ ...platform, publish: createPublish(platform) })
})
afterAll(() => db[Symbol.asyncDispose]())

const ready: HisNotice = {
  noticeNo: 'N1',
  kind: 'report.ready',
  at: new Date('2026-11-21T09:00:00+08:00'),
  about: { reportNo: 'LIS1', patientNo: 'P1' },
}

it('[H1] hears a notice once, whatever order and however often it comes', async () => {
  const alive: HisNotice = {
    ...ready,
    noticeNo: 'N0',
    kind: 'system.alive',
    about: { system: 'LIS' },
  }
  expect(await notices.hear(hospitalId, ready)).toBe(true)
  clock.advance(1_000)
  expect(await notices.hear(hospitalId, alive)).toBe(true)
  expect(await notices.hear(hospitalId, ready)).toBe(false)
  expect(await Promise.all([1, 2, 3].map(() => notices.hear(hospitalId, alive)))).not.toContain(
    true,
  )
  const kept = await notices.list(hospitalId, null)
  expect(kept.map(({ noticeNo }) => noticeNo)).toEqual(['N0', 'N1'])
  expect(kept[1]).toMatchObject({ kind: 'report.ready', about: { reportNo: 'LIS1' } })
  expect(await notices.list(hospitalId, kept[0]?.receivedAt ?? null)).toHaveLength(1)
  expect(woken).toBe(2)
})

it('refuses a number that was used with another content', async () => {
  const other = { ...ready, about: { reportNo: 'LIS2', patientNo: 'P1' } } as HisNotice
  await expect(notices.hear(hospitalId, other)).rejects.toMatchObject({
    code: 'hospitals.notice_differs',
  })
})

it('is one hospital’s alone', async () => {
  expect(await notices.list(2 as HospitalId, null)).toEqual([])
  expect(await notices.hear(2 as HospitalId, ready)).toBe(true)
})
