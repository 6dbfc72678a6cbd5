import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { addDays, addMs, businessDate, HOUR_MS, instantAt } from '../../kernel/time.ts'
import { type ComparedList, differenceSignal, totalOfLists } from './lists.ts'

const D = businessDate('2026-11-20')

/** The list of a day, read on the next morning unless said otherwise. */
const list = (changes: Partial<ComparedList> = {}): ComparedList => {
  const date = changes.businessDate ?? D
  return {
    businessDate: date,
    comparedAt: instantAt(addDays(date, 1), '10:11:00'),
    rows: 1_000,
    differences: 0,
    amountFen: fen(10_000_000),
    differenceFen: fen(0),
    ...changes,
  }
}

const dateOf = (...comparisons: ComparedList[]) =>
  differenceSignal('wechat', comparisons)?.figures['businessDate'] ?? null

describe('[S2] the alarm of the difference rate', () => {
  it('begins above one in a hundred, of the rows or of their amount', () => {
    expect(dateOf(list({ differences: 10 }))).toBeNull()
    expect(dateOf(list({ differences: 11 }))).toBe(D)
    expect(dateOf(list({ differences: 1, differenceFen: fen(100_000) }))).toBeNull()
    expect(dateOf(list({ differences: 1, differenceFen: fen(100_001) }))).toBe(D)
    expect(differenceSignal('wechat', [list({ differences: 25 })])).toEqual({
      channel: 'wechat',
      class: 'differences',
      figures: {
        businessDate: D,
        rows: 1_000,
        differences: 25,
        differencesPpm: 25_000,
        amountFen: 10_000_000,
        differenceFen: 0,
        amountPpm: 0,
        mostPpm: 10_000,
      },
    })
  })

  it('is not of an empty day, and not of a channel without lists', () => {
    expect(dateOf()).toBeNull()
    expect(dateOf(list({ rows: 0, amountFen: fen(0) }))).toBeNull()
  })

  it('ends with a later list that agrees, or with its own next version', () => {
    const bad = list({ differences: 50 })
    expect(dateOf(bad, list({ businessDate: addDays(D, 1) }))).toBeNull()
    const again = addMs(bad.comparedAt, 4 * HOUR_MS)
    expect(dateOf(list({ comparedAt: again }))).toBeNull()
  })

  it('begins with an old list that came out otherwise, whatever the newer ones say', () => {
    const newer = list({ businessDate: addDays(D, 3) })
    const late = list({ differences: 50, comparedAt: addMs(newer.comparedAt, -HOUR_MS) })
    expect(dateOf(newer, late)).toBe(D)
    expect(dateOf(late, newer)).toBe(D)
  })

  it('is of the worst of those that came out together', () => {
    const next = addDays(D, 1)
    const comparedAt = instantAt(addDays(D, 2), '10:11:00')
    const worse = list({ businessDate: next, differences: 90, comparedAt })
    expect(dateOf(list({ differences: 20, comparedAt }), worse)).toBe(next)
  })

  it('rounds nothing away: it is there exactly where more than a hundredth differs', () => {
    const counts = fc.record({ rows: fc.integer({ min: 1, max: 1_000_000 }), part: fc.nat(1_000) })
    fc.assert(
      fc.property(counts, ({ rows, part }) => {
        const differences = Math.min(rows, Math.floor(rows / 100) + part - 500)
        fc.pre(differences >= 0)
        const isAlarm = dateOf(list({ rows, differences })) !== null
        expect(isAlarm).toBe(differences * 100 > rows)
      }),
    )
  })
})

it('lists add up', () => {
  expect(totalOfLists([list({ differences: 2 }), list({ rows: 5 })])).toEqual({
    rows: 1_005,
    differences: 2,
  })
  expect(totalOfLists([])).toEqual({ rows: 0, differences: 0 })
})
