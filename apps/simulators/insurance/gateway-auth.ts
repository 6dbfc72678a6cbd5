import { createHash, timingSafeEqual } from 'node:crypto'

import { MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import type { Centre, GatewayVerdict } from './centre.ts'

/**
 * The API gateway before the centre ("Rio/政务"): who calls, and that the call is not an old one.
 *
 * Checks the four x-tif headers. The signature is
 * sha256hex(timestamp + secretKey + nonce + timestamp); the body is not part of it.
 *
 * Shape: a nonce is used up only by a call whose signature is right, and is kept in the database
 * until its timestamp would be too old anyway, so a restart opens no gap.
 */
export function passGateway(
  centre: Centre,
  headers: Readonly<Record<string, unknown>>,
): GatewayVerdict {
  const paasid = headerOf(headers, 'x-tif-paasid')
  const timestamp = headerOf(headers, 'x-tif-timestamp')
  const nonce = headerOf(headers, 'x-tif-nonce')
  const signature = headerOf(headers, 'x-tif-signature')
  if (!paasid || !timestamp || !nonce || !signature) {
    return refuse('TIF_HEADER_MISSING', '缺少x-tif-paasid、timestamp、nonce或signature')
  }
  const nowMs = centre.clock.now().getTime()
  if (!/^\d{10}$/.test(timestamp) || Math.abs(Number(timestamp) * SECOND_MS - nowMs) > SKEW_MS) {
    return refuse('TIF_TIMESTAMP_INVALID', 'x-tif-timestamp与网关时间相差超过5分钟')
  }
  if (nonce.length > NONCE_MAX) return refuse('TIF_NONCE_INVALID', 'x-tif-nonce过长')
  const secretKeys = [...centre.hospitals.values()]
    .filter(({ paasid: id, profile }) => id === paasid && profile.gateway.name === 'rio')
    .map((hospital) => hospital.secretKey)
  if (!secretKeys.some((key) => isSigned(signature, timestamp, key, nonce))) {
    // An unknown id and a wrong key are one answer, so that ids cannot be tried out.
    return refuse('TIF_SIGNATURE_INVALID', 'x-tif-signature校验失败')
  }
  if (!useNonce(centre, paasid, nonce, nowMs)) {
    return refuse('TIF_NONCE_REPLAYED', 'x-tif-nonce已使用')
  }
  return { allowed: true, clientId: paasid }
}

const SKEW_MS = 5 * MINUTE_MS
const NONCE_MAX = 64

function isSigned(signature: string, timestamp: string, secretKey: string, nonce: string): boolean {
  const expected = createHash('sha256').update(timestamp + secretKey + nonce + timestamp)
  const given = Buffer.from(signature)
  const right = Buffer.from(expected.digest('hex'))
  return given.length === right.length && timingSafeEqual(given, right)
}

function useNonce({ store }: Centre, paasid: string, nonce: string, nowMs: number): boolean {
  // A timestamp may run ahead by the skew and is then good for twice as long.
  store.run('delete from nonce where seen_at_ms < ?', [nowMs - 2 * SKEW_MS])
  const values = [paasid, nonce, nowMs]
  return store.run('insert or ignore into nonce values (?, ?, ?)', values) === 1
}

function headerOf(headers: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = headers[name]
  return typeof value === 'string' && value !== '' ? value : null
}

const refuse = (code: string, message: string): GatewayVerdict => ({
  allowed: false,
  code,
  message,
})
