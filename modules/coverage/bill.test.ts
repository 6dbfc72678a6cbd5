import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addFen, fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import type { PayableLine } from '../payments/index.ts'
import { leftPerLine } from './bill.ts'
import { isBusinessDay, oneBusinessDayAfter } from './business-days.ts'
import { HOLIDAYS_2026 } from './holidays-2026.ts'

const line = (lineNo: number, insuranceClass: 'A' | 'B' | 'C', amountFen: number): PayableLine => ({
  billNo: 'B-1',
  lineNo,
  code: `C${lineNo}`,
  nationalCode: '',
  name: '',
  spec: '',
  unit: '',
  chargeCategory: '09',
  insuranceClass,
  unitPriceFen: fen(amountFen),
  quantity: 1,
  amountFen: fen(amountFen),
})

describe('what is left of each line', () => {
  it('takes what others pay from classes A and B, and from C only what is beyond', () => {
    const lines = [line(1, 'A', 300), line(2, 'B', 100), line(3, 'C', 50)]
    expect(leftPerLine(lines, fen(250))).toEqual([150, 50, 50])
    expect(leftPerLine(lines, fen(30))).toEqual([0, 0, 30])
    expect(leftPerLine(lines, fen(450))).toEqual([300, 100, 50])
  })

  it('adds up, and is never more than the line costs', () => {
    const anyLines = fc.array(
      fc.tuple(fc.constantFrom('A' as const, 'B' as const, 'C' as const), fc.nat(1_000_000)),
      { minLength: 1, maxLength: 20 },
    )
    fc.assert(
      fc.property(anyLines, fc.nat(1_000_000), (drawn, perMillion) => {
        const lines = drawn.map(([cls, amount], i) => line(i, cls, amount))
        const total = addFen(...lines.map((l) => l.amountFen))
        const left = fen(Math.floor((total / 1_000_000) * perMillion))
        const lefts = leftPerLine(lines, left)
        expect(addFen(...lefts)).toBe(left)
        for (const [i, l] of lines.entries()) {
          expect(lefts[i]).toBeGreaterThanOrEqual(0)
          expect(lefts[i]).toBeLessThanOrEqual(l.amountFen)
        }
      }),
    )
  })
})

describe('one business day', () => {
  it.each([
    ['2026-11-19T16:30:00+08:00', '2026-11-20T16:30:00+08:00'], // Thursday
    ['2026-11-20T16:30:00+08:00', '2026-11-23T16:30:00+08:00'], // Friday
    ['2026-11-21T10:00:00+08:00', '2026-11-24T00:00:00+08:00'], // Saturday: all of Monday
    ['2026-09-30T09:00:00+08:00', '2026-10-08T09:00:00+08:00'], // before the National Day week
    ['2026-10-03T09:00:00+08:00', '2026-10-09T00:00:00+08:00'], // within it
    ['2026-10-09T09:00:00+08:00', '2026-10-10T09:00:00+08:00'], // a Saturday that is worked
    ['2026-11-19T23:59:59+08:00', '2026-11-20T23:59:59+08:00'], // the day is Shanghai's
  ])('after %s is %s', (at, until) => {
    expect(oneBusinessDayAfter(new Date(at), HOLIDAYS_2026)).toEqual(new Date(until))
  })

  it('counts a year without a list by its weekdays', () => {
    expect(isBusinessDay(businessDate('2027-10-01'), HOLIDAYS_2026)).toBe(true)
  })
})
