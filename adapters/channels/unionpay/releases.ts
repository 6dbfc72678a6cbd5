import { addMs } from '../../../kernel/time.ts'
import type { ChargeOrder, ProviderCall, ReleaseAnswer } from '../../../modules/payments/index.ts'
import { reversalFields } from './charge-fields.ts'
import { type ChargeQuery, CLOCKS_MS } from './charge-query.ts'
import { type Client, unknown } from './client.ts'
import { settlementDateOf, toDigits } from './moments.ts'
import type { AdapterDeps, UnionPayAccount } from './params.ts'

/** How every reason begins for which an order is not released yet, only because its time must run out first. */
const STILL_OPEN = 'UnionPay closes no order: it can be paid until'

/**
 * UnionPay closes no order that waits for a payer: it ends by itself at its payTimeout, after which "not paid" is the
 * last word. Until then the answer is 'unknown', with the moment from which it may be another. A charge by the
 * payer's code is reversed (冲正), which is there for just this, within the settlement day.
 */
export function createReleases(
  account: UnionPayAccount,
  client: Client,
  { query, isPayTimeOver, isCodeExpired }: ChargeQuery,
  { clock }: AdapterDeps,
) {
  return { release }

  async function release(call: ProviderCall, order: ChargeOrder): Promise<ReleaseAnswer> {
    const found = await query(call, order)
    switch (found.outcome) {
      case 'confirmed':
      case 'unknown':
        return found
      case 'declined':
        return { outcome: 'released' }
      case 'absent':
        if (order.method === 'barcode') {
          return isCodeExpired(order) ? { outcome: 'released' } : reverse(call, order)
        }
        return isPayTimeOver(order) ? { outcome: 'released' } : stillOpen(order)
      case 'pending':
        if (order.method === 'barcode') return reverse(call, order)
        if (!isPayTimeOver(order)) return stillOpen(order)
        return unknown('a payment begun in time is still under way')
    }
  }

  async function reverse(call: ProviderCall, order: ChargeOrder): Promise<ReleaseAnswer> {
    const { settlementCutOff } = account
    const today = settlementDateOf(clock.now(), settlementCutOff)
    if (today !== settlementDateOf(order.createdAt, settlementCutOff)) {
      return unknown('a charge of another settlement day cannot be reversed')
    }
    return client.ask(
      call,
      'back',
      reversalFields(order),
      ({ respCode, reason }): ReleaseAnswer => {
        const isReversed = respCode === '00' || respCode === '46'
        return isReversed ? { outcome: 'released' } : unknown(reason)
      },
    )
  }
}

const stillOpen = ({ expiresAt }: ChargeOrder) =>
  unknown(`${STILL_OPEN} ${toDigits(addMs(expiresAt, CLOCKS_MS))}`)
