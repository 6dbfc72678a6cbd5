import { isUtf8 } from 'node:buffer'

import Type from 'typebox'
import { Compile } from 'typebox/compile'

import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import {
  type Ask,
  detailOf,
  type HisAnswer,
  type Reader,
  redact,
  redactText,
  REFUSALS,
} from '../../../modules/hospitals/index.ts'
import { createHearing, type Heard } from '../../../platform/outgoing/hear.ts'
import { type Keys, keysOf, type StandardHisParams } from './params.ts'
import { isAnswerSigned, signRequest } from './signature.ts'

const MAX_ANSWER_BYTES = 4 * 1_048_576

const hear = createHearing({
  mostBytes: MAX_ANSWER_BYTES,
  tooLarge: 'an answer of more than 4 MB',
})

/** Asks the HIS one operation, signed, and believes nothing that is not signed in return. */
export function createTransport(
  params: StandardHisParams,
  { clock, random, timeoutMs }: { clock: Clock; random: Random; timeoutMs: number },
): Ask {
  const keys = keysOf(params)
  const hub = { keyId: params.hubKeyId, keys }
  const hospital = { keyId: params.hospitalKeyId, keys }
  const root = params.baseUrl.replace(/\/+$/, '')

  return async ({ trace }, { name, body, read, secrets = [] }) => {
    const url = new URL(`${root}/yiqiao/v1/${name}`)
    const text = JSON.stringify(body)
    const startedAt = clock.now()
    const signed = signRequest(
      { method: 'POST', path: url.pathname, body: text },
      { ...hub, now: startedAt, random },
    )
    const headers = { ...OF_JSON, ...signed.headers }
    const heard = await hear(url, { method: 'POST', headers, body: text }, { timeoutMs })
    const said = readReply(heard, { ...hospital, nonce: signed.nonce })
    const answer = answerOf(said, read, secrets)
    trace({
      system: 'his',
      operation: name,
      direction: 'out',
      request: redact(body, secrets),
      response: responseText(heard, said, secrets),
      outcome: outcomeText(answer),
      startedAt,
      durationMs: Math.max(0, clock.now().getTime() - startedAt.getTime()),
    })
    return answer
  }
}

const OF_JSON = { 'content-type': 'application/json', accept: 'application/json' }

/** What the HIS said, if it said it: status, signature and form are right. */
function readReply(heard: Heard, expected: { keyId: string; keys: Keys; nonce: string }): Said {
  if ('silence' in heard) return { reason: heard.silence }
  if (heard.status !== 200) return { reason: `status ${heard.status}` }
  const json = parseJson(heard.bytes)
  if (!isAnswerSigned({ headers: heard.headers, body: heard.bytes }, expected))
    return { reason: 'not signed by the hospital', json }
  if (!Reply.Check(json)) return { reason: 'not an answer of the standard interface', json }
  return { reply: json, json }
}

/** What the HIS's answer means; the table of §1.3. */
function answerOf<T>(said: Said, read: Reader<T>, secrets: readonly string[]): HisAnswer<T> {
  if (!said.reply) return { outcome: 'unknown', reason: said.reason }
  const { reply } = said
  if (reply.code === 'SYSTEM_BUSY') return { outcome: 'unknown', reason: 'the HIS is busy' }
  const code = REFUSALS.get(reply.code)
  if (code) {
    const message = redactText(reply.message, secrets)
    return { outcome: 'refused', code, detail: detailOf(message, reply.data) }
  }
  if (reply.code !== 'OK')
    return { outcome: 'unknown', reason: 'a code that is not in the interface' }
  const data = read(reply.data)
  return 'value' in data
    ? { outcome: 'ok', data: data.value }
    : { outcome: 'unknown', reason: data.problem }
}

const ReplySchema = Type.Object({
  code: Type.String({ maxLength: 40 }),
  message: Type.String({ maxLength: 2_000 }),
  data: Type.Optional(Type.Unknown()),
})
const Reply = Compile(ReplySchema)

function parseJson(bytes: Buffer): unknown {
  // Bytes of another encoding would be replaced on reading: a bill would be believed, with garbage for names.
  if (!isUtf8(bytes)) return undefined
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

// Of what is no JSON, nothing is kept but its size: no one can say what stands in it.
function responseText(heard: Heard, said: Said, secrets: readonly string[]): string {
  if (said.json !== undefined) return redact(said.json, secrets)
  return 'silence' in heard ? '' : `status ${heard.status}, ${heard.bytes.length} bytes, no JSON`
}

function outcomeText(answer: HisAnswer<unknown>): string {
  switch (answer.outcome) {
    case 'ok':
      return 'ok'
    case 'refused':
      return answer.code
    case 'unknown':
      return `unknown: ${answer.reason}`
  }
}

type Said =
  | { reply: Type.Static<typeof ReplySchema>; json: unknown }
  | { reply?: undefined; reason: string; json?: unknown }
