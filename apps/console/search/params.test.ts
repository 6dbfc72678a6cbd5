import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { businessDate } from '../../../kernel/time.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import { PAYMENT_STATUSES } from './choices.ts'
import { readNumber } from './find.ts'
import {
  given,
  readMovesSearch,
  readOfficeSearch,
  readPaymentsSearch,
  readSignInSearch,
} from './params.ts'
import { parseSearch, stringifySearch } from './plain-search.ts'

describe('the URL is the view', () => {
  it('restores every filter of the payments from its own link', () => {
    const search = fc.record(
      {
        by: fc.constantFrom('created' as const, 'paid' as const),
        status: fc.uniqueArray(fc.constantFrom(...PAYMENT_STATUSES), { minLength: 1 }),
        billNo: fc.stringMatching(/^[0-9A-Z&=+%-]{1,30}$/),
        attention: fc.constant(true as const),
        inTransit: fc.constant(true as const),
        before: fc.uuid(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(search, (view) => {
        expect(readPaymentsSearch(parseSearch(stringifySearch(view)))).toEqual(view)
      }),
    )
  })

  it('keeps a bill number a text, leading zeros and all', () => {
    expect(stringifySearch({ billNo: '0231' })).toBe('?billNo=0231')
    expect(readPaymentsSearch(parseSearch('?billNo=0231'))).toEqual({ billNo: '0231' })
  })

  it('can be read by people', () => {
    const view = { date: businessDate('2026-11-21'), status: ['settling', 'compensating'] }
    expect(stringifySearch({ ...view, attention: true, inTransit: undefined })).toBe(
      '?attention=true&date=2026-11-21&status=settling,compensating',
    )
    expect(stringifySearch({})).toBe('')
  })

  it('leaves out what makes no sense', () => {
    const raw = parseSearch('?by=never&status=paid,settling&billNo=%20&attention=yes&before=1')
    expect(readPaymentsSearch(raw)).toEqual({ status: ['settling'] })
    expect(readOfficeSearch(parseSearch('?date=2026-02-30'))).toEqual({})
    expect(readMovesSearch(parseSearch('?kind=gift&part=pooled'))).toEqual({ part: 'pooled' })
    expect(given({ a: undefined, b: 0 })).toEqual({ b: 0 })
  })

  it('leads after sign-in to a page of ours, and nowhere else', () => {
    expect(readSignInSearch({ to: '/moves?date=2026-11-21' })).toEqual({
      to: '/moves?date=2026-11-21',
    })
    for (const to of ['https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example']) {
      expect(readSignInSearch({ to })).toEqual({})
    }
  })
})

describe('the search box', () => {
  const id = '0190b3a0-0000-7000-8000-000000000001'

  it('opens the payment whose number was typed, in any case and with spaces', () => {
    const paymentNo = tradeNoOf(1 as never, id as never)
    const typed = ` ${paymentNo.slice(0, 10).toLowerCase()} ${paymentNo.slice(10)} `
    expect(readNumber(typed, 1)).toEqual({ kind: 'payment', id })
    expect(readNumber(id, 1)).toEqual({ kind: 'payment', id })
  })

  it('says that a number is of another hospital, and takes the rest for bill numbers', () => {
    expect(readNumber(tradeNoOf(2 as never, id as never), 1)).toBe('foreign')
    expect(readNumber('B20261121000001', 1)).toEqual({ kind: 'bill', billNo: 'B20261121000001' })
    expect(readNumber('  ', 1)).toBeNull()
  })
})
