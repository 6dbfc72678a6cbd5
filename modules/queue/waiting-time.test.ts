import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { MINUTE_MS } from '../../kernel/time.ts'
import { doubtOf, NOTHING_COMPARED, withCompared } from './doubt.ts'
import {
  type DurationSums,
  learntDuration,
  LONGEST_VISIT_MS,
  NO_DURATIONS,
  withDuration,
} from './durations.ts'
import { normalBelow, residualOf } from './residual.ts'
import { type Line, paceOf, waitingTimes } from './waiting-time.ts'

const visits = (count: number, ms: number): DurationSums =>
  Array.from({ length: count }).reduce<DurationSums>((sums) => withDuration(sums, ms), NO_DURATIONS)

const TEN = 10 * MINUTE_MS
const usual = { mean: TEN, variance: (5 * MINUTE_MS) ** 2, meanVariance: 0 }
const quiet: Line = {
  inService: null,
  opening: null,
  pause: null,
  pace: { factor: 1, variance: 0 },
  unforeseen: 0,
  doubt: 1,
  ahead: [],
}

describe('[J3] what is learnt of a doctor', () => {
  it('is the department at first, and the doctor in the end', () => {
    const department = visits(5_000, TEN)
    expect(learntDuration(NO_DURATIONS, department).mean / TEN).toBeCloseTo(1, 2)
    const few = learntDuration(visits(8, TEN / 2), department)
    expect(few.mean / TEN).toBeCloseTo(0.75, 2)
    const many = learntDuration(visits(2_000, TEN / 2), department)
    expect(many.mean / TEN).toBeCloseTo(0.5, 2)
    expect(many.meanVariance).toBeLessThan(few.meanVariance)
  })

  it('counts a visit that nobody finished as two hours', () => {
    expect(withDuration(NO_DURATIONS, 9 * LONGEST_VISIT_MS).sumMs).toBe(LONGEST_VISIT_MS)
    expect(withDuration(NO_DURATIONS, -1).sumMs).toBe(0)
  })
})

describe('[J3] what is left of a visit', () => {
  it('is all of it at the beginning, and grows again once it lasts long', () => {
    expect(residualOf(usual, 0)).toEqual({ mean: usual.mean, variance: usual.variance })
    const after = (minutes: number) => residualOf(usual, minutes * MINUTE_MS).mean / MINUTE_MS
    expect(after(5)).toBeLessThan(7)
    expect(after(30)).toBeGreaterThan(after(15))
  })

  it('agrees with the integral of the distribution', () => {
    // By the trapezoid rule over the survival function of the same log-normal.
    const spread = Math.log(1 + usual.variance / usual.mean ** 2)
    const mu = Math.log(usual.mean) - spread / 2
    const survives = (ms: number) => 1 - normalBelow((Math.log(ms) - mu) / Math.sqrt(spread))
    const from = 12 * MINUTE_MS
    const step = MINUTE_MS / 20
    let area = 0
    for (let ms = from; ms < 300 * MINUTE_MS; ms += step) {
      area += (step * (survives(ms) + survives(ms + step))) / 2
    }
    expect(residualOf(usual, from).mean / (area / survives(from))).toBeCloseTo(1, 3)
  })

  it('is never less than nothing, however long it lasts', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10 * LONGEST_VISIT_MS }), (elapsedMs) => {
        const { mean, variance } = residualOf(usual, elapsedMs)
        expect(mean).toBeGreaterThan(0)
        expect(variance).toBeGreaterThanOrEqual(0)
        expect(mean).toBeLessThan(LONGEST_VISIT_MS)
      }),
    )
  })
})

describe('[J3] a waiting time', () => {
  it('is nothing before a free room, and longer with each person ahead', () => {
    const ahead = Array.from({ length: 30 }, () => ({ duration: usual, comes: 1 }))
    const times = waitingTimes({ ...quiet, ahead })
    expect(times).toHaveLength(31)
    expect(times[0]).toEqual({ lowMs: 0, medianMs: 0, highMs: 0 })
    for (const [i, { lowMs, medianMs, highMs }] of times.entries()) {
      if (i === 0) continue
      expect(lowMs).toBeLessThan(medianMs)
      expect(medianMs).toBeLessThan(highMs)
      expect(medianMs).toBeGreaterThan(times[i - 1]?.medianMs ?? 0)
    }
  })

  it('is half as long where every second one does not come', () => {
    const of = (comes: number) =>
      waitingTimes({
        ...quiet,
        ahead: Array.from({ length: 40 }, () => ({ duration: usual, comes })),
      })
    const ratio = (of(0.5)[40]?.medianMs ?? 0) / (of(1)[40]?.medianMs ?? 1)
    expect(ratio).toBeCloseTo(0.5, 1)
  })

  it('has a break in it for those whom it concerns', () => {
    const ahead = Array.from({ length: 10 }, () => ({ duration: usual, comes: 1 }))
    const without = waitingTimes({ ...quiet, ahead })
    const length = { mean: TEN, variance: 0 }
    const times = waitingTimes({ ...quiet, ahead, pause: { inMs: 5.5 * TEN, length } })
    expect(times.slice(0, 6)).toEqual(without.slice(0, 6))
    expect((times[8]?.medianMs ?? 0) - (without[8]?.medianMs ?? 0)).toBeGreaterThan(0.9 * TEN)
  })

  it('follows the pace of today, and the further the more of it is seen', () => {
    expect(paceOf(0, 0).factor).toBe(1)
    const short = paceOf(3 * TEN, 2 * TEN)
    const long = paceOf(30 * TEN, 20 * TEN)
    expect(short.factor).toBeGreaterThan(1)
    expect(long.factor).toBeGreaterThan(short.factor)
    expect(long.factor).toBeLessThan(1.5)
    expect(long.variance).toBeLessThan(short.variance)
  })
})

describe('[J3] what was told, held against what happened', () => {
  const told = { lowMs: TEN, medianMs: 2 * TEN, highMs: 3 * TEN }
  const after = (count: number, waitedMs: (i: number) => number) =>
    Array.from({ length: count }, (_, i) => waitedMs(i)).reduce(
      (compared, ms) => withCompared(compared, told, ms),
      NOTHING_COMPARED,
    )

  it('widens the interval where too many are outside, and narrows it where too few are', () => {
    expect(doubtOf(NOTHING_COMPARED)).toBe(1)
    expect(doubtOf(after(500, (i) => (i % 2 === 0 ? 0 : 2 * TEN)))).toBeGreaterThan(1.5)
    expect(doubtOf(after(500, () => 2 * TEN))).toBeLessThan(0.8)
    const right = doubtOf(after(500, (i) => (i % 5 === 0 ? 0 : 2 * TEN)))
    expect(Math.abs(right - 1)).toBeLessThan(0.1)
  })

  it('has its bounds, and learns nothing of who had nobody ahead', () => {
    expect(doubtOf(after(100_000, () => 9 * TEN))).toBe(4)
    const free = { lowMs: 0, medianMs: 0, highMs: 0 }
    expect(withCompared(NOTHING_COMPARED, free, TEN)).toEqual(NOTHING_COMPARED)
  })

  it('makes the next interval so much wider about the same median', () => {
    const ahead = [{ duration: usual, comes: 1 }]
    const [, once] = waitingTimes({ ...quiet, ahead })
    const [, wider] = waitingTimes({ ...quiet, ahead, doubt: 2 })
    expect(wider?.medianMs).toBe(once?.medianMs)
    expect(wider?.highMs).toBeGreaterThan(once?.highMs ?? Infinity)
    expect(wider?.lowMs).toBeLessThan(once?.lowMs ?? 0)
  })
})
