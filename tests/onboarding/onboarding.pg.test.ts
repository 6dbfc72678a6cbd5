import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { shippedProduct } from '../../adapters/hospitals/declarative/index.ts'
import { HOSPITALS, openTestHub } from '../../apps/bench/testing/hub.ts'
import { type HisSimulator, startGuangzhouHis } from '../../apps/simulators/his/index.ts'
import { createWorld } from '../../apps/simulators/world/index.ts'
import { assert } from '../../kernel/assert.ts'
import { createHospitals } from '../../modules/hospitals/index.ts'
import { inHospital } from '../../platform/db.ts'
import { createSeal } from '../../platform/seal.ts'
import { systemClock, systemRandom } from '../../platform/system.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'

const world = createWorld('onboarding', { people: 20 })
const [hospital] = world.hospitals
const [HOSPITAL, OTHER] = HOSPITALS
const [FIRST, SECOND] = ['staff:one', 'staff:two'].map((name) => ({ name, requestId: null }))
assert(hospital && HOSPITAL && OTHER && FIRST && SECOND, 'there are hospitals and staff')

let database: TestDatabase
let hub: Awaited<ReturnType<typeof openTestHub>>
let his: HisSimulator
const folder = mkdtempSync(join(tmpdir(), 'onboarding-'))
beforeAll(async () => {
  database = await createTestDatabase()
  hub = await openTestHub(database)
  his = await startGuangzhouHis({
    clock: systemClock,
    random: systemRandom,
    faults: () => null,
    databaseFile: ':memory:',
    port: 0,
    hospital,
    people: world.people,
    catalogue: world.catalogue,
    hospitalCode: '440188',
    folder,
  })
})
afterAll(async () => {
  await his.stop()
  await hub.close()
  await database[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const contentAt = (baseUrl: string) => ({
  productName: 'guangzhou',
  product: shippedProduct('guangzhou'),
  params: { hospitalId: '440188', payMode: '9', medCode: '414', baseUrl, files: folder },
  departments: {},
  codes: {},
})
const TERMS = {
  stage: 'pilot',
  scenes: ['payment'],
  departments: null,
  note: '试点',
  after: 0,
} as const

it('[H4] says of a system that is not there that it refused, and lets nothing go live', async () => {
  const { onboarding } = hub.hub
  await expect(onboarding.draft(OTHER)).rejects.toMatchObject({
    code: 'hospitals.onboarding_not_found',
  })
  await onboarding.save(OTHER, contentAt('http://127.0.0.1:1'), 0, FIRST)
  const step = await onboarding.probeDraft(OTHER, 1, FIRST)
  expect(step).toMatchObject({ isGood: false, no: 1 })
  expect(step.detail.tried?.[0]).toMatchObject({ operation: 'heartbeat', fault: 'refused' })
  await expect(onboarding.putForward(OTHER, 1, TERMS, FIRST)).rejects.toMatchObject({
    code: 'hospitals.onboarding_not_ready',
    params: { reasons: 'probe_failed no_dry_run no_conformance' },
  })
  await expect(onboarding.goLive(OTHER, { version: 1, sha256: '' }, SECOND)).rejects.toMatchObject({
    code: 'hospitals.onboarding_not_put_forward',
  })
})

it('[H4] refuses what was overtaken, an unknown subject, and parameters that do not fit', async () => {
  const { onboarding } = hub.hub
  const content = contentAt(his.url)
  await onboarding.save(HOSPITAL, content, 0, FIRST)
  const save = (changed: object, after: number) =>
    onboarding.save(HOSPITAL, { ...content, ...changed }, after, FIRST)
  await expect(save({}, 0)).rejects.toMatchObject({ code: 'hospitals.onboarding_overtaken' })
  await expect(save({ departments: { D1: '99' } }, 1)).rejects.toMatchObject({
    code: 'hospitals.onboarding_subject_unknown',
  })
  await expect(save({ params: {} }, 1)).rejects.toMatchObject({
    code: 'declarative.params_invalid',
  })
  await expect(save({ product: 'format: 1' }, 1)).rejects.toMatchObject({
    code: 'hospital_product.invalid',
  })
  await expect(onboarding.probeDraft(HOSPITAL, 7, FIRST)).rejects.toMatchObject({
    code: 'hospitals.onboarding_overtaken',
  })
})

it('[H4] is probed, mapped and tried with real answers, which a later version must be again', async () => {
  const { onboarding } = hub.hub
  const probed = await onboarding.probeDraft(HOSPITAL, 1, FIRST)
  expect(probed.detail.tried?.map(({ outcome }) => outcome)).toEqual(['ok', 'ok'])
  const mapping = await onboarding.mapping(HOSPITAL)
  expect(mapping.length).toBeGreaterThan(3)
  expect(mapping.every(({ mappedTo }) => mappedTo === null)).toBe(true)
  expect(mapping.some(({ proposals }) => proposals.length > 0)).toBe(true)

  const [patient] = world.people
  assert(patient, 'there is a person')
  const { idCardNo, name } = patient
  const dry = await onboarding.dryRunDraft(HOSPITAL, 1, { idCardNo, name }, FIRST)
  const listed = dry.detail.tried?.find(({ operation }) => operation === 'departments.list')
  expect(listed?.wire[0]?.came).not.toBe('')
  expect(listed?.canonical).toContain('subjectCode')
  expect(JSON.stringify(dry)).not.toContain(idCardNo)

  const departments = Object.fromEntries(mapping.map(({ code }) => [code, '03']))
  await onboarding.save(HOSPITAL, { ...contentAt(his.url), departments }, 1, FIRST)
  const lacking = await onboarding.lacking(HOSPITAL, null)
  expect(lacking.map(({ code }) => code)).toEqual(['no_probe', 'no_dry_run', 'no_conformance'])
}, 60_000)

it('[H4] goes live by two persons, who look at the same file', async () => {
  const { onboarding, rollouts } = hub.hub
  assert(HOSPITAL, 'there is a hospital')
  await onboarding.probeDraft(HOSPITAL, 2, FIRST)
  // The kit's own runs are proven in tests/conformance: here they are taken as passed.
  await inHospital(database, HOSPITAL, async (tx) => {
    for (const [i, kind] of ['dry_run', 'conformance'].entries()) {
      await sql`insert into hospitals.onboarding_step
        (hospital_id, version, no, kind, is_good, detail, actor, at)
        values (${HOSPITAL}, 2, ${i + 2}, ${kind}, true, '{}', 'staff:one', now())`.execute(tx)
    }
  })
  const { sha256 } = await onboarding.file(HOSPITAL)
  const put = await onboarding.putForward(HOSPITAL, 2, TERMS, FIRST)
  expect(put.detail.sha256).toBe(sha256)
  const agree = (by: { name: string; requestId: null }, hash: string) =>
    onboarding.goLive(HOSPITAL, { version: 2, sha256: hash }, by)
  await expect(agree(FIRST, sha256)).rejects.toMatchObject({
    code: 'hospitals.onboarding_same_person',
  })
  await expect(agree(SECOND, '0'.repeat(64))).rejects.toMatchObject({
    code: 'hospitals.onboarding_file_differs',
  })
  const live = await agree(SECOND, sha256)
  expect(live).toMatchObject({ kind: 'live', actor: 'staff:two', detail: { sha256 } })
  expect(await rollouts.isOn(HOSPITAL, 'payment', null)).toBe(true)
  expect(await rollouts.isOn(HOSPITAL, 'booking', null)).toBe(false)
  const system = await hub.hub.connections.his.of(HOSPITAL)
  const answer = await system?.heartbeat({ trace: () => undefined })
  expect(answer).toMatchObject({ outcome: 'ok' })

  // What was agreed stands in the list, and again whenever the list is read anew.
  const [kept] = await hub.hub.hospitals.departments(HOSPITAL)
  expect(kept?.subjectCode).toBe('03')
  const hospitals = createHospitals({
    ...hub.platform,
    seal: createSeal(systemRandom.bytes(32), systemRandom),
    systemOf: hub.hub.connections.his.of,
  })
  const again = await hospitals.syncDepartments(HOSPITAL)
  expect(new Set(again.map(({ subjectCode }) => subjectCode))).toEqual(new Set(['03']))
})
