import type { ProviderCall, RefundAnswer, RefundOrder } from '../../../modules/payments/index.ts'
import { RefundObject } from './answers.ts'
import type { ApiRequest, Client } from './client.ts'
import { unknown } from './exchange.ts'
import { readRefund, refundQuery } from './refunds.ts'
import { sealField } from './signing.ts'
import { ABNORMAL_REFUSALS, REFUND_QUERY_REFUSALS, refusalOf } from './translation.ts'

/** Where the money of a refund goes that could not reach its payer. */
export type AbnormalRefundTo =
  /** To the hospital's own account, which then pays the patient by itself. */
  | { type: 'merchant' }
  /** To another card of the payer's. `bank` is WeChat's word for it: ICBC_DEBIT. */
  | { type: 'payer_card'; bank: string; cardNo: string; name: string }

const PATH = '/v3/refund/domestic/refunds'

/**
 * 异常退款: what a person decides when a refund is ABNORMAL, as its payer's card was closed.
 *
 * Errors: 'declined' when WeChat refuses, or the refund is not one that waits for this.
 */
export function createAbnormalRefunds(client: Client) {
  return { redirectRefund }

  async function redirectRefund(
    call: ProviderCall,
    order: RefundOrder,
    to: AbnormalRefundTo,
  ): Promise<RefundAnswer> {
    const found = await client.ask(call, refundQuery(order), (reply) =>
      reply.status === 200 ? idOf(reply.json) : refusalOf(REFUND_QUERY_REFUSALS, reply),
    )
    if (found.outcome === 'unknown') return found
    if (found.outcome === 'absent') {
      return { outcome: 'declined', code: found.code, reason: found.reason }
    }
    const request = redirection(client, order, found.refundId, to)
    if (request === null) return unknown('no key of the platform is known to seal the card with')
    return client.ask(call, request, (reply) =>
      reply.status === 200 ? readRefund(order, reply.json) : refusalOf(ABNORMAL_REFUSALS, reply),
    )
  }
}

const idOf = (json: unknown) =>
  RefundObject.Check(json)
    ? ({ outcome: 'found', refundId: json.refund_id } as const)
    : unknown('the refund cannot be read')

function redirection(
  client: Client,
  order: RefundOrder,
  refundId: string,
  to: AbnormalRefundTo,
): ApiRequest | null {
  const request = {
    method: 'POST',
    path: `${PATH}/${encodeURIComponent(refundId)}/apply-abnormal-refund`,
    operation: `POST ${PATH}/{refund_id}/apply-abnormal-refund`,
  } as const
  const own = { out_refund_no: order.refundNo }
  if (to.type === 'merchant') return { ...request, body: { ...own, type: 'MERCHANT_BANK_CARD' } }
  const sealing = client.ring.sealing()
  if (sealing === null) return null
  const body = {
    ...own,
    type: 'USER_BANK_CARD',
    bank_type: to.bank,
    bank_account: sealField(sealing.key, to.cardNo),
    real_name: sealField(sealing.key, to.name),
  }
  return { ...request, body, sealedWith: sealing.id }
}
