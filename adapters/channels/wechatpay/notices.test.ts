import { describe, expect, it } from 'vitest'
import { Aes, Rsa } from 'wechatpay-axios-plugin'

import type { HospitalId } from '../../../kernel/id.ts'
import { addMs, MINUTE_MS } from '../../../kernel/time.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createWechatPay } from './index.ts'
import {
  API_V3_KEY,
  paramsFor,
  platform,
  SERIAL,
  signatureHeaders,
  stranger,
} from './testing/gateway.ts'
import { REFUND_NO, TRADE_NO, transaction, TRANSACTION_ID } from './testing/orders.ts'

const { clock, random } = testPlatform()
const channel = createWechatPay(paramsFor('https://api.example'), {
  clock,
  random,
  timeoutMs: 1_000,
})
const NONCE = 'fdasfjihihih'

const refund = {
  mchid: '1900000109',
  out_trade_no: TRADE_NO,
  transaction_id: TRANSACTION_ID,
  out_refund_no: REFUND_NO,
  refund_id: '50300807092026112100000000001',
  refund_status: 'SUCCESS',
  success_time: '2026-11-21T10:02:03+08:00',
  user_received_account: '招商银行信用卡0403',
  amount: { total: 12_345, refund: 2_345, payer_total: 12_345, payer_refund: 2_345 },
}

function envelope(event: string, content: unknown, changes: Record<string, unknown> = {}) {
  const type = event.startsWith('REFUND') ? 'refund' : 'transaction'
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  return {
    id: 'EV-2018022511223320873',
    create_time: '2026-11-21T10:02:04+08:00',
    resource_type: 'encrypt-resource',
    event_type: event,
    summary: '支付成功',
    resource: {
      original_type: type,
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: Aes.AesGcm.encrypt(text, API_V3_KEY, NONCE, type),
      associated_data: type,
      nonce: NONCE,
      ...changes,
    },
  }
}

const paid = envelope('TRANSACTION.SUCCESS', transaction())

const deliver = (body: string | Buffer, headers: Record<string, string | string[] | undefined>) =>
  channel.readNotice({ hospitalId: 1 as HospitalId, headers, body: Buffer.from(body) })

const deliverGood = (notice: unknown) => {
  const text = typeof notice === 'string' ? notice : JSON.stringify(notice)
  return deliver(text, signatureHeaders(text, clock.now()))
}

describe('a notice from WeChat', () => {
  it('of a payment says which order to ask about', () => {
    expect(deliverGood(paid)).toEqual({
      outcome: 'read',
      dedupeKey: 'EV-2018022511223320873',
      about: { kind: 'charge', tradeNo: TRADE_NO },
      summary: `TRANSACTION.SUCCESS out_trade_no ${TRADE_NO} transaction_id ${TRANSACTION_ID}`,
    })
  })

  it.each(['REFUND.SUCCESS', 'REFUND.ABNORMAL', 'REFUND.CLOSED'])(
    '%s says which refund to ask about',
    (event) => {
      expect(deliverGood(envelope(event, refund))).toEqual({
        outcome: 'read',
        dedupeKey: 'EV-2018022511223320873',
        about: { kind: 'refund', refundNo: REFUND_NO },
        summary: `${event} out_refund_no ${REFUND_NO} out_trade_no ${TRADE_NO}`,
      })
    },
  )

  it('is read with an empty or missing associated_data', () => {
    const ciphertext = Aes.AesGcm.encrypt(JSON.stringify(transaction()), API_V3_KEY, NONCE, '')
    for (const associated_data of ['', undefined]) {
      const notice = envelope('TRANSACTION.SUCCESS', {}, { ciphertext, associated_data })
      expect(deliverGood(notice).outcome).toBe('read')
    }
  })

  it('is the same however its JSON is spaced, as the raw bytes are what is signed', () => {
    expect(deliverGood(JSON.stringify(paid, null, 2)).outcome).toBe('read')
  })

  it('tells no amount and no account', () => {
    const told = JSON.stringify([
      deliverGood(paid),
      deliverGood(envelope('REFUND.SUCCESS', refund)),
    ])
    expect(told).not.toMatch(/12_?345|2_?345|oUpF|招商/)
  })
})

