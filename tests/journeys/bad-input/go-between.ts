import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { Agent, request } from 'undici'

// A machine on the line between two systems: it passes everything on, until a test tells it what to do with it.

export type Asked = { method: string; path: string; headers: IncomingHttpHeaders; body: Buffer }

export type Answered = {
  status: number
  headers: Record<string, string>
  body: Buffer
  /** The connection breaks after so many bytes of the body. */
  breaksAfterBytes?: number
}

/** What becomes of one request: `passOn` has it answered by the system it was meant for. */
export type Between = (asked: Asked, passOn: () => Promise<Answered>) => Promise<Answered>

const honest: Between = (_asked, passOn) => passOn()

export type GoBetween = Awaited<ReturnType<typeof startGoBetween>>

/** Stands before the system at `target`, on loopback, and remembers what it was asked. That system may start later. */
export async function startGoBetween(target: () => string) {
  const agent = new Agent()
  const heard: Asked[] = []
  const broken: unknown[] = []
  let between = honest
  const server = createServer((incoming, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of incoming) chunks.push(chunk as Buffer)
      const { method = 'GET', url: path = '/', headers } = incoming
      const asked = { method, path, headers, body: Buffer.concat(chunks) }
      heard.push(asked)
      give(response, await between(asked, () => passOn(agent, target(), asked)))
    })().catch((error: unknown) => {
      broken.push(error)
      response.destroy()
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    /**
     * Puts somebody on the line for as long as `work` takes; returns what it comes to. Errors: throws what that
     * somebody threw, as a test would otherwise take it for a bad line.
     */
    async during<T>(somebody: Between, work: () => Promise<T>): Promise<T> {
      between = somebody
      try {
        const result = await work()
        if (broken.length > 0) throw broken[0]
        return result
      } finally {
        between = honest
      }
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
      await agent.destroy()
    },
  }
}

// They speak of one connection and not of the message.
const OF_THE_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
])

async function passOn(agent: Agent, target: string, asked: Asked): Promise<Answered> {
  const { method, path, body } = asked
  const headers = Object.entries(asked.headers).filter(
    ([name]) => name !== 'host' && !OF_THE_CONNECTION.has(name),
  )
  const answer = await request(target + path, {
    method: method as 'GET',
    headers: Object.fromEntries(headers),
    body: body.length > 0 ? body : null,
    dispatcher: agent,
  })
  return {
    status: answer.statusCode,
    headers: Object.fromEntries(
      Object.entries(answer.headers).flatMap(([name, value]) =>
        typeof value === 'string' && !OF_THE_CONNECTION.has(name) ? [[name, value]] : [],
      ),
    ),
    body: Buffer.from(await answer.body.arrayBuffer()),
  }
}

function give(response: ServerResponse, { status, headers, body, breaksAfterBytes }: Answered) {
  const length = status === 204 ? {} : { 'content-length': String(body.length) }
  response.writeHead(status, { ...headers, ...length })
  if (breaksAfterBytes === undefined) response.end(body)
  else response.write(body.subarray(0, breaksAfterBytes), () => response.destroy())
}
