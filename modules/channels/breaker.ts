import { addMs, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'

/**
 * Keeps new charges from a channel that does not answer.
 *
 *   closed ──silent so often, or so many times in a row──▶ open ──time──▶ half open
 *      ▲                                                    ▲               │   │
 *      └───────────────── enough answers ───────────────────┼───────────────┘   │
 *                                                           └──── silent ───────┘
 *
 * Half open is not written anywhere: an open one is that from `retryAt` on. Whoever reads the row knows the state.
 */
export type Breaker = {
  /** Null while closed. */
  openedAt: Date | null
  retryAt: Date | null
  /** Without a calm time in between; each doubles the wait. */
  openings: number
  /** Answers since it is being tried. */
  passed: number
  /** Calls from before this moment say nothing about now. */
  countedFrom: Date | null
  cause: BreakerCause | null
  /** While closed, in this process alone. */
  silentInARow: number
}

export const BREAKER_STATES = ['closed', 'open', 'half_open'] as const

export type BreakerState = (typeof BREAKER_STATES)[number]

export type BreakerCause = 'silent_in_a_row' | 'silent_too_often' | 'still_silent'

export type BreakerSettings = {
  /** Silent so many times in a row. */
  inARow: number
  /** Or this share of the calls of the window, once there are enough of them. */
  silentPpm: number
  enoughCalls: number
  /** Answers in a row that close it again. */
  passes: number
  backOffMs: number
  longestBackOffMs: number
  /** Closed for so long, its past is forgotten. */
  calmMs: number
}

export const BREAKER_SETTINGS: BreakerSettings = {
  inARow: 5,
  silentPpm: 500_000,
  enoughCalls: 20,
  passes: 3,
  backOffMs: 15 * SECOND_MS,
  longestBackOffMs: 5 * MINUTE_MS,
  calmMs: 10 * MINUTE_MS,
}

export const CLOSED: Breaker = {
  openedAt: null,
  retryAt: null,
  openings: 0,
  passed: 0,
  countedFrom: null,
  cause: null,
  silentInARow: 0,
}

export function stateAt({ openedAt, retryAt }: Breaker, now: Date): BreakerState {
  if (openedAt === null || retryAt === null) return 'closed'
  return now < retryAt ? 'open' : 'half_open'
}

/** The calls of the window that count, this one among them. */
export type WindowCalls = { calls: number; silent: number }

/** What the breaker is after one more call. Pure; returns the same object where nothing changes. */
export function afterCall(
  breaker: Breaker,
  { isSilent, at }: { isSilent: boolean; at: Date },
  window: WindowCalls,
  settings = BREAKER_SETTINGS,
): Breaker {
  switch (stateAt(breaker, at)) {
    case 'closed':
      if (isSilent) return afterSilence(breaker, at, window, settings)
      return breaker.silentInARow === 0 ? breaker : { ...breaker, silentInARow: 0 }
    case 'open': // asked about money in doubt: nobody waits less for it, nor longer
      return breaker
    case 'half_open':
      if (isSilent) return opened(breaker, at, 'still_silent', settings)
      return afterPass({ ...breaker, passed: breaker.passed + 1 }, at, settings)
  }
}

function afterSilence(
  breaker: Breaker,
  at: Date,
  { calls, silent }: WindowCalls,
  settings: BreakerSettings,
): Breaker {
  const silentInARow = breaker.silentInARow + 1
  if (silentInARow >= settings.inARow) return opened(breaker, at, 'silent_in_a_row', settings)
  const isTooOften =
    calls >= settings.enoughCalls && silent * 1_000_000 >= calls * settings.silentPpm
  return isTooOften
    ? opened(breaker, at, 'silent_too_often', settings)
    : { ...breaker, silentInARow }
}

function afterPass(breaker: Breaker, at: Date, { passes }: BreakerSettings): Breaker {
  if (breaker.passed < passes) return breaker
  // What was counted during the trouble must not open it again at the first silence.
  return { ...CLOSED, openings: breaker.openings, countedFrom: at }
}

function opened(
  breaker: Breaker,
  at: Date,
  cause: BreakerCause,
  { backOffMs, longestBackOffMs, calmMs }: BreakerSettings,
): Breaker {
  const { countedFrom } = breaker
  const wasCalm =
    breaker.openedAt === null && (countedFrom === null || at >= addMs(countedFrom, calmMs))
  const openings = wasCalm ? 1 : breaker.openings + 1
  const waitMs = Math.min(longestBackOffMs, backOffMs * 2 ** (openings - 1))
  return {
    openedAt: breaker.openedAt ?? at,
    retryAt: addMs(at, waitMs),
    openings,
    passed: 0,
    countedFrom,
    cause,
    silentInARow: 0,
  }
}
