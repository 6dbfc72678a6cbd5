import { MINUTE_MS } from '../../kernel/time.ts'
import type { LearntDuration, Moments } from './durations.ts'
import { residualOf, Z_90 } from './residual.ts'

// How long each person of a line will wait, and how sure that is.

/** In ms from now. Called before `lowMs` in one case of ten, after `highMs` in one of ten. */
export type WaitingTime = { lowMs: number; medianMs: number; highMs: number }

/** `comes`: how likely somebody takes their turn, from 0 to 1; below 1 for who has booked and is not here yet. */
export type Ahead = { duration: LearntDuration; comes: number }

export type Line = {
  /** Who is with the doctor, and for how long by now. */
  inService: { duration: LearntDuration; elapsedMs: number } | null
  /** Until the doctor begins or goes on; null while at work. */
  opening: Moments | null
  /** A break that is to come, so long from now. */
  pause: { inMs: number; length: Moments } | null
  pace: Pace
  /** How many who are not foreseen are called for each one ahead who is: back with results, an emergency. */
  unforeseen: number
  /** What `doubtOf` says of the times told so far; 1 while nothing is known. */
  doubt: number
  /** In the order in which they will be called. */
  ahead: readonly Ahead[]
}

/** How today goes beside what was learnt: above 1 is slower. */
export type Pace = { factor: number; variance: number }

/**
 * The waiting time after each number of people ahead: the first is of who is next, the last of who comes behind all.
 * Method: the mean and variance of what is left of the visit in service (given how long it lasts already), of each visit
 * ahead, of a late start and a break are added up; the error of a doctor's mean and of today's pace is common to all
 * visits and so grows with their number, not its root. The sum is taken as log-normal (Fenton, IRE Trans. Commun. Syst.
 * 8, 1960). Queue length times learnt pace is the strong predictor of Ang et al., Q-Lasso, MSOM 18, 2016.
 */
export function waitingTimes(room: Line): WaitingTime[] {
  const { inService, opening, pause, pace, unforeseen, doubt, ahead } = room
  const rest = inService ? residualOf(scaled(inService.duration, pace), inService.elapsedMs) : NONE
  const start = plus(rest, opening ?? NONE)
  let [mean, variance, meanError] = [0, 0, 0]
  const after = (): WaitingTime => {
    const own = pace.factor ** 2 * (variance + meanError ** 2) + pace.variance * mean ** 2
    const sum = plus(start, { mean: pace.factor * mean, variance: own })
    return intervalOf(pause && sum.mean > pause.inMs ? plus(sum, pause.length) : sum, doubt)
  }
  const times = [after()]
  for (const { duration, comes } of ahead) {
    const people = comes * (1 + unforeseen)
    mean += people * duration.mean
    // Of who comes or not the variance is comes · (1 − comes); of those who are not foreseen, as of any rare events, their number.
    const number = comes * (1 - comes) + comes * unforeseen
    variance += people * duration.variance + number * duration.mean ** 2
    meanError += people * Math.sqrt(duration.meanVariance)
    times.push(after())
  }
  return times
}

/**
 * Today's pace from the visits that are over: their time by what was expected of them, drawn towards 1 as if
 * `PACE_WEIGHT_MS` had gone as expected (the mean of a gamma posterior).
 */
export function paceOf(actualMs: number, expectedMs: number): Pace {
  const total = PACE_WEIGHT_MS + expectedMs
  const factor = (PACE_WEIGHT_MS + actualMs) / total
  return { factor, variance: (PACE_SPREAD ** 2 * PACE_WEIGHT_MS) / total }
}

const PACE_WEIGHT_MS = 90 * MINUTE_MS
const PACE_SPREAD = 0.2 // between the days of one doctor

const NONE: Moments = { mean: 0, variance: 0 }

const plus = (a: Moments, b: Moments): Moments => ({
  mean: a.mean + b.mean,
  variance: a.variance + b.variance,
})

const scaled = ({ mean, variance }: Moments, { factor }: Pace): Moments => ({
  mean: factor * mean,
  variance: factor ** 2 * variance,
})

function intervalOf({ mean, variance }: Moments, doubt: number): WaitingTime {
  if (mean <= 0) return { lowMs: 0, medianMs: 0, highMs: 0 }
  const sigma = Math.sqrt(Math.log(1 + variance / mean ** 2))
  const median = mean * Math.exp(-(sigma ** 2) / 2)
  const at = (z: number) => Math.round(median * Math.exp(z * sigma * doubt))
  return { lowMs: at(-Z_90), medianMs: at(0), highMs: at(Z_90) }
}
