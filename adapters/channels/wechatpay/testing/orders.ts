import type { HospitalId, Id } from '../../../../kernel/id.ts'
import { fen } from '../../../../kernel/money.ts'
import type { ChargeOrder, ProviderCall, RefundOrder } from '../../../../modules/payments/index.ts'
import type { Exchange } from '../../../../platform/exchange.ts'

export const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o'
export const TRADE_NO = '0001068QEWK9P7R2B4M6T8V0X1Z3C5'
export const REFUND_NO = '0001068QEWK9P7R2B4M6T8V0X1Z3D6'
export const TRANSACTION_ID = '4200002099202611210808080808'
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
  payerAccount: OPENID,
  method: 'account',
  presence: null,
  createdAt: new Date('2026-11-21T10:00:00+08:00'),
  expiresAt: new Date('2026-11-21T10:15:00.500+08:00'),
  ...changes,
})

export const refundOrder = (changes: Partial<RefundOrder> = {}): RefundOrder => ({
  charge: chargeOrder(),
  chargeProviderNo: TRANSACTION_ID,
  refundId: '0190b3a0-0000-7000-8000-000000000003' as Id<'Refund'>,
  refundNo: REFUND_NO,
  amountFen: fen(2_345),
  remaining: [],
  reason: '退药',
  requestedAt: new Date('2026-11-21T11:00:00+08:00'),
  ...changes,
})

/** A transaction as WeChat tells it, paid unless changed. */
export const transaction = (changes: Record<string, unknown> = {}) => ({
  appid: 'wx8888888888888888',
  mchid: '1900000109',
  out_trade_no: TRADE_NO,
  transaction_id: TRANSACTION_ID,
  trade_type: 'JSAPI',
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  bank_type: 'OTHERS',
  attach: '',
  success_time: '2026-11-21T10:02:03+08:00',
  payer: { openid: OPENID },
  amount: { total: 12_345, payer_total: 12_345, currency: 'CNY', payer_currency: 'CNY' },
  ...changes,
})

export const unpaid = (trade_state: string) =>
  transaction({
    trade_state,
    transaction_id: undefined,
    success_time: undefined,
    amount: { total: 12_345 },
  })

/** A refund as WeChat tells it, arrived unless changed. */
export const refundObject = (changes: Record<string, unknown> = {}) => ({
  refund_id: '50300807092026112100000000001',
  out_refund_no: REFUND_NO,
  transaction_id: TRANSACTION_ID,
  out_trade_no: TRADE_NO,
  channel: 'ORIGINAL',
  user_received_account: '招商银行信用卡0403',
  success_time: '2026-11-22T00:03:00+08:00',
  create_time: '2026-11-21T23:58:00+08:00',
  status: 'SUCCESS',
  amount: {
    total: 12_345,
    refund: 2_345,
    payer_total: 12_345,
    payer_refund: 2_345,
    currency: 'CNY',
  },
  ...changes,
})

/** A call that keeps what the adapter tells about it. */
export function tracedCall(): ProviderCall & { exchanges: Exchange[] } {
  const exchanges: Exchange[] = []
  return { hospitalId, trace: (exchange) => void exchanges.push(exchange), exchanges }
}
