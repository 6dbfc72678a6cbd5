import { expect, it } from 'vitest'

import { amountText } from './amount.ts'
import { momentText } from './moment.ts'
import { isWorthRetrying, readFailure, UNREACHABLE } from './problem.ts'
import { partsOf } from './tenders.ts'

it.each([
  [123_450, '¥1,234.50'],
  [0, '¥0.00'],
  [-50, '−¥0.50'],
  [7, '¥0.07'],
])('%i fen are written %s', (amountFen, text) => {
  expect(amountText(amountFen)).toBe(text)
})

// The same whatever the zone of the machine: TZ of the test run is not Shanghai's.
it.each([
  ['moment', 'zh-CN', '11月22日 周日 07:00'],
  ['day', 'zh-CN', '11月22日 周日'],
  ['time', 'zh-CN', '07:00'],
  ['exact', 'zh-CN', '2026-11-22 07:00:03'],
  ['date', 'en', '2026-11-22'],
  ['moment', 'en', 'Sun 22 Nov 07:00'],
] as const)('a moment as %s in %s', (form, language, text) => {
  const year = momentText('2026-11-21T23:00:03.000Z', form, language)
  expect(year.replace('2026年', '').replace(', 2026', '')).toBe(text)
})

it('another year is named', () => {
  expect(momentText('2019-01-02T03:04:05.000Z', 'day', 'zh-CN')).toBe('2019年1月2日 周三')
})

it('a problem is told from the lack of an answer', () => {
  const refused = { status: 409, code: 'billing.bill_changed', instance: 'r1' }
  expect(readFailure(refused)).toMatchObject({ code: 'billing.bill_changed', isDefinite: true })
  expect(readFailure(new TypeError('x'))).toMatchObject({ code: UNREACHABLE, isDefinite: false })
  expect(readFailure('<html>')).toMatchObject({ code: 'http.failed', isDefinite: false })
  expect(isWorthRetrying(refused)).toBe(false)
  expect(isWorthRetrying({ ...refused, status: 503, code: 'http.overloaded' })).toBe(true)
})

it('parts of the same kind are one, in the order of the bar', () => {
  const parts = (kind: 'pooled' | 'self_pay', amountFen: number) => ({
    parts: [{ kind, amountFen }],
  })
  expect(partsOf([parts('self_pay', 5), parts('pooled', 3), parts('pooled', 4)])).toEqual([
    { kind: 'pooled', amountFen: 7 },
    { kind: 'self_pay', amountFen: 5 },
  ])
  expect(partsOf([parts('pooled', 0)])).toEqual([])
})
