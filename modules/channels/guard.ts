import type { Channel, ProviderCall } from '../payments/index.ts'
import type { Health } from './health.ts'
import type { Operation } from './operation.ts'

/** What the payer's charge is declined with while the channel is not answering. */
export const CHANNEL_DOWN = 'channel_down'

// Longer than the machine takes to ask again about an order that it is not sure of.
const MOST_SENT_REMEMBERED = 20_000

/**
 * The channel, with every call of it counted, and new charges kept from it while it does not answer: they are
 * declined at once as 'channel_down', so that the payer takes another one and waits for nothing.
 *
 * Only a charge that certainly never left is declined: the payer's device stands behind it, and this process has not sent
 * it before. An order that may have reached the channel is asked again, and whatever resolves money in doubt, or gives
 * it back, is always let through.
 */
export function guardChannel(channel: Channel, health: Health): Channel {
  const { name } = channel
  const sent = new Set<string>()
  return {
    ...channel,
    charge: async (call, order) => {
      await health.fresh(call.hospitalId)
      const isNew = order.presence !== null && !sent.has(order.tradeNo)
      const admission = isNew ? health.admit(call.hospitalId, name) : PASS
      if (!admission.admitted) {
        return { outcome: 'declined', code: CHANNEL_DOWN, reason: `${name} does not answer` }
      }
      remember(sent, order.tradeNo)
      try {
        return await watched('charge', call, () => channel.charge(call, order))
      } finally {
        admission.end()
      }
    },
    query: (call, order) => watched('query', call, () => channel.query(call, order)),
    release: (call, order) => watched('release', call, () => channel.release(call, order)),
    refund: (call, order) => watched('refund', call, () => channel.refund(call, order)),
    queryRefund: (call, order) =>
      watched('query_refund', call, () => channel.queryRefund(call, order)),
    statement: (call, request) =>
      watched('statement', call, () => channel.statement(call, request)),
    readNotice: (notice) => channel.readNotice(notice),
  }

  async function watched<Answer extends { outcome: string }>(
    operation: Operation,
    { hospitalId }: ProviderCall,
    ask: () => Promise<Answer>,
  ): Promise<Answer> {
    const startedAt = health.clock.now()
    let outcome = 'threw'
    try {
      const answer = await ask()
      ;({ outcome } = answer)
      return answer
    } finally {
      const at = health.clock.now()
      const durationMs = at.getTime() - startedAt.getTime()
      health.observe({ hospitalId, channel: name, operation, outcome, durationMs, at })
      await health.keep(hospitalId)
    }
  }
}

const PASS = { admitted: true as const, end: () => undefined }

/** The oldest goes first, so that it does not grow for ever. */
function remember(sent: Set<string>, tradeNo: string): void {
  sent.add(tradeNo)
  if (sent.size <= MOST_SENT_REMEMBERED) return
  for (const oldest of sent) {
    sent.delete(oldest)
    return
  }
}
