import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { StandardHisParams } from '../index.ts'

/** What the HIS is told to do with the next request. */
export type Script = {
  status?: number
  /** Text or bytes as they are, or JSON. */
  body?: unknown
  /** 'other-key': by a key that is not the hospital's; 'other-nonce': as if for an earlier request. */
  signed?: 'right' | 'no' | 'other-key' | 'other-nonce' | 'other-body' | 'other-name'
  silent?: boolean
  /** Sends headers and half of the body, and then nothing more. */
  stuck?: boolean
}

/** A request as it came in, and whether its signature was right by §1.1. */
export type Heard = { path: string; nonce: string; body: unknown; isSigned: boolean }

/**
 * A HIS on loopback that says what it is told to: the wire and the signatures are real, written here from
 * the document a second time. `answer` gets the operation and the body.
 */
export async function startLoopbackHis() {
  const hub = keyPair()
  const hospital = keyPair()
  const stranger = keyPair()
  const heard: Heard[] = []
  const his = {
    answer: (_operation: string, _body: never): Script => ({ silent: true }),
    heard,
    hospital,
    stranger,
    params: {} as StandardHisParams,
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
  const server = createServer((request, response) => {
    void (async () => {
      const bytes = await bodyOf(request)
      const nonce = String(request.headers['x-yiqiao-nonce'])
      const body: unknown = JSON.parse(bytes.toString('utf8'))
      const path = request.url ?? ''
      heard.push({ path, nonce, body, isSigned: isRequestSigned(request, bytes, hub.publicPem) })
      const operation = path.split('/').at(-1) ?? ''
      respond(response, his.answer(operation, body as never), nonce)
    })()
  })

  function respond(response: ServerResponse, script: Script, nonce: string) {
    if (script.silent) return
    const { body, signed = 'right' } = script
    const isRaw = typeof body === 'string' || Buffer.isBuffer(body)
    const text = isRaw ? body : JSON.stringify(body)
    const timestamp = '1795226400'
    const nonceOfText = signed === 'other-nonce' ? '0123456789abcdef' : nonce
    const bodyOfText = signed === 'other-body' ? `${text.toString()} ` : text
    const pem = signed === 'other-key' ? stranger.privatePem : hospital.privatePem
    const toSign = `${timestamp}\n${nonceOfText}\n${sha256(bodyOfText)}\n`
    const headers = {
      'content-type': 'application/json',
      'x-yiqiao-key-id': signed === 'other-name' ? 'somebody' : 'hospital-1',
      'x-yiqiao-timestamp': timestamp,
      'x-yiqiao-nonce': nonceOfText,
      'x-yiqiao-signature': rsa(toSign, pem),
    }
    response.writeHead(script.status ?? 200, signed === 'no' ? {} : headers)
    if (script.stuck) response.write(text.slice(0, text.length / 2))
    else response.end(text)
  }

  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  his.params = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/his/`,
    hubKeyId: 'hub-1',
    hubPrivateKeyPem: hub.privatePem,
    hospitalKeyId: 'hospital-1',
    hospitalPublicKeyPem: hospital.publicPem,
  }
  return his
}

/** The headers of a request signed by §1.1. */
export function requestHeaders(
  request: { method: string; path: string; body: string; timestamp: string; nonce: string },
  privatePem: string,
  keyId = 'hospital-1',
) {
  const { method, path, body, timestamp, nonce } = request
  const text = `${method}\n${path}\n${timestamp}\n${nonce}\n${sha256(body)}\n`
  return {
    'x-yiqiao-key-id': keyId,
    'x-yiqiao-timestamp': timestamp,
    'x-yiqiao-nonce': nonce,
    'x-yiqiao-signature': rsa(text, privatePem),
  }
}

export function keyPair(modulusLength = 2_048) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength })
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  }
}

function isRequestSigned(
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  publicPem: string,
) {
  const text = `${method}\n${url}\n${String(headers['x-yiqiao-timestamp'])}\n${String(headers['x-yiqiao-nonce'])}\n${sha256(body)}\n`
  const signature = Buffer.from(String(headers['x-yiqiao-signature']), 'base64')
  return (
    headers['x-yiqiao-key-id'] === 'hub-1' &&
    verify('sha256', Buffer.from(text), createPublicKey(publicPem), signature)
  )
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const rsa = (text: string, privatePem: string) =>
  sign('RSA-SHA256', Buffer.from(text), createPrivateKey(privatePem)).toString('base64')

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')
