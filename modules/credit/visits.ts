import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { addMs, businessDateOf, DAY_MS, instantAt, MINUTE_MS } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { consentTo } from './consent.ts'
import type { CreditDependencies } from './dependencies.ts'
import { promiseBoth } from './draws.ts'
import { resolveEarlyPayment } from './early-payment.ts'
import { creditErrors } from './errors.ts'
import { findProduct } from './lender-store.ts'
import { findHospitalLimit, findLine } from './line-store.ts'
import { settleVisit, type VisitKey } from './settle.ts'
import {
  type CreditVisitId,
  type LenderId,
  type PersonId,
  type RepaymentWay,
  wayOf,
} from './terms.ts'
import { findVisit, insertVisit, liveVisitsAt, lockVisit, takeVisitsDue } from './visit-store.ts'
import type { CreditVisit, EndCause } from './visit.ts'

export type VisitWish = {
  lenderId: LenderId
  visitId: CreditVisitId
  personId: PersonId
  careHospitalId: HospitalId
  /** Null: all visits at the hospital today. */
  visitNo: string | null
  /**
   * A stay ends by discharge and not with the day. Nobody may say it of their own visit: it puts off the day on which what
   * they draw becomes a loan.
   */
  isStay: boolean
  reserveFen: Fen
  /** Without it, the line's. */
  way: RepaymentWay | null
  consentVersion: string
}

// 日终: what is left open at this hour is settled, before the day of the channels and banks ends.
const END_OF_DAY = '23:00:00'
// A stay of which nobody tells the discharge is settled then: nothing may be drawn that never falls due.
const LONGEST_STAY_MS = 60 * DAY_MS

/**
 * Agrees that what a visit costs is drawn without a further tap, up to what the limits have; this much of them is kept
 * for it. Asked again with the same id it is the same visit. Errors: line_not_found, line_not_active, way_not_offered,
 * hospital_not_served, over_limit, over_hospital_limit, visit_exists, consent_outdated.
 */
export const agreeToVisit = (
  deps: CreditDependencies,
  wish: VisitWish,
  actor: Actor,
): Promise<CreditVisit> =>
  inHospital(deps.db, wish.lenderId, async (tx) => {
    const { lenderId, visitId, personId } = wish
    const known = await lockVisit(tx, lenderId, visitId)
    if (known) return known
    const visit = await newVisit(deps, tx, wish)
    if (!(await insertVisit(tx, visit))) {
      const raced = await lockVisit(tx, lenderId, visitId)
      if (raced?.personId === personId) return raced
      throw creditErrors.visit_exists({ visit: visit.visitNo ?? visit.day })
    }
    const refusal = await promiseBoth(tx, visit, visit.reservedFen, deps.clock.now())
    if (refusal === 'over_limit') throw creditErrors.over_limit({ amountFen: wish.reserveFen })
    if (refusal === 'line_suspended') throw creditErrors.line_not_active({ id: visit.lineId })
    if (refusal) throw creditErrors.over_hospital_limit({ amountFen: wish.reserveFen })
    await consentTo(deps, tx, {
      lenderId,
      personId,
      version: wish.consentVersion,
      subject: `visit:${visitId}`,
    })
    await deps.audit(tx, lenderId, actor, {
      action: 'credit.visit_agreed',
      subject: `visit:${visitId}`,
      detail: { reservedFen: visit.reservedFen },
    })
    return visit
  })

