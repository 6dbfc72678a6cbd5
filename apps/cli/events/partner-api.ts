import type { Connection } from './connection.ts'

export type PartnerApi = ReturnType<typeof createPartnerApi>

/** An event as the interface shows it: what is sent to a receiver is this, as JSON. */
export type ApiEvent = {
  id: string
  type: string
  version: string
  sequence: number
  occurredAt: string
  hospitalId: number
  data: Record<string, unknown>
}

export type Feed = { items: ApiEvent[]; newest: number }

const TIMEOUT_MS = 40_000

/** The public interface as an application uses it; its token is got when it is needed, and again when it has ended. */
export function createPartnerApi({ hubUrl, clientId, clientSecret, hospitalId }: Connection) {
  let token: string | null = null
  const base = `${hubUrl}/v1/hospitals/${hospitalId}/partner`
  return {
    feed: (query: Record<string, string | number>, signal?: AbortSignal) =>
      ask<Feed>('GET', `/events?${new URLSearchParams(textsOf(query)).toString()}`, signal),
    resend: (id: string, endpointId?: string) =>
      ask<{ items: { id: string; endpointId: string }[] }>(
        'POST',
        `/events/${encodeURIComponent(id)}/resend`,
        undefined,
        endpointId === undefined ? {} : { endpointId },
      ),
  }

  async function ask<T>(
    method: string,
    path: string,
    signal?: AbortSignal,
    body?: object,
  ): Promise<T> {
    token ??= await newToken()
    const first = await send(method, path, token, signal, body)
    if (first.status !== 401) return read<T>(first)
    token = await newToken()
    return read<T>(await send(method, path, token, signal, body))
  }

  function send(
    method: string,
    path: string,
    bearer: string,
    signal?: AbortSignal,
    body?: object,
  ): Promise<Response> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS)
    return fetch(base + path, {
      method,
      headers: {
        authorization: `Bearer ${bearer}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    })
  }

  async function newToken(): Promise<string> {
    const response = await fetch(`${hubUrl}/v1/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    return (await read<{ access_token: string }>(response)).access_token
  }
}

/** A refusal that will be the same next time: not worth trying again. */
export class Refused extends Error {}

async function read<T>(response: Response): Promise<T> {
  const text = await response.text()
  if (response.ok) return JSON.parse(text) as T
  const words = `${response.status} ${text.slice(0, 500)}`
  throw response.status < 500 ? new Refused(words) : new Error(words)
}

const textsOf = (query: Record<string, string | number>): Record<string, string> =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]))
