import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { fen } from '../../../kernel/money.ts'
import type {
  Channel,
  ChargeAnswer,
  ChargeOrder,
  Move,
  PayerAction,
  ProviderCall,
  ReleaseAnswer,
} from '../../../modules/payments/index.ts'
import { parseRfc3339 } from '../../../platform/descriptor/time-pattern.ts'
import { askMeaning, type Wire } from './client.ts'
import { type Context, type Unknown, unknown, viewOfOrder } from './context.ts'
import type { Meaning, Reading } from './meanings.ts'
import type { DescribedOperation } from './operations.ts'

const Fields = Type.Record(Type.String(), Type.String())
const address = Type.String({ pattern: '^https?://', maxLength: 4_096 })
const closed = { additionalProperties: false }

const Action = Compile(
  Type.Union([
    Type.Object({ kind: Type.Literal('wechat_jsapi'), params: Fields }, closed),
    Type.Object(
      { kind: Type.Literal('alipay_trade'), tradeNo: Type.String({ minLength: 1 }) },
      closed,
    ),
    Type.Object(
      { kind: Type.Literal('qr_code'), content: Type.String({ minLength: 1, maxLength: 1_024 }) },
      closed,
    ),
    Type.Object({ kind: Type.Literal('page'), url: address }, closed),
    Type.Object({ kind: Type.Literal('form'), url: address, fields: Fields }, closed),
    Type.Object({ kind: Type.Literal('app'), params: Fields }, closed),
  ]),
)

type Found = ChargeAnswer | { outcome: 'absent' }

/** The answer itself decides nothing: the query does. */
type FollowUp = { outcome: 'paid' | 'ask'; code: string; reason: string }

/** Charge, query and release, by our own number. */
export const createCharges = (wire: Wire): Pick<Channel, 'charge' | 'query' | 'release'> => ({
  charge: (call, order) => charge(wire, call, order),
  query: (call, order) => query(wire, call, order),
  release: (call, order) => release(wire, call, order),
})

