import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, beforeEach, expect, it } from 'vitest'

import type { HisSimulator } from '../../apps/simulators/his/index.ts'
import {
  codeOf,
  firstDepartment,
  isSignedRequest,
  simpleBill,
  startTestHis,
  TestClock,
  world,
  writeBackOf,
  call as ask,
} from '../../apps/simulators/his/testing.ts'
import { MINUTE_MS } from '../../kernel/time.ts'
import { type HisNotice, readNotice } from '../../modules/hospitals/index.ts'

// What the reference hospital tells the hub of its own accord, by section 3 of the standard interface.

type Heard = { path: string; isSigned: boolean; notice: HisNotice; text: string }

let clock: TestClock
let his: HisSimulator
let status: number
const heard: Heard[] = []
const hub = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const text = Buffer.concat(chunks).toString()
    const path = request.url ?? ''
    const read = readNotice(JSON.parse(text))
    if ('problem' in read) throw new Error(read.problem)
    const isSigned = isSignedRequest(clock, request.headers, path, text)
    heard.push({ path, isSigned, notice: read.value, text })
    const answer =
      status === 200 ? { noticeNo: '1', isNew: true } : { code: 'hospitals.notice_differs' }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
})

beforeEach(async () => {
  heard.length = 0
  status = 200
  clock = new TestClock('2026-11-23T09:00:00+08:00')
  await new Promise<void>((ready) => hub.listen(0, '127.0.0.1', ready))
  const hubUrl = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`
  his = await startTestHis(clock, { hubUrl, tellsNotices: true })
})
afterEach(async () => {
  await his.stop()
  hub.closeAllConnections()
  await new Promise((closed) => hub.close(closed))
})

it('[H1] the hospital tells of a bill that changed and a report that is ready, signed, each once', async () => {
  const bill = his.createBill({
    personNo: 1,
    departmentCode: firstDepartment().code,
    kind: 'outpatient',
    items: [{ code: codeOf('血常规（五分类）'), quantity: 1 }],
  })
  expect(await his.runDue()).toBe(0)
  const changed = his.addItem(bill.billNo, { code: world.catalogue[7]?.code ?? '', quantity: 1 })
  await his.runDue()
  await ask(his, clock, 'bills.writeBack', writeBackOf(changed, 'P-1', clock))
  await his.runDue()
  expect(his.nextDueAt()).toEqual(new Date(clock.now().getTime() + 45 * MINUTE_MS))
  clock.move(45 * MINUTE_MS)
  await his.runDue()
  expect(await his.runDue()).toBe(0)
  const { billNo, patientNo } = bill
  expect(heard.map(({ notice: { kind, about } }) => ({ kind, about }))).toEqual([
    { kind: 'bill.changed', about: { billNo, patientNo } },
    { kind: 'report.ready', about: { reportNo: `BG001${billNo}`, patientNo } },
  ])
  expect(heard.every(({ isSigned }) => isSigned)).toBe(true)
  expect(new Set(heard.map(({ path }) => path))).toEqual(new Set(['/v1/hospitals/1/his/notices']))
})

it('[H1] tells the same again until the hub has it, later each time', async () => {
  status = 503
  const bill = simpleBill(his)
  his.addItem(bill.billNo, { code: world.catalogue[7]?.code ?? '', quantity: 1 })
  await his.runDue()
  expect(his.nextDueAt()?.getTime()).toBe(clock.now().getTime() + 5_000)
  clock.move(5_000)
  await his.runDue()
  expect(his.nextDueAt()?.getTime()).toBe(clock.now().getTime() + 10_000)
  clock.move(10_000)
  status = 200
  await his.runDue()
  expect(new Set(heard.map(({ text }) => text)).size).toBe(1)
  expect(heard).toHaveLength(3)
  expect(his.nextDueAt()).toBeNull()
})

it('[H1] does not go on about what the hub refuses', async () => {
  status = 409
  const bill = simpleBill(his)
  his.addItem(bill.billNo, { code: world.catalogue[7]?.code ?? '', quantity: 1 })
  await his.runDue()
  expect(his.nextDueAt()).toBeNull()
  expect(heard).toHaveLength(1)
})

it('[H1] tells that a clinic is stopped', async () => {
  const listed = await ask(his, clock, 'schedules.list', {
    from: '2026-11-24',
    to: '2026-11-24',
    departmentCode: null,
  })
  const { schedules } = listed.data as unknown as { schedules: { scheduleNo: string }[] }
  const [clinic] = schedules
  his.stopClinic(clinic?.scheduleNo ?? '', '医生停诊')
  await his.runDue()
  expect(heard[0]?.notice).toMatchObject({
    kind: 'schedule.stopped',
    about: { scheduleNo: clinic?.scheduleNo, slotNo: null, reason: '医生停诊' },
  })
})
