import { createHash, createHmac } from 'node:crypto'

import { randomHex } from '../../../kernel/random.ts'
import type { ProviderCall } from '../../../modules/payments/index.ts'
import type { Received } from '../../../platform/outgoing/send.ts'
import {
  type Ask,
  type ClientDeps,
  type Judged,
  judged,
  type Question,
  type Unknown,
  unknown,
} from './exchange.ts'
import type { WechatPayAccount } from './params.ts'
import { redact } from './redact.ts'
import { connectionsShowing } from './transport.ts'
import { type Fields, fromXml, toXml } from './xml.ts'

// API v2: XML, signed with a key that both sides have. Only what has no form in API v3 is asked here.

export type V2Request = { path: string; fields: Fields; showsCertificate?: true }

/** A proven answer. `result` is FAIL with an err_code, or SUCCESS. */
export type V2Reply = { result: 'SUCCESS' | 'FAIL'; fields: Fields }

export type V2Client = <T extends { outcome: string }>(
  call: ProviderCall,
  request: V2Request,
  read: (reply: V2Reply) => T,
) => Promise<T | Unknown>

export type SignType = 'MD5' | 'HMAC-SHA256'

type V2Account = { key: string; signType: SignType; mchid: string; appid: string }

const MAX_BYTES = 64 * 1024

/**
 * Asks API v2. An answer that is not signed with our key, or is of another merchant, is 'unknown', and so is one with
 * return_code FAIL: WeChat does not sign it.
 */
export function createV2Client(
  account: WechatPayAccount,
  barcode: NonNullable<WechatPayAccount['barcode']>,
  exchange: Ask,
  deps: ClientDeps,
): V2Client {
  const { mchid, appid, merchantKeyPem } = account
  const { apiV2Key: key, signType, merchantCertificatePem } = barcode
  const v2: V2Account = { key, signType, mchid, appid }
  const connections =
    merchantCertificatePem === null
      ? undefined
      : connectionsShowing(merchantCertificatePem, merchantKeyPem)
  const limits = { pauseMs: deps.timeoutMs, deadlineMs: deps.timeoutMs, bytes: MAX_BYTES }
  return (call, request, read) => {
    const question: Question = {
      operation: `POST ${request.path}`,
      shown: redact(JSON.stringify(request.fields), null),
      wire: () => ({
        method: 'POST',
        path: request.path,
        body: signedXml(v2, request.fields, randomHex(deps.random, 16)),
        headers: { 'content-type': 'text/xml; charset=utf-8' },
        ...(request.showsCertificate && connections ? { connections } : {}),
      }),
    }
    return exchange(call, question, limits, (received) => readV2(v2, received, read))
  }
}

function signedXml({ key, signType, mchid, appid }: V2Account, own: Fields, nonce: string): string {
  const fields = { appid, mch_id: mchid, nonce_str: nonce, sign_type: signType, ...own }
  return toXml({ ...fields, sign: v2Sign(fields, key, signType) })
}

/** Fields by name, without the empty ones and the signature, with the key at the end: in capitals of hex. */
function v2Sign(fields: Fields, key: string, signType: SignType): string {
  const pairs = Object.entries(fields)
    .filter(([name, value]) => name !== 'sign' && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
  const text = [...pairs, `key=${key}`].join('&')
  const hash = signType === 'MD5' ? createHash('md5') : createHmac('sha256', key)
  return hash.update(text, 'utf8').digest('hex').toUpperCase()
}

function readV2<T extends { outcome: string }>(
  { key, signType, mchid, appid }: V2Account,
  received: Received,
  read: (reply: V2Reply) => T,
): Judged<T | Unknown> {
  if (received.kind !== 'answered') return judged(unknown(received.reason), received.reason)
  const { status, body } = received
  const words = body.toString('utf8')
  const fields = fromXml(words)
  const text = redact(fields === null ? words : JSON.stringify(fields), fields?.['openid'] ?? null)
  const unproven = (reason: string) =>
    judged(unknown(`HTTP ${status}: ${reason}`), `HTTP ${status}: ${reason} ${text}`)
  if (status !== 200 || fields === null) return unproven('it is no answer')
  const { return_code: returned, return_msg: message = '', result_code: result } = fields
  if (returned !== 'SUCCESS') return unproven(`return_code ${returned ?? ''} ${message}`.trim())
  if (fields['sign'] !== v2Sign(fields, key, signType)) return unproven('its signature is wrong')
  if (fields['mch_id'] !== mchid || fields['appid'] !== appid) {
    return unproven('it is of another merchant')
  }
  if (result !== 'SUCCESS' && result !== 'FAIL') return unproven('its result cannot be read')
  return judged(read({ result, fields }), text)
}
