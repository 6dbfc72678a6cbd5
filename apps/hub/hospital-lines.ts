import { createHash } from 'node:crypto'

import type { ListeningHospital } from '../../adapters/hospitals/declarative/index.ts'
import { AppError } from '../../kernel/error.ts'
import type { HospitalId, NewId } from '../../kernel/id.ts'
import { type Clock, toShanghaiText } from '../../kernel/time.ts'
import type { HeardMessages, HospitalNotices } from '../../modules/hospitals/index.ts'
import type { OnError } from '../../modules/payments/index.ts'
import { CONDITIONS } from '../../platform/hl7/acknowledge.ts'
import {
  headerOf,
  type Hl7Header,
  type Hl7Message,
  segmentOf,
  textAt,
  USUAL_LIMITS,
} from '../../platform/hl7/message.ts'
import {
  type MllpServer,
  type MllpServerProblem,
  openMllpServer,
} from '../../platform/hl7/mllp/server.ts'
import { parse } from '../../platform/hl7/parse.ts'
import { createReceiver, type Handled } from '../../platform/hl7/receiver.ts'
import { viewOf } from '../../platform/hl7/view.ts'

// The hub's own lines: a port for each hospital whose product tells what happens over HL7.

/** A hospital's line bears so much and no more, so that one that floods is slow to itself alone. */
const LIMITS = {
  frameBytes: 2_097_152,
  connections: 8,
  frameMs: 30_000,
  idleMs: 600_000,
  waiting: 16,
}
/** Messages of one hospital that are worked on at the same time, of all its connections. */
const AT_ONCE = 2
const GRACE_MS = 5_000

export type HospitalLines = ReturnType<typeof createHospitalLines>

type Dependencies = {
  clock: Clock
  newId: NewId
  notices: Pick<HospitalNotices, 'hear'>
  messages: HeardMessages
  hospitals: { list(): Promise<readonly { id: HospitalId }[]> }
  /** How a hospital is listened to; the same object as long as its connection is the same. */
  listeningOf: (hospitalId: HospitalId) => Promise<ListeningHospital | null>
  onError?: OnError
}

type Line = { listening: ListeningHospital; server: MllpServer }

/** Opens and closes lines as hospitals' connections say. A port that is taken is told of, and tried again. */
export function createHospitalLines(dependencies: Dependencies, options: { host: string }) {
  const { hospitals, listeningOf, onError } = dependencies
  const lines = new Map<HospitalId, Line>()
  return { follow, portOf: (id: HospitalId) => lines.get(id)?.server.port ?? null, stop }

  /** Makes the lines those that the connections name now; returns how many were opened or closed. */
  async function follow(): Promise<number> {
    let changed = 0
    for (const { id } of await hospitals.list()) {
      try {
        changed += await followOne(id)
      } catch (error) {
        onError?.(error, { hospitalId: id, subject: 'line' })
      }
    }
    return changed
  }

  async function followOne(id: HospitalId): Promise<number> {
    const wanted = await listeningOf(id)
    const line = lines.get(id)
    if (line?.listening === wanted || (!line && !wanted)) return 0
    lines.delete(id)
    await line?.server.close(GRACE_MS)
    if (wanted) lines.set(id, { listening: wanted, server: await open(id, wanted) })
    return 1
  }

  function open(id: HospitalId, listening: ListeningHospital): Promise<MllpServer> {
    const { port } = listening
    return openMllpServer({
      ...options,
      port,
      limits: LIMITS,
      ...hearing(dependencies, id, listening),
    })
  }

  async function stop(): Promise<void> {
    const open = [...lines.values()]
    lines.clear()
    await Promise.all(open.map(({ server }) => server.close(GRACE_MS)))
  }
}

