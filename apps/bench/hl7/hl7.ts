import { cpus, loadavg } from 'node:os'

import { assert } from '../../../kernel/assert.ts'
import { MllpClient } from '../../../platform/hl7/mllp/client.ts'
import { framed } from '../../../platform/hl7/mllp/frames.ts'
import { openMllpServer } from '../../../platform/hl7/mllp/server.ts'
import { parse } from '../../../platform/hl7/parse.ts'
import { createAnswerMemory, createReceiver } from '../../../platform/hl7/receiver.ts'
import { type BenchResult, type Figure, rate } from '../result.ts'
import { median } from '../statistics.ts'
import { openBareSocket } from './bare.ts'
import { reportBytes } from './message.ts'

const LIMIT_PER_SECOND = 1_500
const PARSED_A_ROUND = 4_000
const FIRST_ROUND = 500
const REMEMBERED = 10_000
const ANSWER_MS = 60_000

type Options = { seconds: number; concurrency: number; rounds: number }

/**
 * How many messages a second go over MLLP on loopback: written by the client, framed, read, parsed, looked up by MSH-10,
 * answered with an ACK, and the ACK parsed again. Beside the limit, and beside what a bare socket carries of the same
 * bytes. Both sides are this one process. Errors: throws when a message is not answered with AA.
 */
export async function benchHl7({ seconds, concurrency, rounds }: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  const bed = await openBed(concurrency)
  try {
    const taken: Taken = { pipelined: [], oneByOne: [], bare: [], bareOneByOne: [], parsed: [] }
    // As many as fill the time of the first side.
    const first = await perSecond(FIRST_ROUND, () => bed.send(FIRST_ROUND, 'pipelined'))
    const count = Math.max(FIRST_ROUND, Math.round(first.byClock * seconds))
    for (let round = 0; round < rounds; round++) {
      taken.pipelined.push(await perSecond(count, () => bed.send(count, 'pipelined')))
      taken.bare.push(await perSecond(count, () => bed.bare.send(count, concurrency)))
      const fewer = Math.ceil(count / 2)
      taken.oneByOne.push(await perSecond(fewer, () => bed.send(fewer, 'oneByOne')))
      taken.bareOneByOne.push(await perSecond(fewer, () => bed.bare.send(fewer, 1)))
      taken.parsed.push(await perSecond(PARSED_A_ROUND, async () => parseAll(PARSED_A_ROUND)))
    }
    const message = `${reportBytes(controlIdOf(1)).length} bytes, 15 segments, GB 18030`
    const conditions = { message, 'messages a round': count, rounds, cores: cpus().length }
    return {
      bench: 'hl7',
      figures: figuresOf(taken, concurrency),
      conditions: { ...conditions, 'load before': load },
    }
  } finally {
    await bed.close()
  }
}

/** By the clock, and by the processor's time of this process, user and system. */
type Pace = { byClock: number; byCpu: number }
type Taken = Record<'pipelined' | 'oneByOne' | 'bare' | 'bareOneByOne' | 'parsed', Pace[]>

function figuresOf(taken: Taken, concurrency: number): Figure[] {
  const clock = (name: keyof Taken) => median(taken[name].map(({ byClock }) => byClock))
  const cpu = (name: keyof Taken) => median(taken[name].map(({ byCpu }) => byCpu))
  const limit = { name: 'the limit', value: LIMIT_PER_SECOND }
  const bare = 'a bare socket, the same bytes'
  const pipelined = `messages, ${concurrency} under way`
  return [
    rate(pipelined, clock('pipelined'), '/s', limit),
    rate(pipelined, clock('pipelined'), '/s', { name: bare, value: clock('bare') }),
    rate(`${pipelined}, by CPU`, cpu('pipelined'), '/CPU-s', { name: bare, value: cpu('bare') }),
    rate('messages, one by one', clock('oneByOne'), '/s', limit),
    rate('messages, one by one', clock('oneByOne'), '/s', {
      name: bare,
      value: clock('bareOneByOne'),
    }),
    rate('messages parsed, nothing else', cpu('parsed'), '/CPU-s', limit),
  ]
}

type Way = 'pipelined' | 'oneByOne'

async function openBed(concurrency: number) {
  let answers = 0
  const receiver = createReceiver({
    handle: async () => ({ code: 'AA' }),
    memory: createAnswerMemory(REMEMBERED),
    defaultCharset: 'UNICODE UTF-8',
    now: () => ({ at: '20261123081501', controlId: `A${(answers += 1)}`.padEnd(ID_LENGTH, '0') }),
  })
  const server = await openMllpServer({ host: '127.0.0.1', port: 0, ...receiver })
  const options = {
    host: '127.0.0.1',
    port: server.port,
    defaultCharset: 'UNICODE UTF-8',
    connectTimeoutMs: ANSWER_MS,
    answerTimeoutMs: ANSWER_MS,
  } as const
  const clients = {
    pipelined: new MllpClient({ ...options, inFlight: concurrency }),
    oneByOne: new MllpClient({ ...options, inFlight: 1 }),
  }
  const sample = reportBytes(controlIdOf(0))
  const ack = await receiver.answer(sample)
  const bare = await openBareSocket(framed(sample).length, framed(ack).length)
  let sent = 0
  return { send, bare, close }

  /** So many senders, each of which waits for its answer. */
  async function send(count: number, way: Way): Promise<void> {
    let left = count
    const senders = way === 'pipelined' ? concurrency : 1
    await Promise.all(
      Array.from({ length: senders }, async () => {
        while (left > 0) {
          left -= 1
          sent += 1
          const controlId = controlIdOf(sent)
          const answer = await clients[way].send(reportBytes(controlId), controlId)
          assert(answer.kind === 'answered', `message ${controlId} is answered`)
          assert(answer.bytes.includes(`MSA|AA|${controlId}`), `message ${controlId} is taken`)
        }
      }),
    )
  }

  async function close(): Promise<void> {
    await Promise.all([clients.pipelined.close(0), clients.oneByOne.close(0)])
    await bare.close()
    await server.close(0)
  }
}

const ID_LENGTH = 12
const controlIdOf = (no: number) => `M${String(no).padStart(ID_LENGTH - 1, '0')}`

function parseAll(count: number): void {
  const bytes = reportBytes(controlIdOf(1))
  for (let i = 0; i < count; i++) {
    assert(parse(bytes, { defaultCharset: 'ASCII' }).ok, 'the report is read')
  }
}

async function perSecond(count: number, work: () => Promise<void>): Promise<Pace> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(before)
  return {
    byClock: (count * 1_000) / (performance.now() - startedAt),
    byCpu: (count * 1_000_000) / (user + system),
  }
}
