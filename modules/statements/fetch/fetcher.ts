import type { HospitalId } from '../../../kernel/id.ts'
import type { BusinessDate } from '../../../kernel/time.ts'

/** Whoever brings lists from where they are: an adapter, by its name. */
export type StatementFetcher = {
  /** Why it cannot work by this plan with secrets of these names; null when it can. */
  problemOf(plan: unknown, secretNames: readonly string[]): string | null
  /** Errors: may throw, and then nothing is known. No message names a secret. */
  fetch(plan: unknown, secrets: Secrets, wanted: WantedList): Promise<FetchedList>
}

export type Secrets = Readonly<Record<string, string>>

export type WantedList = {
  hospitalId: HospitalId
  source: string
  businessDate: BusinessDate
  /** Whose list it must be, where the schedule says so. */
  account: string | null
}

/** not_yet: it is asked for again. */
export type FetchedList =
  | { outcome: 'file'; name: string; bytes: AsyncIterable<Uint8Array> }
  | { outcome: 'not_yet'; reason: string }

/** How the lists of a source are fetched, as people see it: secrets by their names alone. */
export type Fetching = {
  readonly source: string
  readonly adapter: string
  readonly plan: unknown
  readonly secretNames: readonly string[]
  readonly isActive: boolean
}
