import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { assert } from '../../../../kernel/assert.ts'
import { addMs, type Clock, SECOND_MS, toShanghaiIso } from '../../../../kernel/time.ts'
import type { CatalogueItem, WorldHospital } from '../../world/index.ts'
import type { HisSimulator } from '../hospital.ts'

/** What the reference simulator's staff does, where the conformance kit asks: docs/interface/conformance.md. */
export type HandsServer = { url: string; close: () => Promise<void> }

export type HandsOptions = {
  his: HisSimulator
  hospital: WorldHospital
  catalogue: readonly CatalogueItem[]
  clock: Clock
  /** Moves the clock that the simulator was given. */
  moveClock: (ms: number) => void
}

/** Opens the control interface over the simulator's own controls, on loopback. */
export async function openHands(options: HandsOptions): Promise<HandsServer> {
  const server = createServer((request, response) => {
    void serve(options, request, response)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
}

async function serve(
  options: HandsOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const send = (status: number, body: object) =>
    response
      .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
      .end(JSON.stringify(body))
  try {
    if (request.method === 'GET') return void send(200, { hands: Object.keys(HANDS) })
    const name = (request.url ?? '').slice(1)
    const hand = Object.hasOwn(HANDS, name) ? HANDS[name] : undefined
    if (!hand) return void send(404, { problem: 'no such hand' })
    send(200, await hand(options, await bodyOf(request)))
  } catch (error) {
    send(409, { problem: error instanceof Error ? error.message : 'failed' })
  }
}

type Body = Readonly<Record<string, unknown>>
type Hand = (options: HandsOptions, body: Body) => object | Promise<object>

const HANDS: Record<string, Hand> = {
  'bills.open': openBill,
  'bills.change'({ his, catalogue }, body) {
    const { version, totalFen } = his.addItem(textIn(body, 'billNo'), itemAt(catalogue, 0))
    return { version, totalFen }
  },
  'bills.withdraw'({ his }, body) {
    his.voidBill(textIn(body, 'billNo'))
    return {}
  },
  'bills.dispense'({ his }, body) {
    his.dispense(textIn(body, 'billNo'), numbersIn(body, 'lineNos'))
    return {}
  },
  async 'refunds.request'({ his }, body) {
    const [billNo, reason] = [textIn(body, 'billNo'), textIn(body, 'reason')]
    const requestNo = his.requestRefund(billNo, numbersIn(body, 'lineNos'), reason)
    await his.runDue()
    return { requestNo }
  },
  'schedules.stop'({ his }, body) {
    his.stopClinic(textIn(body, 'scheduleNo'), '医生临时停诊')
    return {}
  },
  'stays.admit'({ his, hospital }, body) {
    const [department] = hospital.departments
    assert(department, 'the hospital has a department')
    const { stayNo } = his.admit({ personNo: personNoIn(body), departmentCode: department.code })
    return { stayNo }
  },
  'stays.orderDischarge'({ his }, body) {
    const { stayNo } = his.orderDischarge(textIn(body, 'stayNo'))
    return { stayNo }
  },
  async 'time.move'({ his, clock, moveClock }, body) {
    moveClock(Number(body['seconds']) * SECOND_MS)
    await his.runDue()
    return { now: toShanghaiIso(addMs(clock.now(), 0)) }
  },
}

/** A laboratory test and what a doctor writes beside it, as many lines as are wanted. */
function openBill({ his, hospital, catalogue }: HandsOptions, body: Body): object {
  const [department] = hospital.departments
  assert(department, 'the hospital has a department')
  const items = Array.from({ length: Number(body['lines']) }, (_, i) => itemAt(catalogue, i))
  const { billNo, totalFen } = his.createBill({
    personNo: personNoIn(body),
    departmentCode: department.code,
    kind: 'outpatient',
    items,
  })
  return { billNo, totalFen }
}

const LABORATORY = '04'

function itemAt(catalogue: readonly CatalogueItem[], place: number) {
  const first = Math.max(
    0,
    catalogue.findIndex(({ chargeCategory }) => chargeCategory === LABORATORY),
  )
  const item = catalogue[(first + place) % catalogue.length]
  assert(item, 'the price list has items')
  return { code: item.code, quantity: 1 }
}

const textIn = (body: Body, name: string): string => {
  const value = body[name]
  return typeof value === 'string' ? value : ''
}

function numbersIn(body: Body, name: string): number[] {
  const value = body[name]
  return Array.isArray(value) ? value.map(Number) : []
}

/** The number of the person ends that of the patient. */
const personNoIn = (body: Body): number => Number(textIn(body, 'patientNo').slice(-8))

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = []
  for await (const chunk of request) {
    if (chunk instanceof Buffer) chunks.push(chunk)
  }
  const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
