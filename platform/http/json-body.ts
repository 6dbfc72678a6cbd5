import { isUtf8 } from 'node:buffer'

import type { FastifyInstance } from 'fastify'

import { httpErrors } from './errors.ts'

const MAX_DEPTH = 32

/**
 * Reads JSON bodies and keeps their bytes, as a signature covers bytes and not their meaning. Bodies
 * nested more than 32 deep are refused before they are parsed, and so are keys that would reach an
 * object's prototype.
 */
export function keepRawBody(app: FastifyInstance): void {
  app.decorateRequest('rawBody', null as never)
  app.removeContentTypeParser('text/plain')
  readJsonAs(app, 'application/json')
}

/** The same for JSON by another name, as application/fhir+json is. */
export function readJsonAs(app: FastifyInstance, contentType: string): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser(contentType, { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer
    request.rawBody = bytes
    if (depthOf(bytes) > MAX_DEPTH) {
      done(httpErrors.json_too_deep({ most: MAX_DEPTH }))
      return
    }
    // Bytes that are no UTF-8 would be replaced on reading: signed would be one thing, and read another. And no
    // text of ours has a NUL, which PostgreSQL cannot keep.
    if (!isUtf8(bytes) || bytes.includes('\\u0000')) {
      done(httpErrors.invalid_json())
      return
    }
    void parse(request, bytes.toString('utf8'), (error, value) =>
      error ? done(httpErrors.invalid_json()) : done(null, value),
    )
  })
}

const [QUOTE, BACKSLASH, OPEN_OBJECT, OPEN_ARRAY, CLOSE_OBJECT, CLOSE_ARRAY] =
  Buffer.from('"\\{[}]')

/** The deepest nesting of objects and arrays, counted over the bytes without building anything. */
export function depthOf(json: Buffer): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let i = 0; i < json.length; i++) {
    const byte = json[i]
    if (inString) {
      if (byte === BACKSLASH) i++
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) deepest = Math.max(deepest, ++depth)
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth--
  }
  return deepest
}
