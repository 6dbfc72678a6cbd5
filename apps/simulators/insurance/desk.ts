import type { Fault } from '../kit/simulator.ts'
import { type Call, type Centre, type Headers, newNumber } from './centre.ts'
import { readEnvelope, writeAnswer } from './envelope.ts'
import { countAttempt, faultKeyOf, registrationOf } from './fault-key.ts'
import { type Gateway, PROFILES } from './profiles/profile.ts'
import { spell, withWrongCodes } from './profiles/spell.ts'
import { Refusal } from './refusal.ts'
import type { Reply } from './reply.ts'
import { refuseVoided } from './reversal.ts'
import { checkSignIn } from './sign-in.ts'
import { textOf, textOrNull } from './store.ts'
import { checkInput, checkOutput } from './tables/check.ts'
import { HANDLERS } from './transactions.ts'
import { parseWire, type Wire, writeWire } from './wire-json.ts'

type Request = {
  infno: string // of the URL
  headers: Readonly<Record<string, unknown>>
  body: string
}

/** Takes one message from the gateway to its answer, in one transaction of the database. */
export function receive(centre: Centre, request: Request): Reply {
  return centre.store.transaction(() => {
    const gateway = gatewayOf(request.headers)
    const verdict = gateway.admit(centre, request.headers)
    if (!verdict.allowed) return gatewayError(401, verdict.code, verdict.message)
    const { clientId } = verdict
    const at = centre.clock.now()
    try {
      const reply = work(centre, readCall(centre, request, { gateway, clientId, at }))
      if (typeof reply.body !== 'string' || reply.contentType !== JSON_TYPE) return reply
      return { ...reply, body: gateway.seal(centre, clientId, reply.body) }
    } catch (error) {
      // Nothing was done, and nothing is kept under the msgid: it may come again, put right.
      if (error instanceof Refusal) return json(writeAnswer(centre, at, { error: error.message }))
      throw error
    }
  })
}

/** A client shows by what it sends which of the gateways it means. */
const gatewayOf = (headers: Headers): Gateway =>
  (headers['authorization'] === undefined ? PROFILES.standard : PROFILES.jilin).gateway

/** The gateway's own errors are not in the centre's envelope. */
export const gatewayError = (status: number, code: string, message: string): Reply => ({
  ...json(writeWire({ code, message })),
  status,
})

function readCall(centre: Centre, { infno, body }: Request, from: Sender): Call {
  const { gateway, clientId, at } = from
  const message = gateway.open(centre, clientId, parseMessage(body))
  const envelope = readEnvelope(message, infno, centre.admdvs)
  if (!HANDLERS.has(envelope.infno)) throw new Refusal('infno', '不支持的交易')
  const hospital = centre.hospitals.get(envelope.fixmedinsCode)
  if (hospital?.paasid !== clientId || hospital.profile.gateway !== gateway) {
    throw new Refusal('fixmedins_code', '不属于该接入方')
  }
  const call = { ...envelope, hospital, at, refMsgid: newNumber(centre, at) }
  checkSignIn(centre, call)
  return call
}

type Sender = { gateway: Gateway; clientId: string; at: Date }

function parseMessage(body: string): Wire {
  try {
    return parseWire(body)
  } catch {
    throw new Refusal('报文', '不是JSON')
  }
}

/** Answers a message, or lets go wrong what the plan wants to go wrong with it. */
function work(centre: Centre, call: Call): Reply {
  const key = faultKeyOf(centre, call)
  const attempt = countAttempt(centre, call.infno, key)
  const point = { simulator: 'insurance' as const, operation: call.infno, key, attempt }
  const fault = centre.faults({ ...point, about: registrationOf(centre, call) })
  if (fault?.kind === 'refuse') return systemError(centre, call, '系统繁忙，请稍后再试')
  if (fault?.kind === 'drop') return CUT
  const reply = answer(centre, call, fault)
  if (fault?.kind === 'lose_answer') return CUT
  if (fault?.kind === 'garble') return { ...reply, contentType: 'text/html', body: GARBLED }
  if (fault?.kind === 'slow') return { ...reply, delayMs: fault.ms }
  return reply
}

/**
 * The first answer again, for a message that was answered before; else a new one.
 *
 * What was done is not declined afterwards, nor lied about: those faults are for a first hearing.
 */
