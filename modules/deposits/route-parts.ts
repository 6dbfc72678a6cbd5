import type { NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Deposits } from './deposits.ts'

/** What the routes of deposits share. */
export type DepositRouteContext = {
  deposits: Deposits
  platform: { db: Db; clock: Clock; newId: NewId }
}
