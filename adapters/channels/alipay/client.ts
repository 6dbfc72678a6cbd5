import type { KeyObject } from 'node:crypto'

import { type Clock, toShanghaiText } from '../../../kernel/time.ts'
import type { ProviderCall } from '../../../modules/payments/index.ts'
import type { Limits, Received } from '../../../platform/outgoing/send.ts'
import type { AlipayAccount } from './params.ts'
import { maskWords, redact } from './redact.ts'
import { decryptContent, encryptContent, isSigned, rawMembers, signParams } from './signing.ts'
import { sendForm } from './transport.ts'

export type ClientDeps = { clock: Clock; timeoutMs: number }

export type ApiRequest = {
  method: string // 'alipay.trade.precreate'
  content: Readonly<Record<string, unknown>> // biz_content
  /** Whether Alipay is to send notices of it. */
  notified?: boolean
  /** Where the page leads back to. */
  returnUrl?: string | null
  /** The payer's account or barcode where the request carries it: kept out of the trace. */
  secrets?: readonly string[]
}

/** An answer proven to be Alipay's. `node` is undefined when it is no JSON object. */
export type ProvenReply = { code: string; subCode: string; message: string; node: unknown }

export type Unknown = { outcome: 'unknown'; reason: string }

export type Client = {
  /**
   * Asks the gateway. Only a proven answer reaches `read`; everything else is 'unknown', an error as well: whoever
   * answers for Alipay in between can refuse nothing.
   */
  ask<T extends { outcome: string }>(
    call: ProviderCall,
    request: ApiRequest,
    read: (reply: ProvenReply) => T,
  ): Promise<T | Unknown>
  /** Signs a request that the payer's own device will bring to Alipay. */
  sign(call: ProviderCall, request: ApiRequest): Record<string, string>
  /** Fetches a bill file, which comes unsigned, from an address that came signed. */
  download(call: ProviderCall, url: string): Promise<Download>
}

export type Download = { outcome: 'received'; bytes: Buffer } | { outcome: 'too_large' } | Unknown

const MAX_API_BYTES = 2 * 1024 * 1024
/** A day's bill of a large hospital has a few megabytes when packed; a larger file is refused, never cut. */
export const MAX_ZIP_BYTES = 32 * 1024 * 1024
const BILL_DEADLINE_MS = 120_000

/** Speaks with Alipay: signs what goes out, proves what comes in, and tells both to the trace. */
export function createClient(account: AlipayAccount, deps: ClientDeps): Client {
  const times = { pauseMs: deps.timeoutMs, deadlineMs: deps.timeoutMs }
  const apiLimits: Limits = { ...times, bytes: MAX_API_BYTES }
  const billLimits: Limits = { ...times, bytes: MAX_ZIP_BYTES, deadlineMs: BILL_DEADLINE_MS }
  return { ask, sign, download }

  async function ask<T extends { outcome: string }>(
    call: ProviderCall,
    request: ApiRequest,
    read: (reply: ProvenReply) => T,
  ): Promise<T | Unknown> {
    const startedAt = deps.clock.now()
    const { biz_content: content = '', ...inQuery } = signedParams(account, request, startedAt)
    const url = `${account.gatewayUrl}?${new URLSearchParams(inQuery).toString()}`
    const received = await sendForm({ url, form: { biz_content: content } }, apiLimits)
    const { answer, text } = readProven(account, request, received, read)
    tell(call, request, startedAt, answer.outcome, text)
    return answer
  }

  function sign(call: ProviderCall, request: ApiRequest): Record<string, string> {
    const startedAt = deps.clock.now()
    tell(call, request, startedAt, 'pending', 'signed for the payer to bring')
    return signedParams(account, request, startedAt)
  }

  async function download(call: ProviderCall, url: string): Promise<Download> {
    const startedAt = deps.clock.now()
    const received = await sendForm({ url, form: null }, billLimits)
    const { answer, text } = readFile(received)
    const operation = 'GET bill_download_url'
    trace(call, operation, url.replace(/\?.*$/s, '?***'), startedAt, answer.outcome, text)
    return answer
  }

  function tell(
    call: ProviderCall,
    { method, content, secrets = [] }: ApiRequest,
    startedAt: Date,
    outcome: string,
    text: string,
  ): void {
    trace(call, method, redact(JSON.stringify(content), secrets), startedAt, outcome, text)
  }

  function trace(
    call: ProviderCall,
    operation: string,
    request: string,
    startedAt: Date,
    outcome: string,
    response: string,
  ): void {
    const durationMs = deps.clock.now().getTime() - startedAt.getTime()
    const said = { system: 'alipay', operation, direction: 'out', request, response } as const
    call.trace({ ...said, outcome, startedAt, durationMs })
  }
}

