import { createHash, timingSafeEqual } from 'node:crypto'

import { randomHex } from '../../../../kernel/random.ts'
import { type Context, nowMs } from '../core/context.ts'

export type Client = { clientId: string; clientSecret: string; providerCode: string }

const TOKEN_LIFE_S = 600

/** OAuth 2.0 client credentials (RFC 6749 §4.4), the client by HTTP Basic. Null for whoever is not known. */
export function grantToken(
  context: Context,
  clients: ReadonlyMap<string, Client>,
  { authorization, form }: { authorization: string; form: URLSearchParams },
): object | null {
  const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]+)$/.exec(authorization) ?? []
  const [clientId = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  const client = clients.get(clientId)
  if (!client || !isEqual(client.clientSecret, secret)) return null
  if (form.get('grant_type') !== 'client_credentials') return null
  const token = randomHex(context.random, 24)
  context.store.run('delete from token where expires_ms < ?', [nowMs(context)])
  context.store.run('insert into token (sha256, client, expires_ms) values (?, ?, ?)', [
    sha256(token),
    clientId,
    nowMs(context) + TOKEN_LIFE_S * 1_000,
  ])
  return { access_token: token, token_type: 'Bearer', expires_in: TOKEN_LIFE_S }
}

/** Whose token it is, while it holds. */
export function clientOf(
  context: Context,
  clients: ReadonlyMap<string, Client>,
  authorization: string,
): Client | null {
  const [, token = ''] = /^Bearer ([0-9a-f]{48})$/.exec(authorization) ?? []
  const row = context.store.get<{ client: string }>(
    'select client from token where sha256 = ? and expires_ms > ?',
    [sha256(token), nowMs(context)],
  )
  return clients.get(row?.client ?? '') ?? null
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

function isEqual(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}
