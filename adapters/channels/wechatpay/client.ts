import { isUtf8 } from 'node:buffer'

import { randomHex } from '../../../kernel/random.ts'
import type { ProviderCall } from '../../../modules/payments/index.ts'
import type { Received } from '../../../platform/outgoing/send.ts'
import {
  type Ask,
  type ClientDeps,
  type Judged,
  judged,
  type Question,
  type Unknown,
  unknown,
} from './exchange.ts'
import { createKeyRing, type KeyRing } from './key-ring.ts'
import type { WechatPayAccount } from './params.ts'
import { maskAccounts, redact } from './redact.ts'
import { authorizationOf, headerOf, proofOf } from './signing.ts'

export type ApiRequest = {
  method: 'GET' | 'POST'
  path: string // with query, as it is sent and signed
  operation: string // 'GET /v3/pay/transactions/out-trade-no/{out_trade_no}'
  body?: object
  /** The payer's openid where the request carries it: kept out of the trace. */
  account?: string
  /** The id of the platform's key that fields of the body were sealed with. */
  sealedWith?: string
}

/** An answer proven to be WeChat's. `json` is undefined when the body is empty or no JSON. */
export type SignedReply = { status: number; json: unknown; requestId: string | null }

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
  /** The platform's keys, as far as they are known now. */
  readonly ring: KeyRing
}

export type Download = { outcome: 'received'; bytes: Buffer } | { outcome: 'too_large' } | Unknown

const MAX_API_BYTES = 2 * 1024 * 1024
/** A day's bill of a large hospital has some ten megabytes; a larger file is refused, never cut. */
export const MAX_BILL_BYTES = 64 * 1024 * 1024
const BILL_DEADLINE_MS = 120_000

/** Speaks with WeChat Pay: signs what goes out, proves what comes in, and tells both to the trace. */
export function createClient(account: WechatPayAccount, exchange: Ask, deps: ClientDeps): Client {
  const times = { pauseMs: deps.timeoutMs, deadlineMs: deps.timeoutMs }
  const apiLimits = { ...times, bytes: MAX_API_BYTES }
  const billLimits = { ...times, bytes: MAX_BILL_BYTES, deadlineMs: BILL_DEADLINE_MS }
  const certificates = account.cryptography === 'SM' ? SM_CERTIFICATES : CERTIFICATES
  const ring = createKeyRing(account, deps.clock, {
    ask: (call, read) =>
      exchange(call, questionOf(account, deps, certificates), apiLimits, (received) =>
        readWith(received, certificates, read),
      ),
  })
  return {
    ring,
    async ask(call, request, read) {
      await ring.prepare(call)
      return exchange(call, questionOf(account, deps, request), apiLimits, (received) =>
        readProven(ring, deps.clock.now(), request, received, read),
      )
    },
    download: (call, request) =>
      exchange(call, questionOf(account, deps, request), billLimits, readFile),
  }
}

const CERTIFICATES: ApiRequest = {
  method: 'GET',
  path: '/v3/certificates',
  operation: 'GET /v3/certificates',
}

const SM_CERTIFICATES: ApiRequest = { ...CERTIFICATES, path: '/v3/certificates?algorithm_type=SM2' }

function questionOf(
  account: WechatPayAccount,
  { random }: ClientDeps,
  request: ApiRequest,
): Question {
  const { method, path, operation } = request
  const body = request.body === undefined ? '' : JSON.stringify(request.body)
  return {
    operation,
    shown: redact(body === '' ? withoutToken(path) : body, request.account ?? null),
    wire(at) {
      const nonce = randomHex(random, 16)
      const authorization = authorizationOf(account, { method, path, body }, at, nonce)
      const headers: Record<string, string> = { accept: 'application/json', authorization }
      if (body !== '') headers['content-type'] = 'application/json'
      if (request.sealedWith !== undefined) headers['wechatpay-serial'] = request.sealedWith
      return { method, path, body, headers }
    },
  }
}

function readProven<T extends { outcome: string }>(
  ring: KeyRing,
  now: Date,
  request: ApiRequest,
  received: Received,
  read: (reply: SignedReply) => T,
): Judged<T | Unknown> {
  return readWith(received, request, (answered, text): Judged<T | Unknown> => {
    const { status, headers, body } = answered
    const proof = proofOf(ring, headers, body, now)
    if (!proof.proven) {
      const reason = `HTTP ${status}: ${proof.reason}`
      return judged(unknown(reason), `${reason} ${text}`)
    }
    const words = body.toString('utf8')
    const requestId = headerOf(headers, 'request-id')
    // The words of a refusal go to the payer's record, and WeChat may repeat the account in them.
    const masked = status === 200 ? words : maskAccounts(words, request.account ?? null)
    // Bytes of another encoding were replaced on reading: whatever was signed, it is not what would be believed.
    const json = isUtf8(body) ? parse(masked) : undefined
    const answer = read({ status, json, requestId })
    // The status and the number in Request-ID are half of a refusal, so they stand with it.
    const said = status === 200 ? [text] : [`HTTP ${status}`, requestId ?? '', text]
    return judged(answer, said.filter((part) => part !== '').join(' '))
  })
}

/** An answer with its text fit for the trace; 'unknown' where there was none. */
function readWith<T>(
  received: Received,
  request: ApiRequest,
  read: (answered: Extract<Received, { kind: 'answered' }>, text: string) => Judged<T>,
): Judged<T | Unknown> {
  if (received.kind !== 'answered') return judged(unknown(received.reason), received.reason)
  return read(received, redact(received.body.toString('utf8'), request.account ?? null))
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
