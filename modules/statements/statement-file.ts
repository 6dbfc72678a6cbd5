import type { HospitalId, Id } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { NormalTotals } from './normal/writer.ts'
import type { RefusalCode } from './refusal.ts'

export type StatementFileId = Id<'StatementFile'>

/**
 * One file that came. Its bytes stay as they came, whatever became of it.
 *
 *   taken ──another version is taken──▶ superseded        refused: why is said, and no row of it counts
 */
export type StatementFile = {
  readonly id: StatementFileId
  readonly hospitalId: HospitalId
  readonly source: string
  readonly businessDate: BusinessDate | null
  readonly name: string
  readonly way: FileWay
  readonly sha256: string
  readonly bytes: number
  readonly layout: string
  readonly layoutVersion: number
  readonly takenBy: string
  readonly takenAt: Date
  readonly result: FileResult
}

export type FileWay = 'upload' | 'folder' | 'fetched'

export type FileResult =
  | {
      status: 'taken' | 'superseded'
      version: number
      normalSha256: string
      encoding: string
      totals: NormalTotals
      otherColumns: readonly string[]
      /** Against the version before; null for the first. */
      changes: Changes | null
    }
  | { status: 'refused'; code: RefusalCode; reason: string; lineNo: number | null }

/** How many rows, and the file that lists them. */
export type Changes = { added: number; removed: number; changed: number; sha256: string }

/** What is expected of one source for one business date, and how far that is. */
export type Arrival = {
  readonly source: string
  readonly businessDate: BusinessDate
  readonly state: ArrivalState
  readonly alarm: 'none' | 'late' | 'missing'
  readonly expectedAt: Date
  readonly lateAt: Date
  readonly missingAt: Date
  readonly tries: number
  readonly lastError: string | null
  readonly fileId: StatementFileId | null
}

/**
 *   waiting ──▶ late ──▶ missing      as time goes by
 *   each of these ──a good file──▶ arrived ──another one──▶ reissued
 *   each of these ──a bad file──▶ refused ──a good file──▶ arrived
 *
 * Only arrived and reissued are there: with anything else the day says 未到账单, never 平.
 */
export type ArrivalState = 'waiting' | 'late' | 'missing' | 'refused' | 'arrived' | 'reissued'

export const isThere = (state: ArrivalState): boolean => state === 'arrived' || state === 'reissued'

/** When a source's lists are expected. Times of day are Shanghai's, 'HH:MM'. */
export type Schedule = {
  readonly source: string
  readonly layout: string
  readonly account: string | null
  readonly namePattern: string | null
  readonly firstDate: BusinessDate
  readonly dayOffset: number
  readonly expectedAt: string
  readonly lateAt: string
  readonly missingAt: string
  readonly calendar: 'every_day' | 'weekdays'
  readonly daysOff: readonly BusinessDate[]
  readonly daysOn: readonly BusinessDate[]
  readonly isActive: boolean
}
