import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addFen, allocateFen, fen } from '../../kernel/money.ts'
import { dealOut, paidBillOf } from './orders.ts'
import type { Payment, PaymentBill, Tender } from './payment.ts'
import { newBill, newTender } from './testing/rows.ts'

/** Bills and tenders of one total, cut anywhere. */
const plans = fc
  .record({
    totalFen: fc.integer({ min: 20, max: 1_000_000 }),
    bills: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 }),
    tenders: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 3 }),
  })
  .map(({ totalFen, bills, tenders }) => ({
    bills: allocateFen(fen(totalFen), bills)
      .filter((amountFen) => amountFen > 0)
      .map((amountFen, i) => newBill(`B${i}`, amountFen)),
    tenders: allocateFen(fen(totalFen), tenders)
      .filter((amountFen) => amountFen > 0)
      .map((amountFen, i) => ({
        ...newTender(i + 1, `p${i}`, i === 0 ? 'payer' : 'settle', amountFen),
        chargeProviderNo: `no${i}`,
      })),
  }))

describe('[P1] what the hospital is told of each bill', () => {
  it('adds up to the bill, and over all bills to each tender', () => {
    fc.assert(
      fc.property(plans, ({ bills, tenders }) => {
        const dealt = dealOut(bills, tenders)
        for (const bill of bills) {
          const parts = dealt.get(bill.billNo) ?? []
          expect(addFen(...parts.map((part) => part.amountFen))).toBe(bill.totalFen)
          expect(parts.every((part) => part.amountFen > 0)).toBe(true)
        }
        for (const tender of tenders) {
          const parts = [...dealt.values()]
            .flat()
            .filter((p) => p.tradeNo === tender.chargeProviderNo)
          expect(addFen(...parts.map((part) => part.amountFen))).toBe(tender.amountFen)
        }
      }),
    )
  })

  it('is refused when the tenders are not the bills', () => {
    const bills = [newBill('B1', 100)]
    expect(() => dealOut(bills, [newTender(1, 'wechat', 'payer', 101)])).toThrow('add up')
  })
})

describe('paidBillOf', () => {
  const taken = (tender: Tender, minute: number): Tender => ({
    ...tender,
    chargeProviderNo: `no${tender.tenderNo}`,
    takenAt: new Date(Date.UTC(2026, 10, 21, 2, minute)),
  })
  const tenders = [
    taken(newTender(1, 'wechat', 'payer', 4_000), 5),
    taken(newTender(2, 'insurance', 'settle', 6_000), 7),
  ]
  const bills: PaymentBill[] = [newBill('B1', 7_000), newBill('B2', 3_000)]
  const payment = {
    hospitalId: 1,
    id: '0190b3a0-0000-7000-8000-000000000001',
    paidAt: null,
  } as unknown as Payment

  it('says when the last of the money was taken, and under which number the insurer settled', () => {
    expect(paidBillOf(payment, bills, tenders, 'B1')).toEqual({
      paymentNo: expect.stringMatching(/^0001[0-9A-Z]{26}$/) as string,
      billNo: 'B1',
      version: 1,
      totalFen: 7_000,
      paidAt: new Date(Date.UTC(2026, 10, 21, 2, 7)),
      parts: [
        { kind: 'self_pay', amountFen: 4_000, tradeNo: 'no1' },
        { kind: 'pooled', amountFen: 3_000, tradeNo: 'no2' },
      ],
      insuranceSettlementNo: 'no2',
    })
  })

  it('says the same moment again after the insurer has settled anew', () => {
    const paidAt = new Date(Date.UTC(2026, 10, 21, 2, 7))
    const later = tenders.map((tender) => taken(tender, 55))
    expect(paidBillOf({ ...payment, paidAt }, bills, later, 'B2').paidAt).toEqual(paidAt)
  })

  it('is not of a bill that the payment does not have', () => {
    expect(() => paidBillOf(payment, bills, tenders, 'B9')).toThrow('has the bill B9')
  })
})
