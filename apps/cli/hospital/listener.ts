import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import {
  hisNonceOf,
  type StandardHisParams,
  verifyHisRequest,
} from '../../../adapters/hospitals/standard/index.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { HeardRequest, Listener } from '../../../modules/hospitals/index.ts'

/** Whose signature is right. */
export type ListenerKeys = StandardHisParams

export type OpenListener = Listener & { url: string; close: () => Promise<void> }

const PATIENCE_MS = 5_000
const LOOK_MS = 50
const MOST_BYTES = 1_048_576
const PATH = /^\/v1\/hospitals\/[^/]+\/his\/(refund-requests|notices)$/

/** The kit's ear in place of a hub, for §3: it takes in what is signed and keeps all that it hears. */
export async function openListener(
  port: number,
  { keys, clock }: { keys: ListenerKeys; clock: Clock },
): Promise<OpenListener> {
  const heard: HeardRequest[] = []
  let refusals = 0
  const server = createServer((request, response) => {
    void take(request, response)
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', listening)
  })
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${taken}`,
    heard: () => heard,
    refuseNext: (times) => void (refusals = times),
    async waitFor(isSo) {
      for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_MS) {
        if (isSo(heard)) return true
        await sleep(LOOK_MS)
      }
      return isSo(heard)
    },
    async close() {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const rawBody = await bytesOf(request)
    const { method = '', url: path = '', headers } = request
    const kind = PATH.exec(path)?.[1]
    if (
      method !== 'POST' ||
      rawBody === null ||
      (kind !== 'notices' && kind !== 'refund-requests')
    ) {
      return void response.writeHead(404).end()
    }
    const asked = { method, path, headers, rawBody, now: clock.now() }
    const believed = verifyHisRequest(keys, asked)
    const body = jsonOf(rawBody)
    const status = statusFor(kind, believed)
    heard.push({ kind, believed, nonce: hisNonceOf(headers), body, status })
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answerTo(kind, body, status)))
  }

  function statusFor(kind: HeardRequest['kind'], believed: HeardRequest['believed']): number {
    if (refusals > 0) {
      refusals -= 1
      return 503
    }
    if (believed !== 'ok') return 401
    return kind === 'notices' ? 200 : 202
  }
}

function answerTo(kind: HeardRequest['kind'], body: unknown, status: number): object {
  if (status >= 400) return { code: status === 503 ? 'unavailable' : 'signature_invalid' }
  if (kind === 'refund-requests') return { refundId: 'conformance', status: 'requested' }
  const noticeNo = typeof body === 'object' && body !== null && 'noticeNo' in body
  return { noticeNo: noticeNo ? body.noticeNo : '', isNew: true }
}

async function bytesOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) continue
    size += chunk.length
    if (size <= MOST_BYTES) chunks.push(chunk)
  }
  return size > MOST_BYTES ? null : Buffer.concat(chunks)
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown
  } catch {
    return undefined
  }
}
