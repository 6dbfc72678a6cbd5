import { isUtf8 } from 'node:buffer'

import type { Random } from '../../../kernel/random.ts'
import { type Clock, toShanghaiText } from '../../../kernel/time.ts'
import type { CentreAnswer, CentreCall } from '../../../modules/insurance/index.ts'
import { createHearing, type Heard } from '../../../platform/outgoing/hear.ts'
import { brokenInput, checkedOutput } from './fields/check.ts'
import { type Infno, type InputOf, titleOf } from './fields/table.ts'
import type { Gateway, Sealed } from './gateway.ts'
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
export type Transaction<T> = { [N in Infno]: TransactionOf<N, T> }[Infno]

type TransactionOf<N extends Infno, T> = {
  infno: N
  input: InputOf<N>
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

const hear = createHearing({
  mostBytes: MAX_ANSWER_BYTES,
  tooLate: " or the caller's deadline",
})

/**
 * Sends one transaction in its envelope, judges the answer, and tells both to the trace, redacted.
 *
 * Data that does not fit the field tables is 'refused' with the field, and nothing is sent.
 */
export function createExchange(
  params: NationalInsuranceParams,
  profile: Profile,
  { clock, random, timeoutMs }: TransportDeps,
): Exchange {
  const root = params.baseUrl.replace(/\/+$/, '')
  const gateway = profile.gateway(params, { clock, random, timeoutMs, hear })
  return async (call, transaction, signNo) => {
    const { infno, input, secrets = [], withFile = false } = transaction
    const startedAt = clock.now()
    const envelope = envelopeOf(params, profile, { infno, call, signNo, at: startedAt })
    const inputJson = toJson(input as Wire, profile.amountsAs)
    const misfit = brokenInput(infno, input, profile)
    const heard: Heard =
      misfit === null
        ? await sendThrough(gateway, `${root}/${infno}`, {
            body: () => bodyOf(profile, envelope, gateway.seal(inputJson)),
            signal: call.signal,
            limitMs: withFile ? FILE_TIMEOUT_MS : timeoutMs,
          })
        : { silence: 'nothing was sent' }
    const { answer, plain, unlisted } =
      misfit === null
        ? judge(profile, gateway, heard, transaction)
        : { ...NOTHING, answer: { outcome: 'refused' as const, message: `${infno} ${misfit}` } }
    call.trace({
      system: 'insurance',
      operation: `${infno} ${titleOf(infno)}`,
      direction: 'out',
      request: redact({ ...envelope, input: JSON.parse(inputJson) as unknown }, secrets),
      response: responseText(heard, plain, secrets),
      outcome: outcomeText(answer, unlisted),
      startedAt,
      durationMs: Math.max(0, clock.now().getTime() - startedAt.getTime()),
    })
    return answer
  }
}

/** A token that was withdrawn is taken anew, once: the message itself was not heard. */
async function sendThrough(
  gateway: Gateway,
  url: string,
  { body, signal, limitMs }: { body: () => string; signal: AbortSignal | null; limitMs: number },
): Promise<Heard> {
  for (let isRepeat = false; ; isRepeat = true) {
    const entry = await gateway.authorise(signal)
    if ('reason' in entry) return { silence: entry.reason }
    const heard = await send(url, body(), { headers: entry.headers, signal, limitMs })
    const isUnknownToGateway = 'status' in heard && heard.status === HTTP_UNAUTHORIZED
    if (isRepeat || !isUnknownToGateway || !gateway.isRenewed(entry.headers)) return heard
  }
}

const HTTP_UNAUTHORIZED = 401

function bodyOf(profile: Profile, envelope: Readonly<Record<string, string>>, sealed: Sealed) {
  const { inputJson, ...marks } = sealed
  const fields = Object.entries({ ...envelope, ...marks }).map(
    ([name, value]) =>
      `${JSON.stringify(profile.envelopeNames[name] ?? name)}:${JSON.stringify(value)}`,
  )
  return `{${[...fields, `"input":${inputJson}`].join(',')}}`
}

function envelopeOf(
  params: NationalInsuranceParams,
  profile: Profile,
  { infno, call, signNo, at }: { infno: Infno; call: CentreCall; signNo: string; at: Date },
) {
  return {
    infno,
    msgid: call.msgid,
    mdtrtarea_admvs: params.admdvs,
    insuplc_admdvs: call.insuredRegion ?? '',
    recer_sys_code: profile.receiverSystem,
    dev_no: '',
    dev_safe_info: '',
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
function judge<T>(
  profile: Profile,
  gateway: Gateway,
  heard: Heard,
  transaction: Transaction<T>,
): Judged<T> {
  if ('silence' in heard) return { ...NOTHING, answer: unknown(heard.silence) }
  const plain = isArchive(heard.bytes) ? undefined : parseJson(heard.bytes)
  if (heard.status !== 200) return { ...NOTHING, plain, answer: unknown(`HTTP ${heard.status}`) }
  let opened: unknown = plain
  const unlisted: string[] = []
  try {
    if (transaction.readArchive && isArchive(heard.bytes)) {
      return { ...NOTHING, answer: { outcome: 'ok', data: transaction.readArchive(heard.bytes) } }
    }
    const envelope = gateway.open(fieldsOf(plain, 'a JSON object'))
    opened = envelope
    const answer = answerOf(profile, envelope, transaction, unlisted)
    return { answer, plain: opened, unlisted }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { answer: unknown(error.message), plain: opened, unlisted }
  }
}

function answerOf<T>(
  profile: Profile,
  envelope: Fields,
  transaction: Transaction<T>,
  unlisted: string[],
): CentreAnswer<T> {
  const code = textOf(envelope, 'infcode')
  if (!isReferenceNo(textOf(envelope, 'inf_refmsgid'))) return unknown('inf_refmsgid out of shape')
  if (code === '0') {
    const checked = checkedOutput(transaction.infno, envelope['output'], profile)
    unlisted.push(...checked.unlisted)
    return { outcome: 'ok', data: transaction.read({ output: checked.output, envelope }) }
  }
  const message = optionalTextOf(envelope, 'err_msg') ?? `infcode ${code}`
  const said = redactText(message, transaction.secrets ?? [])
  const isBroken = message.startsWith(profile.brokenPrefix)
  if (isBroken) return unknown(said)
  return profile.saysVoucherExpired.test(message)
    ? { outcome: 'refused', message: said, code: 'voucher_expired' }
    : { outcome: 'refused', message: said }
}

/** inf_refmsgid: the centre's region (6), time (14) and serial number (10). */
const isReferenceNo = (text: string): boolean => /^\d{30}$/.test(text)

/** Never throws: what was not heard to its end is a reason. */
export function send(
  url: string,
  body: string,
  { headers, signal, limitMs }: Sending,
): Promise<Heard> {
  const ofJson = { 'content-type': 'application/json; charset=utf-8', ...headers }
  return hear(url, { method: 'POST', headers: ofJson, body }, { timeoutMs: limitMs, signal })
}

export function parseJson(bytes: Buffer): unknown {
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
function responseText(heard: Heard, plain: unknown, secrets: readonly string[]): string {
  if ('silence' in heard) return ''
  return plain === undefined
    ? `status ${heard.status}, ${heard.bytes.length} bytes, no JSON`
    : redact(plain, secrets)
}

/** Codes that their dictionary does not have are believed, and told. */
function outcomeText(answer: CentreAnswer<unknown>, unlisted: readonly string[]): string {
  switch (answer.outcome) {
    case 'ok':
      return unlisted.length === 0 ? 'ok' : `ok, outside the dictionary: ${unlisted.join(', ')}`
    case 'refused':
      return `refused: ${answer.message}`
    case 'unknown':
      return `unknown: ${answer.reason}`
  }
}

const unknown = (reason: string) => ({ outcome: 'unknown', reason }) as const

type Sending = { headers: Record<string, string>; signal: AbortSignal | null; limitMs: number }
type Judged<T> = {
  answer: CentreAnswer<T>
  /** The answer as JSON, in plain; undefined where it is none. */
  plain: unknown
  unlisted: readonly string[]
}
const NOTHING = { plain: undefined, unlisted: [] }
