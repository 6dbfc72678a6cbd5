import type { HospitalId } from '../../kernel/id.ts'
import { type Fen, negateFen, subtractFen, ZERO } from '../../kernel/money.ts'
import { addDays, type BusinessDate, businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { allot, setAside } from './budget.ts'
import type { BenefitsDependencies } from './dependencies.ts'
import {
  activateEntitlement,
  endEntitlement,
  type EntitlementFilter,
  type EntitlementKey,
  entitlementsOf,
  expiredEntitlements,
  insertEntitlement,
  listEntitlements,
  lockEntitlement,
} from './entitlement-store.ts'
import { benefitErrors } from './errors.ts'
import { type Entitlement, type EntitlementId, isRunning, type PersonId, type Programme, type ProgrammeId } from './programme.ts'
import { insertAllotment } from './programme-store.ts'
import { mustFind } from './programmes.ts'

export type NewEntitlement = {
  hospitalId: HospitalId
  id: EntitlementId
  programmeId: ProgrammeId
  personId: PersonId
  /** Null: as much as the programme's rule gives; of a voucher it is what it is worth. */
  amountFen: Fen | null
  validUntil: BusinessDate
  document: string
  grounds: string
}

/** What persons are granted: by whom, on which evidence, and how it ends. */
export function createEntitlements(deps: BenefitsDependencies) {
  const { db, clock, audit } = deps
  return { propose, decide, revoke, sellPackage, expire, list, ofPerson }

  /**
   * Grants something, at once or, above the limit for one person of the staff, once a second one agrees.
   * Errors: programme_not_running, entitlement_wrong, entitlement_exists for the same document, budget_used_up.
   */
  async function propose(wish: NewEntitlement, actor: Actor): Promise<Entitlement> {
    return inHospital(db, wish.hospitalId, async (tx) => {
      const today = businessDateOf(clock.now())
      const programme = await mustRun(tx, wish, today)
      const entitlement = newEntitlement(deps, programme, { ...wish, by: actor.name, today })
      if (!(await insertEntitlement(tx, entitlement))) {
        throw benefitErrors.entitlement_exists({ document: wish.document })
      }
      if (entitlement.status === 'active') await fund(deps, tx, entitlement)
      await note(tx, entitlement, actor, 'benefits.propose_entitlement')
      return entitlement
    })
  }

  /**
   * The second person agrees or does not. Errors: entitlement_not_found, entitlement_decided,
   * decided_by_same_person, budget_used_up.
   */
  async function decide(
    key: EntitlementKey,
    { agrees, reason }: { agrees: boolean; reason: string },
    actor: Actor,
  ): Promise<void> {
    await inHospital(db, key.hospitalId, async (tx) => {
      const entitlement = await mustLock(tx, key)
      if (entitlement.status !== 'proposed') throw benefitErrors.entitlement_decided({ id: key.id })
      if (entitlement.proposedBy === actor.name) throw benefitErrors.decided_by_same_person()
      const by = { by: actor.name, at: clock.now() }
      if (agrees) {
        await mustRun(tx, entitlement, businessDateOf(by.at))
        await activateEntitlement(tx, key, by)
        await fund(deps, tx, entitlement)
      } else {
        await endEntitlement(tx, key, { ...by, status: 'refused', reason })
      }
      await note(tx, entitlement, actor, agrees ? 'benefits.agree' : 'benefits.refuse', { reason })
    })
  }

  /** Takes back what is not used. What is promised to payments under way stays promised. Errors: entitlement_over. */
  async function revoke(key: EntitlementKey, reason: string, actor: Actor): Promise<void> {
    await inHospital(db, key.hospitalId, async (tx) => {
      const entitlement = await mustLock(tx, key)
      if (entitlement.status !== 'active') throw benefitErrors.entitlement_over({ id: key.id })
      await unfund(deps, tx, entitlement, 'revoked')
      await endEntitlement(tx, key, { status: 'revoked', by: actor.name, at: clock.now(), reason })
      await note(tx, entitlement, actor, 'benefits.revoke_entitlement', { reason })
    })
  }

  /**
   * A package was paid for: its price goes into the programme's budget, and the person has it for its days. Once for a
   * receipt. Errors: programme_not_running, entitlement_wrong for a programme that is no package, entitlement_exists.
   */
  async function sellPackage(sale: PackageSale, actor: Actor): Promise<Entitlement> {
    const { hospitalId, programmeId, receiptNo } = sale
    return inHospital(db, hospitalId, async (tx) => {
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
        status: 'active',
        needsSecond: false,
        items: terms.items.map(({ code, most }) => ({ code, most, used: 0 })),
      }
      if (!(await insertEntitlement(tx, entitlement))) {
        throw benefitErrors.entitlement_exists({ document: receiptNo })
      }
      await payIn(tx, sale, terms.priceFen, actor)
      await note(tx, entitlement, actor, 'benefits.sell_package', { priceFen: terms.priceFen })
      return entitlement
    })
  }

  /** The price of a package is money in its programme's budget. Errors: document_used for a receipt of another sale. */
  async function payIn(
    tx: Tx,
    { hospitalId, programmeId, receiptNo, id }: PackageSale,
    priceFen: Fen,
    { name: decidedBy }: Actor,
  ): Promise<void> {
    if (priceFen === 0) return
    const allotment = { id: deps.newId<'Allotment'>(), programmeId, amountFen: priceFen }
    const document = `receipt:${receiptNo}`
    const row = { ...allotment, document, decidedBy, at: clock.now() }
    if (!(await insertAllotment(tx, hospitalId, row))) throw benefitErrors.document_used({ document })
    const change = { amountFen: priceFen, cause: `benefits:sale:${id}` }
    await allot(deps, tx, { hospitalId, programmeId }, change)
  }

  /** Ends what is over, up to five hundred; returns how many. What is left of vouchers is the budget's again. */
  async function expire(hospitalId: HospitalId): Promise<number> {
    return inHospital(db, hospitalId, async (tx) => {
      const at = clock.now()
      const over = await expiredEntitlements(tx, hospitalId, businessDateOf(at))
      for (const entitlement of over) {
        await unfund(deps, tx, entitlement, `expired:${entitlement.validUntil}`)
        const end = { status: 'expired' as const, by: 'system:benefits', at, reason: 'expired' }
        await endEntitlement(tx, entitlement, end)
      }
      return over.length
    })
  }

  function list(hospitalId: HospitalId, filter: EntitlementFilter): Promise<Entitlement[]> {
    return inHospital(db, hospitalId, (tx) => listEntitlements(tx, hospitalId, filter))
  }

  function ofPerson(hospitalId: HospitalId, personId: PersonId): Promise<Entitlement[]> {
    return inHospital(db, hospitalId, (tx) => entitlementsOf(tx, hospitalId, { personId, on: null }))
  }

  async function note(
    tx: Tx,
    { hospitalId, id }: Entitlement,
    actor: Actor,
    action: string,
    detail: Record<string, string | number> = {},
  ): Promise<void> {
    await audit(tx, hospitalId, actor, { action, subject: `entitlement:${id}`, detail })
  }
}

