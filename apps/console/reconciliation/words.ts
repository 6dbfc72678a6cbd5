import type { components } from '../../../contract/hub.d.ts'
import { addDays, type BusinessDate, instantAt } from '../../../kernel/time.ts'
import type { Tone } from '../list/StatusChip.tsx'
import type { Difference, DifferenceStatus } from '../search/choices.ts'
import type { IconName } from '../shell/Icon.tsx'

export type Day = components['schemas']['ReconciliationDay']
export type DayDetail = components['schemas']['ReconciliationDayDetail']
export type Source = DayDetail['sources'][number]
export type Arrival = Day['arrivals'][number]

type Look = { tone: Tone; icon: IconName }

/** Words: reconciliation.verdicts.<verdict>. */
export const LOOK_OF_VERDICT: Record<Day['verdict'], Look> = {
  incomplete: { tone: 'held', icon: 'clock' },
  in_progress: { tone: 'held', icon: 'refresh' },
  in_case: { tone: 'held', icon: 'alert' },
  balanced: { tone: 'good', icon: 'check' },
}

/** Words: reconciliation.arrivals.<state>. */
export type ArrivalState = 'received' | 'late' | 'waiting' | 'missing' | 'refused'

export const LOOK_OF_ARRIVAL: Record<ArrivalState, Look> = {
  received: { tone: 'good', icon: 'check' },
  late: { tone: 'good', icon: 'clock' },
  waiting: { tone: 'plain', icon: 'clock' },
  missing: { tone: 'bad', icon: 'missing' },
  refused: { tone: 'bad', icon: 'cross' },
}

// A list that is not there by then counts as missing with the hub; one that came after it came late.
const LIST_DEADLINE = '15:00:00'

export function arrivalState(date: string, { status, receivedAt }: Arrival): ArrivalState {
  const deadline = instantAt(addDays(date as BusinessDate, 1), LIST_DEADLINE)
  const isLate = status === 'received' && receivedAt !== null && new Date(receivedAt) > deadline
  return isLate ? 'late' : status
}

/** Words: reconciliation.differenceStatuses.<status>. */
export const LOOK_OF_DIFFERENCE: Record<DifferenceStatus, Look> = {
  found: { tone: 'held', icon: 'alert' },
  repairing: { tone: 'held', icon: 'refresh' },
  repaired: { tone: 'good', icon: 'check' },
  explained: { tone: 'good', icon: 'check' },
  in_case: { tone: 'held', icon: 'cases' },
}

/** All differences that were ever found on the day, and those of them that are not yet settled. */
export function differencesOf({ classes }: Pick<Day, 'classes'>) {
  const sum = (numberOf: (each: Day['classes'][number]) => number) =>
    classes.reduce((total, each) => total + numberOf(each), 0)
  const open = sum(({ found, repairing, inCase }) => found + repairing + inCase)
  const all = open + sum(({ repaired, explained }) => repaired + explained)
  return { open, all }
}

/** Theirs less ours. */
export const gapFen = ({ oursFen, theirsFen }: Pick<Difference, 'oursFen' | 'theirsFen'>) =>
  theirsFen - oursFen

/** Which side's cell is the odd one: where something is missing, or stands otherwise, or twice. */
export function oddSideOf({ class: cls, oursLines }: Difference): 'ours' | 'theirs' | 'both' {
  switch (cls) {
    case 'theirs_only':
      return 'ours'
    case 'ours_only':
    case 'duplicate':
    case 'foreign':
      return 'theirs'
    case 'amount':
    case 'status':
      return 'both'
    case 'cross_day':
      return oursLines === 0 ? 'ours' : 'theirs'
  }
}
