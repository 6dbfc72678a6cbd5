import { expect, it } from 'vitest'

import { plannedPayment } from '../testing/payments.ts'
import { latestFirst, type RecordsPage } from './latest-first.ts'

const page = (hospitalId: number, hasMore: boolean, ...days: string[]): RecordsPage => ({
  hospitalId,
  hasMore,
  error: null,
  payments: days.map((day) =>
    plannedPayment({
      id: `${hospitalId}-${day}`,
      hospitalId,
      payerState: 'succeeded',
      createdAt: `2026-11-${day}T00:00:00.000Z`,
    }),
  ),
})

const ids = (pages: RecordsPage[][]) => latestFirst(pages).map((payment) => payment.id)

it('lists all hospitals as one, newest first', () => {
  expect(ids([[page(1, false, '20', '05'), page(2, false, '12')]])).toEqual([
    '1-20',
    '2-12',
    '1-05',
  ])
})

it('keeps back what a payment not yet read may have to stand before', () => {
  const first = [page(1, true, '20', '15'), page(2, false, '18', '03')]
  expect(ids([first])).toEqual(['1-20', '2-18', '1-15'])
  expect(ids([first, [page(1, false, '14', '02')]])).toEqual([
    '1-20',
    '2-18',
    '1-15',
    '1-14',
    '2-03',
    '1-02',
  ])
})

it('leaves out a plan that came to nothing before it began', () => {
  const closed = page(1, false, '20')
  closed.payments.push(plannedPayment({ id: 'plan', payerState: 'closed' }))
  expect(ids([[closed]])).toEqual(['1-20'])
})