describe('a notice that is not proven is refused', () => {
  const text = JSON.stringify(paid)
  const good = signatureHeaders(text, clock.now())
  const at = (ms: number) => signatureHeaders(text, addMs(clock.now(), ms))
  const probe = `WECHATPAY/SIGNTEST/${good['wechatpay-signature']}`

  it.each([
    ['signed by a stranger', signatureHeaders(text, clock.now(), stranger.privateKey), 'signature'],
    [
      'signed by a stranger under its own name',
      signatureHeaders(text, clock.now(), stranger.privateKey, 'PUB_KEY_ID_9'),
      'signature',
    ],
    ['without any header', {}, 'signature'],
    ['without its signature', { ...good, 'wechatpay-signature': undefined }, 'signature'],
    ['without its serial', { ...good, 'wechatpay-serial': undefined }, 'signature'],
    ['with its signature twice', { ...good, 'wechatpay-signature': ['a', 'b'] }, 'signature'],
    ['under the name of another key', { ...good, 'wechatpay-serial': `${SERIAL}0` }, 'signature'],
    ['as a probe of WeChat', { ...good, 'wechatpay-signature': probe }, 'signature'],
    [
      'with a fresher timestamp',
      { ...at(-6 * MINUTE_MS), 'wechatpay-timestamp': good['wechatpay-timestamp'] },
      'signature',
    ],
    ['six minutes old', at(-6 * MINUTE_MS), 'timestamp'],
    ['from the future', at(6 * MINUTE_MS), 'timestamp'],
    ['a copy of last year', at(-365 * 24 * 60 * MINUTE_MS), 'timestamp'],
  ])('%s', (_what, headers, code) => {
    expect(deliver(text, headers)).toEqual({ outcome: 'refused', code })
  })

  it('altered by one byte', () => {
    const altered = text.replace('EV-2018', 'EV-2019')
    expect(deliver(altered, good)).toEqual({ outcome: 'refused', code: 'signature' })
    expect(deliver(Buffer.concat([Buffer.from('\uFEFF'), Buffer.from(text)]), good)).toEqual({
      outcome: 'refused',
      code: 'signature',
    })
  })
})

describe('a proven notice that is not for us, or of no use, is refused', () => {
  const sealedWith = (key: string) =>
    Aes.AesGcm.encrypt(JSON.stringify(transaction()), key, NONCE, 'transaction')
  const broken = Buffer.from(paid.resource.ciphertext, 'base64')
  broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1

  it.each<[string, unknown, string]>([
    [
      'of another merchant',
      envelope('TRANSACTION.SUCCESS', transaction({ mchid: '1900000110' })),
      'foreign',
    ],
    ['of another app', envelope('TRANSACTION.SUCCESS', transaction({ appid: 'wx1' })), 'foreign'],
    [
      'of another merchant’s refund',
      envelope('REFUND.SUCCESS', { ...refund, mchid: '1' }),
      'foreign',
    ],
    [
      'with a broken tag',
      { ...paid, resource: { ...paid.resource, ciphertext: broken.toString('base64') } },
      'unreadable',
    ],
    [
      'sealed with another key',
      envelope('TRANSACTION.SUCCESS', {}, { ciphertext: sealedWith('x'.repeat(32)) }),
      'unreadable',
    ],
    [
      'sealed beside other data',
      envelope('TRANSACTION.SUCCESS', transaction(), { associated_data: 'refund' }),
      'unreadable',
    ],
    [
      'of another algorithm',
      envelope('TRANSACTION.SUCCESS', transaction(), { algorithm: 'AEAD_SM4_GCM' }),
      'unreadable',
    ],
    ['of another event', envelope('PAYSCORE.USER_PAID', transaction()), 'unreadable'],
    [
      'of a medical insurance order',
      envelope('MEDICAL_INSURANCE.SUCCESS', transaction()),
      'unreadable',
    ],
    ['of a payment with a refund inside', envelope('TRANSACTION.SUCCESS', refund), 'unreadable'],
    ['of a refund with a payment inside', envelope('REFUND.SUCCESS', transaction()), 'unreadable'],
    [
      'without an order number',
      envelope('TRANSACTION.SUCCESS', transaction({ out_trade_no: '' })),
      'unreadable',
    ],
    ['with text for content', envelope('TRANSACTION.SUCCESS', 'paid'), 'unreadable'],
    ['without its id', { ...paid, id: undefined }, 'unreadable'],
    ['without its resource', { ...paid, resource: undefined }, 'unreadable'],
    ['that is no JSON', 'paid', 'unreadable'],
    ['that is null', 'null', 'unreadable'],
    ['that is empty', '', 'unreadable'],
  ])('%s', (_what, notice, code) => {
    expect(deliverGood(notice)).toEqual({ outcome: 'refused', code })
  })

  it('under a name every object knows, or with the signature of something else', () => {
    const text = JSON.stringify(paid)
    const headers = signatureHeaders(text, clock.now())
    const signature = Rsa.sign('x', platform.privateKey)
    expect(deliver(text, { ...headers, 'wechatpay-serial': '__proto__' }).outcome).toBe('refused')
    expect(deliver(text, { ...headers, 'wechatpay-signature': signature }).outcome).toBe('refused')
  })
})
