import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { segmentOf, textAt } from '../message.ts'
import { parse } from '../parse.ts'
import { type AnswerMemory, createAnswerMemory, createReceiver, type Handled } from '../receiver.ts'
import { createDeframer } from './frames.ts'
import {
  type MllpServer,
  type MllpServerLimits,
  type MllpServerProblem,
  openMllpServer,
} from './server.ts'

export const messageOf = (controlId: string, text = '张三') =>
  Buffer.from(
    `MSH|^~\\&|HIS|H1|HUB|YQ|20261122083000||ORU^R01|${controlId}|P|2.5\rNTE|1||${text}\r`,
  )

export const closing: (() => Promise<unknown>)[] = []

/** Closes what the test opened, the last first. */
export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).toReversed()) await close()
}

export type Hub = { server: MllpServer; handled: string[]; problems: string[] }

export async function openHub({
  limits = {},
  handle = async () => ({ code: 'AA' as const }),
  messageBytes = 4_194_304,
  recall,
}: {
  limits?: Partial<MllpServerLimits>
  handle?: (controlId: string) => Promise<Handled>
  messageBytes?: number
  recall?: AnswerMemory['recall']
} = {}): Promise<Hub> {
  const handled: string[] = []
  const problems: string[] = []
  const tell = ({ code }: { code: string }) => problems.push(code)
  let answers = 0
  const receiver = createReceiver({
    async handle(message) {
      const controlId = textAt(message.segments[0], 10)
      handled.push(controlId)
      return handle(controlId)
    },
    memory: { ...createAnswerMemory(100), ...(recall && { recall }) },
    defaultCharset: 'UNICODE UTF-8',
    limits: { bytes: messageBytes, segments: 100, fields: 50, repetitions: 50, components: 50 },
    now: () => ({ at: '20261122083001', controlId: `A${(answers += 1)}` }),
    onProblem: tell,
  })
  const onProblem = (problem: MllpServerProblem) => tell(problem)
  const server = await openMllpServer({
    host: '127.0.0.1',
    port: 0,
    limits,
    ...receiver,
    onProblem,
  })
  closing.push(() => server.close(0))
  return { server, handled, problems }
}

/** Somebody who sends bytes as they like, and reads what comes until the end. */
export async function dial({ port }: { port: number }) {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  closing.push(async () => socket.destroy())
  const deframer = createDeframer(1_000_000)
  const answers: string[] = []
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    for (const frame of deframer.push(chunk).frames) {
      const parsed = parse(frame, { defaultCharset: 'UNICODE UTF-8' })
      const answer = parsed.ok ? segmentOf(parsed.message, 'MSA') : undefined
      const error = parsed.ok ? segmentOf(parsed.message, 'ERR') : undefined
      const words = textAt(error, 8).split(':')[0] ?? ''
      answers.push([textAt(answer, 1), textAt(answer, 2), words].join(' ').trim())
    }
  })
  const ended = new Promise<void>((done) => socket.once('close', () => done()))
  const heard = async (count: number) => {
    for (let i = 0; answers.length < count && i < 1_000 && !socket.destroyed; i++) await sleep(10)
    return answers
  }
  return { socket, answers, heard, ended }
}
