import { chance, type Random, randomBelow } from '../../../kernel/random.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'

// Mornings of a department, drawn by chance. Nothing of the estimator is in here: the times of visits are mixtures, the
// doctors come late and take breaks, people come in bursts, too early or not at all.

export const KINDS = ['first', 'follow_up', 'results'] as const
export type Kind = (typeof KINDS)[number]

/** Times in ms since the session's beginning. */
export type Arrival = {
  kind: Kind
  slotMs: number | null // null for a walk-in, and for who comes back
  arrivesMs: number
  comes: boolean
  /** Checks in, and is not there when called. */
  leaves: boolean
  isElderly: boolean
  visitMs: number
  /** Comes back with results so long after the visit. */
  back: { afterMs: number; visitMs: number } | null
}

export type Morning = {
  doctor: string
  lateMs: number
  pause: { fromMs: number; lengthMs: number }
  arrivals: Arrival[]
}

type Doctor = { name: string; paceMs: number; walkIns: number }

/** Six doctors of one department, from three minutes for a person to twelve. */
export const drawDoctors = (random: Random): Doctor[] =>
  [3, 4.5, 6, 7.5, 9, 12].map((minutes, i) => ({
    name: `doctor-${i}`,
    paceMs: minutes * MINUTE_MS * between(random, 0.85, 1.15),
    walkIns: between(random, 0.05, 0.35),
  }))

export function drawMorning(random: Random, { name, paceMs, walkIns }: Doctor): Morning {
  const today = between(random, 0.8, 1.25)
  const slots = Math.floor((3 * HOUR_MS) / paceMs)
  const lengthMs = between(random, 8, 20) * MINUTE_MS
  // People are sent away and come back by the same lift: some mornings they come in knots.
  const knotMs = chance(random, 300_000) ? 15 * MINUTE_MS : 1
  const visitOf = (kind: Kind) => today * drawVisit(random, kind, paceMs)
  const arrivals = Array.from({ length: slots }, (_, i): Arrival => {
    const isWalkIn = randomBelow(random, 1_000) < walkIns * 1_000
    const kind = chance(random, 450_000) ? 'first' : 'follow_up'
    const slotMs = i * paceMs
    const early = between(random, -12, 45) * MINUTE_MS
    const at = isWalkIn ? between(random, -0.5, 2.75) * HOUR_MS : slotMs - early
    const isSent = kind === 'first' && chance(random, 220_000)
    const afterMs = between(random, 25, 55) * MINUTE_MS
    return {
      kind,
      slotMs: isWalkIn ? null : slotMs,
      arrivesMs: Math.ceil(at / knotMs) * knotMs,
      comes: !chance(random, isWalkIn ? 0 : 120_000),
      leaves: chance(random, 30_000),
      isElderly: chance(random, 120_000),
      visitMs: visitOf(kind),
      back: isSent ? { afterMs, visitMs: visitOf('results') } : null,
    }
  })
  const fromMs = between(random, 1.25, 1.75) * HOUR_MS
  return { doctor: name, lateMs: drawLateness(random), pause: { fromMs, lengthMs }, arrivals }
}

const SHARE: Record<Kind, number> = { first: 1.25, follow_up: 0.85, results: 0.5 }

/** Most are ordinary, some only want a prescription, and a few are hard cases without an upper end. */
function drawVisit(random: Random, kind: Kind, paceMs: number): number {
  const drawn = randomBelow(random, 100)
  const usual = paceMs * SHARE[kind]
  if (drawn < 12) return between(random, 40, 100) * SECOND_MS
  if (drawn < 92) return usual * Math.exp(between(random, 0.25, 0.45) * normal(random) - 0.06)
  return usual * (1.2 - 1.1 * Math.log(uniform(random)))
}

function drawLateness(random: Random): number {
  const drawn = randomBelow(random, 100)
  if (drawn < 55) return between(random, 0, 4) * MINUTE_MS
  return between(random, 4, drawn < 88 ? 18 : 40) * MINUTE_MS
}

const uniform = (random: Random): number => (randomBelow(random, 2 ** 32) + 0.5) / 2 ** 32
const between = (random: Random, low: number, high: number): number =>
  low + (high - low) * uniform(random)
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(uniform(random))) * Math.cos(2 * Math.PI * uniform(random))
