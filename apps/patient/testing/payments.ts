import type { Payment } from '../../../contract/client.ts'

type Bill = Payment['bills'][number]
type Tender = Payment['tenders'][number]

const bill: Bill = {
  billNo: 'B1',
  version: 1,
  title: '内科 张医生',
  totalFen: 63_800,
  refundingFen: 0,
  receiptNo: null,
  guidance: [],
  lines: [
    {
      lineNo: 1,
      name: '血常规',
      spec: '',
      unit: '次',
      chargeCategory: '04',
      insuranceClass: 'A',
      unitPriceFen: 63_800,
      quantity: 1,
      amountFen: 63_800,
    },
  ],
}

const fromPayer: Tender = {
  tenderNo: 1,
  provider: 'wechat',
  phase: 'payer',
  method: 'account',
  status: 'planned',
  amountFen: 2_850,
  takenFen: 0,
  returnedFen: 0,
  parts: [{ kind: 'self_pay', amountFen: 2_850 }],
  providerNo: null,
  takenAt: null,
  declineCode: null,
  payerAction: null,
}

const fromInsurance: Tender = {
  ...fromPayer,
  tenderNo: 2,
  provider: 'insurance',
  phase: 'settle',
  method: null,
  amountFen: 60_950,
  parts: [
    { kind: 'pooled', amountFen: 40_950 },
    { kind: 'account', amountFen: 20_000 },
  ],
}

/** A plan of 638.00: the fund 409.50, the account 200.00, the payer 28.50. */
export const plannedPayment = (changes: Partial<Payment> = {}): Payment => ({
  id: '0193a000-0000-7000-8000-000000000001',
  paymentNo: '1P0193A000',
  hospitalId: 1,
  visitNo: 'V1',
  status: 'quoted',
  payerState: 'to_confirm',
  totalFen: 63_800,
  inTransitFen: 0,
  failureCode: null,
  attention: null,
  createdAt: '2026-11-21T01:00:00.000Z',
  expiresAt: '2026-11-21T01:15:00.000Z',
  paidAt: null,
  succeededAt: null,
  nextLookAt: null,
  sources: [{ provider: 'insurance', available: true, reasons: [] }],
  byCarer: false,
  channelChoice: null,
  tenders: [fromPayer, fromInsurance],
  bills: [bill],
  refunds: [],
  refundWishes: [],
  ...changes,
})

export const refundOf = (changes: Partial<Payment['refunds'][number]>) => ({
  id: '0193a000-0000-7000-8000-000000000002',
  paymentId: '0193a000-0000-7000-8000-000000000001',
  cause: 'requested' as const,
  status: 'approving' as const,
  billNo: 'B1',
  lineNos: [1],
  amountFen: 63_800,
  parts: [],
  toPayerFen: null,
  reason: '退药',
  refusalCode: null,
  receiptNo: null,
  attention: null,
  declineCode: null,
  createdAt: '2026-11-21T02:00:00.000Z',
  approvedAt: null,
  returnedAt: null,
  ...changes,
})

/** The plan of 638.00 with WeChat proposed, Alipay behind it, and one that cannot be had. */
export const chosenPayment = (changes: Partial<Payment> = {}): Payment =>
  plannedPayment({
    channelChoice: {
      channel: 'wechat',
      method: 'account',
      offered: [
        {
          channel: 'wechat',
          title: { zh: '微信支付', en: 'WeChat Pay' },
          method: 'account',
          reasons: [{ code: 'used_last_time', params: {} }],
        },
        {
          channel: 'alipay',
          title: { zh: '支付宝', en: 'Alipay' },
          method: 'page',
          reasons: [{ code: 'cheapest', params: {} }],
        },
      ],
      notOffered: [
        {
          channel: 'unionpay',
          title: { zh: '云闪付', en: 'UnionPay' },
          reason: { code: 'over_payment_limit', params: { limitFen: 100_000 } },
        },
      ],
    },
    ...changes,
  })

/** The payer's tender with a way to pay at a channel, on its way. */
export const orderedPayment = (
  provider: string,
  payerAction: Tender['payerAction'],
  changes: Partial<Tender> = {},
): Payment =>
  chosenPayment({
    status: 'charging',
    payerState: 'to_pay',
    tenders: [
      { ...fromPayer, provider, payerAction, status: 'ordered', ...changes },
      fromInsurance,
    ],
  })
