import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { Fault } from '../kit/simulator.ts'
import type { Bill, HisOptions, HisSimulator } from './index.ts'
import {
  call,
  HOSPITAL_KEY_ID,
  isSignedRequest,
  newDatabaseFile,
  simpleBill,
  startTestHis,
  TestClock,
  writeBackOf,
} from './testing.ts'

type Received = { path: string; signed: boolean; keyId: string; nonce: string; body: unknown }
type Reply = { status: number; body: string } | 'silence'

// A hub on loopback that says what the test tells it to, one reply a request, and then 202.
const replies: Reply[] = []
const received: Received[] = []
const hub = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const text = Buffer.concat(chunks).toString()
    const path = request.url ?? ''
    received.push({
      path,
      signed: isSignedRequest(clock, request.headers, path, text),
      keyId: String(request.headers['x-yiqiao-key-id']),
      nonce: String(request.headers['x-yiqiao-nonce']),
      body: JSON.parse(text),
    })
    const reply = replies.shift() ?? accepted
    if (reply === 'silence') request.socket.destroy()
    else response.writeHead(reply.status).end(reply.body)
  })
})
const accepted = { status: 202, body: '{"refundId":"r-1","status":"approved"}' }
const busy = { status: 503, body: '{"code":"hospitals.busy"}' }

let clock: TestClock
let his: HisSimulator
let hubUrl: string
let bill: Bill

