import { isUtf8 } from 'node:buffer'

import { type Random, randomHex } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { ProviderCall } from '../../../modules/payments/index.ts'
import type { WechatPayAccount } from './params.ts'
import { maskAccounts, redact } from './redact.ts'
import { authorizationOf, headerOf, proofOf } from './signing.ts'
import { type Limits, type Received, sendOnce } from './transport.ts'

export type ClientDeps = { clock: Clock; random: Random; timeoutMs: number }

export type ApiRequest = {
  method: 'GET' | 'POST'
  path: string // with query, as it is sent and signed
  operation: string // 'GET /v3/pay/transactions/out-trade-no/{out_trade_no}'
  body?: object
  /** The payer's openid where the request carries it: kept out of the trace. */
  account?: string
}

/** An answer proven to be WeChat's. `json` is undefined when the body is empty or no JSON. */
export type SignedReply = { status: number; json: unknown; requestId: string | null }

export type Unknown = { outcome: 'unknown'; reason: string }

export type Client = {
  /**
   * Asks the API. Only a proven answer reaches `read`; everything else is 'unknown', an error status as
   * well: whoever answers for WeChat in between can refuse nothing.
   */
  ask<T extends { outcome: string }>(
    call: ProviderCall,
    request: ApiRequest,
    read: (reply: SignedReply) => T,
  ): Promise<T | Unknown>
  /** Fetches a bill file, which comes unsigned and is proven by its hash. */
  download(call: ProviderCall, request: ApiRequest): Promise<Download>
}

export type Download = { outcome: 'received'; bytes: Buffer } | { outcome: 'too_large' } | Unknown

const MAX_API_BYTES = 2 * 1024 * 1024
/** A day's bill of a large hospital has some ten megabytes; a larger file is refused, never cut. */
export const MAX_BILL_BYTES = 64 * 1024 * 1024
const BILL_DEADLINE_MS = 120_000

/** Speaks with WeChat Pay: signs what goes out, proves what comes in, and tells both to the trace. */
export function createClient(account: WechatPayAccount, deps: ClientDeps): Client {
  const origins = [account.baseUrl, ...(account.backupUrl === null ? [] : [account.backupUrl])]
  const times = { pauseMs: deps.timeoutMs, deadlineMs: deps.timeoutMs }
  const apiLimits = { ...times, bytes: MAX_API_BYTES }
  const billLimits = { ...times, bytes: MAX_BILL_BYTES, deadlineMs: BILL_DEADLINE_MS }
  return {
    ask: (call, request, read) =>
      exchange(call, request, apiLimits, (received) =>
        readProven(account, deps.clock.now(), request, received, read),
      ),
    download: (call, request) => exchange(call, request, billLimits, readFile),
  }

  /** One question: at the backup host as well when it is certain that the first was not reached. */
  async function exchange<T extends { outcome: string }>(
    call: ProviderCall,
    request: ApiRequest,
    limits: Limits,
    read: (received: Received) => Judged<T>,
  ): Promise<T> {
    const [origin = account.baseUrl, ...others] = origins
    let { answer, nothingSent } = await exchangeAt(origin, call, request, limits, read)
    for (const other of others) {
      if (!nothingSent) break
      ;({ answer, nothingSent } = await exchangeAt(other, call, request, limits, read))
    }
    return answer
  }

  async function exchangeAt<T extends { outcome: string }>(
    origin: string,
    call: ProviderCall,
    request: ApiRequest,
    limits: Limits,
    read: (received: Received) => Judged<T>,
  ): Promise<{ answer: T; nothingSent: boolean }> {
    const startedAt = deps.clock.now()
    const { method, path } = request
    const body = request.body === undefined ? '' : JSON.stringify(request.body)
    const nonce = randomHex(deps.random, 16)
    const authorization = authorizationOf(account, { method, path, body }, startedAt, nonce)
    const received = await sendOnce(origin, { method, path, body, authorization }, limits)
    const { answer, text } = read(received)
    call.trace({
      system: 'wechat',
      operation: request.operation,
      direction: 'out',
      request: redact(body === '' ? withoutToken(path) : body, request.account ?? null),
      response: text,
      outcome: answer.outcome,
      startedAt,
      durationMs: deps.clock.now().getTime() - startedAt.getTime(),
    })
    return { answer, nothingSent: received.kind === 'failed' && received.nothingSent }
  }
}

function readProven<T extends { outcome: string }>(
  account: WechatPayAccount,
  now: Date,
  request: ApiRequest,
  received: Received,
  read: (reply: SignedReply) => T,
): Judged<T | Unknown> {
  if (received.kind !== 'answered') return judged(unknown(received.reason), received.reason)
  const { status, headers, body } = received
  const openid = request.account ?? null
  const words = body.toString('utf8')
  const text = redact(words, openid)
  const proof = proofOf(account.platformKeys, headers, body, now)
  if (!proof.proven) {
    const reason = `HTTP ${status}: ${proof.reason}`
    return judged(unknown(reason), `${reason} ${text}`)
  }
  const requestId = headerOf(headers, 'request-id')
  // The words of a refusal go to the payer's record, and WeChat may repeat the account in them.
  // Bytes of another encoding were replaced on reading: whatever was signed, it is not what would be believed.
  const json = isUtf8(body)
    ? parse(status === 200 ? words : maskAccounts(words, openid))
    : undefined
  const answer = read({ status, json, requestId })
  // The status and the number in Request-ID are half of a refusal, so they stand with it.
  const said = status === 200 ? [text] : [`HTTP ${status}`, requestId ?? '', text]
  return judged(answer, said.filter((part) => part !== '').join(' '))
}

function readFile(received: Received): Judged<Download> {
  switch (received.kind) {
    case 'failed':
      return judged(unknown(received.reason), received.reason)
    case 'too_large':
      return judged({ outcome: 'too_large' }, received.reason)
    case 'answered': {
      const { status, body } = received
      if (status !== 200) return judged(unknown(`HTTP ${status}`), `HTTP ${status}`)
      return judged({ outcome: 'received', bytes: body }, `${body.length} bytes`)
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The token of a download address opens the bill. */
const withoutToken = (path: string): string => path.replace(/([?&]token=)[^&]*/, '$1***')

const unknown = (reason: string): Unknown => ({ outcome: 'unknown', reason })

const judged = <T>(answer: T, text: string): Judged<T> => ({ answer, text })

/** The answer, and the words about it for the trace. */
type Judged<T> = { answer: T; text: string }
