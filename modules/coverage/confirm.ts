import { addMs } from '../../kernel/time.ts'
import { type Dependencies, optionsOf } from './dependencies.ts'
import type { Settled } from './insurer.ts'
import {
  insurerNoOf,
  isUnknown,
  notConnected,
  type PlanWork,
  type Unknown,
  unknown,
} from './plan-work.ts'
import { moveOrder, paysOf, type PolicyOrder } from './plan.ts'

/**
 * Has the insurer pay what it advanced. The intent is written first; one whose answer never came is confirmed again under
 * its own number, which acts once. Answers the order as it stands then: settled or refused.
 */
export async function confirmOrder(
  deps: Dependencies,
  work: PlanWork,
  order: PolicyOrder,
): Promise<PolicyOrder | Unknown> {
  const insurer = work.insurerOf(order)
  if (!insurer) return notConnected(order)
  const isRepeat = order.status === 'confirming'
  const sent = isRepeat ? order : moveOrder(order, 'confirming', { sentAt: deps.clock.now() })
  if (!isRepeat) await work.save({ orders: [sent] })
  const { orderNo, policyNo } = sent
  const answer = await insurer.confirm(work.call, {
    orderNo,
    insurerNo: insurerNoOf(sent),
    policyNo,
    payFen: paysOf(sent),
  })
  if (answer.outcome === 'unknown') return answer
  if (answer.outcome === 'ok') return recordSettled(work, sent, answer.data)
  // Refused perhaps for what an earlier try has done.
  if (isRepeat || answer.code === 'already_settled') {
    return resolveRefusal(work, sent, answer.message)
  }
  return recordRefused(work, sent, answer.message)
}

async function resolveRefusal(
  work: PlanWork,
  sent: PolicyOrder,
  message: string,
): Promise<PolicyOrder | Unknown> {
  const insurer = work.insurerOf(sent)
  if (!insurer) return notConnected(sent)
  const known = await insurer.query(work.call, sent)
  if (known.outcome === 'unknown') return known
  if (known.outcome === 'ok' && known.data?.state === 'settled') {
    return recordSettled(work, sent, known.data.settled)
  }
  return recordRefused(work, sent, message)
}

async function recordRefused(
  work: PlanWork,
  sent: PolicyOrder,
  reason: string,
): Promise<PolicyOrder> {
  const refused = moveOrder(sent, 'refused', { reason })
  await work.save({ orders: [refused] })
  return refused
}

/** Other figures than advanced are money all the same, and told as they are. */
async function recordSettled(
  work: PlanWork,
  sent: PolicyOrder,
  { insurerNo, settlementNo, payFen, at }: Settled,
): Promise<PolicyOrder | Unknown> {
  if (payFen < 0 || payFen > sent.leftFen) {
    return unknown(`${settlementNo} is of ${payFen}, of which ${sent.leftFen} were left`)
  }
  const changes = { insurerNo, settlementNo, payFen, settledAt: at }
  const settled = moveOrder(sent, 'settled', changes)
  await work.save({ orders: [settled] })
  return settled
}

/**
 * What became of a confirmation whose answer never came, without asking for anything: settled, refused, or advanced
 * when the insurer has not confirmed it and none can be on its way any more.
 */
export async function lookUpOrder(
  deps: Dependencies,
  work: PlanWork,
  order: PolicyOrder,
): Promise<PolicyOrder | Unknown> {
  const insurer = work.insurerOf(order)
  if (!insurer) return notConnected(order)
  const known = await insurer.query(work.call, order)
  if (known.outcome === 'unknown') return known
  const found = known.outcome === 'ok' ? known.data : null
  if (found?.state === 'settled') return recordSettled(work, order, found.settled)
  if (found?.state === 'cancelled' || found?.state === 'failed') {
    return recordRefused(work, order, `the order is ${found.state} at the insurer`)
  }
  if (mayStillArrive(deps, order)) return unknown('the confirmation may still be on its way')
  const back = moveOrder(order, 'advanced', { sentAt: null })
  await work.save({ orders: [back] })
  return back
}

/** Makes sure that an order is not paid any more: cancelled, or settled when the money was paid already. */
export async function cancelOrder(
  deps: Dependencies,
  work: PlanWork,
  order: PolicyOrder,
): Promise<PolicyOrder | Unknown> {
  const insurer = work.insurerOf(order)
  if (!insurer) return notConnected(order)
  const answer = await insurer.cancel(work.call, order)
  if (answer.outcome === 'unknown') return answer
  // One that was never confirmed is not paid, whatever the insurer has against cancelling it, and we confirm it no more.
  if (answer.outcome === 'refused' && order.status !== 'advanced') {
    const found = await lookUpOrder(deps, work, order)
    if (isUnknown(found) || found.status !== 'advanced') return found
    // Not confirmed, none on its way, and we send none any more: what was advanced expires there.
    return giveUp(work, { ...found, sentAt: order.sentAt })
  }
  return giveUp(work, order)
}

async function giveUp(work: PlanWork, order: PolicyOrder): Promise<PolicyOrder> {
  const cancelled = moveOrder(order, 'cancelled')
  await work.save({ orders: [cancelled] })
  return cancelled
}

const mayStillArrive = (deps: Dependencies, { sentAt }: PolicyOrder): boolean =>
  sentAt !== null && deps.clock.now() < addMs(sentAt, optionsOf(deps).inFlightMs)
