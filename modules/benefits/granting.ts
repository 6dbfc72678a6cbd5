import type { HospitalId } from '../../kernel/id.ts'
import { type Fen, ZERO } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { setAside } from './budget.ts'
import type { BenefitsDependencies } from './dependencies.ts'
import { benefitErrors } from './errors.ts'
import { type Entitlement, isRunning, type Programme, type ProgrammeId } from './programme.ts'
import { mustFind } from './programmes.ts'

// What every way of coming by an entitlement shares: a decision, a purchase, an exchange of points.

/** A voucher's worth is set aside, so that nobody holds one the budget cannot pay. Errors: budget_used_up. */
export async function fund(
  deps: BenefitsDependencies,
  tx: Tx,
  entitlement: Entitlement,
): Promise<void> {
  const { hospitalId, programmeId, kind, amountFen, id } = entitlement
  if (kind !== 'voucher' || amountFen === null) return
  const change = { amountFen, cause: `benefits:issue:${id}` }
  const isThere = await setAside(deps, tx, { hospitalId, programmeId }, change)
  if (!isThere) throw benefitErrors.budget_used_up({ id: programmeId })
}

export async function note(
  { audit }: BenefitsDependencies,
  tx: Tx,
  { hospitalId, id }: Entitlement,
  { actor, action, ...detail }: { actor: Actor; action: string; reason?: string; priceFen?: Fen },
): Promise<void> {
  await audit(tx, hospitalId, actor, { action, subject: `entitlement:${id}`, detail })
}

export const newly = (proposedBy: string, proposedAt: Date) => ({
  usedFen: ZERO,
  proposedBy,
  proposedAt,
  decidedBy: null,
  endReason: null,
})

/** Errors: programme_not_found, programme_not_running. */
export async function mustRun(
  tx: Tx,
  key: { hospitalId: HospitalId; programmeId: ProgrammeId },
  today: BusinessDate,
): Promise<Programme> {
  const programme = await mustFind(tx, key)
  if (!isRunning(programme, today)) throw benefitErrors.programme_not_running({ id: programme.id })
  return programme
}
