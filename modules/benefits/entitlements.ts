import type { HospitalId } from '../../kernel/id.ts'
import { addFen, type Fen, negateFen, subtractFen } from '../../kernel/money.ts'
import { type BusinessDate, businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { grantedAlone, lockGiver } from './alone.ts'
import { setAside } from './budget.ts'
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
import { fund, mustRun, newly, note } from './granting.ts'
import { type PackageSale, payIn, sellPackage } from './packages.ts'
import {
  type Entitlement,
  type EntitlementId,
  type PersonId,
  type Programme,
  type ProgrammeId,
} from './programme.ts'

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
  const { db, clock } = deps
  return {
    propose,
    decide,
    revoke: (key: EntitlementKey, reason: string, actor: Actor) =>
      revoke(deps, key, { reason, actor }),
    list,
    ofPerson,
    sellPackage: (sale: PackageSale, actor: Actor) => sellPackage(deps, sale, actor),
    expire: (hospitalId: HospitalId) => expireEntitlements(deps, hospitalId),
  }

  /**
   * Grants something, at once or, above the limit for one person of the staff, once a second one agrees.
   * Errors: programme_not_running, entitlement_wrong, entitlement_exists for the same document, budget_used_up.
   */
  async function propose(wish: NewEntitlement, actor: Actor): Promise<Entitlement> {
    return inHospital(db, wish.hospitalId, async (tx) => {
      const today = businessDateOf(clock.now())
      const programme = await mustRun(tx, wish, today)
      const isAlone = await mayAlone(deps, tx, wish, { by: actor.name, today })
      const how = { by: actor.name, today, needsSecond: !isAlone }
      const entitlement = newEntitlement(deps, programme, { ...wish, ...how })
      if (!(await insertEntitlement(tx, entitlement))) {
        throw benefitErrors.entitlement_exists({ document: wish.document })
      }
      if (entitlement.status === 'active') await fund(deps, tx, entitlement)
      await note(deps, tx, entitlement, { actor, action: 'benefits.propose_entitlement' })
      return entitlement
    })
  }

  /**
   * The second person agrees or does not. Errors: entitlement_not_found, entitlement_decided,
   * decided_by_same_person, budget_used_up; document_used for the receipt of another's package.
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
        const { terms } = await mustRun(tx, entitlement, businessDateOf(by.at))
        await activateEntitlement(tx, key, by)
        await fund(deps, tx, entitlement)
        if (terms.kind === 'package') await payIn(deps, tx, entitlement, { terms, by: actor.name })
      } else {
        await endEntitlement(tx, key, { ...by, status: 'refused', reason })
      }
      const action = agrees ? 'benefits.agree' : 'benefits.refuse'
      await note(deps, tx, entitlement, { actor, action, reason })
    })
  }

  function list(hospitalId: HospitalId, filter: EntitlementFilter): Promise<Entitlement[]> {
    return inHospital(db, hospitalId, (tx) => listEntitlements(tx, hospitalId, filter))
  }

  function ofPerson(hospitalId: HospitalId, personId: PersonId): Promise<Entitlement[]> {
    return inHospital(db, hospitalId, (tx) =>
      entitlementsOf(tx, hospitalId, { personId, on: null }),
    )
  }
}

/** Takes back what is not used. What is promised to payments under way stays promised. Errors: entitlement_over. */
async function revoke(
  deps: BenefitsDependencies,
  key: EntitlementKey,
  { reason, actor }: { reason: string; actor: Actor },
): Promise<void> {
  await inHospital(deps.db, key.hospitalId, async (tx) => {
    const entitlement = await mustLock(tx, key)
    if (entitlement.status !== 'active') throw benefitErrors.entitlement_over({ id: key.id })
    await unfund(deps, tx, entitlement, 'revoked')
    await endEntitlement(tx, key, {
      status: 'revoked',
      by: actor.name,
      at: deps.clock.now(),
      reason,
    })
    await note(deps, tx, entitlement, { actor, action: 'benefits.revoke_entitlement', reason })
  })
}

/** Ends what is over, up to five hundred; returns how many. What is left of vouchers is the budget's again. */
function expireEntitlements(deps: BenefitsDependencies, hospitalId: HospitalId): Promise<number> {
  return inHospital(deps.db, hospitalId, async (tx) => {
    const at = deps.clock.now()
    const over = await expiredEntitlements(tx, hospitalId, businessDateOf(at))
    for (const entitlement of inBudgetOrder(over)) {
      await unfund(deps, tx, entitlement, `expired:${entitlement.validUntil}`)
      const end = { status: 'expired' as const, by: 'system:benefits', at, reason: 'expired' }
      await endEntitlement(tx, entitlement, end)
    }
    return over.length
  })
}

/** All of them are locked by now; their budgets are locked as everywhere, by programme. */
const inBudgetOrder = (over: readonly Entitlement[]): Entitlement[] =>
  over.toSorted((a, b) => (a.programmeId < b.programmeId ? -1 : 1))

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

type Proposer = { by: string; today: BusinessDate }

/** Small enough together with what the proposer granted alone before: to this person, and on this day. */
async function mayAlone(
  { rules }: BenefitsDependencies,
  tx: Tx,
  { hospitalId, programmeId, personId, amountFen }: NewEntitlement,
  { by, today }: Proposer,
): Promise<boolean> {
  if (amountFen === null) return false
  await lockGiver(tx, hospitalId, by)
  const to = { programmeId, personId }
  const { toPersonFen, onDayFen } = await grantedAlone(tx, { hospitalId, by, today }, to)
  return (
    addFen(toPersonFen, amountFen) <= rules.aloneMostFen &&
    addFen(onDayFen, amountFen) <= rules.aloneDayMostFen
  )
}

function newEntitlement(
  { clock }: BenefitsDependencies,
  { terms, endsOn }: Programme,
  { by, today, needsSecond, ...wish }: NewEntitlement & Proposer & { needsSecond: boolean },
): Entitlement {
  const { kind } = terms
  // A package comes with its payment and points with what was done for them.
  if (kind !== 'subsidy' && kind !== 'voucher') throw wrong('programmeId')
  if (kind === 'subsidy' && !terms.byGrant) throw wrong('programmeId')
  if (kind === 'voucher' && wish.amountFen === null) throw wrong('amountFen')
  if (wish.validUntil < today || wish.validUntil > endsOn) throw wrong('validUntil')
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

async function mustLock(tx: Tx, key: EntitlementKey): Promise<Entitlement> {
  const entitlement = await lockEntitlement(tx, key)
  if (!entitlement) throw benefitErrors.entitlement_not_found({ id: key.id })
  return entitlement
}
