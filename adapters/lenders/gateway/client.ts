import { isUtf8 } from 'node:buffer'
import { createPrivateKey, createPublicKey } from 'node:crypto'

import { type Random, randomHex } from '../../../kernel/random.ts'
import { type Clock, toShanghaiText } from '../../../kernel/time.ts'
import type { LenderCall } from '../../../modules/credit/index.ts'
import type { Heard } from '../../../platform/outgoing/hear.ts'
import { type Refused, refused, REFUSED_BY_CODE, type Unknown, unknown } from './answers.ts'
import type { GatewayParams } from './params.ts'
import { redact, redactText } from './redact.ts'
import { isProven, type SignType, signForm } from './signing.ts'
import { post } from './transport.ts'

export type GatewayDeps = { clock: Clock; random: Random; timeoutMs: number }

/** One question of the interface: what is sent, and what its answer means. */
export type Question<A> = {
  service: string
  /** Those that are empty are not sent. */
  fields: Readonly<Record<string, string>>
  /** Values of the question that must not be kept, wherever they come back. */
  secrets?: readonly string[]
  /** Reads the data of a yes. Null when it is out of shape, which makes the answer 'unknown'. */
  read(data: unknown, text: string): A | null
  /** What a code means here; null leaves it to the common list. */
  onCode?(code: number): A | null
  /** Hears of an answer that is the bank's and in no encoding we read, before it becomes 'unknown'. */
  onEncoding?(): void
}

export type Ask = <A>(call: LenderCall, question: Question<A>) => Promise<A | Refused | Unknown>

/** Signs each question, believes only what is proven to answer it, and tells both to the trace, redacted. */
export function createClient(
  params: GatewayParams,
  { clock, random, timeoutMs }: GatewayDeps,
): Ask {
  const key = createPrivateKey(params.privateKeyPem)
  const judge = createJudge(params)
  return async <A>(call: LenderCall, question: Question<A>) => {
    const { service, secrets = [] } = question
    const startedAt = clock.now()
    const flowId = randomHex(random, 16)
    const fields = {
      service: params.servicePrefix + service,
      hospitalId: params.partnerNo,
      operId: params.operId,
      sourceCode: params.sourceCode,
      tradeTime: toShanghaiText(startedAt),
      flowId,
      ...question.fields,
    }
    const form = signForm(fields, params.signType as SignType, key)
    const heard = await post(params.gatewayUrl, form.toString(), timeoutMs)
    const answer = judge(heard, flowId, question)
    call.trace({
      system: 'lender',
      operation: service,
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

function createJudge({ bankPublicKeyPem, signType }: GatewayParams) {
  // Where the bank does not sign, the parameters ask for https: the line is the proof.
  const key = bankPublicKeyPem === null ? null : createPublicKey(bankPublicKeyPem)
  return <A>(heard: Heard, flowId: string, question: Question<A>): A | Refused | Unknown => {
    if ('silence' in heard) return unknown(heard.silence)
    if (heard.status !== 200) return unknown(`HTTP ${heard.status}`)
    if (key !== null && !isProven(key, signType as SignType, { ...heard, flowId })) {
      return unknown('the answer is not proven to be the bank’s')
    }
    // Bytes of another encoding would be replaced on reading, and a text with garbage believed.
    if (!isUtf8(heard.bytes)) {
      question.onEncoding?.()
      return unknown('the answer is not in UTF-8')
    }
    return readEnvelope(heard.bytes.toString('utf8'), question)
  }
}

function readEnvelope<A>(text: string, question: Question<A>): A | Refused | Unknown {
  const envelope = parse(text)
  if (typeof envelope !== 'object' || envelope === null) return unknown('no JSON object')
  const { success, code, msg, data } = envelope as Record<string, unknown>
  if (typeof success !== 'boolean' || typeof code !== 'number' || typeof msg !== 'string') {
    return unknown('success, code or msg is missing')
  }
  if (success !== (code === 0)) return unknown(`success ${success} with code ${code}`)
  if (success) return question.read(data, text) ?? unknown('the data is out of shape')
  const said = redactText(msg, question.secrets ?? [])
  return question.onCode?.(code) ?? refusalOf(code, said)
}

/** A code that we do not know may mean anything, a system that broke too: nobody is known to have decided. */
function refusalOf(code: number, message: string): Refused | Unknown {
  const refusal = REFUSED_BY_CODE[code]
  const said = `${code} ${message}`
  return refusal === undefined ? unknown(said) : refused(refusal, said)
}

// Of what is no JSON, nothing is kept but its size: no one can say what stands in it.
function responseText(heard: Heard, secrets: readonly string[]): string {
  if ('silence' in heard) return ''
  const json = isUtf8(heard.bytes) ? parse(heard.bytes.toString('utf8')) : undefined
  return json === undefined
    ? `status ${heard.status}, ${heard.bytes.length} bytes, no JSON`
    : redact(json, secrets)
}

function outcomeText(answer: unknown): string {
  const { outcome, code, reason } = answer as { outcome: string; code?: string; reason?: string }
  return [outcome, code, reason].filter((word) => word !== undefined).join(' ')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
