import type {
  Channel,
  ProviderCall,
  RefundAnswer,
  RefundOrder,
} from '../../../modules/payments/index.ts'
import { moveOf } from './charges.ts'
import { askMeaning, type Question, type Wire } from './client.ts'
import { unknown, viewOfOrder, viewOfRefund } from './context.ts'
import type { Meaning, Reading } from './meanings.ts'

/** Refund and its query, by our own number: the same number gives money back once, however often asked. */
export const createRefunds = (wire: Wire): Pick<Channel, 'refund' | 'queryRefund'> => ({
  refund: (call, order) => refund(wire, call, order),
  queryRefund: (call, order) => queryRefund(wire, call, order),
})

async function refund(wire: Wire, call: ProviderCall, order: RefundOrder): Promise<RefundAnswer> {
  const { refund: description } = wire.context.descriptor
  const question = questionOf('refund', description, order)
  const meaning = await askMeaning(wire, call, question, description.answer)
  if (meaning.outcome === 'meant' && meaning.means === 'ask') {
    const found = await queryRefund(wire, call, order)
    if (found.outcome !== 'absent') return found
    // A success that the query does not show yet may still come; a refusal it does not show was one.
    return meaning.reading === null
      ? { outcome: 'declined', code: meaning.code, reason: meaning.reason }
      : unknown(`accepted, but the query shows nothing: ${meaning.reason}`)
  }
  const answer = answerOf(order, meaning)
  return answer.outcome === 'absent' ? unknown('a refund cannot be absent') : answer
}

async function queryRefund(
  wire: Wire,
  call: ProviderCall,
  order: RefundOrder,
): Promise<RefundAnswer | { outcome: 'absent' }> {
  const { queryRefund: description } = wire.context.descriptor
  const question = questionOf('queryRefund', description, order)
  return answerOf(order, await askMeaning(wire, call, question, description.answer))
}

const questionOf = (
  operation: string,
  description: Question['description'],
  order: RefundOrder,
): Question => ({
  operation,
  description,
  subject: { order: viewOfOrder(order.charge), refund: viewOfRefund(order) },
})

function answerOf(order: RefundOrder, meaning: Meaning): RefundAnswer | { outcome: 'absent' } {
  if (meaning.outcome === 'unknown') return meaning
  const { means, reading } = meaning
  if (means !== 'absent' && reading !== null && reading.ourNo !== order.refundNo) {
    return unknown('it speaks of another number')
  }
  switch (means) {
    case 'pending':
      return { outcome: 'pending' }
    case 'confirmed':
      return confirmedOf(reading)
    case 'declined':
      return { outcome: 'declined', code: meaning.code, reason: meaning.reason }
    case 'absent':
      return { outcome: 'absent' }
    default:
      return unknown(meaning.reason)
  }
}

function confirmedOf(reading: Reading | null): RefundAnswer {
  const move = reading === null ? null : moveOf('return', reading)
  return move === null
    ? unknown('the refund cannot be read')
    : { outcome: 'confirmed', moves: [move] }
}
