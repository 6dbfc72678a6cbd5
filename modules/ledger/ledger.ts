import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { EndHoldResult, HoldId, HoldResult, NewEntry, NewHold, PostResult } from './entry.ts'
import { hold, postHold, voidHold } from './hold.ts'
import { type LedgerDependencies, post } from './post.ts'
import { findHold } from './store.ts'

export type Ledger = ReturnType<typeof createLedger>

/** Everything here joins the caller's transaction: money is posted with the fact that moved it, or not at all. */
export const createLedger = (deps: LedgerDependencies) => ({
  post: (tx: Tx, entry: NewEntry): Promise<PostResult> => post(deps, tx, entry),
  hold: (tx: Tx, request: NewHold): Promise<HoldResult> => hold(deps, tx, request),
  postHold: (
    tx: Tx,
    hospitalId: HospitalId,
    holdId: HoldId,
    fact: { businessDate: BusinessDate; cause: string; memo: string },
  ): Promise<EndHoldResult> => postHold(deps, tx, hospitalId, holdId, fact),
  voidHold: (tx: Tx, hospitalId: HospitalId, holdId: HoldId): Promise<EndHoldResult> =>
    voidHold(deps, tx, hospitalId, holdId),
  findHold,
})
