import type { Tx } from '../../platform/db.ts'
import type { CreditTables } from './tables.ts'
import type { LenderId, PersonId } from './terms.ts'

/** The account number of each person with the lender, by which its staff know them; no entry for whoever has none. */
export async function accountsOf(
  tx: Tx,
  lenderId: LenderId,
  personIds: readonly PersonId[],
): Promise<Map<PersonId, string>> {
  if (personIds.length === 0) return new Map()
  const rows = await tx
    .withTables<CreditTables>()
    .selectFrom('credit.line')
    .select(['person_id', 'account_no'])
    .where('hospital_id', '=', lenderId)
    .where('person_id', 'in', personIds)
    .execute()
  return new Map(rows.map((row) => [row.person_id, row.account_no]))
}
