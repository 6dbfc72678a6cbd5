import { afterEach, beforeEach, expect, it } from 'vitest'

import { type Hl7Simulator, startHl7His } from '../../apps/simulators/his/faces/hl7/start.ts'
import { noFaults } from '../../apps/simulators/kit/simulator.ts'
import { createWorld } from '../../apps/simulators/world/index.ts'
import { assert } from '../../kernel/assert.ts'
import { seededRandom } from '../../kernel/random.ts'
import { createExpressions } from '../../platform/descriptor/expressions.ts'
import { type Hl7Message, segmentOf, textAt } from '../../platform/hl7/message.ts'
import { MllpClient } from '../../platform/hl7/mllp/client.ts'
import { type MllpServer, openMllpServer } from '../../platform/hl7/mllp/server.ts'
import { createAnswerMemory, createReceiver } from '../../platform/hl7/receiver.ts'
import { serialize } from '../../platform/hl7/serialize.ts'
import { fromView, viewOf } from '../../platform/hl7/view.ts'

// The hub's HL7 on one side, the HIS's own on the other: two codecs that share no line, over real sockets in GB 18030.

const world = createWorld('his hl7', { people: 20 })
const now = new Date('2026-11-23T07:20:00+08:00')
const heard: Hl7Message[] = []
let server: MllpServer
let his: Hl7Simulator
let client: MllpClient

beforeEach(async () => {
  heard.length = 0
  const receiver = createReceiver({
    async handle(message) {
      heard.push(message)
      return { code: 'AA' }
    },
    memory: createAnswerMemory(100),
    defaultCharset: 'GB 18030-2000',
    now: () => ({ at: '20261123072000', controlId: `A${heard.length}` }),
  })
  server = await openMllpServer({ host: '127.0.0.1', port: 0, ...receiver })
  const [hospital] = world.hospitals
  assert(hospital, 'the world has a hospital')
  his = await startHl7His({
    clock: { now: () => now },
    random: seededRandom('his'),
    faults: noFaults,
    databaseFile: ':memory:',
    port: 0,
    hospital,
    people: world.people,
    catalogue: world.catalogue,
    mllpPort: 0,
    hubMllp: { host: '127.0.0.1', port: server.port },
  })
  client = new MllpClient({
    host: '127.0.0.1',
    port: his.mllpPort,
    defaultCharset: 'GB 18030-2000',
    connectTimeoutMs: 5_000,
    answerTimeoutMs: 20_000,
  })
})
afterEach(async () => {
  await client.close(0)
  await his.stop()
  await server.close(0)
})

const person = world.people.find((p) => p.media.hospitalCards.some((c) => c.hospitalId === 1))
const patientNo = `P01${String(person?.no).padStart(8, '0')}`
let count = 0

async function ask(type: readonly [string, string], segments: object): Promise<Hl7Message> {
  const controlId = `Q${(count += 1)}`
  const header = {
    f3: 'HUB',
    f4: 'YIQIAO',
    f9: { c1: type[0], c2: type[1] },
    f10: controlId,
    f11: 'P',
    f12: '2.5',
  }
  const made = fromView({ MSH: header, ...segments }, { charset: 'GB 18030-2000' })
  assert(made.ok, 'the message is made')
  const written = serialize(made.message)
  assert(written.ok, 'the message is written')
  const answer = await client.send(written.bytes, controlId)
  assert(answer.kind === 'answered', `${type.join('^')} is answered`)
  return answer.message
}

it('[H2] books, and hears of it, of the bill, of the stop and of a merge, all in one order', async () => {
  const found = await ask(['QBP', 'Q22'], {
    QPD: {
      f1: 'Q22',
      f2: 'T1',
      f3: [
        { c1: '@PID.3.1', c2: person?.idCardNo },
        { c1: '@PID.5', c2: person?.name },
      ],
    },
  })
  const mapped = createExpressions(5_000).evaluate(
    '{ "patientNo": PID.f3[c5 = "MR"].c1, "name": PID.f5.c1 & PID.f5.c2 }',
    viewOf(found),
  )
  expect(mapped).toEqual({ ok: true, value: { patientNo, name: person?.name } })

  const doctor = world.hospitals[0]?.departments[0]?.doctors[0]
  const clinicNo = `PB0120261123${doctor?.code}1`
  const booked = await ask(['SRM', 'S01'], {
    ARQ: { f1: 'O1', f5: clinicNo },
    PID: { f3: patientNo },
  })
  expect(textAt(segmentOf(booked, 'MSA'), 1)).toBe('AA')
  expect(textAt(segmentOf(booked, 'AIL'), 3, 4)).toBe(world.hospitals[0]?.departments[0]?.name)
  const other = world.people.find(
    (p) => p !== person && p.media.hospitalCards.some((c) => c.hospitalId === 1),
  )
  his.stopClinic(clinicNo, '医生|停诊 & 改期')
  his.mergePatients({ patientNo, mergedPatientNo: `P01${String(other?.no).padStart(8, '0')}` })
  await his.runDue()
  expect(
    heard.map(({ segments }) => `${textAt(segments[0], 9)}^${textAt(segments[0], 9, 2)}`),
  ).toEqual(['ADT^A40', 'SIU^S12', 'SIU^S15', 'SIU^S23', 'DFT^P03'])
  expect(his.told().every(({ status }) => status === 'acknowledged')).toBe(true)
  expect(textAt(segmentOf(heard[2] ?? found, 'SCH'), 6, 2)).toBe('医生|停诊 & 改期')
})

it('has a refusal of the hospital’s as AE with its own code, and a wish with odd characters understood', async () => {
  const refused = await ask(['SRM', 'S04'], {
    ARQ: { f1: 'NONE', f6: { c1: '', c2: 'a|b^c\\d~e&f' } },
  })
  expect(textAt(segmentOf(refused, 'MSA'), 1)).toBe('AE')
  expect(textAt(segmentOf(refused, 'ERR'), 5)).toBe('REGISTRATION_NOT_FOUND')
  const unknown = await ask(['MDM', 'T02'], {})
  expect(textAt(segmentOf(unknown, 'MSA'), 1)).toBe('AR')
})
