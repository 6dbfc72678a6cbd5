import {
  callsAfter,
  orderOf,
  type Ticket,
  type TicketId,
  turnOf,
  USUAL_QUEUE_RULES,
} from '../../../modules/queue/index.ts'
import type { Arrival, Kind, Morning } from './clinics.ts'

/** What is known before a room at the moment of a check-in, and how long that person then waited. Times in ms. */
export type Sight = {
  doctor: string
  nowMs: number
  hasBegun: boolean
  pause: 'to_come' | 'over' | { sinceMs: number }
  pauseFromMs: number
  inService: { kind: Kind; elapsedMs: number } | null
  /** In the order of their calls; who has booked and is not here yet stands where they would. */
  ahead: Ahead[]
  seen: readonly Visit[]
  /** What came of it. */
  waitedMs: number
  wentBefore: readonly boolean[] // of those in `ahead`
  unforeseen: number // who were not in it, and were called before
}

/** `slotInMs`: until the slot of who has booked and is not here; null of who is here. */
export type Ahead = { kind: Kind; slotInMs: number | null }

export type Visit = { kind: Kind; lengthMs: number }

export type Played = { sights: Sight[]; visits: Visit[]; lateMs: number; pauseMs: number | null }

type Seen = Omit<Sight, 'waitedMs' | 'wentBefore' | 'unforeseen'>
type Guest = Arrival & { ticket: Ticket }

/** Plays a morning by the rules of the queue: one room, one person after the other. */
export function play({ doctor, lateMs, pause, arrivals }: Morning): Played {
  const guests = arrivals.map((arrival, i) => guestOf(arrival, i + 1))
  const coming = guests.filter(({ comes }) => comes).toSorted(byArrival)
  const open = new Map<Guest, Open>()
  const here = new Set<Guest>()
  const called = new Set<Guest>()
  const [sights, visits]: [Sight[], Visit[]] = [[], []]
  let callsByTurn = USUAL_QUEUE_RULES.priorityEvery - 1
  let pauseState: Sight['pause'] = 'to_come'
  let freeMs = lateMs
  let atDoctor: { kind: Kind; sinceMs: number } | null = null

  const enter = (guest: Guest) => {
    const nowMs = guest.arrivesMs
    here.add(guest)
    const ahead = aheadOf(guest, guests, here, { nowMs, callsByTurn })
    const sight = {
      doctor,
      nowMs,
      hasBegun: nowMs >= lateMs,
      pause: pauseState,
      pauseFromMs: pause.fromMs,
      inService: atDoctor && { kind: atDoctor.kind, elapsedMs: nowMs - atDoctor.sinceMs },
      ahead: ahead.map(shownAhead(here, nowMs)),
      seen: [...visits],
    }
    open.set(guest, { sight, ahead, calls: called.size })
  }
  const enterUntil = (untilMs: number) => {
    for (let first = coming[0]; first && first.arrivesMs <= untilMs; first = coming[0]) {
      coming.shift()
      enter(first)
    }
  }

  for (;;) {
    enterUntil(freeMs)
    if (pauseState === 'to_come' && freeMs >= pause.fromMs) {
      pauseState = { sinceMs: freeMs }
      freeMs += pause.lengthMs
      enterUntil(freeMs)
      pauseState = 'over'
    }
    const waiting = { tickets: [...here].map(({ ticket }) => ticket), callsByTurn }
    const call = orderOf(waiting, USUAL_QUEUE_RULES)[0]
    const guest = call && [...here].find(({ ticket }) => ticket === call.ticket)
    if (!call || !guest) {
      const first = coming[0]
      if (!first) break
      freeMs = first.arrivesMs
      continue
    }
    callsByTurn = callsAfter(callsByTurn, call)
    here.delete(guest)
    const seen = open.get(guest)
    if (guest.leaves) continue
    if (seen) sights.push(outcomeOf(seen, called, freeMs - guest.arrivesMs))
    called.add(guest)
    atDoctor = { kind: guest.kind, sinceMs: freeMs }
    freeMs += guest.visitMs
    enterUntil(freeMs)
    atDoctor = null
    visits.push({ kind: guest.kind, lengthMs: guest.visitMs })
    const back = backOf(guest, freeMs, guests.length + 1)
    guests.push(...back)
    coming.push(...back)
    coming.sort(byArrival)
  }
  return { sights, visits, lateMs, pauseMs: pauseState === 'over' ? pause.lengthMs : null }
}

/** What somebody saw at the check-in, until they are called. */
type Open = { sight: Seen; ahead: readonly Guest[]; calls: number }

function outcomeOf({ sight, ahead, calls }: Open, called: ReadonlySet<Guest>, waitedMs: number) {
  const wentBefore = ahead.map((other) => called.has(other))
  const foreseen = wentBefore.filter((went) => went).length
  return { ...sight, waitedMs, wentBefore, unforeseen: called.size - calls - foreseen }
}

const shownAhead = (here: ReadonlySet<Guest>, nowMs: number) => (other: Guest) => ({
  kind: other.kind,
  slotInMs: here.has(other) || other.slotMs === null ? null : other.slotMs - nowMs,
})

function guestOf(arrival: Arrival, number: number): Guest {
  const { kind, slotMs, arrivesMs, isElderly } = arrival
  const slotAt = slotMs === null ? null : new Date(slotMs)
  const turnAt = turnOf(slotAt, new Date(arrivesMs), USUAL_QUEUE_RULES)
  const priority = kind === 'results' ? 'returning' : isElderly ? 'elderly' : 'ordinary'
  const id = `ticket-${number}` as TicketId
  return { ...arrival, ticket: { id, number, priority, turnAt, state: 'waiting' } }
}

function backOf({ back, isElderly }: Guest, nowMs: number, number: number): Guest[] {
  if (!back) return []
  const arrivesMs = nowMs + back.afterMs
  const { visitMs } = back
  const usual = { slotMs: null, comes: true, leaves: false, back: null } as const
  return [guestOf({ ...usual, kind: 'results', arrivesMs, isElderly, visitMs }, number)]
}

/** Who has booked is expected until the slot is lost; whether they come nobody knows yet. */
function aheadOf(
  guest: Guest,
  guests: readonly Guest[],
  here: ReadonlySet<Guest>,
  { nowMs, callsByTurn }: { nowMs: number; callsByTurn: number },
): Guest[] {
  const shown = new Map<Ticket, Guest>()
  for (const other of guests) {
    const { slotMs, ticket } = other
    if (here.has(other)) shown.set(ticket, other)
    else if (slotMs !== null && !(other.comes && other.arrivesMs <= nowMs)) {
      if (nowMs > slotMs + USUAL_QUEUE_RULES.slotKeptMs) continue
      shown.set({ ...ticket, turnAt: new Date(slotMs) }, other)
    }
  }
  const order = orderOf({ tickets: [...shown.keys()], callsByTurn }, USUAL_QUEUE_RULES)
  const place = order.findIndex(({ ticket }) => ticket === guest.ticket)
  return order.slice(0, place).flatMap(({ ticket }) => shown.get(ticket) ?? [])
}

const byArrival = (a: Guest, b: Guest): number => a.arrivesMs - b.arrivesMs
