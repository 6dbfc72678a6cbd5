import { type Selectable, sql, type Updateable } from 'kysely'

import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { PaymentId } from '../payments/index.ts'
import type { CaseId, Difference, DifferenceId } from './day.ts'
import { foundAnew, type Merge } from './merge.ts'
import type { ReconciliationTables } from './tables.ts'

// Differences: the one place that writes this table.

type DifferenceRow = Selectable<ReconciliationTables['reconciliation.difference']>

const tables = (tx: Tx) => tx.withTables<ReconciliationTables>()

const ofDay = (tx: Tx, hospitalId: HospitalId, businessDate: BusinessDate) =>
  tables(tx)
    .selectFrom('reconciliation.difference')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '=', businessDate)

/** Those of a day the machine still works on, in the order they were found. */
export async function openDifferences(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
): Promise<Difference[]> {
  const rows = await ofDay(tx, hospitalId, businessDate)
    .where('status', 'in', ['found', 'repairing'])
    .orderBy('id')
    .execute()
  return rows.map(toDifference)
}

/** All there ever were between ours and one party's list of a day. */
export async function differencesOf(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  source: string,
): Promise<Difference[]> {
  const rows = await ofDay(tx, hospitalId, businessDate)
    .where('source', '=', source)
    .orderBy('id')
    .execute()
  return rows.map(toDifference)
}

/** What is not settled about a payment, on any day. */
export async function unsettledOfPayment(
  tx: Tx,
  hospitalId: HospitalId,
  paymentId: PaymentId,
): Promise<Difference[]> {
  const rows = await tables(tx)
    .selectFrom('reconciliation.difference')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('payment_id', '=', paymentId)
    .where('status', 'in', ['found', 'repairing', 'in_case'])
    .orderBy('id')
    .execute()
  return rows.map(toDifference)
}

export async function differencesOfCase(
  tx: Tx,
  hospitalId: HospitalId,
  caseId: CaseId,
): Promise<Difference[]> {
  const rows = await tables(tx)
    .selectFrom('reconciliation.difference')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('case_id', '=', caseId)
    .orderBy('id')
    .execute()
  return rows.map(toDifference)
}

export async function findDifference(
  tx: Tx,
  hospitalId: HospitalId,
  id: DifferenceId,
): Promise<Difference | null> {
  const row = await tables(tx)
    .selectFrom('reconciliation.difference')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toDifference(row) : null
}

/** Writes down what a comparison changed; returns what it found anew. */
export async function saveMerge(
  tx: Tx,
  newId: NewId,
  { hospitalId, businessDate, source }: ListKey,
  { added, changed }: Merge,
  now: Date,
): Promise<Difference[]> {
  const opened = added.map((found) => ({
    ...foundAnew(found, now),
    id: newId<'Difference'>(),
    businessDate,
    source,
    foundAt: now,
  }))
  for (let from = 0; from < opened.length; from += ROWS_AT_ONCE) {
    const rows = opened.slice(from, from + ROWS_AT_ONCE).map((one) => toRow(hospitalId, one))
    await tables(tx).insertInto('reconciliation.difference').values(rows).execute()
  }
  for (const difference of changed) {
    const { hospital_id: _, id, ...changes } = toRow(hospitalId, difference)
    await updateDifference(tx, hospitalId, id, changes)
  }
  return opened
}

// A statement takes at most 65,535 parameters.
const ROWS_AT_ONCE = 1_000

export async function updateDifference(
  tx: Tx,
  hospitalId: HospitalId,
  id: DifferenceId,
  changes: Updateable<ReconciliationTables['reconciliation.difference']>,
): Promise<void> {
  await tables(tx)
    .updateTable('reconciliation.difference')
    .set(changes)
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .execute()
}

/** A person has decided: what the case was about is explained. */
export async function explainByCase(
  tx: Tx,
  hospitalId: HospitalId,
  caseId: CaseId,
  now: Date,
): Promise<void> {
  await sql`update reconciliation.difference
    set status = 'explained', resolved_at = ${now}, next_try_at = null
    where hospital_id = ${hospitalId} and case_id = ${caseId}
      and status in ('found', 'repairing', 'in_case')`.execute(tx)
}

export type ListKey = { hospitalId: HospitalId; businessDate: BusinessDate; source: string }

export const toDifference = (row: DifferenceRow): Difference => ({
  id: row.id,
  businessDate: row.business_date,
  source: row.source,
  class: row.class,
  kind: row.kind,
  ourNo: row.our_no,
  providerNo: row.provider_no,
  oursFen: row.ours_fen,
  theirsFen: row.theirs_fen,
  oursLines: row.ours_lines,
  theirsLines: row.theirs_lines,
  otherDate: row.other_date,
  paymentId: row.payment_id,
  refundId: row.refund_id,
  present: row.present,
  status: row.status,
  repair: row.repair,
  repairOutcome: row.repair_outcome,
  repairDetail: row.repair_detail,
  tries: row.tries,
  nextTryAt: row.next_try_at,
  caseId: row.case_id,
  foundAt: row.found_at,
  resolvedAt: row.resolved_at,
})

const toRow = (hospitalId: HospitalId, difference: Difference): DifferenceRow => ({
  hospital_id: hospitalId,
  id: difference.id,
  business_date: difference.businessDate,
  source: difference.source,
  class: difference.class,
  kind: difference.kind,
  our_no: difference.ourNo,
  provider_no: difference.providerNo,
  ours_fen: difference.oursFen,
  theirs_fen: difference.theirsFen,
  ours_lines: difference.oursLines,
  theirs_lines: difference.theirsLines,
  other_date: difference.otherDate,
  payment_id: difference.paymentId,
  refund_id: difference.refundId,
  present: difference.present,
  status: difference.status,
  repair: difference.repair,
  repair_outcome: difference.repairOutcome,
  repair_detail: difference.repairDetail,
  tries: difference.tries,
  next_try_at: difference.nextTryAt,
  case_id: difference.caseId,
  found_at: difference.foundAt,
  resolved_at: difference.resolvedAt,
})
