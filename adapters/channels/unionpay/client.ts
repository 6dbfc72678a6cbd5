import type { ProviderCall } from '../../../modules/payments/index.ts'
import type { Limits, Received } from '../../../platform/outgoing/send.ts'
import { decodeUtf8, type Fields, readAnswer, toForm } from './message.ts'
import type { AdapterDeps, UnionPayAccount } from './params.ts'
import { redactFields, redactWords } from './redact.ts'
import { proofOf, signFields } from './signing.ts'
import { postForm } from './transport.ts'

/** Where a question goes: back for transactions, app for those that the SDK carries on, query, file. */
export type Endpoint = 'back' | 'app' | 'query' | 'file'

const PATHS: Record<Endpoint, string> = {
  back: '/gateway/api/backTransReq.do',
  app: '/gateway/api/appTransReq.do',
  query: '/gateway/api/queryTrans.do',
  file: '/',
}

const FRONT_PATH = '/gateway/api/frontTransReq.do'

export type Unknown = { outcome: 'unknown'; reason: string }

/** An answer proven to be UnionPay's, and to this question. */
export type ProvenAnswer = { respCode: string; reason: string; fields: Fields }

export type Client = {
  /**
   * Asks UnionPay. Only a proven answer reaches `read`; everything else is 'unknown': whoever answers for
   * UnionPay in between can refuse nothing.
   */
  ask<T extends { outcome: string }>(
    call: ProviderCall,
    endpoint: Endpoint,
    fields: Fields,
    read: (answer: ProvenAnswer) => T,
  ): Promise<T | Unknown>
  /** What a browser is to post, and where. Nothing is asked; that it was handed out is told to the trace. */
  form(call: ProviderCall, fields: Fields): { url: string; fields: Record<string, string> }
}

const MAX_BYTES = 1024 * 1024
/** A day of a large hospital has some ten thousand rows of half a kilobyte, packed to a tenth. */
const MAX_FILE_BYTES = 64 * 1024 * 1024
const FILE_DEADLINE_MS = 120_000

/** Speaks with UnionPay: signs what goes out, proves what comes in, and tells both to the trace. */
export function createClient(account: UnionPayAccount, deps: AdapterDeps): Client {
  const { timeoutMs } = deps
  const limitsOf = (endpoint: Endpoint): Limits =>
    endpoint === 'file'
      ? { pauseMs: timeoutMs, deadlineMs: FILE_DEADLINE_MS, bytes: MAX_FILE_BYTES }
      : { pauseMs: timeoutMs, deadlineMs: timeoutMs, bytes: MAX_BYTES }
  return {
    form(call, fields) {
      const signed = signFields(account.signing, withAccount(account, fields))
      call.trace({
        system: 'unionpay',
        operation: `form ${FRONT_PATH} ${signed['txnType']}-${signed['txnSubType']}`,
        direction: 'out',
        request: redactFields(signed),
        response: "handed to the payer's browser",
        outcome: 'pending',
        startedAt: deps.clock.now(),
        durationMs: 0,
      })
      return { url: `${account.gatewayUrl}${FRONT_PATH}`, fields: signed }
    },
    async ask(call, endpoint, fields, read) {
      const startedAt = deps.clock.now()
      const sent = signFields(account.signing, withAccount(account, fields))
      const origin = endpoint === 'file' ? account.fileUrl : account.gatewayUrl
      const url = `${origin}${PATHS[endpoint]}`
      const received = await postForm(url, toForm(sent), limitsOf(endpoint))
      const proven = readProven(account, deps.clock.now(), sent, received)
      const answer = 'answer' in proven ? read(proven.answer) : unknown(proven.reason)
      call.trace({
        system: 'unionpay',
        operation: `POST ${PATHS[endpoint]} ${sent['txnType']}-${sent['txnSubType']}`,
        direction: 'out',
        request: redactFields(sent),
        response: proven.text,
        outcome: answer.outcome,
        startedAt,
        durationMs: deps.clock.now().getTime() - startedAt.getTime(),
      })
      return answer
    },
  }
}

const withAccount = (account: UnionPayAccount, fields: Fields): Fields => ({
  version: '5.1.0',
  encoding: 'UTF-8',
  accessType: '0', // a merchant of its own, not of an acquirer or a platform
  merId: account.merId,
  ...fields,
})

type Proven = { answer: ProvenAnswer; text: string } | { reason: string; text: string }

function readProven(account: UnionPayAccount, now: Date, sent: Fields, received: Received): Proven {
  if (received.kind !== 'answered') return { reason: received.reason, text: received.reason }
  const { status, body } = received
  const words = decodeUtf8(body)
  const fields = status === 200 && words !== null ? readAnswer(words) : null
  if (fields === null || words === null) {
    const reason = `HTTP ${status}: not an answer of UnionPay's`
    return { reason, text: `${reason} ${redactWords(words ?? '')}` }
  }
  const text = redactFields(fields)
  const proof = proofOf(account.signing, account, fields, now)
  const problem = proof.proven ? strangeness(sent, fields) : proof.reason
  if (problem !== null) return { reason: problem, text: `${problem} ${text}` }
  const respCode = fields['respCode'] ?? ''
  return { answer: { respCode, reason: reasonOf(respCode, fields['respMsg']), fields }, text }
}

// What an answer repeats of its question. An old answer, genuine as it is, must not pass for a new one.
const ECHOED = ['merId', 'orderId', 'txnTime', 'txnType', 'txnSubType', 'settleDate'] as const

function strangeness(sent: Fields, answer: Fields): string | null {
  const given = ECHOED.filter((name) => sent[name] !== undefined && answer[name] !== undefined)
  const strange = given.find((name) => sent[name] !== answer[name])
  if (strange !== undefined) return `the answer is to another ${strange}`
  const required = sent['orderId'] === undefined ? ['merId'] : ['merId', 'orderId', 'txnTime']
  const missing = required.find((name) => answer[name] === undefined)
  return missing === undefined ? null : `the answer names no ${missing}`
}

/** UnionPay's own words with their code, for people. */
export const reasonOf = (code: string, words: string | undefined): string =>
  `respCode ${code.slice(0, 8)} ${redactWords(words ?? '')}`.trim()

export const unknown = (reason: string): Unknown => ({ outcome: 'unknown', reason })
