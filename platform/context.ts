import type { NewId } from '../kernel/id.ts'
import type { Random } from '../kernel/random.ts'
import type { Clock } from '../kernel/time.ts'
import type { Db } from './db.ts'

/** What nearly every use case stands on; each function names the few of them it needs. */
export type Platform = { db: Db; clock: Clock; random: Random; newId: NewId }
