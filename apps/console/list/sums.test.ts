import fc from 'fast-check'
import { expect, it } from 'vitest'

import { PARTS } from '../../web/tenders.ts'
import { signedFen, sumFen, totalOfMoves } from './sums.ts'

const move = fc.record({
  provider: fc.constantFrom('insurance', 'wechat'),
  kind: fc.constantFrom('charge' as const, 'return' as const),
  part: fc.constantFrom(...PARTS),
  amountFen: fc.integer({ min: 1, max: 10_000_000 }),
})

const filter = fc.record(
  {
    provider: fc.constantFrom('insurance', 'wechat'),
    kind: fc.constantFrom('charge' as const, 'return' as const),
    part: fc.constantFrom(...PARTS),
  },
  { requiredKeys: [] },
)

it('[U-42] a figure is the sum of exactly the rows that its link lists', () => {
  fc.assert(
    fc.property(fc.array(move), filter, (moves, wanted) => {
      const listed = moves.filter(
        (m) =>
          (!wanted.provider || m.provider === wanted.provider) &&
          (!wanted.kind || m.kind === wanted.kind) &&
          (!wanted.part || m.part === wanted.part),
      )
      expect(
        totalOfMoves(
          moves.map((m) => ({ ...m, count: 1 })),
          wanted,
        ),
      ).toEqual({
        count: listed.length,
        amountFen: sumFen(listed, signedFen),
      })
    }),
  )
})

it('adds in whole fen, without the drift of floats', () => {
  expect(sumFen([{ a: 10 }, { a: 20 }], (row) => row.a)).toBe(30)
  expect(sumFen([], () => 1)).toBe(0)
  expect(() => sumFen([0.1], (n) => n)).toThrow('whole number of fen')
})
