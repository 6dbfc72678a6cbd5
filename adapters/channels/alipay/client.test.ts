import { createCipheriv } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { testPlatform } from '../../../platform/testing/clock.ts'
import { createAlipay } from './index.ts'
import {
  ALIPAY_NO,
  BARCODE,
  barcodeOrder,
  BUYER_ID,
  chargeOrder,
  type Gateway,
  paramsFor,
  refundOrder,
  signedText,
  startGateway,
  stranger,
  trade,
  TRADE_NO,
  tracedCall,
} from './testing/gateway.ts'

const { clock } = testPlatform()
const deps = { clock, timeoutMs: 400 }
const call = tracedCall()
let gateway: Gateway

beforeAll(async () => void (gateway = await startGateway()))
afterAll(() => gateway.stop())
beforeEach(() => void (call.exchanges.length = 0))

const channel = (changes = {}) => createAlipay(paramsFor(gateway.url, changes), deps)

/** A paid trade, as text of a test's own making. */
const NODE =
  `{"code":"10000","msg":"Success","out_trade_no":"${TRADE_NO}","trade_no":"${ALIPAY_NO}",` +
  `"trade_status":"TRADE_SUCCESS","total_amount":"123.45","send_pay_date":"2026-11-21 10:02:03"}`

describe('what goes out', () => {
  it('is signed as the official client signs, with all the common parameters', async () => {
    gateway.tell(trade())
    await channel().query(call, chargeOrder())
    const [heard] = gateway.heard
    expect(heard?.signed).toBe(true)
    expect(heard?.params).toMatchObject({
      app_id: '2021000000000001',
      method: 'alipay.trade.query',
      format: 'JSON',
      charset: 'utf-8',
      sign_type: 'RSA2',
      timestamp: '2026-11-21 10:00:00',
      version: '1.0',
    })
    expect(heard?.params).not.toHaveProperty('notify_url')
    expect(heard?.content).toEqual({ out_trade_no: TRADE_NO })
  })

  it('carries the token of a service provider, signed with the rest', async () => {
    gateway.tell(trade())
    await channel({ appAuthToken: '201510BBaabdb44d8fd04607abf8d5931ec75D84' }).query(
      call,
      chargeOrder(),
    )
    expect(gateway.heard[0]).toMatchObject({
      signed: true,
      params: { app_auth_token: '201510BBaabdb44d8fd04607abf8d5931ec75D84' },
    })
  })
})

describe('what comes in', () => {
  it('is proven by its very characters: escapes, spaces and order', async () => {
    const spaced = NODE.replace('"msg":"Success"', '"msg" : "a\\/b\\u4e2d {\\"sign\\":1}" ')
    gateway.tell({ text: (method) => signedText(method, spaced) })
    expect(await channel().query(call, chargeOrder())).toMatchObject({ outcome: 'confirmed' })
  })

  it('may name its members in another order, with spaces between', async () => {
    const sign = (method: string) => signedText(method, NODE).split('"sign":')[1] ?? ''
    gateway.tell({
      text: (method) =>
        ` { "sign" : ${sign(method).slice(0, -1)} , "x" : [ {"a":"}"} ] , "${method.replaceAll('.', '_')}_response" : ${NODE} } `,
    })
    expect(await channel().query(call, chargeOrder())).toMatchObject({ outcome: 'confirmed' })
  })

  it.each<[string, (method: string) => string]>([
    ['altered', (method) => signedText(method, NODE).replace('123.45', '999.99')],
    ['signed by a stranger', (method) => signedText(method, NODE, stranger.privateKey)],
    ['not signed', (method) => signedText(method, NODE).replace(/,"sign".*$/, '}')],
    [
      'signed with a number',
      (method) => signedText(method, NODE).replace(/"sign":".*"/, '"sign":7'),
    ],
    ['of another method', () => signedText('alipay.trade.refund', NODE)],
    [
      'two answers in one',
      (method) => signedText(method, NODE).replace('{"', `{"alipay_trade_query_response":{},"`),
    ],
    ['no JSON', () => '<html>Bad Gateway</html>'],
    ['a list', () => '[]'],
    ['nothing', () => ''],
    ['nested past the stack', () => '['.repeat(200_000)],
    ['more than two megabytes', (method) => signedText(method, NODE) + ' '.repeat(2_100_000)],
    [
      'a refusal unsigned',
      () => '{"error_response":{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST"}}',
    ],
  ])('%s is unknown', async (_what, text) => {
    gateway.tell({ text })
    expect(await channel().query(call, chargeOrder())).toMatchObject({ outcome: 'unknown' })
  })

  it.each(['silence', 'hang_up', { status: 500 }, { status: 302 }] as const)(
    '%s is unknown for every verb',
    async (reply) => {
      const alipay = channel()
      for (const ask of [
        () => alipay.charge(call, chargeOrder()),
        () => alipay.charge(call, barcodeOrder()),
        () => alipay.query(call, chargeOrder()),
        () => alipay.release(call, chargeOrder()),
        () => alipay.refund(call, refundOrder()),
        () => alipay.queryRefund(call, refundOrder()),
      ]) {
        gateway.tell(reply)
        expect(await ask()).toMatchObject({ outcome: 'unknown' })
      }
    },
  )

  it('from nobody is unknown', async () => {
    const nobody = createAlipay(paramsFor('http://127.0.0.1:1/gateway.do'), deps)
    expect(await nobody.query(call, chargeOrder())).toMatchObject({ outcome: 'unknown' })
  })
})

