import { addMs, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { afterCall, type Breaker, CLOSED, type WindowCalls } from './breaker.ts'
import type { ChannelHealth } from './channel-health.ts'
import { addCounts, callsOf, countCall, noCounts } from './counts.ts'
import { endOf, isOnline, type Observation } from './operation.ts'
import { type Counted, sumUp } from './sum-up.ts'

/** The last five minutes, the one that runs with them. */
const WINDOW_MINUTES = 5

/** What one process knows of one hospital's channels. */
export type Memory = {
  /** What is in the database, of all processes. */
  rows: readonly Counted[]
  /** What this process has counted and is writing, and what it has counted since. */
  sending: Minutes
  pending: Minutes
  breakers: Map<string, { breaker: Breaker; version: number }>
  /** Breakers that differ from their rows. */
  changed: Set<string>
  /** How many charges are trying a channel that was down. */
  trials: Map<string, number>
  syncedAt: Date | null
  syncing: Promise<void> | null
  view: { second: number; health: ReadonlyMap<string, ChannelHealth> } | null
}

type Minutes = Map<string, Counted>
type BreakerRow = { channel: string; breaker: Breaker; version: number }

export const newMemory = (): Memory => ({
  rows: [],
  sending: new Map(),
  pending: new Map(),
  breakers: new Map(),
  changed: new Set(),
  trials: new Map(),
  syncedAt: null,
  syncing: null,
  view: null,
})

/** Counts one call that has ended, and judges its channel anew. */
export function countIn(memory: Memory, observation: Observation): void {
  const { channel, operation, outcome, durationMs, at } = observation
  const end = endOf(outcome)
  const minute = minuteOf(at)
  const key = `${minute.getTime()} ${operation} ${channel}`
  const known = memory.pending.get(key) ?? { channel, minute, operation, counts: noCounts() }
  countCall(known.counts, end, durationMs)
  memory.pending.set(key, known)
  memory.view = null
  if (isOnline(operation)) judge(memory, channel, { isSilent: end === 'unknown', at })
}

function judge(memory: Memory, channel: string, call: { isSilent: boolean; at: Date }): void {
  const kept = memory.breakers.get(channel) ?? { breaker: CLOSED, version: 0 }
  const window = callsInWindow(memory, channel, kept.breaker, call.at)
  const breaker = afterCall(kept.breaker, call, window)
  if (breaker === kept.breaker) return
  memory.breakers.set(channel, { ...kept, breaker })
  if (isToBeKept(kept.breaker, breaker)) memory.changed.add(channel)
}

function callsInWindow(memory: Memory, channel: string, breaker: Breaker, at: Date): WindowCalls {
  // The minute in which it was closed again is of both times, and left out.
  const { countedFrom } = breaker
  const start = windowStart(at)
  const since = countedFrom && countedFrom > start ? countedFrom : start
  const total = noCounts()
  for (const counted of everythingIn(memory)) {
    const isOwn = counted.channel === channel && isOnline(counted.operation)
    if (isOwn && counted.minute >= since) addCounts(total, counted.counts)
  }
  return { calls: callsOf(total), silent: total.unknown }
}

/** Silences in a row are this process's own; all else is for the others too. */
const isToBeKept = (before: Breaker, after: Breaker): boolean =>
  before.openedAt !== after.openedAt ||
  before.retryAt !== after.retryAt ||
  before.passed !== after.passed

/** How every channel fares of which anything is known; reckoned once a second and after each call. */
export function healthIn(memory: Memory, now: Date): ReadonlyMap<string, ChannelHealth> {
  const second = Math.floor(now.getTime() / SECOND_MS)
  if (memory.view?.second !== second) {
    const health = sumUp(everythingIn(memory), memory.breakers, windowStart(now), now)
    memory.view = { second, health }
  }
  return memory.view.health
}

/** Takes out what is to be written; it counts on until it is read back, or given back. */
export function takeOut(memory: Memory): { minutes: Counted[]; breakers: BreakerRow[] } {
  const breakers = [...memory.changed].flatMap((channel) => {
    const kept = memory.breakers.get(channel)
    return kept ? [{ channel, ...kept }] : []
  })
  memory.changed.clear()
  memory.sending = memory.pending
  memory.pending = new Map()
  return { minutes: [...memory.sending.values()], breakers }
}

/** Takes in what all processes together know, our own written part with it. */
export function takeIn(
  memory: Memory,
  read: { minutes: readonly Counted[]; breakers: readonly BreakerRow[] },
): void {
  memory.rows = read.minutes
  memory.sending = new Map()
  memory.view = null
  for (const row of read.breakers) {
    const known = memory.breakers.get(row.channel)?.breaker
    memory.breakers.set(row.channel, { ...row, breaker: newerOf(memory, row, known) })
  }
}

/** Where this process has moved on since it wrote, it is right; else the row is. */
function newerOf(memory: Memory, { channel, breaker }: BreakerRow, own: Breaker | undefined) {
  if (own === undefined) return breaker
  if (memory.changed.has(channel)) return own
  const isStillClosed = own.openedAt === null && breaker.openedAt === null
  return isStillClosed ? { ...breaker, silentInARow: own.silentInARow } : breaker
}

/** What could not be written is counted with what came since, and tried again. */
export function giveBack(memory: Memory, breakers: readonly BreakerRow[]): void {
  for (const [key, unsent] of memory.sending) {
    const newer = memory.pending.get(key)
    if (newer) addCounts(newer.counts, unsent.counts)
    else memory.pending.set(key, unsent)
  }
  memory.sending = new Map()
  memory.view = null
  for (const { channel } of breakers) memory.changed.add(channel)
}

function* everythingIn({ rows, sending, pending }: Memory): Generator<Counted> {
  yield* rows
  yield* sending.values()
  yield* pending.values()
}

const minuteOf = (at: Date) => new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS)

/** The first minute of the window that runs at this moment. */
export const windowStart = (now: Date): Date =>
  addMs(minuteOf(now), (1 - WINDOW_MINUTES) * MINUTE_MS)
