import { type Fen, toYuanText } from '../../../kernel/money.ts'
import type { ProviderCall, RefundAnswer, RefundOrder } from '../../../modules/payments/index.ts'
import { amountOf, momentOf, Refunded, RefundFound } from './answers.ts'
import type { ApiRequest, Client, Unknown } from './client.ts'
import { refundQueryRequest } from './requests.ts'
import { REFUND_QUERY_REFUSALS, REFUND_REFUSALS, refusalOf, SUCCESS } from './translation.ts'

const MAX_REASON_LENGTH = 256

/**
 * Refund and its query, by our own number as out_request_no: the same number gives money back once, however often
 * asked. Alipay has no number of its own for a refund, so the trade's stands in its place.
 */
export function createRefunds(client: Client) {
  return { refund, queryRefund }

  async function refund(call: ProviderCall, order: RefundOrder): Promise<RefundAnswer> {
    const answer = await client.ask(call, refundRequest(order), (reply) =>
      reply.code === SUCCESS ? readRefund(order, reply.node) : refusalOf(REFUND_REFUSALS, reply),
    )
    switch (answer.outcome) {
      case 'look': {
        const found = await queryRefund(call, order)
        return found.outcome === 'absent' ? unknown('said to be done, but not to be found') : found
      }
      case 'ask': {
        const { code, reason } = answer
        const found = await queryRefund(call, order)
        return found.outcome === 'absent' ? { outcome: 'declined', code, reason } : found
      }
      default:
        return answer
    }
  }

  async function queryRefund(
    call: ProviderCall,
    order: RefundOrder,
  ): Promise<RefundAnswer | { outcome: 'absent' }> {
    const request = refundQueryRequest(order.charge, order.refundNo)
    const answer = await client.ask(call, request, (reply) =>
      reply.code === SUCCESS
        ? readFound(order, reply.node)
        : refusalOf(REFUND_QUERY_REFUSALS, reply),
    )
    return answer.outcome === 'absent' ? { outcome: 'absent' } : answer
  }
}

/** Made of the order alone, so that it is the same request at every try. */
function refundRequest(order: RefundOrder): ApiRequest {
  const reason = Array.from(order.reason).slice(0, MAX_REASON_LENGTH).join('')
  return {
    method: 'alipay.trade.refund',
    content: {
      out_trade_no: order.charge.tradeNo,
      out_request_no: order.refundNo,
      refund_amount: toYuanText(order.amountFen),
      ...(reason === '' ? {} : { refund_reason: reason }),
    },
  }
}

/**
 * The answer names the sum of all refunds of the trade and not this one, whose amount Alipay holds against its
 * number. With fund_change N it moved nothing now: that is a repeat, and the query tells what moved before.
 */
function readRefund(order: RefundOrder, node: unknown): RefundAnswer | { outcome: 'look' } {
  if (!Refunded.Check(node)) return unknown('the refund cannot be read')
  if (isOfAnother(order, node)) return unknown('the refund is of another trade')
  const at = momentOf(node.gmt_refund_pay)
  if (node.fund_change === 'N' || at === null) return { outcome: 'look' }
  return confirmed(order, order.amountFen, at)
}

/** Without REFUND_SUCCESS it never came to Alipay, or was refused, or is not yet done: the number may be sent again. */
function readFound(order: RefundOrder, node: unknown): RefundAnswer | { outcome: 'absent' } {
  if (!RefundFound.Check(node)) return unknown('the refund cannot be read')
  const status = node.refund_status ?? ''
  if (status === '') return { outcome: 'absent' }
  if (status !== 'REFUND_SUCCESS') {
    return unknown(`refund_status ${status.slice(0, 40)} is not known`)
  }
  const amountFen = amountOf(node.refund_amount)
  const at = momentOf(node.gmt_refund_pay)
  if (amountFen === null || at === null) return unknown('the refund cannot be read')
  if (isOfAnother(order, node) || node.out_request_no !== order.refundNo) {
    return unknown('the refund is another')
  }
  return confirmed(order, amountFen, at)
}

const isOfAnother = (
  order: RefundOrder,
  { out_trade_no: outTradeNo, trade_no: tradeNo }: { out_trade_no?: string; trade_no?: string },
): boolean => outTradeNo !== order.charge.tradeNo || tradeNo !== order.chargeProviderNo

function confirmed(order: RefundOrder, amountFen: Fen, at: Date): RefundAnswer {
  const parts = [{ kind: 'self_pay', amountFen }] as const
  const numbers = { ourNo: order.refundNo, providerNo: order.chargeProviderNo }
  return { outcome: 'confirmed', moves: [{ kind: 'return', ...numbers, parts, at }] }
}

const unknown = (reason: string): Unknown => ({ outcome: 'unknown', reason })
