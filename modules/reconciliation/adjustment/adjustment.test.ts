import { expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import type { Difference } from '../day.ts'
import { adjustmentsOf, gapOf } from './adjustment.ts'

type Row = [kind: 'charge' | 'return', oursFen: number, theirsFen: number]

const about = (...rows: Row[]): Difference[] =>
  rows.map(([kind, oursFen, theirsFen]) => {
    const row = { source: 'wechat', kind, oursFen: fen(oursFen), theirsFen: fen(theirsFen) }
    return { ...row, present: true } as Difference
  })

it.each<[string, Row[], ReturnType<typeof gapOf>]>([
  ['a charge only they have', [['charge', 0, 500]], { is: 'surplus', amountFen: fen(500) }],
  ['a charge only we have', [['charge', 500, 0]], { is: 'shortage', amountFen: fen(500) }],
  ['a return only we have', [['return', 500, 0]], { is: 'surplus', amountFen: fen(500) }],
  ['a return only they have', [['return', 0, 500]], { is: 'shortage', amountFen: fen(500) }],
  ['a greater amount', [['charge', 500, 505]], { is: 'surplus', amountFen: fen(5) }],
  [
    'a charge that they list as a return',
    [
      ['charge', 500, 0],
      ['return', 0, 500],
    ],
    { is: 'shortage', amountFen: fen(1_000) },
  ],
  [
    'another amount on the next date',
    [
      ['charge', 500, 0],
      ['charge', 0, 507],
    ],
    { is: 'surplus', amountFen: fen(7) },
  ],
  ['what comes to the same', [['charge', 500, 500]], null],
])('%s leaves a gap', (_, rows, gap) => {
  expect(gapOf({ source: 'wechat' }, about(...rows))).toEqual(gap)
})

it('leaves none with the hospital’s own system, nor where nothing is found any more', () => {
  const rows = about(['charge', 500, 0])
  expect(gapOf({ source: 'his' }, rows)).toBeNull()
  expect(gapOf({ source: null }, rows)).toBeNull()
  const gone = rows.map((row) => ({ ...row, present: false }))
  expect(gapOf({ source: 'wechat' }, gone)).toBeNull()
})

it('is written off where it is short, and kept aside first where it is too much', () => {
  expect(adjustmentsOf({ is: 'shortage', amountFen: fen(1) })).toEqual(['write_off_shortage'])
  expect(adjustmentsOf({ is: 'surplus', amountFen: fen(1) })[0]).toBe('hang_surplus')
  expect(adjustmentsOf(null)).toEqual([])
})
