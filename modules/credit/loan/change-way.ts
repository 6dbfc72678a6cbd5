import { AppError } from '../../../kernel/error.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import { makeOffer, type Offer } from '../offer/offer.ts'
import type { LenderId, LoanId, PersonId, RepaymentWay, WayTerms } from '../terms.ts'
import { bringUp } from './bring-up.ts'
import type { LoanDependencies } from './dependencies.ts'
import { loanErrors } from './errors.ts'
import { owedInFull } from './loan.ts'
import { instalmentsOf, penaltyRateOf } from './open.ts'
import { openRows, tidyUp } from './pay-down.ts'
import {
  deleteInstalment,
  insertInstalments,
  insertLoanEvent,
  readLoan,
  toInstalment,
  updateLoan,
} from './store.ts'
import type { LoanRow } from './tables.ts'

/** One way to pay a loan in instalments; or why this way is not offered. */
export type WayOffer =
  | { way: RepaymentWay; periods: number; offer: Offer; refusedBy: null }
  | { way: RepaymentWay; periods: number; offer: null; refusedBy: string }

export type LoanRef = { lenderId: LenderId; personId: PersonId; loanId: LoanId }

/** What instalments would cost, in every way of the product, for a loan that is not due yet. */
export async function waysOf(deps: LoanDependencies, ref: LoanRef): Promise<WayOffer[]> {
  return inHospital(deps.db, ref.lenderId, async (tx) => {
    const loan = await readLoan(tx, ref.lenderId, ref.loanId)
    assertChangeable(deps, loan, ref)
    const principalFen = await principalOf(tx, loan)
    const { ways, offerOf } = await offersFor(deps, tx, loan, principalFen)
    return ways.map((terms) => {
      const { way, periods } = terms
      try {
        return { way, periods, offer: offerOf(terms), refusedBy: null }
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        return { way, periods, offer: null, refusedBy: error.code }
      }
    })
  })
}

/** What the borrower saw and agreed to. */
export type WayConsent = { aprPpm: number; totalFen: Fen }

/**
 * Turns a loan that is not due yet into instalments that begin after the free days. The offer is made again, and must
 * be the one agreed to. The same change again does nothing. Errors: throws loan_overdue, loan_in_instalments,
 * offer_changed, offer_above_cap and schedule_does_not_close.
 */
export async function changeWay(
  deps: LoanDependencies,
  ref: LoanRef & { way: RepaymentWay; periods: number; consent: WayConsent },
): Promise<void> {
  const { lenderId, loanId, way, periods, consent } = ref
  await inHospital(deps.db, lenderId, async (tx) => {
    const now = deps.clock.now()
    const on = businessDateOf(now)
    const loan = await bringUp(deps, tx, lenderId, loanId, on)
    if (loan.person_id === ref.personId && loan.way === way && loan.periods === periods) return
    assertChangeable(deps, loan, ref)
    const { ways, offerOf } = await offersFor(deps, tx, loan, await principalOf(tx, loan))
    const terms = ways.find((each) => each.way === way && each.periods === periods)
    if (!terms) throw loanErrors.offer_changed({ way, periods })
    const { apr, totalFen } = offerOf(terms)
    if (apr.shownPpm !== consent.aprPpm || totalFen !== consent.totalFen) {
      throw loanErrors.offer_changed({ aprPpm: apr.shownPpm, totalFen })
    }
    await replace(deps, tx, loan, terms)
    const detail = { way, periods, aprPpm: apr.shownPpm, disclosure: apr.disclosure, totalFen }
    await insertLoanEvent(tx, loan, { on, kind: 'way_changed', detail, at: now })
    const actor = { name: `person:${ref.personId}`, requestId: null }
    const subject = `loan:${loanId}`
    await deps.audit(tx, lenderId, actor, { action: 'credit.way_changed', subject, detail })
    await tidyUp(deps, tx, loan, on)
  })
}

async function replace(
  deps: LoanDependencies,
  tx: Tx,
  loan: LoanRow,
  terms: WayTerms,
): Promise<void> {
  const [single] = await openRows(tx, loan)
  if (!single) throw loanErrors.loan_over({ loanId: loan.id })
  const principalFen = fen(single.principal_fen - single.paid_principal_fen)
  const product = await deps.productOf(tx, loan.hospital_id, loan.product_id)
  const rules = await deps.rulesOf(loan.hospital_id)
  const fresh = instalmentsOf(deps, loan, terms, rules, principalFen)
  await deleteInstalment(tx, single)
  await insertInstalments(
    tx,
    fresh.map((row) => ({ ...row, accrued_on: single.accrued_on })),
  )
  await updateLoan(tx, loan, {
    way: terms.way,
    periods: terms.periods,
    yearly_rate_ppm: terms.yearlyRatePpm,
    fee_ppm: terms.feePpm,
    penalty_rate_ppm: penaltyRateOf(product, terms),
  })
}

async function offersFor(deps: LoanDependencies, tx: Tx, loan: LoanRow, principalFen: Fen) {
  const product = await deps.productOf(tx, loan.hospital_id, loan.product_id)
  const { dueRule, disclosure } = await deps.rulesOf(loan.hospital_id)
  const free = { days: 0, end: 'inclusive' as const }
  // The free days are not counted, which makes the rate shown the higher one.
  const days = { startOn: loan.free_until, dueOn: loan.free_until }
  const offerOf = (way: WayTerms): Offer =>
    makeOffer({
      principalFen,
      ...days,
      terms: { way, free, dueRule, disclosure, aprCapPpm: product.aprCapPpm },
      ...(deps.isOpen ? { isOpen: deps.isOpen } : {}),
    })
  return { ways: product.ways.filter(({ way }) => way !== 'next_month'), offerOf }
}

function assertChangeable(deps: LoanDependencies, loan: LoanRow, ref: LoanRef): void {
  const { loanId } = ref
  if (loan.person_id !== ref.personId) throw loanErrors.loan_not_found({ loanId })
  if (loan.status !== 'open') throw loanErrors.loan_over({ loanId })
  if (loan.way !== 'next_month') throw loanErrors.loan_in_instalments({ loanId })
  if (businessDateOf(deps.clock.now()) > loan.free_until) throw loanErrors.loan_overdue({ loanId })
}

const principalOf = async (tx: Tx, loan: LoanRow): Promise<Fen> =>
  owedInFull((await openRows(tx, loan)).map(toInstalment)).principalFen
