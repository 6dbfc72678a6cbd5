import { type Selectable } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { SettlementTables } from './tables.ts'

export type CustodyRow = Selectable<SettlementTables['settlement.custody_balance']>

const MOST_ROWS = 1_000

/** The newest version of each account and day. */
export const custodyBetween = (
  tx: Tx,
  hospitalId: HospitalId,
  { from, to }: { from: BusinessDate; to: BusinessDate },
): Promise<CustodyRow[]> =>
  tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.custody_balance')
    .distinctOn(['business_date', 'account'])
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '>=', from)
    .where('business_date', '<=', to)
    .orderBy('business_date')
    .orderBy('account')
    .orderBy('version', 'desc')
    .limit(MOST_ROWS)
    .execute()

/** False when somebody told this version a moment ago. */
export async function insertCustody(tx: Tx, row: CustodyRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<SettlementTables>()
    .insertInto('settlement.custody_balance')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['hospital_id', 'account', 'business_date', 'version']).doNothing(),
    )
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}
