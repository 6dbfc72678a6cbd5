import { addMs } from '../../kernel/time.ts'
import { type Difference, HIS, type Repair } from './day.ts'
import { RETRY_MS } from './timetable.ts'

/** What is to be done about one difference now. */
export type Remedy =
  | { do: 'repair'; repair: Repair }
  | { do: 'wait'; until: Date }
  | { do: 'open_case'; reason: string }

export type RemedyContext = {
  now: Date
  /** The next day's list of the same party was compared with, or is waited for no longer. */
  nextDayKnown: boolean
  /** When it may be known. */
  nextDayLookAt: Date
  /** Parties at which a charge that nobody else knows can be declared void. */
  canReverse: ReadonlySet<string>
}

/** What a hospital says when it will never take this payment: what was paid goes back. */
const UNDELIVERABLE = new Set(['bill_void', 'bill_already_paid', 'bill_changed'])

const MOST_TRIES: Record<Repair, number> = {
  recheck_payment: 3,
  continue_refund: 3,
  reverse_settlement: 3,
  tell_hospital: 3,
  tell_hospital_of_refund: 3,
  give_back: 12, // two hours: it is only looked after, as the refund goes its own way
}

/** Pure: the rules of repair. Whatever they do not mend is a person's. */
export function remedyOf(difference: Difference, context: RemedyContext): Remedy {
  const { now, nextDayKnown, nextDayLookAt } = context
  const { nextTryAt } = difference
  if (nextTryAt !== null && nextTryAt > now) return { do: 'wait', until: nextTryAt }
  const repair = repairFor(difference, context.canReverse)
  if (repair && triesLeft(difference, repair)) return { do: 'repair', repair }
  if (mayStandOnTheNextDay(difference) && !nextDayKnown) {
    const soon = addMs(now, RETRY_MS)
    return { do: 'wait', until: nextDayLookAt > now ? nextDayLookAt : soon }
  }
  return { do: 'open_case', reason: difference.repairDetail ?? difference.class }
}

/** The repair for a difference; null where there is none, or where it was refused. */
function repairFor(difference: Difference, canReverse: ReadonlySet<string>): Repair | null {
  const { repair, repairOutcome, repairDetail } = difference
  if (repair === 'tell_hospital' && UNDELIVERABLE.has(repairDetail ?? '')) return 'give_back'
  if (repairOutcome === 'refused') return null
  if (repair === 'give_back') return 'give_back'
  if (difference.class === 'ours_only') return repairOfOurs(difference)
  return difference.class === 'theirs_only' ? repairOfTheirs(difference, canReverse) : null
}

function repairOfOurs({ source, kind, paymentId, refundId }: Difference): Repair | null {
  if (source !== HIS) return paymentId && 'recheck_payment'
  return kind === 'charge' ? paymentId && 'tell_hospital' : refundId && 'tell_hospital_of_refund'
}

function repairOfTheirs(
  { source, kind, paymentId, refundId }: Difference,
  canReverse: ReadonlySet<string>,
): Repair | null {
  if (kind === 'return' && refundId) return 'continue_refund'
  if (kind === 'charge' && paymentId) return 'recheck_payment'
  return canReverse.has(source) ? 'reverse_settlement' : null
}

function triesLeft({ source, class: cls, repair, tries }: Difference, next: Repair): boolean {
  // Asked once, a provider has said all it knows of a move it confirmed before.
  const most = source !== HIS && cls === 'ours_only' ? 1 : MOST_TRIES[next]
  return repair !== next || tries < most
}

/** At midnight two clocks part: what one side has today may stand on the other's list of tomorrow. */
const mayStandOnTheNextDay = ({ class: cls, kind, repair }: Difference): boolean =>
  repair !== 'give_back' && (cls === 'ours_only' || (cls === 'theirs_only' && kind === 'return'))
