import type { AddressInfo } from 'node:net'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Fastify from 'fastify'

import { assert } from '../../../../kernel/assert.ts'
import { DOCUMENT_MAX_BYTES, DOCUMENTS_MAX } from './papers.ts'

const BODY_BYTES = 2 * DOCUMENTS_MAX * DOCUMENT_MAX_BYTES

/** A server that hands on every body as its bytes: signatures are over them. */
export function createApp(): FastifyInstance {
  const app = Fastify({
    logger: { level: 'error' }, // and only mistakes of the simulator itself are errors
    bodyLimit: BODY_BYTES,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  return app
}

/** On loopback; returns 'http://127.0.0.1:port'. */
export async function listen(app: FastifyInstance, port: number): Promise<string> {
  await app.listen({ host: '127.0.0.1', port })
  const address = app.server.address() as AddressInfo | null
  assert(address !== null, 'a server that listens has an address')
  return `http://127.0.0.1:${address.port}`
}

export const bodyOf = (request: FastifyRequest): Buffer =>
  request.body instanceof Buffer ? request.body : Buffer.alloc(0)

/** The connection ends without an answer. */
export function cut(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack()
  request.raw.socket.destroy()
  return reply
}

/** A page of some machine between. */
export const garble = (reply: FastifyReply): FastifyReply =>
  reply
    .type('text/html; charset=utf-8')
    .send('<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>')