describe('encrypted content', () => {
  const contentKey = 'aa4BtZ4tspm2wnXLb1ThQA=='
  const seal = (text: string) => {
    const cipher = createCipheriv(
      'aes-128-cbc',
      Buffer.from(contentKey, 'base64'),
      Buffer.alloc(16),
    )
    return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64')
  }
  const sealed = (method: string, body: string, signedOver: string) =>
    signedText(method, signedOver).replace(`:${signedOver},`, `:${body},`)

  it('is opened, whether its quotes are signed or not', async () => {
    const body = `"${seal(NODE)}"`
    for (const signedOver of [body, seal(NODE)]) {
      gateway.tell({ text: (method) => sealed(method, body, signedOver) })
      const answer = await channel({ contentKey }).query(call, chargeOrder())
      expect(answer).toMatchObject({ outcome: 'confirmed' })
    }
    expect(gateway.heard[0]).toMatchObject({ signed: true, params: { encrypt_type: 'AES' } })
    expect(gateway.heard[0]?.params['biz_content']).toBe(seal(`{"out_trade_no":"${TRADE_NO}"}`))
    expect(call.exchanges[0]?.request).toContain(TRADE_NO)
  })

  it('of another key, or signed over other words, is unknown', async () => {
    const strange = `"${Buffer.alloc(32, 7).toString('base64')}"`
    gateway.tell(
      { text: (method) => sealed(method, strange, strange) },
      { text: (method) => sealed(method, `"${seal(NODE)}"`, '"x"') },
    )
    for (let i = 0; i < 2; i++) {
      const answer = await channel({ contentKey }).query(call, chargeOrder())
      expect(answer).toMatchObject({ outcome: 'unknown' })
    }
  })
})

describe('the trace', () => {
  it('tells of every call, without the payer, the barcode and what opens a bill', async () => {
    const alipay = channel()
    const paid = { trade_no: ALIPAY_NO, out_trade_no: TRADE_NO, buyer_user_id: BUYER_ID }
    gateway.tell(
      { node: { code: '40004', sub_code: 'X', sub_msg: `付款码 ${BARCODE} 不可用, 13812345678` } },
      { node: { code: '10000', ...paid, open_id: 'abcd1234', buyer_logon_id: 'wf@example.com' } },
      { node: { code: '10000', bill_download_url: gateway.fileUrl } },
      { bytes: Buffer.from('no archive') },
    )
    expect(await alipay.charge(call, barcodeOrder())).toMatchObject({ outcome: 'unknown' })
    await alipay.charge(call, chargeOrder())
    clock.advance(26 * 3_600_000)
    await alipay.statement(call, {
      hospitalId: call.hospitalId,
      businessDate: '2026-11-21' as never,
      ownMoves: [],
    })
    const text = JSON.stringify(call.exchanges)
    for (const secret of [
      BARCODE,
      BUYER_ID,
      'abcd1234',
      'wf@example.com',
      'fileId',
      '13812345678',
    ]) {
      expect(text).not.toContain(secret)
    }
    expect(call.exchanges.map(({ operation, outcome }) => [operation, outcome])).toEqual([
      ['alipay.trade.pay', 'unknown'],
      ['alipay.trade.create', 'pending'],
      ['alipay.data.dataservice.bill.downloadurl.query', 'address'],
      ['GET bill_download_url', 'received'],
    ])
  })

  it("hides a secret that a stranger's page repeats", async () => {
    gateway.tell({ text: () => `<p>${BUYER_ID}</p>` })
    const answer = await channel().charge(call, chargeOrder())
    expect(JSON.stringify([answer, call.exchanges])).not.toContain(BUYER_ID)
  })
})
