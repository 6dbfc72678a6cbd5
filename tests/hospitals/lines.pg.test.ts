import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import {
  type ListeningHospital,
  listeningOf,
  readProduct,
  shippedProduct,
} from '../../adapters/hospitals/declarative/index.ts'
import { createHospitalLines, type HospitalLines } from '../../apps/hub/hospital-lines.ts'
import { messageOf } from '../../apps/simulators/his/faces/hl7/testing.ts'
import { type Hl7Simulator, startHl7His } from '../../apps/simulators/his/index.ts'
import { TestClock } from '../../apps/simulators/his/testing.ts'
import type { HospitalId } from '../../kernel/id.ts'
import {
  createHeardMessages,
  createHospitalNotices,
  type HeardMessages,
  type HospitalNotices,
} from '../../modules/hospitals/index.ts'
import { inHospital } from '../../platform/db.ts'
import { createPublish } from '../../platform/events.ts'
import { createSeal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { billFor, MONDAY, personOf, simulatorOptions } from './stage.ts'

// What a hospital's system tells over its own line: from its real messages to the notices that the hub acts on.

const { random, newId } = testPlatform()
const clock = new TestClock(MONDAY)
const [first, second] = [1 as HospitalId, 2 as HospitalId]
let db: TestDatabase
let notices: HospitalNotices
let messages: HeardMessages
let lines: HospitalLines
let slow: Promise<void> = Promise.resolve()
const listened = new Map<HospitalId, ListeningHospital | null>()
const errors: unknown[] = []

beforeAll(async () => {
  db = await createTestDatabase()
  const platform = { db, clock, random, newId, wake: () => undefined }
  const seal = createSeal(new Uint8Array(32).fill(7), random)
  notices = createHospitalNotices({ ...platform, publish: createPublish(platform) })
  messages = createHeardMessages({ ...platform, seal })
  lines = createHospitalLines(
    {
      ...platform,
      messages,
      notices: {
        async hear(id, notice) {
          if (id === second) await slow
          return notices.hear(id, notice)
        },
      },
      hospitals: { list: async () => [{ id: first }, { id: second }] },
      listeningOf: async (id) => listened.get(id) ?? null,
      onError: (error) => void errors.push(error),
    },
    { host: '127.0.0.1' },
  )
  const facility = simulatorOptions(clock).hospital.insuranceCode
  listened.set(first, listening(facility))
  listened.set(second, listening('H2'))
  await lines.follow()
})
afterAll(async () => {
  await lines.stop()
  await db[Symbol.asyncDispose]()
})
beforeEach(() => void (errors.length = 0))

function listening(facility: string): ListeningHospital {
  const read = readProduct(shippedProduct('hl7-fhir'))
  if (read.outcome === 'wrong') throw new Error(JSON.stringify(read.problems))
  const params = {
    host: '127.0.0.1',
    port: '1',
    fhirUrl: 'http://127.0.0.1:1',
    facility,
    hubPort: '2',
  }
  const hears = listeningOf(read.product, { params, codes: {} })
  if (!hears) throw new Error('the product listens')
  return { ...hears, port: 0 }
}

const hub = (id: HospitalId) => ({ host: '127.0.0.1', port: lines.portOf(id) ?? 0 })

const eventsOf = (id: HospitalId) =>
  inHospital(db, id, async (tx) => {
    const { rows } = await sql<{ payload: { noticeNo: string; kind: string; about: object } }>`
      select payload from platform.outbox where hospital_id = ${id} order by id`.execute(tx)
    return rows.map(({ payload }) => payload)
  })

describe('[H1] [H2] what the hospital tells over HL7', () => {
  let his: Hl7Simulator
  beforeAll(async () => {
    const options = { ...simulatorOptions(clock), mllpPort: 0, hubMllp: hub(first) }
    his = await startHl7His(options)
  })
  afterAll(() => his.stop())

  it('becomes notices: a clinic that is stopped, files that were one person, a bill that changed', async () => {
    const scheduleNo = await anyClinic(his.url)
    his.stopClinic(scheduleNo, '医生停诊')
    const [left, gone] = [4, 5].map((i) => `P01${String(personOf(i).no).padStart(8, '0')}`)
    his.mergePatients({ patientNo: left ?? '', mergedPatientNo: gone ?? '' })
    const bill = billFor(his, personOf(0), 2)
    his.addItem(bill.billNo, { code: bill.items[0]?.code ?? '', quantity: 1 })
    await his.runDue()
    expect(his.told().map(({ status, outcome }) => `${status} ${outcome}`)).toEqual(
      his.told().map(() => 'acknowledged AA'),
    )
    const kept = await notices.list(first, null)
    expect(kept.map(({ kind, about }) => ({ kind, about }))).toEqual(
      expect.arrayContaining([
        {
          kind: 'schedule.stopped',
          about: { scheduleNo, slotNo: null, reason: '医生停诊' },
        },
        { kind: 'patient.merged', about: { patientNo: left, mergedPatientNo: gone } },
        { kind: 'bill.changed', about: { billNo: bill.billNo, patientNo: bill.patientNo } },
      ]),
    )
    expect((await eventsOf(first)).map(({ kind }) => kind).toSorted()).toEqual(
      kept.map(({ kind }) => kind).toSorted(),
    )
  })

  it('comes over a line that is opened once', async () => {
    expect(lines.portOf(first)).not.toBe(lines.portOf(second))
    expect(await lines.follow()).toBe(0)
  })

  it('is heard once however often it is told, and answered the same', async () => {
    const told = stopped('SAME1')
    const [one, two] = await Promise.all([say(first, told), say(first, told)])
    const three = await say(first, told)
    expect(one).toMatch(/MSA\|AA\|SAME1/)
    expect([two, three]).toEqual([one, one])
    const heard = (await eventsOf(first)).filter(({ noticeNo }) => noticeNo === 'SAME1')
    expect(heard).toHaveLength(1)
    expect(await say(first, stopped('SAME1', '另一个原因'))).toMatch(/MSA\|AE\|SAME1.*\|205\^/s)
  })

  it('has nothing to do about what it has no notice of, and says that it was taken', async () => {
    const before = await notices.list(first, null)
    expect(await say(first, messageOf2('ADT^A01', ['PV1||I'], 'NIL1'))).toMatch(/MSA\|AA\|NIL1/)
    expect(await notices.list(first, null)).toEqual(before)
    const [last] = await messages.list(first, null)
    expect(last).toMatchObject({ controlId: 'NIL1', outcome: 'taken', reason: 'nothing' })
  })
})

describe('[H2] what is wrong is answered as HL7 asks, and kept with its reason', () => {
  const latin = Buffer.from(stopped('BAD1').toString('latin1').replace('YQHIS', 'YQHIS'), 'latin1')
  it.each<[string, Buffer, RegExp, RegExp]>([
    [
      'bytes of another charset',
      Buffer.concat([latin, Buffer.from('NTE|1||'), Buffer.from([0xff, 0xff, 0x0d])]),
      /MSA\|AE\|BAD1/,
      /charset_wrong/,
    ],
    [
      'a charset that nobody speaks',
      Buffer.from(stopped('BAD2').toString('latin1').replace('GB 18030-2000', 'BIG-5'), 'latin1'),
      /MSA\|AR\|/,
      /charset_unknown/,
    ],
    ['two MSH', Buffer.concat([stopped('BAD3'), stopped('BAD3b')]), /MSA\|AR\|BAD3/, /two_headers/],
    ['no message', Buffer.from('<html>hello</html>'), /MSA\|AR\|/, /no_header/],
    ['no control id', stopped(''), /MSA\|AR\|/, /MSH-10/],
    [
      'another hospital',
      Buffer.from(
        stopped('BAD4')
          .toString('latin1')
          .replace(/H\d{11}/, 'H37020099999'),
        'latin1',
      ),
      /MSA\|AR\|BAD4/,
      /not a message of this hospital/,
    ],
    [
      'a stop that names no clinic',
      messageOf2('SIU^S23', ['SCH|||||'], 'BAD5'),
      /MSA\|AE\|BAD5/,
      /scheduleNo|about/,
    ],
  ])('%s', async (_what, bytes, answer, reason) => {
    const before = await notices.list(first, null)
    expect(await say(first, bytes)).toMatch(answer)
    const [last] = await messages.list(first, null)
    expect(last).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(reason) as unknown,
    })
    expect(await messages.contentOf(first, last?.id ?? '')).toEqual(bytes)
    expect(await say(first, bytes)).toMatch(answer)
    expect((await messages.list(first, null))[0]?.id).toBe(last?.id) // kept once
    expect(await notices.list(first, null)).toEqual(before)
  })

  it('a message that is too large is refused before its end has come', async () => {
    const head = stopped('LARGE1')
    const answer = await say(first, Buffer.concat([head, Buffer.alloc(2_200_000, 0x41)]))
    expect(answer).toMatch(/MSA\|AR\|LARGE1/)
    await expect
      .poll(async () => (await messages.list(first, null))[0])
      .toMatchObject({ controlId: 'LARGE1', outcome: 'refused' })
  })

  it('half a frame is no message, and is written down', async () => {
    const socket = connect(hub(first))
    socket.end(Buffer.from('\u000bMSH|^~\\&|HALF'))
    socket.resume()
    await once(socket, 'close')
    await expect
      .poll(async () => (await messages.list(first, null)).map(({ reason }) => reason).join())
      .toMatch(/half_frame/)
  })
})

