import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fen, negateFen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import type { Move } from '../payments/index.ts'
import type { Settlement } from './claim.ts'
import { differsInSignOnly, groupsOf, isAbout, toOwnRow, totalsOf } from './comparison.ts'
import type { DifferenceRow } from './insurance-centre.ts'

const move = (kind: Move['kind'], pooled: number, account: number, ourNo = 'M'): Move => ({
  kind,
  ourNo,
  providerNo: `S-${ourNo}`,
  parts: [
    { kind: 'pooled', amountFen: fen(pooled) },
    { kind: 'account', amountFen: fen(account) },
  ],
  at: new Date('2026-11-21T10:00:00+08:00'),
})
const settlement = (insutype: string, clrOptins: string | null, ourNo = 'M') =>
  ({
    setlId: `S-${ourNo}`,
    mdtrtId: 'V',
    psnNo: 'P',
    insutype,
    clrType: null,
    clrOptins,
    figures: { totalFen: fen(1_000), cashFen: fen(100) },
  }) as Settlement
const date = businessDate('2026-11-21')

describe('the totals of a group', () => {
  it('are those of its moves, returns taken off and counted', () => {
    const rows = [
      toOwnRow(move('charge', 700, 200), settlement('310', '370200'), '370200'),
      toOwnRow(move('return', 700, 200), settlement('310', '370200'), '370200'),
      toOwnRow(move('charge', 500, 0), settlement('310', '370200'), '370200'),
    ]
    const clearing = { clrType: '11', setlOptins: '370200' }
    expect(totalsOf(date, clearing, rows)).toEqual({
      ...clearing,
      date,
      totalFen: 1_000,
      fundFen: 500,
      accountFen: 0,
      cashFen: 100,
      count: 3,
    })
  })

  it('leave out no move, and count none twice', () => {
    const anyRow = fc
      .record({
        kind: fc.constantFrom('charge' as const, 'return' as const),
        pooled: fc.nat(100_000),
        insutype: fc.constantFrom('310', '390', '340'),
        optins: fc.constantFrom('370200', '370100', null),
      })
      .map((r) => toOwnRow(move(r.kind, r.pooled, 0), settlement(r.insutype, r.optins), '370200'))
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 40 }), (rows) => {
        const groups = groupsOf(rows, '370200')
        expect(groups.flatMap((group) => group.rows)).toHaveLength(rows.length)
        const fundFen = groups
          .map((group) => totalsOf(date, group, group.rows).fundFen)
          .reduce((sum, amount) => sum + amount, 0)
        expect(fundFen).toBe(rows.reduce((sum, row) => sum + row.fundFen, 0))
      }),
    )
  })

  it('are asked for both large insurances on an empty day, too', () => {
    expect(groupsOf([], '370200').map((group) => [group.insutype, group.setlOptins])).toEqual([
      ['310', '370200'],
      ['390', '370200'],
    ])
  })
})

describe('a row of the result', () => {
  const own = toOwnRow(move('return', 700, 200), settlement('310', '370200'), '370200')
  const row = { setlId: 'S-M', msgid: '' } as DifferenceRow

  it('is about the settlement with its number, or its message', () => {
    expect(isAbout(row, own)).toBe(true)
    expect(isAbout({ ...row, setlId: 'S-X' }, own)).toBe(false)
    expect(isAbout({ ...row, setlId: '', msgid: 'M' }, own)).toBe(true)
  })

  it('differs in sign only for a return with the very amounts', () => {
    const theirs = { totalFen: fen(1_000), fundFen: fen(700), accountFen: fen(200) }
    expect(differsInSignOnly(own, theirs)).toBe(true)
    expect(differsInSignOnly(own, { ...theirs, accountFen: fen(201) })).toBe(false)
    expect(differsInSignOnly(own, null)).toBe(false)
    const charge = toOwnRow(move('charge', 700, 200), settlement('310', null), '370200')
    const below = {
      totalFen: negateFen(theirs.totalFen),
      fundFen: negateFen(theirs.fundFen),
      accountFen: negateFen(theirs.accountFen),
    }
    expect(differsInSignOnly(charge, below)).toBe(false)
  })
})
