import type { Bill, FinanceDay, Payment, Refund } from '../../../contract/client.ts'
import type { HubProcesses } from './hub-process.ts'

/** An answer of the public API: its body when it went well, its problem's code when it did not. */
export type ApiAnswer<T> =
  | { ok: true; body: T }
  | { ok: false; status: number; code: string; params: Record<string, string | number> }

type App = 'patient' | 'console'

type Consent = { payFen: number; token?: string }

/** Nobody is signed in: the message holds the answer's status and code, never the password. */
export class SignInRefused extends Error {
  constructor(login: string, { status, text }: { status: number; text: string }) {
    super(`${login} signs in: ${status} ${text}`)
  }
}

export type ApiClient = ReturnType<typeof createApiClient>
export type Session = Awaited<ReturnType<ApiClient['signIn']>>

const MOST_TRIES = 20
const RETRY_MS = 200

/**
 * The public HTTP API as an app uses it: a session in a cookie, an idempotency key for each money request, and the
 * same request again under the same key when the connection breaks.
 */
export function createApiClient(baseUrl: string, processes: Pick<HubProcesses, 'duringOperation'>) {
  return { signIn }

  async function signIn(app: App, login: string, password: string) {
    const response = await send('POST', '/v1/sessions', {}, { app, login, password })
    if (response.status >= 300) throw new SignInRefused(login, response)
    const cookie = response.cookie
    const headers = { cookie, 'x-yiqiao-app': app }
    const get = <T>(path: string) => ask<T>('GET', path, headers)
    const post = <T>(path: string, key: string, body?: object) =>
      ask<T>('POST', path, { ...headers, 'idempotency-key': key }, body)
    const hospital = (id: number) => `/v1/hospitals/${id}`
    return {
      get,
      post,
      /** What needs no key: the same again has no other effect. */
      send: <T>(path: string, body: object) => ask<T>('POST', path, headers, body),
      openBills: (id: number) => get<{ bills: Bill[]; stale: boolean }>(`${hospital(id)}/bills`),
      quote: (id: number, key: string, body: object) =>
        post<Payment>(`${hospital(id)}/payments`, key, body),
      confirm: (id: number, payment: string, key: string, consent: Consent) =>
        post<Payment>(`${hospital(id)}/payments/${payment}/confirmation`, key, consent),
      cancel: (id: number, payment: string, key: string) =>
        post<Payment>(`${hospital(id)}/payments/${payment}/cancellation`, key),
      payment: (id: number, payment: string) => get<Payment>(`${hospital(id)}/payments/${payment}`),
      refund: (id: number, payment: string, key: string, body: object) =>
        post<Refund>(`${hospital(id)}/payments/${payment}/refunds`, key, body),
      financeDay: (id: number, date: string) =>
        get<FinanceDay>(`${hospital(id)}/finance/days/${date}`),
    }
  }

  async function ask<T>(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: object,
  ): Promise<ApiAnswer<T>> {
    return read<T>(await send(method, path, headers, body))
  }

  async function send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: object,
  ): Promise<Response> {
    const init = {
      method,
      headers: body ? { ...headers, 'content-type': 'application/json' } : headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    }
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await processes.duringOperation(async () => {
          const answer = await fetch(baseUrl + path, init)
          const [cookie = ''] = answer.headers.getSetCookie().map((header) => header.split(';')[0])
          return { status: answer.status, text: await answer.text(), cookie }
        })
        // A busy machine sheds load: nothing was done, and it may be asked again.
        const isShed = response.status === 503 && response.text.includes('http.overloaded')
        if (!isShed || attempt >= MOST_TRIES) return response
      } catch (error) {
        if (attempt >= MOST_TRIES) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}

type Response = { status: number; text: string; cookie: string }

function read<T>({ status, text }: Response): ApiAnswer<T> {
  const body = JSON.parse(text) as T & { code?: string; params?: Record<string, string | number> }
  if (status < 400) return { ok: true, body }
  return { ok: false, status, code: body.code ?? 'unknown', params: body.params ?? {} }
}
