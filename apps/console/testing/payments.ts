import type { Payment } from '../../../contract/client.ts'

const LINE = { spec: '盒', unit: '盒', chargeCategory: '09', insuranceClass: 'A' } as const

const BILL: Payment['bills'][number] = {
  billNo: 'ZD1',
  version: 1,
  title: '内科',
  totalFen: 2_850,
  refundingFen: 0,
  receiptNo: 'SJ1',
  guidance: [],
  lines: [
    {
      ...LINE,
      lineNo: 1,
      name: '阿司匹林',
      unitPriceFen: 1_350,
      quantity: 1,
      amountFen: 1_350,
    },
    {
      ...LINE,
      lineNo: 2,
      name: '布洛芬',
      unitPriceFen: 1_500,
      quantity: 1,
      amountFen: 1_500,
    },
  ],
}

/** A payment that has succeeded, of one bill with two lines. */
export function somePayment(number: number, given: Partial<Payment> = {}): Payment {
  const id = `0190b3a0-0000-7000-8000-${String(number).padStart(12, '0')}`
  return {
    id,
    paymentNo: `0001${String(number).padStart(26, '0')}`,
    hospitalId: 1,
    visitNo: 'MZ1',
    status: 'succeeded',
    payerState: 'succeeded',
    totalFen: 2_850,
    inTransitFen: 0,
    failureCode: null,
    attention: null,
    createdAt: '2026-11-21T02:00:00Z',
    expiresAt: '2026-11-21T02:15:00Z',
    paidAt: '2026-11-21T02:01:00Z',
    succeededAt: '2026-11-21T02:01:05Z',
    nextLookAt: null,
    sources: [],
    byCarer: false,
    channelChoice: null,
    tenders: [
      {
        tenderNo: 1,
        provider: 'wechat',
        phase: 'payer',
        method: 'account',
        status: 'taken',
        amountFen: 2_850,
        takenFen: 2_850,
        returnedFen: 0,
        parts: [{ kind: 'self_pay', amountFen: 2_850 }],
        providerNo: '4200000000000000000000000001',
        takenAt: '2026-11-21T02:01:00Z',
        declineCode: null,
        payerAction: null,
      },
    ],
    bills: [BILL],
    refunds: [],
    refundWishes: [],
    ...given,
  }
}
