import { expect, it } from 'vitest'

import { scaleOf, stepsOf } from './waterfall.ts'

const identity = (oursFen: number, gapFens: readonly number[]) => ({
  kind: 'charge' as const,
  ours: { count: 10, amountFen: oursFen, list: 'ours' },
  gaps: gapFens.map((amountFen, i) => ({
    class: (['theirs_only', 'ours_only', 'amount'] as const)[i] ?? ('status' as const),
    count: 1,
    amountFen,
    list: 'gap',
  })),
  theirs: {
    count: 10 + gapFens.length,
    amountFen: gapFens.reduce((sum, fen) => sum + fen, oursFen),
    list: 'theirs',
  },
})

it('each bar begins where the one before it ends, and the last sum is theirs', () => {
  const steps = stepsOf(identity(100_000, [2_850, -1_000, 5]))
  expect(steps.map(({ name, fromFen, toFen }) => [name, fromFen, toFen])).toEqual([
    ['ours', 0, 100_000],
    ['theirs_only', 100_000, 102_850],
    ['ours_only', 102_850, 101_850],
    ['amount', 101_850, 101_855],
    ['theirs', 0, 101_855],
  ])
})

it.each([
  ['small differences beside large sums', 100_000_000, [2_850, -1_000], true],
  ['differences as large as the sums', 1_000, [500, -1_400], false],
  ['nothing of ours', 0, [2_850], false],
  ['no money at all', 0, [0], false],
])('%s are seen: each bar has a width, and none leaves the picture', (_what, ours, gaps, isCut) => {
  const steps = stepsOf(identity(ours, gaps))
  const scale = scaleOf(steps)
  expect(scale.isCut).toBe(isCut)
  for (const { fromFen, toFen } of steps) {
    for (const fen of [fromFen, toFen]) {
      expect(scale.x(fen)).toBeGreaterThanOrEqual(0)
      expect(scale.x(fen)).toBeLessThanOrEqual(1)
    }
    const width = Math.abs(scale.x(toFen) - scale.x(fromFen))
    expect(width).toBeGreaterThan(toFen === fromFen ? -1 : 0.05)
  }
})
