import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { assert } from '../../../kernel/assert.ts'
import type { FaultPlan } from '../kit/simulator.ts'
import type { His } from './context.ts'
import { type Delivery, doCall, signed } from './faulty.ts'
import { readCall } from './operations.ts'
import type { Panel } from './panel.ts'
import { MAX_BODY_BYTES, PATH_PREFIX, refusal } from './protocol.ts'
import { disbelief, signAnswer, type Signing } from './signing.ts'

export type HisServer = { url: string; close: () => Promise<void> }

/** Speaks the standard hospital interface on loopback, and shows the panel on the other paths. */
export async function openServer({
  his,
  signing,
  faults,
  panel,
  port,
}: {
  his: His
  signing: Signing
  faults: FaultPlan
  panel: Panel
  port: number
}): Promise<HisServer> {
  const closing = new AbortController()
  const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
    void serve(request, response)
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', listening)
  })
  const address = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${address.port}`, close }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await readBody(request)
      if (closing.signal.aborted) return cut(response)
      if (!(request.url ?? '').startsWith(PATH_PREFIX)) return panel(request, response, body)
      if (request.method !== 'POST') return send(response, 405, 'text/plain', 'POST only')
      const delivery = body ? deliveryFor(request, body) : signed(TOO_LARGE)
      if (delivery.delayMs > 0) await sleep(delivery.delayMs, null, { signal: closing.signal })
      deliver(request, response, delivery)
    } catch (error) {
      // Either the caller or this server has gone, or it is a bug: then whoever tests reads it here.
      if (closing.signal.aborted || response.headersSent) return cut(response)
      send(response, 500, 'text/plain', error instanceof Error ? error.message : 'failed')
    }
  }

  function deliveryFor(request: IncomingMessage, body: Buffer): Delivery {
    const { method = '', url: path = '', headers } = request
    const notBelieved = disbelief(signing, { method, path, headers, body })
    if (notBelieved) return signed(notBelieved)
    const operation = path.slice(PATH_PREFIX.length)
    const read = readCall(his, operation, body)
    return 'answer' in read ? signed(read.answer) : doCall(his, faults, operation, read.call)
  }

  function deliver(request: IncomingMessage, response: ServerResponse, delivery: Delivery): void {
    if (delivery.form === 'cut') return cut(response)
    if (delivery.form === 'html') return send(response, 200, 'text/html', GARBLED)
    const body = Buffer.from(JSON.stringify(delivery.answer))
    response.setHeaders(new Map(Object.entries(signAnswer(signing, request.headers, body))))
    send(response, 200, 'application/json', body)
  }

  async function close(): Promise<void> {
    closing.abort()
    const closed = new Promise((done) => server.close(done))
    server.closeAllConnections()
    await closed
  }
}

const TOO_LARGE = refusal('INVALID_REQUEST', `the body is over ${MAX_BODY_BYTES} bytes`)
const GARBLED = '<html><head><title>504</title></head><body><h1>Gateway Time-out</h1></body></html>'

/**
 * Null for a body over the limit. It is read to its end all the same, as an answer in the midst of
 * it would not be heard; but one without end is cut off.
 */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    assert(chunk instanceof Buffer, 'a request is read in bytes')
    size += chunk.length
    if (size > MAX_BODY_BYTES) chunks.length = 0
    else chunks.push(chunk)
    if (size > MAX_READ_BYTES) request.socket.destroy()
  }
  return size > MAX_BODY_BYTES ? null : Buffer.concat(chunks)
}

const MAX_READ_BYTES = 8 * MAX_BODY_BYTES

function send(response: ServerResponse, status: number, type: string, body: string | Buffer) {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(body)
}

const cut = (response: ServerResponse): void => {
  response.socket?.destroy()
}
