import type { components } from '../../../contract/hub.d.ts'

type Statement = components['schemas']['Statement']
type Item = Statement['items'][number]

const amounts = (paidFen: number, refundedFen = 0) => ({
  paidFen,
  refundedFen,
  netFen: paidFen - refundedFen,
})

/** ¥100.00 at one hospital in October, the fund 60.00 of it. */
const october: Item = {
  hospitalId: 1,
  hospitalName: '市立医院',
  paymentId: '0193a000-0000-7000-8000-000000000001',
  paymentNo: '1P0193A000',
  visitNo: 'V1',
  state: 'succeeded',
  paidAt: '2026-10-31T15:59:59.000Z',
  ...amounts(10_000),
  sources: [
    { provider: 'wechat', part: 'self_pay', ...amounts(4_000) },
    { provider: 'insurance', part: 'pooled', ...amounts(6_000) },
  ],
  bills: [{ billNo: 'B1', title: '内科 张医生', totalFen: 10_000, receiptNo: 'RC-1' }],
  refunds: [],
}

/** ¥50.00 at another one minutes later, in November; 20.00 came back. */
const november: Item = {
  ...october,
  hospitalId: 2,
  hospitalName: '中医院',
  paymentId: '0193a000-0000-7000-8000-000000000002',
  paymentNo: '2P0193A000',
  state: 'part_refunded',
  paidAt: '2026-10-31T16:00:01.000Z',
  ...amounts(5_000, 2_000),
  sources: [{ provider: 'alipay', part: 'self_pay', ...amounts(5_000, 2_000) }],
  bills: [
    { billNo: 'B2', title: '针灸科', totalFen: 3_000, receiptNo: 'RC-2' },
    { billNo: 'B3', title: '中药', totalFen: 2_000, receiptNo: 'RC-3' },
  ],
  refunds: [
    {
      billNo: 'B3',
      status: 'succeeded',
      reason: '退药',
      receiptNo: 'RR-3',
      at: '2026-11-02T02:00:00.000Z',
      amountFen: 2_000,
      sources: [{ provider: 'alipay', part: 'self_pay', amountFen: 2_000 }],
    },
  ],
}

/** What two payments at two hospitals, a second apart, come to. */
export const twoMonths = (changes: Partial<Statement> = {}): Statement => ({
  statementNo: '20260101-20261121-1795312200-15000-13000-7000',
  checkCode: 'A1B2-C3D4-E5F6-0718',
  generatedAt: '2026-11-21T02:00:00.000Z',
  from: '2026-01-01',
  to: '2026-11-21',
  holder: { name: '王小明', idCardNo: '3****************3' },
  totals: { ...amounts(15_000, 2_000), selfPaidFen: 7_000 },
  bySource: [
    { provider: 'insurance', part: 'pooled', ...amounts(6_000) },
    { provider: 'alipay', part: 'self_pay', ...amounts(5_000, 2_000) },
    { provider: 'wechat', part: 'self_pay', ...amounts(4_000) },
  ],
  byHospital: [
    { hospitalId: 1, name: '市立医院', count: 1, ...amounts(10_000) },
    { hospitalId: 2, name: '中医院', count: 1, ...amounts(5_000, 2_000) },
  ],
  byMonth: [
    { month: '2026-10', count: 1, ...amounts(10_000) },
    { month: '2026-11', count: 1, ...amounts(5_000, 2_000) },
  ],
  items: [october, november],
  ...changes,
})

export const nothingPaid = (): Statement =>
  twoMonths({
    totals: { ...amounts(0), selfPaidFen: 0 },
    bySource: [],
    byHospital: [],
    byMonth: [],
    items: [],
  })
