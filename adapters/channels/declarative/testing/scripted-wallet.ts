import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Clock } from '../../../../kernel/time.ts'

// A cross-border wallet that says what a test tells it to. Its proofs are made here by hand.

export const SECRET = 'partner-secret-of-the-tests-01'
export const PARTNER = '880100000001'

export type Reply =
  | {
      status: number
      json?: unknown
      text?: string
      /** How it is proven: rightly unless told. */
      proof?: 'right' | 'none' | 'wrong' | 'old' | 'of_another_request' | 'altered'
    }
  | 'silence' // takes the request and never answers
  | 'hang_up' // takes the request and closes

export const ok = (json: unknown): Reply => ({ status: 200, json })

export type Heard = { method: string; path: string; body: string; isSigned: boolean }

export const macOf = (text: string): string =>
  createHmac('sha256', SECRET).update(text).digest('hex')

export async function startScriptedWallet(clock: Clock) {
  const replies: Reply[] = []
  const heard: Heard[] = []
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    /** The next answers, one for each request; without one a proven 503. */
    tell: (...next: Reply[]) => void replies.splice(0, replies.length, ...next),
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString('utf8')
    const { method = '', url: path = '', headers } = request
    const nonce = String(headers['x-wallet-nonce'])
    const signed = `${method}\n${path}\n${String(headers['x-wallet-time'])}\n${nonce}\n${body}`
    const isSigned = macOf(signed) === headers['x-wallet-signature']
    heard.push({ method, path, body, isSigned })
    const reply = replies.shift() ?? { status: 503, json: { error: { code: 'UNAVAILABLE' } } }
    if (reply === 'silence') return
    if (reply === 'hang_up') return void request.socket.destroy()
    const text = reply.text ?? JSON.stringify(reply.json ?? {})
    response.writeHead(reply.status, proofOf(reply, text, nonce))
    response.end(reply.proof === 'altered' ? text.replace('1', '2') : text)
  }

  function proofOf(reply: Reply & object, text: string, nonce: string): Record<string, string> {
    const { status, proof = 'right' } = reply
    if (proof === 'none') return {}
    const at = clock.now().getTime() - (proof === 'old' ? 301_000 : 0)
    const answered = proof === 'of_another_request' ? `${nonce.slice(1)}0` : nonce
    const signature = macOf(`${status}\n${at}\n${answered}\n${text}`)
    const wrong = signature.startsWith('a') ? `b${signature.slice(1)}` : `a${signature.slice(1)}`
    return {
      'x-wallet-time': String(at),
      'x-wallet-signature': proof === 'wrong' ? wrong : signature,
    }
  }
}
