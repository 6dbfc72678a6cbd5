import fc from 'fast-check'
import { expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { partsByOwn } from './parts.ts'

it('[B4] comes to the list, whatever we recorded, and leaves what agrees as it is', () => {
  const amount = fc.integer({ min: 0, max: 1_000 }).map(fen)
  const own = fc.uniqueArray(
    fc.record({ part: fc.constantFrom('pooled', 'account'), chargeFen: amount, returnFen: amount }),
    { selector: ({ part }) => part },
  )
  const sum = (parts: readonly { chargeFen: number; returnFen: number }[]) => ({
    chargeFen: fen(parts.reduce((total, part) => total + part.chargeFen, 0)),
    returnFen: fen(parts.reduce((total, part) => total + part.returnFen, 0)),
  })
  fc.assert(
    fc.property(amount, amount, own, (chargeFen, returnFen, parts) => {
      expect(sum(partsByOwn({ chargeFen, returnFen }, parts))).toEqual({ chargeFen, returnFen })
      expect(parts.length === 0 || partsByOwn(sum(parts), parts)).toEqual(
        parts.length === 0 || parts,
      )
    }),
  )
  expect(partsByOwn({ chargeFen: fen(5), returnFen: fen(1) }, [])).toEqual([
    { part: 'self_pay', chargeFen: 5, returnFen: 1 },
  ])
})
