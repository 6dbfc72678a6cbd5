import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addDays, businessDate, type BusinessDate, businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { BenefitsDependencies } from './dependencies.ts'
import { findEntitlement, insertEntitlement } from './entitlement-store.ts'
import { benefitErrors } from './errors.ts'
import { fund, newly } from './granting.ts'
import {
  earnedBy,
  insertEntry,
  listEntries,
  lockLots,
  lotsOf,
  moveLot,
  openLot,
  type PointsEntry,
  type PointsLot,
  restOf,
} from './points-store.ts'
import { type Page, runningProgrammes } from './programme-store.ts'
import {
  type Entitlement,
  type EntitlementId,
  isRunning,
  type PersonId,
  type PointEvent,
  type ProgrammeId,
} from './programme.ts'
import { mustFind } from './programmes.ts'

export type Earning = {
  hospitalId: HospitalId
  personId: PersonId
  event: PointEvent
  /** What happened, once for all time: 'visit:17:V-1'. */
  cause: string
}

/** `evidence`: the hospital's number of the visit or check-up. */
export type PointEventTold = Omit<Earning, 'cause'> & { evidence: string }

export type Exchange = {
  hospitalId: HospitalId
  personId: PersonId
  programmeId: ProgrammeId
  offerCode: string
  /** The voucher's; asked again with the same one, the exchange is the same. */
  id: EntitlementId
}

export type Points = { lots: PointsLot[]; entries: PointsEntry[] }

/** Points: earned by what keeps people well, spent on vouchers, gone with the year. */
export const createPoints = (deps: BenefitsDependencies) => ({
  earnPoints: (tx: Tx, earning: Earning): Promise<number> => earnPoints(deps, tx, earning),
  rewardEvent: (tx: Tx, told: PointEventTold, actor: Actor): Promise<number> =>
    rewardEvent(deps, tx, told, actor),
  exchange: (wish: Exchange, actor: Actor): Promise<Entitlement> => exchange(deps, wish, actor),
  pointsOf: (hospitalId: HospitalId, personId: PersonId, page: Page<PointsEntry['id']>) =>
    pointsOf(deps, { hospitalId, personId }, page),
})

const lastDayOf = (year: number): BusinessDate => businessDate(`${year}-12-31`)

const spentCause = (id: EntitlementId, year: number) => `exchange:${id}:${year}`

async function rewardOf(tx: Tx, hospitalId: HospitalId, event: PointEvent, today: BusinessDate) {
  for (const { id, terms } of await runningProgrammes(tx, hospitalId, today)) {
    const earn = terms.kind === 'points' ? terms.earn.find((one) => one.event === event) : null
    if (earn) return { ...earn, programmeId: id }
  }
  return null
}

/** Points whose last day is over are taken off, each lot once. */
async function expireLots(
  { clock, newId }: BenefitsDependencies,
  tx: Tx,
  personId: PersonId,
  today: BusinessDate,
): Promise<void> {
  for (const lot of await lockLots(tx, personId)) {
    const points = restOf(lot)
    if (lot.expiresOn >= today || points === 0) continue
    const { year } = lot
    const entry = emptyEntry(personId, year, { id: newId<'PointsEntry'>(), at: clock.now() })
    const cause = `expired:${year}`
    assert(await insertEntry(tx, { ...entry, cause, kind: 'expired', points }), `${cause} is once`)
    await moveLot(tx, { personId, year }, { kind: 'expired', points })
  }
}

async function spend(
  { clock, newId }: BenefitsDependencies,
  tx: Tx,
  lots: readonly PointsLot[],
  { personId, hospitalId, programmeId, id, points }: Exchange & { points: number },
): Promise<void> {
  let left = points
  for (const lot of lots) {
    const taken = Math.min(left, restOf(lot))
    if (taken === 0) continue
    left -= taken
    const entry = emptyEntry(personId, lot.year, { id: newId<'PointsEntry'>(), at: clock.now() })
    const about = { care_hospital_id: hospitalId, programme_id: programmeId }
    const cause = spentCause(id, lot.year)
    const isNew = await insertEntry(tx, { ...entry, ...about, cause, kind: 'spent', points: taken })
    assert(isNew, `${cause} is spent once`)
    await moveLot(tx, { personId, year: lot.year }, { kind: 'spent', points: taken })
  }
}

const emptyEntry = (personId: PersonId, year: number, made: Pick<PointsEntry, 'id' | 'at'>) => ({
  person_id: personId,
  year,
  event: null,
  care_hospital_id: null,
  programme_id: null,
  ...made,
})

/**
 * Gives the points of a programme that runs at the hospital, once for a cause and up to the year's most. Returns how
 * many were given now: 0 when nothing rewards it, when it was rewarded before, or when the year's most is reached.
 */