export type PackageSale = {
  hospitalId: HospitalId
  id: EntitlementId
  programmeId: ProgrammeId
  personId: PersonId
  receiptNo: string
}

/** A voucher's worth is set aside, so that nobody holds one the budget cannot pay. Errors: budget_used_up. */
export async function fund(deps: BenefitsDependencies, tx: Tx, entitlement: Entitlement): Promise<void> {
  const { hospitalId, programmeId, kind, amountFen, id } = entitlement
  if (kind !== 'voucher' || amountFen === null) return
  const change = { amountFen, cause: `benefits:issue:${id}` }
  const isThere = await setAside(deps, tx, { hospitalId, programmeId }, change)
  if (!isThere) throw benefitErrors.budget_used_up({ id: programmeId })
}

async function unfund(
  deps: BenefitsDependencies,
  tx: Tx,
  { hospitalId, programmeId, kind, amountFen, usedFen, id }: Entitlement,
  why: string,
): Promise<void> {
  if (kind !== 'voucher' || amountFen === null) return
  const restFen = subtractFen(amountFen, usedFen)
  const change = { amountFen: negateFen(restFen), cause: `benefits:unissue:${id}:${why}` }
  await setAside(deps, tx, { hospitalId, programmeId }, change)
}

function newEntitlement(
  { clock, rules }: BenefitsDependencies,
  { terms, endsOn }: Programme,
  { by, today, ...wish }: NewEntitlement & { by: string; today: BusinessDate },
): Entitlement {
  const { kind } = terms
  // A package comes with its payment and points with what was done for them.
  if (kind !== 'subsidy' && kind !== 'voucher') throw wrong('programmeId')
  if (kind === 'subsidy' && !terms.byGrant) throw wrong('programmeId')
  if (kind === 'voucher' && wish.amountFen === null) throw wrong('amountFen')
  if (wish.validUntil < today || wish.validUntil > endsOn) throw wrong('validUntil')
  const needsSecond = wish.amountFen === null || wish.amountFen > rules.aloneMostFen
  return {
    ...wish,
    ...newly(by, clock.now()),
    kind,
    origin: `decision:${wish.document}`,
    validFrom: today,
    status: needsSecond ? 'proposed' : 'active',
    needsSecond,
    items: [],
  }
}

const wrong = (field: string) => benefitErrors.entitlement_wrong({ field })

export const newly = (proposedBy: string, proposedAt: Date) => ({
  usedFen: ZERO,
  proposedBy,
  proposedAt,
  decidedBy: null,
  endReason: null,
})

async function mustLock(tx: Tx, key: EntitlementKey): Promise<Entitlement> {
  const entitlement = await lockEntitlement(tx, key)
  if (!entitlement) throw benefitErrors.entitlement_not_found({ id: key.id })
  return entitlement
}

/** Errors: programme_not_found, programme_not_running. */
async function mustRun(
  tx: Tx,
  key: { hospitalId: HospitalId; programmeId: ProgrammeId },
  today: BusinessDate,
): Promise<Programme> {
  const programme = await mustFind(tx, key)
  if (!isRunning(programme, today)) throw benefitErrors.programme_not_running({ id: programme.id })
  return programme
}
