import { MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import { ApiError } from './api-error.ts'
import { type Context, type Merchant, nowMs } from './context.ts'
import { isSignedBy, readAuthorization, requestText, schemeOf } from './signing.ts'

const SKEW_MS = 5 * MINUTE_MS
// A nonce is kept for as long as a request with it could pass the clock, on both sides of it.
const NONCE_KEPT_MS = 2 * SKEW_MS

/**
 * Whose request this is. Throws SIGN_ERROR for one that is unsigned, signed by another key or over
 * another text, too old or too new, or that came before.
 */
export function authenticate(context: Context, request: SignedRequest): Merchant {
  const given = readAuthorization(request.authorization ?? '')
  if (!given) throw refusal('authorization', '', 'Authorization 缺失或格式错误')
  const merchant = context.merchants.get(given.mchid)
  if (!merchant) throw refusal('mchid', given.mchid, '商户号不存在')
  if (given.serial.toUpperCase() !== merchant.serial.toUpperCase()) {
    throw refusal('serial_no', given.serial, '商户证书序列号不匹配')
  }
  if (given.scheme !== schemeOf(merchant.publicKey)) {
    throw refusal('authorization', given.scheme, '签名算法与商户证书不符')
  }
  if (!/^\d{1,10}$/.test(given.timestamp)) {
    throw refusal('timestamp', given.timestamp, '时间戳格式错误')
  }
  const sentMs = Number(given.timestamp) * SECOND_MS
  if (Math.abs(nowMs(context) - sentMs) > SKEW_MS) {
    throw refusal('timestamp', given.timestamp, '时间戳与服务器相差超过 5 分钟')
  }
  if (!/^[0-9A-Za-z_-]{1,64}$/.test(given.nonce)) {
    throw refusal('nonce_str', given.nonce, '随机串格式错误')
  }
  const { method, target, body } = request
  const text = requestText(method, target, given.timestamp, given.nonce, body)
  if (!isSignedBy(merchant.publicKey, text, given.signature)) {
    throw refusal('signature', given.signature, '签名与内容不符')
  }
  rememberNonce(context, merchant, given.nonce)
  return merchant
}

export type SignedRequest = {
  method: string
  target: string
  body: Uint8Array
  authorization: string | undefined
}

function rememberNonce(context: Context, { mchid }: Merchant, nonce: string) {
  const now = nowMs(context)
  context.store.run('delete from nonce where at_ms < ?', [now - NONCE_KEPT_MS])
  const row = context.store.get(
    `insert into nonce (mchid, nonce, at_ms) values (?, ?, ?)
     on conflict do nothing returning mchid`,
    [mchid, nonce, now],
  )
  if (!row) throw refusal('nonce_str', nonce, '随机串重复使用')
}

const refusal = (field: string, value: string, issue: string) =>
  new ApiError('sign_error', undefined, {
    field,
    value: value.slice(0, 128),
    issue,
    location: 'authorization',
  })
