import { createSign, generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { AlipaySdk } from 'alipay-sdk'

import type { HospitalId, Id } from '../../../../kernel/id.ts'
import { fen } from '../../../../kernel/money.ts'
import type { ChargeOrder, ProviderCall, RefundOrder } from '../../../../modules/payments/index.ts'
import type { Exchange } from '../../../../platform/exchange.ts'
import type { AlipayParams } from '../params.ts'

// Alipay on loopback that says what a test tells it to, in the test's order. What the adapter signed is checked by the
// official client, so that the two readings meet here.

export type Reply =
  | { node: object } // a proven answer to the method that was asked
  | { text: (method: string) => string } // any text, as it stands
  | { status: number }
  | { bytes: Buffer }
  | 'silence' // takes the request and never answers
  | 'hang_up' // takes the request and closes

export type Heard = {
  method: string
  params: Record<string, string>
  content: Record<string, unknown>
  signed: boolean
}

const newKeys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

export const app = newKeys()
export const alipay = newKeys()
export const stranger = newKeys()
export const APP_ID = '2021000000000001'
export const SELLER_ID = '2088021109625633'

export const paramsFor = (
  gatewayUrl: string,
  changes: Partial<AlipayParams> = {},
): AlipayParams => ({
  appId: APP_ID,
  sellerId: SELLER_ID,
  appPrivateKeyPem: app.privateKey,
  alipayPublicKeyPem: alipay.publicKey,
  certificates: null,
  contentKey: null,
  gatewayUrl,
  notifyUrl: 'https://hub.example/notices/alipay/1',
  appAuthToken: null,
  methods: ['account', 'qr_code', 'page', 'app', 'barcode'],
  payerAccount: 'buyer_id',
  opAppId: null,
  qrProductCode: 'FACE_TO_FACE_PAYMENT',
  cancelEndsUnscannedCode: false,
  ...changes,
})

/** An answer as Alipay writes it, signed. */
export const signedText = (method: string, node: string, key = alipay.privateKey): string => {
  const sign = createSign('RSA-SHA256').update(node).sign(key, 'base64')
  return `{"${method.replaceAll('.', '_')}_response":${node},"sign":"${sign}"}`
}

export const success = (node: object): Reply => ({
  node: { code: '10000', msg: 'Success', ...node },
})

export const refusal = (subCode: string, code = '40004'): Reply => ({
  node: { code, msg: 'Business Failed', sub_code: subCode, sub_msg: '说明' },
})

export async function startGateway() {
  const replies: Reply[] = []
  const heard: Heard[] = []
  const sdk = new AlipaySdk({
    appId: APP_ID,
    privateKey: stranger.privateKey,
    keyType: 'PKCS8',
    alipayPublicKey: app.publicKey,
  })
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/gateway.do`,
    fileUrl: `http://127.0.0.1:${port}/bill?fileId=secret`,
    heard,
    /** The next answers, one for each request; without one the gateway is out of order. */
    tell(...next: Reply[]) {
      heard.length = 0
      replies.splice(0, replies.length, ...next)
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const { method } = await hear(request)
    const reply = replies.shift() ?? { status: 503 }
    if (reply === 'silence') return
    if (reply === 'hang_up') return void request.socket.destroy()
    if ('status' in reply) return void response.writeHead(reply.status).end('out of order')
    if ('bytes' in reply) return void response.end(reply.bytes)
    const text =
      'text' in reply ? reply.text(method) : signedText(method, JSON.stringify(reply.node))
    response.writeHead(200, { 'content-type': 'text/html;charset=utf-8' }).end(text)
  }

  async function hear(request: IncomingMessage): Promise<Heard> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const query = new URLSearchParams(request.url?.split('?')[1])
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
    const params = Object.fromEntries([...query, ...form])
    const text = params['biz_content'] ?? ''
    const heardNow = {
      method: params['method'] ?? '',
      params,
      content: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>,
      signed: sdk.checkNotifySignV2(params),
    }
    heard.push(heardNow)
    return heardNow
  }
}

export type Gateway = Awaited<ReturnType<typeof startGateway>>

export const BUYER_ID = '2088102146225135'
export const BARCODE = '283456789012345678'
export const TRADE_NO = '0001068QEWK9P7R2B4M6T8V0X1Z3C5'
export const REFUND_NO = '0001068QEWK9P7R2B4M6T8V0X1Z3D6'
export const ALIPAY_NO = '2026112122001458860515315453'
const hospitalId = 1 as HospitalId

export const chargeOrder = (changes: Partial<ChargeOrder> = {}): ChargeOrder => ({
  hospitalId,
  paymentId: '0190b3a0-0000-7000-8000-000000000001' as Id<'Payment'>,
  tenderId: '0190b3a0-0000-7000-8000-000000000002' as Id<'Tender'>,
  tradeNo: TRADE_NO,
  amountFen: fen(12_345),
  parts: [{ kind: 'self_pay', amountFen: fen(12_345) }],
  quoteReference: null,
  description: '市第一医院 门诊缴费 MZ20261121001',
  payerAccount: BUYER_ID,
  method: 'account',
  presence: null,
  createdAt: new Date('2026-11-21T10:00:00+08:00'),
  expiresAt: new Date('2026-11-21T10:15:00.500+08:00'),
  ...changes,
})

export const barcodeOrder = (): ChargeOrder =>
  chargeOrder({
    method: 'barcode',
    payerAccount: null,
    presence: { token: BARCODE, ip: null, returnUrl: null },
  })

export const refundOrder = (changes: Partial<RefundOrder> = {}): RefundOrder => ({
  charge: chargeOrder(),
  chargeProviderNo: ALIPAY_NO,
  refundId: '0190b3a0-0000-7000-8000-000000000003' as Id<'Refund'>,
  refundNo: REFUND_NO,
  amountFen: fen(2_345),
  remaining: [],
  reason: '退药',
  requestedAt: new Date('2026-11-21T11:00:00+08:00'),
  ...changes,
})

/** A trade as Alipay tells it, paid unless changed. */
export const trade = (changes: Record<string, unknown> = {}): Reply =>
  success({
    trade_no: ALIPAY_NO,
    out_trade_no: TRADE_NO,
    buyer_logon_id: '138****0001',
    buyer_user_id: BUYER_ID,
    trade_status: 'TRADE_SUCCESS',
    total_amount: '123.45',
    buyer_pay_amount: '123.45',
    send_pay_date: '2026-11-21 10:02:03',
    ...changes,
  })

export const unpaid = (status: string) =>
  trade({ trade_status: status, send_pay_date: undefined, buyer_pay_amount: '0.00' })

/** A call that keeps what the adapter tells about it. */
export function tracedCall(): ProviderCall & { exchanges: Exchange[] } {
  const exchanges: Exchange[] = []
  return { hospitalId, trace: (exchange) => void exchanges.push(exchange), exchanges }
}
