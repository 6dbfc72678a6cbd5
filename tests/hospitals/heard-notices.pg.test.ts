import { afterAll, beforeAll, expect, it } from 'vitest'

import { createHeardNotices } from '../../apps/hub/heard-notices.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import type { HospitalBilling } from '../../modules/hospitals/index.ts'
import { checkDigitOf, createIdentity, type Identity } from '../../modules/identity/index.ts'
import { createPersonIndex, type PersonIndex } from '../../modules/person-index/index.ts'
import { createAudit } from '../../platform/audit.ts'
import { createPublish } from '../../platform/events.ts'
import { createSeal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'

type PersonId = Awaited<ReturnType<Identity['registerPerson']>>

const platform = testPlatform()
const hospitalId = 41 as HospitalId
const call = { trace: () => undefined }
const readAgain: PersonId[] = []
let db: TestDatabase
let identity: Identity
let index: PersonIndex
let hears: ReturnType<typeof createHeardNotices>

beforeAll(async () => {
  db = await createTestDatabase()
  const seal = createSeal(new Uint8Array(32).fill(3), platform.random)
  identity = createIdentity({ db, ...platform, seal })
  index = createPersonIndex({
    db,
    ...platform,
    seal,
    audit: createAudit(platform),
    publish: createPublish({ ...platform, wake: () => undefined }),
    identity,
    trail: { paymentsOf: async () => [] },
    population: 8_000_000,
  })
  const openBills = async (_hospital: HospitalId, personId: PersonId) => {
    readAgain.push(personId)
    return { bills: [], stale: false, readAt: platform.clock.now() }
  }
  hears = createHeardNotices({ identity, personIndex: index, billing: { openBills } as never })
})
afterAll(() => db[Symbol.asyncDispose]())

let people = 0
async function patient(patientNo: string): Promise<PersonId> {
  people += 1
  const body = `99010119700615${String(people).padStart(3, '0')}`
  const personId = await identity.registerPerson({
    name: `赵${String.fromCodePoint(0x5000 + people)}`,
    idCardNo: body + checkDigitOf(body),
    phone: null,
    gender: 'male',
    birthDate: businessDate('1970-06-15'),
    media: [],
  })
  const his = { resolvePatient: async () => ({ outcome: 'ok', data: { patientNo, cardNo: 'C' } }) }
  await identity.resolvePatient(personId, hospitalId, his as unknown as HospitalBilling, call)
  return personId
}

const hear = (kind: string, about: object, hospital = hospitalId) =>
  hears.onNoticeHeard({ hospitalId: hospital, noticeNo: 'N1', kind, about })

it('[H1] two files that were one person are proposed, once, and linked by nobody', async () => {
  const [left, gone] = [await patient('P1'), await patient('P2')]
  const merged = { patientNo: 'P1', mergedPatientNo: 'P2' }
  await hear('patient.merged', merged)
  await hear('patient.merged', merged)
  expect(await index.openActs(hospitalId)).toMatchObject([
    { kind: 'link', status: 'proposed', person_id: gone, survivor_id: left, proposed_by: 'his:41' },
  ])
  expect(await identity.currentPersonOf(gone)).toBe(gone)
})

it('[H1] what two persons have said of the two stays, whatever the hospital tells', async () => {
  const [left, gone] = [await patient('P3'), await patient('P4')]
  const [clerk, chief] = ['clerk', 'chief'].map((name) => ({
    name: `staff:${name}`,
    requestId: null,
  }))
  if (!clerk || !chief) throw new Error('two persons')
  const pair = { personId: gone, survivorId: left }
  const id = await index.propose(hospitalId, { kind: 'separate', ...pair, reason: '孪生' }, clerk)
  await index.decide({ hospitalId, id }, { agrees: true, reason: '孪生' }, chief)
  const before = (await index.openActs(hospitalId)).length
  await hear('patient.merged', { patientNo: 'P3', mergedPatientNo: 'P4' })
  expect(await index.openActs(hospitalId)).toHaveLength(before)
})

it('[H1] nobody is proposed whom the hub does not know, nor by another hospital’s numbers', async () => {
  const before = (await index.openActs(hospitalId)).length
  await hear('patient.merged', { patientNo: 'P1', mergedPatientNo: 'P404' })
  await hear('patient.merged', { patientNo: 'P1', mergedPatientNo: 'P3' }, 42 as HospitalId)
  expect(await index.openActs(hospitalId)).toHaveLength(before)
  expect(await index.openActs(42 as HospitalId)).toEqual([])
})

it('[H1] bills of whom the notice is about are read again, and of nobody else', async () => {
  const payer = await patient('P7')
  await hear('bill.changed', { billNo: 'B1', patientNo: 'P7' })
  await hear('bill.opened', { billNo: 'B2', patientNo: 'P404' })
  await hear('system.alive', { system: 'LIS' })
  expect(readAgain).toEqual([payer])
})
