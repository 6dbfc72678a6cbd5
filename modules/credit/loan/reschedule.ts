import { AppError } from '../../../kernel/error.ts'
import { type Fen, fen, ZERO } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import { daysBetween } from '../offer/due-dates.ts'
import { partOf, roundHalfUp } from '../offer/rate.ts'
import { type Due, scheduleOf, type ScheduleTerms } from '../offer/schedule.ts'
import type { InstalmentRow } from './tables.ts'

/** What of an instalment changes when the rest of its loan's schedule is made anew. */
export type NewTerms = Pick<
  InstalmentRow,
  'no' | 'from_on' | 'principal_fen' | 'interest_fen' | 'fee_fen' | 'brought_fen'
>

/**
 * The rest of a schedule over less principal, by the rules it was made with: the same number of periods on the same days.
 * Shape: the instalments that are not due yet, in order, brought to `on`. Interest up to `on` stays owed; for the rest of a
 * period that has begun it is the days' part of a whole one. A flat fee shrinks with the principal.
 */
export function rescheduled(
  rest: readonly InstalmentRow[],
  principalFen: Fen,
  terms: ScheduleTerms,
  on: BusinessDate,
): NewTerms[] {
  const beforeFen = fen(rest.reduce((sum, row) => sum + openPrincipal(row), 0))
  const fresh = amountsOf(rest, principalFen, terms)
  return rest.map((row, i) => {
    const begun = on > row.from_on
    const fromOn = begun ? on : row.from_on
    const due = fresh[i]
    return {
      no: row.no,
      from_on: fromOn,
      principal_fen: fen(row.paid_principal_fen + (due?.principalFen ?? 0)),
      interest_fen: interestOf(row, fromOn, due?.interestFen ?? ZERO, terms),
      fee_fen: feeOf(row, principalFen, beforeFen),
      brought_fen: begun ? row.accrued_interest_fen : row.brought_fen,
    }
  })
}

const openPrincipal = (row: InstalmentRow): Fen => fen(row.principal_fen - row.paid_principal_fen)

function amountsOf(
  rest: readonly InstalmentRow[],
  principalFen: Fen,
  terms: ScheduleTerms,
): Pick<Due, 'principalFen' | 'interestFen'>[] {
  if (principalFen === 0) return []
  const days = {
    startOn: '' as BusinessDate,
    dueOn: rest.map((row) => row.due_on),
    free: { days: 0, end: 'inclusive' as const },
  }
  if (terms.way === 'next_month') return [{ principalFen, interestFen: ZERO }]
  const same = { ...terms, periods: rest.length }
  try {
    return scheduleOf(principalFen, same, days)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    // A few fen over many periods have no equal payment. In equal parts of principal they always close.
    return scheduleOf(principalFen, { ...same, way: 'equal_principal' }, days)
  }
}

function interestOf(
  row: InstalmentRow,
  fromOn: BusinessDate,
  ofWholePeriodFen: Fen,
  { way }: ScheduleTerms,
): Fen {
  const daysLeft = daysBetween(fromOn, row.due_on)
  // A single repayment is due on the last free day.
  if (way === 'next_month') return ZERO
  if (daysLeft >= row.period_days) return ofWholePeriodFen
  return partOf(ofWholePeriodFen, daysLeft, row.period_days)
}

/** Never below what was charged. */
const feeOf = (row: InstalmentRow, nowFen: Fen, beforeFen: Fen): Fen => {
  if (row.fee_fen === 0 || beforeFen === 0) return row.fee_fen
  const feeFen = roundHalfUp(BigInt(row.fee_fen) * BigInt(nowFen), BigInt(beforeFen))
  return feeFen < row.charged_fee_fen ? row.charged_fee_fen : feeFen
}
