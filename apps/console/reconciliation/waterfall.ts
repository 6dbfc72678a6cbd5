import type { DifferenceClass } from '../search/choices.ts'
import type { Source } from './words.ts'

type Identity = NonNullable<Source['comparison']>['identity'][number]

/** One bar, from one running sum to the next. Fen. The first and the last stand on the ground. */
export type Step = {
  name: 'ours' | 'theirs' | DifferenceClass
  count: number
  amountFen: number
  fromFen: number
  toFen: number
}

/** 我方 to 对方, class by class, as the identity has it. */
export function stepsOf({ ours, gaps, theirs }: Identity): Step[] {
  let sumFen = ours.amountFen
  const steps: Step[] = [{ name: 'ours', ...figure(ours), fromFen: 0, toFen: sumFen }]
  for (const gap of gaps) {
    const fromFen = sumFen
    sumFen += gap.amountFen
    steps.push({ name: gap.class, ...figure(gap), fromFen, toFen: sumFen })
  }
  return [...steps, { name: 'theirs', ...figure(theirs), fromFen: 0, toFen: theirs.amountFen }]
}

const figure = ({ count, amountFen }: { count: number; amountFen: number }) => ({
  count,
  amountFen,
})

/** What part of the width the differences may take, so that they are seen beside sums a thousand times as large. */
const SHOWN_PART = 0.6

export type Scale = {
  /** From 0 at the left to 1 at the right. */
  x: (fen: number) => number
  /** Whether the bars that stand on the ground are shown without their lower part. */
  isCut: boolean
}

/** The scale of the bars: from zero, or from near the smallest sum where the differences would not be seen. */
export function scaleOf(steps: readonly Pick<Step, 'toFen'>[]): Scale {
  const sums = steps.map(({ toFen }) => toFen)
  const [low, high] = [Math.min(...sums, 0), Math.max(...sums, 1)]
  const least = Math.min(...sums)
  const span = high - least
  const start = high - span / SHOWN_PART
  const isCut = span > 0 && least > 0 && start > 0
  const [from, to] = isCut ? [start, high] : [low, high]
  return { x: (fen) => Math.max(0, Math.min(1, (fen - from) / (to - from))), isCut }
}
