import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { createNewId, type HospitalId } from '../../../../kernel/id.ts'
import { fen } from '../../../../kernel/money.ts'
import { seededRandom } from '../../../../kernel/random.ts'
import {
  addDays,
  addMs,
  businessDateOf,
  type Clock,
  instantAt,
  MINUTE_MS,
} from '../../../../kernel/time.ts'
import { tradeNoOf } from '../../../../kernel/trade-no.ts'
import type { ChargeOrder, PayMethod, RawNotice } from '../../../../modules/payments/index.ts'
import { readDescriptor } from '../check.ts'
import type { Descriptor } from '../schema.ts'
import { shippedDescriptor } from '../shipped.ts'

// What the benches of described channels have in common.

export type BenchClock = Clock & {
  advance: (ms: number) => void
  toNextDay: (time: string) => void
}

export function benchClock(start = '2026-11-21T09:30:00+08:00'): BenchClock {
  let now = new Date(start)
  return {
    now: () => now,
    advance: (ms) => void (now = addMs(now, ms)),
    toNextDay: (time) => void (now = instantAt(addDays(businessDateOf(now), 1), time)),
  }
}

/** A shipped descriptor, known to be right. */
export function descriptorOf(name: string): Descriptor {
  const read = readDescriptor(shippedDescriptor(name))
  if (read.outcome === 'read') return read.descriptor
  throw new Error(read.problems.map(({ line, en }) => `line ${line}: ${en}`).join('\n'))
}

/** Orders as the hub makes them, each under a number of its own. */
export function orderMaker(clock: Clock, method: PayMethod, seed: string) {
  const newId = createNewId(clock, seededRandom(`orders ${seed}`))
  return (hospitalId: HospitalId, changes: Partial<ChargeOrder> = {}): ChargeOrder => {
    const tenderId = newId<'Tender'>()
    const amountFen = changes.amountFen ?? fen(12_345)
    return {
      hospitalId,
      paymentId: newId<'Payment'>(),
      tenderId,
      tradeNo: tradeNoOf(hospitalId, tenderId),
      amountFen,
      parts: [{ kind: 'self_pay', amountFen }],
      quoteReference: null,
      description: '门诊费用 MZ20261121001',
      payerAccount: null,
      method,
      presence: null,
      createdAt: clock.now(),
      expiresAt: addMs(clock.now(), 15 * MINUTE_MS),
      ...changes,
    }
  }
}

/** The hospitals' server for notices: it keeps what comes and acknowledges it. */
export async function openInbox(
  reply: { status: number; body: string } = { status: 204, body: '' },
) {
  const received: Omit<RawNotice, 'hospitalId'>[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks) })
      response.writeHead(reply.status).end(reply.body)
    })
  })
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    received,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
