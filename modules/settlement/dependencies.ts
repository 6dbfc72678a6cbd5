import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate, Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { Publish } from '../../platform/events.ts'
import type { Ledger } from '../ledger/index.ts'
import type { FeeLine } from './fee.ts'
import type { ReceiptKey } from './receipt-store.ts'
import type { BatchStatus } from './tables.ts'

export type SettlementDependencies = {
  db: Db
  clock: Clock
  newId: NewId
  audit: Audit
  publish: Publish
  ledger: Ledger
  /** The newest reconciled list of each provider for a date; reconciliation has them. */
  listsOf: (tx: Tx, hospitalId: HospitalId, date: BusinessDate) => Promise<ProviderList[]>
}

/** What a provider says it did on a date, by who paid. */
export type ProviderList = {
  provider: string
  /** By the receivable accounts of payments: what was charged and given back for each kind of part. */
  parts: { part: string; chargeFen: Fen; returnFen: Fen }[]
  /** As on the bill; null where the bill names no fee, and none is booked. */
  feeFen: Fen | null
  lines: FeeLine[]
  /** Of what the provider gave: the same list again is nothing new. */
  digest: string
}

declare module '../../platform/events.ts' {
  interface Events {
    /** What a provider was to pay for a date is in another state than before. */
    'settlement.batch_changed': {
      hospitalId: HospitalId
      provider: string
      date: BusinessDate
      status: BatchStatus
      payoutFen: Fen
      receivedFen: Fen
    }
    /** Money came that nothing explains, and somebody must find out whose it is. */
    'settlement.receipt_unexplained': {
      hospitalId: HospitalId
      account: string
      bankRef: string
      variant: number
      amountFen: Fen
      bookedOn: BusinessDate
      dueAt: string
    }
    /** Nothing explains it in the time it has: told once. */
    'settlement.receipt_overdue': ReceiptKey
    /** All of it is explained, by a match or by a person. */
    'settlement.receipt_explained': ReceiptKey
    /** A provider billed other fees than the contract has. */
    'settlement.fee_differs': {
      hospitalId: HospitalId
      provider: string
      date: BusinessDate
      billedFen: Fen
      contractFen: Fen
    }
  }
}
