import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { checklistOf } from './checklist.ts'
import { changesBetween, type DayFigures, digestOf } from './day-facts.ts'

const figure = (count: number, amountFen: number) => ({ count, amountFen: fen(amountFen) })

const figures = (sources: Record<string, [ours: number, theirs: number]>): DayFigures => ({
  bridge: null,
  sources: Object.entries(sources).map(([source, [ours, theirs]]) => ({
    source,
    statement: null,
    identity: [{ kind: 'charge', ours: figure(1, ours), gaps: [], theirs: figure(1, theirs) }],
  })),
})

const received = {
  source: 'wechat',
  status: 'received' as const,
  newestVersion: 2,
  comparedVersion: 2,
  compareDue: false,
}
const ALL_DONE = { lists: [received], openDifferences: 0, openCases: 0, missingInBooks: 0 }

const openIn = (standing: Parameters<typeof checklistOf>[0]) =>
  checklistOf(standing).filter(({ outcome }) => outcome !== 'passed')

describe('the checklist', () => {
  it('has nothing left when all is there, compared, worked off and booked', () => {
    expect(openIn(ALL_DONE)).toEqual([])
  })

  it.each([
    [
      'a list that is missing',
      { lists: [{ ...received, status: 'missing' as const }] },
      'lists_received',
    ],
    ['no list at all', { lists: [] }, 'lists_received'],
    ['a newer version', { lists: [{ ...received, newestVersion: 3 }] }, 'lists_compared'],
    ['rows that changed', { lists: [{ ...received, compareDue: true }] }, 'lists_compared'],
    ['a difference in work', { openDifferences: 1 }, 'differences_worked_off'],
    ['books that lack something', { missingInBooks: 1 }, 'books_complete'],
  ])('is open for %s', (_what, changes, name) => {
    expect(openIn({ ...ALL_DONE, ...changes })).toEqual([{ name, outcome: 'open', count: 1 }])
  })

  it('only warns of cases that people have', () => {
    expect(openIn({ ...ALL_DONE, openCases: 3 })).toEqual([
      { name: 'cases_resolved', outcome: 'warned', count: 3 },
    ])
  })
})

describe('what changed between two versions', () => {
  it('is every figure that came out otherwise, also of a party that came or went', () => {
    const before = figures({ his: [100, 100], wechat: [50, 55] })
    const after = figures({ alipay: [7, 7], his: [100, 100], wechat: [50, 50] })
    expect(
      changesBetween(before, after).map(({ source, side, deltaFen }) => [source, side, deltaFen]),
    ).toEqual([
      ['alipay', 'ours', 7],
      ['alipay', 'theirs', 7],
      ['wechat', 'theirs', -5],
    ])
    expect(changesBetween(after, after)).toEqual([])
  })
})

it('a digest does not depend on the order of names, and on everything else', () => {
  const anything = fc.dictionary(
    fc.string(),
    fc.oneof(fc.integer(), fc.string(), fc.constant(null)),
  )
  fc.assert(
    fc.property(anything, (facts) => {
      const turned = Object.fromEntries(Object.entries(facts).toReversed())
      expect(digestOf({ a: [turned] })).toBe(digestOf({ a: [facts] }))
      expect(digestOf({ a: [{ ...facts, more: 1 }] })).not.toBe(
        digestOf({ a: [{ ...facts, more: 2 }] }),
      )
    }),
  )
})
