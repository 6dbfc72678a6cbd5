import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { numbered, pgbenchText } from './payments/run-script.ts'
import { formatResult, rate, time } from './result.ts'
import { median, percentile } from './statistics.ts'

const values = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 })

describe('medians and percentiles', () => {
  it('have as many values below them as they say', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (list, percent) => {
        const found = percentile(list, percent)
        const within = list.filter((value) => value <= found).length
        const below = list.filter((value) => value < found).length
        expect(list).toContain(found)
        expect(within).toBeGreaterThanOrEqual((list.length * percent) / 100)
        expect(below).toBeLessThan((list.length * percent) / 100)
      }),
    )
  })

  it('are as everybody knows them', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    expect(percentile([5, 1, 4, 2, 3], 99)).toBe(5)
    expect(percentile([5, 1, 4, 2, 3], 50)).toBe(3)
    expect(() => median([])).toThrow(/at least one value/)
  })
})

describe('a figure', () => {
  it('has a ratio above 1 when ours is better, for rates and for times', () => {
    expect(rate('payments', 40, '/s', { name: 'bare', value: 20 }).ratio).toBe(2)
    expect(time('payment', 40, 'ms', { name: 'bare', value: 20 }).ratio).toBe(0.5)
  })

  it('is printed beside the other', () => {
    const figures = [rate('payments', 1234.5678, '/s', { name: 'bare', value: 4321 })]
    expect(formatResult({ bench: 'x', figures, conditions: { cores: 2 } }).split('\n')).toEqual([
      'bench x: ours, beside, ratio (above 1 is better for us)',
      '  payments  1230 /s  4320 /s  ×0.286  bare',
      '  cores: 2',
    ])
  })
})

describe('a script', () => {
  const script = {
    draw: "select 'a' as u1,\n  'b' as u2",
    transactions: [['insert into t values (:u1::uuid)'], ['select 1']],
  }

  it('reads for pgbench as one line a command', () => {
    expect(pgbenchText(script).split('\n')).toEqual([
      "select 'a' as u1, 'b' as u2 \\gset",
      'begin;',
      'insert into t values (:u1::uuid);',
      'commit;',
      'begin;',
      'select 1;',
      'commit;',
    ])
  })

  it('reads for the driver with its values beside it', () => {
    const drawn = { u1: 'x', u2: 'y' }
    expect(numbered("values (:u2::text || '10:00:00', :u1::uuid)", drawn)).toEqual({
      text: "values ($1::text || '10:00:00', $2::uuid)",
      values: ['y', 'x'],
    })
  })
})
