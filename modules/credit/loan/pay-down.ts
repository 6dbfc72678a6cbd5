import { type Fen, fen, minFen, subtractFen, ZERO } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import type { LoanDependencies } from './dependencies.ts'
import {
  allocate,
  type AllocationOrder,
  type Amounts,
  CURRENT,
  NOTHING,
  owedInFull,
  plus,
  sumOf,
  totalOf,
} from './loan.ts'
import { rescheduled } from './reschedule.ts'
import {
  addPaid,
  dropWhatIsToCome,
  instalmentRows,
  markPaid,
  toInstalment,
  updateInstalment,
  updateLoan,
} from './store.ts'
import type { InstalmentRow, LoanRow } from './tables.ts'

/**
 * Takes an amount off an open loan that is brought to `on`. First what is due, oldest first; then interest so far; then
 * principal that is not due yet, after which the rest of the schedule is made anew. An amount that covers all that is
 * owed ends the loan. Returns what it went to, and what was too much.
 */
export async function payDown(
  tx: Tx,
  loan: LoanRow,
  amountFen: Fen,
  on: BusinessDate,
  order: AllocationOrder,
): Promise<{ taken: Amounts; excessFen: Fen }> {
  const rows = await openRows(tx, loan)
  const all = rows.map(toInstalment)
  const owedFen = totalOf(owedInFull(all))
  if (amountFen >= owedFen) {
    const { parts } = allocate(owedFen, all, order)
    for (const { no, amounts } of parts) await addPaid(tx, loan, no, amounts)
    await dropWhatIsToCome(tx, loan)
    return {
      taken: sumOf(parts.map(({ amounts }) => amounts)),
      excessFen: subtractFen(amountFen, owedFen),
    }
  }
  const isDue = ({ dueOn }: { dueOn: BusinessDate }) => dueOn <= on
  const withoutPrincipal = all
    .filter((each) => !isDue(each))
    .map((each) => ({ ...each, open: { ...each.open, principalFen: ZERO } }))
  const { parts, leftFen } = allocate(amountFen, [...all.filter(isDue), ...withoutPrincipal], order)
  for (const { no, amounts } of parts) await addPaid(tx, loan, no, amounts)
  if (leftFen > 0) await lowerRest(tx, loan, leftFen, on)
  const taken = sumOf(parts.map(({ amounts }) => amounts))
  return { taken: plus(taken, { ...NOTHING, principalFen: leftFen }), excessFen: ZERO }
}

/** Takes principal off the part of a loan that is not due, and makes its schedule anew. Returns what it could take. */
export async function lowerRest(
  tx: Tx,
  loan: LoanRow,
  amountFen: Fen,
  on: BusinessDate,
): Promise<Fen> {
  const rest = (await openRows(tx, loan)).filter((row) => row.due_on > on)
  const openFen = fen(
    rest.reduce((sum, row) => sum + row.principal_fen - row.paid_principal_fen, 0),
  )
  const takenFen = minFen(amountFen, openFen)
  if (takenFen === 0) return ZERO
  const terms = {
    way: loan.way,
    periods: loan.periods,
    yearlyRatePpm: loan.yearly_rate_ppm,
    feePpm: loan.fee_ppm,
  }
  const changes = rescheduled(rest, subtractFen(openFen, takenFen), terms, on)
  for (const [i, change] of changes.entries()) {
    const row = rest[i]
    if (row) await updateInstalment(tx, row, change)
  }
  return takenFen
}

/** What is paid is marked so; a loan with nothing left is settled, and one with nothing overdue is current again. */
export async function tidyUp(
  deps: LoanDependencies,
  tx: Tx,
  loan: LoanRow,
  on: BusinessDate,
): Promise<void> {
  await markPaid(tx, loan)
  const rows = await openRows(tx, loan)
  const since = rows.find((row) => row.due_on < on)?.due_on ?? null
  const isSettled = rows.length === 0
  await updateLoan(tx, loan, {
    overdue_since: since,
    ...(since === null ? { stage: CURRENT } : {}),
    ...(isSettled ? { status: 'settled', ended_at: deps.clock.now() } : {}),
  })
  if (loan.stage === CURRENT || since !== null) return
  const { hospital_id: lenderId, person_id: personId, id: loanId } = loan
  await deps.onStages(tx, [{ lenderId, personId, loanId, stage: CURRENT, suspends: false, on }])
}

export const openRows = async (tx: Tx, loan: LoanRow): Promise<InstalmentRow[]> =>
  (await instalmentRows(tx, loan.hospital_id, loan.id)).filter(({ status }) => status === 'open')
