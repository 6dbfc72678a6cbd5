import type { Tx } from '../../../platform/db.ts'
import type { CollectionRow, CreditTables, ReceivedRow } from '../tables.ts'
import type { CreditVisitId, LenderId, LoanId } from '../terms.ts'

// The one place that reads or writes collections, and what lenders say they have received.

const tables = (tx: Tx) => tx.withTables<CreditTables>()

/** False when the repayment has one already. */
export async function insertCollection(tx: Tx, row: CollectionRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tables(tx)
    .insertInto('credit.collection')
    .values(row)
    .onConflict((conflict) => conflict.columns(['hospital_id', 'repayment_no']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function findOfRepayment(
  tx: Tx,
  lenderId: LenderId,
  repaymentNo: string,
): Promise<CollectionRow | null> {
  const row = await collections(tx, lenderId)
    .where('repayment_no', '=', repaymentNo)
    .executeTakeFirst()
  return row ?? null
}

/** Locked until the transaction ends: what the lender says and what time takes back take turns here. */
export async function lockOfRepayment(
  tx: Tx,
  lenderId: LenderId,
  repaymentNo: string,
): Promise<CollectionRow | null> {
  const row = await collections(tx, lenderId)
    .where('repayment_no', '=', repaymentNo)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** By our number for it at the lender. Locked, as above. */
export async function lockCollection(
  tx: Tx,
  lenderId: LenderId,
  number: string,
): Promise<CollectionRow | null> {
  const row = await collections(tx, lenderId)
    .where('number', '=', number)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function endCollection(
  tx: Tx,
  { hospital_id, number }: CollectionRow,
  end: Pick<CollectionRow, 'status' | 'refusal' | 'lender_no' | 'ended_at'>,
): Promise<void> {
  await tables(tx)
    .updateTable('credit.collection')
    .set(end)
    .where('hospital_id', '=', hospital_id)
    .where('number', '=', number)
    .executeTakeFirstOrThrow()
}

/** What waits for the lender's word, in order of their numbers, after one of them. */
export async function askingCollections(
  tx: Tx,
  lenderId: LenderId,
  after: string,
  most: number,
): Promise<CollectionRow[]> {
  return collections(tx, lenderId)
    .where('status', '=', 'asking')
    .where('number', '>', after)
    .orderBy('number')
    .limit(most)
    .execute()
}

const collections = (tx: Tx, lenderId: LenderId) =>
  tables(tx).selectFrom('credit.collection').selectAll().where('hospital_id', '=', lenderId)

/** False when the lender has told of this reference before. */
export async function insertReceived(tx: Tx, row: ReceivedRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tables(tx)
    .insertInto('credit.received')
    .values(row)
    .onConflict((conflict) => conflict.columns(['hospital_id', 'reference']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function findReceived(
  tx: Tx,
  lenderId: LenderId,
  reference: string,
): Promise<ReceivedRow | null> {
  const row = await tables(tx)
    .selectFrom('credit.received')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('reference', '=', reference)
    .executeTakeFirst()
  return row ?? null
}

/** What a loan came of: its visit, or the one draw that is no visit's. */
export async function originOfLoan(
  tx: Tx,
  lenderId: LenderId,
  loanId: LoanId,
): Promise<{ visitId: CreditVisitId } | { drawNo: string } | null> {
  const visit = await tables(tx)
    .selectFrom('credit.visit')
    .select('id')
    .where('hospital_id', '=', lenderId)
    .where('loan_id', '=', loanId)
    .executeTakeFirst()
  if (visit) return { visitId: visit.id }
  const draw = await tables(tx)
    .selectFrom('credit.draw')
    .select('draw_no')
    .where('hospital_id', '=', lenderId)
    .where('loan_id', '=', loanId)
    .executeTakeFirst()
  return draw ? { drawNo: draw.draw_no } : null
}
