import { cpus, loadavg } from 'node:os'

import { assert } from '../../../kernel/assert.ts'
import { pick, type Random, randomBelow, seededRandom } from '../../../kernel/random.ts'
import { addMs, MINUTE_MS } from '../../../kernel/time.ts'
import {
  boardOf,
  learntDuration,
  NO_DURATIONS,
  paceOf,
  type Queue,
  type TicketId,
  USUAL_QUEUE_RULES,
} from '../../../modules/queue/index.ts'
import { type BenchResult, rate, time } from '../result.ts'
import { percentile } from '../statistics.ts'
import { type Errors, errorsOf } from './told.ts'

const DEPARTMENTS = 6
const DAYS = { learnt: 20, told: 20 }
const PROMISED = 0.8 // between the 10 % and the 90 % that are told
const ERROR_LIMIT = 2 / 3
const BOARD_PEOPLE = 500
const BOARD_LIMIT_MS = 200
const BOARDS_A_ROUND = 50

/**
 * How wrong the waiting times are that people are told in mornings drawn by chance, beside people ahead times the mean of
 * all visits; how many are called within the interval; and how long the board of 500 people takes to be made anew.
 */
export async function benchQueue({ rounds = 3 }: { rounds?: number }): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  const errors = errorsOf(seededRandom('bench queue'), DEPARTMENTS, DAYS)
  const boards = Array.from({ length: rounds * BOARDS_A_ROUND }, (_, i) => boardMs(`board ${i}`))
  return resultOf(errors, percentile(boards, 99), { cores: cpus().length, 'load before': load })
}

function resultOf(
  errors: Errors,
  boardP99Ms: number,
  conditions: BenchResult['conditions'],
): BenchResult {
  const { oursMs, naiveMs, naiveWithStartMs, coverage, wronged, naiveWronged, people } = errors
  const naive = 'people ahead × the mean of all'
  return {
    bench: 'queue',
    figures: [
      time('error_ratio', oursMs / naiveMs, 'of naive', { name: 'limit', value: ERROR_LIMIT }),
      time('error_minutes', oursMs / MINUTE_MS, 'min', { name: naive, value: naiveMs / MINUTE_MS }),
      time('error_with_start', oursMs / MINUTE_MS, 'min', {
        name: `${naive}, from the session's start`,
        value: naiveWithStartMs / MINUTE_MS,
      }),
      time('ten_minutes_longer', wronged, 'of all', { name: naive, value: naiveWronged }),
      rate('interval_coverage', coverage, 'of all', { name: 'promised', value: PROMISED }),
      time('board_500', boardP99Ms, 'ms', { name: 'the limit', value: BOARD_LIMIT_MS }),
    ],
    conditions: {
      ...conditions,
      people,
      mornings: `${DEPARTMENTS} departments of 6 doctors, ${DAYS.learnt} days learnt from, ${DAYS.told} days told`,
      'of the mornings': 'drawn by chance, not of a hospital: they rank methods and prove no more',
      'of the board':
        'order, waiting times, masked names and JSON in memory; p99; no database, no network',
    },
  }
}

/** After one change: the whole board anew. */
function boardMs(seed: string): number {
  const queue = drawQueue(seededRandom(seed))
  const duration = learntDuration(NO_DURATIONS, NO_DURATIONS)
  const room = {
    inService: { duration, elapsedMs: MINUTE_MS },
    opening: null,
    pause: null,
    pace: paceOf(0, 0),
    unforeseen: 0,
    doubt: 1,
  }
  const startedMs = performance.now()
  const rows = boardOf(queue, USUAL_QUEUE_RULES, room, () => {
    return { name: '张小三', duration, comes: 1 }
  })
  const text = JSON.stringify(rows)
  const tookMs = performance.now() - startedMs
  assert(rows.length === BOARD_PEOPLE && !text.includes('张小三'), 'all are shown, by masked names')
  return tookMs
}

const CLASSES = ['emergency', 'returning', 'elderly', 'ordinary', 'ordinary', 'ordinary'] as const
const NINE = new Date('2026-11-23T09:00:00+08:00')

const drawQueue = (random: Random): Queue => ({
  callsByTurn: 0,
  tickets: Array.from({ length: BOARD_PEOPLE }, (_, i) => ({
    id: `ticket-${i}` as TicketId,
    number: i + 1,
    priority: pick(random, CLASSES),
    turnAt: addMs(NINE, randomBelow(random, 180) * MINUTE_MS),
    state: i === 0 ? 'in_service' : 'waiting',
  })),
})
