import { sql } from 'kysely'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { Tx } from '../../platform/db.ts'
import type { Account } from './entry.ts'

/** Of the balance on the account's own side: debit less credit of an asset, credit less debit of a liability. */
export type Limits = {
  /** The balance, less what is promised of it, does not go below this; 0 is "never below zero". */
  floorFen: Fen | null
  /** The balance does not go above this. */
  ceilingFen: Fen | null
}

/**
 * Says how far an account may go, and opens it where it is not there. What goes past a limit is refused from the next
 * request on; what is past it already may come nearer. Two nulls take the limits away.
 *
 * An entry that another transaction has begun and not committed meanwhile was judged without them: to be sure, declare
 * them before the account is used. Errors: asserts that the floor is not above the ceiling.
 */
export async function declareLimits(
  tx: Tx,
  hospitalId: HospitalId,
  { code, kind }: Account,
  { floorFen, ceilingFen }: Limits,
): Promise<void> {
  assert(
    floorFen === null || ceilingFen === null || floorFen <= ceilingFen,
    'the floor is not above the ceiling',
  )
  await sql`
    insert into ledger.account as a
      (hospital_id, code, kind, debit_fen, credit_fen, held_fen, floor_fen, ceiling_fen)
    values (${hospitalId}, ${code}, ${kind}, 0, 0, 0, ${floorFen}, ${ceilingFen})
    on conflict (hospital_id, code) do update
    set floor_fen = excluded.floor_fen, ceiling_fen = excluded.ceiling_fen, version = a.version + 1`.execute(
    tx,
  )
}
