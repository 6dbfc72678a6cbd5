import { afterEach, beforeEach, expect, it } from 'vitest'

import { createDescribedHospital, readProduct } from '../../adapters/hospitals/declarative/index.ts'
import { type Hl7Simulator, startHl7His } from '../../apps/simulators/his/faces/hl7/start.ts'
import { noFaults } from '../../apps/simulators/kit/simulator.ts'
import { createWorld } from '../../apps/simulators/world/index.ts'
import { assert } from '../../kernel/assert.ts'
import { seededRandom } from '../../kernel/random.ts'
import { createOwnMemory, type HospitalSystem } from '../../modules/hospitals/index.ts'

// HL7 v2 in GB 18030 by a descriptor, against a HIS whose codec shares no line with ours.

const PRODUCT = `
format: 1
name: hl7-only
version: '1'
titles: { zh: HL7, en: HL7 }
source: docs/interface/specimen-his-hl7.md
parameters:
  - { name: host, title: { zh: 主机, en: Host }, format: host }
  - { name: port, title: { zh: 端口, en: Port }, format: port }
wires:
  hl7: { kind: mllp, host: host, port: port, encoding: gb18030 }
success: body.MSA.f1.c1 = "AA"
error: '{ "code": body.ERR.f5.c1, "message": body.ERR.f8.c1 }'
operations:
  patients.resolve:
    steps:
      - name: found
        wire: hl7
        body: |
          { "segments": [
            { "name": "MSH", "f3": "YIQIAO", "f4": "HUB", "f5": "HIS", "f6": "H1", "f7": $shanghai(call.now, "yyyyMMddHHmmss"),
              "f9": { "c1": "QBP", "c2": "Q22", "c3": "QBP_Q21" }, "f10": $substring(call.nonce, 0, 20), "f11": "P", "f12": "2.5", "f18": "GB 18030-2000" },
            { "name": "QPD", "f1": { "c1": "Q22", "c2": "Find Candidates", "c3": "HL7" }, "f2": "Q1",
              "f3": [{ "c1": "@PID.3.1", "c2": asked.idCardNo }, { "c1": "@PID.5", "c2": asked.name }] },
            { "name": "RCP", "f1": "I" } ] }
        refuse: 'body.QAK.f2.c1 = "NF" ? { "means": "patient_not_found", "message": "nobody" } : null'
    answer: |
      { "patientNo": steps.found.PID.f3[c5 = "MR"].c1, "name": steps.found.PID.f5.c1 & steps.found.PID.f5.c2,
        "cardNo": steps.found.PID.f3[c5 = "HC"].c1 }
`

const world = createWorld('his hl7', { people: 20 })
const clock = { now: () => new Date('2026-11-23T07:20:00+08:00') }
const call = { trace: () => undefined }
let his: Hl7Simulator
let system: HospitalSystem

beforeEach(async () => {
  const [hospital] = world.hospitals
  assert(hospital, 'there is a hospital')
  his = await startHl7His({
    clock,
    random: seededRandom('mllp'),
    faults: noFaults,
    databaseFile: ':memory:',
    port: 0,
    hospital,
    people: world.people,
    catalogue: world.catalogue,
    mllpPort: 0,
    hubMllp: null,
  })
  system = systemAt(his.mllpPort)
})
afterEach(() => his.stop())

function systemAt(port: number): HospitalSystem {
  const read = readProduct(PRODUCT)
  if (read.outcome === 'wrong') throw new Error(JSON.stringify(read.problems))
  const params = { host: '127.0.0.1', port: String(port) }
  return createDescribedHospital(
    read.product,
    { params, codes: {} },
    { clock, random: seededRandom('hub'), timeoutMs: 5_000, memory: createOwnMemory() },
  )
}

const holder = () => {
  const person = world.people.find(({ media }) =>
    media.hospitalCards.some((card) => card.hospitalId === 1),
  )
  assert(person, 'somebody has a card')
  return person
}

it('[H2] a patient is found over HL7, by number and name', async () => {
  const { idCardNo, name } = holder()
  expect(await system.resolvePatient(call, { idCardNo, name })).toMatchObject({ outcome: 'ok' })
  const nobody = await system.resolvePatient(call, { idCardNo: '11010119900307109X', name })
  expect(nobody).toMatchObject({ outcome: 'refused', code: 'patient_not_found' })
})

it('is unknown when the line is dead', async () => {
  const { idCardNo, name } = holder()
  expect(await systemAt(1).resolvePatient(call, { idCardNo, name })).toMatchObject({
    outcome: 'unknown',
  })
})
