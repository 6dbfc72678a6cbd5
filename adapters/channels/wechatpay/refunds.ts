import { fen } from '../../../kernel/money.ts'
import type {
  ChargeOrder,
  ProviderCall,
  RefundAnswer,
  RefundOrder,
} from '../../../modules/payments/index.ts'
import { momentOf, RefundObject } from './answers.ts'
import type { ApiRequest, Client } from './client.ts'
import { unknown } from './exchange.ts'
import type { WechatPayAccount } from './params.ts'
import { REFUND_QUERY_REFUSALS, REFUND_REFUSALS, REFUND_STATES, refusalOf } from './translation.ts'
import { cutUtf8 } from './utf8.ts'

const MAX_REASON_BYTES = 80
const REFUNDS_PATH = '/v3/refund/domestic/refunds'

/** A refund of the channel, of a part of a combined order, or of the cash part of a mixed one. */
export type ReturnOrder = Pick<RefundOrder, 'refundNo' | 'amountFen' | 'reason'> & {
  charge: Pick<ChargeOrder, 'tradeNo' | 'amountFen'>
  /** WeChat's number of the payment; null where the caller does not know it. */
  chargeProviderNo: string | null
}

/** Refund and its query, by our own number: the same number gives money back once, however often asked. */
export function createRefunds(account: WechatPayAccount, client: Client) {
  return { refund, queryRefund }

  async function refund(call: ProviderCall, order: ReturnOrder): Promise<RefundAnswer> {
    const answer = await client.ask(call, refundRequest(account, order), (reply) =>
      reply.status === 200 ? readRefund(order, reply.json) : refusalOf(REFUND_REFUSALS, reply),
    )
    if (answer.outcome !== 'ask') return answer
    const found = await queryRefund(call, order)
    if (found.outcome !== 'absent') return found
    return { outcome: 'declined', code: answer.code, reason: answer.reason }
  }

  async function queryRefund(
    call: ProviderCall,
    order: ReturnOrder,
  ): Promise<RefundAnswer | { outcome: 'absent' }> {
    const answer = await client.ask(call, refundQuery(order), (reply) =>
      reply.status === 200
        ? readRefund(order, reply.json)
        : refusalOf(REFUND_QUERY_REFUSALS, reply),
    )
    return answer.outcome === 'absent' ? { outcome: 'absent' } : answer
  }
}

export const refundQuery = ({ refundNo }: Pick<ReturnOrder, 'refundNo'>): ApiRequest => ({
  method: 'GET',
  path: `${REFUNDS_PATH}/${encodeURIComponent(refundNo)}`,
  operation: `GET ${REFUNDS_PATH}/{out_refund_no}`,
})

/** Made of the order alone, so that it is the same text at every try. */
function refundRequest(account: WechatPayAccount, order: ReturnOrder): ApiRequest {
  const reason = cutUtf8(order.reason, MAX_REASON_BYTES)
  return {
    method: 'POST',
    path: REFUNDS_PATH,
    operation: `POST ${REFUNDS_PATH}`,
    body: {
      out_trade_no: order.charge.tradeNo,
      out_refund_no: order.refundNo,
      ...(reason === '' ? {} : { reason }),
      notify_url: account.notifyUrl,
      amount: { refund: order.amountFen, total: order.charge.amountFen, currency: 'CNY' },
    },
  }
}

/**
 * The return stands on the day WeChat accepted it, as in WeChat's bill, even when the payer's bank took
 * longer: create_time, not success_time.
 */
export function readRefund(order: ReturnOrder, json: unknown): RefundAnswer {
  const at = RefundObject.Check(json) ? momentOf(json.create_time) : null
  if (!RefundObject.Check(json) || at === null) return unknown('the refund cannot be read')
  const strange = strangeField(order, json)
  if (strange !== null) return unknown(`the refund is of another ${strange}`)
  const state = REFUND_STATES.get(json.status)
  switch (state?.outcome) {
    case 'pending':
      return { outcome: 'pending' }
    case 'declined':
      return { outcome: 'declined', code: state.code, reason: reasonOf(json) }
    case 'confirmed': {
      const parts = [{ kind: 'self_pay', amountFen: fen(json.amount.refund) }] as const
      const numbers = { ourNo: order.refundNo, providerNo: json.refund_id }
      return { outcome: 'confirmed', moves: [{ kind: 'return', ...numbers, parts, at }] }
    }
    case undefined:
      return unknown(`status ${json.status.slice(0, 40)} is not known`)
  }
}

/** For the person who has to find another way: WeChat's number, by which it is applied for, and where it came from. */
const reasonOf = ({ status, refund_id: id, channel = 'unknown' }: RefundView): string =>
  status === 'ABNORMAL'
    ? `status ABNORMAL: refund ${id} could not reach the payer by ${channel}; send it another way`
    : `status ${status}`

type RefundView = { status: string; refund_id: string; channel?: string }

function strangeField(
  order: ReturnOrder,
  refund: { out_refund_no: string; out_trade_no: string; transaction_id: string },
): string | null {
  if (refund.out_refund_no !== order.refundNo) return 'out_refund_no'
  if (refund.out_trade_no !== order.charge.tradeNo) return 'out_trade_no'
  const { chargeProviderNo } = order
  const isOther = chargeProviderNo !== null && refund.transaction_id !== chargeProviderNo
  return isOther ? 'transaction_id' : null
}
