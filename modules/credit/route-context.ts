import type { NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Credit } from './credit.ts'

/** What the routes of credit share. */
export type CreditRouteContext = {
  credit: Credit
  platform: { db: Db; clock: Clock; newId: NewId }
}
