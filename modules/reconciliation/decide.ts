import { earliest } from '../../kernel/time.ts'
import {
  type Arrival,
  type ArrivalStatus,
  type Day,
  type DayStatus,
  type Difference,
  isOpen,
  type Repair,
} from './day.ts'
import { type Remedy, remedyOf, type RemedyContext } from './remedy.ts'
import { nextDayDeadline, nextDayLookAt } from './timetable.ts'

/** What to do next about a day: one thing at a time. */
export type DayStep =
  | { do: 'repair'; difference: Difference; repair: Repair }
  | { do: 'fetch'; source: string }
  | { do: 'compare'; source: string }
  | { do: 'open_case'; difference: Difference; reason: string }
  | { do: 'review' } // a closed day is read and compared anew
  | { do: 'close' }
  | { do: 'wait'; until: Date | null; status: DayStatus }

export type DayState = {
  day: Day
  arrivals: readonly Arrival[] // in the order of their names
  /** Those of the day the machine still works on. */
  open: readonly Difference[]
  /** How far the lists of the next day have come, by party. */
  nextDay: ReadonlyMap<string, ArrivalStatus>
  canReverse: ReadonlySet<string>
}

/**
 * Pure: all that happens to a day follows from its rows and the time. Repairs go first, so that one
 * reading and one comparison show what all of them have changed.
 */
export function decide(state: DayState, now: Date): DayStep {
  const { day, arrivals } = state
  const remedies = state.open.filter(isOpen).map((difference) => ({
    difference,
    remedy: remedyOf(difference, contextOf(state, difference, now)),
  }))
  for (const { difference, remedy } of remedies) {
    if (remedy.do === 'repair') return { do: 'repair', difference, repair: remedy.repair }
  }
  for (const { source, nextTryAt } of arrivals) {
    if (nextTryAt !== null && nextTryAt <= now) return { do: 'fetch', source }
  }
  for (const arrival of arrivals) {
    if (needsComparison(arrival)) return { do: 'compare', source: arrival.source }
  }
  for (const { difference, remedy } of remedies) {
    if (remedy.do === 'open_case') return { do: 'open_case', difference, reason: remedy.reason }
  }
  // A list that is being read again may still say something else.
  const isWhole = arrivals.every((a) => a.status === 'received' && a.nextTryAt === null)
  if (isWhole && remedies.length === 0) {
    if (day.status !== 'closed') return { do: 'close' }
    if (day.reviewAt !== null && day.reviewAt <= now) return { do: 'review' }
  }
  return { do: 'wait', until: nextMomentOf(state, remedies), status: statusOf(state) }
}

/** What the next day's list may explain is compared with it first, as a comparison goes before any case. */
function contextOf(
  { day: { businessDate }, nextDay, canReverse }: DayState,
  { source }: Difference,
  now: Date,
): RemedyContext {
  const status = nextDay.get(source)
  const isDecided = status === 'received' || status === 'missing'
  const isGivenUp = status !== 'waiting' && now >= nextDayDeadline(businessDate)
  const nextDayKnown = isDecided || isGivenUp
  return { now, nextDayKnown, nextDayLookAt: nextDayLookAt(businessDate, source), canReverse }
}

/** A list is compared when it came, and again when rows that may explain what is open have changed. */
const needsComparison = ({ newestVersion, compareDue }: Arrival): boolean =>
  newestVersion > 0 && compareDue

function statusOf({ day, arrivals, open }: DayState): DayStatus {
  const isWhole = arrivals.every((arrival) => arrival.status === 'received')
  if (isWhole) return day.status === 'closed' && open.length === 0 ? 'closed' : 'compared'
  const wasAsked = arrivals.some(({ silences, refusals, newestVersion, status }) =>
    Boolean(silences || refusals || newestVersion || status !== 'waiting'),
  )
  return wasAsked ? 'gathering' : 'open'
}

function nextMomentOf(
  { day, arrivals }: DayState,
  remedies: readonly { remedy: Remedy }[],
): Date | null {
  const moments = [
    ...arrivals.map(({ nextTryAt }) => nextTryAt),
    ...remedies.map(({ remedy }) => (remedy.do === 'wait' ? remedy.until : null)),
    day.status === 'closed' ? day.reviewAt : null,
  ]
  return earliest(moments)
}
