import type { HospitalId } from '../../../kernel/id.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import type { CrossCheckKey } from './cross-check-store.ts'
import { type CrossCheckPlan, readPlan } from './plan.ts'
import { crossCheckTerms } from './terms-store.ts'

type NamedPlan = { name: string; plan: CrossCheckPlan }

/** What is agreed on and in force on a date. */
export async function plansOn(
  tx: Tx,
  hospitalId: HospitalId,
  on: BusinessDate,
): Promise<NamedPlan[]> {
  const rows = await crossCheckTerms.inForce(tx, hospitalId, { kind: 'cross_check', on })
  return rows
    .map(({ name, content }) => ({ name, plan: readPlan(content) }))
    .filter(({ plan }) => plan.isActive)
}

export async function planOf(tx: Tx, { hospitalId, name, businessDate }: CrossCheckKey) {
  const plans = await plansOn(tx, hospitalId, businessDate)
  return plans.find((one) => one.name === name)?.plan ?? null
}