async function newVisit(
  { clock }: CreditDependencies,
  tx: Tx,
  { lenderId, visitId, personId, careHospitalId, visitNo, isStay, reserveFen, ...wish }: VisitWish,
): Promise<CreditVisit> {
  const now = clock.now()
  const line = await findLine(tx, lenderId, { personId })
  if (!line) throw creditErrors.line_not_found()
  if (line.status !== 'active') throw creditErrors.line_not_active({ id: line.id })
  const product = await findProduct(tx, lenderId, line.productId)
  const way = wish.way ?? line.way
  if (!product || !wayOf(product, way)) throw creditErrors.way_not_offered({ way })
  if (wish.consentVersion !== product.consentVersion) {
    throw creditErrors.consent_outdated({ version: product.consentVersion })
  }
  if (!(await findHospitalLimit(tx, lenderId, careHospitalId))) {
    throw creditErrors.hospital_not_served({ hospitalId: careHospitalId })
  }
  return {
    lenderId,
    id: visitId,
    lineId: line.id,
    personId,
    careHospitalId,
    visitNo,
    day: businessDateOf(now),
    way,
    status: 'open',
    reservedFen: reserveFen,
    unusedFen: reserveFen,
    isStay,
    endsAt: isStay ? addMs(now, LONGEST_STAY_MS) : endOfDay(now),
    endCause: null,
    repayment: null,
    loanId: null,
    settledFen: null,
    settledAt: null,
    createdAt: now,
  }
}

/** 23:00 of the day; for what is agreed after it, an hour later at most: the visit must not outlive its night. */
function endOfDay(now: Date): Date {
  const end = instantAt(businessDateOf(now), END_OF_DAY)
  return end > now ? end : addMs(now, 30 * MINUTE_MS)
}

/**
 * The person has left, or was discharged: ends and settles their visits at a hospital, as the hospital's system or a
 * gate tells. Named by the person, by the hospital's number of the visit, or both. Returns what they came to; told again,
 * nothing is left to end. Errors: visit_not_named without either.
 */
export async function endVisitsAt(
  deps: CreditDependencies,
  { lenderIds, ...left }: Left & { lenderIds: readonly LenderId[] },
  cause: EndCause,
): Promise<CreditVisit[]> {
  const { personId, visitNo } = left
  if (personId === null && visitNo === null) throw creditErrors.visit_not_named()
  const ended: CreditVisit[] = []
  for (const lenderId of lenderIds) {
    const visits = await inHospital(deps.db, lenderId, (tx) => liveVisitsAt(tx, lenderId, left))
    for (const { id, visitNo: itsNo, isStay } of visits) {
      if (visitNo !== null && itsNo !== null && itsNo !== visitNo) continue
      // Who goes home for the night has not been discharged.
      if (cause === 'left' && isStay) continue
      ended.push(await settleVisit(deps, { lenderId, visitId: id }, cause))
    }
  }
  return ended
}

export type Left = {
  /** Null: whoever's visit has this number. One that was agreed for the whole day is found by the person alone. */
  personId: PersonId | null
  careHospitalId: HospitalId
  visitNo: string | null
}

const SWEEP_BATCH = 200

/**
 * Moves on the visits of one lender that are due: ends those whose day is over, settles those that only waited for a
 * payment, and asks after early payments in doubt. Returns how many it looked at; `onError` hears of one that failed.
 */
export async function sweepVisits(
  deps: CreditDependencies,
  lenderId: LenderId,
  onError: (error: unknown, subject: string) => void,
): Promise<number> {
  const now = deps.clock.now()
  const due = await inHospital(deps.db, lenderId, (tx) =>
    takeVisitsDue(tx, lenderId, { now, most: SWEEP_BATCH }),
  )
  for (const visit of due) {
    try {
      await moveOn(deps, visit)
    } catch (error) {
      onError(error, `visit:${visit.id}`)
    }
  }
  return due.length
}

/** The same for one visit, at once: what it waits for is known to have ended. */
export async function lookAfterVisit(
  deps: CreditDependencies,
  { lenderId, visitId }: VisitKey,
): Promise<void> {
  const visit = await inHospital(deps.db, lenderId, (tx) => findVisit(tx, lenderId, visitId))
  if (visit?.status === 'paying' || visit?.status === 'closing') await moveOn(deps, visit)
}

async function moveOn(deps: CreditDependencies, visit: CreditVisit): Promise<void> {
  const resolved = visit.status === 'paying' ? await resolveEarlyPayment(deps, visit) : visit
  if (resolved.status === 'paying') return
  const { lenderId, id: visitId, endsAt } = resolved
  const isOver = endsAt <= deps.clock.now()
  await settleVisit(deps, { lenderId, visitId }, isOver ? 'end_of_day' : null)
}
