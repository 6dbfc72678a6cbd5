import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

import { MINUTE_MS } from '../../../../kernel/time.ts'
import { type Context, nowMs } from '../core/context.ts'

export type Client = { appId: string; secret: string; hospitalCode: string }

export type SignedHead = { appId: string; timestamp: string; nonce: string; signature: string }

/** How far a request's time may be from ours; its nonce is remembered for longer than that. */
const SKEW_MS = 5 * MINUTE_MS
const NONCE_KEPT_MS = 2 * SKEW_MS + MINUTE_MS

export type Unproven = 'signature' | 'timestamp' | 'replayed'

/** Whose request it is, or why that is not proven. A nonce is used up by the first proven request. */
export function authenticate(
  context: Context,
  clients: ReadonlyMap<string, Client>,
  request: { head: SignedHead; method: string; path: string; body: Buffer },
): Client | Unproven {
  const { head } = request
  const client = clients.get(head.appId)
  const isWellFormed = /^\d{13}$/.test(head.timestamp) && /^[0-9A-Za-z]{16,64}$/.test(head.nonce)
  if (!client || !isWellFormed) return 'signature'
  const text = [request.method, request.path, head.timestamp, head.nonce, sha256(request.body)]
  if (!isEqual(hmac(client.secret, text), head.signature)) return 'signature'
  if (Math.abs(nowMs(context) - Number(head.timestamp)) > SKEW_MS) return 'timestamp'
  return useNonce(context, client.appId, head.nonce) ? client : 'replayed'
}

/** The proof of an answer: it carries the nonce of its request, so that it is the answer to no other. */
export function proofOf(context: Context, client: Client, nonce: string, body: string) {
  const timestamp = String(nowMs(context))
  return {
    'x-hd-timestamp': timestamp,
    'x-hd-nonce': nonce,
    'x-hd-signature': hmac(client.secret, [timestamp, nonce, sha256(Buffer.from(body))]),
  }
}

function useNonce({ store, ...context }: Context, client: string, nonce: string): boolean {
  const now = context.clock.now().getTime()
  store.run('delete from nonce where at_ms < ?', [now - NONCE_KEPT_MS])
  const used = store.get<{ nonce: string }>(
    'insert into nonce (client, nonce, at_ms) values (?, ?, ?) on conflict do nothing returning nonce',
    [client, nonce, now],
  )
  return used !== null
}

const hmac = (secret: string, lines: readonly string[]): string =>
  createHmac('sha256', secret).update(lines.join('\n')).digest('hex')

const sha256 = (body: Buffer): string => createHash('sha256').update(body).digest('hex')

function isEqual(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}