beforeEach(async () => {
  await new Promise<void>((ready) => hub.listen(0, '127.0.0.1', ready))
  hubUrl = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`
  clock = new TestClock()
  await start({})
  bill = simpleBill(his)
  await call(his, clock, 'bills.writeBack', writeBackOf(bill, 'P-1', clock))
})
afterEach(async () => {
  replies.length = 0
  received.length = 0
  await his.stop()
  hub.closeAllConnections()
  await new Promise((closed) => hub.close(closed))
})

async function start(options: Partial<HisOptions>) {
  his = await startTestHis(clock, { hubUrl, ...options })
}

async function restartWith(faults: HisOptions['faults']) {
  await his.stop()
  await start({ faults })
  bill = simpleBill(his)
  await call(his, clock, 'bills.writeBack', writeBackOf(bill, 'P-1', clock))
}

const theRequest = () => his.refundRequests()[0]

describe('a refund request', () => {
  it('is sent when it is due, signed, to the hospital’s address at the hub', async () => {
    expect(his.nextDueAt()).toBeNull()
    const requestNo = his.requestRefund(bill.billNo, [1, 3], '医生停用')
    expect([requestNo, his.nextDueAt()]).toEqual(['TQ0120261121000001', clock.now()])
    expect(await his.runDue()).toBe(1)
    const lines = [{ lineNo: 1 }, { lineNo: 3 }]
    expect(received).toEqual([
      {
        path: '/v1/hospitals/1/his/refund-requests',
        signed: true,
        keyId: HOSPITAL_KEY_ID,
        nonce: expect.stringMatching(/^[0-9a-f]{32}$/),
        body: { requestNo, paymentNo: 'P-1', billNo: bill.billNo, lines, reason: '医生停用' },
      },
    ])
    expect(theRequest()).toMatchObject({ status: 'acknowledged', attempts: 1, outcome: 'r-1' })
    expect([his.nextDueAt(), await his.runDue()]).toEqual([null, 0])
  })

  it('is sent again, with new nonces and ever longer waits, until it is taken in', async () => {
    const page = { status: 400, body: '<html>Bad Gateway</html>' }
    const limited = { status: 429, body: '{"code":"http.limited"}' }
    replies.push(busy, 'silence', page, limited, busy, busy, busy, busy, busy)
    his.requestRefund(bill.billNo, [1], '退药')
    const waits: number[] = []
    for (let due = his.nextDueAt(); due; due = his.nextDueAt()) {
      waits.push((due.getTime() - clock.now().getTime()) / 1000)
      clock.set(due.toISOString())
      expect(await his.runDue()).toBe(1)
    }
    expect(waits).toEqual([0, 5, 10, 20, 40, 80, 160, 320, 600, 600])
    expect(theRequest()).toMatchObject({ status: 'acknowledged', attempts: 10 })
    expect(received.every((r) => r.signed)).toBe(true)
    expect(new Set(received.map((r) => r.nonce)).size).toBe(10)
    for (const { body } of received) expect(body).toEqual(received[0]?.body)
  })

  it('is not sent before its time', async () => {
    replies.push(busy)
    his.requestRefund(bill.billNo, [1], '退药')
    await his.runDue()
    clock.move(4_999)
    expect(await his.runDue()).toBe(0)
    clock.move(1)
    expect(await his.runDue()).toBe(1)
  })

  it.each([400, 404, 409, 422])('ends with a problem of status %i', async (status) => {
    replies.push({ status, body: '{"status":409,"code":"refunds.not_allowed"}' })
    his.requestRefund(bill.billNo, [1], '退药')
    await his.runDue()
    expect(theRequest()).toMatchObject({ status: 'refused', outcome: 'refunds.not_allowed' })
    expect(his.nextDueAt()).toBeNull()
    expect(his.requestRefund(bill.billNo, [1], '再申请')).toBe('TQ0120261121000002')
  })

  it('goes on after a restart, also without a hub in between', async () => {
    const databaseFile = newDatabaseFile()
    await his.stop()
    await start({ databaseFile })
    bill = simpleBill(his)
    await call(his, clock, 'bills.writeBack', writeBackOf(bill, 'P-1', clock))
    his.requestRefund(bill.billNo, [1], '退药')
    await his.stop()
    await start({ databaseFile, hubUrl: null })
    expect([his.nextDueAt(), await his.runDue()]).toEqual([null, 0])
    await his.stop()
    await start({ databaseFile, hubUrl: `${hubUrl}/` })
    expect(await his.runDue()).toBe(1)
    expect(received.map((r) => r.path)).toEqual(['/v1/hospitals/1/his/refund-requests'])
    expect(theRequest()?.status).toBe('acknowledged')
  })

  it('is sent once although two run what is due at once', async () => {
    his.requestRefund(bill.billNo, [1], '退药')
    const counts = await Promise.all([his.runDue(), his.runDue()])
    expect([counts, received.length]).toEqual([[1, 0], 1])
  })

  it('is still queued when the HIS stops in the midst of it', async () => {
    const databaseFile = newDatabaseFile()
    await his.stop()
    await start({ databaseFile })
    bill = simpleBill(his)
    await call(his, clock, 'bills.writeBack', writeBackOf(bill, 'P-1', clock))
    his.requestRefund(bill.billNo, [1], '退药')
    const run = his.runDue()
    await his.stop()
    await run
    await start({ databaseFile })
    expect(theRequest()).toMatchObject({ status: 'queued', attempts: 0 })
    expect(await his.runDue()).toBe(1)
    expect(theRequest()?.status).toBe('acknowledged')
  })
})

describe('what cannot be asked for', () => {
  it('is a line twice while the first request is on its way', () => {
    his.requestRefund(bill.billNo, [1], '退药')
    expect(() => his.requestRefund(bill.billNo, [1, 2], '退药')).toThrow('his.line_asked_for')
    expect(his.requestRefund(bill.billNo, [2], '退药')).toBe('TQ0120261121000002')
  })

  it('is a bill that is not paid, a line that is dispensed, nothing, or without a reason', () => {
    const { billNo } = simpleBill(his)
    expect(() => his.requestRefund(billNo, [1], '退药')).toThrow('his.bill_not_paid')
    his.dispense(bill.billNo, [1])
    expect(() => his.requestRefund(bill.billNo, [1], '退药')).toThrow('his.line_not_charged')
    expect(() => his.requestRefund(bill.billNo, [], '退药')).toThrow('his.items_missing')
    expect(() => his.requestRefund(bill.billNo, [2], '')).toThrow('his.reason_invalid')
    expect(his.refundRequests()).toEqual([])
  })

  it('is anything where there is no hub', async () => {
    await his.stop()
    await start({ hubUrl: null })
    expect(() => his.requestRefund('ZD00', [1], '退药')).toThrow('his.hub_unknown')
  })
})

describe('a fault at refund-requests', () => {
  const first = (fault: Fault): HisOptions['faults'] => {
    return ({ operation, attempt, key }) =>
      operation === 'refund-requests' && attempt === 1 && key === bill.billNo ? fault : null
  }
  const run = async () => {
    his.requestRefund(bill.billNo, [1], '退药')
    await his.runDue()
  }

  it('drop: not sent, and sent later', async () => {
    await restartWith(first({ kind: 'drop' }))
    await run()
    expect([received.length, theRequest()?.status]).toEqual([0, 'queued'])
    clock.move(5_000)
    await his.runDue()
    expect([received.length, theRequest()?.status]).toEqual([1, 'acknowledged'])
  })

  it('lose_answer: sent, and sent again', async () => {
    await restartWith(first({ kind: 'lose_answer' }))
    await run()
    expect([received.length, theRequest()?.status]).toEqual([1, 'queued'])
    clock.move(5_000)
    await his.runDue()
    expect([received.length, theRequest()?.status]).toEqual([2, 'acknowledged'])
  })

  it('delay_notice: sent so much later', async () => {
    await restartWith(first({ kind: 'delay_notice', ms: 90_000 }))
    await run()
    expect(his.nextDueAt()?.getTime()).toBe(clock.now().getTime() + 90_000)
    clock.move(90_000)
    await his.runDue()
    expect([received.length, theRequest()?.status]).toEqual([1, 'acknowledged'])
  })

  it('duplicate_notice: sent so many times', async () => {
    await restartWith(first({ kind: 'duplicate_notice', times: 3 }))
    await run()
    expect(new Set(received.map((r) => r.nonce)).size).toBe(3)
    expect(theRequest()?.status).toBe('acknowledged')
  })

  it('lose_notice: never sent', async () => {
    await restartWith(first({ kind: 'lose_notice' }))
    await run()
    expect([received.length, theRequest()?.status, his.nextDueAt()]).toEqual([0, 'lost', null])
  })
})
