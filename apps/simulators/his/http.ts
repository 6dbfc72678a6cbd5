import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { assert } from '../../../kernel/assert.ts'
import type { Panel } from './panel.ts'

/** How the hospital is spoken to: reads what comes over the wire, and writes what goes back. */
export type Face = {
  /** Whether a path is the face's own; the panel has all others. */
  owns: (path: string) => boolean
  answer: (request: FaceRequest) => Reply | Promise<Reply>
}

export type FaceRequest = {
  method: string
  /** As sent, with the query if any. */
  path: string
  headers: IncomingHttpHeaders
  /** Null for one of more than MAX_BODY_BYTES. */
  body: Buffer | null
}

/** What the caller gets to see; null for a cut connection. */
export type Reply = { sent: Sent | null; delayMs: number }

export type Sent = {
  status: number
  type: string
  headers?: Record<string, string>
  body: string | Buffer
}

export const MAX_BODY_BYTES = 1_048_576

export const reply = (sent: Sent): Reply => ({ sent, delayMs: 0 })

export type HttpServer = { url: string; close: () => Promise<void> }

/** Opens the hospital's door on loopback: the face's paths, and the panel on all others. */
export async function openHttp({
  face,
  panel,
  port,
}: {
  face: Face
  panel: Panel
  port: number
}): Promise<HttpServer> {
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
      const { method = '', url: path = '', headers } = request
      if (!face.owns(path)) return panel(request, response, body)
      const { sent, delayMs } = await face.answer({ method, path, headers, body })
      if (delayMs > 0) await sleep(delayMs, null, { signal: closing.signal })
      if (!sent) return cut(response)
      send(response, sent)
    } catch (error) {
      // Either the caller or this server has gone, or it is a bug: then whoever tests reads it here.
      if (closing.signal.aborted || response.headersSent) return cut(response)
      const text = error instanceof Error ? error.message : 'failed'
      send(response, { status: 500, type: 'text/plain; charset=utf-8', body: text })
    }
  }

  async function close(): Promise<void> {
    closing.abort()
    const closed = new Promise((done) => server.close(done))
    server.closeAllConnections()
    await closed
  }
}

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

function send(response: ServerResponse, { status, type, headers, body }: Sent): void {
  response.writeHead(status, { ...headers, 'content-type': type }).end(body)
}

const cut = (response: ServerResponse): void => {
  response.socket?.destroy()
}
