import type { Fen } from '../../../kernel/money.ts'
import { checkFields, mistake, type Rule } from './fields.ts'
import { checkNotifyUrl, CURRENCY, NOTIFY_URL, OUT_TRADE_NO } from './order-request.ts'

/** A refund request that keeps section 2.3 of the reference. One of the two order numbers is there. */
export type RefundRequest = {
  transaction_id?: string
  out_trade_no?: string
  out_refund_no: string
  reason?: string
  notify_url?: string
  funds_account?: 'AVAILABLE'
  amount: { refund: Fen; total: Fen; currency: 'CNY' }
}

/** Reads the body of a refund. Throws the protocol's refusal of the first mistake. */
export function readRefundRequest(body: unknown): RefundRequest {
  checkFields(body, REFUND)
  const request = body as RefundRequest
  const given = [request.transaction_id, request.out_trade_no].filter((no) => no !== undefined)
  if (given.length !== 1) {
    throw mistake('bad_parameter', '/transaction_id', '', '与 out_trade_no 须且只能填一个')
  }
  if (request.notify_url !== undefined) checkNotifyUrl(request.notify_url)
  return request
}

const REFUND: Rule = {
  type: 'object',
  fields: {
    transaction_id: { type: 'string', max: 32 },
    out_trade_no: OUT_TRADE_NO,
    out_refund_no: { type: 'string', max: 64, pattern: /^[0-9A-Za-z_\-|*@]+$/, required: true },
    reason: { type: 'string', max: 80 },
    notify_url: NOTIFY_URL,
    funds_account: { type: 'string', max: 32, pattern: /^AVAILABLE$/ },
    amount: {
      type: 'object',
      required: true,
      fields: {
        refund: { type: 'integer', min: 1, required: true },
        total: { type: 'integer', min: 1, required: true },
        currency: { ...CURRENCY, required: true },
        from: {
          type: 'array',
          max: 2,
          item: {
            type: 'object',
            fields: {
              account: {
                type: 'string',
                max: 32,
                pattern: /^(AVAILABLE|UNAVAILABLE)$/,
                required: true,
              },
              amount: { type: 'integer', min: 1, required: true },
            },
          },
        },
      },
    },
    goods_detail: {
      type: 'array',
      max: 6000,
      item: {
        type: 'object',
        fields: {
          merchant_goods_id: { type: 'string', max: 32, required: true },
          wechatpay_goods_id: { type: 'string', max: 32 },
          goods_name: { type: 'string', max: 256 },
          unit_price: { type: 'integer', min: 0, required: true },
          refund_amount: { type: 'integer', min: 0, required: true },
          refund_quantity: { type: 'integer', min: 1, required: true },
        },
      },
    },
  },
}
