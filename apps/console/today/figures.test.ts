import fc from 'fast-check'
import { expect, it } from 'vitest'

import { PARTS } from '../../web/tenders.ts'
import { totalOfMoves } from '../list/sums.ts'
import { figureOfList, figureOfRefunds, figuresOf, takenByPayer } from './figures.ts'
import { moneyFlowOf } from './money-flow.ts'

const total = fc.record({
  provider: fc.constantFrom('insurance', 'wechat'),
  kind: fc.constantFrom('charge' as const, 'return' as const),
  part: fc.constantFrom(...PARTS),
  count: fc.integer({ min: 1, max: 50 }),
  amountFen: fc.integer({ min: 1, max: 10_000_000 }),
})

const dayOf = (moves: Parameters<typeof totalOfMoves>[0]) => ({
  date: '2026-11-21',
  succeeded: { count: 3, amountFen: 12_300 },
  refunded: { count: 0, amountFen: 0 },
  inTransit: { count: 1, amountFen: 2_850 },
  attention: { count: 2 },
  moves: moves.map((move) => ({ ...move, part: move.part as (typeof PARTS)[number] })),
})

it('[U-42] every figure of money moved is what its own link lists, and net is taken less returned', () => {
  fc.assert(
    fc.property(fc.array(total), (moves) => {
      const figures = figuresOf(dayOf(moves))
      const said = figures.flatMap(({ link, amountFen, count }) =>
        link.to === '/moves' ? [{ filter: link.search, amountFen, count }] : [],
      )
      expect(said.map(({ filter }) => ({ filter, ...totalOfMoves(moves, filter) }))).toEqual(said)
      const fenOf = (name: string) => figures.find((f) => f.name === name)?.amountFen ?? Number.NaN
      expect(fenOf('net')).toBe(fenOf('taken') + fenOf('returned'))
    }),
  )
})

it('knows a figure by the filter of its list, on any page and day, and by no other', () => {
  const day = dayOf([])
  for (const figure of figuresOf(day)) {
    if (figure.link.to !== '/payments') continue
    const search = { ...figure.link.search, before: '0190b3a0-0000-7000-8000-000000000001' }
    expect(figureOfList(day, search)?.name).toBe(figure.name)
    expect(figureOfList(day, { ...search, billNo: 'B1' })).toBeNull()
  }
  expect(figureOfList(day, { status: ['succeeded'], by: 'paid' })?.count).toBe(3)
  expect(figureOfList(day, {})).toBeNull()
})

it('knows the figure of the refunds by the filter of its list, and by no other', () => {
  const day = { ...dayOf([]), refunded: { count: 4, amountFen: 9_000 } }
  const [link] = figuresOf(day).flatMap(({ link: to }) => (to.to === '/refunds' ? [to] : []))
  expect(link).toBeDefined()
  expect(figureOfRefunds(day, link?.search ?? {})).toMatchObject({ count: 4, amountFen: 9_000 })
  expect(figureOfRefunds(day, { ...link?.search, cause: ['late'] })).toBeNull()
  expect(figureOfRefunds(day, {})).toBeNull()
})

it('what flows out of every node is what flowed in', () => {
  fc.assert(
    fc.property(fc.array(total), (moves) => {
      const links = moneyFlowOf(dayOf(moves).moves)
      if (links === null) return
      for (const provider of ['insurance', 'wechat']) {
        const sum = (side: 'from' | 'to') =>
          links
            .filter((link) => link[side].name === provider)
            .reduce((fen, link) => fen + link.amountFen, 0)
        expect(sum('to')).toBe(sum('from'))
      }
    }),
  )
})

it('draws nothing where more went back than came', () => {
  const back = { provider: 'wechat', kind: 'return', part: 'self_pay', count: 1, amountFen: 100 }
  expect(moneyFlowOf(dayOf([back as never]).moves)).toBeNull()
  expect(moneyFlowOf([])).toBeNull()
})

it('what was settled divides between those who are to pay it, to the fen', () => {
  fc.assert(
    fc.property(fc.array(total), (moves) => {
      const day = dayOf(moves)
      const taken = figuresOf(day).find(({ name }) => name === 'taken')?.amountFen
      expect(takenByPayer(day).reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(taken)
    }),
  )
  const one = (part: string, amountFen: number) =>
    ({ provider: 'x', kind: 'charge', part, count: 1, amountFen }) as const
  expect(
    takenByPayer(
      dayOf([one('self_pay', 1), one('account', 2), one('pooled', 3), one('credit', 4)]),
    ),
  ).toEqual([
    { payer: 'patient', amountFen: 1 },
    { payer: 'insurance', amountFen: 5 },
    { payer: 'bank', amountFen: 4 },
  ])
})
