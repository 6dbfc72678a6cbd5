import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addFen, fen } from '../../kernel/money.ts'
import {
  brokenIdentity,
  brokenLineIdentity,
  type Figures,
  partsOf,
  reasonsOf,
  sameMoney,
} from './figures.ts'
import { figuresUnder } from './testing/policy.ts'

const anyLine = fc.record({
  ownCode: fc.constantFrom('A1', 'B1', 'C1'),
  amountFen: fc.integer({ min: 1, max: 10_000_000 }).map(fen),
})
const anyFigures = fc
  .record({
    lines: fc.array(anyLine, { minLength: 1, maxLength: 30 }),
    balance: fc.integer({ min: 0, max: 5_000_000 }).map(fen),
  })
  .map(({ lines, balance }) =>
    figuresUnder(lines as never, { accountFen: balance, hospitalFen: fen(0) }),
  )

const AMOUNTS = [
  'totalFen',
  'ownFen',
  'overLimitFen',
  'firstShareFen',
  'inScopeFen',
  'basicFundFen',
  'supplementFundFen',
  'aidFundFen',
  'otherFundFen',
  'fundFen',
  'personalFen',
  'accountFen',
  'cashFen',
  'hospitalFen',
] as const satisfies (keyof Figures)[]

describe('figures', () => {
  it('that a policy made hold together', () => {
    fc.assert(
      fc.property(anyFigures, (figures) => {
        expect(brokenIdentity(figures)).toBeNull()
      }),
    )
  })

  it('with any amount changed do not', () => {
    fc.assert(
      fc.property(
        anyFigures,
        fc.constantFrom(...AMOUNTS),
        fc.integer({ min: -1_000, max: 1_000 }).filter((n) => n !== 0),
        (figures, name, by) => {
          expect(brokenIdentity({ ...figures, [name]: fen(figures[name] + by) })).not.toBeNull()
        },
      ),
    )
  })

  it('leave to the payer exactly what the parts do not pay', () => {
    fc.assert(
      fc.property(anyFigures, (figures) => {
        const parts = partsOf(figures)
        const paid = addFen(...parts.map((part) => part.amountFen))
        expect(paid + figures.cashFen).toBe(figures.totalFen)
        expect(parts.every((part) => part.amountFen > 0)).toBe(true)
      }),
    )
  })

  it.each<[string, Partial<Figures>]>([
    ['a ratio past 1', { poolRatioBp: 10_001 }],
    ['a ratio below 0', { poolRatioBp: -1 }],
    ['a family share larger than the account', { sharedAccountFen: fen(99_999_999) }],
    ['a deductible below zero', { deductibleFen: fen(-1) }],
  ])('with %s do not hold', (_what, change) => {
    const [figures] = fc.sample(anyFigures, 1)
    if (!figures) throw new Error('no sample')
    expect(brokenIdentity({ ...figures, ...change })).not.toBeNull()
  })

  it('are the same money when total and payers are the same', () => {
    const [figures] = fc.sample(anyFigures, 1)
    if (!figures) throw new Error('no sample')
    expect(sameMoney(figures, { ...figures, ownFen: fen(0) })).toBe(true)
    expect(sameMoney(figures, { ...figures, accountFen: fen(figures.accountFen + 1) })).toBe(false)
  })

  it('give a reason for each amount there is, and for no other', () => {
    const figures = figuresUnder([{ ownCode: 'C1', amountFen: fen(500) }] as never, {
      accountFen: fen(0),
      hospitalFen: fen(0),
    })
    expect(reasonsOf(figures)).toEqual([{ code: 'own_expense', params: { amountFen: 500 } }])
  })
})

it('a line is the sum of its parts', () => {
  const line = {
    amountFen: fen(100),
    ownFen: fen(0),
    overLimitFen: fen(10),
    firstShareFen: fen(9),
    inScopeFen: fen(81),
    level: 'B' as const,
  }
  expect(brokenLineIdentity(line)).toBeNull()
  expect(brokenLineIdentity({ ...line, amountFen: fen(101) })).not.toBeNull()
  expect(brokenLineIdentity({ ...line, ownFen: fen(-1), inScopeFen: fen(82) })).not.toBeNull()
})
