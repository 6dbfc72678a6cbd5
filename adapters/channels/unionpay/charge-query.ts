import { MINUTE_MS } from '../../../kernel/time.ts'
import type { ChargeAnswer, ChargeOrder, ProviderCall } from '../../../modules/payments/index.ts'
import { type Client, unknown } from './client.ts'
import { isAfter, toDigits } from './moments.ts'
import type { AdapterDeps } from './params.ts'
import { type Found, queryTransaction } from './transaction.ts'

/** UnionPay's clock and ours may differ by so much. */
export const CLOCKS_MS = MINUTE_MS
/** A payer's code lives for a minute; an order that UnionPay does not know after two cannot come any more. */
const CODE_LIFE_MS = 2 * MINUTE_MS

export type ChargeFound = ChargeAnswer | { outcome: 'absent' }

export type ChargeQuery = {
  query: (call: ProviderCall, order: ChargeOrder) => Promise<ChargeFound>
  /** From then on UnionPay takes no payment for the order, and what its query says is final. */
  isPayTimeOver: (order: ChargeOrder) => boolean
  /** From then on a charge by the payer's code cannot arrive any more. */
  isCodeExpired: (order: ChargeOrder) => boolean
}

/** What became of a charge, by our own number and the moment the order was made. */
export function createChargeQuery(client: Client, { clock }: AdapterDeps): ChargeQuery {
  return { query, isPayTimeOver, isCodeExpired }

  async function query(call: ProviderCall, order: ChargeOrder): Promise<ChargeFound> {
    const names = {
      orderId: order.tradeNo,
      txnTime: toDigits(order.createdAt),
      sentAt: order.createdAt,
    }
    return answerOf(await queryTransaction(client, call, 'charge', names), order)
  }

  function answerOf(found: Found, order: ChargeOrder): ChargeFound {
    switch (found.state) {
      case 'succeeded':
        return { outcome: 'confirmed', move: found.move }
      case 'in_progress':
        return { outcome: 'pending', payerAction: null }
      case 'reversed':
        return { outcome: 'declined', code: found.code, reason: found.reason }
      case 'failed':
      case 'failing': {
        const { code, reason } = found
        if (isPayTimeOver(order)) return { outcome: 'declined', code, reason }
        // On a page the payer may take another card; at a desk only some refusals are the last word.
        if (order.method !== 'barcode') return { outcome: 'pending', payerAction: null }
        return found.state === 'failed' ? { outcome: 'declined', code, reason } : unknown(reason)
      }
      case 'absent':
        return { outcome: 'absent' }
      case 'unknown':
        return unknown(found.reason)
    }
  }

  function isPayTimeOver(order: ChargeOrder): boolean {
    return isAfter(clock.now(), order.expiresAt, CLOCKS_MS)
  }

  function isCodeExpired(order: ChargeOrder): boolean {
    return isAfter(clock.now(), order.createdAt, CODE_LIFE_MS)
  }
}
