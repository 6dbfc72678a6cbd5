import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

import { type Random, randomHex } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { InsurerAnswer, InsurerCall, Refusal } from '../../../modules/coverage/index.ts'
import type { HeardText } from '../../../platform/outgoing/hear.ts'
import type { DirectParams } from './params.ts'
import { redact, redactText } from './redact.ts'
import { post } from './transport.ts'

export type DirectDeps = { clock: Clock; random: Random; timeoutMs: number }

/** One question of the interface: what is sent, and what its answer means. */
export type Question<T> = {
  path: string
  fields: object
  /** Values of the question that must not be kept, wherever they come back. */
  secrets?: readonly string[]
  /** Carries papers: may take longer than a message. */
  withPapers?: boolean
  /** Reads the data of a yes. Null when it is out of shape, which makes the answer 'unknown'. */
  read(data: unknown): InsurerAnswer<T> | null
  /** What a code means here; null leaves it to the common list. */
  onCode?(code: string, message: string): InsurerAnswer<T> | null
}

export type Ask = <T>(call: InsurerCall, question: Question<T>) => Promise<InsurerAnswer<T>>

/** Papers take longer than a message. */
const PAPERS_TIMES = 4

/** Signs each question, believes only what is proven to answer it, and tells both to the trace, redacted. */
export function createClient(params: DirectParams, { clock, random, timeoutMs }: DirectDeps): Ask {
  const root = params.baseUrl.replace(/\/+$/, '')
  return async (call, question) => {
    const { path, secrets = [], withPapers = false } = question
    const startedAt = clock.now()
    const fields = { hospitalCode: params.hospitalCode, ...question.fields }
    const body = JSON.stringify(fields)
    const nonce = randomHex(random, 16)
    const headers = signed(params, path, { at: startedAt, nonce, body })
    const heard = await post(
      { url: root + path, headers, body },
      { timeoutMs: withPapers ? PAPERS_TIMES * timeoutMs : timeoutMs, signal: call.signal },
    )
    const answer = judge(params, heard, nonce, question)
    call.trace({
      system: 'commercial_insurance',
      operation: `${params.code} POST ${path}`,
      direction: 'out',
      request: redact(fields, secrets),
      response: responseText(heard, secrets),
      outcome: outcomeText(answer),
      startedAt,
      durationMs: Math.max(0, clock.now().getTime() - startedAt.getTime()),
    })
    return answer
  }
}

export const unknown = (reason: string) => ({ outcome: 'unknown', reason }) as const

export const refused = (code: Refusal, message: string) =>
  ({ outcome: 'refused', code, message }) as const

export const ok = <T>(data: T) => ({ outcome: 'ok', data }) as const

function signed(
  { appId, secret }: DirectParams,
  path: string,
  { at, nonce, body }: { at: Date; nonce: string; body: string },
): Record<string, string> {
  const timestamp = String(at.getTime())
  return {
    'x-hd-appid': appId,
    'x-hd-timestamp': timestamp,
    'x-hd-nonce': nonce,
    'x-hd-signature': hmac(secret, ['POST', path, timestamp, nonce, sha256(body)]),
  }
}

function judge<T>(
  params: DirectParams,
  heard: HeardText,
  nonce: string,
  question: Question<T>,
): InsurerAnswer<T> {
  if ('silence' in heard) return unknown(heard.silence)
  if (heard.status !== 200) return unknown(`HTTP ${heard.status}`)
  if (!isProven(params, heard, nonce))
    return unknown('the answer is not proven to be the insurer’s')
  const envelope = parse(heard.text)
  if (typeof envelope !== 'object' || envelope === null) return unknown('no JSON object')
  const { code, message, data } = envelope as Record<string, unknown>
  if (typeof code !== 'string' || typeof message !== 'string')
    return unknown('code or message is missing')
  if (code === '0000') return question.read(data) ?? unknown('the data is out of shape')
  const said = redactText(message, question.secrets ?? [])
  return question.onCode?.(code, said) ?? refusalOf(code, said)
}

/** 9999: the insurer broke, and nobody decided anything. */
const refusalOf = (code: string, message: string) =>
  code === '9999' ? unknown(message) : refused(REFUSED[code] ?? 'refused', `${code} ${message}`)

const REFUSED: Readonly<Record<string, Refusal>> = {
  '3001': 'policy_unknown',
  '3002': 'policy_unknown',
  '3003': 'policy_lapsed',
  '3004': 'waiting_period',
  '3005': 'not_covered',
  '3006': 'limit_reached',
  '4001': 'order_unknown',
  '4002': 'advance_expired',
  '4003': 'advance_expired',
  '4004': 'already_settled',
  '4006': 'figures_changed',
  '4007': 'already_returned',
  '5001': 'not_ready',
}

/** The answer carries the nonce of its question, so that no other answer can stand in for it. */
function isProven(
  { secret }: DirectParams,
  { headers, text }: Extract<HeardText, { text: string }>,
  nonce: string,
): boolean {
  const { 'x-hd-timestamp': timestamp, 'x-hd-nonce': echoed, 'x-hd-signature': signature } = headers
  if (typeof timestamp !== 'string' || typeof signature !== 'string' || echoed !== nonce)
    return false
  const expected = Buffer.from(hmac(secret, [timestamp, nonce, sha256(text)]))
  const given = Buffer.from(signature)
  return expected.length === given.length && timingSafeEqual(expected, given)
}

const hmac = (secret: string, lines: readonly string[]): string =>
  createHmac('sha256', secret).update(lines.join('\n')).digest('hex')

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

// Of what is no JSON, nothing is kept but its size: no one can say what stands in it.
function responseText(heard: HeardText, secrets: readonly string[]): string {
  if ('silence' in heard) return ''
  const json = parse(heard.text)
  return json === undefined
    ? `status ${heard.status}, ${heard.text.length} characters, no JSON`
    : redact(json, secrets)
}

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
