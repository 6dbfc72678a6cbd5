import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = {
  path: string
  headers: IncomingMessage['headers']
  body: string
  /** Which of the secrets that it knows had signed it, by its own reckoning. */
  signedBy: string[]
}

type Answer = { status?: number; body?: string; headers?: Record<string, string>; never?: boolean }

/** A partner's own server: keeps what comes, checks signatures by code of its own, and answers as it is told. */
export async function startReceiver() {
  const received: Received[] = []
  const secrets: string[] = []
  let answer: Answer | ((request: Received) => Answer) = {}
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const { url: path = '', headers } = request
      const signedBy = secrets.filter((secret) => isSigned(headers, body, secret))
      const taken = { path, headers, body, signedBy }
      received.push(taken)
      reply(response, typeof answer === 'function' ? answer(taken) : answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}/hooks`,
    received,
    events: () => received.map(({ body }) => JSON.parse(body) as ReceivedEvent),
    trust: (secret: string) => void secrets.push(secret),
    answerWith: (next: typeof answer) => void (answer = next),
    /** Breaks off whatever it has not answered. */
    hangUp: () => server.closeAllConnections(),
    async stop() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

export type ReceivedEvent = {
  id: string
  type: string
  version: string
  sequence: number
  occurredAt: string
  hospitalId: number
  data: Record<string, unknown>
}

function reply(response: ServerResponse, { status = 200, body = 'ok', headers, never }: Answer) {
  if (never) return
  response.writeHead(status, headers).end(body)
}

/** As the Standard Webhooks document tells a receiver to do it. */
function isSigned(headers: IncomingMessage['headers'], body: string, secret: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  const expected = createHmac('sha256', key).update(text).digest('base64')
  return String(headers['webhook-signature'])
    .split(' ')
    .some((part) => part === `v1,${expected}`)
}
