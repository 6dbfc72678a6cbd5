import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { BusinessDate, Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { Seal } from '../../platform/seal.ts'
import type { UnpackLimits } from './containers/unpack.ts'
import type { StatementFetcher } from './fetch/fetcher.ts'
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
  /** Adapters that bring lists from where they are, by name. */
  fetchers?: ReadonlyMap<string, StatementFetcher>
  /** Keeps what they prove themselves with. Without it, nothing is fetched. */
  seal?: Seal
  /** Hears of a source that could not be asked; without it a sweep throws the first of them at its end. */
  onError?: (error: unknown, about: { hospitalId: HospitalId; subject: string }) => void
  limits?: Partial<IntakeLimits>
}

export type IntakeLimits = { fileBytes: number; scan: ScanLimits; unpack: UnpackLimits }

declare module '../../platform/events.ts' {
  interface Events {
    /** A list that is expected is not there by the time at which it is late: told once. */
    'statements.late': ListAwaited
    /** It is not there by the time at which it is missing either: told once, and a person's. */
    'statements.missing': ListAwaited
  }
}

/** `refused`: one came that could not be taken. `reason`: what came of the last try; null where nothing came and nobody was asked. */
export type ListAwaited = {
  hospitalId: HospitalId
  source: string
  date: BusinessDate
  state: Arrival['state']
  reason: string | null
}