/** How the messages of one hospital are answered: once each, kept before they are acknowledged. */
function hearing(dependencies: Dependencies, id: HospitalId, listening: ListeningHospital) {
  const { clock, newId, messages, onError } = dependencies
  const told = (error: unknown) => onError?.(error, { hospitalId: id, subject: 'line' })
  const now = () => ({
    at: toShanghaiText(clock.now()).replaceAll(/\D/g, ''),
    controlId: newId<'Message'>().replaceAll('-', ''),
  })
  const reasons = new Map<string, string>()
  const receiver = createReceiver({
    handle: async (message) => {
      const { handled, reason } = await taken(dependencies, id, listening, message)
      reasons.set(keyOf(headerOf(message)), reason)
      return handled
    },
    memory: {
      async recall(key) {
        const known = await messages.recall(id, key)
        return known && { hash: known.digest, answer: known.answer }
      },
      remember: async () => undefined, // kept with its end, below
    },
    defaultCharset: listening.charset,
    limits: { ...USUAL_LIMITS, bytes: LIMITS.frameBytes },
    now,
    onProblem: (wrong) => ('error' in wrong ? told(wrong.error) : undefined),
  })
  const inTurn = atMost(AT_ONCE)
  return {
    answer: (bytes: Buffer) => inTurn(() => answerAndKeep(bytes)),
    refuse(head: Buffer) {
      const answer = receiver.refuse(head)
      void keep(head, answer).catch(told)
      return answer
    },
    onProblem: (wrong: MllpServerProblem) => void keepProblem(wrong).catch(told),
  }

  async function answerAndKeep(bytes: Buffer): Promise<Buffer> {
    const answer = await receiver.answer(bytes)
    await keep(bytes, answer)
    return answer
  }

  async function keep(bytes: Buffer, answer: Buffer): Promise<void> {
    const of = identityOf(bytes, listening.charset)
    const reason = reasons.get(of.key)
    reasons.delete(of.key)
    const said = parse(answer, { defaultCharset: listening.charset })
    const acknowledged = said.ok ? textAt(segmentOf(said.message, 'MSA'), 1) : ''
    if (acknowledged === 'AA') {
      // Without a reason nobody has looked at it: it came again, and had the answer of the first time.
      return reason === undefined
        ? undefined
        : messages.keep(id, of, { outcome: 'taken', reason, answer })
    }
    const words = said.ok ? textAt(segmentOf(said.message, 'ERR'), 8) : 'no answer could be made'
    return messages.keep(id, of, { outcome: 'refused', reason: `${acknowledged} ${words}`.trim() })
  }

  /** What is wrong with a connection has no message: it is kept once a minute, so that a flood fills nothing. */
  async function keepProblem({ code, address, error }: MllpServerProblem): Promise<void> {
    if (error !== undefined) told(error)
    if (code === 'too_large') return // refused, and kept as such
    const minute = clock.now().toISOString().slice(0, 16)
    const of = { ...identityOf(Buffer.from(`${code} ${minute}`), listening.charset), type: '' }
    await messages.keep(id, of, { outcome: 'refused', reason: `${code} from ${address}` })
  }
}

/** The same key as the receiver's for what has a header; of the bytes alone for what has none. */
function identityOf(bytes: Buffer, defaultCharset: ListeningHospital['charset']) {
  const digest = createHash('sha256').update(bytes).digest('hex')
  const parsed = parse(bytes, { defaultCharset })
  const header = parsed.ok ? headerOf(parsed.message) : parsed.header
  const type = header ? `${header.messageCode}^${header.triggerEvent}` : ''
  return {
    key: header ? keyOf(header) : digest,
    digest,
    controlId: header?.controlId ?? '',
    type,
    bytes,
  }
}

const keyOf = ({ sendingFacility, sendingApplication, controlId }: Hl7Header): string =>
  JSON.stringify([sendingFacility, sendingApplication, controlId])

async function taken(
  { notices }: Dependencies,
  id: HospitalId,
  { understand }: ListeningHospital,
  message: Hl7Message,
): Promise<{ handled: Handled; reason: string }> {
  const understood = understand(viewOf(message))
  switch (understood.outcome) {
    case 'nothing':
      return { handled: { code: 'AA' }, reason: 'nothing' }
    case 'not_accepted':
      return refused('AR', 'keyUnknown', 'not a message of this hospital')
    case 'unreadable':
      return refused('AE', 'dataType', understood.reason)
    case 'notice':
      return heard(notices, id, understood.notice)
  }
}

async function heard(
  notices: Dependencies['notices'],
  id: HospitalId,
  notice: Parameters<HospitalNotices['hear']>[1],
): Promise<{ handled: Handled; reason: string }> {
  try {
    await notices.hear(id, notice)
    return { handled: { code: 'AA' }, reason: notice.kind }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'hospitals.notice_differs') throw error
    return refused('AE', 'keyDuplicate', 'this number was used with another content')
  }
}

const refused = (
  code: 'AE' | 'AR',
  condition: keyof typeof CONDITIONS,
  message: string,
): { handled: Handled; reason: string } => ({
  handled: { code, error: { condition: CONDITIONS[condition], message } },
  reason: message,
})

/** Lets so many be under way and has the others wait, in their order; each connection waits for its own answer. */
function atMost(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let underWay = 0
  return async (work) => {
    if (underWay >= most) await new Promise<void>((go) => void waiting.push(go))
    else underWay += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else underWay -= 1
    }
  }
}
