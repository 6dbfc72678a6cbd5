import type { Id } from '../../kernel/id.ts'
import { addFen, type Fen } from '../../kernel/money.ts'
import { tellAttention } from './claim-attention.ts'
import { closeClaim, lowerClaim } from './claim-store.ts'
import type { Dependencies } from './dependencies.ts'
import type { Insurer, Returned } from './insurer.ts'
import { insertReturn, returnsOf, updateReturn } from './order-store.ts'
import { insurerNoOf, notConnected, type PlanWork, type Unknown, unknown } from './plan-work.ts'
import { keptOf, moveOrder, type PolicyOrder, type ReturnOrder } from './plan.ts'

/** `refundId` null: a charge is undone. `moveNo`: the movement of money that it is a part of, when it is one. */
export type GivingBack = {
  amountFen: Fen
  refundId: Id<'Refund'> | null
  moveNo: string | null
  reason: string
}

/**
 * Asks money of a settlement back, once for each refund however often it is called: the row is there before the insurer
 * is asked, and one whose answer never came goes again under its own number. Answers the row: done or refused.
 */
export async function giveBack(
  deps: Dependencies,
  work: PlanWork,
  order: PolicyOrder,
  giving: GivingBack,
): Promise<ReturnOrder | Unknown> {
  const insurer = work.insurerOf(order)
  if (!insurer) return notConnected(order)
  const earlier = await work.read((tx) => returnsOf(tx, order.hospitalId, [order.orderNo]))
  const known = earlier.find(
    ({ refundId, status }) => refundId === giving.refundId && status !== 'refused',
  )
  if (known?.status === 'done') return known
  const sent = known ?? newReturn(deps, work, order, giving)
  if (!known) await work.save({ also: (tx) => insertReturn(tx, sent) })
  const { refundNo, orderNo, amountFen } = sent
  const numbers = { refundNo, orderNo, insurerNo: insurerNoOf(order) }
  const { reason } = giving
  const answer = await insurer.refund(work.call, { ...numbers, amountFen, reason })
  if (answer.outcome === 'unknown') return answer
  if (answer.outcome === 'ok') return recordReturned(deps, work, order, sent, answer.data)
  if (known || answer.code === 'already_returned') {
    const found = await lookUp(insurer, work, numbers)
    if (found && 'outcome' in found) return found
    if (found) return recordReturned(deps, work, order, sent, found)
  }
  const refused = { ...sent, status: 'refused' as const, reason: answer.message }
  await work.save({ also: (tx) => updateReturn(tx, refused) })
  return refused
}

async function lookUp(
  insurer: Insurer,
  work: PlanWork,
  numbers: { refundNo: string; orderNo: string; insurerNo: string },
): Promise<Returned | Unknown | null> {
  const found = await insurer.queryRefund(work.call, numbers)
  if (found.outcome === 'unknown') return found
  return found.outcome === 'ok' ? found.data : null
}

const newReturn = (
  { clock }: Dependencies,
  work: PlanWork,
  order: PolicyOrder,
  { amountFen, refundId, moveNo }: GivingBack,
): ReturnOrder => ({
  hospitalId: order.hospitalId,
  refundNo: work.nextNo(),
  orderNo: order.orderNo,
  refundId,
  amountFen,
  status: 'sent',
  returnNo: null,
  returnedAt: null,
  moveNo,
  reason: null,
  sentAt: clock.now(),
})

async function recordReturned(
  deps: Dependencies,
  work: PlanWork,
  order: PolicyOrder,
  sent: ReturnOrder,
  { returnNo, amountFen, at }: Returned,
): Promise<ReturnOrder | Unknown> {
  if (amountFen !== sent.amountFen) {
    return unknown(`${returnNo} is of ${amountFen}, ${sent.amountFen} were asked back`)
  }
  const done = { ...sent, status: 'done' as const, returnNo, returnedAt: at }
  const returnedFen = addFen(order.returnedFen, amountFen)
  const isWhole = keptOf({ ...order, returnedFen }) === 0
  const next = moveOrder(order, isWhole ? 'returned' : 'settled', { returnedFen })
  const { hospitalId, orderNo } = order
  await work.save({
    orders: [next],
    also: async (tx) => {
      await updateReturn(tx, done)
      const closed = isWhole && (await closeClaim(tx, hospitalId, orderNo, deps.clock.now()))
      if (closed && closed.attention !== null) {
        await tellAttention(deps, tx, { ...closed, attention: null })
      }
      if (!isWhole) await lowerClaim(tx, hospitalId, orderNo, keptOf(next))
    },
  })
  return done
}
