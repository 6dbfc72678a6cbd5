import type { Answer, Context } from './context.ts'
import { perform } from './host.ts'
import { hasRightMac, macFor, type Shift, shiftOf, signIn } from './terminals.ts'
import {
  answerHead,
  macBytesOf,
  macFieldOf,
  readBody,
  splitHead,
  type WireMessage,
  writeBody,
} from './wire.ts'

/** A message as it came, with what it is called: '0200/000000'. */
export type Question = { head: Buffer; body: Buffer; message: WireMessage; operation: string }

/** Throws WireError for a frame that is no message. */
export function readQuestion({ dialect }: Context, frame: Buffer): Question {
  const { head, body } = splitHead(dialect, frame)
  const message = readBody(dialect, body)
  const operation = `${message.type}/${message.fields.get(3) ?? message.fields.get(70) ?? ''}`
  return { head, body, message, operation }
}

/** Does what is asked, and gives the whole frame of the answer. */
export function answerTo(context: Context, question: Question, given: Answer | null): Buffer {
  const { message, body } = question
  const shift = shiftOf(context, message.fields.get(41) ?? '')
  const answer = given ?? decide(context, shift, message, body)
  // The keys of a sign-in are for what comes after it.
  return frameOf(context, question, answer, hasMac(message) ? shift : null)
}

function decide(context: Context, shift: Shift | null, message: WireMessage, body: Buffer): Answer {
  const { fields } = message
  if (fields.get(42) !== context.merchantId) return { code: '03' }
  if (message.type === '0820' || fields.get(70) === '301') return { code: '00' }
  if (message.type === '0800') return signIn(context, fields.get(41) ?? '')
  if (!shift) return { code: '77' }
  if (hasMac(message) && !hasRightMac(context, shift, message, body)) return { code: 'A0' }
  if (fields.get(11) === undefined || !/^\d{11,}$/.test(fields.get(60) ?? '')) return { code: '30' }
  return perform(context, shift, message)
}

/** 08xx is about the line, and a POS ends its batch without a MAC. */
const hasMac = ({ type, fields }: WireMessage): boolean =>
  !type.startsWith('08') && !(type === '0500' && !fields.has(64) && !fields.has(128))

const REPEATED = [3, 4, 11, 41, 42, 49, 60]

function frameOf(
  context: Context,
  { head, message }: Question,
  answer: Answer,
  shift: Shift | null,
): Buffer {
  const { dialect } = context
  const repeated = REPEATED.flatMap((field): [number, string][] => {
    const value = message.fields.get(field)
    return value === undefined ? [] : [[field, value]]
  })
  const own = Object.entries(answer.fields ?? {}).map(
    ([field, value]) => [Number(field), value] as const,
  )
  const fields = new Map<number, string>([...repeated, ...own, [39, answer.code]])
  if (shift) fields.set(macFieldOf(dialect), '0'.repeat(16))
  const type = `${message.type.slice(0, 2)}${Number(message.type.charAt(2)) + 1}0`
  const body = writeBody(dialect, { type, fields })
  if (!shift) return Buffer.concat([answerHead(head), body])
  const withoutMac = body.subarray(0, body.length - macBytesOf(dialect))
  return Buffer.concat([answerHead(head), withoutMac, macFor(context, shift, body)])
}
