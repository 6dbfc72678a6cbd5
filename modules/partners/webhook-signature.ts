import { createHmac } from 'node:crypto'

import type { Random } from '../../kernel/random.ts'
import { SECOND_MS } from '../../kernel/time.ts'
import type { ExtraSignature } from './endpoint.ts'
import type { SigningKey } from './platform-key.ts'

// Source: Standard Webhooks, for the headers, the signed text and the versions v1 and v1a; v1sm is ours.

const SECRET_PREFIX = 'whsec_'
const SECRET_BYTES = 32

export const newWebhookSecret = (random: Random): string =>
  SECRET_PREFIX + Buffer.from(random.bytes(SECRET_BYTES)).toString('base64')

export type WebhookMessage = { id: string; sentAt: Date; body: string }

/**
 * The headers that prove a message: signed by every secret that is in force, so that a receiver may change to a new
 * one when it likes, and by the platform's own key where that is wished.
 */
export function webhookHeaders(
  { id, sentAt, body }: WebhookMessage,
  secrets: readonly string[],
  extra: { algorithm: ExtraSignature; key: SigningKey } | null,
): Record<string, string> {
  const timestamp = String(Math.floor(sentAt.getTime() / SECOND_MS))
  const text = signedText(id, timestamp, body)
  const signatures = secrets.map((secret) => `v1,${hmacOf(secret, text)}`)
  if (extra) signatures.push(`${VERSION[extra.algorithm]},${extra.key.sign(text)}`)
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
    ...(extra ? { 'webhook-key-id': extra.key.keyId } : {}),
  }
}

const VERSION = { ed25519: 'v1a', sm2: 'v1sm' } as const

const signedText = (id: string, timestamp: string, body: string) => `${id}.${timestamp}.${body}`

function hmacOf(secret: string, text: string): string {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
  return createHmac('sha256', key).update(text, 'utf8').digest('base64')
}
