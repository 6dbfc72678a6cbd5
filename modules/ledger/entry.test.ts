import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { type Account, sameTransfers, type Transfer } from './entry.ts'

const account = fc
  .constantFrom('a', 'b', 'c', 'd')
  .map((code): Account => ({ code, kind: 'asset' }))
const transfers = fc.array(
  fc.record({
    debit: account,
    credit: account,
    amountFen: fc.integer({ min: 1, max: 1_000_000 }).map(fen),
  }),
  { minLength: 1, maxLength: 10 },
)

describe('sameTransfers', () => {
  const stored = (list: readonly Transfer[]) =>
    list.map(({ debit, credit, amountFen }) => ({
      debit: debit.code,
      credit: credit.code,
      amountFen,
    }))

  it('knows a list again', () => {
    fc.assert(
      fc.property(transfers, (list) => {
        expect(sameTransfers(list, stored(list))).toBe(true)
      }),
    )
  })

  it('sees every difference', () => {
    const [a, b]: [Account, Account] = [
      { code: 'a', kind: 'asset' },
      { code: 'b', kind: 'asset' },
    ]
    const list: Transfer[] = [
      { debit: a, credit: b, amountFen: fen(1) },
      { debit: b, credit: a, amountFen: fen(2) },
    ]
    const others: Transfer[][] = [
      [],
      list.slice(1),
      list.toReversed(),
      [...list, ...list],
      list.map((t) => ({ ...t, amountFen: fen(t.amountFen + 1) })),
      list.map((t) => ({ ...t, debit: t.credit, credit: t.debit })),
    ]
    for (const other of others) expect(sameTransfers(list, stored(other))).toBe(false)
  })
})
