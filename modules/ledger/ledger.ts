import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { type LedgerDependencies, postBatch } from './batch.ts'
import { closeDate, type ClosingResult, reopenDate } from './closing.ts'
import type { EndHoldResult, HoldId, HoldResult, NewEntry, NewHold, PostResult } from './entry.ts'
import { hold, postHold, voidHold } from './hold.ts'
import { declareLimits } from './limits.ts'
import { post } from './post.ts'
import type { BatchResult, LedgerRequest } from './request.ts'
import { findHold } from './store.ts'
import { expireHolds, foldTotals } from './upkeep.ts'

export type Ledger = ReturnType<typeof createLedger>

type DateChange = { businessDate: BusinessDate; actor: string }

/**
 * What takes a transaction joins the caller's: money is posted with the fact that moved it, or not at all. All of it is
 * a batch, of one where one thing is asked for.
 */
export const createLedger = (deps: LedgerDependencies) => ({
  post: (tx: Tx, entry: NewEntry): Promise<PostResult> => post(deps, tx, entry),
  postBatch: (
    on: Tx | Db,
    hospitalId: HospitalId,
    requests: readonly LedgerRequest[],
  ): Promise<BatchResult[]> => postBatch(deps, on, hospitalId, requests),
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
  declareLimits,
  closeDate: (tx: Tx, hospitalId: HospitalId, change: DateChange): Promise<ClosingResult> =>
    closeDate(tx, hospitalId, { ...change, at: deps.clock.now() }),
  reopenDate: (tx: Tx, hospitalId: HospitalId, change: DateChange): Promise<ClosingResult> =>
    reopenDate(tx, hospitalId, { ...change, at: deps.clock.now() }),
  /** For the worker, now and then: how many rows were folded, and how many holds were ended. */
  tidyUp: async (db: Db, hospitalId: HospitalId): Promise<{ folded: number; expired: number }> => ({
    expired: await expireHolds(deps, db, hospitalId),
    folded: await foldTotals(db, hospitalId),
  }),
})