function signedParams(
  account: AlipayAccount,
  request: ApiRequest,
  at: Date,
): Record<string, string> {
  const { verification, contentKey, appAuthToken } = account
  const content = JSON.stringify(request.content)
  const certificates =
    verification.mode === 'certificate'
      ? { app_cert_sn: verification.appCertSn, alipay_root_cert_sn: verification.rootCertSn }
      : {}
  const params: Record<string, string> = {
    app_id: account.appId,
    method: request.method,
    format: 'JSON',
    charset: 'utf-8',
    sign_type: 'RSA2',
    timestamp: toShanghaiText(at),
    version: '1.0',
    ...(request.notified ? { notify_url: account.notifyUrl } : {}),
    ...(request.returnUrl ? { return_url: request.returnUrl } : {}),
    ...(appAuthToken === null ? {} : { app_auth_token: appAuthToken }),
    ...certificates,
    ...(contentKey === null ? {} : { encrypt_type: 'AES' }),
    biz_content: contentKey === null ? content : encryptContent(contentKey, content),
  }
  return { ...params, sign: signParams(account.appKey, params) }
}

function readProven<T extends { outcome: string }>(
  account: AlipayAccount,
  request: ApiRequest,
  received: Received,
  read: (reply: ProvenReply) => T,
): Judged<T | Unknown> {
  if (received.kind !== 'answered') return judged(unknown(received.reason), received.reason)
  const secrets = request.secrets ?? []
  const words = received.body.toString('utf8')
  const distrusted = (why: string) => {
    const reason = `HTTP ${received.status}: ${why}`
    return judged(unknown(reason), `${reason} ${redact(words, secrets)}`)
  }
  if (received.status !== 200) return distrusted('no answer of the gateway')
  const proof = proofOf(account, request.method, words)
  if (!proof.proven) return distrusted(proof.reason)
  const { json } = proof
  const node = parse(json)
  const { code, sub_code: subCode, sub_msg: subMessage, msg } = textsOf(node)
  const message = maskWords(subMessage || msg, secrets)
  return judged(read({ code, subCode, message, node }), redact(json, secrets))
}

type Proof = { proven: true; json: string } | { proven: false; reason: string }

/**
 * Takes the node of an answer when its signature is Alipay's, and opens it when it is encrypted. An answer to
 * another method, as well as an error of the gateway itself, stands under another name.
 */
function proofOf(account: AlipayAccount, method: string, words: string): Proof {
  const members = rawMembers(words)
  if (members === null) return unproven('it is no answer of Alipay')
  const name = `${method.replaceAll('.', '_')}_response`
  const raw = members.get(name) ?? members.get('error_response')
  const signature = parse(members.get('sign') ?? '')
  if (raw === undefined) return unproven('it answers another method')
  if (typeof signature !== 'string') return unproven('it carries no signature')
  const { verification } = account
  let key: KeyObject | undefined
  if (verification.mode === 'public_key') key = verification.alipayKey
  else {
    const serial = parse(members.get('alipay_cert_sn') ?? '')
    key = typeof serial === 'string' ? verification.alipayKeys.get(serial) : undefined
    if (!key) return unproven(`its certificate ${String(serial).slice(0, 64)} is not known`)
  }
  const sealed = parse(raw)
  if (typeof sealed !== 'string') {
    return isSigned(key, raw, signature) ? { proven: true, json: raw } : unproven(WRONG)
  }
  // The documentation does not say whether the quotes around what is encrypted are signed with it.
  if (![raw, sealed].some((text) => isSigned(key, text, signature))) return unproven(WRONG)
  const opened = account.contentKey === null ? null : decryptContent(account.contentKey, sealed)
  return opened === null ? unproven('it cannot be decrypted') : { proven: true, json: opened }
}

const WRONG = 'its signature is wrong'

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

const WORDS = ['code', 'sub_code', 'sub_msg', 'msg'] as const

function textsOf(node: unknown): Record<(typeof WORDS)[number], string> {
  const held = (typeof node === 'object' && node !== null ? node : {}) as Record<string, unknown>
  const texts = WORDS.map((name) => [name, typeof held[name] === 'string' ? held[name] : ''])
  return Object.fromEntries(texts) as Record<(typeof WORDS)[number], string>
}

const unproven = (reason: string): Proof => ({ proven: false, reason })

const unknown = (reason: string): Unknown => ({ outcome: 'unknown', reason })

const judged = <T>(answer: T, text: string): Judged<T> => ({ answer, text })

/** The answer, and the words about it for the trace. */
type Judged<T> = { answer: T; text: string }
