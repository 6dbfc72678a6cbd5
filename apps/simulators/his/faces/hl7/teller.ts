import type { His } from '../../context.ts'
import type { Delivery, Message, Teller } from '../../outbox.ts'
import { headerRow, nextControlId } from './context.ts'
import { encodeText, readMessage, writeText } from './er7.ts'
import { findNews, type News, nextReportAt } from './news.ts'
import { sendAndHear } from './wire.ts'

export type Hub = { host: string; port: number }

const ANSWER_MS = 10_000
const MOST_ATTEMPTS = 20

/** Tells over MLLP, one connection a message; the control id stays with the message. */
export const hl7Teller = (his: His, hub: Hub): Teller => ({
  news: (limit) => findNews(his, limit).map((news) => ({ ...news, text: textOf(his, news) })),
  nextNewsAt: () => nextReportAt(his),
  say: (message, signal) => say(hub, message, signal),
})

async function say(hub: Hub, { text, attempts }: Message, signal: AbortSignal): Promise<Delivery> {
  const bytes = encodeText(text, 'gb18030')
  const heard = await sendAndHear(hub, bytes, { timeoutMs: ANSWER_MS, signal })
  if (heard === null) return { status: 'queued', outcome: 'no answer' }
  const answer = readMessage(heard)
  if ('problem' in answer) return { status: 'queued', outcome: answer.problem }
  const acknowledged = answer.find('MSA')
  if (acknowledged.get(2) !== text.split('|')[9]) {
    return { status: 'queued', outcome: 'the answer to another message' }
  }
  const code = acknowledged.get(1)
  if (code === 'AA') return { status: 'acknowledged', outcome: 'AA' }
  const words = `${code} ${answer.find('ERR').get(8) || acknowledged.get(3)}`.trim()
  const isOver = code === 'AR' || attempts + 1 >= MOST_ATTEMPTS
  return { status: isOver ? 'refused' : 'queued', outcome: words }
}

function textOf(his: His, { type, structure, rows }: News): string {
  const controlId = nextControlId(his)
  const header = headerRow(his, { type, structure, controlId, encoding: 'gb18030' })
  const event = ['EVN', type.split('^')[1] ?? '', header[5] ?? ''] as const
  return writeText([header, ...(HAVE_EVENT.test(type) ? [event] : []), ...rows])
}

const HAVE_EVENT = /^(ADT|DFT)/
