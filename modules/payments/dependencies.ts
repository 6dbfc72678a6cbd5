import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Canaries } from '../../platform/canary.ts'
import type { Db } from '../../platform/db.ts'
import type { Publish } from '../../platform/events.ts'
import type { KeepNotice } from '../../platform/inbox.ts'
import type { Ledger } from '../ledger/index.ts'
import type { BillDesk } from './bill-desk.ts'
import type { ChooseChannel } from './channel-choice.ts'
import type { PersonId } from './payment.ts'
import type { Provider } from './provider.ts'

/** What payments stands on; each function here is handed it first and names the few it needs. */
export type PaymentsDependencies = MachineDependencies & {
  keepNotice: KeepNotice
  payerAccountOf: PayerAccountOf
  chooseChannel: ChooseChannel
  /** How long a plan waits for a source of money, in real time. */
  quoteDeadlineMs: number
  /** Hears of every payment and refund that could not be moved on; the sweep goes on with the others. */
  onError?: OnError
}

/** What the two machines stand on. */
export type MachineDependencies = {
  db: Db
  clock: Clock
  newId: NewId
  ledger: Ledger
  providersOf: ProvidersOf
  desk: BillDesk
  publish: Publish
  audit: Audit
  canaries: Canaries
}

/** The providers of one hospital, by name. */
export type ProvidersOf = (hospitalId: HospitalId) => Promise<ReadonlyMap<string, Provider>>

/** The payer's account at a provider (openid), or null for none. */
export type PayerAccountOf = (personId: PersonId, provider: string) => Promise<string | null>

/** `subject` is 'payment:<id>' or 'refund:<id>'. */
export type OnError = (
  error: unknown,
  about: { hospitalId: HospitalId | null; subject: string },
) => void
