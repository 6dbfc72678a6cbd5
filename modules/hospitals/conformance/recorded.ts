import type { Ask, Question } from '../interface/ask.ts'
import type { HisAnswer } from '../interface/data.ts'
import { redact } from '../interface/redact.ts'
import { wordsOf } from './outcome.ts'
import type { Door, DoorAnswer, Oddity } from './subject.ts'

/** One sending of the kit and its answer, without anything of a person. */
export type Exchanged = { operation: string; sent: string; came: string }

const MAX_TEXT = 2_000

/** The same, with all that is said kept for the person who looks into a failure. */
export const recordedAsk =
  (ask: Ask, keep: (exchanged: Exchanged) => void): Ask =>
  async <T>(call: Parameters<Ask>[0], question: Question<T>): Promise<HisAnswer<T>> => {
    const { name, body, read, secrets = [] } = question
    const came: unknown[] = []
    const answer = await ask(call, {
      ...question,
      read(data) {
        came.push(data)
        return read(data)
      },
    })
    const data = came.length === 0 ? '' : ` ${redact(came.at(-1), secrets)}`
    keep({
      operation: name,
      sent: cut(redact(body, secrets)),
      came: cut(`${wordsOf(answer)}${data}`),
    })
    return answer
  }

export const recordedDoor = (door: Door, keep: (exchanged: Exchanged) => void): Door => ({
  async send(operation, body, odd = {}) {
    const answer = await door.send(operation, body, odd)
    keep({ operation, sent: cut(`${oddWords(odd)}${body.trimEnd()}`), came: cut(cameOf(answer)) })
    return answer
  },
})

/** What came over the wire, in one line. */
export const cameOf = (answer: DoorAnswer): string =>
  'silence' in answer
    ? `unknown: ${answer.silence}`
    : `HTTP ${answer.status}${answer.isSigned ? '' : ', not signed'} ${answer.text}`

const oddWords = (odd: Oddity): string => {
  const words = Object.entries(odd).map(([name, value]) => `${name}=${String(value).trimEnd()}`)
  return words.length === 0 ? '' : `[${words.join(', ')}] `
}

const cut = (text: string): string =>
  text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}… (${text.length})` : text
