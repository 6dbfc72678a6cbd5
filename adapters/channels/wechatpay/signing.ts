import { constants, createDecipheriv, KeyObject, publicEncrypt } from 'node:crypto'

import { MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import { isSignedWith, type MerchantKey, type PlatformKey, schemeOf, signWith } from './keys.ts'
import { openSm4, sealSm2 } from './shangmi.ts'

// The proofs of WeChat Pay API v3, without network and clock: every function here is pure.

/** Whatever is older than this, or as far ahead of us, proves nothing. */
const MAX_AGE_MS = 5 * MINUTE_MS

export type Merchant = { mchid: string; merchantSerial: string; merchantKey: MerchantKey }

/** `path` with its query, exactly as sent; `body` is the empty text for a GET. */
export type SignableRequest = { method: 'GET' | 'POST'; path: string; body: string }

/** The Authorization header of a request. */
export function authorizationOf(
  merchant: Merchant,
  request: SignableRequest,
  at: Date,
  nonce: string,
): string {
  const timestamp = secondsOf(at)
  const signature = signLines(merchant.merchantKey, [
    request.method,
    request.path,
    timestamp,
    nonce,
    request.body,
  ])
  const fields = { mchid: merchant.mchid, nonce_str: nonce, timestamp, signature }
  const pairs = Object.entries({ ...fields, serial_no: merchant.merchantSerial })
  const scheme = schemeOf(merchant.merchantKey)
  return `${scheme} ${pairs.map(([name, value]) => `${name}="${value}"`).join(',')}`
}

/** What the payer's device hands to WeChat to open the password page, signed by the merchant. */
export function jsapiParams(
  { appid, merchantKey, invokeSignType = 'RSA' }: Invoking,
  prepayId: string,
  at: Date,
  nonce: string,
): Record<string, string> {
  const timeStamp = secondsOf(at)
  const prepay = `prepay_id=${prepayId}`
  return {
    appId: appid,
    timeStamp,
    nonceStr: nonce,
    package: prepay,
    signType: invokeSignType,
    paySign: signLines(merchantKey, [appid, timeStamp, nonce, prepay]),
  }
}

type Invoking = { appid: string; merchantKey: MerchantKey; invokeSignType?: string }

/** The same for WeChat's SDK in an app: it signs the bare number. */
export function appParams(
  { mchid, merchantKey }: { mchid: string; merchantKey: MerchantKey },
  appid: string,
  prepayId: string,
  at: Date,
  nonce: string,
): Record<string, string> {
  const timeStamp = secondsOf(at)
  return {
    appId: appid,
    partnerId: mchid,
    prepayId,
    packageValue: 'Sign=WXPay',
    nonceStr: nonce,
    timeStamp,
    sign: signLines(merchantKey, [appid, timeStamp, nonce, prepayId]),
  }
}

/** The platform's keys by the name they go by; null for a name that is not known, or not now. */
export type PlatformKeys = { keyOf(serial: string): PlatformKey | null }

export type Headers = Readonly<Record<string, string | string[] | undefined>>

export type Proof =
  | { proven: true }
  | { proven: false; code: 'signature' | 'timestamp'; reason: string }

/**
 * Whether an answer or a notice was made by WeChat Pay a moment ago: its raw bytes with the headers
 * Wechatpay-Timestamp, -Nonce, -Signature and -Serial. A header given twice counts as missing.
 */
export function proofOf(
  platformKeys: PlatformKeys,
  headers: Headers,
  body: Buffer,
  now: Date,
): Proof {
  const timestamp = headerOf(headers, 'wechatpay-timestamp')
  const nonce = headerOf(headers, 'wechatpay-nonce')
  const signature = headerOf(headers, 'wechatpay-signature')
  const serial = headerOf(headers, 'wechatpay-serial')
  if (!timestamp || !nonce || !signature || !serial) return unproven('it carries no signature')

  const key = platformKeys.keyOf(serial)
  if (!key) return unproven(`its key ${serial.slice(0, 64)} is not known`)
  const signed = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')])
  if (!isSignedWith(key, signed, signature)) {
    return unproven('its signature is wrong')
  }
  const ageMs = now.getTime() - Number(timestamp) * SECOND_MS
  if (!(Math.abs(ageMs) <= MAX_AGE_MS)) {
    const seconds = Math.round(ageMs / SECOND_MS)
    const reason = `its signature is not of this moment: by our clock ${seconds} s old`
    return { proven: false, code: 'timestamp', reason }
  }
  return { proven: true }
}

/** `algorithm` is AEAD_AES_256_GCM unless told. */
export type SealedResource = {
  algorithm?: string
  nonce: string
  associated_data: string
  ciphertext: string
}

/** How each kind of contract has its resources sealed. */
export const ALGORITHM_OF = { RSA: 'AEAD_AES_256_GCM', SM: 'AEAD_SM4_GCM' } as const

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Opens what was sealed under the APIv3 key; null when it was not, or was changed. */
export function openResource(apiV3Key: string, sealed: SealedResource): string | null {
  const { algorithm = ALGORITHM_OF.RSA } = sealed
  const bytes = Buffer.from(sealed.ciphertext, 'base64')
  const nonce = Buffer.from(sealed.nonce, 'utf8')
  if (nonce.length !== NONCE_BYTES || bytes.length < TAG_BYTES) return null
  const parts = {
    nonce,
    associatedData: Buffer.from(sealed.associated_data, 'utf8'),
    ciphertext: bytes.subarray(0, -TAG_BYTES),
    tag: bytes.subarray(-TAG_BYTES),
  }
  if (algorithm === ALGORITHM_OF.SM) return openSm4(apiV3Key, parts)
  return algorithm === ALGORITHM_OF.RSA ? openAes(apiV3Key, parts) : null
}

function openAes(
  apiV3Key: string,
  sealed: { nonce: Buffer; associatedData: Buffer; ciphertext: Buffer; tag: Buffer },
): string | null {
  const key = Buffer.from(apiV3Key, 'ascii')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.nonce)
  decipher.setAAD(sealed.associatedData)
  decipher.setAuthTag(sealed.tag)
  try {
    const opened = [decipher.update(sealed.ciphertext), decipher.final()]
    return Buffer.concat(opened).toString('utf8')
  } catch {
    return null
  }
}

/** Seals a name or a number of a card for WeChat's eyes only: RSA-OAEP with SHA-1, or SM2. */
export function sealField(key: PlatformKey, text: string): string {
  if (!(key instanceof KeyObject)) return sealSm2(key, text).toString('base64')
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const bytes = Buffer.from(text, 'utf8')
  return publicEncrypt({ key, padding, oaepHash: 'sha1' }, bytes).toString('base64')
}

export function headerOf(headers: Headers, name: string): string | null {
  const value = headers[name]
  return typeof value === 'string' ? value : null
}

const unproven = (reason: string): Proof => ({ proven: false, code: 'signature', reason })

/** Each line is ended by a line feed, the last one too. */
const signLines = (key: MerchantKey, lines: readonly string[]): string =>
  signWith(key, Buffer.from(lines.map((line) => `${line}\n`).join('')))

const secondsOf = (at: Date): string => String(Math.floor(at.getTime() / SECOND_MS))