function answer(centre: Centre, call: Call, fault: Fault | null): Reply {
  try {
    refuseVoided(centre, call)
    const first = findFirst(centre, call)
    if (first) return first.answer === null ? perform(centre, call).reply : json(first.answer)
  } catch (error) {
    if (error instanceof Refusal) return answered(centre, call, { error: error.message })
    throw error
  }
  if (fault?.kind === 'decline') {
    return record(centre, call, answered(centre, call, { error: fault.code }))
  }
  const lie = fault?.kind === 'lie' ? (LIES[call.infno] ?? null) : null
  const { outcome, reply } = perform(centre, call, lie)
  // Neither a lie nor a fault of the centre's own is anything to come back to.
  return outcome === 'broken' || (lie && outcome === 'done') ? reply : record(centre, call, reply)
}

/** Done is said and it is not; or codes are answered that no dictionary has. */
type Lie = 'undone' | 'wrong_codes'

const LIES: Readonly<Record<string, Lie>> = {
  '2207': 'undone',
  '2304': 'undone',
  '1101': 'wrong_codes',
  '2206': 'wrong_codes',
  '2303': 'wrong_codes',
  '5203': 'wrong_codes',
}

/** Does what is asked, in a savepoint of its own; a refusal or a lie leaves nothing behind. */
function perform(
  centre: Centre,
  call: Call,
  lie: Lie | null = null,
): { outcome: 'done' | 'refused' | 'broken'; reply: Reply } {
  let output: Wire | Uint8Array = null
  try {
    centre.store.transaction(() => {
      checkInput(call.infno, call.input)
      output = HANDLERS.get(call.infno)?.(centre, call) ?? null
      if (!(output instanceof Uint8Array)) checkOutput(call.infno, output)
      if (lie === 'undone') throw UNDONE
    })
  } catch (error) {
    if (error instanceof Refusal) {
      return { outcome: 'refused', reply: answered(centre, call, { error: error.message }) }
    }
    if (error !== UNDONE) return { outcome: 'broken', reply: internalError(centre, call, error) }
  }
  const shown = lie === 'wrong_codes' ? withWrongCodes(output) : output
  return { outcome: 'done', reply: replyOf(centre, call, shown) }
}

const replyOf = (centre: Centre, call: Call, output: Wire | Uint8Array): Reply =>
  output instanceof Uint8Array
    ? { status: 200, contentType: 'application/zip', body: output, delayMs: 0 }
    : answered(centre, call, { output: spell(call.hospital.profile, call.infno, output) })

/** What the centre has under this msgid. A msgid is used for one message and no other. */
function findFirst(centre: Centre, call: Call): { answer: string | null } | null {
  const row = centre.store.get('select * from message where msgid = ?', [call.msgid])
  if (!row) return null
  const infno = textOf(row, 'infno')
  if (infno !== call.infno) throw new Refusal('msgid', `报文ID已用于交易${infno}`)
  if (textOf(row, 'fingerprint') !== call.fingerprint) {
    throw new Refusal('msgid', '报文ID重复，而报文内容不同')
  }
  return { answer: textOrNull(row, 'answer') }
}

/** Keeps the answer for the next time. A file is not kept: it is answered from where it lies. */
function record(centre: Centre, call: Call, reply: Reply): Reply {
  const text = typeof reply.body === 'string' ? reply.body : null
  const values = [call.msgid, call.infno, call.fingerprint, text]
  centre.store.run('insert into message values (?, ?, ?, ?)', values)
  return reply
}

/** Nothing was done and nobody decided that: the same message may be sent again. */
function systemError(centre: Centre, call: Call, reason: string): Reply {
  return answered(centre, call, { error: `SYS:${reason}` })
}

/** A fault of the centre's own, kept so that checkBooks tells of it. */
function internalError(centre: Centre, call: Call, error: unknown): Reply {
  const reason = error instanceof Error ? error.message : String(error)
  centre.store.run('insert into internal_error values (?, ?)', [call.at.getTime(), reason])
  return systemError(centre, call, `内部错误 ${reason}`)
}

const answered = (centre: Centre, call: Call, result: { output: Wire } | { error: string }) =>
  json(writeAnswer(centre, call.at, result, call.refMsgid))

const json = (body: string): Reply => ({
  status: 200,
  contentType: JSON_TYPE,
  body,
  delayMs: 0,
})

const JSON_TYPE = 'application/json; charset=utf-8'
const CUT: Reply = { status: 0, contentType: '', body: null, delayMs: 0 }
const GARBLED = '<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>'
const UNDONE = new Error('what a lie did is undone')
