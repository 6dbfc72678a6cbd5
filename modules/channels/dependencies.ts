import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate, Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Db } from '../../platform/db.ts'
import type { PersonId, ProvidersOf } from '../payments/index.ts'
import type { PayerFacts } from './choose.ts'
import type { ListFacts } from './lists.ts'

/** What channels stands on; each function here is handed it first and names the few it needs. */
export type ChannelsDependencies = {
  db: Db
  clock: Clock
  newId: NewId
  audit: Audit
  /** By what the hospital is connected, guarded or not: what is not there is not offered. */
  providersOf: ProvidersOf
  /** What the channels took, by day; both days with them. */
  volumesOf: VolumesOf
  /** What is known of a payer, for a choice that suits them; nothing without it. */
  payerFactsOf?: PayerFactsOf
  /** What the reconciliation knows of a channel's lists; without it reports say "not measured", and nothing alarms of differences. */
  listsOf?: ListsOf
  /** Hears when figures could not be written or read; payments go on. */
  onError?: (error: unknown) => void
}

/** Charges of one channel on one business date: how many, and their sum. */
export type Volume = {
  channel: string
  businessDate: BusinessDate
  count: number
  amountFen: Fen
}

export type VolumesOf = (
  hospitalId: HospitalId,
  from: BusinessDate,
  to: BusinessDate,
) => Promise<readonly Volume[]>

/** Devices are the payer's to say, with the request. */
export type PayerFactsOf = (
  hospitalId: HospitalId,
  personId: PersonId,
) => Promise<Omit<PayerFacts, 'devices'>>

export type ListsOf = (
  hospitalId: HospitalId,
  channel: string,
  from: BusinessDate,
  to: BusinessDate,
) => Promise<ListFacts | null>
