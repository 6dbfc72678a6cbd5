import type { Clock } from '../../../kernel/time.ts'
import type { InsurerAnswer, InsurerCall, Refusal } from '../../../modules/coverage/index.ts'
import type { HeardText, Patience } from '../../../platform/outgoing/hear.ts'
import { OperationOutcome, Token } from './answers.ts'
import type { FhirParams } from './params.ts'
import { redact, redactText } from './redact.ts'
import { send } from './transport.ts'

export type FhirDeps = { clock: Clock; timeoutMs: number }

/** One interaction: what is sent, and what its answer means. */
export type Interaction<T> = {
  path: string // with its query: '/fhir/Task?identifier=…'
  /** A resource, or a form for a search that names a person; null fetches. */
  sent: { resource: object } | { form: Readonly<Record<string, string>> } | null
  /** Values that must not be kept, wherever they come back. */
  secrets?: readonly string[]
  /** Carries papers: may take longer than a message. */
  withPapers?: boolean
  /** Reads the resource of a yes. Null when it is out of shape, which makes the answer 'unknown'. */
  read(resource: unknown): InsurerAnswer<T> | null
}

export type Ask = <T>(call: InsurerCall, interaction: Interaction<T>) => Promise<InsurerAnswer<T>>

/** Papers take longer than a message. */
const PAPERS_TIMES = 4
/** A token is not used to its last second. */
const TOKEN_MARGIN_MS = 30_000

/** Asks under a token of client credentials, fetched anew when it ends, and tells each exchange, redacted. */
export function createClient(params: FhirParams, { clock, timeoutMs }: FhirDeps): Ask {
  const root = params.baseUrl.replace(/\/+$/, '')
  let token: { value: string; endsAtMs: number } | null = null
  return ask

  async function ask<T>(call: InsurerCall, interaction: Interaction<T>): Promise<InsurerAnswer<T>> {
    for (let isRepeat = false; ; isRepeat = true) {
      const held = token && token.endsAtMs > clock.now().getTime() ? token.value : null
      const value = held ?? (await signIn(call))
      if (value === null) return unknown('not signed in')
      const { heard, answer } = await exchange(call, interaction, value)
      const isForWantOfToken = 'status' in heard && heard.status === 401
      if (!isForWantOfToken || isRepeat) return answer
      token = null
    }
  }

  async function signIn(call: InsurerCall): Promise<string | null> {
    const startedAt = clock.now()
    const heard = await askForToken(root, params, { timeoutMs, signal: call.signal })
    const granted = 'text' in heard && heard.status === 200 ? parse(heard.text) : undefined
    const isGranted = Token.Check(granted) && granted.token_type.toLowerCase() === 'bearer'
    trace(call, {
      operation: 'POST /oauth/token',
      request: 'grant_type=client_credentials',
      response: responseText(heard, []),
      outcome: isGranted ? 'ok' : `unknown: ${reasonOf(heard)}`,
      startedAt,
    })
    if (!isGranted) return null
    const endsAtMs = startedAt.getTime() + granted.expires_in * 1_000 - TOKEN_MARGIN_MS
    token = { value: granted.access_token, endsAtMs }
    return granted.access_token
  }

  async function exchange<T>(call: InsurerCall, interaction: Interaction<T>, bearer: string) {
    const { path, sent, secrets = [], withPapers = false } = interaction
    const startedAt = clock.now()
    const limitMs = withPapers ? PAPERS_TIMES * timeoutMs : timeoutMs
    const limits = { timeoutMs: limitMs, signal: call.signal }
    const heard = await send({ url: root + path, ...wireOf(sent, bearer) }, limits)
    const answer = judge(heard, interaction)
    trace(call, {
      operation: `${sent === null ? 'GET' : 'POST'} ${path}`,
      request: requestText(sent, secrets),
      response: responseText(heard, secrets),
      outcome: outcomeText(answer),
      startedAt,
    })
    return { heard, answer }
  }

  function trace(call: InsurerCall, said: Said): void {
    call.trace({
      system: 'commercial_insurance',
      direction: 'out',
      ...said,
      operation: `${params.code} ${said.operation}`,
      durationMs: Math.max(0, clock.now().getTime() - said.startedAt.getTime()),
    })
  }
}

