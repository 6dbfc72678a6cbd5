import type { HospitalId } from '../../../kernel/id.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { Actor } from '../../../platform/principal.ts'
import type { FileWay, StatementFile } from '../statement-file.ts'

export type TakeRequest = {
  hospitalId: HospitalId
  source: string
  /** As the sender calls it. */
  name: string
  way: FileWay
  actor: Actor
  /** Which day's list it must be; without it, the file or its name must say. */
  businessDate?: BusinessDate
  /** In place of the schedule's. */
  layout?: string
}

/** known: the same again, and nothing new. */
export type Taking = { outcome: 'taken' | 'known' | 'refused'; file: StatementFile }
