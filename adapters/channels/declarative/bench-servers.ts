import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { Agent, type Dispatcher, request } from 'undici'

import type { NoticeReply, RawNotice } from '../../../modules/payments/index.ts'

// The two servers a test bench needs beside a sandbox: one that stands before it and makes trouble, one that hears notices.

/** refuse, drop: it never arrives. lose_answer: it is done and the answer is lost. garble: the answer is no answer. */
export type Trouble = 'refuse' | 'drop' | 'lose_answer' | 'garble'

export type TroubleServer = {
  url: string
  /** Goes wrong with the next request, and with that one only. */
  strike(kind: Trouble): void
  close(): Promise<void>
}

const MAX_BODY_BYTES = 8 * 1024 * 1024
const ANSWER_WITHIN_MS = 30_000
/** Headers that belong to one connection and not to what is said over it. */
const HOP_BY_HOP = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
])

/** Passes everything on to the sandbox as it is, signatures included, and spoils what it is told to. */
export async function openTroubleServer(
  sandboxUrl: string,
  outgoing?: Dispatcher,
): Promise<TroubleServer> {
  let next: Trouble | null = null
  const own = new Agent({ headersTimeout: ANSWER_WITHIN_MS, bodyTimeout: ANSWER_WITHIN_MS })
  const dispatcher = outgoing ?? own
  const server = createServer((incoming, response) => {
    const trouble = next
    next = null
    pass(sandboxUrl, dispatcher, { incoming, response, trouble }).catch(() =>
      incoming.socket.destroy(),
    )
  })
  return {
    url: await listen(server),
    strike: (kind) => void (next = kind),
    async close() {
      await closed(server)
      await own.destroy()
    },
  }
}

async function pass(
  sandboxUrl: string,
  dispatcher: Dispatcher,
  { incoming, response, trouble }: Passing,
): Promise<void> {
  const body = await bodyOf(incoming)
  if (trouble === 'refuse' || trouble === 'drop') return void incoming.socket.destroy()
  const answer = await request(sandboxUrl + (incoming.url ?? '/'), {
    method: (incoming.method ?? 'GET') as 'GET',
    headers: passedOn(incoming.headers),
    body: body.length === 0 ? null : body,
    dispatcher,
  })
  const bytes = Buffer.from(await answer.body.arrayBuffer())
  if (trouble === 'lose_answer') return void incoming.socket.destroy()
  if (trouble === 'garble') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>502 Bad Gateway</html>')
    return
  }
  response.writeHead(answer.statusCode, passedOn(answer.headers)).end(bytes)
}

const passedOn = (headers: IncomingMessage['headers']): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || HOP_BY_HOP.has(name.toLowerCase()) ? [] : [[name, value]],
    ),
  )

export type Inbox = {
  url: string
  received: Omit<RawNotice, 'hospitalId'>[]
  close(): Promise<void>
}

/** Keeps what comes, and answers as the provider wants to be answered. */
export async function openInbox({ status, contentType, body }: NoticeReply): Promise<Inbox> {
  const received: Omit<RawNotice, 'hospitalId'>[] = []
  const server = createServer((incoming, response) => {
    bodyOf(incoming).then(
      (bytes) => {
        received.push({ headers: incoming.headers, body: bytes })
        response.writeHead(status, { 'content-type': contentType }).end(body)
      },
      () => incoming.socket.destroy(),
    )
  })
  return { url: await listen(server), received, close: () => closed(server) }
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) throw new Error('too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((ready, fail) => {
    server.once('error', fail)
    server.listen(0, '127.0.0.1', ready)
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const closed = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done())
    server.closeAllConnections()
  })

type Passing = { incoming: IncomingMessage; response: ServerResponse; trouble: Trouble | null }
