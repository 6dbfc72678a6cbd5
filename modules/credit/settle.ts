import { assert } from '../../kernel/assert.ts'
import { type Fen, ZERO } from '../../kernel/money.ts'
import { addDays, businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { CreditDependencies } from './dependencies.ts'
import { putIntoLoan, sumOfVisit } from './draw-store.ts'
import type { Draw } from './draw.ts'
import { creditErrors } from './errors.ts'
import { findProduct } from './lender-store.ts'
import { findLine, freeAtHospital, moveUse } from './line-store.ts'
import { postSettlement } from './posting.ts'
import type { CreditVisitId, LenderId, LoanId } from './terms.ts'
import { lockVisit, updateVisit } from './visit-store.ts'
import { type CreditVisit, type EndCause, moveVisit } from './visit.ts'

/**
 * Ends a visit and makes one loan of all that was drawn in it. While a payment or a refund of it is under way it stays
 * 'closing', and is settled when that has ended; asked again it answers what it came to. A visit that the payer is
 * paying is left to that payment.
 */
export const settleVisit = (
  deps: CreditDependencies,
  { lenderId, visitId }: VisitKey,
  cause: EndCause | null,
): Promise<CreditVisit> =>
  inHospital(deps.db, lenderId, async (tx) => {
    const now = deps.clock.now()
    const visit = await lockVisit(tx, lenderId, visitId)
    if (!visit) throw creditErrors.visit_not_found({ id: visitId })
    const ended = await end(tx, visit, cause, now)
    if (ended.status !== 'closing') return ended
    const { standingFen, underWay } = await sumOfVisit(tx, lenderId, visitId)
    if (underWay > 0) return ended
    const settled =
      standingFen === 0
        ? moveVisit(ended, 'emptied', { settledFen: ZERO, settledAt: now })
        : await intoOneLoan(deps, tx, ended, standingFen)
    await updateVisit(tx, settled, now)
    await deps.onVisitEnded?.(tx, settled)
    return settled
  })

export type VisitKey = { lenderId: LenderId; visitId: CreditVisitId }

/** What the visit had promised to it and did not use is free. */
async function end(
  tx: Tx,
  visit: CreditVisit,
  cause: EndCause | null,
  now: Date,
): Promise<CreditVisit> {
  if (cause === null) return visit
  if (visit.status === 'paying') {
    const ending = { ...visit, endCause: visit.endCause ?? cause }
    await updateVisit(tx, ending, now)
    return ending
  }
  if (visit.status !== 'open') return visit
  const ended = moveVisit(visit, 'ended', { endCause: cause, unusedFen: ZERO })
  await updateVisit(tx, ended, now)
  await freeUnused(tx, visit, now)
  return ended
}

export async function freeUnused(tx: Tx, visit: CreditVisit, now: Date): Promise<void> {
  await moveUse(tx, visit, { reserved: 0 - visit.unusedFen }, now)
  await freeAtHospital(tx, visit, visit.unusedFen, now)
}

async function intoOneLoan(
  deps: CreditDependencies,
  tx: Tx,
  visit: CreditVisit,
  amountFen: Fen,
): Promise<CreditVisit> {
  const now = deps.clock.now()
  const subject = `visit:${visit.id}`
  const { loanId, post } = await openLoan(deps, tx, { ...visit, amountFen, subject })
  await putIntoLoan(tx, visit.lenderId, visit.id, loanId, now)
  await post()
  return moveVisit(visit, 'settled', { loanId, settledFen: amountFen, settledAt: now })
}

/** A draw outside of any visit is a settlement by itself. Its entry is made by `post`, once nothing else is to be done. */
export const openLoanOf = (deps: CreditDependencies, tx: Tx, draw: Draw): Promise<OpenedLoan> =>
  openLoan(deps, tx, { ...draw, visitNo: null, subject: `draw:${draw.drawNo}` })

type OpenedLoan = { loanId: LoanId; post: () => Promise<void> }

async function openLoan(deps: CreditDependencies, tx: Tx, what: ToLend): Promise<OpenedLoan> {
  const { lenderId, lineId, personId, careHospitalId, amountFen, visitNo, subject } = what
  const line = await findLine(tx, lenderId, { id: lineId })
  const product = line && (await findProduct(tx, lenderId, line.productId))
  assert(product, 'a line has a product')
  const at = deps.clock.now()
  const loanId = deps.newId<'Loan'>()
  await deps.loans.open(tx, {
    loanId,
    lenderId,
    personId,
    hospitalId: careHospitalId,
    visitNo,
    product,
    principalFen: amountFen,
    openedAt: at,
    dueOn: addDays(businessDateOf(at), product.freeDays),
    way: what.way ?? line.way,
  })
  const settled = { lenderId, careHospitalId, amountFen, subject, at }
  return { loanId, post: () => postSettlement(deps.ledger, tx, settled) }
}

type ToLend = Pick<Draw, 'lenderId' | 'lineId' | 'personId' | 'careHospitalId' | 'amountFen'> & {
  visitNo: string | null
  subject: string
  /** As agreed for the visit; without one, the line's. */
  way?: CreditVisit['way']
}
