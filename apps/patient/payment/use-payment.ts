import type { Payment } from '../../../contract/client.ts'
import { SECOND_MS } from '../../../kernel/time.ts'
import { query } from '../api.ts'
import { storyOf } from './story.ts'

/** One payment, asked for again as long as it moves: every second at first, then less often. */
export const usePayment = (hospitalId: number, id: string) =>
  query.useQuery('get', '/v1/hospitals/{hospitalId}/payments/{id}', optionsOf(hospitalId, id), {
    refetchInterval: ({ state }) =>
      state.data ? intervalOf(state.data, state.dataUpdateCount) : false,
    refetchOnWindowFocus: 'always',
    refetchOnMount: 'always',
  })

export const paymentKey = (hospitalId: number, id: string) =>
  query.queryOptions('get', '/v1/hospitals/{hospitalId}/payments/{id}', optionsOf(hospitalId, id))
    .queryKey

const optionsOf = (hospitalId: number, id: string) => ({ params: { path: { hospitalId, id } } })

/** In ms; false at an end. A refund that waits for the hospital is looked at, though the payment is at its end. */
export function intervalOf(payment: Payment, looks: number): number | false {
  if (payment.payerState === 'to_confirm') return false // nothing moves before the payer agrees
  const isWaiting = payment.refunds.some((refund) => refund.status === 'approving')
  if (!storyOf(payment, false).isMoving && !isWaiting) return false
  return INTERVALS.find(({ upTo }) => looks <= upTo)?.ms ?? SLOWEST_MS
}

const INTERVALS = [
  { upTo: 20, ms: SECOND_MS },
  { upTo: 40, ms: 3 * SECOND_MS },
  { upTo: 70, ms: 10 * SECOND_MS },
]
const SLOWEST_MS = 30 * SECOND_MS
