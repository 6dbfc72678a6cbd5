import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { type Answered, ask, askProvider, type Call } from './calls.ts'
import type { PaymentState } from './decide.ts'
import type { MachineDependencies } from './dependencies.ts'
import { holdPayment } from './held.ts'
import { chargeOrderOf } from './orders.ts'
import type { PaymentId, Tender } from './payment.ts'
import type { PayerPresence } from './provider.ts'
import { record, recordFound } from './record.ts'
import { next, stateOf } from './steps.ts'

// More than the longest way through a payment; a payment that needs more in one go is in a loop.
const MOST_CALLS = 40

/**
 * Moves a payment on until it must wait: decide, write the intent down, commit, ask, and write down what was
 * answered together with the next intent. May be called by anyone at any time, also at once and twice.
 */
export async function advance(
  deps: MachineDependencies,
  hospitalId: HospitalId,
  id: PaymentId,
): Promise<void> {
  await follow(
    deps,
    await inHospital(deps.db, hospitalId, (tx) => step(deps, tx, hospitalId, id, null)),
  )
}

/**
 * Moves a payment on from a call that is written down; null for one that waits. `presence` is what the payer's device
 * gave: the first charge of their channel has it, whatever is promised before; when the machine asks again, it has not.
 */
export async function follow(
  deps: MachineDependencies,
  first: Call | null,
  presence: PayerPresence | null = null,
): Promise<void> {
  let call = first
  let atHand = presence
  for (let calls = 0; call !== null; calls++) {
    const { hospitalId, id }: Call['payment'] = call.payment
    assert(calls < MOST_CALLS, `payment ${id} came to rest within ${MOST_CALLS} calls`)
    const isPayers = call.do === 'charge' && call.tender.phase === 'payer'
    const answered = await ask(deps, isPayers ? withPresence(call, atHand) : call)
    if (isPayers) atHand = null
    call = await inHospital(deps.db, hospitalId, (tx) => step(deps, tx, hospitalId, id, answered))
  }
}

const withPresence = (call: Call, presence: PayerPresence | null): Call =>
  call.do === 'write_back' ? call : { ...call, order: { ...call.order, presence } }

async function step(
  deps: MachineDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  id: PaymentId,
  answered: Answered | null,
): Promise<Call | null> {
  const held = await holdPayment(tx, hospitalId, id)
  if (answered) await record(deps, tx, held, answered)
  const call = await next(deps, tx, held)
  await held.save(deps.clock.now())
  return call
}

/**
 * Moves a payment on, after asking the payer's channel once more about a charge that was declined or closed:
 * money may have come all the same. What is found is written down and given back.
 */
export async function recheck(
  deps: MachineDependencies,
  hospitalId: HospitalId,
  id: PaymentId,
): Promise<void> {
  const state = await inHospital(deps.db, hospitalId, async (tx) =>
    stateOf(tx, await holdPayment(tx, hospitalId, id)),
  )
  await askAgain(deps, state)
  await advance(deps, hospitalId, id)
}

/** Asks about each charge that came to nothing, and writes down what is found. */
export async function askAgain(
  deps: MachineDependencies,
  { payment, tenders, bills }: PaymentState,
): Promise<void> {
  for (const tender of tenders.filter(mayStillBePaid)) {
    const order = chargeOrderOf(payment, bills, tender)
    const answered = await askProvider(deps, { do: 'query', payment, tender, order })
    await inHospital(deps.db, payment.hospitalId, (tx) => recordFound(deps, tx, answered))
  }
}

export const mayStillBePaid = ({ phase, status }: Tender) =>
  phase === 'payer' && (status === 'released' || status === 'declined')