async function earnPoints(
  deps: BenefitsDependencies,
  tx: Tx,
  { hospitalId, personId, event, cause }: Earning,
): Promise<number> {
  const now = deps.clock.now()
  const today = businessDateOf(now)
  const found = await rewardOf(tx, hospitalId, event, today)
  if (!found) return 0
  const year = Number(today.slice(0, 4))
  await openLot(tx, { personId, year, expiresOn: lastDayOf(year + deps.rules.pointsKeptYears) })
  const earned = await earnedBy(tx, { personId, year, event })
  const points = Math.min(found.points, found.perYearMost - earned)
  if (points <= 0) return 0
  const entry: PointsEntry = {
    person_id: personId,
    id: deps.newId<'PointsEntry'>(),
    cause: `earned:${cause}`,
    year,
    kind: 'earned',
    event,
    points,
    care_hospital_id: hospitalId,
    programme_id: found.programmeId,
    at: now,
  }
  if (!(await insertEntry(tx, entry))) return 0
  await moveLot(tx, { personId, year }, { kind: 'earned', points })
  return points
}

/**
 * Somebody at a hospital says what a person did, and by which number of theirs that can be looked up: the event of one
 * number is rewarded once, whoever tells of it. Returns the points that were given now.
 */
async function rewardEvent(
  deps: BenefitsDependencies,
  tx: Tx,
  { hospitalId, personId, event, evidence }: PointEventTold,
  actor: Actor,
): Promise<number> {
  const cause = `${event}:${hospitalId}:${evidence}`
  const points = await earnPoints(deps, tx, { hospitalId, personId, event, cause })
  await deps.audit(tx, hospitalId, actor, {
    action: 'benefits.point_event',
    subject: `person:${personId}`,
    detail: { event, evidence, points },
  })
  return points
}

/**
 * Spends points, the oldest first, on a voucher of the price list. Errors: exchange_not_offered, points_not_enough,
 * budget_used_up when the programme cannot pay another voucher: the points are then untouched.
 */
async function exchange(
  deps: BenefitsDependencies,
  wish: Exchange,
  actor: Actor,
): Promise<Entitlement> {
  const { hospitalId, personId, id } = wish
  return inHospital(deps.db, hospitalId, async (tx) => {
    const today = businessDateOf(deps.clock.now())
    const { offer, voucher } = await voucherFor(deps, tx, wish, { today, actor })
    await expireLots(deps, tx, personId, today)
    const lots = await lockLots(tx, personId)
    const known = await findEntitlement(tx, { hospitalId, id })
    if (known) return known
    const has = lots.reduce((sum, lot) => sum + restOf(lot), 0)
    if (has < offer.points) throw benefitErrors.points_not_enough({ has, needs: offer.points })
    await spend(deps, tx, lots, { ...wish, points: offer.points })
    assert(await insertEntitlement(tx, voucher), 'an exchange gives one voucher')
    await fund(deps, tx, voucher)
    const subject = `entitlement:${id}`
    const detail = { points: offer.points, amountFen: offer.amountFen }
    await deps.audit(tx, hospitalId, actor, {
      action: 'benefits.exchange_points',
      subject,
      detail,
    })
    return voucher
  })
}

/** Asked by the person at some hospital: what they have, by year, and what happened, newest first. */
async function pointsOf(
  deps: BenefitsDependencies,
  { hospitalId, personId }: Pick<Earning, 'hospitalId' | 'personId'>,
  page: Page<PointsEntry['id']>,
): Promise<Points> {
  return inHospital(deps.db, hospitalId, async (tx) => {
    await expireLots(deps, tx, personId, businessDateOf(deps.clock.now()))
    return { lots: await lotsOf(tx, personId), entries: await listEntries(tx, personId, page) }
  })
}

async function voucherFor(
  deps: BenefitsDependencies,
  tx: Tx,
  { hospitalId, programmeId, offerCode, personId, id }: Exchange,
  { today, actor }: { today: BusinessDate; actor: Actor },
) {
  const programme = await mustFind(tx, { hospitalId, programmeId })
  const { terms, endsOn } = programme
  const offer =
    terms.kind === 'voucher' ? terms.offers.find(({ code }) => code === offerCode) : null
  if (!offer || terms.kind !== 'voucher' || !isRunning(programme, today)) {
    throw benefitErrors.exchange_not_offered({ offer: offerCode })
  }
  const last = addDays(today, terms.validDays - 1)
  const voucher: Entitlement = {
    hospitalId,
    id,
    programmeId,
    personId,
    ...newly(actor.name, deps.clock.now()),
    kind: 'voucher',
    origin: `exchange:${id}`,
    amountFen: offer.amountFen,
    validFrom: today,
    validUntil: last < endsOn ? last : endsOn,
    document: `points:${id}`,
    grounds: `${offer.points} points, offer ${offer.code}`,
    status: 'active',
    needsSecond: false,
    items: [],
  }
  return { offer, voucher }
}
