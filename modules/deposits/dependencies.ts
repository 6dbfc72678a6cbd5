import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { Ledger } from '../ledger/index.ts'
import type { DepositAccountId, DepositRules, PersonId } from './account.ts'

export type DepositsDependencies = {
  db: Db
  clock: Clock
  newId: NewId
  audit: Audit
  ledger: Ledger
  rules: DepositRules
  /** An account came below its mark, in the transaction in which it did; once, until it is topped up above it. */
  onLow: (tx: Tx, low: DepositLow) => Promise<void>
}

export type DepositLow = {
  hospitalId: HospitalId
  accountId: DepositAccountId
  personId: PersonId
  stayNo: string
  freeFen: Fen
  lowFen: Fen
}
