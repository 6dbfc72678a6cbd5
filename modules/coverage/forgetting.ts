import type { HospitalId } from '../../kernel/id.ts'
import { addMs, DAY_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Dependencies } from './dependencies.ts'
import { forgetBillsBefore } from './store.ts'

const KEPT_MS = 30 * DAY_MS
const BATCH = 1_000

/**
 * Forgets diagnosis and items of plans that came to nothing 30 days ago: nobody settles them or hands in their papers
 * any more. Figures and numbers stay. A thousand at most; returns how many.
 */
export const forgetBills = (
  { db, clock }: Pick<Dependencies, 'db' | 'clock'>,
  hospitalId: HospitalId,
): Promise<number> =>
  inHospital(db, hospitalId, (tx) =>
    forgetBillsBefore(tx, hospitalId, addMs(clock.now(), -KEPT_MS), BATCH),
  )
