import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import { ask, askProvider, type Call } from './calls.ts'
import type { MachineDependencies } from './dependencies.ts'
import { chargeOrderOf } from './orders.ts'
import type { PaymentId, Tender } from './payment.ts'
import { record, recordFound } from './record.ts'
import { load, next } from './steps.ts'
import { lockPayment } from './store.ts'

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
  let call: Call | null = await inHospital(deps.db, hospitalId, (tx) =>
    next(deps, tx, hospitalId, id),
  )
  for (let calls = 0; call !== null; calls++) {
    assert(calls < MOST_CALLS, `payment ${id} came to rest within ${MOST_CALLS} calls`)
    const answered = await ask(deps, call)
    call = await inHospital(deps.db, hospitalId, async (tx) => {
      await record(deps, tx, answered)
      return next(deps, tx, hospitalId, id)
    })
  }
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
  const { payment, tenders, bills } = await inHospital(deps.db, hospitalId, async (tx) =>
    load(tx, await lockPayment(tx, hospitalId, id)),
  )
  for (const tender of tenders.filter(mayStillBePaid)) {
    const order = chargeOrderOf(payment, bills, tender)
    const answered = await askProvider(deps, { do: 'query', payment, tender, order })
    await inHospital(deps.db, hospitalId, (tx) => recordFound(deps, tx, answered))
  }
  await advance(deps, hospitalId, id)
}

const mayStillBePaid = ({ phase, status }: Tender) =>
  phase === 'payer' && (status === 'released' || status === 'declined')
