import { sql } from 'kysely'

import { type Fen, fen, ZERO } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import type { LenderId, LoanId, PersonId } from '../terms.ts'
import { loanErrors } from './errors.ts'
import type { Amounts, Instalment } from './loan.ts'
import type { InstalmentRow, LoanRow, LoanTables, RepaymentRow } from './tables.ts'

// The one place that reads and writes single loans. What is done to many at once is in accrue.ts and portfolio.ts.

/** False when there is a loan with this id. */
export async function insertLoan(tx: Tx, loan: LoanRow): Promise<boolean> {
  const inserted = await tx
    .withTables<LoanTables>()
    .insertInto('credit.loan')
    .values(loan)
    .onConflict((conflict) => conflict.columns(['hospital_id', 'id']).doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

/** Locks it until the transaction ends, so that whatever changes a loan takes turns. */
export async function lockLoan(tx: Tx, lenderId: LenderId, loanId: LoanId): Promise<LoanRow> {
  const row = await loanById(tx, lenderId, loanId).forUpdate().executeTakeFirst()
  if (!row) throw loanErrors.loan_not_found({ loanId })
  return row
}

export async function readLoan(tx: Tx, lenderId: LenderId, loanId: LoanId): Promise<LoanRow> {
  const row = await loanById(tx, lenderId, loanId).executeTakeFirst()
  if (!row) throw loanErrors.loan_not_found({ loanId })
  return row
}

const loanById = (tx: Tx, lenderId: LenderId, loanId: LoanId) =>
  tx
    .withTables<LoanTables>()
    .selectFrom('credit.loan')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('id', '=', loanId)

const MOST_LOANS = 200

/** Newest first. */
export async function loansOf(
  tx: Tx,
  lenderId: LenderId,
  personId: PersonId,
  onlyOpen: boolean,
): Promise<LoanRow[]> {
  return tx
    .withTables<LoanTables>()
    .selectFrom('credit.loan')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('person_id', '=', personId)
    .$if(onlyOpen, (query) => query.where('status', '<>', 'settled'))
    .orderBy('id', 'desc')
    .limit(MOST_LOANS)
    .execute()
}

export async function updateLoan(
  tx: Tx,
  { hospital_id, id }: LoanRow,
  change: Partial<LoanRow>,
): Promise<void> {
  await tx
    .withTables<LoanTables>()
    .updateTable('credit.loan')
    .set(change)
    .where('hospital_id', '=', hospital_id)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

/** In order of their days. */
export async function instalmentRows(
  tx: Tx,
  lenderId: LenderId,
  loanId: LoanId,
): Promise<InstalmentRow[]> {
  return tx
    .withTables<LoanTables>()
    .selectFrom('credit.instalment')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('loan_id', '=', loanId)
    .orderBy('no')
    .execute()
}

export const toInstalment = (row: InstalmentRow): Instalment => ({
  no: row.no,
  fromOn: row.from_on,
  dueOn: row.due_on,
  periodDays: row.period_days,
  status: row.status,
  scheduled: {
    principalFen: row.principal_fen,
    interestFen: fen(row.brought_fen + row.interest_fen),
    feeFen: row.fee_fen,
  },
  open: {
    principalFen: fen(row.principal_fen - row.paid_principal_fen),
    interestFen: fen(row.accrued_interest_fen - row.paid_interest_fen),
    feeFen: fen(row.charged_fee_fen - row.paid_fee_fen),
    penaltyFen: fen(row.accrued_penalty_fen - row.paid_penalty_fen),
  },
  paid: {
    principalFen: row.paid_principal_fen,
    interestFen: row.paid_interest_fen,
    feeFen: row.paid_fee_fen,
    penaltyFen: row.paid_penalty_fen,
  },
})

export async function insertInstalments(tx: Tx, rows: readonly InstalmentRow[]): Promise<void> {
  await tx
    .withTables<LoanTables>()
    .insertInto('credit.instalment')
    .values([...rows])
    .execute()
}

export async function deleteInstalment(tx: Tx, row: InstalmentRow): Promise<void> {
  await tx
    .withTables<LoanTables>()
    .deleteFrom('credit.instalment')
    .where('hospital_id', '=', row.hospital_id)
    .where('loan_id', '=', row.loan_id)
    .where('no', '=', row.no)
    .executeTakeFirstOrThrow()
}

export async function updateInstalment(
  tx: Tx,
  row: InstalmentRow,
  change: Partial<InstalmentRow>,
): Promise<void> {
  await tx
    .withTables<LoanTables>()
    .updateTable('credit.instalment')
    .set(change)
    .where('hospital_id', '=', row.hospital_id)
    .where('loan_id', '=', row.loan_id)
    .where('no', '=', row.no)
    .executeTakeFirstOrThrow()
}

/** Adds to what was paid of one instalment. */
export async function addPaid(
  tx: Tx,
  { hospital_id, id }: LoanRow,
  no: number,
  amounts: Amounts,
): Promise<void> {
  await tx
    .withTables<LoanTables>()
    .updateTable('credit.instalment')
    .set((eb) => ({
      paid_principal_fen: eb('paid_principal_fen', '+', amounts.principalFen),
      paid_interest_fen: eb('paid_interest_fen', '+', amounts.interestFen),
      paid_fee_fen: eb('paid_fee_fen', '+', amounts.feeFen),
      paid_penalty_fen: eb('paid_penalty_fen', '+', amounts.penaltyFen),
    }))
    .where('hospital_id', '=', hospital_id)
    .where('loan_id', '=', id)
    .where('no', '=', no)
    .executeTakeFirstOrThrow()
}

/** What has nothing open and nothing to come is paid. */
export async function markPaid(tx: Tx, { hospital_id, id }: LoanRow): Promise<void> {
  await sql`update credit.instalment set status = 'paid'
    where hospital_id = ${hospital_id} and loan_id = ${id} and status = 'open'
      and paid_principal_fen = principal_fen and paid_interest_fen = brought_fen + interest_fen
      and accrued_interest_fen = paid_interest_fen and paid_fee_fen = fee_fen
      and charged_fee_fen = fee_fen and paid_penalty_fen = accrued_penalty_fen`.execute(tx)
}

/** Of a loan repaid before its time: interest that did not accrue and fees not charged will not come any more. */
export async function dropWhatIsToCome(tx: Tx, { hospital_id, id }: LoanRow): Promise<void> {
  await sql`update credit.instalment
    set interest_fen = accrued_interest_fen - brought_fen, fee_fen = charged_fee_fen
    where hospital_id = ${hospital_id} and loan_id = ${id} and status = 'open'`.execute(tx)
}

export async function writeOffInstalments(tx: Tx, { hospital_id, id }: LoanRow): Promise<void> {
  await sql`update credit.instalment set status = 'written_off'
    where hospital_id = ${hospital_id} and loan_id = ${id} and status = 'open'`.execute(tx)
}

export async function insertLoanEntry(
  tx: Tx,
  { hospital_id, id }: LoanRow,
  fact: { cause: string; businessDate: BusinessDate },
  amounts: Amounts,
): Promise<void> {
  await tx
    .withTables<LoanTables>()
    .insertInto('credit.loan_entry')
    .values({
      hospital_id,
      loan_id: id,
      cause: fact.cause,
      business_date: fact.businessDate,
      principal_fen: amounts.principalFen,
      interest_fen: amounts.interestFen,
      fee_fen: amounts.feeFen,
      penalty_fen: amounts.penaltyFen,
    })
    .execute()
}

/** Once a day and kind: a second of the same day says nothing new. */
export async function insertLoanEvent(
  tx: Tx,
  { hospital_id, id }: LoanRow,
  event: LoanEvent,
): Promise<void> {
  await tx
    .withTables<LoanTables>()
    .insertInto('credit.loan_event')
    .values({
      hospital_id,
      loan_id: id,
      business_date: event.on,
      kind: event.kind,
      about: event.about ?? '',
      detail: event.detail,
      at: event.at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Of one kind once a day, or once a day for each thing it is `about`. */
export type LoanEvent = {
  on: BusinessDate
  kind: string
  about?: string
  detail: Record<string, unknown>
  at: Date
}

export const findLoanEvent = (tx: Tx, loan: LoanRow, kind: string, about: string) =>
  tx
    .withTables<LoanTables>()
    .selectFrom('credit.loan_event')
    .select('detail')
    .where('hospital_id', '=', loan.hospital_id)
    .where('loan_id', '=', loan.id)
    .where('kind', '=', kind)
    .where('about', '=', about)
    .executeTakeFirst()

/** False when there is one with this number, or another of the loan has no answer yet. */
export async function insertRepayment(tx: Tx, row: RepaymentRow): Promise<boolean> {
  const inserted = await tx
    .withTables<LoanTables>()
    .insertInto('credit.repayment')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

export async function findRepayment(
  tx: Tx,
  lenderId: LenderId,
  repaymentNo: string,
): Promise<RepaymentRow | null> {
  const row = await tx
    .withTables<LoanTables>()
    .selectFrom('credit.repayment')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('repayment_no', '=', repaymentNo)
    .executeTakeFirst()
  return row ?? null
}

export async function updateRepayment(
  tx: Tx,
  row: RepaymentRow,
  change: Partial<RepaymentRow>,
): Promise<void> {
  await tx
    .withTables<LoanTables>()
    .updateTable('credit.repayment')
    .set(change)
    .where('hospital_id', '=', row.hospital_id)
    .where('repayment_no', '=', row.repayment_no)
    .executeTakeFirstOrThrow()
}

/** What was repaid of a loan, or tried to, newest first. */
export async function repaymentsOf(
  tx: Tx,
  { hospital_id, id }: LoanRow,
  most: number,
): Promise<RepaymentRow[]> {
  return tx
    .withTables<LoanTables>()
    .selectFrom('credit.repayment')
    .selectAll()
    .where('hospital_id', '=', hospital_id)
    .where('loan_id', '=', id)
    .orderBy('requested_at', 'desc')
    .limit(most)
    .execute()
}

/** Open loans with something due on one of these days, after one of them. */
export async function loansDueOn(
  tx: Tx,
  lenderId: LenderId,
  days: readonly BusinessDate[],
  after: LoanId,
  most: number,
): Promise<LoanId[]> {
  const { rows } = await sql<{ id: LoanId }>`
    select distinct loan_id as id from credit.instalment
    where hospital_id = ${lenderId} and status = 'open' and due_on = any(${[...days]}::date[])
      and loan_id > ${after}
    order by loan_id limit ${most}`.execute(tx)
  return rows.map(({ id }) => id)
}

/** An instalment as a schedule has it, with nothing accrued and nothing paid. */
export const newInstalment = (
  lenderId: LenderId,
  loanId: LoanId,
  due: Pick<
    InstalmentRow,
    'no' | 'from_on' | 'due_on' | 'period_days' | 'principal_fen' | 'interest_fen' | 'fee_fen'
  >,
  accruedOn: BusinessDate,
  broughtFen: Fen = ZERO,
): InstalmentRow => ({
  hospital_id: lenderId,
  loan_id: loanId,
  ...due,
  brought_fen: broughtFen,
  accrued_interest_fen: broughtFen,
  charged_fee_fen: ZERO,
  accrued_penalty_fen: ZERO,
  penalty_carry: HALF_A_FEN,
  accrued_on: accruedOn,
  day_interest_fen: ZERO,
  day_fee_fen: ZERO,
  day_penalty_fen: ZERO,
  paid_principal_fen: ZERO,
  paid_interest_fen: ZERO,
  paid_fee_fen: ZERO,
  paid_penalty_fen: ZERO,
  status: 'open',
})

// Beginning at half a fen, whole fen cut off the sum are the sum rounded half up.
const HALF_A_FEN = 182_500_000

/** The row of the sub-ledger with this cause, if there is one. */
export async function findLoanEntry(tx: Tx, { hospital_id, id }: LoanRow, cause: string) {
  return tx
    .withTables<LoanTables>()
    .selectFrom('credit.loan_entry')
    .selectAll()
    .where('hospital_id', '=', hospital_id)
    .where('loan_id', '=', id)
    .where('cause', '=', cause)
    .executeTakeFirst()
}
