import { sql } from 'kysely'

import { fen } from '../../../kernel/money.ts'
import { addDays, type BusinessDate, instantAt } from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import type { LenderId, LoanId } from '../terms.ts'
import { accrueLoans, endOfBatch } from './accrue.ts'
import { postAccrual, tellStages } from './bring-up.ts'
import { BEFORE_ALL } from './debit.ts'
import type { LoanDependencies } from './dependencies.ts'
import { loanErrors } from './errors.ts'
import { portfolioOf } from './portfolio.ts'
import type { LenderDayRow, LoanTables } from './tables.ts'

/** Loans a transaction. Large enough that a batch is mostly work, small enough that a payer waits no second for it. */
const BATCH_LOANS = 10_000

/**
 * Closes a lender's business date: every open loan is accrued to it, what is due falls due, the overdue ladder moves, and
 * the figures of the evening are kept. Works in batches; each commits with how far it came, its one entry in the book and
 * its rows in the sub-ledger, so that a close that was cut off anywhere goes on where it stood and comes to the same.
 * A closed day is not closed again. Errors: throws day_not_over for a date that is not past.
 */
export async function closeDay(
  deps: LoanDependencies,
  lenderId: LenderId,
  date: BusinessDate,
  batchLoans: number = BATCH_LOANS,
): Promise<LenderDayRow> {
  if (deps.clock.now() < instantAt(addDays(date, 1))) throw loanErrors.day_not_over({ date })
  for (;;) {
    const day = await inHospital(deps.db, lenderId, (tx) =>
      closeBatch(deps, tx, lenderId, date, batchLoans),
    )
    if (day.status === 'closed') return day
  }
}

/**
 * Closes every date up to this one that is not closed: of a worker that stood still over a weekend each of its days has
 * figures and reminders of its own. Begins after the last closed one; without any, with the first loan. Returns how many.
 */
export async function closeDaysTo(
  deps: LoanDependencies,
  lenderId: LenderId,
  date: BusinessDate,
): Promise<number> {
  const first = await inHospital(deps.db, lenderId, (tx) => firstToClose(tx, lenderId, date))
  let closed = 0
  for (let day = first; day <= date; day = addDays(day, 1)) {
    await closeDay(deps, lenderId, day)
    closed += 1
  }
  return closed
}

async function firstToClose(tx: Tx, lenderId: LenderId, date: BusinessDate): Promise<BusinessDate> {
  const { rows } = await sql<{ last: BusinessDate | null; opened: BusinessDate | null }>`select
    (select max(business_date) from credit.lender_day
      where hospital_id = ${lenderId} and status = 'closed') as last,
    (select min(opened_on) from credit.loan where hospital_id = ${lenderId}) as opened`.execute(tx)
  const last = rows[0]?.last ?? null
  if (last !== null) return addDays(last, 1)
  const opened = rows[0]?.opened ?? date
  return opened < date ? opened : date
}

/** The next batch of a day, in one transaction. The day's row is locked, so that two closers take turns. */
async function closeBatch(
  deps: LoanDependencies,
  tx: Tx,
  lenderId: LenderId,
  date: BusinessDate,
  batchLoans: number,
): Promise<LenderDayRow> {
  const now = deps.clock.now()
  const day = await lockDay(tx, lenderId, date, now)
  if (day.status === 'closed') return day
  const upTo = await endOfBatch(tx, lenderId, day.done_to, batchLoans)
  const change =
    upTo === null
      ? {
          status: 'closed' as const,
          closed_at: now,
          portfolio: await portfolioOf(tx, lenderId, date),
        }
      : await closeRange(deps, tx, day, upTo)
  await updateDay(tx, day, change)
  return { ...day, ...change }
}

async function closeRange(
  deps: LoanDependencies,
  tx: Tx,
  day: LenderDayRow,
  upTo: LoanId,
): Promise<Partial<LenderDayRow>> {
  const { hospital_id: lenderId, business_date: date, done_to: after } = day
  const { stages, reminderDays } = await deps.rulesOf(lenderId)
  const cause = `day:${date}`
  const at = deps.clock.now()
  const accrued = await accrueLoans(
    tx,
    { after, upTo },
    { lenderId, date, cause, stages, reminderDays, at },
  )
  const subject = `lender-day:${date}`
  await postAccrual(deps, tx, accrued, { lenderId, date, cause: `${cause}:${after}`, subject })
  await tellStages(deps, tx, accrued.moved, lenderId, date)
  return {
    done_to: upTo,
    batches: day.batches + 1,
    loans: day.loans + accrued.loans,
    interest_fen: fen(day.interest_fen + accrued.interestFen),
    fee_fen: fen(day.fee_fen + accrued.feeFen),
    penalty_fen: fen(day.penalty_fen + accrued.penaltyFen),
  }
}

/** The days that were closed, newest first. */
export async function closedDays(
  tx: Tx,
  lenderId: LenderId,
  most: number,
): Promise<LenderDayRow[]> {
  return tx
    .withTables<LoanTables>()
    .selectFrom('credit.lender_day')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('status', '=', 'closed')
    .orderBy('business_date', 'desc')
    .limit(most)
    .execute()
}

async function lockDay(
  tx: Tx,
  lenderId: LenderId,
  date: BusinessDate,
  now: Date,
): Promise<LenderDayRow> {
  const days = tx.withTables<LoanTables>()
  await days
    .insertInto('credit.lender_day')
    .values({ ...NOTHING_DONE, hospital_id: lenderId, business_date: date, started_at: now })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'business_date']).doNothing())
    .execute()
  return days
    .selectFrom('credit.lender_day')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('business_date', '=', date)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

async function updateDay(
  tx: Tx,
  { hospital_id, business_date }: LenderDayRow,
  { portfolio, ...change }: Partial<LenderDayRow>,
): Promise<void> {
  await tx
    .withTables<LoanTables>()
    .updateTable('credit.lender_day')
    .set(portfolio ? { ...change, portfolio: JSON.stringify(portfolio) as never } : change)
    .where('hospital_id', '=', hospital_id)
    .where('business_date', '=', business_date)
    .executeTakeFirstOrThrow()
}

const NOTHING_DONE = {
  status: 'running',
  done_to: BEFORE_ALL as LoanId,
  batches: 0,
  loans: 0,
  interest_fen: fen(0),
  fee_fen: fen(0),
  penalty_fen: fen(0),
  portfolio: null,
  closed_at: null,
} as const
