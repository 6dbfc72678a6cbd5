import { defineErrors } from '../../../../kernel/error.ts'
import type { Fen } from '../../../../kernel/money.ts'
import type { PayerPresence } from '../../../../modules/payments/index.ts'
import type { OrderedMethod } from '../order-request.ts'

const errors = defineErrors('wechatpay', { combined_order_invalid: 'invalid' })

/** Two to ten orders under one number, which their payer pays at once or not at all. */
export type CombinedOrder = {
  /** Our number of the whole; none of its parts may have it. */
  tradeNo: string
  parts: readonly CombinedPart[]
  method: OrderedMethod
  /** The payer's openid; only inside WeChat. */
  payerAccount: string | null
  presence: PayerPresence | null
  expiresAt: Date
}

/** One order of several: refunds and the bill know it by its own number. */
export type CombinedPart = {
  tradeNo: string
  amountFen: Fen
  description: string
  /** Comes back in queries and in the bill. */
  attach: string
  /** Of another merchant, where it is not for the one who combines them. */
  mchid: string | null
}

const FEWEST_PARTS = 2
const MOST_PARTS = 10
const NUMBER = /^[0-9A-Za-z_|*-]{6,32}$/

/** Errors: 'wechatpay.combined_order_invalid' with the field as a JSON pointer and what is wrong with it. */
export function checkCombined({ tradeNo, parts }: CombinedOrder): void {
  if (!NUMBER.test(tradeNo)) throw invalid('/tradeNo', 'must have 6 to 32 letters and digits')
  if (parts.length < FEWEST_PARTS || parts.length > MOST_PARTS) {
    throw invalid('/parts', `must be ${FEWEST_PARTS} to ${MOST_PARTS}`)
  }
  for (const [i, part] of parts.entries()) {
    const field = `/parts/${i}`
    if (!NUMBER.test(part.tradeNo)) {
      throw invalid(`${field}/tradeNo`, 'must have 6 to 32 letters and digits')
    }
    if (part.amountFen <= 0) throw invalid(`${field}/amountFen`, 'must be above zero')
    if (part.attach === '' || part.attach.length > 128) {
      throw invalid(`${field}/attach`, 'must have 1 to 128 characters')
    }
  }
  const numbers = new Set([tradeNo, ...parts.map((part) => part.tradeNo)])
  if (numbers.size <= parts.length) throw invalid('/parts', 'must each have a number of its own')
}

export const invalid = (field: string, reason: string) =>
  errors.combined_order_invalid({ field, reason })