describe('[H2] a hospital that floods is slow to itself alone', () => {
  it('another is answered at once while all of its lines wait', async () => {
    let release: () => void = () => undefined
    slow = new Promise((done) => void (release = done))
    const flood = Array.from({ length: 40 }, (_, i) =>
      say(second, stopped(`FLOOD${i}`, '停诊', 'H2')),
    )
    await sleep(200)
    const startedAt = performance.now()
    for (let i = 0; i < 20; i++) {
      expect(await say(first, stopped(`CALM${i}`))).toMatch(/MSA\|AA/)
    }
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    expect(await notices.list(second, null)).toEqual([])
    release()
    const answers = await Promise.all(flood)
    const said = answers.filter((text) => /MSA\|AA/.test(text))
    expect(said.length).toBeGreaterThanOrEqual(8)
    expect(await notices.list(second, null)).toHaveLength(said.length)
  })
})

it('[H2] a line follows its hospital’s connection', async () => {
  const before = lines.portOf(second)
  listened.set(second, null)
  expect(await lines.follow()).toBe(1)
  expect(lines.portOf(second)).toBeNull()
  await expect(say(second, stopped('GONE1', '停诊', 'H2'), before ?? 0)).rejects.toThrow(
    /ECONNREFUSED/,
  )
  listened.set(second, { ...listening('H2'), port: lines.portOf(first) ?? 0 })
  expect(await lines.follow()).toBe(0)
  expect(errors).toHaveLength(1) // the port is taken, and is tried again
  listened.set(second, listening('H2'))
  expect(await lines.follow()).toBe(1)
})

