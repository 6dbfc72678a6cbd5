import { createHash, sign } from 'node:crypto'

import { Aes } from 'wechatpay-axios-plugin'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { SECOND_MS } from '../../../kernel/time.ts'
import type { Bed } from './bed.ts'
import type { Headers } from './client.ts'
import type { Asked } from './go-between.ts'

// The signatures of the wallet and of a hospital's system, made with their own keys: what is signed here is theirs,
// whatever it says.

type Secrets = Pick<Bed, 'secrets'>

const secondsOf = (at: Date): string => String(Math.floor(at.getTime() / SECOND_MS))

const WALLETS_NONCE = 'c5ac7061fccab6bf3e254dcf98995b8c'

/** The headers with which the wallet signs an answer or a notice. */
export function signedByWallet({ secrets }: Secrets, body: string | Buffer, at: Date): Headers {
  const { privateKeyPem, publicKeyId } = secrets.wechat.platform
  return walletHeaders(body, at, { privateKeyPem, serial: publicKeyId })
}

/** The same with a key of anybody's, under any name. */
export function walletHeaders(
  body: string | Buffer,
  at: Date,
  { privateKeyPem, serial }: { privateKeyPem: string; serial: string },
): Headers {
  const timestamp = secondsOf(at)
  const text = Buffer.concat([
    Buffer.from(`${timestamp}\n${WALLETS_NONCE}\n`),
    Buffer.from(body as string),
    Buffer.from('\n'),
  ])
  return {
    'content-type': 'application/json',
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': WALLETS_NONCE,
    'wechatpay-serial': serial,
    'wechatpay-signature': signed(text, privateKeyPem),
  }
}

export function merchantOf({ secrets }: Secrets, hospitalId: HospitalId) {
  const merchant = secrets.wechat.merchants.find((each) => each.hospitalId === hospitalId)
  assert(merchant, `hospital ${hospitalId} is a merchant`)
  return merchant
}

const SEALED_WITH = 'fdasfjihihih'

/** A notice as the wallet sends it: what it tells is sealed with a key the merchant has. */
export const noticeText = (
  id: string,
  event: string,
  content: object | string,
  { apiV3Key }: { apiV3Key: string },
): string =>
  JSON.stringify({
    id,
    create_time: '2026-11-23T09:00:00+08:00',
    resource_type: 'encrypt-resource',
    event_type: event,
    summary: '支付成功',
    resource: {
      original_type: 'transaction',
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: Aes.AesGcm.encrypt(
        typeof content === 'string' ? content : JSON.stringify(content),
        apiV3Key,
        SEALED_WITH,
        'transaction',
      ),
      associated_data: 'transaction',
      nonce: SEALED_WITH,
    },
  })

export function hospitalKeys({ secrets }: Secrets, hospitalId: HospitalId) {
  const keys = secrets.his.hospitals.find((each) => each.hospitalId === hospitalId)
  assert(keys, `hospital ${hospitalId} has keys`)
  return keys
}

type HospitalKeys = { keyId: string; privateKeyPem: string }

/** The headers with which a hospital's system signs a request of its own. */
export const hisRequestHeaders = (
  { keyId, privateKeyPem }: HospitalKeys,
  { path, body, nonce, at }: { path: string; body: string; nonce: string; at: Date },
): Headers => {
  const timestamp = secondsOf(at)
  return {
    'x-yiqiao-key-id': keyId,
    'x-yiqiao-timestamp': timestamp,
    'x-yiqiao-nonce': nonce,
    'x-yiqiao-signature': signed(
      `POST\n${path}\n${timestamp}\n${nonce}\n${sha256(body)}\n`,
      privateKeyPem,
    ),
  }
}

/** The headers with which a hospital's system signs what it answers to a request. */
export function hisAnswerHeaders(
  { keyId, privateKeyPem }: HospitalKeys,
  { headers }: Asked,
  body: string | Buffer,
  at: Date,
): Headers {
  const timestamp = secondsOf(at)
  const nonce = String(headers['x-yiqiao-nonce'])
  return {
    'content-type': 'application/json',
    'x-yiqiao-key-id': keyId,
    'x-yiqiao-timestamp': timestamp,
    'x-yiqiao-nonce': nonce,
    'x-yiqiao-signature': signed(`${timestamp}\n${nonce}\n${sha256(body)}\n`, privateKeyPem),
  }
}

const signed = (text: string | Buffer, key: string) =>
  sign('sha256', Buffer.from(text as string), key).toString('base64')

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')
