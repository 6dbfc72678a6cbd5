import type { NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Settlement } from './settlement.ts'

export type SettlementRouteContext = {
  settlement: Settlement
  platform: { db: Db; clock: Clock; newId: NewId }
}
