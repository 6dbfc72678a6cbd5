import type { Dispatcher } from 'undici'

import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { ChargeOrder, RefundOrder } from '../../../modules/payments/index.ts'
import type { Explain, Mask } from '../../../platform/descriptor/explain.ts'
import type { Expressions } from '../../../platform/descriptor/expressions.ts'
import type { Account } from '../../../platform/descriptor/params.ts'
import type { Descriptor } from './schema.ts'

export type DeclarativeDeps = {
  clock: Clock
  random: Random
  timeoutMs: number
  /** Hears every step of every call, for a test bench; left out in production. */
  explain?: Explain
  /** Origins that count as the provider's own besides its hosts: a test bench stands in front of them. */
  behind?: readonly string[]
  /** Makes the connections to an origin, where not every address may be called; our own way when it gives none. */
  outgoing?: (origin: string) => Dispatcher | undefined
}

/** What every part of a declarative channel works with. */
export type Context = {
  descriptor: Descriptor
  account: Account
  expressions: Expressions
  mask: Mask
  deps: DeclarativeDeps
}

/** What an expression of a request sees besides params, vars and call. */
export type Subject = {
  order?: ReturnType<typeof viewOfOrder>
  refund?: ReturnType<typeof viewOfRefund>
  statement?: { date: string; day: string }
}

/** An order as expressions see it. */
export const viewOfOrder = (order: ChargeOrder) => ({
  tradeNo: order.tradeNo,
  paymentId: order.paymentId,
  amountFen: order.amountFen,
  description: order.description,
  payerAccount: order.payerAccount,
  method: order.method,
  token: order.presence?.token ?? null,
  ip: order.presence?.ip ?? null,
  returnUrl: order.presence?.returnUrl ?? null,
  createdAt: order.createdAt.toISOString(),
  expiresAt: order.expiresAt.toISOString(),
})

export const viewOfRefund = (refund: RefundOrder) => ({
  refundNo: refund.refundNo,
  amountFen: refund.amountFen,
  reason: refund.reason,
  chargeProviderNo: refund.chargeProviderNo,
  requestedAt: refund.requestedAt.toISOString(),
})

/** What must not be seen in a trace of this call. */
export const personalOf = ({ order }: Subject): (string | null)[] => [
  order?.payerAccount ?? null,
  order?.token ?? null,
]

export type Unknown = { outcome: 'unknown'; reason: string }

const MAX_REASON_LENGTH = 300

export const unknown = (reason: string): Unknown => ({
  outcome: 'unknown',
  reason: reason.slice(0, MAX_REASON_LENGTH),
})
