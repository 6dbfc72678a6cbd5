import type { i18n } from 'i18next'

/** What went wrong with a request, as far as it is known. `instance` is null where no answer came. */
export type Failure = {
  code: string
  params: Record<string, string | number>
  instance: string | null
  /** False when nobody knows whether the request was carried out: no answer, or a fault of the server. */
  isDefinite: boolean
}

/** No answer came: no network, or the hub is away. Not a code of the hub. */
export const UNREACHABLE = 'network.unreachable'

/** Reads whatever a query or a mutation threw: a problem of the hub, or the lack of an answer. */
export function readFailure(error: unknown): Failure {
  if (isProblem(error)) {
    const { code, params = {}, instance, status } = error
    const isDefinite = status < 500 && code !== 'http.idempotency_key_running'
    return { code, params, instance, isDefinite }
  }
  // The browser's fetch throws a TypeError when there is no answer; anything else is no JSON of ours.
  const code = error instanceof TypeError || isAbort(error) ? UNREACHABLE : 'http.failed'
  return { code, params: {}, instance: null, isDefinite: false }
}

/** The words for a failure, from locales/<language>/errors.json. A code without words is a fault. */
export function failureText({ t, exists }: Pick<i18n, 't' | 'exists'>, failure: Failure): string {
  const key = `errors:${failure.code}`
  return t(exists(key) ? key : 'errors:http.failed', failure.params)
}

/** True where asking again may help without anyone doing anything else. */
export function isWorthRetrying(error: unknown): boolean {
  const { code } = readFailure(error)
  return code === UNREACHABLE || /unavailable$|overloaded$/.test(code)
}

function isProblem(error: unknown): error is ProblemLike {
  if (typeof error !== 'object' || error === null) return false
  const { code, status, instance } = error as Partial<ProblemLike>
  return typeof code === 'string' && typeof status === 'number' && typeof instance === 'string'
}

const isAbort = (error: unknown) =>
  error instanceof DOMException && (error.name === 'AbortError' || error.name === 'TimeoutError')

type ProblemLike = {
  code: string
  status: number
  params?: Record<string, string | number>
  instance: string
}
