import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { BusinessDate, Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { UnpackLimits } from './containers/unpack.ts'
import type { FileStore } from './files/folder.ts'
import type { ScanLimits } from './scan/cutter.ts'
import type { Arrival, StatementFile } from './statement-file.ts'

/** What the module stands on. */
export type StatementFilesDependencies = {
  db: Db
  clock: Clock
  newId: NewId
  audit: Audit
  /** Where bytes are kept. */
  store: FileStore
  /** Hears of every list that is taken, in the transaction that takes it. */
  onTaken?: (tx: Tx, file: StatementFile) => Promise<void>
  /** Hears once that a list is late, and once that it is missing, in the transaction that finds it. */
  onLate?: (tx: Tx, hospitalId: HospitalId, arrival: Arrival) => Promise<void>
  /** Sources that are asked for their list, by name. */
  fetchers?: ReadonlyMap<string, FetchList>
  /** Hears of a source that could not be asked; without it a sweep throws the first of them at its end. */
  onError?: (error: unknown, about: { hospitalId: HospitalId; subject: string }) => void
  limits?: Partial<IntakeLimits>
}

export type IntakeLimits = { fileBytes: number; scan: ScanLimits; unpack: UnpackLimits }

/** Asks a source for a list. 'not_yet' and errors alike are asked again: silence says nothing. */
export type FetchList = (
  hospitalId: HospitalId,
  businessDate: BusinessDate,
) => Promise<
  { outcome: 'file'; name: string; bytes: AsyncIterable<Uint8Array> } | { outcome: 'not_yet' }
>
