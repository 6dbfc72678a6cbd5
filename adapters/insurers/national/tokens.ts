import type { Random } from '../../../kernel/random.ts'
import { addMs, type Clock, SECOND_MS } from '../../../kernel/time.ts'
import type { Hear } from '../../../platform/outgoing/hear.ts'
import type { NationalInsuranceParams } from './params.ts'

export type GatewayDeps = { clock: Clock; random: Random; timeoutMs: number; hear: Hear }

type Token = { accessToken: string; expiresAt: Date }

/** Access tokens by client credentials (RFC 6749 §4.4): one at a time, taken anew before it ends. */
export function createTokens(
  { baseUrl, tokenUrl, paasid, secretKey }: NationalInsuranceParams,
  { clock, timeoutMs, hear }: GatewayDeps,
) {
  const url = tokenUrl ?? `${baseUrl.replace(/\/+$/, '')}/oauth/token`
  let kept: Token | null = null
  let pending: Promise<Token | { reason: string }> | null = null
  return { current, drop }

  async function current(signal: AbortSignal | null): Promise<Token | { reason: string }> {
    if (kept && addMs(clock.now(), MARGIN_MS) < kept.expiresAt) return kept
    // Messages that come together share one request; each still ends with its own deadline.
    pending ??= take().finally(() => {
      pending = null
    })
    return signal === null ? pending : Promise.race([pending, given(signal)])
  }

  /** A token is not accepted any more: of messages that hear so together, the first drops it, and all use the next. */
  function drop(used: string): void {
    if (kept?.accessToken === used) kept = null
  }

  async function take(): Promise<Token | { reason: string }> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: paasid,
      client_secret: secretKey,
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const asked = { method: 'POST' as const, headers, body: form.toString() }
    const heard = await hear(url, asked, { timeoutMs })
    const answer = 'silence' in heard ? null : parseJson(heard.bytes)
    if ('silence' in heard || answer === null) {
      return { reason: 'no access token: the gateway did not answer' }
    }
    const token = tokenOf(answer.value)
    if (heard.status !== 200 || token === null) {
      return { reason: `no access token: HTTP ${heard.status}` }
    }
    kept = {
      accessToken: token.accessToken,
      expiresAt: addMs(clock.now(), token.seconds * SECOND_MS),
    }
    return kept
  }
}

/** A message on its way must not meet a token that ends meanwhile. */
const MARGIN_MS = 60 * SECOND_MS

function parseJson(bytes: Buffer): { value: unknown } | null {
  try {
    return { value: JSON.parse(bytes.toString('utf8')) }
  } catch {
    return null
  }
}

function tokenOf(answer: unknown): { accessToken: string; seconds: number } | null {
  if (typeof answer !== 'object' || answer === null) return null
  const { access_token, expires_in } = answer as Record<string, unknown>
  const seconds = Number(expires_in)
  if (typeof access_token !== 'string' || !/^[\x21-\x7e]+$/.test(access_token)) return null
  return Number.isFinite(seconds) && seconds > 0 ? { accessToken: access_token, seconds } : null
}

const given = (signal: AbortSignal): Promise<{ reason: string }> =>
  new Promise((done) => {
    const end = () => done({ reason: 'not asked: the caller’s deadline' })
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