type Said = {
  operation: string
  request: string
  response: string
  outcome: string
  startedAt: Date
}

export const unknown = (reason: string) => ({ outcome: 'unknown', reason }) as const

export const refused = (code: Refusal, message: string) =>
  ({ outcome: 'refused', code, message }) as const

export const ok = <T>(data: T) => ({ outcome: 'ok', data }) as const

const FHIR_JSON = 'application/fhir+json'
const FORM = 'application/x-www-form-urlencoded'

/** Statuses under which the insurer says no on the matter itself, with an OperationOutcome. */
const NO_STATUSES = new Set([400, 404, 409, 422])

function judge<T>(heard: HeardText, { read, secrets = [] }: Judging<T>): InsurerAnswer<T> {
  if ('silence' in heard) return unknown(heard.silence)
  const resource = parse(heard.text)
  if (heard.status === 200 || heard.status === 201) {
    return read(resource) ?? unknown('the resource is out of shape')
  }
  if (!NO_STATUSES.has(heard.status) || !OperationOutcome.Check(resource)) {
    return unknown(`HTTP ${heard.status}`)
  }
  const [issue] = resource.issue
  const code = issue?.details.coding[0]?.code
  if (issue === undefined || code === undefined) return unknown('an outcome without a code')
  return refused(REFUSED[code] ?? 'refused', `${code} ${redactText(issue.details.text, secrets)}`)
}

type Judging<T> = {
  read: (resource: unknown) => InsurerAnswer<T> | null
  secrets?: readonly string[]
}

const REFUSED: Readonly<Record<string, Refusal>> = {
  policy_not_found: 'policy_unknown',
  person_not_matched: 'policy_unknown',
  not_in_force: 'policy_lapsed',
  policy_ended: 'policy_lapsed',
  waiting_period: 'waiting_period',
  visit_kind_not_covered: 'not_covered',
  diagnosis_excluded: 'not_covered',
  cap_used_up: 'limit_reached',
  expired: 'advance_expired',
  cancelled: 'advance_expired',
  amount_differs: 'figures_changed',
  claim_not_found: 'order_unknown',
  settled: 'already_settled',
  more_than_left: 'already_returned',
  statement_not_ready: 'not_ready',
}

function askForToken(root: string, { clientId, clientSecret }: FhirParams, limits: Patience) {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
  const headers = { 'content-type': FORM, authorization: `Basic ${basic}` }
  const body = 'grant_type=client_credentials'
  return send({ url: `${root}/oauth/token`, headers, body }, limits)
}

function wireOf(sent: Interaction<unknown>['sent'], bearer: string) {
  const headers = { accept: FHIR_JSON, authorization: `Bearer ${bearer}` }
  if (sent === null) return { headers, body: null }
  return 'form' in sent
    ? {
        headers: { ...headers, 'content-type': FORM },
        body: new URLSearchParams(sent.form).toString(),
      }
    : {
        headers: { ...headers, 'content-type': FHIR_JSON },
        body: JSON.stringify(sent.resource),
      }
}

function requestText(sent: Interaction<unknown>['sent'], secrets: readonly string[]): string {
  if (sent === null) return ''
  return 'form' in sent
    ? `form: ${Object.keys(sent.form).join(' ')}`
    : redact(sent.resource, secrets)
}

// Of what is no JSON, nothing is kept but its size: no one can say what stands in it.
function responseText(heard: HeardText, secrets: readonly string[]): string {
  if ('silence' in heard) return ''
  const json = parse(heard.text)
  return json === undefined
    ? `status ${heard.status}, ${heard.text.length} characters, no JSON`
    : redact(json, secrets)
}

const reasonOf = (heard: HeardText): string =>
  'silence' in heard ? heard.silence : `HTTP ${heard.status}`

function outcomeText(answer: InsurerAnswer<unknown>): string {
  switch (answer.outcome) {
    case 'ok':
      return 'ok'
    case 'refused':
      return `refused: ${answer.code} ${answer.message}`
    case 'unknown':
      return `unknown: ${answer.reason}`
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
