import type { Tx } from '../../platform/db.ts'
import { freeOf } from './account.ts'
import type { AccountKey } from './book.ts'
import type { DepositsDependencies } from './dependencies.ts'
import { findAccount, noteLow } from './store.ts'

/** Tells that an account came below its mark: once, until it was above it again. */
export async function tellIfLow(
  deps: DepositsDependencies,
  tx: Tx,
  key: AccountKey,
): Promise<void> {
  if (!(await noteLow(tx, key))) return
  const account = await findAccount(tx, key)
  if (!account) return
  const { hospitalId, id: accountId, personId, stayNo, lowFen } = account
  await deps.onLow(tx, {
    hospitalId,
    accountId,
    personId,
    stayNo,
    lowFen,
    freeFen: freeOf(account),
  })
}
