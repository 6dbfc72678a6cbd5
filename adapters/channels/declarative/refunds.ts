import type {
  Channel,
  ProviderCall,
  RefundAnswer,
  RefundOrder,
} from '../../../modules/payments/index.ts'
import { moveOf } from './charges.ts'
import { askMeaning, type Wire } from './client.ts'
import { unknown, viewOfOrder, viewOfRefund } from './context.ts'
import type { Meaning, Reading } from './meanings.ts'
import type { DescribedOperation } from './operations.ts'

/** Refund and its query, by our own number: the same number gives money back once, however often asked. */
export const createRefunds = (wire: Wire): Pick<Channel, 'refund' | 'queryRefund'> => ({
  refund: (call, order) => refund(wire, call, order),
  queryRefund: (call, order) => queryRefund(wire, call, order),
})

async function refund(wire: Wire, call: ProviderCall, order: RefundOrder): Promise<RefundAnswer> {
  const question = questionOf('refund', wire.context.descriptor.refund, order)
  const answer = await askMeaning(wire, call, question, (meaning) => refundOf(order, meaning))
  if (answer.outcome !== 'ask') return answer
  const found = await queryRefund(wire, call, order)
  if (found.outcome !== 'absent') return found
  // A success that the query does not show yet may still come; a refusal it does not show was one.
  return answer.wasRefused
    ? { outcome: 'declined', code: answer.code, reason: answer.reason }
    : unknown(`accepted, but the query shows nothing: ${answer.reason}`)
}

function refundOf(order: RefundOrder, meaning: Meaning): RefundAnswer | FollowUp {
  const { means, code, reason, reading } = meaning
  if (means === 'ask') return { outcome: 'ask', code, reason, wasRefused: reading === null }
  const found = foundOf(order, meaning)
  return found.outcome === 'absent' ? unknown('a refund cannot be absent') : found
}

type FollowUp = { outcome: 'ask'; code: string; reason: string; wasRefused: boolean }

type Found = RefundAnswer | { outcome: 'absent' }

async function queryRefund(wire: Wire, call: ProviderCall, order: RefundOrder): Promise<Found> {
  const question = questionOf('queryRefund', wire.context.descriptor.queryRefund, order)
  return askMeaning(wire, call, question, (meaning) => foundOf(order, meaning))
}

function foundOf(order: RefundOrder, { means, code, reason, reading }: Meaning): Found {
  if (means !== 'absent' && reading !== null && reading.ourNo !== order.refundNo) {
    return unknown('it speaks of another number')
  }
  switch (means) {
    case 'pending':
      return { outcome: 'pending' }
    case 'confirmed':
      return confirmedOf(reading)
    case 'declined':
      return { outcome: 'declined', code, reason }
    case 'absent':
      return { outcome: 'absent' }
    default:
      return unknown(reason)
  }
}

function confirmedOf(reading: Reading | null): RefundAnswer {
  const move = reading === null ? null : moveOf('return', reading)
  return move === null
    ? unknown('the refund cannot be read')
    : { outcome: 'confirmed', moves: [move] }
}

const questionOf = (
  operation: string,
  description: DescribedOperation['description'],
  order: RefundOrder,
) => ({
  operation,
  description,
  answer: description.answer,
  subject: { order: viewOfOrder(order.charge), refund: viewOfRefund(order) },
})
