import { cpus, loadavg } from 'node:os'

import { assert } from '../../../kernel/assert.ts'
import { seededRandom } from '../../../kernel/random.ts'
import { type Choices, chooseChannels } from '../../../modules/channels/index.ts'
import { type BenchResult, rate, time } from '../result.ts'
import { median, percentile } from '../statistics.ts'
import { CHANNELS, type Question, questions, RULES } from './questions.ts'

/** What is aimed at: a decision in a twentieth of a millisecond. */
const TARGET_PER_SECOND = 20_000
const QUESTIONS = 2_000
const WARM_UP_MS = 500
/** The clock is looked at once for so many decisions, so that it is not the clock that is measured. */
const BATCH = 200
const TIMED = 20_000

type Options = { seconds: number; rounds: number }
type Answer = (question: Question) => Choices

/**
 * Decisions of one process: which of twenty channels a payment takes, by thirty rules, limits, shares and health,
 * beside the same loop around a function that decides nothing. Errors: throws when nothing, or nothing but one
 * channel, is ever chosen.
 */
export async function benchRouting({ seconds, rounds }: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  const asked = questions(seededRandom('routing'), QUESTIONS)
  const firsts = new Set(asked.map((question) => decide(question).ranked[0]?.channel))
  assert(
    firsts.size > 1 && !firsts.has(undefined),
    'each payment has a channel, and not all the same',
  )
  for (const answer of [decide, nothing]) perSecond(answer, asked, WARM_UP_MS)
  const ours: number[] = []
  const empty: number[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(perSecond(decide, asked, seconds * 1_000))
    empty.push(perSecond(nothing, asked, seconds * 1_000))
  }
  const [p50, p99] = timesMs(decide, asked)
  const [emptyP50, emptyP99] = timesMs(nothing, asked)
  const beside = (value: number) => ({ name: 'the same loop, deciding nothing', value })
  return {
    bench: 'routing',
    figures: [
      rate('decisions', median(ours), '/s', beside(median(empty))),
      time('decision, half within', p50, 'ms', beside(emptyP50)),
      time('decision, 99 % within', p99, 'ms', beside(emptyP99)),
    ],
    conditions: {
      channels: CHANNELS,
      rules: RULES,
      'different payments': QUESTIONS,
      'channels chosen': firsts.size,
      rounds,
      'seconds each': seconds,
      'target, decisions a second': TARGET_PER_SECOND,
      'lowest round, decisions a second': Math.round(Math.min(...ours)),
      cores: cpus().length,
      'load before': load,
    },
  }
}

const decide: Answer = ({ candidates, wish, health, rules, now }) =>
  chooseChannels(candidates, wish, health, rules, now)

const NOTHING: Choices = { ranked: [], rejected: [] }
const nothing: Answer = () => NOTHING

function perSecond(answer: Answer, asked: readonly Question[], forMs: number): number {
  const startedAt = performance.now()
  let decisions = 0
  let ranked = 0
  let elapsedMs = 0
  while (elapsedMs < forMs) {
    for (let i = 0; i < BATCH; i++) {
      const question = asked[decisions % asked.length]
      if (question) ranked += answer(question).ranked.length
      decisions += 1
    }
    elapsedMs = performance.now() - startedAt
  }
  assert(ranked >= 0, 'the answers are used')
  return (decisions * 1_000) / elapsedMs
}

function timesMs(answer: Answer, asked: readonly Question[]): [p50: number, p99: number] {
  const times: number[] = []
  for (let i = 0; i < TIMED; i++) {
    const question = asked[i % asked.length]
    const startedAt = performance.now()
    if (question) answer(question)
    times.push(performance.now() - startedAt)
  }
  return [percentile(times, 50), percentile(times, 99)]
}
