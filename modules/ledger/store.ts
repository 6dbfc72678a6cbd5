import { type Selectable } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { LedgerTables } from './tables.ts'

export type HoldRow = Selectable<LedgerTables['ledger.hold']>

/** The hold with this cause, if there is one. */
export async function findHold(
  tx: Tx,
  hospitalId: HospitalId,
  cause: string,
): Promise<HoldRow | undefined> {
  return tx
    .withTables<LedgerTables>()
    .selectFrom('ledger.hold')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('cause', '=', cause)
    .executeTakeFirst()
}
