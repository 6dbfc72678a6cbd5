import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it came. */
export type Came = {
  method: string
  url: string
  headers: NodeJS.Dict<string | string[]>
  body: Buffer
}

/** What to do with it: answer, say nothing at all, or send a byte now and then and never end. */
export type Reply =
  | { status?: number; type?: string; body: string | Buffer }
  | { silent: true }
  | { drip: true }

/** An HTTP server on loopback that answers as the test says, and keeps what came. */
export async function startScriptedHost() {
  const came: Came[] = []
  const silence: (came: Came) => Reply = () => ({ silent: true })
  const host = { url: '', came, answer: silence, close }
  const drips = new Set<NodeJS.Timeout>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const one = { method, url, headers, body: Buffer.concat(chunks) }
      came.push(one)
      const reply = host.answer(one)
      if ('silent' in reply) return
      if ('drip' in reply) {
        response.writeHead(200, { 'content-type': 'application/json' })
        drips.add(setInterval(() => response.write(' '), 50))
        return
      }
      response.writeHead(reply.status ?? 200, { 'content-type': reply.type ?? 'application/json' })
      response.end(reply.body)
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  host.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return host

  async function close(): Promise<void> {
    for (const drip of drips) clearInterval(drip)
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
}
