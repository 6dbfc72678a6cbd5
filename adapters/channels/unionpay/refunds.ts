import { HOUR_MS } from '../../../kernel/time.ts'
import type { ProviderCall, RefundAnswer, RefundOrder } from '../../../modules/payments/index.ts'
import { type Client, unknown } from './client.ts'
import type { Fields } from './message.ts'
import { isAfter, settlementDateOf, toDigits } from './moments.ts'
import type { AdapterDeps, UnionPayAccount } from './params.ts'
import { type Found, queryTransaction } from './transaction.ts'
import { meaningOfRequest } from './translation.ts'

/** UnionPay's last recommended question comes after two hours; a failure told then is one. */
const LAST_QUESTION_MS = 2 * HOUR_MS

/**
 * Refund and its query. Our refund's number is the orderId of a transaction of its own: the same number with the same
 * moment gives money back once, however often asked, whether as a void or as a refund.
 */
export function createRefunds(account: UnionPayAccount, client: Client, { clock }: AdapterDeps) {
  return { refund, queryRefund }

  async function refund(call: ProviderCall, order: RefundOrder): Promise<RefundAnswer> {
    const fields = isVoid(order) ? voidFields(account, order) : refundFields(account, order)
    const answer = await client.ask(call, 'back', fields, meaningOfRequest)
    switch (answer.outcome) {
      case 'accepted':
        return { outcome: 'pending' }
      case 'unknown':
        return answer
      case 'unsigned':
        return unknown(answer.reason) // what an earlier try did cannot be asked, either
      case 'duplicate':
      case 'refused': {
        const found = answerOf(await find(call, order), order)
        if (found.outcome !== 'absent') return found
        if (answer.outcome === 'duplicate') return unknown(answer.reason)
        return { outcome: 'declined', code: answer.code, reason: answer.reason }
      }
    }
  }

  async function queryRefund(
    call: ProviderCall,
    order: RefundOrder,
  ): Promise<RefundAnswer | { outcome: 'absent' }> {
    return answerOf(await find(call, order), order)
  }

  function find(call: ProviderCall, order: RefundOrder): Promise<Found> {
    return queryTransaction(client, call, 'return', {
      orderId: order.refundNo,
      txnTime: toDigits(order.requestedAt),
      sentAt: order.requestedAt,
    })
  }

  function answerOf(found: Found, order: RefundOrder): RefundAnswer | { outcome: 'absent' } {
    switch (found.state) {
      case 'succeeded':
        return { outcome: 'confirmed', moves: [found.move] }
      case 'in_progress':
        return { outcome: 'pending' }
      case 'failing':
        if (!isAfter(clock.now(), order.requestedAt, LAST_QUESTION_MS)) return unknown(found.reason)
        return { outcome: 'declined', code: found.code, reason: found.reason }
      case 'failed':
      case 'reversed':
        return { outcome: 'declined', code: found.code, reason: found.reason }
      case 'absent':
        return { outcome: 'absent' }
      case 'unknown':
        return unknown(found.reason)
    }
  }

  /**
   * A void gives back the whole payment, on its settlement day only. The payment is no older than its order, so when
   * the order is of this settlement day the payment is, too.
   */
  function isVoid({ charge, amountFen }: RefundOrder): boolean {
    const { voidSameDay, settlementCutOff } = account
    if (!voidSameDay || amountFen !== charge.amountFen) return false
    const today = settlementDateOf(clock.now(), settlementCutOff)
    return today === settlementDateOf(charge.createdAt, settlementCutOff)
  }
}

/** Made of the order alone, so that it is the same transaction at every try. */
const refundFields = (account: UnionPayAccount, order: RefundOrder): Fields => ({
  txnType: '04',
  txnSubType: '00',
  bizType: order.charge.method === 'page' || order.charge.method === 'app' ? '000201' : '000000',
  channelType: '08',
  orderId: order.refundNo,
  txnTime: toDigits(order.requestedAt),
  txnAmt: String(order.amountFen),
  currencyCode: '156',
  origQryId: order.chargeProviderNo,
  backUrl: account.backUrl,
})

const voidFields = (account: UnionPayAccount, order: RefundOrder): Fields => ({
  ...refundFields(account, order),
  txnType: '31',
})
