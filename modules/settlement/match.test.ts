import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { addDays, businessDate } from '../../kernel/time.ts'
import { fits, match, type OpenBatch, type OpenReceipt } from './match.ts'

const MONDAY = businessDate('2026-03-02')

const batch = (day: number, open: number, change: Partial<OpenBatch> = {}): OpenBatch => ({
  key: `wechat ${day}`,
  provider: 'wechat',
  businessDate: addDays(MONDAY, day),
  expectedOn: addDays(MONDAY, day + 1),
  isLate: false,
  openFen: fen(open),
  account: 'main',
  payers: ['财付通'],
  from: addDays(MONDAY, day + 1),
  to: addDays(MONDAY, day + 6),
  ...change,
})
const receipt = (no: string, day: number, open: number, payer = '财付通支付'): OpenReceipt => ({
  key: no,
  account: 'main',
  bookedOn: addDays(MONDAY, day),
  payer,
  memo: '',
  openFen: fen(open),
})
const rulesOf = (batches: OpenBatch[], receipts: OpenReceipt[]) =>
  match(batches, receipts).map((m) => `${m.receipt} ${m.batch} ${m.amountFen} ${m.rule}`)

describe('[B4] match', () => {
  it('takes a receipt of one batch’s amount, of two the one expected first', () => {
    expect(rulesOf([batch(1, 50), batch(0, 50)], [receipt('R1', 2, 50)])).toEqual([
      'R1 wechat 0 50 one_to_one',
    ])
  })

  it('takes several batches in one receipt: of one expected day, or one after the other', () => {
    const expectedOn = addDays(MONDAY, 7)
    const weekend = [4, 5, 6].map((day) => batch(day, day, { expectedOn }))
    expect(rulesOf(weekend, [receipt('R1', 7, 15)])).toEqual([
      'R1 wechat 4 4 settlement_date',
      'R1 wechat 5 5 settlement_date',
      'R1 wechat 6 6 settlement_date',
    ])
    const run = [batch(0, 10), batch(1, -3), batch(2, 4)]
    expect(rulesOf(run, [receipt('R1', 3, 11)])).toEqual([
      'R1 wechat 0 10 run',
      'R1 wechat 1 -3 run',
      'R1 wechat 2 4 run',
    ])
  })

  it('takes several receipts for one batch', () => {
    expect(rulesOf([batch(0, 10)], [receipt('R1', 1, 7), receipt('R2', 2, 3)])).toEqual([
      'R1 wechat 0 7 parts',
      'R2 wechat 0 3 parts',
    ])
  })

  it('takes another amount only for a late batch, and only where nothing else can be meant', () => {
    const late = { isLate: true }
    expect(rulesOf([batch(0, 10)], [receipt('R1', 1, 9)])).toEqual([])
    expect(rulesOf([batch(0, 10, late)], [receipt('R1', 1, 9)])).toEqual(['R1 wechat 0 9 lone'])
    expect(rulesOf([batch(0, 10, late)], [receipt('R1', 1, 12)])).toEqual(['R1 wechat 0 12 lone'])
    expect(rulesOf([batch(0, 10, late)], [receipt('R1', 1, -9)])).toEqual([])
    expect(rulesOf([batch(0, 10, late), batch(1, 20)], [receipt('R1', 2, 9)])).toEqual([])
    expect(rulesOf([batch(0, 10, late)], [receipt('R1', 1, 8), receipt('R2', 1, 1)])).toEqual([])
  })

  it('leaves what is of another payer, account or time', () => {
    expect(rulesOf([batch(0, 10)], [receipt('R1', 1, 10, '某公司')])).toEqual([])
    expect(rulesOf([batch(0, 10, { account: 'b' })], [receipt('R1', 1, 10)])).toEqual([])
    expect(rulesOf([batch(0, 10)], [receipt('R1', 0, 10)])).toEqual([])
    expect(rulesOf([batch(0, 10)], [receipt('R1', 7, 10)])).toEqual([])
    expect(rulesOf([batch(0, 10)], [receipt('R1', 6, 10)])).toHaveLength(1)
    const byMemo = { ...receipt('R1', 1, 10, '清算户'), memo: '财付通 0302' }
    expect(rulesOf([batch(0, 10)], [byMemo])).toHaveLength(1)
  })

  it('is the same in any order, takes no fen twice, and only what fits', () => {
    const amount = fc.integer({ min: -4, max: 8 }).filter((n) => n !== 0)
    const batches = fc.uniqueArray(fc.record({ day: fc.nat(8), amount, isLate: fc.boolean() }), {
      selector: ({ day }) => day,
      maxLength: 7,
    })
    const receipts = fc.array(fc.record({ day: fc.nat(12), amount }), { maxLength: 7 })
    fc.assert(
      fc.property(batches, receipts, (owed, came) => {
        const b = owed.map(({ day, amount: open, isLate }) => batch(day, open, { isLate }))
        const r = came.map(({ day, amount: open }, i) => receipt(`R${i}`, day, open))
        const found = match(b, r)
        expect(match(b.toReversed(), r.toReversed())).toEqual(found)
        for (const one of r) {
          const parts = found.filter((m) => m.receipt === one.key)
          const sum = parts.reduce((total, m) => total + m.amountFen, 0)
          expect([0, one.openFen]).toContain(sum)
        }
        for (const m of found) {
          const [from, to] = [r.find((x) => x.key === m.receipt), b.find((x) => x.key === m.batch)]
          expect(from && to && fits(to, from)).toBe(true)
          const whole = found.filter((x) => x.batch === m.batch)
          const sum = whole.reduce((total, x) => total + x.amountFen, 0)
          expect(m.rule === 'lone' || sum === to?.openFen).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})
