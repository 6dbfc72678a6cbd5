import { expect, it } from 'vitest'

import { compareFacts, inForceOf, standingOf, type Terms } from './model.ts'

const TODAY = '2026-11-22'

const terms = (id: string, changes: Partial<Terms> = {}): Terms => ({
  id,
  name: 'wechat',
  validFrom: '2026-01-01',
  content: {},
  status: 'agreed',
  proposedBy: 'staff:a',
  proposedAt: '2026-01-01T00:00:00Z',
  decidedBy: 'staff:b',
  decidedAt: '2026-01-02T00:00:00Z',
  reason: 'as signed',
  ...changes,
})

it('one of a name is in force: the last to begin, and of two that begin together what was agreed to last', () => {
  const old = terms('1')
  const newer = terms('2', { validFrom: '2026-11-22' })
  const corrected = terms('3', { validFrom: '2026-11-22', decidedAt: '2026-11-20T00:00:00Z' })
  const coming = terms('4', { validFrom: '2026-11-23' })
  const asked = terms('5', { status: 'proposed', decidedBy: null, decidedAt: null })
  const other = terms('6', { name: 'alipay' })
  const all = [old, newer, corrected, coming, asked, other]
  expect(inForceOf('wechat', all, TODAY)?.id).toBe('3')
  expect(all.map((one) => standingOf(one, all, TODAY))).toEqual([
    'replaced',
    'replaced',
    'inForce',
    'later',
    'proposed',
    'inForce',
  ])
  expect(inForceOf('bank', all, TODAY)).toBeUndefined()
})

it('what changes is told with what it takes the place of, what is new and what is gone', () => {
  const fact = (name: string, value: string) => ({ name, value })
  const current = [fact('rate', '0.6%'), fact('cycle', 'T+1'), fact('cap', '¥5.00')]
  const proposed = [fact('rate', '0.38%'), fact('cycle', 'T+1'), fact('grace', '2')]
  expect(compareFacts(proposed, current)).toEqual([
    { name: 'rate', value: '0.38%', before: '0.6%' },
    { name: 'cycle', value: 'T+1' },
    { name: 'grace', value: '2', before: null },
    { name: 'cap', value: '—', before: '¥5.00' },
  ])
  expect(compareFacts(proposed, null)).toEqual(proposed)
})
