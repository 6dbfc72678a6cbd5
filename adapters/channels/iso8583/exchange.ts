import { AppError } from '../../../kernel/error.ts'
import type { Account, BankPosDeps, Call } from './account.ts'
import { type Asked, type FrameReading, Line } from './line/line.ts'
import type { Message } from './packager/layout.ts'
import { describeMessage } from './packager/mask.ts'
import { pack, unpack } from './packager/packager.ts'

/** An answer as it came: not yet known to be the bank's. */
export type Arrived = { message: Message; bytes: Buffer }

export type Exchanges = {
  /** Sends what `bytes` gives for the message; a message that the profile cannot write is not sent. */
  send(call: Call, message: Message, bytes: () => Buffer): Promise<Asked<Arrived>>
  stop(): Promise<void>
}

/** Messages over the line, each told to the trace with card data and keys left out. */
export function createExchanges(account: Account, deps: BankPosDeps): Exchanges {
  const { profile } = account
  const heartbeat = () => pack(profile, heartbeatMessage(account))
  const line = new Line<Arrived>({ ...account.line, heartbeat }, deps, (body) =>
    readFrame(account, body),
  )
  return { send, stop: () => line.stop() }

  async function send(call: Call, message: Message, bytes: () => Buffer): Promise<Asked<Arrived>> {
    const startedAt = deps.clock.now()
    const asked = await ask(message, bytes)
    call.trace({
      system: account.name,
      operation: `${message.mti}/${message.fields[3] ?? message.fields[60] ?? ''}`,
      direction: 'out',
      request: describeMessage(profile.layout, message),
      response: wordsOf(account, asked),
      outcome: outcomeOf(asked),
      startedAt,
      durationMs: deps.clock.now().getTime() - startedAt.getTime(),
    })
    return asked
  }

  async function ask(message: Message, bytes: () => Buffer): Promise<Asked<Arrived>> {
    try {
      const key = keyOf({ ...message, mti: answerTypeOf(message.mti) })
      return await line.ask(key, bytes(), deps.timeoutMs)
    } catch (error) {
      if (error instanceof AppError) return { kind: 'not_sent', reason: error.message }
      throw error
    }
  }
}

/** The third digit of an answer's type is one more than the question's. */
const answerTypeOf = (mti: string): string => `${mti.slice(0, 2)}${Number(mti.charAt(2)) + 1}0`

const keyOf = ({ mti, fields }: Message): string => `${fields[41] ?? ''}/${fields[11] ?? ''}/${mti}`

/** No transaction has this number, so the answer to a heartbeat is known by it. */
const HEARTBEAT_TRACE = '000000'

function heartbeatMessage({ profile, merchant, params }: Account): Message {
  const fields = {
    11: HEARTBEAT_TRACE,
    41: params.terminals[0]?.terminal ?? '',
    42: merchant.merchantId,
    ...profile.heartbeat.fields,
  }
  return { mti: profile.heartbeat.mti, fields }
}

function readFrame({ profile }: Account, bytes: Buffer): FrameReading<Arrived> {
  try {
    const message = unpack(profile, bytes)
    if (message.fields[11] === HEARTBEAT_TRACE) return { kind: 'heartbeat' }
    const text = describeMessage(profile.layout, message)
    return { kind: 'answer', key: keyOf(message), answer: { message, bytes }, text }
  } catch (error) {
    if (error instanceof AppError) return { kind: 'unreadable', reason: error.message }
    throw error
  }
}

const outcomeOf = (asked: Asked<Arrived>): string =>
  asked.kind === 'answered' ? `F39=${asked.answer.message.fields[39] ?? ''}` : asked.kind

function wordsOf({ profile }: Account, asked: Asked<Arrived>): string {
  switch (asked.kind) {
    case 'answered':
      return describeMessage(profile.layout, asked.answer.message)
    case 'busy':
      return 'the same is being asked'
    case 'silent':
    case 'not_sent':
      return asked.reason
  }
}
