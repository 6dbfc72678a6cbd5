import {
  createHash,
  createPrivateKey,
  createSign,
  createVerify,
  X509Certificate,
} from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { UnionPayParams } from '../params.ts'
import type { Issued, Keys } from './keys.ts'

// UnionPay on loopback that says what a test tells it to, in the test's order. Its signatures are made and checked by
// code of its own, so that two readings of the protocol meet here.

export type Reply =
  | Record<string, string> // the fields of an answer, laid over what repeats the question
  | { answer: Record<string, string>; signedBy?: Issued; spoil?: (text: string) => string }
  | 'silence'
  | 'hang_up'
  | 'html'

export type Heard = { path: string; fields: Record<string, string>; isSigned: boolean }

export const MER_ID = '898340183980105'

export const paramsFor = (
  url: string,
  keys: Keys,
  changes: Partial<UnionPayParams> = {},
): UnionPayParams => ({
  merId: MER_ID,
  signing: { method: '01', ...keys.merchant },
  trustedCertificatePems: [keys.root.certificatePem, keys.middle.certificatePem],
  signerNames: ['中国银联股份有限公司'],
  gatewayUrl: url,
  fileUrl: url,
  backUrl: 'https://hub.example/notices/unionpay/1',
  frontUrl: 'https://hub.example/pay',
  methods: ['page', 'qr_code', 'barcode', 'app'],
  pageChannelType: '08',
  terminalId: null,
  voidSameDay: true,
  settlementCutOff: '23:00:00',
  fileReadyFrom: '09:00:00',
  ...changes,
})

/** Signs as ACP 5.1.0 says, with the certificate's lines ended by CR LF. */
export function signAs(issued: Issued, fields: Record<string, string>): Record<string, string> {
  const certificate = issued.certificatePem.trim().split('\n').join('\r\n')
  const certId = String(BigInt(`0x${new X509Certificate(issued.certificatePem).serialNumber}`))
  const named = { ...fields, certId, signMethod: '01', signPubKeyCert: certificate }
  const digest = createHash('sha256').update(sorted(named), 'utf8').digest('hex')
  const key = createPrivateKey(issued.privateKeyPem)
  return { ...named, signature: createSign('sha256').update(digest).sign(key, 'base64') }
}

export const isSignedBy = (issued: Issued, fields: Record<string, string>): boolean => {
  const { signature = '', ...rest } = fields
  const digest = createHash('sha256').update(sorted(rest), 'utf8').digest('hex')
  const { publicKey } = new X509Certificate(issued.certificatePem)
  return createVerify('sha256').update(digest).verify(publicKey, signature, 'base64')
}

const sorted = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map((pair) => pair.join('='))
    .join('&')

const REPEATED = ['merId', 'orderId', 'txnTime', 'txnType', 'txnSubType', 'bizType', 'settleDate']

export async function startGateway(keys: Keys) {
  const replies: Reply[] = []
  const heard: Heard[] = []
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    /** The next answers, one for each request; without one the gateway is busy (06). */
    tell: (...next: Reply[]) => void replies.splice(0, replies.length, ...next),
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const asked = await hear(request)
    heard.push(asked)
    const reply = replies.shift() ?? { respCode: '06', respMsg: '系统繁忙' }
    if (reply === 'silence') return
    if (reply === 'hang_up') return void request.socket.destroy()
    if (reply === 'html') return void response.writeHead(200).end('<html>502</html>')
    const told = isSpoilt(reply) ? reply : { answer: reply }
    const repeated = Object.fromEntries(
      REPEATED.flatMap((name) => (name in asked.fields ? [[name, asked.fields[name] ?? '']] : [])),
    )
    const fields = { version: '5.1.0', encoding: 'UTF-8', ...repeated, ...told.answer }
    const text = plain(signAs(told.signedBy ?? keys.signer, fields))
    response.writeHead(200).end(told.spoil ? told.spoil(text) : text)
  }

  async function hear(request: IncomingMessage): Promise<Heard> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')))
    return { path: request.url ?? '', fields, isSigned: isSignedBy(keys.merchant, fields) }
  }
}

const isSpoilt = (reply: object): reply is { answer: Record<string, string> } & SpoiltReply =>
  'answer' in reply && typeof reply.answer === 'object'

type SpoiltReply = { signedBy?: Issued; spoil?: (text: string) => string }

const plain = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map((pair) => pair.join('='))
    .join('&')

export type Gateway = Awaited<ReturnType<typeof startGateway>>
