import { fen } from '../../../kernel/money.ts'
import type { Move, ProviderCall } from '../../../modules/payments/index.ts'
import type { Client, ProvenAnswer, Unknown } from './client.ts'
import { unknown } from './client.ts'
import { momentNear } from './moments.ts'
import { type State, stateOf } from './translation.ts'

/** What names a transaction at UnionPay besides the merchant: our number, and the moment we gave it. */
export type TransactionNames = { orderId: string; txnTime: string; sentAt: Date }

export type Found = Exclude<State, { state: 'succeeded' }> | { state: 'succeeded'; move: Move }

type Asked = ({ outcome: 'found' } & { found: Found }) | Unknown

/** Asks what became of a transaction, by our own number. */
export async function queryTransaction(
  client: Client,
  call: ProviderCall,
  kind: Move['kind'],
  { orderId, txnTime, sentAt }: TransactionNames,
): Promise<Found> {
  const fields = { txnType: '00', txnSubType: '00', bizType: '000000', orderId, txnTime }
  const answer: Asked = await client.ask(call, 'query', fields, (proven): Asked => {
    const state = stateOf(proven)
    if (state.state === 'unknown') return unknown(state.reason)
    if (state.state !== 'succeeded') return { outcome: 'found', found: state }
    const move = readMove(proven, kind, orderId, sentAt)
    if (move === null) return unknown('the transaction cannot be read')
    return { outcome: 'found', found: { state: 'succeeded', move } }
  })
  if (answer.outcome === 'unknown') return { state: 'unknown', reason: answer.reason }
  return answer.found
}

/**
 * The amount is taken as UnionPay says it: whether it is the one asked for is for payments to see. The moment is
 * that of UnionPay's trace, as in its file; it is written without its year.
 */
function readMove(
  { fields }: ProvenAnswer,
  kind: Move['kind'],
  orderId: string,
  sentAt: Date,
): Move | null {
  const { queryId = '', txnAmt = '', traceTime = '', currencyCode = '156' } = fields
  const at = momentNear(traceTime, sentAt)
  if (at === null || currencyCode !== '156') return null
  if (!/^\d{20,21}$/.test(queryId) || !/^\d{1,12}$/.test(txnAmt)) return null
  const amountFen = fen(Number(txnAmt))
  if (amountFen <= 0) return null
  return { kind, ourNo: orderId, providerNo: queryId, parts: [{ kind: 'self_pay', amountFen }], at }
}
