import { createHash, timingSafeEqual } from 'node:crypto'

import { randomHex } from '../../../../kernel/random.ts'
import { SECOND_MS } from '../../../../kernel/time.ts'
import type { Centre, GatewayVerdict, Headers } from '../centre.ts'
import type { Reply } from '../reply.ts'
import { integerOf, textOf } from '../store.ts'
import { JsonNumber, type Wire, writeWire } from '../wire-json.ts'

/** OAuth 2.0 client credentials, as a form: the client is the hospital's paasid and secretKey. */
export function grantToken(centre: Centre, form: string): Reply {
  const fields = new URLSearchParams(form)
  if (fields.get('grant_type') !== 'client_credentials') {
    return answer(400, { error: 'unsupported_grant_type' })
  }
  const clientId = fields.get('client_id') ?? ''
  const secret = fields.get('client_secret') ?? ''
  const known = [...centre.hospitals.values()].some(
    ({ paasid, secretKey, profile }) =>
      profile.gateway.name === 'oauth' && paasid === clientId && isEqual(secretKey, secret),
  )
  if (!known) return answer(401, { error: 'invalid_client' })
  const token = randomHex(centre.random, TOKEN_BYTES)
  const nowMs = centre.clock.now().getTime()
  centre.store.run('delete from oauth_token where expires_at_ms <= ?', [nowMs])
  const values = [token, clientId, nowMs + TOKEN_SECONDS * SECOND_MS]
  centre.store.run('insert into oauth_token values (?, ?, ?)', values)
  return answer(200, {
    access_token: token,
    token_type: 'bearer',
    expires_in: new JsonNumber(String(TOKEN_SECONDS)),
  })
}

/** Who calls, by the token that was given out. */
export function admitByToken(centre: Centre, headers: Headers): GatewayVerdict {
  const header = headers['authorization']
  const [, token] = /^Bearer ([0-9a-f]+)$/i.exec(typeof header === 'string' ? header : '') ?? []
  const row = centre.store.get('select * from oauth_token where token = ?', [token ?? null])
  if (!row || integerOf(row, 'expires_at_ms') <= centre.clock.now().getTime()) {
    return { allowed: false, code: 'OAUTH_TOKEN_INVALID', message: '访问令牌无效或已过期' }
  }
  return { allowed: true, clientId: textOf(row, 'client_id') }
}

const isEqual = (a: string, b: string) => timingSafeEqual(digest(a), digest(b))
const digest = (text: string) => createHash('sha256').update(text).digest()

const answer = (status: number, body: Wire): Reply => ({
  status,
  contentType: 'application/json; charset=utf-8',
  body: writeWire(body),
  delayMs: 0,
})

const TOKEN_SECONDS = 7200
const TOKEN_BYTES = 24
