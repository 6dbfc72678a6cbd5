import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import { type LedgerDependencies, postBatch } from './batch.ts'
import type { EndHoldResult, HoldId, HoldResult, NewHold } from './entry.ts'
import type { BatchResult, LedgerRequest } from './request.ts'

/** Promises an amount out of an asset, once for its cause, and only if the account has it free. */
export async function hold(
  deps: LedgerDependencies,
  tx: Tx,
  { hospitalId, ...request }: NewHold,
): Promise<HoldResult> {
  const result = await askOne(deps, tx, hospitalId, { kind: 'hold', ...request })
  switch (result.outcome) {
    case 'held':
    case 'insufficient':
      return result
    case 'exists':
    case 'exists_with_different':
      return { outcome: result.outcome, holdId: result.id as HoldId }
    case 'malformed':
      return assert(false, result.problem) as never
    default:
      return assert(false, `"${request.cause}" is not held: ${result.outcome}`) as never
  }
}

/** The promised amount has gone: posts it, once. A hold that has ended before posts nothing. */
export async function postHold(
  deps: LedgerDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  holdId: HoldId,
  fact: { businessDate: BusinessDate; cause: string; memo: string },
): Promise<EndHoldResult> {
  const request = { kind: 'post_hold', holdId, ...fact, onClosedDate: 'next_open' } as const
  const result = await askOne(deps, tx, hospitalId, request)
  if (result.outcome !== 'posted') return endedBefore(result, fact.cause)
  const { entryId, movedTo } = result
  return { outcome: 'ended', entryId, ...(movedTo ? { movedTo } : {}) }
}

/** The promised amount will not go: it is free again. */
export async function voidHold(
  deps: LedgerDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  holdId: HoldId,
): Promise<EndHoldResult> {
  const result = await askOne(deps, tx, hospitalId, { kind: 'void_hold', holdId })
  return result.outcome === 'voided'
    ? { outcome: 'ended', entryId: null }
    : endedBefore(result, holdId)
}

async function askOne(
  deps: LedgerDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  request: LedgerRequest,
): Promise<BatchResult> {
  const [result] = await postBatch(deps, tx, hospitalId, [request])
  assert(result, 'a request has a result')
  return result
}

function endedBefore(result: BatchResult, cause: string): EndHoldResult {
  switch (result.outcome) {
    case 'hold_not_found':
      return { outcome: 'hold_not_found' }
    case 'exists': // the very entry that ended it
    case 'already_posted':
      return { outcome: 'already', end: 'posted' }
    case 'already_voided':
      return { outcome: 'already', end: 'voided' }
    case 'expired':
      return { outcome: 'already', end: 'expired' }
    default:
      return assert(
        false,
        `"${cause}" posts what was held and nothing else: ${result.outcome}`,
      ) as never
  }
}
