import type { Selectable } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import { addMs, businessDateOf, MINUTE_MS } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import { askAgainAt } from './ask-again.ts'
import type { CreditTables } from './tables.ts'
import type { CreditVisitId, LenderId, PersonId } from './terms.ts'
import { type CreditVisit, visitKeyOf } from './visit.ts'

// The one place that reads or writes credit visits.

const tables = (tx: Tx) => tx.withTables<CreditTables>()

/** False when the person has such a visit open already, with this lender. */
export async function insertVisit(tx: Tx, visit: CreditVisit): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tables(tx)
    .insertInto('credit.visit')
    .values({
      hospital_id: visit.lenderId,
      id: visit.id,
      line_id: visit.lineId,
      person_id: visit.personId,
      care_hospital_id: visit.careHospitalId,
      visit_no: visit.visitNo,
      visit_key: visitKeyOf(visit),
      day: visit.day,
      way: visit.way,
      reserved_fen: visit.reservedFen,
      ends_at: visit.endsAt,
      is_stay: visit.isStay,
      created_at: visit.createdAt,
      updated_at: visit.createdAt,
      ...changing(visit, visit.createdAt),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function updateVisit(tx: Tx, visit: CreditVisit, now: Date): Promise<void> {
  await tables(tx)
    .updateTable('credit.visit')
    .set({ ...changing(visit, now), updated_at: now })
    .where('hospital_id', '=', visit.lenderId)
    .where('id', '=', visit.id)
    .execute()
}

// A payment whose answer is still on its way is not asked after.
const PAYING_FOR_MS = MINUTE_MS

/** When a visit in this state is to be looked at first: at its end, or once its payment has had time to be answered. */
function dueAtOf({ status, endsAt, repayment }: CreditVisit, now: Date): Date {
  if (status === 'open') return endsAt
  return status === 'paying' ? addMs(repayment?.at ?? now, PAYING_FOR_MS) : now
}

const changing = (visit: CreditVisit, now: Date) => ({
  due_at: dueAtOf(visit, now),
  asked_times: 0,
  status: visit.status,
  unused_fen: visit.unusedFen,
  end_cause: visit.endCause,
  repayment_no: visit.repayment?.repaymentNo ?? null,
  repaying_fen: visit.repayment?.amountFen ?? null,
  repayment_at: visit.repayment?.at ?? null,
  loan_id: visit.loanId,
  settled_fen: visit.settledFen,
  settled_at: visit.settledAt,
})

export async function findVisit(
  tx: Tx,
  lenderId: LenderId,
  id: CreditVisitId,
): Promise<CreditVisit | null> {
  const row = await selectVisit(tx, lenderId, id).executeTakeFirst()
  return row ? toVisit(row) : null
}

/** Locked until the transaction ends: whoever moves it on, or draws for it, takes turns here. */
export async function lockVisit(
  tx: Tx,
  lenderId: LenderId,
  id: CreditVisitId,
): Promise<CreditVisit | null> {
  const row = await selectVisit(tx, lenderId, id).forNoKeyUpdate().executeTakeFirst()
  return row ? toVisit(row) : null
}

const selectVisit = (tx: Tx, lenderId: LenderId, id: CreditVisitId) =>
  tables(tx)
    .selectFrom('credit.visit')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('id', '=', id)

/** The open visit that a bill belongs to: by its number, or by the day. */
export async function findOpenVisit(
  tx: Tx,
  lenderId: LenderId,
  { personId, careHospitalId, visitNo, now }: VisitOfBill,
): Promise<CreditVisit | null> {
  const keys = [visitNo, businessDateOf(now)]
  const rows = await tables(tx)
    .selectFrom('credit.visit')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('person_id', '=', personId)
    .where('care_hospital_id', '=', careHospitalId)
    .where('status', '=', 'open')
    .where('visit_key', 'in', keys)
    .execute()
  const row = rows.find((one) => one.visit_no === visitNo) ?? rows[0]
  return row ? toVisit(row) : null
}

/** Those that are open, in the order of their ids. */
export async function openVisitsFrom(
  tx: Tx,
  lenderId: LenderId,
  { after, most }: { after: CreditVisitId | null; most: number },
): Promise<CreditVisit[]> {
  const rows = await tables(tx)
    .selectFrom('credit.visit')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('status', '=', 'open')
    .$if(after !== null, (query) => query.where('id', '>', after))
    .orderBy('id')
    .limit(most)
    .execute()
  return rows.map(toVisit)
}

export type VisitOfBill = {
  personId: PersonId
  careHospitalId: HospitalId
  visitNo: string
  now: Date
}

/** The newest first. */
export async function visitsOfPerson(
  tx: Tx,
  lenderId: LenderId,
  personId: PersonId,
): Promise<CreditVisit[]> {
  const rows = await tables(tx)
    .selectFrom('credit.visit')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('person_id', '=', personId)
    .orderBy('id', 'desc')
    .limit(MOST_VISITS)
    .execute()
  return rows.map(toVisit)
}

const MOST_VISITS = 100

/**
 * Visits at which something is due, the longest due first: their end has come, they are to be settled, or a payment of
 * them is in doubt. Each is put off before it is looked at, so that one that stays stuck hides none that came after it.
 */
export async function takeVisitsDue(
  tx: Tx,
  lenderId: LenderId,
  { now, most }: { now: Date; most: number },
): Promise<CreditVisit[]> {
  const rows = await tables(tx)
    .selectFrom('credit.visit')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('status', 'in', ['open', 'closing', 'paying'])
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(most)
    .forNoKeyUpdate()
    .skipLocked()
    .execute()
  for (const { id, status, asked_times: times } of rows) {
    // A closing visit waits for payments of ours: to look at it costs nothing at the lender.
    const again = askAgainAt(now, status === 'closing' ? 0 : times)
    await tables(tx)
      .updateTable('credit.visit')
      .set({ due_at: again, asked_times: times + 1 })
      .where('hospital_id', '=', lenderId)
      .where('id', '=', id)
      .execute()
  }
  return rows.map(toVisit)
}

/** The visits at a hospital that have not ended: of a person, or of this number whoever's they are. */
export async function liveVisitsAt(
  tx: Tx,
  lenderId: LenderId,
  { personId, careHospitalId, visitNo }: LiveVisits,
): Promise<CreditVisit[]> {
  const rows = await tables(tx)
    .selectFrom('credit.visit')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where((eb) =>
      personId === null ? eb('visit_no', '=', visitNo) : eb('person_id', '=', personId),
    )
    .where('care_hospital_id', '=', careHospitalId)
    .where('status', 'in', ['open', 'paying'])
    .orderBy('id')
    .execute()
  return rows.map(toVisit)
}

type LiveVisits = {
  personId: PersonId | null
  careHospitalId: HospitalId
  visitNo: string | null
}

const toVisit = (row: Selectable<CreditTables['credit.visit']>): CreditVisit => ({
  lenderId: row.hospital_id,
  id: row.id,
  lineId: row.line_id,
  personId: row.person_id,
  careHospitalId: row.care_hospital_id,
  visitNo: row.visit_no,
  day: row.day,
  way: row.way,
  status: row.status,
  reservedFen: row.reserved_fen,
  unusedFen: row.unused_fen,
  endsAt: row.ends_at,
  isStay: row.is_stay,
  endCause: row.end_cause,
  repayment:
    row.repayment_no !== null && row.repaying_fen !== null && row.repayment_at !== null
      ? { repaymentNo: row.repayment_no, amountFen: row.repaying_fen, at: row.repayment_at }
      : null,
  loanId: row.loan_id,
  settledFen: row.settled_fen,
  settledAt: row.settled_at,
  createdAt: row.created_at,
})
