import { createHash } from 'node:crypto'

import { type Acknowledgement, acknowledge, answerToProblem, CONDITIONS } from './acknowledge.ts'
import type { Charset } from './charset.ts'
import {
  headerOf,
  type Hl7Header,
  type Hl7Limits,
  type Hl7Message,
  type Hl7Problem,
  problem,
  segmentOf,
  textAt,
  USUAL_DELIMITERS,
  USUAL_LIMITS,
} from './message.ts'
import { parse } from './parse.ts'
import { serialize } from './serialize.ts'

/** What was answered to a message, by who sent it and its MSH-10. */
export interface AnswerMemory {
  recall: (key: string) => Promise<Remembered | null>
  remember: (key: string, answer: Remembered) => Promise<void>
}

/** `hash`: SHA-256 of the message's bytes, in lower-case hex. */
export type Remembered = { hash: string; answer: Buffer }

/** What is done with a message: taken, refused, or answered by a message of its own, which has MSA. */
export type Handled = Pick<Acknowledgement, 'code' | 'error'> | { message: Hl7Message }

export type ReceiverOptions = {
  handle: (message: Hl7Message, bytes: Buffer) => Promise<Handled>
  memory: AnswerMemory
  defaultCharset: Charset
  limits?: Hl7Limits
  /** MSH-7 and MSH-10 of the answers that are made here. */
  now: () => { at: string; controlId: string }
  /** Told of what could not be read or done, for the log. */
  onProblem?: (wrong: Hl7Problem | { code: 'handler_failed'; error: unknown }) => void
}

export type Receiver = ReturnType<typeof createReceiver>

/**
 * Answers messages, as an MLLP server's `answer` and `refuse`.
 *
 * A message that comes again with the same bytes gets the same answer, and is not handled again, once it was answered with
 * AA; one that was not taken may be tried again. A memory that fails leaves the message without an answer, and it comes again: so a
 * handler has to bear to see what it has taken once more. Another message of the same sender with the same MSH-10 is refused with
 * AE. What cannot be read is answered with AR or AE and ERR as long as its header can be, and otherwise about no message.
 */
export function createReceiver(options: ReceiverOptions) {
  const { handle, memory, defaultCharset, limits = USUAL_LIMITS, now, onProblem } = options
  const underWay = new Map<string, { hash: string; answer: Promise<Buffer> }>()
  return { answer, refuse }

  async function answer(bytes: Buffer): Promise<Buffer> {
    const parsed = parse(bytes, { defaultCharset, limits })
    if (!parsed.ok) return refused(parsed.problem, parsed.header)
    const { message } = parsed
    const { sendingApplication, sendingFacility, controlId } = headerOf(message)
    const key = JSON.stringify([sendingFacility, sendingApplication, controlId])
    const hash = createHash('sha256').update(bytes).digest('hex')
    const other = underWay.get(key)
    if (other) return other.hash === hash ? other.answer : duplicate(message)
    const work = answerOnce(message, { key, hash, bytes }).finally(() => underWay.delete(key))
    underWay.set(key, { hash, answer: work })
    return work
  }

  async function answerOnce(message: Hl7Message, { key, hash, bytes }: Identity): Promise<Buffer> {
    const known = await memory.recall(key)
    if (known) return known.hash === hash ? known.answer : duplicate(message)
    const said = await attempt(message, bytes)
    const written = serialize(said)
    if (!written.ok) {
      onProblem?.(written.problem)
      return bytesOf(acknowledge(message, { ...now(), ...answerToProblem(written.problem) }))
    }
    if (textAt(segmentOf(said, 'MSA'), 1) === 'AA') {
      await memory.remember(key, { hash, answer: written.bytes })
    }
    return written.bytes
  }

  async function attempt(message: Hl7Message, bytes: Buffer): Promise<Hl7Message> {
    try {
      const handled = await handle(message, bytes)
      return 'message' in handled ? handled.message : acknowledge(message, { ...now(), ...handled })
    } catch (error) {
      onProblem?.({ code: 'handler_failed', error })
      const said = { condition: CONDITIONS.internal, message: 'not done; send it again later' }
      return acknowledge(message, { ...now(), code: 'AE', error: said })
    }
  }

  function duplicate(message: Hl7Message): Buffer {
    const error = {
      condition: CONDITIONS.keyDuplicate,
      message: 'this control id was used with another message',
      segment: 'MSH',
      place: 1,
      field: 10,
    }
    return bytesOf(acknowledge(message, { ...now(), code: 'AE', error }))
  }

  /** For a message whose end was not waited for. */
  function refuse(head: Buffer): Buffer {
    const parsed = parse(head, { defaultCharset, limits: { ...limits, bytes: 0 } })
    const wrong = problem('too_large', `more than ${limits.bytes} bytes`)
    return refused(wrong, parsed.ok ? null : parsed.header)
  }

  function refused(wrong: Hl7Problem, header: Hl7Header | null): Buffer {
    onProblem?.(wrong)
    const to = header ?? { ...NOBODY, charset: defaultCharset }
    return bytesOf(acknowledge(to, { ...now(), ...answerToProblem(wrong) }))
  }
}

type Identity = { key: string; hash: string; bytes: Buffer }

/** An answer of ours has what was read in its own charset, and ASCII. */
function bytesOf(message: Hl7Message): Buffer {
  const written = serialize(message)
  return written.ok ? written.bytes : bytesOf({ ...message, charset: 'UNICODE UTF-8' })
}

const NOBODY: Hl7Header = {
  sendingApplication: '',
  sendingFacility: '',
  receivingApplication: '',
  receivingFacility: '',
  messageCode: '',
  triggerEvent: '',
  controlId: '',
  processingId: '',
  version: '',
  delimiters: USUAL_DELIMITERS,
  charset: 'UNICODE UTF-8',
}

/**
 * A memory of this process alone, of at most so many answers and at least the last half as many. What must outlast a restart
 * needs one in the database.
 */
export function createAnswerMemory(most: number): AnswerMemory {
  // Two halves, of which the older goes as a whole: to delete the first of a map one by one is slow in a long one.
  let recent = new Map<string, Remembered>()
  let older = new Map<string, Remembered>()
  return {
    recall: async (key) => recent.get(key) ?? older.get(key) ?? null,
    async remember(key, answer) {
      if (recent.size >= most / 2) {
        older = recent
        recent = new Map()
      }
      recent.set(key, answer)
    },
  }
}
