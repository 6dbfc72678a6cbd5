import type { Clock } from '../../../kernel/time.ts'
import type { ChargeOrder, ProviderCall, ReleaseAnswer } from '../../../modules/payments/index.ts'
import { Cancelled } from './answers.ts'
import type { Client, ProvenReply, Unknown } from './client.ts'
import { type Found, isTakenAtOnce, methodOf, type Query } from './orders.ts'
import type { AlipayAccount } from './params.ts'
import { cancelRequest, closeRequest } from './requests.ts'
import { END_REFUSALS, refusalOf, SUCCESS } from './translation.ts'

/** Alipay asks for another try of a cancelling by retry_flag; more often than this is for later. */
const MOST_CANCELS = 3

/**
 * The end of a charge nobody has paid. A trade that waits is closed, which never gives money back. Where there is no
 * trade, there may be one yet: a barcode may be on its way to Alipay, and a payer may hold our code or page until it
 * expires.
 */
export function createRelease(
  account: AlipayAccount,
  client: Client,
  query: Query,
  { clock }: { clock: Clock },
) {
  return { release, cancel }

  async function release(call: ProviderCall, order: ChargeOrder): Promise<ReleaseAnswer> {
    const method = methodOf(account, order)
    if (method === 'account') return close(call, order)
    const found = await query(call, order)
    switch (found.outcome) {
      case 'confirmed':
      case 'unknown':
        return found
      case 'declined':
        return endedOrUnknown(found, found.reason)
      case 'pending':
        return isTakenAtOnce(method) ? cancel(call, order) : close(call, order)
      case 'absent':
        if (isTakenAtOnce(method)) return cancel(call, order)
        if (method === 'qr_code' && account.cancelEndsUnscannedCode) return cancel(call, order)
        return unlessPayable(order)
    }
  }

  async function close(call: ProviderCall, order: ChargeOrder): Promise<ReleaseAnswer> {
    const answer = await client.ask(call, closeRequest(order), (reply) =>
      reply.code === SUCCESS ? RELEASED : refusalOf(END_REFUSALS, reply),
    )
    if (answer.outcome === 'released' || answer.outcome === 'unknown') return answer
    // The payer was never given what a later try of ours might bring.
    if (answer.outcome === 'absent') return RELEASED
    return endedOrUnknown(await query(call, order), answer.reason)
  }

  /**
   * Ends a trade that may or may not be there. Money that came in this very moment is given back by Alipay itself, so
   * nothing is left of the charge then, either.
   */
  async function cancel(call: ProviderCall, order: ChargeOrder): Promise<ReleaseAnswer> {
    for (let tried = 0; tried < MOST_CANCELS; tried++) {
      const answer = await client.ask(call, cancelRequest(order), (reply) =>
        reply.code === SUCCESS ? readCancel(order, reply) : refusalOf(END_REFUSALS, reply),
      )
      switch (answer.outcome) {
        case 'retry':
          continue
        case 'absent':
          return unlessPayable(order)
        case 'ask':
          return endedOrUnknown(await query(call, order), answer.reason)
        default:
          return answer
      }
    }
    return unknown('the cancelling is to be tried again')
  }

  function unlessPayable({ expiresAt }: ChargeOrder): ReleaseAnswer {
    if (clock.now() >= expiresAt) return RELEASED
    return unknown('there is no trade yet, but the payer may still make one until it expires')
  }
}

function readCancel(order: ChargeOrder, { node }: ProvenReply) {
  if (!Cancelled.Check(node) || node.out_trade_no !== order.tradeNo) {
    return unknown('the answer to the cancelling cannot be read')
  }
  return node.retry_flag === 'Y' ? ({ outcome: 'retry' } as const) : RELEASED
}

function endedOrUnknown(found: Found, said: string): ReleaseAnswer {
  switch (found.outcome) {
    case 'confirmed':
    case 'unknown':
      return found
    case 'declined':
      return ENDS.has(found.code) ? RELEASED : unknown(`not ended: ${said}`)
    case 'absent':
    case 'pending':
      return unknown(`not ended: ${said}`)
  }
}

const ENDS: ReadonlySet<string> = new Set(['closed', 'revoked'])

const RELEASED = { outcome: 'released' } as const

const unknown = (reason: string): Unknown => ({ outcome: 'unknown', reason })
