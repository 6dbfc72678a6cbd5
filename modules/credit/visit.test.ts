import { describe, expect, it } from 'vitest'

import { allowsEvent, VISIT_STATUSES, type VisitEvent } from './visit.ts'

const EVENTS: VisitEvent[] = [
  'ended',
  'early_payment_begun',
  'early_payment_failed',
  'early_payment_made',
  'settled',
  'emptied',
]

describe('a credit visit', () => {
  it('can be settled and paid early from no status at once', () => {
    for (const status of VISIT_STATUSES) {
      expect(
        allowsEvent({ status }, 'settled') && allowsEvent({ status }, 'early_payment_made'),
      ).toBe(false)
    }
  })

  it.each(['settled', 'repaid', 'empty'] as const)('that is %s moves no more', (status) => {
    expect(EVENTS.filter((event) => allowsEvent({ status }, event))).toEqual([])
  })
})