function stopped(
  controlId: string,
  reason = '停诊',
  facility = simulatorOptions(clock).hospital.insuranceCode,
) {
  return messageOf2('SIU^S23', [`SCH|||||PB0120261124101011|^${reason}`], controlId, facility)
}

async function anyClinic(url: string): Promise<string> {
  const answer = await fetch(`${url}/fhir/Schedule?_count=1&date=ge2026-11-24`)
  const bundle = (await answer.json()) as { entry: { resource: { id: string } }[] }
  return bundle.entry[0]?.resource.id ?? ''
}

/** A message of the hospital's, in GB 18030. */
function messageOf2(
  type: string,
  rows: string[],
  controlId: string,
  facility = simulatorOptions(clock).hospital.insuranceCode,
): Buffer {
  const text = messageOf(type, rows, controlId).toString('latin1')
  return Buffer.from(
    text.replace('|HUB|YIQIAO|YQHIS|H|', `|YQHIS|${facility}|HUB|YIQIAO|`),
    'latin1',
  )
}

/** Sends bytes in a frame over a connection of its own; the answer's text, '' when the line was ended without one. */
async function say(id: HospitalId, message: Buffer, port = hub(id).port): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port })
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    if (Buffer.concat(chunks).includes(Buffer.from([0x1c, 0x0d]))) socket.end()
  })
  await once(socket, 'connect')
  socket.on('error', () => socket.destroy()) // one connection too many is cut
  socket.write(Buffer.concat([Buffer.from([0x0b]), message, Buffer.from([0x1c, 0x0d])]))
  if (!socket.destroyed) await once(socket, 'close').catch(() => undefined)
  return Buffer.concat(chunks).toString('latin1')
}
