import { assert } from '../../kernel/assert.ts'
import type { NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Canaries } from '../../platform/canary.ts'
import type { Tx } from '../../platform/db.ts'
import { type EntryId, type NewEntry, type PostResult, sameTransfers } from './entry.ts'
import { findEntry, insertEntry, insertTransfers } from './store.ts'

export type LedgerDependencies = { clock: Clock; newId: NewId; canaries: Canaries }

const MAX_TRANSFERS = 100

/** Posts the transfers of one fact, once: its cause is unique in the hospital. */
export async function post(
  deps: LedgerDependencies,
  tx: Tx,
  entry: NewEntry,
  entryId: EntryId = deps.newId<'Entry'>(),
): Promise<PostResult> {
  const { hospitalId, cause, transfers } = entry
  assert(
    transfers.length > 0 && transfers.length <= MAX_TRANSFERS,
    `an entry has 1 to ${MAX_TRANSFERS} transfers`,
  )
  assert(
    transfers.every((t) => t.amountFen > 0),
    'a transfer moves more than nothing',
  )
  if (await insertEntry(tx, entryId, entry, deps.clock.now())) {
    await insertTransfers(tx, hospitalId, entryId, transfers)
    if (deps.canaries.has('double_posting') && !cause.endsWith(':again')) {
      await post(deps, tx, { ...entry, cause: `${cause}:again` })
    }
    return { outcome: 'posted', entryId }
  }
  const known = await findEntry(tx, hospitalId, cause)
  assert(known, `the entry that keeps "${cause}" from being posted is there`)
  const same = sameTransfers(transfers, known.transfers)
  return { outcome: same ? 'exists' : 'exists_with_different', entryId: known.id }
}
