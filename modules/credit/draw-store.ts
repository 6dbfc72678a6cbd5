import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { addDays, type BusinessDate, instantAt } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { Draw, Reversal } from './draw.ts'
import type { CreditTables } from './tables.ts'
import type { CreditVisitId, LenderId, LoanId } from './terms.ts'

// The one place that reads or writes draws and their reversals.

const tables = (tx: Tx) => tx.withTables<CreditTables>()

/** False when the draw is there already: another one of the same number waits here for the first to end. */
export async function insertDraw(tx: Tx, draw: Draw): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tables(tx)
    .insertInto('credit.draw')
    .values({
      hospital_id: draw.lenderId,
      draw_no: draw.drawNo,
      line_id: draw.lineId,
      visit_id: draw.visitId,
      person_id: draw.personId,
      care_hospital_id: draw.careHospitalId,
      payment_id: draw.paymentId,
      scene: draw.scene,
      description: draw.description,
      amount_fen: draw.amountFen,
      requested_at: draw.requestedAt,
      updated_at: draw.requestedAt,
      ...changing(draw),
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'draw_no']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function updateDraw(tx: Tx, draw: Draw, now: Date): Promise<void> {
  await tables(tx)
    .updateTable('credit.draw')
    .set({ ...changing(draw), updated_at: now })
    .where('hospital_id', '=', draw.lenderId)
    .where('draw_no', '=', draw.drawNo)
    .execute()
}

const changing = (draw: Draw) => ({
  of_visit_fen: draw.ofVisitFen,
  status: draw.status,
  refusal: draw.refusal,
  returned_fen: draw.returnedFen,
  lender_no: draw.lenderNo,
  loan_id: draw.loanId,
  drawn_at: draw.drawnAt,
})

export async function findDraw(tx: Tx, lenderId: LenderId, drawNo: string): Promise<Draw | null> {
  const row = await selectDraw(tx, lenderId, drawNo).executeTakeFirst()
  return row ? toDraw(row) : null
}

/** To be called with the draw's visit locked: all who need both take them in that order. */
export async function lockDraw(tx: Tx, lenderId: LenderId, drawNo: string): Promise<Draw | null> {
  const row = await selectDraw(tx, lenderId, drawNo).forNoKeyUpdate().executeTakeFirst()
  return row ? toDraw(row) : null
}

const selectDraw = (tx: Tx, lenderId: LenderId, drawNo: string) =>
  tables(tx)
    .selectFrom('credit.draw')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('draw_no', '=', drawNo)

/** What the draws of a visit come to, and how many of them, or of their reversals, are still under way. */
export async function sumOfVisit(
  tx: Tx,
  lenderId: LenderId,
  visitId: CreditVisitId,
): Promise<{ standingFen: Fen; underWay: number }> {
  const { rows } = await sql<{ standingFen: Fen; underWay: number }>`
    select coalesce(sum(amount_fen - returned_fen) filter (where status = 'drawn'), 0)::bigint as "standingFen",
      count(*) filter (where status in ('held', 'drawing') or exists (
        select from credit.reversal r where r.hospital_id = d.hospital_id and r.draw_no = d.draw_no
          and r.hospital_id = ${lenderId} and r.status = 'asking')) as "underWay"
    from credit.draw d where d.hospital_id = ${lenderId} and d.visit_id = ${visitId}`.execute(tx)
  const [sum] = rows
  return { standingFen: sum?.standingFen ?? (0 as Fen), underWay: sum?.underWay ?? 0 }
}

/** The draws of the visit that are lent are the loan's from now on. */
export async function putIntoLoan(
  tx: Tx,
  lenderId: LenderId,
  visitId: CreditVisitId,
  loanId: LoanId,
  now: Date,
): Promise<void> {
  await tables(tx)
    .updateTable('credit.draw')
    .set({ loan_id: loanId, updated_at: now })
    .where('hospital_id', '=', lenderId)
    .where('visit_id', '=', visitId)
    .where('status', '=', 'drawn')
    .execute()
}

/** The draws of a visit, in order of their numbers. */
export async function drawsOfVisit(
  tx: Tx,
  lenderId: LenderId,
  visitId: CreditVisitId,
): Promise<Draw[]> {
  const rows = await tables(tx)
    .selectFrom('credit.draw')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('visit_id', '=', visitId)
    .orderBy('draw_no')
    .limit(MOST_DRAWS)
    .execute()
  return rows.map(toDraw)
}

const MOST_DRAWS = 500

/** False when the reversal is there already. */
export async function insertReversal(tx: Tx, reversal: Reversal): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tables(tx)
    .insertInto('credit.reversal')
    .values({
      hospital_id: reversal.lenderId,
      reversal_no: reversal.reversalNo,
      draw_no: reversal.drawNo,
      care_hospital_id: reversal.careHospitalId,
      amount_fen: reversal.amountFen,
      requested_at: reversal.requestedAt,
      updated_at: reversal.requestedAt,
      ...changingReversal(reversal),
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'reversal_no']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function updateReversal(tx: Tx, reversal: Reversal, now: Date): Promise<void> {
  await tables(tx)
    .updateTable('credit.reversal')
    .set({ ...changingReversal(reversal), updated_at: now })
    .where('hospital_id', '=', reversal.lenderId)
    .where('reversal_no', '=', reversal.reversalNo)
    .execute()
}

const changingReversal = ({ status, refusal, lenderNo, doneAt }: Reversal) => ({
  status,
  refusal,
  lender_no: lenderNo,
  done_at: doneAt,
})

export async function findReversal(
  tx: Tx,
  lenderId: LenderId,
  reversalNo: string,
): Promise<Reversal | null> {
  const row = await tables(tx)
    .selectFrom('credit.reversal')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('reversal_no', '=', reversalNo)
    .executeTakeFirst()
  return row ? toReversal(row) : null
}

/** What reversals under way want of a draw. To be called with the draw locked. */
export async function askedBackFen(tx: Tx, lenderId: LenderId, drawNo: string): Promise<Fen> {
  const { rows } = await sql<{ sum: Fen }>`
    select coalesce(sum(amount_fen), 0)::bigint as sum from credit.reversal
    where hospital_id = ${lenderId} and draw_no = ${drawNo} and status = 'asking'`.execute(tx)
  return rows[0]?.sum ?? (0 as Fen)
}

/** What moved at one hospital on one business date, by our books. */
export async function movedOn(
  tx: Tx,
  lenderId: LenderId,
  careHospitalId: HospitalId,
  date: BusinessDate,
): Promise<{ draws: Draw[]; reversals: Reversal[] }> {
  const [from, to] = [instantAt(date), instantAt(addDays(date, 1))]
  const draws = await tables(tx)
    .selectFrom('credit.draw')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('care_hospital_id', '=', careHospitalId)
    .where('drawn_at', '>=', from)
    .where('drawn_at', '<', to)
    .orderBy('draw_no')
    .execute()
  const reversals = await tables(tx)
    .selectFrom('credit.reversal')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('care_hospital_id', '=', careHospitalId)
    .where('done_at', '>=', from)
    .where('done_at', '<', to)
    .orderBy('reversal_no')
    .execute()
  return { draws: draws.map(toDraw), reversals: reversals.map(toReversal) }
}

const toDraw = (row: Selectable<CreditTables['credit.draw']>): Draw => ({
  lenderId: row.hospital_id,
  drawNo: row.draw_no,
  lineId: row.line_id,
  visitId: row.visit_id,
  personId: row.person_id,
  careHospitalId: row.care_hospital_id,
  paymentId: row.payment_id,
  scene: row.scene,
  description: row.description,
  amountFen: row.amount_fen,
  ofVisitFen: row.of_visit_fen,
  status: row.status,
  refusal: row.refusal,
  returnedFen: row.returned_fen,
  lenderNo: row.lender_no,
  loanId: row.loan_id,
  requestedAt: row.requested_at,
  drawnAt: row.drawn_at,
})

const toReversal = (row: Selectable<CreditTables['credit.reversal']>): Reversal => ({
  lenderId: row.hospital_id,
  reversalNo: row.reversal_no,
  drawNo: row.draw_no,
  careHospitalId: row.care_hospital_id,
  amountFen: row.amount_fen,
  status: row.status,
  refusal: row.refusal,
  lenderNo: row.lender_no,
  requestedAt: row.requested_at,
  doneAt: row.done_at,
})
