import { addMs, earliest, MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import type { Fault, FaultPlan } from '../kit/simulator.ts'
import type { His } from './context.ts'
import { countAttempt } from './memory.ts'

export const OUTBOX_TABLE = `create table if not exists outbox (
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
  /** What it is about, once for each type: the number of a place, clinic, stay, report or merged file, or 'bill/version'. */
  ref: string
  status: 'queued' | 'acknowledged' | 'refused' | 'lost'
  attempts: number
  /** The last answer in short, or what came in its place. */
  outcome: string | null
}

/** How a face tells the hub. */
export type Teller = {
  /** What happened and is not told yet, at most so many of each kind; `text` is what is sent, again and again. */
  news: (limit: number) => { type: string; ref: string; text: string }[]
  nextNewsAt: () => Date | null
  /** Never throws: what has no answer is said again. */
  say: (message: Message, signal: AbortSignal) => Promise<Delivery>
}

export type Message = { text: string; attempts: number }

export type Outbox = ReturnType<typeof createOutbox>

/**
 * Tells the hub what happens, in its order: who does not answer is asked again, and what comes after waits. The same
 * message is sent until it is taken: its bytes stay. Without a teller nothing is told.
 */
export function createOutbox(his: His, teller: Teller | null, faults: FaultPlan) {
  const { store, clock } = his
  const stopping = new AbortController()
  let sending: Promise<number> | null = null
  const { signal } = stopping
  return { nextDueAt, sendDue, told: () => listTold(his), stop }

  function nextDueAt(): Date | null {
    if (!teller) return null
    queueNews(his, teller)
    const row = store.get<{ due_at: string | null }>(
      `select min(due_at) as due_at from outbox where status = 'queued' and (is_held = 1
        or no = (select min(no) from outbox where status = 'queued' and is_held = 0))`,
    )
    return earliest([row?.due_at ? new Date(row.due_at) : null, teller.nextNewsAt()])
  }

  async function sendDue(): Promise<number> {
    if (!teller) return 0
    if (sending) return sending.then(() => 0)
    sending = sendAllDue(teller)
    try {
      return await sending
    } finally {
      sending = null
    }
  }

  async function sendAllDue(to: Teller): Promise<number> {
    queueNews(his, to)
    const sql = `select * from outbox where status = 'queued' order by is_held desc, no`
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

type Line = { to: Teller; signal: AbortSignal }

async function deliver(
  { to, signal }: Line,
  row: OutboxRow,
  fault: Fault | null,
): Promise<Delivery> {
  const kind = fault?.kind
  if (kind === 'lose_notice') return { status: 'lost', outcome: kind }
  if (fault?.kind === 'delay_notice' && row.is_held === 0) {
    return { status: 'queued', outcome: fault.kind, isHeld: true, waitMs: fault.ms }
  }
  if (kind === 'drop') return { status: 'queued', outcome: kind }
  if (fault?.kind === 'duplicate_notice') {
    for (let i = 1; i < fault.times; i++) await to.say(row, signal)
  }
  const said = await to.say(row, signal)
  return kind === 'lose_answer' ? { status: 'queued', outcome: kind } : said
}

/** 5 s after the first attempt, then twice as long each time, and never more than 10 minutes. */
function record({ store, clock }: His, row: OutboxRow, delivery: Delivery): void {
  const { status, outcome, isHeld, waitMs } = delivery
  const wait = waitMs ?? Math.min(FIRST_WAIT_MS * 2 ** row.attempts, LONGEST_WAIT_MS)
  store.run(
    `update outbox set status = ?, outcome = ?, attempts = attempts + 1, due_at = ?,
      is_held = ? where no = ?`,
    status,
    outcome,
    addMs(clock.now(), wait).toISOString(),
    isHeld || row.is_held === 1 ? 1 : 0,
    row.no,
  )
}

const FIRST_WAIT_MS = 5 * SECOND_MS
const LONGEST_WAIT_MS = 10 * MINUTE_MS
const AT_ONCE = 200

function queueNews({ store, clock }: His, teller: Teller): void {
  store.transaction(() => {
    for (const { type, ref, text } of teller.news(AT_ONCE)) {
      const sql = `insert into outbox values (null, ?, ?, ?, 'queued', 0, ?, 0, null)`
      store.run(sql, type, ref, text, clock.now().toISOString())
    }
  })
}

/** Of what there is to be told about, by a query that gives a column `ref`, what was not told yet. */
export const untold = (
  { store }: His,
  { type, refs }: { type: string; refs: string },
  limit: number,
): string[] =>
  store
    .all<{ ref: string }>(
      `select ref from (${refs}) as source where not exists
        (select 1 from outbox told where told.type = ? and told.ref = source.ref) limit ?`,
      type,
      limit,
    )
    .map(({ ref }) => ref)

const listTold = ({ store }: His): Told[] =>
  store
    .all<OutboxRow>('select * from outbox order by no')
    .map(({ type, ref, status, attempts, outcome }) => ({ type, ref, status, attempts, outcome }))

type OutboxRow = Told & { no: number; text: string; due_at: string; is_held: number }
export type Delivery = {
  status: Told['status']
  outcome: string
  isHeld?: boolean
  waitMs?: number
}
