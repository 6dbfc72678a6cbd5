import type { Fault } from '../kit/simulator.ts'
import type { Call, Centre, Handler } from './centre.ts'
import { readEnvelope, writeAnswer } from './envelope.ts'
import { countAttempt, faultKeyOf } from './fault-key.ts'
import { cancelDetails, uploadDetails } from './fee-details.ts'
import { downloadFile, uploadFile } from './files.ts'
import { passGateway } from './gateway-auth.ts'
import { personInfo } from './people.ts'
import { compareDetails, compareTotals } from './reconciliation.ts'
import { Refusal } from './refusal.ts'
import { refund, refuseVoided, reverse } from './reversal.ts'
import { presettle, querySettlement, settle } from './settlement.ts'
import { checkSignIn, signIn, signOut } from './sign-in.ts'
import { textOf, textOrNull } from './store.ts'
import { cancelVisit, describeVisit, registerVisit } from './visits.ts'
import { parseWire, type Wire, writeWire } from './wire-json.ts'

/** What goes back over the wire, and how. A body of null cuts the connection. */
export type Reply = {
  status: number
  contentType: string
  body: string | Uint8Array | null
  delayMs: number
}

type Request = {
  infno: string // of the URL
  headers: Readonly<Record<string, unknown>>
  body: string
}

/** Takes one message from the gateway to its answer, in one transaction of the database. */
export function receive(centre: Centre, request: Request): Reply {
  return centre.store.transaction(() => {
    const verdict = passGateway(centre, request.headers)
    if (!verdict.allowed) return gatewayError(401, verdict.code, verdict.message)
    const at = centre.clock.now()
    try {
      const call = readCall(centre, request, verdict.paasid, at)
      return work(centre, call)
    } catch (error) {
      // Nothing was done, and nothing is kept under the msgid: it may come again, put right.
      if (error instanceof Refusal) return json(writeAnswer(centre, at, { error: error.message }))
      throw error
    }
  })
}

/** The gateway's own errors are not in the centre's envelope. */
export const gatewayError = (status: number, code: string, message: string): Reply => ({
  ...json(writeWire({ code, message })),
  status,
})

const HANDLERS: ReadonlyMap<string, Handler> = new Map([
  ['9001', signIn],
  ['9002', signOut],
  ['9101', uploadFile],
  ['9102', downloadFile],
  ['1101', personInfo],
  ['2201', registerVisit],
  ['2202', cancelVisit],
  ['2203', describeVisit],
  ['2204', uploadDetails],
  ['2205', cancelDetails],
  ['2206', presettle],
  ['2207', settle],
  ['2208', refund],
  ['2601', reverse],
  ['3201', compareTotals],
  ['3202', compareDetails],
  ['5203', querySettlement],
])

function readCall(centre: Centre, { infno, body }: Request, paasid: string, at: Date): Call {
  let message: Wire
  try {
    message = parseWire(body)
  } catch {
    throw new Refusal('报文', '不是JSON')
  }
  const envelope = readEnvelope(message, infno, centre.admdvs)
  if (!HANDLERS.has(envelope.infno)) throw new Refusal('infno', '不支持的交易')
  const hospital = centre.hospitals.get(envelope.fixmedinsCode)
  if (hospital?.paasid !== paasid) throw new Refusal('fixmedins_code', '不属于该接入方')
  const call = { ...envelope, hospital, at }
  checkSignIn(centre, call)
  return call
}

/** Answers a message, or lets go wrong what the plan wants to go wrong with it. */
function work(centre: Centre, call: Call): Reply {
  const key = faultKeyOf(centre, call)
  const attempt = countAttempt(centre, call.infno, key)
  const fault = centre.faults({ simulator: 'insurance', operation: call.infno, key, attempt })
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
    if (error instanceof Refusal)
      return json(writeAnswer(centre, call.at, { error: error.message }))
    throw error
  }
  if (fault?.kind === 'decline') {
    return record(centre, call, json(writeAnswer(centre, call.at, { error: fault.code })))
  }
  const isLie = fault?.kind === 'lie' && call.infno === '2207'
  const { outcome, reply } = perform(centre, call, isLie)
  // Neither a lie nor a fault of the centre's own is anything to come back to.
  return outcome === 'broken' || (isLie && outcome === 'done') ? reply : record(centre, call, reply)
}

/** Does what is asked, in a savepoint of its own; a refusal or a lie leaves nothing behind. */
function perform(
  centre: Centre,
  call: Call,
  isLie = false,
): { outcome: 'done' | 'refused' | 'broken'; reply: Reply } {
  let output: Wire | Uint8Array = null
  try {
    centre.store.transaction(() => {
      output = HANDLERS.get(call.infno)?.(centre, call) ?? null
      if (isLie) throw LIE
    })
  } catch (error) {
    if (error instanceof Refusal) {
      const text = writeAnswer(centre, call.at, { error: error.message })
      return { outcome: 'refused', reply: json(text) }
    }
    if (error !== LIE) return { outcome: 'broken', reply: internalError(centre, call, error) }
  }
  return { outcome: 'done', reply: replyOf(centre, call, output) }
}

const replyOf = (centre: Centre, call: Call, output: Wire | Uint8Array): Reply =>
  output instanceof Uint8Array
    ? { status: 200, contentType: 'application/zip', body: output, delayMs: 0 }
    : json(writeAnswer(centre, call.at, { output }))

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
  return json(writeAnswer(centre, call.at, { error: `SYS:${reason}` }))
}

/** A fault of the centre's own, kept so that checkBooks tells of it. */
function internalError(centre: Centre, call: Call, error: unknown): Reply {
  const reason = error instanceof Error ? error.message : String(error)
  centre.store.run('insert into internal_error values (?, ?)', [call.at.getTime(), reason])
  return systemError(centre, call, `内部错误 ${reason}`)
}

const json = (body: string): Reply => ({
  status: 200,
  contentType: 'application/json; charset=utf-8',
  body,
  delayMs: 0,
})

const CUT: Reply = { status: 0, contentType: '', body: null, delayMs: 0 }
const GARBLED = '<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>'
const LIE = new Error('what a lie did is undone')
