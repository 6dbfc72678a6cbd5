import type { Id } from '../../kernel/id.ts'
import { addMs, earliest, MINUTE_MS } from '../../kernel/time.ts'
import type { ChannelHealth } from './channel-health.ts'

export type AlertId = Id<'ChannelAlert'>

/**
 * down: new charges are kept from it. slow, errors: of its calls. refusals: it says no to most charges, as to a blocked
 * merchant. differences: its list of a day does not agree with ours.
 */
export const ALERT_CLASSES = ['down', 'slow', 'errors', 'refusals', 'differences'] as const

export type AlertClass = (typeof ALERT_CLASSES)[number]

export type AlertFigures = Record<string, string | number>

export type Alert = {
  id: AlertId
  channel: string
  class: AlertClass
  figures: AlertFigures
  openedAt: Date
  /** The last time it was so. */
  seenAt: Date
  closedAt: Date | null
  acknowledgedBy: string | null
  acknowledgedAt: Date | null
  note: string | null
  overdueAt: Date | null
}

/** Somebody is to answer an alert within this time. Source: 30 minutes, D. */
export const ANSWER_WITHIN_MS = 30 * MINUTE_MS

// Gone for so long, it is over; one good minute between two bad ones does not end it.
const CALM_MS = 2 * MINUTE_MS

/** A channel that was down has shown by its answers that it is not, and one that differed by a list: no calm is waited for. */
const endsAtOnce = (cls: AlertClass) => cls === 'down' || cls === 'differences'

/** Of the calls of the window; fewer than that say nothing. */
const ALERT_SETTINGS = {
  enoughCalls: 20,
  slowMs: 500,
  errorsPpm: 10_000,
  refusalsPpm: 500_000,
} as const

export type Signal = { channel: string; class: AlertClass; figures: AlertFigures }

/** What is wrong with a channel at this moment. Pure. */
export function signalsOf(channel: string, health: ChannelHealth): Signal[] {
  const { state, calls, p99Ms, charges, chargesDeclined } = health
  const { enoughCalls, slowMs, errorsPpm, refusalsPpm } = ALERT_SETTINGS
  const signals: Signal[] = []
  const say = (cls: AlertClass, figures: AlertFigures) =>
    void signals.push({ channel, class: cls, figures })
  const silent = health.unknown + health.failed
  if (state !== 'closed') {
    say('down', { state, calls, silent, retryAt: health.retryAt?.toISOString() ?? '' })
  }
  if (calls >= enoughCalls && (p99Ms ?? 0) > slowMs) {
    say('slow', { p99Ms: p99Ms ?? 0, mostMs: slowMs, calls })
  }
  if (calls >= enoughCalls && silent * 1_000_000 >= calls * errorsPpm) {
    say('errors', { errorsPpm: Math.round((silent * 1_000_000) / calls), calls })
  }
  if (charges >= enoughCalls && chargesDeclined * 1_000_000 >= charges * refusalsPpm) {
    say('refusals', {
      refusalsPpm: Math.round((chargesDeclined * 1_000_000) / charges),
      calls: charges,
    })
  }
  return signals
}

export type AlertStep =
  | { do: 'open'; signal: Signal }
  | { do: 'see'; id: AlertId; figures: AlertFigures }
  | { do: 'close'; id: AlertId }
  | { do: 'mark_overdue'; id: AlertId }

/** What becomes of the alerts that are open, and of what is seen now; `isLookedAt`: what was not looked at stays. Pure. */
export function alertSteps(
  open: readonly Alert[],
  signals: readonly Signal[],
  now: Date,
  isLookedAt: (alert: Alert) => boolean = () => true,
): AlertStep[] {
  const isOf = (alert: Alert, signal: Signal) =>
    alert.channel === signal.channel && alert.class === signal.class
  const fresh = signals.filter((signal) => !open.some((alert) => isOf(alert, signal)))
  return [
    ...fresh.map((signal) => ({ do: 'open' as const, signal })),
    ...open.flatMap((alert): AlertStep[] => {
      const { id, seenAt } = alert
      const signal = signals.find((seen) => isOf(alert, seen))
      const step: AlertStep[] = signal
        ? [{ do: 'see', id, figures: signal.figures }]
        : isLookedAt(alert) && (endsAtOnce(alert.class) || now >= addMs(seenAt, CALM_MS))
          ? [{ do: 'close', id }]
          : []
      return isOverdue(alert, now) && alert.overdueAt === null
        ? [...step, { do: 'mark_overdue', id }]
        : step
    }),
  ]
}

/** Its time is over, and before that nobody had answered, nor had it passed by itself. */
export function isOverdue(alert: Alert, now: Date): boolean {
  const answerBy = addMs(alert.openedAt, ANSWER_WITHIN_MS)
  const isInTime = (at: Date | null) => at !== null && at < answerBy
  return now >= answerBy && !isInTime(alert.acknowledgedAt) && !isInTime(alert.closedAt)
}

/** When the open alerts must be looked at again, whatever else happens; null for never. */
export function alertsDueAt(open: readonly Alert[], lookedAt: Date): Date | null {
  const moments = open.flatMap((alert) => [
    // A channel that is down comes back by an answer, one that differs by a list, and those are looked at by themselves.
    ...(endsAtOnce(alert.class) ? [] : [addMs(lookedAt, MINUTE_MS)]),
    ...(alert.acknowledgedAt === null && alert.overdueAt === null
      ? [addMs(alert.openedAt, ANSWER_WITHIN_MS)]
      : []),
  ])
  return earliest(moments)
}
