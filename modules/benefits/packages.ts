import type { HospitalId } from '../../kernel/id.ts'
import { addDays, businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { allot } from './budget.ts'
import type { BenefitsDependencies } from './dependencies.ts'
import { insertEntitlement } from './entitlement-store.ts'
import { benefitErrors } from './errors.ts'
import { mustRun, newly, note } from './granting.ts'
import { insertAllotment } from './programme-store.ts'
import type {
  Entitlement,
  EntitlementId,
  PackageTerms,
  PersonId,
  ProgrammeId,
} from './programme.ts'

export type PackageSale = {
  hospitalId: HospitalId
  id: EntitlementId
  programmeId: ProgrammeId
  personId: PersonId
  /** Of the payment of its price. */
  receiptNo: string
}

/**
 * Somebody of the staff says that a package was paid for. Once a second person has seen the receipt and agrees, its price goes
 * into the programme's budget and the person has it for the rest of its days. Once for a receipt. Errors:
 * programme_not_running, entitlement_wrong for a programme that is no package, entitlement_exists.
 */
export async function sellPackage(
  deps: BenefitsDependencies,
  { receiptNo, ...sale }: PackageSale,
  actor: Actor,
): Promise<Entitlement> {
  const { db, clock } = deps
  return inHospital(db, sale.hospitalId, async (tx) => {
    const today = businessDateOf(clock.now())
    const { terms } = await mustRun(tx, sale, today)
    if (terms.kind !== 'package') throw benefitErrors.entitlement_wrong({ field: 'programmeId' })
    const entitlement: Entitlement = {
      ...sale,
      ...newly(actor.name, clock.now()),
      kind: 'package',
      origin: `purchase:${receiptNo}`,
      amountFen: null,
      validFrom: today,
      validUntil: addDays(today, terms.validDays - 1),
      document: receiptNo,
      grounds: 'purchase',
      status: 'proposed',
      needsSecond: true,
      items: terms.items.map(({ code, most }) => ({ code, most, used: 0 })),
    }
    if (!(await insertEntitlement(tx, entitlement))) {
      throw benefitErrors.entitlement_exists({ document: receiptNo })
    }
    const { priceFen } = terms
    await note(deps, tx, entitlement, { actor, action: 'benefits.sell_package', priceFen })
    return entitlement
  })
}

/** The price of a package is money in its programme's budget. Errors: document_used for the receipt of another's sale. */
export async function payIn(
  deps: BenefitsDependencies,
  tx: Tx,
  { hospitalId, programmeId, document: receiptNo, id }: Entitlement,
  { terms: { priceFen }, by }: { terms: PackageTerms; by: string },
): Promise<void> {
  if (priceFen === 0) return
  const document = `receipt:${receiptNo}`
  const paid = { programmeId, amountFen: priceFen, document, at: deps.clock.now() }
  const row = { id: deps.newId<'Allotment'>(), ...paid, decidedBy: by, byTwo: true }
  if (!(await insertAllotment(tx, hospitalId, row))) throw benefitErrors.document_used({ document })
  const change = { amountFen: priceFen, cause: `benefits:sale:${id}` }
  await allot(deps, tx, { hospitalId, programmeId }, change)
}
