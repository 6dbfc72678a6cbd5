import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'

import { assert } from '../../../kernel/assert.ts'
import type { Centre } from './centre.ts'
import { gatewayError, receive } from './desk.ts'
import { receiveMobile } from './mobile/desk.ts'
import { decodeVoucher } from './mobile/voucher.ts'
import { grantToken } from './profiles/oauth.ts'
import type { Reply } from './reply.ts'

/** The centre on HTTP: POST {url}/{infno}, on loopback. */
export async function serve(
  centre: Centre,
  port: number,
): Promise<{ url: string; stop(): Promise<void> }> {
  const stopping = new AbortController()
  const app = Fastify({ logger: false, bodyLimit: BODY_MAX, forceCloseConnections: true })
  // The body is read as text whatever it calls itself: its numbers are read by their digits.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))

  app.post('/oauth/token', (request, reply) => {
    const form = typeof request.body === 'string' ? request.body : ''
    const answer = centre.store.transaction(() => grantToken(centre, form))
    return send(request, reply, answer)
  })
  app.post<{ Params: { operation: string } }>('/org/local/api/hos/:operation', (request, reply) => {
    const body = typeof request.body === 'string' ? request.body : ''
    const answer = receiveMobile(centre, request.params.operation, body)
    return send(request, reply, answer ?? gatewayError(404, 'TIF_NOT_FOUND', '没有该接口'))
  })
  app.post('/nationecc/ec.query', (request, reply) => {
    const body = typeof request.body === 'string' ? request.body : ''
    return send(request, reply, decodeVoucher(centre, body))
  })
  app.post<{ Params: { infno: string } }>('/:infno', (request, reply) => {
    const { infno } = request.params
    const body = typeof request.body === 'string' ? request.body : ''
    return send(request, reply, receive(centre, { infno, headers: request.headers, body }))
  })
  app.setNotFoundHandler((request, reply) =>
    send(request, reply, gatewayError(404, 'TIF_NOT_FOUND', '请求地址应为POST /{infno}')),
  )
  app.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) => {
    const status = error.statusCode ?? 500
    return send(request, reply, gatewayError(status, 'TIF_BAD_REQUEST', error.message))
  })

  await app.listen({ host: '127.0.0.1', port })
  const address = app.server.address() as AddressInfo | null
  assert(address !== null, 'a server that listens has an address')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      stopping.abort()
      await app.close()
    },
  }

  async function send(request: FastifyRequest, reply: FastifyReply, answer: Reply) {
    // The wait is one of the wire, in real time: what was asked for is already done.
    if (answer.delayMs > 0) await sleep(answer.delayMs, null, stopping).catch(() => null)
    if (answer.body === null || stopping.signal.aborted) {
      reply.hijack()
      request.raw.socket.destroy()
      return reply
    }
    return reply.code(answer.status).type(answer.contentType).send(answer.body)
  }
}

/** The largest file that is uploaded, in base64, and its envelope. */
const BODY_MAX = 8 * 1024 * 1024
