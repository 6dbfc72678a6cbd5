import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { Hash, Transformer } from 'wechatpay-axios-plugin'

// API v2 on loopback that says what a test tells it to, by another implementation of its XML and signatures.

export const API_V2_KEY = 'Yiqiao-APIv2-key-of-32-letters-0'

export type V2Answer = {
  fields?: Record<string, string>
  text?: string
  status?: number
  signType?: 'MD5' | 'HMAC-SHA256'
  key?: string
}

export type V2Heard = { path: string; fields: Record<string, string>; isSigned: boolean }

export async function startV2Gateway() {
  const answers: V2Answer[] = []
  const heard: V2Heard[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const fields = Transformer.toObject.call({}, Buffer.concat(chunks).toString('utf8') as never)
      heard.push(hear(request.url ?? '', fields as Record<string, string>))
      const { status = 200, text, ...answer } = answers.shift() ?? { status: 500, text: '' }
      response.writeHead(status, { 'content-type': 'text/xml' }).end(text ?? xmlOf(answer))
    })
  })
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    tell: (...next: V2Answer[]) => void answers.splice(0, answers.length, ...next),
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

export type V2Gateway = Awaited<ReturnType<typeof startV2Gateway>>

function hear(path: string, fields: Record<string, string>): V2Heard {
  const { sign, ...rest } = fields
  const wanted = Hash.sign(fields['sign_type'] as 'MD5', rest, API_V2_KEY)
  return { path, fields, isSigned: sign === wanted }
}

function xmlOf({ fields = {}, signType = 'HMAC-SHA256', key = API_V2_KEY }: V2Answer): string {
  const all = {
    return_code: 'SUCCESS',
    appid: 'wx8888888888888888',
    mch_id: '1900000109',
    nonce_str: '5K8264ILTKCH16CQ2502SI8ZNMTM67VS',
    ...fields,
  }
  const signed = { ...all, sign: Hash.sign(signType, all, key) }
  return Transformer.toXml.call({ method: 'POST' } as never, signed) as string
}
