import { addMs, earliest, MINUTE_MS, SECOND_MS } from '../../../../../kernel/time.ts'
import type { Fault, FaultPlan } from '../../../kit/simulator.ts'
import type { His } from '../../context.ts'
import { countAttempt } from '../../memory.ts'
import { headerRow, nextControlId } from './context.ts'
import { encodeText, readMessage, writeText } from './er7.ts'
import { findNews, type News, nextReportAt } from './news.ts'
import { sendAndHear } from './wire.ts'

export const OUTBOX_TABLE = `create table if not exists hl7_outbox (
  no integer primary key,
  type text not null,
  ref text not null,
  text text not null,
  status text not null check (status in ('queued', 'acknowledged', 'refused', 'lost')),
  attempts integer not null,
  due_at text not null,
  is_held integer not null,
  outcome text,
  unique (type, ref)
) strict`

export type Told = {
  type: string
  /** What it is about: the number of a place, clinic, stay, report or merged file, or 'bill/version'. */
  ref: string
  status: 'queued' | 'acknowledged' | 'refused' | 'lost'
  attempts: number
  /** MSA-1 and words of the last answer, or what came in its place. */
  outcome: string | null
}

export type Hub = { host: string; port: number }

export type Outbox = ReturnType<typeof createOutbox>

/**
 * Tells the hub what happens, in its order: who does not answer is asked again, and what comes after waits. The same
 * message is sent until it is taken: its control id and its bytes stay.
 */
export function createOutbox(his: His, hub: Hub | null, faults: FaultPlan) {
  const { store, clock } = his
  const stopping = new AbortController()
  let sending: Promise<number> | null = null
  const { signal } = stopping
  return { nextDueAt, sendDue, told: () => listTold(his), stop }

  function nextDueAt(): Date | null {
    if (!hub) return null
    queueNews(his)
    const row = store.get<{ due_at: string | null }>(
      `select min(due_at) as due_at from hl7_outbox where status = 'queued' and (is_held = 1
        or no = (select min(no) from hl7_outbox where status = 'queued' and is_held = 0))`,
    )
    return earliest([row?.due_at ? new Date(row.due_at) : null, nextReportAt(his)])
  }

  async function sendDue(): Promise<number> {
    if (!hub) return 0
    if (sending) return sending.then(() => 0)
    sending = sendAllDue(hub)
    try {
      return await sending
    } finally {
      sending = null
    }
  }

  async function sendAllDue(to: Hub): Promise<number> {
    queueNews(his)
    const sql = `select * from hl7_outbox where status = 'queued' order by is_held desc, no`
    let count = 0
    for (const row of store.all<OutboxRow>(sql)) {
      if (signal.aborted) break
      const isDue = row.due_at <= clock.now().toISOString()
      if (!isDue && row.is_held === 1) continue
      if (!isDue) break
      count += 1
      const attempt = countAttempt(store, row.type, row.ref)
      const fault = faults({ simulator: 'his', operation: row.type, key: row.ref, attempt })
      const outcome = await deliver({ to, signal }, row, fault)
      if (signal.aborted) break
      record(his, row, outcome)
      if (outcome.status === 'queued' && !outcome.isHeld) break
    }
    return count
  }

  async function stop(): Promise<void> {
    stopping.abort()
    await sending
  }
}

type Line = { to: Hub; signal: AbortSignal }

async function deliver(line: Line, row: OutboxRow, fault: Fault | null): Promise<Delivery> {
  const kind = fault?.kind
  if (kind === 'lose_notice') return { status: 'lost', outcome: kind }
  if (fault?.kind === 'delay_notice' && row.is_held === 0) {
    return { status: 'queued', outcome: fault.kind, isHeld: true, waitMs: fault.ms }
  }
  if (kind === 'drop') return { status: 'queued', outcome: kind }
  if (fault?.kind === 'duplicate_notice') {
    for (let i = 1; i < fault.times; i++) await say(line, row)
  }
  const said = await say(line, row)
  return kind === 'lose_answer' ? { status: 'queued', outcome: kind } : said
}

async function say({ to, signal }: Line, row: OutboxRow): Promise<Delivery> {
  const bytes = encodeText(row.text, 'gb18030')
  const heard = await sendAndHear(to, bytes, { timeoutMs: ANSWER_MS, signal })
  if (heard === null) return { status: 'queued', outcome: 'no answer' }
  const answer = readMessage(heard)
  if ('problem' in answer) return { status: 'queued', outcome: answer.problem }
  const acknowledged = answer.find('MSA')
  if (acknowledged.get(2) !== row.text.split('|')[9]) {
    return { status: 'queued', outcome: 'the answer to another message' }
  }
  const code = acknowledged.get(1)
  if (code === 'AA') return { status: 'acknowledged', outcome: 'AA' }
  const words = `${code} ${answer.find('ERR').get(8) || acknowledged.get(3)}`.trim()
  const isOver = code === 'AR' || row.attempts + 1 >= MOST_ATTEMPTS
  return { status: isOver ? 'refused' : 'queued', outcome: words }
}

/** 5 s after the first attempt, then twice as long each time, and never more than 10 minutes. */
function record({ store, clock }: His, row: OutboxRow, delivery: Delivery): void {
  const { status, outcome, isHeld, waitMs } = delivery
  const wait = waitMs ?? Math.min(FIRST_WAIT_MS * 2 ** row.attempts, LONGEST_WAIT_MS)
  store.run(
    `update hl7_outbox set status = ?, outcome = ?, attempts = attempts + 1, due_at = ?,
      is_held = ? where no = ?`,
    status,
    outcome,
    addMs(clock.now(), wait).toISOString(),
    isHeld || row.is_held === 1 ? 1 : 0,
    row.no,
  )
}

const ANSWER_MS = 10_000
const MOST_ATTEMPTS = 20
const FIRST_WAIT_MS = 5 * SECOND_MS
const LONGEST_WAIT_MS = 10 * MINUTE_MS
const AT_ONCE = 200

function queueNews(his: His): void {
  const { store } = his
  store.transaction(() => {
    for (const news of findNews(his, AT_ONCE)) queue(his, news)
  })
}

function queue(his: His, { type, structure, ref, rows }: News): void {
  const controlId = nextControlId(his)
  const header = headerRow(his, { type, structure, controlId, encoding: 'gb18030' })
  const event = ['EVN', type.split('^')[1] ?? '', header[5] ?? ''] as const
  const text = writeText([header, ...(HAVE_EVENT.test(type) ? [event] : []), ...rows])
  const sql = `insert into hl7_outbox values (null, ?, ?, ?, 'queued', 0, ?, 0, null)`
  his.store.run(sql, type, ref, text, his.clock.now().toISOString())
}

const HAVE_EVENT = /^(ADT|DFT)/

const listTold = ({ store }: His): Told[] =>
  store
    .all<OutboxRow>('select * from hl7_outbox order by no')
    .map(({ type, ref, status, attempts, outcome }) => ({ type, ref, status, attempts, outcome }))

type OutboxRow = Told & { no: number; text: string; due_at: string; is_held: number }
type Delivery = {
  status: Told['status']
  outcome: string
  isHeld?: boolean
  waitMs?: number
}
