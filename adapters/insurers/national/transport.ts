import { isUtf8 } from 'node:buffer'

import { Agent, request } from 'undici'

import type { Random } from '../../../kernel/random.ts'
import { type Clock, toShanghaiText } from '../../../kernel/time.ts'
import type { CentreAnswer, CentreCall } from '../../../modules/insurance/index.ts'
import type { NationalInsuranceParams } from './params.ts'
import type { Profile } from './profile.ts'
import { redact, redactText } from './redact.ts'
import {
  type Fields,
  fieldsOf,
  optionalTextOf,
  textOf,
  toJson,
  Unreadable,
  type Wire,
} from './wire.ts'

export type TransportDeps = { clock: Clock; random: Random; timeoutMs: number }

/** One transaction of the interface: what is sent, and what its answer means. */
export type Transaction<T> = {
  infno: string
  title: string // its own name, for the timeline
  input: { readonly [name: string]: Wire }
  /** Values of the input that must not be kept, wherever they come back. */
  secrets?: readonly string[]
  /** Carries a file, in or out: may take longer than a message. */
  withFile?: boolean
  /** Reads the output. May throw Unreadable, which makes the answer 'unknown'. */
  read(reply: Reply): T
  /** For a transaction that is answered by the bytes of an archive instead of an envelope. */
  readArchive?(bytes: Buffer): T
}

/** An answer with infcode 0. */
export type Reply = { output: unknown; envelope: Fields }

export type Exchange = <T>(
  call: CentreCall,
  transaction: Transaction<T>,
  signNo: string,
) => Promise<CentreAnswer<T>>

const MAX_ANSWER_BYTES = 64 * 1_048_576
const FILE_TIMEOUT_MS = 60_000

// One for all hospitals: it keeps a few connections to each centre open between calls.
const agent = new Agent({ connections: 16, maxResponseSize: MAX_ANSWER_BYTES })

/** Sends one transaction in its envelope, judges the answer, and tells both to the trace, redacted. */
export function createExchange(
  params: NationalInsuranceParams,
  profile: Profile,
  { clock, random, timeoutMs }: TransportDeps,
): Exchange {
  const root = params.baseUrl.replace(/\/+$/, '')
  return async (call, transaction, signNo) => {
    const { infno, title, input, secrets = [], withFile = false } = transaction
    const startedAt = clock.now()
    const envelope = envelopeOf(params, profile, { infno, call, signNo, at: startedAt })
    const body = toJson({ ...envelope, input }, profile.amountsAs)
    const heard = await send(`${root}/${infno}`, body, {
      headers: profile.authHeaders(params, { now: startedAt, random }),
      signal: call.signal,
      limitMs: withFile ? FILE_TIMEOUT_MS : timeoutMs,
    })
    const answer = judge(profile, heard, transaction)
    call.trace({
      system: 'insurance',
      operation: `${infno} ${title}`,
      direction: 'out',
      request: redact(JSON.parse(body), secrets),
      response: responseText(heard, secrets),
      outcome: outcomeText(answer),
      startedAt,
      durationMs: Math.max(0, clock.now().getTime() - startedAt.getTime()),
    })
    return answer
  }
}

function envelopeOf(
  params: NationalInsuranceParams,
  profile: Profile,
  { infno, call, signNo, at }: { infno: string; call: CentreCall; signNo: string; at: Date },
) {
  return {
    infno,
    msgid: call.msgid,
    mdtrtarea_admvs: params.admdvs,
    insuplc_admdvs: call.insuredRegion ?? '',
    recer_sys_code: profile.receiverSystem,
    dev_no: '',
    dev_safe_info: '',
    cainfo: '',
    signtype: '',
    infver: 'V1.0',
    opter_type: MOBILE_TERMINAL,
    opter: params.opter,
    opter_name: params.opterName,
    inf_time: toShanghaiText(at),
    fixmedins_code: params.fixmedinsCode,
    fixmedins_name: params.fixmedinsName,
    sign_no: signNo,
  }
}

/** opter_type: 1 经办人, 2 自助终端, 3 移动终端. */
const MOBILE_TERMINAL = '3'

/** What an answer means: infcode 0 is a yes, another is a no unless the centre says that it broke. */
function judge<T>(profile: Profile, heard: Heard, transaction: Transaction<T>): CentreAnswer<T> {
  if ('silence' in heard) return unknown(heard.silence)
  if (heard.status !== 200) return unknown(`HTTP ${heard.status}`)
  try {
    if (transaction.readArchive && isArchive(heard.body)) {
      return { outcome: 'ok', data: transaction.readArchive(heard.body) }
    }
    const envelope = fieldsOf(parseJson(heard.body), 'a JSON object')
    const code = textOf(envelope, 'infcode')
    if (!isReferenceNo(textOf(envelope, 'inf_refmsgid')))
      return unknown('inf_refmsgid out of shape')
    if (code === '0') {
      return { outcome: 'ok', data: transaction.read({ output: envelope['output'], envelope }) }
    }
    const message = optionalTextOf(envelope, 'err_msg') ?? `infcode ${code}`
    const said = redactText(message, transaction.secrets ?? [])
    const isBroken = message.startsWith(profile.brokenPrefix)
    return isBroken ? unknown(said) : { outcome: 'refused', message: said }
  } catch (error) {
    if (error instanceof Unreadable) return unknown(error.message)
    throw error
  }
}

/** inf_refmsgid: the centre's region (6), time (14) and serial number (10). */
const isReferenceNo = (text: string): boolean => /^\d{30}$/.test(text)

/** Never throws: what was not heard to its end is a reason. */
async function send(
  url: string,
  body: string,
  { headers, signal, limitMs }: Sending,
): Promise<Heard> {
  const limit = AbortSignal.timeout(limitMs)
  try {
    const response = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body,
      dispatcher: agent,
      // Over connecting, headers and body together: a centre that drips an answer is silent too.
      signal: signal ? AbortSignal.any([limit, signal]) : limit,
    })
    const bytes = Buffer.from(await response.body.arrayBuffer())
    return { status: response.statusCode, body: bytes }
  } catch (error) {
    return { silence: silenceReason(error, limitMs) }
  }
}

function silenceReason(error: unknown, limitMs: number): string {
  if (!(error instanceof Error)) return 'not reached'
  if (error.name === 'TimeoutError')
    return `no answer within ${limitMs} ms or the caller's deadline`
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  return `not heard: ${code}`
}

function parseJson(bytes: Buffer): unknown {
  // Bytes of another encoding would be replaced on reading, and a name with garbage believed.
  if (!isUtf8(bytes)) return undefined
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

const isArchive = (bytes: Buffer) => bytes.subarray(0, 2).toString('latin1') === 'PK'

// Of what is no JSON, nothing is kept but its size: no one can say what stands in it.
function responseText(heard: Heard, secrets: readonly string[]): string {
  if ('silence' in heard) return ''
  const json = isArchive(heard.body) ? undefined : parseJson(heard.body)
  return json === undefined
    ? `status ${heard.status}, ${heard.body.length} bytes, no JSON`
    : redact(json, secrets)
}

function outcomeText(answer: CentreAnswer<unknown>): string {
  switch (answer.outcome) {
    case 'ok':
      return 'ok'
    case 'refused':
      return `refused: ${answer.message}`
    case 'unknown':
      return `unknown: ${answer.reason}`
  }
}

const unknown = (reason: string) => ({ outcome: 'unknown', reason }) as const

type Sending = { headers: Record<string, string>; signal: AbortSignal | null; limitMs: number }
type Heard = { silence: string } | { status: number; body: Buffer }
