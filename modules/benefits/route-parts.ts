import type { NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Benefits } from './benefits.ts'

/** What the routes of benefits share. */
export type BenefitRouteContext = {
  benefits: Benefits
  platform: { db: Db; clock: Clock; newId: NewId }
}
