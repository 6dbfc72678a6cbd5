import type { HospitalId, Id } from '../../../../kernel/id.ts'
import { fen } from '../../../../kernel/money.ts'
import type { ChargeOrder, ProviderCall, RefundOrder } from '../../../../modules/payments/index.ts'
import type { Exchange } from '../../../../platform/exchange.ts'

export const TRADE_NO = '0001068QEWK9P7R2B4M6T8V0X1Z3C5'
export const REFUND_NO = '0001068QEWK9P7R2B4M6T8V0X1Z3D6'
export const QUERY_ID = '202611211000050000001'
const hospitalId = 1 as HospitalId

export const chargeOrder = (changes: Partial<ChargeOrder> = {}): ChargeOrder => ({
  hospitalId,
  paymentId: '0190b3a0-0000-7000-8000-000000000001' as Id<'Payment'>,
  tenderId: '0190b3a0-0000-7000-8000-000000000002' as Id<'Tender'>,
  tradeNo: TRADE_NO,
  amountFen: fen(12_345),
  parts: [{ kind: 'self_pay', amountFen: fen(12_345) }],
  quoteReference: null,
  description: '市第一医院 门诊缴费 MZ20261121001',
  payerAccount: null,
  method: 'qr_code',
  presence: null,
  createdAt: new Date('2026-11-21T10:00:00+08:00'),
  expiresAt: new Date('2026-11-21T10:15:00.500+08:00'),
  ...changes,
})

export const refundOrder = (changes: Partial<RefundOrder> = {}): RefundOrder => ({
  charge: chargeOrder(),
  chargeProviderNo: QUERY_ID,
  refundId: '0190b3a0-0000-7000-8000-000000000003' as Id<'Refund'>,
  refundNo: REFUND_NO,
  amountFen: fen(2_345),
  remaining: [],
  reason: '退药',
  requestedAt: new Date('2026-11-21T11:00:00+08:00'),
  ...changes,
})

/** What a query says of a transaction that succeeded. */
export const succeeded = (changes: Record<string, string> = {}) => ({
  respCode: '00',
  respMsg: '成功[0000000]',
  origRespCode: '00',
  origRespMsg: '成功[0000000]',
  queryId: QUERY_ID,
  traceNo: '000001',
  traceTime: '1121100005',
  settleDate: '1121',
  txnAmt: '12345',
  settleAmt: '12345',
  currencyCode: '156',
  accNo: '6217 **** 5220',
  ...changes,
})

/** A call that keeps what the adapter tells about it. */
export function tracedCall(): ProviderCall & { exchanges: Exchange[] } {
  const exchanges: Exchange[] = []
  return { hospitalId, trace: (exchange) => void exchanges.push(exchange), exchanges }
}