async function charge(wire: Wire, call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer> {
  const { descriptor } = wire.context
  const method = order.method ?? methodsOf(wire.context)[0]
  const description =
    method === undefined || method === 'agreement' ? undefined : descriptor.charge[method]
  if (method === undefined || description === undefined) {
    return declined('method_not_offered', `there is no ${method ?? 'method'} here`)
  }
  const { amountMinFen, amountMaxFen } = descriptor.limits
  if (order.amountFen < amountMinFen || order.amountFen > amountMaxFen) {
    return declined('amount_out_of_limits', `${amountMinFen} to ${amountMaxFen} fen are taken`)
  }
  if (method === 'account' && order.payerAccount === null) {
    return declined('payer_account_missing', 'the payer has no account at the provider')
  }
  if ((method === 'barcode' || method === 'card') && !order.presence?.token) {
    return withoutPayer(wire, call, order)
  }
  const question = questionOf(`charge.${method}`, description, order)
  const answer = await askMeaning(wire, call, question, (meaning) => chargeOf(order, meaning))
  switch (answer.outcome) {
    case 'paid':
      return paidOrUnknown(await query(wire, call, order), answer.reason)
    case 'ask': {
      const found = await query(wire, call, order)
      return found.outcome === 'absent' ? declined(answer.code, answer.reason) : found
    }
    default:
      return answer
  }
}

function chargeOf(order: ChargeOrder, meaning: Meaning): ChargeAnswer | FollowUp {
  const { means, code, reason, reading } = meaning
  switch (means) {
    case 'pending':
      return pendingOf(reading)
    case 'confirmed':
      return confirmedOf(order, reading)
    case 'declined':
      return declined(code, reason)
    case 'closed':
      return declined('closed', reason)
    case 'paid':
    case 'ask':
      return { outcome: means, code, reason }
    default:
      return unknown(reason)
  }
}

async function query(wire: Wire, call: ProviderCall, order: ChargeOrder): Promise<Found> {
  const question = questionOf('query', wire.context.descriptor.query, order)
  return askMeaning(wire, call, question, (meaning) => foundOf(order, meaning))
}

function foundOf(order: ChargeOrder, { means, code, reason, reading }: Meaning): Found {
  if (means !== 'absent' && reading !== null && reading.ourNo !== order.tradeNo) {
    return unknown('it speaks of another number')
  }
  switch (means) {
    case 'pending':
      return { outcome: 'pending', payerAction: null }
    case 'confirmed':
      return confirmedOf(order, reading)
    case 'declined':
      return declined(code, reason)
    case 'closed':
      return declined('closed', reason)
    case 'absent':
      return { outcome: 'absent' }
    default:
      return unknown(reason)
  }
}

async function release(wire: Wire, call: ProviderCall, order: ChargeOrder): Promise<ReleaseAnswer> {
  const { release: description } = wire.context.descriptor
  if (description.askFirst !== true) return releaseBy(wire, call, order, description)
  const found = await query(wire, call, order)
  if (found.outcome === 'confirmed' || found.outcome === 'unknown') return found
  if (hasEnded(found)) return { outcome: 'released' }
  const isUnseen = found.outcome === 'absent'
  return releaseBy(wire, call, order, (isUnseen && description.whenAbsent) || description)
}

async function releaseBy(
  wire: Wire,
  call: ProviderCall,
  order: ChargeOrder,
  description: DescribedOperation['description'],
): Promise<ReleaseAnswer> {
  const question = questionOf('release', description, order)
  const answer = await askMeaning(wire, call, question, releaseOf)
  switch (answer.outcome) {
    case 'paid':
      return paidOrUnknown(await query(wire, call, order), answer.reason)
    case 'ask':
      return endedOrUnknown(await query(wire, call, order), answer.reason)
    default:
      return answer
  }
}

function releaseOf({ means, code, reason }: Meaning): ReleaseAnswer | FollowUp {
  switch (means) {
    case 'released':
      return { outcome: 'released' }
    case 'paid':
    case 'ask':
      return { outcome: means, code, reason }
    default:
      return unknown(reason)
  }
}

/**
 * The machine asks again by itself, and what the payer's device gave is gone: the charge stands as it is, or is given
 * up for good.
 */
async function withoutPayer(
  wire: Wire,
  call: ProviderCall,
  order: ChargeOrder,
): Promise<ChargeAnswer> {
  const found = await query(wire, call, order)
  if (found.outcome !== 'absent') return found
  const end = await release(wire, call, order)
  return end.outcome === 'released'
    ? declined('payer_not_present', 'the payer has to show the code again')
    : end
}

/** How a payer may pay here, in the order of the descriptor. */
export const methodsOf = ({ descriptor }: Pick<Context, 'descriptor'>) =>
  Object.keys(descriptor.charge) as (keyof typeof descriptor.charge)[]

const questionOf = (
  operation: string,
  description: DescribedOperation['description'],
  order: ChargeOrder,
) => ({
  operation,
  description,
  answer: description.answer,
  subject: { order: viewOfOrder(order) },
})

function pendingOf(reading: Reading | null): ChargeAnswer {
  const action = reading?.action ?? null
  if (action === null) return { outcome: 'pending', payerAction: null }
  if (!Action.Check(action)) return unknown('what the payer needs cannot be read')
  return { outcome: 'pending', payerAction: action satisfies PayerAction }
}

/** The amount is taken as the provider says it: whether it is the one asked for is for payments to see. */
function confirmedOf(order: ChargeOrder, reading: Reading | null): ChargeAnswer {
  if (reading?.ourNo !== order.tradeNo) return unknown('the paid charge is of another number')
  const move = moveOf('charge', reading)
  return move === null ? unknown('the paid charge cannot be read') : { outcome: 'confirmed', move }
}

/** What moved; null when a part of it is not said. */
export function moveOf(kind: Move['kind'], reading: Reading): Move | null {
  const { ourNo, providerNo, amountFen, at } = reading
  const instant = at === undefined ? null : parseRfc3339(at)
  if (!ourNo || !providerNo || amountFen === undefined || instant === null) return null
  const parts = [{ kind: 'self_pay', amountFen: fen(amountFen) }] as const
  return { kind, ourNo, providerNo, parts, at: instant }
}

/** The provider said that there is money, so nothing but the money itself is an answer. */
const paidOrUnknown = (found: Found, said: string) =>
  found.outcome === 'confirmed'
    ? found
    : unknown(`said to be paid, but the query shows ${found.outcome}: ${said}`)

function endedOrUnknown(found: Found, said: string): ReleaseAnswer {
  if (found.outcome === 'confirmed' || found.outcome === 'unknown') return found
  const isOver = found.outcome === 'absent' || hasEnded(found)
  return isOver ? { outcome: 'released' } : unknown(`not released: ${said}`)
}

const hasEnded = (found: Found): boolean => found.outcome === 'declined' && found.code === 'closed'

const declined = (code: string, reason: string) =>
  ({ outcome: 'declined', code, reason: (unknown(reason) satisfies Unknown).reason }) as const
