import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { inHospital } from '../../../platform/db.ts'
import type { MachineDependencies } from '../dependencies.ts'
import { askAboutRefund, type RefundCall } from './calls.ts'
import { recordRefund } from './record.ts'
import type { RefundId } from './refund.ts'
import { nextOfRefund } from './steps.ts'

// More than the longest way through a refund: twenty bills to take back and every tender's return.
const MOST_CALLS = 40

/**
 * Moves a refund on until it must wait, in the same way as the payment's machine. Whoever touches both locks
 * the payment's row first, always.
 */
export async function advanceRefund(
  deps: MachineDependencies,
  hospitalId: HospitalId,
  id: RefundId,
): Promise<void> {
  let call: RefundCall | null = await inHospital(deps.db, hospitalId, (tx) =>
    nextOfRefund(deps, tx, hospitalId, id),
  )
  for (let calls = 0; call !== null; calls++) {
    assert(calls < MOST_CALLS, `refund ${id} came to rest within ${MOST_CALLS} calls`)
    const answered = await askAboutRefund(deps, call)
    call = await inHospital(deps.db, hospitalId, async (tx) => {
      await recordRefund(deps, tx, answered)
      return nextOfRefund(deps, tx, hospitalId, id)
    })
  }
}
