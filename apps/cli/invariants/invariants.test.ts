import { describe, expect, it } from 'vitest'

import type { InvariantResult } from './check.ts'
import { formatInvariants } from './format.ts'
import { NOT_YET, parseInvariant, readInvariants } from './invariant.ts'

describe('the files of the invariants', () => {
  it('stand for the fifteen that are promised, but for those that cannot be read yet, and more', () => {
    const numbers = [...readInvariants(), ...NOT_YET].map(({ id }) => /\d+/.exec(id)?.[0])
    const promised = Array.from({ length: 15 }, (_, i) => String(i + 1))
    expect(numbers).toEqual(expect.arrayContaining(promised))
  })

  it('each read rows of one hospital, or of the catalogue', () => {
    for (const { id, scope, violations, figures } of readInvariants()) {
      const namesHospital = [violations, figures].every((sql) => sql.includes('$hospital'))
      expect(namesHospital, id).toBe(scope === 'hospital')
    }
  })

  it('are refused in another form', () => {
    const header = '-- I9 Nines\n-- Violation: a nine.\n-- Figure: {nines} nines\n'
    const [first, second] = ["select 'nine' as violation;\n", 'select 9 as nines;\n']
    expect(parseInvariant('i9.sql', header + first + second)).toEqual({
      id: 'I9',
      title: 'Nines',
      scope: 'hospital',
      violations: "select 'nine' as violation",
      figures: 'select 9 as nines',
      figureText: '{nines} nines',
    })
    const wrong: [string, RegExp][] = [
      [header + first, /has two statements/],
      [header + first + second + second, /has two statements/],
      [header.replace('I9 ', '') + first + second, /begins with its number and title/],
      [header.replace('Violation', 'Hm') + first + second, /says what a violation/],
      [header.replace('Figure', 'Hm') + first + second, /says what a violation/],
    ]
    for (const [text, reason] of wrong) expect(() => parseInvariant('i9.sql', text)).toThrow(reason)
  })
})

describe('what is said of the results', () => {
  const result = (part: Partial<InvariantResult>): InvariantResult => ({
    id: 'I4',
    title: 'No lost money',
    state: 'held',
    violations: 0,
    figure: '2 moves',
    sample: [],
    ...part,
  })

  it('counts what held and what is broken, and nothing else', () => {
    const results = [
      result({}),
      result({ id: 'I6', state: 'not_applicable', figure: 'not applicable yet: no slots' }),
      result({ id: 'I9', state: 'broken', violations: 1, sample: ['hospital 1: x'] }),
    ]
    expect(formatInvariants(results).split('\n')).toEqual([
      '✔ I4   No lost money: 2 moves',
      '– I6   No lost money: not applicable yet: no slots',
      '✘ I9   No lost money: 2 moves; 1 violation',
      '       hospital 1: x',
      '',
      '1 not applicable yet',
      '1 passed, 1 failed',
    ])
  })

  it('shows a few of many', () => {
    const sample = Array.from({ length: 20 }, (_, i) => `hospital 1: ${i}`)
    const text = formatInvariants([result({ state: 'broken', violations: 41, sample })])
    expect(text).toContain('41 violations')
    expect(text).toContain('and 36 more')
    expect(text).toMatch(/\n0 passed, 1 failed$/)
  })
})
