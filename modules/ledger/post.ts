import { assert } from '../../kernel/assert.ts'
import type { Tx } from '../../platform/db.ts'
import { type LedgerDependencies, postBatch } from './batch.ts'
import type { EntryId, NewEntry, PostResult } from './entry.ts'

/**
 * Posts the transfers of one fact, once: its cause is unique in the hospital. Money that has moved is never refused
 * for its day: where that is closed, the entry stands on the next open one. Errors: asserts on what no fact can be, and
 * where an account with a limit has too little or too much, as callers who post to one ask by postBatch.
 */
export async function post(deps: LedgerDependencies, tx: Tx, entry: NewEntry): Promise<PostResult> {
  const { hospitalId, ...fact } = entry
  const request = { kind: 'post', ...fact, onClosedDate: 'next_open' } as const
  const [result] = await postBatch(deps, tx, hospitalId, [request])
  assert(result, 'a request has a result')
  switch (result.outcome) {
    case 'posted':
      if (deps.canaries.has('double_posting') && !entry.cause.endsWith(':again')) {
        await post(deps, tx, { ...entry, cause: `${entry.cause}:again` })
      }
      return result
    case 'exists':
    case 'exists_with_different':
      return { outcome: result.outcome, entryId: result.id as EntryId }
    case 'malformed':
      return assert(false, result.problem) as never
    default:
      return assert(false, `"${entry.cause}" is not posted: ${result.outcome}`) as never
  }
}
