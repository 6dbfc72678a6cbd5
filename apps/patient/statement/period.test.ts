import { expect, it } from 'vitest'

import { businessDate } from '../../../kernel/time.ts'
import { daysOf, type PeriodName, readPeriod } from './period.ts'

const daysOn = (today: string, period: PeriodName) => {
  const days = daysOf({ period }, businessDate(today))
  return days && [days.from, days.to]
}

it.each([
  ['2026-11-21', 'this_month', ['2026-11-01', '2026-11-21']],
  ['2026-11-21', 'last_month', ['2026-10-01', '2026-10-31']],
  ['2026-11-21', 'this_year', ['2026-01-01', '2026-11-21']],
  ['2026-01-01', 'last_month', ['2025-12-01', '2025-12-31']],
  ['2028-03-31', 'last_month', ['2028-02-01', '2028-02-29']],
  ['2026-11-21', 'own', null],
] as const)('on %s, %s is %j', (today, period, days) => {
  expect(daysOn(today, period)).toEqual(days)
})

it('a period of one’s own is that of the address', () => {
  const own = { period: 'own' as const, from: '2026-02-01', to: '2026-02-28' }
  expect(daysOf(readPeriod(own), businessDate('2026-11-21'))).toEqual({
    from: '2026-02-01',
    to: '2026-02-28',
  })
})

it.each([
  [{}, { period: 'this_month' }],
  [{ period: 'century' }, { period: 'this_month' }],
  [{ period: 'own', from: '2026-02-30', to: '2026-03-01' }, { period: 'own' }],
  [{ period: 'own', from: 20_260_201 }, { period: 'own' }],
  [{ period: 'this_year', from: '2026-02-01', to: '2026-03-01' }, { period: 'this_year' }],
])('the address %j is read as %j', (search, choice) => {
  expect(readPeriod(search)).toEqual(choice)
})
