import type { HospitalId } from '../../kernel/id.ts'
import { nextPaymentDueAt } from '../../modules/payments/index.ts'
import type { Platform } from '../../platform/context.ts'
import { inHospital } from '../../platform/db.ts'
import { nextDueIn } from '../../platform/due-rows.ts'
import { deliverEvents } from '../../platform/events.ts'
import { handleNotices } from '../../platform/inbox.ts'
import type { Hub } from '../hub/create-hub.ts'

export type Worker = ReturnType<typeof createWorker>

// Events and notices make work for each other; more rounds than this in one go are a loop.
const MOST_ROUNDS = 1_000

/** Does what is due, hospital by hospital. The rows are the truth: whoever runs this goes on where another stopped. */
export function createWorker(hub: Hub, platform: Platform) {
  const { db, clock } = platform
  const readers = new Map([['payments', hub.payments.readNotice]])
  return { workOff, workOffAll, nextDue }

  /** Everything due at one hospital, and what that makes due; returns how much there was. */
  async function workOff(hospitalId: HospitalId): Promise<number> {
    let total = 0
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const due = await dueOf(hospitalId)
      const now = clock.now()
      const isDue = (at: Date | null) => at !== null && at <= now
      let done = 0
      if (isDue(due.notices)) done += await handleNotices({ db, clock }, hospitalId, readers)
      if (isDue(due.events)) done += await deliverEvents({ db, clock }, hospitalId, hub.handlers)
      if (isDue(due.payments)) done += await hub.payments.sweep(hospitalId)
      if (isDue(due.reconciliation)) done += await hub.reconciliation.sweep(hospitalId)
      if (done === 0) return total
      total += done
    }
    throw new Error(`hospital ${hospitalId} comes to no rest`)
  }

  async function workOffAll(): Promise<number> {
    let total = 0
    for (const { id } of await hub.hospitals.list()) total += await workOff(id)
    return total
  }

  /** The earliest moment at which any hospital has something due; null for none. */
  async function nextDue(): Promise<Date | null> {
    const hospitals = await hub.hospitals.list()
    const moments = []
    for (const { id } of hospitals) moments.push(...Object.values(await dueOf(id)))
    return moments.reduce(
      (earliest, moment) => (moment && (!earliest || moment < earliest) ? moment : earliest),
      null,
    )
  }

  /** When each kind of work of a hospital is due next; null for none. */
  function dueOf(hospitalId: HospitalId): Promise<Record<Work, Date | null>> {
    return inHospital(db, hospitalId, async (tx) => ({
      ...(await nextDueIn(tx, hospitalId)),
      payments: await nextPaymentDueAt(tx, hospitalId),
      reconciliation: await hub.reconciliation.nextDueIn(tx, hospitalId),
    }))
  }
}

type Work = 'notices' | 'events' | 'payments' | 'reconciliation'
