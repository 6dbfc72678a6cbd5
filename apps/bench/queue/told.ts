import type { Random } from '../../../kernel/random.ts'
import {
  type Ahead,
  type Compared,
  doubtOf,
  type DurationSums,
  learntDuration,
  type LearntDuration,
  NO_DURATIONS,
  NOTHING_COMPARED,
  paceOf,
  residualOf,
  type WaitingTime,
  waitingTimes,
  withCompared,
  withDuration,
} from '../../../modules/queue/index.ts'
import { drawDoctors, drawMorning, type Kind } from './clinics.ts'
import { play, type Played, type Sight } from './morning.ts'

/** `oursMs` and the others: by how much what was told was wrong, on average. */
export type Errors = {
  people: number
  oursMs: number
  /** Of the people ahead who are here, by the mean of all visits of all doctors. */
  naiveMs: number
  /** Of the same, who also knows when the session is to begin. */
  naiveWithStartMs: number
  /** How many of all were called within the interval they were told. */
  coverage: number
  /** How many of all waited ten minutes longer than told. */
  wronged: number
  naiveWronged: number
}

type Told = { waitedMs: number; ours: WaitingTime; naiveMs: number; untilStartMs: number }
type Days = { learnt: number; told: number }

/** Learns in each department from some mornings, then tells everybody on others who checks in how long it takes. */
export function errorsOf(random: Random, departments: number, days: Days): Errors {
  const all = Array.from({ length: departments }, () => tellDepartment(random, days)).flat()
  const mean = (of: (told: Told) => number) =>
    all.reduce((sum, told) => sum + of(told), 0) / all.length
  const share = (is: (told: Told) => boolean) => mean((told) => (is(told) ? 1 : 0))
  return {
    people: all.length,
    oursMs: mean(({ waitedMs, ours }) => Math.abs(waitedMs - ours.medianMs)),
    naiveMs: mean(({ waitedMs, naiveMs }) => Math.abs(waitedMs - naiveMs)),
    naiveWithStartMs: mean(({ waitedMs, naiveMs, untilStartMs }) => {
      return Math.abs(waitedMs - naiveMs - untilStartMs)
    }),
    coverage: share(({ waitedMs, ours }) => waitedMs >= ours.lowMs && waitedMs <= ours.highMs),
    wronged: share(({ waitedMs, ours }) => waitedMs - ours.medianMs > TEN_MINUTES),
    naiveWronged: share(({ waitedMs, naiveMs }) => waitedMs - naiveMs > TEN_MINUTES),
  }
}

/** What is learnt of a morning is used from the next one on. */
function tellDepartment(random: Random, days: Days): Told[] {
  const doctors = drawDoctors(random)
  const learnt = createLearnt()
  return Array.from({ length: days.learnt + days.told }, (_, day) => {
    const mornings = doctors.map((doctor) => ({
      doctor: doctor.name,
      played: play(drawMorning(random, doctor)),
    }))
    const told = mornings.flatMap(({ played }) =>
      played.sights.map((sight): Told => {
        const { waitedMs, nowMs } = sight
        const untilStartMs = Math.max(0, -nowMs)
        return { waitedMs, ours: learnt.tell(sight), naiveMs: learnt.naive(sight), untilStartMs }
      }),
    )
    for (const { doctor, played } of mornings) learnt.learn(doctor, played)
    return day < days.learnt ? [] : told
  }).flat()
}

const TEN_MINUTES = 600_000

type Asked = Omit<Sight, 'waitedMs' | 'wentBefore' | 'unforeseen'>

function createLearnt() {
  const { of, add, shareOf, count } = createSums()
  let compared: Compared = NOTHING_COMPARED
  const visitOf = (doctor: string, kind: Kind): LearntDuration =>
    learntDuration(of(`${doctor} ${kind}`), of(kind))
  const apart = (key: string) => learntDuration(of(key), of(key))
  const comesOf = (key: string) => {
    const { cases, sum } = shareOf(key)
    return (9 + sum) / (10 + cases) // as nine of ten while nothing is known
  }

  const tell = ({ doctor, nowMs, hasBegun, pause, pauseFromMs, inService, ...sight }: Asked) => {
    const { ahead, seen } = sight
    const expectedMs = seen.reduce((sum, { kind }) => sum + visitOf(doctor, kind).mean, 0)
    const actualMs = seen.reduce((sum, { lengthMs }) => sum + lengthMs, 0)
    const line = ahead.map((one): Ahead => {
      return { duration: visitOf(doctor, one.kind), comes: comesOf(comingKey(one)) }
    })
    const late = residualOf(apart('late'), Math.max(0, nowMs))
    const begins = { ...late, mean: late.mean + Math.max(0, -nowMs) }
    const paused = typeof pause === 'object' ? nowMs - pause.sinceMs : null
    const onPause = paused === null ? null : residualOf(apart('pause'), paused)
    const isToCome = pause === 'to_come'
    const duration = inService && visitOf(doctor, inService.kind)
    const times = waitingTimes({
      inService: inService && duration && { duration, elapsedMs: inService.elapsedMs },
      opening: hasBegun ? onPause : begins,
      pause: isToCome ? { inMs: pauseFromMs - nowMs, length: apart('pause') } : null,
      pace: paceOf(actualMs, expectedMs),
      unforeseen: shareOf('unforeseen').sum / Math.max(1, shareOf('foreseen').sum),
      doubt: doubtOf(compared),
      ahead: line,
    })
    return times[line.length] ?? { lowMs: 0, medianMs: 0, highMs: 0 }
  }

  return {
    tell,

    /** Of a morning that is over; what would have been told on it is held against what happened. */
    learn(doctor: string, { visits, lateMs, pauseMs, sights }: Played) {
      for (const sight of sights) compared = withCompared(compared, tell(sight), sight.waitedMs)
      for (const { ahead, wentBefore, unforeseen } of sights) {
        ahead.forEach((one, i) => count(comingKey(one), wentBefore[i] ? 1 : 0))
        count('foreseen', wentBefore.filter((went) => went).length)
        count('unforeseen', unforeseen)
      }
      for (const { kind, lengthMs } of visits) {
        for (const key of [`${doctor} ${kind}`, kind, 'all']) add(key, lengthMs)
      }
      add('late', lateMs)
      if (pauseMs !== null) add('pause', pauseMs)
    },

    /** People ahead by the mean of all visits of all doctors. */
    naive({ inService, ahead }: Sight): number {
      const { count: visits, sumMs } = of('all')
      const here = ahead.filter(({ slotInMs }) => slotInMs === null).length
      const people = here + (inService ? 1 : 0)
      return visits > 0 ? (people * sumMs) / visits : 0
    },
  }
}

/** Who is called before one that came later depends on how far off the slot is. */
const comingKey = ({ slotInMs }: Sight['ahead'][number]): string =>
  slotInMs === null ? 'here' : `slot in ${Math.floor(slotInMs / TEN_MINUTES)}`

function createSums() {
  const sums = new Map<string, DurationSums>()
  const shares = new Map<string, { cases: number; sum: number }>()
  const of = (key: string) => sums.get(key) ?? NO_DURATIONS
  const shareOf = (key: string) => shares.get(key) ?? { cases: 0, sum: 0 }
  return {
    of,
    shareOf,
    add: (key: string, ms: number) => sums.set(key, withDuration(of(key), ms)),
    count: (key: string, n: number) => {
      const { cases, sum } = shareOf(key)
      shares.set(key, { cases: cases + 1, sum: sum + n })
    },
  }
}
