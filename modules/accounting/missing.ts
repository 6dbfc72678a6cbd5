import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import { daysBetween } from './voucher-store.ts'

/** How much of a date's vouchers is not there: what no template covers; one where they were not made at all. */
export async function missingVouchers(
  tx: Tx,
  hospitalId: HospitalId,
  date: BusinessDate,
): Promise<number> {
  const [day] = await daysBetween(tx, hospitalId, { from: date, to: date })
  if (!day) return 1
  return day.status === 'uncovered' ? Math.max(1, day.findings.length) : 0
}
