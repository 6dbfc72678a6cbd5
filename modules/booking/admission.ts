import type { HospitalId } from '../../kernel/id.ts'
import { addMs, type Clock, SECOND_MS } from '../../kernel/time.ts'
import type { PersonId, SessionId, Source } from './booking.ts'
import { bookingErrors } from './errors.ts'
import type { BookingRules } from './rules.ts'

// What a process remembers, so that a burst meets the database only while there is something to sell.

export type Admission = ReturnType<typeof createAdmission>

/** A number that comes back is seen this much later by a process that remembers that there was none. */
const REMEMBERED_MS = SECOND_MS
const MOST_REMEMBERED = 10_000

/** Fewer than a process has connections, so that a burst leaves some for everybody else. */
const MOST_INSIDE = 4
const MOST_WAITING = 50_000

/**
 * Which sessions are sold out. Whoever has a number there is let through all the same: a repeat of their wish must
 * find it, and not hear that they were too late.
 */
export function createAdmission(clock: Clock) {
  const soldOut = new Map<string, { until: Date; holders: ReadonlySet<PersonId> }>()
  const gates = new Map<SessionId, { inside: number; waiting: (() => void)[] }>()
  return { isShut, remember, forget, enter }

  /**
   * Lets a few at a time ask the database for a number of a session; the others wait here, in the order in which they
   * came, and hear from memory when the last is sold. Errors: booking.crowded when too many wait.
   */
  async function enter<T>(sessionId: SessionId, work: () => Promise<T>): Promise<T> {
    const gate = gates.get(sessionId) ?? { inside: 0, waiting: [] }
    gates.set(sessionId, gate)
    if (gate.inside >= MOST_INSIDE) {
      if (gate.waiting.length >= MOST_WAITING) throw bookingErrors.crowded()
      await new Promise<void>((resolve) => void gate.waiting.push(resolve))
    } else gate.inside += 1
    try {
      return await work()
    } finally {
      const next = gate.waiting.shift()
      if (next) next()
      else gate.inside -= 1
      if (gate.inside === 0) gates.delete(sessionId)
    }
  }

  function isShut(wish: { sessionId: SessionId; source: Source; personId: PersonId }): boolean {
    const known = soldOut.get(keyOf(wish))
    if (!known) return false
    const now = clock.now()
    // A clock that was set back must not keep it shut for longer.
    if (now >= known.until || addMs(now, REMEMBERED_MS) < known.until) {
      soldOut.delete(keyOf(wish))
      return false
    }
    return !known.holders.has(wish.personId)
  }

  function remember(
    of: { sessionId: SessionId; source: Source },
    holders: readonly PersonId[],
    seenAt: Date,
  ): void {
    if (soldOut.size >= MOST_REMEMBERED) soldOut.clear()
    soldOut.set(keyOf(of), { until: addMs(seenAt, REMEMBERED_MS), holders: new Set(holders) })
  }

  /** A number came back here: it is asked for at once. */
  function forget(sessionId: SessionId): void {
    for (const source of SOURCES) soldOut.delete(keyOf({ sessionId, source }))
  }
}

const SOURCES: readonly Source[] = ['online', 'partner', 'window', 'doctor']

const keyOf = ({ sessionId, source }: { sessionId: SessionId; source: Source }) =>
  `${sessionId}/${source}`

const RULES_KEPT_MS = 5 * SECOND_MS

/** What holds at each hospital, asked for anew after five seconds. */
export function createRulesMemory(
  clock: Clock,
  ask: (hospitalId: HospitalId) => Promise<BookingRules>,
) {
  const known = new Map<HospitalId, { rules: Promise<BookingRules>; askedAt: Date }>()
  return { of, forget: (hospitalId: HospitalId) => void known.delete(hospitalId) }

  function of(hospitalId: HospitalId): Promise<BookingRules> {
    const now = clock.now()
    const last = known.get(hospitalId)
    const ageMs = last ? now.getTime() - last.askedAt.getTime() : RULES_KEPT_MS
    if (last && ageMs >= 0 && ageMs < RULES_KEPT_MS) return last.rules
    const rules = ask(hospitalId)
    known.set(hospitalId, { rules, askedAt: now })
    rules.catch(() => known.delete(hospitalId))
    return rules
  }
}
