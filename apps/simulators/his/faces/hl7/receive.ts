import { createHash } from 'node:crypto'

import type { FaultPlan } from '../../../kit/simulator.ts'
import type { His } from '../../context.ts'
import { doCall } from '../../faulty.ts'
import type { Call } from '../../faulty.ts'
import type { Answer } from '../../protocol.ts'
import { answerRow, headerRow, nextControlId } from './context.ts'
import { encodeText, type Encoding, Message, readMessage, type Row, writeText } from './er7.ts'
import { moneyRequest } from './money.ts'
import { DUPLICATE_KEY, errorRow, MESSAGE_TYPE, refusalRow, SEGMENT_SEQUENCE } from './refusals.ts'
import { type Request, visitRequests } from './requests.ts'
import type { WireAnswer } from './wire.ts'

export const ANSWERED_TABLE = `create table if not exists hl7_answered (
  sender text not null,
  control_id text not null,
  hash text not null,
  answer text not null,
  primary key (sender, control_id)
) strict`

const REQUESTS: Record<string, Request> = { ...visitRequests, 'DFT^P03': moneyRequest }

/** Answers one message. A control id that was answered with AA is answered the same again, and nothing is done. */
export function receive(his: His, faults: FaultPlan, bytes: Buffer): WireAnswer {
  const read = readMessage(bytes)
  if ('problem' in read) {
    const to = read.header ?? new Message([], 'gb18030')
    return now(refuse(his, to, 'AR', errorRow(SEGMENT_SEQUENCE, { message: read.problem })))
  }
  const hash = createHash('sha256').update(bytes).digest('hex')
  const known = recall(his, read)
  if (known?.hash === hash) return now(encodeText(known.answer, read.encoding))
  if (known) {
    const row = errorRow(DUPLICATE_KEY, { message: 'MSH-10 was used with another message' })
    return now(refuse(his, read, 'AE', row))
  }
  const request = Object.hasOwn(REQUESTS, read.type) ? REQUESTS[read.type] : undefined
  if (!request || read.controlId === '') {
    const message = request ? 'MSH-10 is missing' : `${read.type} is not answered here`
    return now(refuse(his, read, 'AR', errorRow(MESSAGE_TYPE, { message })))
  }
  return perform(his, faults, { message: read, request, hash })
}

const now = (bytes: Buffer): WireAnswer => ({ bytes, delayMs: 0 })

type Work = { message: Message; request: Request; hash: string }

function perform(his: His, faults: FaultPlan, { message, request, hash }: Work): WireAnswer {
  const ready = request.service(his, request.read(message))
  if ('problem' in ready) {
    const answer: Answer = { code: 'INVALID_REQUEST', message: ready.problem }
    return now(refuse(his, message, 'AE', refusalRow(answer)))
  }
  let isLie = false
  const call: Call = {
    key: ready.call.key,
    run(lie) {
      isLie = lie
      return ready.call.run(lie)
    },
  }
  const { answer, form, delayMs } = doCall(his, faults, ready.operation, call)
  const text = textOf(his, { message, request }, answer)
  if (answer.code === 'OK' && !isLie) remember(his, message, { hash, answer: text })
  if (form === 'cut') return { bytes: null, delayMs: 0 }
  if (form === 'html') return now(Buffer.from('<html><h1>504 Gateway Time-out</h1></html>'))
  return { bytes: encodeText(text, message.encoding), delayMs }
}

function textOf(his: His, { message, request }: Omit<Work, 'hash'>, answer: Answer): string {
  const [type, structure] = request.answer
  const head = heading(his, message.encoding, type, structure)
  if (answer.code !== 'OK') {
    return writeText([head, answerRow(message, 'AE', answer.message), refusalRow(answer)])
  }
  return writeText([
    head,
    answerRow(message, 'AA'),
    ...request.rows(his, message, answer.data as never),
  ])
}

function refuse(his: His, to: Message, code: 'AE' | 'AR', error: Row): Buffer {
  const [, event = ''] = to.type.split('^')
  const head = heading(his, to.encoding, `ACK^${event}`, 'ACK')
  return encodeText(writeText([head, answerRow(to, code), error]), to.encoding)
}

const heading = (his: His, encoding: Encoding, type: string, structure: string): Row =>
  headerRow(his, { type, structure, encoding, controlId: nextControlId(his) })

type Answered = { hash: string; answer: string }

const senderOf = (message: Message): string => {
  const header = message.find('MSH')
  return `${header.get(3)}|${header.get(4)}`
}

const recall = ({ store }: His, message: Message): Answered | null =>
  store.get<Answered>(
    'select hash, answer from hl7_answered where sender = ? and control_id = ?',
    senderOf(message),
    message.controlId,
  )

function remember({ store }: His, message: Message, { hash, answer }: Answered): void {
  const sql = 'insert into hl7_answered values (?, ?, ?, ?)'
  store.run(sql, senderOf(message), message.controlId, hash, answer)
}
